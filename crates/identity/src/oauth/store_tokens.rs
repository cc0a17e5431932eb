//! The SQL of codes, refresh tokens, signed statements and launches.

use super::model::{CodeTerms, Opened};
use super::store::{Hash, open, place, seal};
use db::{DbError, Tx};
use kernel::Timestamp;
use ledger::House;
use vault::{DIRECTORY, Vault, VaultError};

pub fn insert_code(
    tx: &mut Tx<'_>,
    house: &House,
    code: &Hash,
    grant: i64,
    expires: Timestamp,
    terms: &CodeTerms,
) -> Result<(), VaultError> {
    let sealed = seal(tx, house, DIRECTORY, &place("oauth code", code), terms)?;
    tx.execute(
        "INSERT INTO oauth_code (code, grant_id, expires, detail) VALUES (?1, ?2, ?3, ?4)",
        &[code.into(), grant.into(), expires.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// A code or refresh token that came back.
pub struct Came<T> {
    pub grant: i64,
    pub expires: Timestamp,
    /// It came before.
    pub used: bool,
    pub terms: T,
}

/// Takes a code: from now on it is used.
pub fn take_code(
    tx: &mut Tx<'_>,
    vault: &Vault,
    code: &Hash,
    now: Timestamp,
) -> Result<Option<Came<CodeTerms>>, VaultError> {
    let sql = "SELECT grant_id, expires, used, detail FROM oauth_code WHERE code = ?1";
    let found = tx.query_opt(sql, &[code.into()], |row| {
        Ok::<_, DbError>((row.int(0)?, row.int(1)?, row.opt_int(2)?.is_some(), row.blob(3)?.to_vec()))
    })?;
    let Some((grant, expires, used, sealed)) = found else { return Ok(None) };
    tx.execute("UPDATE oauth_code SET used = ?2 WHERE code = ?1 AND used IS NULL", &[code.into(), now.into()])?;
    let terms = open(tx, vault, DIRECTORY, &place("oauth code", code), &sealed)?;
    Ok(Some(Came { grant, expires: Timestamp(expires), used, terms }))
}

pub fn insert_refresh(
    tx: &mut Tx<'_>,
    token: &Hash,
    grant: i64,
    expires: Timestamp,
    jkt: Option<&str>,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO oauth_refresh (token, grant_id, expires, jkt) VALUES (?1, ?2, ?3, ?4)",
        &[token.into(), grant.into(), expires.into(), jkt.unwrap_or_default().into()],
    )?;
    Ok(())
}

/// A refresh token with the key it is bound to.
pub fn refresh(tx: &mut Tx<'_>, token: &Hash) -> Result<Option<Came<Option<String>>>, DbError> {
    let sql = "SELECT grant_id, expires, used, jkt FROM oauth_refresh WHERE token = ?1";
    tx.query_opt(sql, &[token.into()], |row| {
        let (grant, expires, used) = (row.int(0)?, Timestamp(row.int(1)?), row.opt_int(2)?.is_some());
        Ok(Came { grant, expires, used, terms: Some(row.text(3)?.to_owned()).filter(|jkt| !jkt.is_empty()) })
    })
}

pub fn use_refresh(tx: &mut Tx<'_>, token: &Hash, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE oauth_refresh SET used = ?2 WHERE token = ?1", &[token.into(), now.into()])?;
    Ok(())
}

/// Notes a signed statement; `false` when it was taken before.
pub fn first_time(tx: &mut Tx<'_>, id: &Hash, expires: Timestamp) -> Result<bool, DbError> {
    let sql = "INSERT INTO oauth_seen (id, expires) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
    Ok(tx.execute(sql, &[id.into(), expires.into()])? > 0)
}

pub fn insert_launch(
    tx: &mut Tx<'_>,
    house: &House,
    id: &Hash,
    client: i64,
    opened: &Opened,
    expires: Timestamp,
) -> Result<(), VaultError> {
    let sealed = seal(tx, house, DIRECTORY, &place("oauth launch", id), opened)?;
    tx.execute(
        "INSERT INTO oauth_launch (id, client, account, patient, expires, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[id.into(), client.into(), opened.account.into(), opened.patient.into(), expires.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Takes a launch of this client; it works once.
pub fn take_launch(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: &Hash,
    client: i64,
    now: Timestamp,
) -> Result<Option<Opened>, VaultError> {
    let sql = "SELECT detail FROM oauth_launch WHERE id = ?1 AND client = ?2 AND expires > ?3";
    let found =
        tx.query_opt(sql, &[id.into(), client.into(), now.into()], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))?;
    let Some(sealed) = found else { return Ok(None) };
    tx.execute("DELETE FROM oauth_launch WHERE id = ?1", &[id.into()])?;
    open(tx, vault, DIRECTORY, &place("oauth launch", id), &sealed).map(Some)
}
