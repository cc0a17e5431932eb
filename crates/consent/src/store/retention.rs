//! Removes what is over, by kind, at most so many rows at a time: nobody waits behind years of it. What patients gave stays as
//! long as the record, and so does the log, which tells of the rest for good.

use crate::{edit, family};
use db::{DbError, Sql, Tx};
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

/// Drafts that were declined, withdrawn or never answered, and visits that are over or were never opened. What landed stays: it
/// says what the patient approved.
pub fn drafts(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let lapsed = format!("state = 0 AND created < ?1 - {}", edit::WAITS_MS);
    let over = format!("((state >= 2 AND COALESCE(ended, created) < ?1) OR ({lapsed}))");
    let drafts = remove(tx, ("edit", "edit_id"), &over, before, most)?;
    // One that nobody ended lasted half an hour, and the code that would have opened it less.
    let over = "COALESCE(ended, until, code_until, created) < ?1";
    Ok(drafts + remove(tx, ("edit_session", "session_id"), over, before, most)?)
}

/// Guardianships and delegations that ended or were declined, and questions that nobody answered in their time.
pub fn family(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let over = format!("((state = 2 AND ended < ?1) OR (state = 0 AND created < ?1 - {}))", family::WAITS_MS);
    remove(tx, ("delegation", "delegation_id"), &over, before, most)
}

/// Questions about an access that were closed.
pub fn cases(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    remove(tx, ("access_case", "case_id"), "state = 3 AND COALESCE(closed, opened) < ?1", before, most)
}

/// Emergencies that were reviewed and are over, with the grant that each was and what it said. One that waits for its review
/// stays, however old.
pub fn emergencies(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let over = "SELECT e.grant_id FROM emergency e JOIN grants g ON g.grant_id = e.grant_id
                WHERE e.state <> 0 AND e.reviewed < ?1 AND COALESCE(g.revoked, g.until) < ?1 ORDER BY e.grant_id LIMIT ?2";
    let ids = tx.query(over, &[before.into(), most.into()], |row| row.int(0))?;
    if ids.is_empty() {
        return Ok(0);
    }
    // What let its reader see went when it ended.
    for table in ["grant_version", "emergency", "grants"] {
        let mut sql = Sql::new("DELETE FROM ");
        sql.push(table).push(" WHERE grant_id IN (").ints(&ids).push(")");
        tx.execute(sql.text(), &sql.params())?;
    }
    Ok(ids.len() as u64)
}
