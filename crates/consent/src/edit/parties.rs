//! Who takes part in a draft or a visit, as they are named on that day.

use super::store::Workplace;
use crate::Access;
use crate::error::ConsentError;
use crate::model::Party;
use db::Tx;
use kernel::{Id, id};
use ledger::House;
use vault::DIRECTORY;

/// Whose record it is, who writes, and for which of their workplaces, in the words of this day.
pub(super) fn parties(
    access: &Access,
    house: &House,
    tx: &mut Tx<'_>,
    practitioner: i64,
    patient: Id<id::Patient>,
) -> Result<(Party, Party, Option<Workplace>), ConsentError> {
    let whose = crate::store::person(tx, house, patient.get(), patient.get())?.ok_or(ConsentError::NotFound)?;
    let author = crate::store::person(tx, house, practitioner, DIRECTORY)?.ok_or(ConsentError::NotFound)?;
    Ok((whose, author, workplace(access, house, tx, patient)?))
}

fn workplace(
    access: &Access,
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
) -> Result<Option<Workplace>, ConsentError> {
    let Some(rid) = access.writes_for(tx, patient.get(), None)? else { return Ok(None) };
    let found = crate::store::person(tx, house, rid, DIRECTORY)?;
    Ok(found.map(|party| Workplace { rid, name: party.name }))
}
