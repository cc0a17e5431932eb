//! Where a case leads a practitioner: into the record while they can open it, and to the entry that is said to be wrong while a
//! grant covers it, since nobody corrects what they may not see.

use super::store::{self, Row};
use crate::access::Access;
use crate::error::ConsentError;
use db::Tx;
use kernel::{Ctx, Purpose};
use std::collections::BTreeSet;

/// Those of these cases that lead somewhere, by their numbers.
pub(super) fn opened(ctx: &Ctx, tx: &mut Tx<'_>, rows: &[Row]) -> Result<BTreeSet<i64>, ConsentError> {
    let Ok(access) = Access::open(ctx) else { return Ok(BTreeSet::new()) };
    let reach = access.reachable(tx)?;
    let disputed: Vec<i64> = rows.iter().filter_map(|row| row.rid).collect();
    let disputed = store::marked(tx, &disputed)?;
    let leads = |row: &&Row| {
        let mut here = reach.iter().filter(|reach| reach.patient == row.patient);
        match row.rid {
            None => here.next().is_some(),
            Some(rid) => disputed.get(&rid).is_some_and(|entry| {
                here.any(|reach| reach.purpose != Purpose::Emergency && reach.terms.cover(*entry))
            }),
        }
    };
    Ok(rows.iter().filter(leads).map(|row| row.id).collect())
}
