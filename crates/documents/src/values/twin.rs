//! A file that is there twice: what was added from one is not added again from the other.

use super::store::{self, Kept, same};
use crate::error::{DocumentError, records};
use crate::model::ValueState;
use crate::shown::Found;
use crate::store as documents;
use consent::Access;
use db::Tx;
use ledger::House;
use records::beside;

/// What was added to the record from documents with the content of this one, as far as the caller can see them: each with the
/// id of its document.
pub fn added(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    found: &Found,
) -> Result<Vec<(String, Kept)>, DocumentError> {
    let (rid, patient, hash) = (found.row.rid, found.row.patient, found.row.hash);
    let join = "JOIN document d ON d.rid = r.rid";
    let condition = format!(" AND d.h = {hash} AND d.rid <> {rid} AND d.deleted IS NULL AND r.state = 0");
    let twins = beside::of_patient(tx, house, access, patient, (join, &condition)).map_err(records)?;
    let mut all = Vec::new();
    for twin in twins {
        let Some(row) = documents::by_rid(tx, house, twin.stored.rid)? else { continue };
        let kept = store::of(tx, house, &row)?.into_iter().filter(|kept| kept.state == ValueState::Confirmed);
        all.extend(kept.map(|kept| (twin.stored.id().to_owned(), kept)));
    }
    Ok(all)
}

/// The document from which this value was added, of those that say the same.
pub fn of<'a>(added: &'a [(String, Kept)], kept: &Kept) -> Option<&'a str> {
    let is_it = |other: &Kept| {
        let (a, b) = (&other.detail.reading, &kept.detail.reading);
        same(a, b) || a.place.is_none() && other.n == kept.n && store::printed(a) == store::printed(b)
    };
    let undecided = kept.state != ValueState::Confirmed;
    added.iter().find(|(_, other)| undecided && is_it(other)).map(|(id, _)| id.as_str())
}
