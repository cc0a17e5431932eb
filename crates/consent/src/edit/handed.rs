//! Codes that were handed over: kept, tried and spent, those of drafts and of visits alike. What somebody made who looks after
//! the record is good for as long as they do: the transaction that spends a code asks.

use crate::error::ConsentError;
use crate::family;
use db::{DbError, Tx};
use kernel::{Ctx, Timestamp};
use ledger::House;

/// What has codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Table {
    Edit,
    Visit,
}

impl Table {
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Edit => ("edit", "edit_id"),
            Self::Visit => ("edit_session", "session_id"),
        }
    }
}

/// Keeps a new code of the caller's, in place of the last.
pub fn keep(
    ctx: &Ctx,
    tx: &mut Tx<'_>,
    (table, id): (Table, i64),
    term: &[u8; 32],
    until: Timestamp,
) -> Result<(), DbError> {
    let (table, key) = table.names();
    let by = ctx.behalf().map(|behalf| behalf.delegation);
    tx.execute(
        &format!("UPDATE {table} SET code = ?2, code_until = ?3, tries = 0, code_by = ?4 WHERE {key} = ?1"),
        &[id.into(), term.into(), until.into(), by.into()],
    )?;
    Ok(())
}

/// What a try with a code came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Right,
    /// So many tries are left.
    Wrong(i64),
    /// There is no code, or none any more.
    None,
}

/// Tries a code. Every call is a try; the right one spends the code.
pub fn spend(
    house: &House,
    tx: &mut Tx<'_>,
    (table, id): (Table, i64),
    term: &[u8; 32],
    (tries, now): (i64, Timestamp),
) -> Result<Tried, ConsentError> {
    if !stands(house, tx, (table, id), now)? {
        return Ok(Tried::None);
    }
    let (table, key) = table.names();
    let counted = tx.execute(
        &format!(
            "UPDATE {table} SET tries = tries + 1
             WHERE {key} = ?1 AND code IS NOT NULL AND tries < ?2 AND code_until > ?3"
        ),
        &[id.into(), tries.into(), now.into()],
    )?;
    if counted == 0 {
        return Ok(Tried::None);
    }
    let spent = tx.execute(
        &format!("UPDATE {table} SET code = NULL WHERE {key} = ?1 AND code = ?2"),
        &[id.into(), term.into()],
    )?;
    if spent > 0 {
        return Ok(Tried::Right);
    }
    let left = tx.query_opt(&format!("SELECT tries FROM {table} WHERE {key} = ?1"), &[id.into()], |row| row.int(0));
    Ok(Tried::Wrong(tries - left?.unwrap_or(tries)))
}

/// Whether whoever made the code may still make one: the patient always, others for as long as they look after the record.
fn stands(house: &House, tx: &mut Tx<'_>, (table, id): (Table, i64), now: Timestamp) -> Result<bool, ConsentError> {
    let (table, key) = table.names();
    let sql = format!("SELECT code_by FROM {table} WHERE {key} = ?1");
    match tx.query_opt(&sql, &[id.into()], |row| row.opt_int(0))?.flatten() {
        Some(delegation) => family::stands_now(house, tx, delegation, now),
        None => Ok(true),
    }
}
