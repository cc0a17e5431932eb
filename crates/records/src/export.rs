//! A whole record as one file: a FHIR Bundle of type `collection`, the Patient first, then the oldest entry.

use crate::error::Error;
use crate::index::WHOLE_RECORD;
use crate::view::summary::{Gathered, all_of};
use crate::view::{Entry, Look, describe, found, look};
use consent::{Access, Category};
use db::Tx;
use fhir::Kind;
use kernel::{Ctx, Id, Problem};
use ledger::{Action, Disclosure, House};

/// Everything of one patient that the caller can see, with the trace that it was taken out.
pub async fn patient(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Vec<u8>>, Problem> {
    look(house, ctx, id, |tx, look| {
        let (bundle, entries) = bundle(tx, look)?;
        look.disclose(tx, Action::Export, "Bundle", entries, bundle)
    })
    .await
}

/// The same for whoever the record belongs to, and for nobody else: consent to read is no consent to take away.
pub async fn own(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Vec<u8>>, Problem> {
    look(house, ctx, id, |tx, look| {
        Access::open(look.ctx)?.is_own(Id::new(look.patient))?;
        let (bundle, entries) = bundle(tx, look)?;
        look.disclose(tx, Action::Export, "Bundle", entries, bundle)
    })
    .await
}

/// A record in the forms that its parts are made of.
pub struct Whole {
    /// The Bundle.
    pub bundle: Vec<u8>,
    pub entries: usize,
    /// What a summary chooses of it: the newest of each kind.
    pub gathered: Gathered,
    /// Newest first.
    pub visits: Vec<Entry>,
}

/// The same with what a person reads of it: one reading, and one entry of the ledger.
pub async fn whole(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Whole>, Problem> {
    look(house, ctx, id, |tx, look| {
        Access::open(look.ctx)?.is_own(Id::new(look.patient))?;
        let (bundle, entries) = bundle(tx, look)?;
        let gathered = all_of(tx, look, &[])?;
        let visits = visits(tx, look)?;
        look.disclose(tx, Action::Export, "Bundle", entries, Whole { bundle, entries, gathered, visits })
    })
    .await
}

fn visits(tx: &mut Tx<'_>, look: &mut Look<'_>) -> Result<Vec<Entry>, Error> {
    let mut visits = Vec::new();
    for stretch in rids(tx, look)?.chunks(STRETCH) {
        let mut open = found::open(tx, look, stretch)?;
        let kept = stretch.iter().filter_map(|rid| open.remove(rid)).filter(|stored| stored.kind == Kind::Encounter);
        for stored in kept.collect::<Vec<_>>() {
            let node = fhir::json::parse(&stored.json).map_err(|_| Problem::internal())?;
            if !describe::withdrawn(&node) {
                visits.push(describe::entry(tx, look, &stored, &node, Category::Visit)?);
            }
        }
    }
    visits.reverse();
    Ok(visits)
}

/// Bodies that are open at once.
const STRETCH: usize = 1024;

fn bundle(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<(Vec<u8>, usize), Error> {
    let mut out = br#"{"resourceType":"Bundle","type":"collection","timestamp":""#.to_vec();
    out.extend_from_slice(look.ctx.now().to_rfc3339().as_bytes());
    out.extend_from_slice(br#"","entry":["#);
    let mut entries = 0;
    for stretch in rids(tx, look)?.chunks(STRETCH) {
        let open = found::open(tx, look, stretch)?;
        for stored in stretch.iter().filter_map(|rid| open.get(rid)) {
            out.extend_from_slice(if entries > 0 { br#",{"resource":"# } else { br#"{"resource":"# });
            out.extend_from_slice(&stored.json);
            out.push(b'}');
            entries += 1;
        }
    }
    out.extend_from_slice(b"]}");
    Ok((out, entries))
}

fn rids(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Vec<i64>, Error> {
    let mut sql = found::range(look, "pt.rid", WHOLE_RECORD, Some(0));
    sql.push(" ORDER BY pt.lo, pt.rid");
    let mut rids = tx.rows(&sql, |row| row.int(0).map_err(Error::from))?;
    // A birth date is not when everything began: conditions of the unborn and undated entries come before it.
    rids.sort_by_key(|rid| *rid != look.patient);
    Ok(rids)
}
