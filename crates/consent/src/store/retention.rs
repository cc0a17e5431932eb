//! Removes what is over, by kind. What was given, and what happened in an emergency, stays as long as the record.

use db::{DbError, Tx};
use kernel::Timestamp;

/// Requests for access that were answered.
pub fn requests(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM access_request WHERE state <> 0 AND created < ?1", &[before.into()])
}

/// Drafts that were declined or withdrawn, and visits that are over or were never opened. What landed stays: it says what
/// the patient approved.
pub fn drafts(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    let drafts = tx.execute("DELETE FROM edit WHERE state >= 2 AND created < ?1", &[before.into()])?;
    // A visit lasts half an hour, and the code that opens it less.
    Ok(drafts + tx.execute("DELETE FROM edit_session WHERE created < ?1", &[before.into()])?)
}

/// Guardianships and delegations that ended or were declined.
pub fn family(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM delegation WHERE state = 2 AND ended < ?1", &[before.into()])
}

/// Questions about an access that were closed.
pub fn cases(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM access_case WHERE state = 3 AND opened < ?1", &[before.into()])
}
