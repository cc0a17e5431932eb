//! A whole record as one file: a FHIR Bundle of type `collection`, the Patient first, then the oldest entry.
//!
//! Always holds: a patient's own file leaves piece by piece, and each piece is read anew, under an access that was opened
//! anew: what ends in between ends the file. What was changed or deleted in between is what it is then, or is missing.

use crate::error::Error;
use crate::index::WHOLE_RECORD;
use crate::resolve;
use crate::view::summary::{Gathered, all_of};
use crate::view::{Entry, Look, describe, found, look};
use consent::{Access, Category};
use db::Tx;
use fhir::Kind;
use kernel::{Ctx, Id, Problem};
use ledger::{Action, Disclosure, House};
use vault::VaultError;

/// Everything of one patient that the caller can see, with the trace that it was taken out.
pub async fn patient(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Vec<u8>>, Problem> {
    look(house, ctx, id, |tx, look| {
        let mut out = head(look.ctx);
        let mut entries = 0;
        for stretch in rids(tx, look)?.chunks(STRETCH) {
            entries += stretch_of(tx, look, stretch, entries, &mut out)?;
        }
        out.extend_from_slice(TAIL);
        look.disclose(tx, Action::Export, "Bundle", entries, out)
    })
    .await
}

/// A record on its way out, to whoever it belongs to or a child's guardian, and to nobody else: consent to read is no consent to take away.
pub struct Going {
    house: House,
    ctx: Ctx,
    id: String,
    /// What is still to come.
    rids: std::vec::IntoIter<i64>,
    begun: bool,
    entries: usize,
    over: bool,
}

/// The file as it will go out. The entry of the ledger counts all that there is now.
pub async fn own(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Going>, Problem> {
    let named = id.to_owned();
    look(house, ctx, id, move |tx, look| {
        Access::open(look.ctx)?.may_take(Id::new(look.patient))?;
        let going = going(tx, look, named)?;
        let count = going.rids.len();
        look.disclose(tx, Action::Export, "Bundle", count, going)
    })
    .await
}

fn going(tx: &mut Tx<'_>, look: &Look<'_>, id: String) -> Result<Going, Error> {
    let rids = rids(tx, look)?.into_iter();
    Ok(Going { house: look.house.clone(), ctx: look.ctx.clone(), id, rids, begun: false, entries: 0, over: false })
}

impl Going {
    /// The next piece, `None` after the last; an error when the record is the caller's no longer.
    pub async fn next(mut self) -> Result<Option<(Vec<u8>, Self)>, Problem> {
        if self.over {
            return Ok(None);
        }
        let mut out = if self.begun { Vec::new() } else { head(&self.ctx) };
        self.begun = true;
        let stretch: Vec<i64> = self.rids.by_ref().take(PIECE).collect();
        self.over = stretch.len() < PIECE;
        let (h, c, id, written) = (self.house.clone(), self.ctx.clone(), self.id.clone(), self.entries);
        let read = self.house.db.scan(move |tx| {
            let access = Access::open(&c)?;
            let patient = resolve::patient(tx, &h, &access, &id)?;
            access.may_take(patient)?;
            let look = Look::new(&h, &c, &access, patient.get());
            let count = stretch_of(tx, &look, &stretch, written, &mut out)?;
            Ok::<_, Error>((out, count))
        });
        let (mut out, count) = read.await.map_err(|error| match error {
            Error::Vault(VaultError::NoKey) => Problem::not_found(),
            other => other.into(),
        })?;
        self.entries += count;
        if self.over {
            out.extend_from_slice(TAIL);
        }
        Ok(Some((out, self)))
    }
}

/// What people read of a record, with the file for programs on its way.
pub struct Whole {
    pub going: Going,
    pub entries: usize,
    /// What a summary chooses of it: the newest of each kind.
    pub gathered: Gathered,
    /// Newest first.
    pub visits: Vec<Entry>,
}

/// Both in one reading, which is one entry of the ledger.
pub async fn whole(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Whole>, Problem> {
    let named = id.to_owned();
    look(house, ctx, id, move |tx, look| {
        Access::open(look.ctx)?.may_take(Id::new(look.patient))?;
        let going = going(tx, look, named)?;
        let entries = going.rids.len();
        let gathered = all_of(tx, look, &[])?;
        let visits = visits(tx, look)?;
        look.disclose(tx, Action::Export, "Bundle", entries, Whole { going, entries, gathered, visits })
    })
    .await
}

/// Only the visits are opened, by the index of their type.
fn visits(tx: &mut Tx<'_>, look: &mut Look<'_>) -> Result<Vec<Entry>, Error> {
    let rids: Vec<i64> = found::of_kind(tx, look, Kind::Encounter)?.into_iter().map(|found| found.rid).collect();
    let mut visits = Vec::new();
    for stretch in rids.chunks(STRETCH) {
        let mut open = found::open(tx, look, stretch)?;
        for stored in stretch.iter().filter_map(|rid| open.remove(rid)).collect::<Vec<_>>() {
            let node = found::parse(&stored)?;
            if !describe::withdrawn(&node) {
                visits.push(describe::entry(tx, look, &stored, &node, Category::Visit)?);
            }
        }
    }
    Ok(visits)
}

/// Bodies that are open at once.
const STRETCH: usize = 1024;

/// Entries of one piece of a file on its way: about a hundred kilobytes, a few milliseconds of reading.
const PIECE: usize = 64;

const TAIL: &[u8] = b"]}";

fn head(ctx: &Ctx) -> Vec<u8> {
    let mut out = br#"{"resourceType":"Bundle","type":"collection","timestamp":""#.to_vec();
    out.extend_from_slice(ctx.now().to_rfc3339().as_bytes());
    out.extend_from_slice(br#"","entry":["#);
    out
}

/// Appends some entries after the `before` that stand there; how many.
fn stretch_of(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    rids: &[i64],
    before: usize,
    out: &mut Vec<u8>,
) -> Result<usize, Error> {
    let open = found::open(tx, look, rids)?;
    let mut entries = 0;
    for stored in rids.iter().filter_map(|rid| open.get(rid)) {
        out.extend_from_slice(if before + entries > 0 { br#",{"resource":"# } else { br#"{"resource":"# });
        out.extend_from_slice(&stored.json);
        out.push(b'}');
        entries += 1;
    }
    Ok(entries)
}

/// All entries, and what stands beside them: who wrote what goes along.
fn rids(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Vec<i64>, Error> {
    let mut sql = found::range(look, "pt.rid", WHOLE_RECORD, None);
    sql.push(" ORDER BY pt.lo, pt.rid");
    let mut rids = tx.rows(&sql, |row| row.int(0).map_err(Error::from))?;
    // A birth date is not when everything began: conditions of the unborn and undated entries come before it.
    rids.sort_by_key(|rid| *rid != look.patient);
    Ok(rids)
}
