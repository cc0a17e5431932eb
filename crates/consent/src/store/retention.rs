//! Removes what is over, by kind, at most so many rows at a time: nobody waits behind years of it. What was given, and what
//! happened in an emergency, stays as long as the record.

use crate::family::WAITS_MS;
use db::{DbError, Tx};
use kernel::Timestamp;

/// Rows of one table that were over before, the oldest first. The names and the condition are this file's own.
fn remove(
    tx: &mut Tx<'_>,
    (table, id): (&str, &str),
    over: &str,
    before: Timestamp,
    most: i64,
) -> Result<u64, DbError> {
    let sql =
        format!("DELETE FROM {table} WHERE {id} IN (SELECT {id} FROM {table} WHERE {over} ORDER BY {id} LIMIT ?2)");
    tx.execute(&sql, &[before.into(), most.into()])
}

/// Requests for access that were answered.
pub fn requests(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let over = "state <> 0 AND COALESCE(answered, created) < ?1";
    remove(tx, ("access_request", "request_id"), over, before, most)
}

/// Drafts that were declined or withdrawn, and visits that are over or were never opened. What landed stays: it says what
/// the patient approved.
pub fn drafts(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let over = "state >= 2 AND COALESCE(ended, created) < ?1";
    let drafts = remove(tx, ("edit", "edit_id"), over, before, most)?;
    // One that nobody ended lasted half an hour, and the code that would have opened it less.
    let over = "COALESCE(ended, until, code_until, created) < ?1";
    Ok(drafts + remove(tx, ("edit_session", "session_id"), over, before, most)?)
}

/// Guardianships and delegations that ended or were declined, and questions that nobody answered in their time.
pub fn family(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let over = format!("((state = 2 AND ended < ?1) OR (state = 0 AND created < ?1 - {WAITS_MS}))");
    remove(tx, ("delegation", "delegation_id"), &over, before, most)
}

/// Questions about an access that were closed.
pub fn cases(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    remove(tx, ("access_case", "case_id"), "state = 3 AND COALESCE(closed, opened) < ?1", before, most)
}
