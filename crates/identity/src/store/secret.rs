//! All SQL of passwords: the one that counts, the one that waits, and how often somebody guessed wrong.

use super::{Stored, owner, secret_place};
use db::{DbError, Tx};
use kernel::{Rng, Timestamp};
use vault::{Aad, Vault, VaultError};

const fn waiting_place(account: i64) -> Aad {
    Aad::new("waiting secret", account, 0, 0)
}

/// The password's hash, if the account has one.
pub fn secret(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Option<String>, VaultError> {
    let sealed = tx.query_opt("SELECT secret FROM account WHERE account = ?1", &[stored.id.into()], |row| {
        Ok::<_, DbError>(row.opt_blob(0)?.map(<[u8]>::to_vec))
    })?;
    let Some(sealed) = sealed.flatten() else { return Ok(None) };
    let plain = vault.key(tx, owner(&stored.profile))?.open(&secret_place(stored.id), &sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| VaultError::DoesNotOpen)
}

/// Sets the password; a first one that an administrator chose has done its service then.
pub fn set_secret(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    secret: &str,
) -> Result<(), VaultError> {
    let sealed = vault.key(tx, owner(&stored.profile))?.seal(rng, &secret_place(stored.id), secret.as_bytes())?;
    tx.execute(
        "UPDATE account SET secret = ?2, first_until = NULL WHERE account = ?1",
        &[stored.id.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Says until when a password opens the account that its owner did not choose.
pub fn limit_first(tx: &mut Tx<'_>, account: i64, until: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE account SET first_until = ?2 WHERE account = ?1", &[account.into(), until.into()])?;
    Ok(())
}

pub fn remove_secret(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("UPDATE account SET secret = NULL, first_until = NULL WHERE account = ?1", &[account.into()])?;
    cancel_waiting(tx, account).map(drop)
}

/// Keeps a password's hash until its time has come; a later one takes the place of an earlier.
pub fn set_waiting(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    secret: &str,
    ready: Timestamp,
) -> Result<(), VaultError> {
    let sealed = vault.key(tx, owner(&stored.profile))?.seal(rng, &waiting_place(stored.id), secret.as_bytes())?;
    cancel_waiting(tx, stored.id)?;
    tx.execute(
        "INSERT INTO waiting_password (account, secret, ready) VALUES (?1, ?2, ?3)",
        &[stored.id.into(), (&sealed).into(), ready.into()],
    )?;
    Ok(())
}

/// When a new password begins to count.
pub fn waiting(tx: &mut Tx<'_>, account: i64) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT ready FROM waiting_password WHERE account = ?1";
    Ok(tx.query_opt(sql, &[account.into()], |row| row.int(0))?.map(Timestamp))
}

pub fn cancel_waiting(tx: &mut Tx<'_>, account: i64) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM waiting_password WHERE account = ?1", &[account.into()])? > 0)
}

/// Lets the password that waits count, if its time has come; `false` when there is none.
pub fn promote_waiting(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    now: Timestamp,
) -> Result<bool, VaultError> {
    let sql = "SELECT secret FROM waiting_password WHERE account = ?1 AND ready <= ?2";
    let sealed = tx.query_opt(sql, &[stored.id.into(), now.into()], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))?;
    let Some(sealed) = sealed else { return Ok(false) };
    let plain = vault.key(tx, owner(&stored.profile))?.open(&waiting_place(stored.id), &sealed)?;
    let secret = String::from_utf8(plain).map_err(|_| VaultError::DoesNotOpen)?;
    set_secret(tx, vault, rng, stored, &secret)?;
    cancel_waiting(tx, stored.id)?;
    Ok(true)
}

/// Counts a wrong password; says how many in a row there are now.
pub fn missed(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    tx.execute(
        "INSERT INTO password_miss (account, count) VALUES (?1, 1)
         ON CONFLICT (account) DO UPDATE SET count = password_miss.count + 1",
        &[account.into()],
    )?;
    misses(tx, account)
}

pub fn misses(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    tx.count("SELECT COALESCE(MAX(count), 0) FROM password_miss WHERE account = ?1", &[account.into()])
}

/// Forgets wrong passwords.
pub fn forgive(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM password_miss WHERE account = ?1", &[account.into()])?;
    Ok(())
}
