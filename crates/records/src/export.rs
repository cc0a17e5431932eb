//! A whole record as one file: a FHIR Bundle of type `collection`, the Patient first, then the oldest entry.

use crate::error::Error;
use crate::index::WHOLE_RECORD;
use crate::view::{Look, found, look};
use consent::Access;
use db::Tx;
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
