//! All SQL of passkeys and of the ceremonies they take part in.

use super::{Stored, json, owner};
use crate::passkey::PublicKey;
use db::{DbError, Row, Tx};
use kernel::{Rng, Timestamp};
use serde::{Deserialize, Serialize};
use vault::{Aad, DIRECTORY, Vault, VaultError};

/// Passkeys an account may have.
pub const MOST: i64 = 20;

/// The sealed part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub name: String,
    /// The id by which browsers know it, in base64url.
    pub credential: String,
    /// The user handle it was made for, in base64url: the same for all passkeys of an account.
    pub handle: String,
    pub key: PublicKey,
    pub transports: Vec<String>,
    /// It may be copied to the owner's other devices.
    pub synced: bool,
    /// It can derive keys in the browser.
    pub prf: bool,
}

/// A passkey as it is stored, opened.
#[derive(Clone, Debug)]
pub struct Passkey {
    pub id: i64,
    /// How many signatures it says it made; 0 for those that do not count.
    pub signatures: i64,
    pub created: Timestamp,
    /// From when on it opens anything.
    pub ready: Timestamp,
    pub used: Option<Timestamp>,
    pub detail: Detail,
}

const fn place(passkey: i64, account: i64) -> Aad {
    Aad::new("passkey", passkey, account, 0)
}

fn credential_term(vault: &Vault, credential: &str) -> [u8; 32] {
    vault.terms().digest(b"passkey", credential.as_bytes())
}

const COLUMNS: &str = "passkey, account, signatures, created, ready, used, detail";

struct Raw {
    id: i64,
    account: i64,
    signatures: i64,
    created: Timestamp,
    ready: Timestamp,
    used: Option<Timestamp>,
    sealed: Vec<u8>,
}

fn raw(row: &Row<'_, '_>) -> Result<Raw, DbError> {
    Ok(Raw {
        id: row.int(0)?,
        account: row.int(1)?,
        signatures: row.int(2)?,
        created: Timestamp(row.int(3)?),
        ready: Timestamp(row.int(4)?),
        used: row.opt_int(5)?.map(Timestamp),
        sealed: row.blob(6)?.to_vec(),
    })
}

fn opened(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored, raw: Raw) -> Result<Passkey, VaultError> {
    let json = vault.key(tx, owner(&stored.profile))?.open(&place(raw.id, raw.account), &raw.sealed)?;
    let detail = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
    let Raw { id, signatures, created, ready, used, .. } = raw;
    Ok(Passkey { id, signatures, created, ready, used, detail })
}

/// A passkey to be stored.
pub struct New {
    pub detail: Detail,
    pub signatures: i64,
    pub ready: Timestamp,
}

pub fn insert(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    new: New,
    now: Timestamp,
) -> Result<Passkey, VaultError> {
    let New { detail, signatures, ready } = new;
    let id = tx.allocate("passkey", 1)?;
    let sealed = vault.key(tx, owner(&stored.profile))?.seal(rng, &place(id, stored.id), &json(&detail)?)?;
    tx.execute(
        "INSERT INTO passkey (passkey, account, credential, detail, signatures, created, ready)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            id.into(),
            stored.id.into(),
            (&credential_term(vault, &detail.credential)).into(),
            (&sealed).into(),
            signatures.into(),
            now.into(),
            ready.into(),
        ],
    )?;
    Ok(Passkey { id, signatures, created: now, ready, used: None, detail })
}

/// Whether a credential is registered already, whoever has it.
pub fn is_known(tx: &mut Tx<'_>, vault: &Vault, credential: &str) -> Result<bool, DbError> {
    let term = credential_term(vault, credential);
    Ok(tx.count("SELECT COUNT(*) FROM passkey WHERE credential = ?1", &[(&term).into()])? > 0)
}

/// The passkey with this credential id, with the account whose it is.
pub fn find(tx: &mut Tx<'_>, vault: &Vault, credential: &str) -> Result<Option<(Passkey, Stored)>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM passkey WHERE credential = ?1");
    let term = credential_term(vault, credential);
    let Some(raw) = tx.query_opt(&sql, &[(&term).into()], raw)? else { return Ok(None) };
    let Some(stored) = super::find(tx, vault, raw.account)? else { return Ok(None) };
    let passkey = opened(tx, vault, &stored, raw)?;
    Ok(Some((passkey, stored)))
}

/// A passkey by its number, with the account whose it is.
pub fn by_number(tx: &mut Tx<'_>, vault: &Vault, passkey: i64) -> Result<Option<(Passkey, Stored)>, VaultError> {
    let sql = "SELECT account FROM passkey WHERE passkey = ?1";
    let Some(account) = tx.query_opt(sql, &[passkey.into()], |row| row.int(0))? else { return Ok(None) };
    let Some(stored) = super::find(tx, vault, account)? else { return Ok(None) };
    Ok(one(tx, vault, &stored, passkey)?.map(|passkey| (passkey, stored)))
}

/// The passkeys of an account, oldest first.
pub fn of_account(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Vec<Passkey>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM passkey WHERE account = ?1 ORDER BY passkey");
    let rows = tx.query(&sql, &[stored.id.into()], raw)?;
    rows.into_iter().map(|raw| opened(tx, vault, stored, raw)).collect()
}

/// One passkey of an account.
pub fn one(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored, passkey: i64) -> Result<Option<Passkey>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM passkey WHERE account = ?1 AND passkey = ?2");
    match tx.query_opt(&sql, &[stored.id.into(), passkey.into()], raw)? {
        Some(raw) => opened(tx, vault, stored, raw).map(Some),
        None => Ok(None),
    }
}

pub fn rename(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    passkey: &Passkey,
) -> Result<(), VaultError> {
    let key = vault.key(tx, owner(&stored.profile))?;
    let sealed = key.seal(rng, &place(passkey.id, stored.id), &json(&passkey.detail)?)?;
    tx.execute("UPDATE passkey SET detail = ?2 WHERE passkey = ?1", &[passkey.id.into(), (&sealed).into()])?;
    Ok(())
}

/// Notes that a passkey signed.
pub fn used(tx: &mut Tx<'_>, passkey: i64, signatures: i64, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE passkey SET used = ?2, signatures = ?3 WHERE passkey = ?1";
    tx.execute(sql, &[passkey.into(), now.into(), signatures.into()])?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, account: i64, passkey: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM passkey WHERE account = ?1 AND passkey = ?2";
    Ok(tx.execute(sql, &[account.into(), passkey.into()])? > 0)
}

const CEREMONY: Aad = Aad::new("ceremony", 0, 0, 0);

/// Seals what the server has to know again when a ceremony comes back: it is kept by whoever began it.
pub fn seal_ceremony(tx: &mut Tx<'_>, vault: &Vault, rng: &dyn Rng, plain: &[u8]) -> Result<Vec<u8>, VaultError> {
    vault.key(tx, DIRECTORY)?.seal(rng, &CEREMONY, plain)
}

pub fn open_ceremony(tx: &mut Tx<'_>, vault: &Vault, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    vault.key(tx, DIRECTORY)?.open(&CEREMONY, sealed)
}

/// Uses a ceremony up; `false` when it was used before.
pub fn spend_ceremony(tx: &mut Tx<'_>, challenge: &[u8; 32], expires: Timestamp) -> Result<bool, DbError> {
    let sql = "INSERT INTO ceremony (ceremony, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(tx.execute(sql, &[challenge.into(), expires.into()])? > 0)
}

/// Forgets ceremonies that nobody can finish any more.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM ceremony WHERE expires <= ?1", &[now.into()])
}
