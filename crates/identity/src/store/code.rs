//! All SQL of codes sent by e-mail and of recovery codes. Both are kept as keyed hashes only.

use crate::doors::same_place;
use db::{DbError, Tx, Value};
use kernel::Timestamp;
use std::net::IpAddr;
use vault::Vault;

/// How often a code may be guessed at.
const TRIES: i64 = 5;

/// The keyed hash of a code, bound to the request it was sent for.
fn mail_term(vault: &Vault, request: &[u8; 32], code: &str) -> [u8; 32] {
    vault.terms().digest(b"mail code", &[request.as_slice(), code.as_bytes()].concat())
}

fn recovery_term(vault: &Vault, account: i64, code: &str) -> [u8; 32] {
    vault.terms().digest(b"recovery code", &[account.to_le_bytes().as_slice(), code.as_bytes()].concat())
}

/// What stands for the place that a code for this address was asked from: the same place is another number for another address,
/// so that a stolen database does not show who was where.
pub fn place_term(vault: &Vault, address: i64, place: Option<IpAddr>) -> i64 {
    let place = place.map_or_else(String::new, |place| same_place(place).to_string());
    vault.terms().hash(b"mail place", &[address.to_le_bytes().as_slice(), place.as_bytes()])
}

/// From where and when codes were asked for with an address since then, oldest first.
pub fn asked_since(tx: &mut Tx<'_>, address: i64, since: Timestamp) -> Result<Vec<(i64, i64)>, DbError> {
    let sql = "SELECT place, created FROM mail_code WHERE address = ?1 AND created > ?2 ORDER BY created";
    tx.query(sql, &[address.into(), since.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// A request for a code, by the hash of its id.
pub struct Request<'r> {
    pub id: &'r [u8; 32],
    pub address: i64,
    /// Where it was asked for: `place_term`.
    pub place: i64,
    /// Whose address it is.
    pub account: Option<i64>,
    pub code: &'r str,
}

/// Keeps a code; those asked for before from the same place are worth nothing any more. Those of other places stay: somebody
/// else who asks does not take the owner's away.
pub fn insert(tx: &mut Tx<'_>, vault: &Vault, request: &Request<'_>, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE mail_code SET code = NULL WHERE address = ?1 AND place = ?2";
    tx.execute(sql, &[request.address.into(), request.place.into()])?;
    tx.execute(
        "INSERT INTO mail_code (request, address, account, code, tries, created, place) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)",
        &[
            request.id.into(),
            request.address.into(),
            request.account.into(),
            (&mail_term(vault, request.id, request.code)).into(),
            now.into(),
            request.place.into(),
        ],
    )?;
    Ok(())
}

/// Whose code this is, if it is the one that was sent, not too old and not guessed at too often. Every call is a try.
pub fn matches(
    tx: &mut Tx<'_>,
    vault: &Vault,
    request: &[u8; 32],
    code: &str,
    since: Timestamp,
) -> Result<Option<i64>, DbError> {
    let sql = "UPDATE mail_code SET tries = tries + 1 WHERE request = ?1 AND tries < ?2 AND code IS NOT NULL";
    if tx.execute(sql, &[request.into(), TRIES.into()])? == 0 {
        return Ok(None);
    }
    let sql = "SELECT account FROM mail_code WHERE request = ?1 AND code = ?2 AND created > ?3";
    let term = mail_term(vault, request, code);
    let found = tx.query_opt(sql, &[request.into(), (&term).into(), since.into()], |row| row.opt_int(0))?;
    Ok(found.flatten())
}

/// Uses a code up, and with it every other that was sent to this account.
pub fn spend(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("UPDATE mail_code SET code = NULL WHERE account = ?1", &[account.into()])?;
    Ok(())
}

/// Forgets requests that count for nothing any more.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM mail_code WHERE created <= ?1", &[before.into()])
}

/// Gives an account new recovery codes in place of those it had.
pub fn set_recovery(
    tx: &mut Tx<'_>,
    vault: &Vault,
    account: i64,
    codes: &[String],
    now: Timestamp,
) -> Result<(), DbError> {
    tx.execute("DELETE FROM recovery_code WHERE account = ?1", &[account.into()])?;
    for code in codes {
        let term = recovery_term(vault, account, code);
        let values: [Value<'_>; 3] = [account.into(), (&term).into(), now.into()];
        tx.execute("INSERT INTO recovery_code (account, code, created) VALUES (?1, ?2, ?3)", &values)?;
    }
    Ok(())
}

/// Uses a recovery code up; `false` when the account has no such code.
pub fn spend_recovery(tx: &mut Tx<'_>, vault: &Vault, account: i64, code: &str) -> Result<bool, DbError> {
    let term = recovery_term(vault, account, code);
    let sql = "DELETE FROM recovery_code WHERE account = ?1 AND code = ?2";
    Ok(tx.execute(sql, &[account.into(), (&term).into()])? > 0)
}

/// How many recovery codes are left, and since when.
pub fn recovery_left(tx: &mut Tx<'_>, account: i64) -> Result<(i64, Option<Timestamp>), DbError> {
    let sql = "SELECT COUNT(*), MAX(created) FROM recovery_code WHERE account = ?1";
    let found = tx.query_opt(sql, &[account.into()], |row| Ok::<_, DbError>((row.int(0)?, row.opt_int(1)?)))?;
    Ok(found.map_or((0, None), |(left, created)| (left, created.map(Timestamp))))
}
