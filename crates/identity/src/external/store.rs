//! The SQL of signing in with a provider: what is under way, and which account is whose.

use crate::store::{Stored, json, owner};
use db::{DbError, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, DIRECTORY, Vault, VaultError};

pub type Hash = [u8; 32];

/// What is kept between going to the provider and coming back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Under {
    pub provider: String,
    pub verifier: String,
    pub nonce: String,
    /// Where the provider sends the browser back to: it must be said again.
    pub back: String,
    /// Who connects their account, in which session; nobody when somebody signs in.
    pub owner: Option<Owner>,
}

/// A session whose account is to be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Owner {
    pub account: i64,
    pub session: i64,
}

fn under_place(id: &Hash) -> Aad {
    let mut word = [0; 8];
    word.copy_from_slice(&id[..8]);
    Aad::new("external login", i64::from_le_bytes(word), 0, 0)
}

pub fn begin(tx: &mut Tx<'_>, house: &House, id: &Hash, under: &Under, expires: Timestamp) -> Result<(), VaultError> {
    let sealed = house.vault.key(tx, DIRECTORY)?.seal(&*house.rng, &under_place(id), &json(under)?)?;
    tx.execute(
        "INSERT INTO external_login (id, expires, detail) VALUES (?1, ?2, ?3)",
        &[id.into(), expires.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Takes what is under way; it works once.
pub fn take(tx: &mut Tx<'_>, house: &House, id: &Hash, now: Timestamp) -> Result<Option<Under>, VaultError> {
    let sql = "SELECT detail FROM external_login WHERE id = ?1 AND expires > ?2";
    let found = tx.query_opt(sql, &[id.into(), now.into()], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))?;
    let Some(sealed) = found else { return Ok(None) };
    tx.execute("DELETE FROM external_login WHERE id = ?1", &[id.into()])?;
    let json = house.vault.key(tx, DIRECTORY)?.open(&under_place(id), &sealed)?;
    serde_json::from_slice(&json).map(Some).map_err(|_| VaultError::DoesNotOpen)
}

/// The sealed part of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub issuer: String,
    /// What people knew the provider as when they connected.
    pub name: String,
    /// The address that the provider has of them, if it says one: so that they know which of their accounts there it is.
    pub email: Option<String>,
}

/// A connection of an account with somebody of a provider's.
#[derive(Clone, Debug)]
pub struct Link {
    pub id: i64,
    pub created: Timestamp,
    pub used: Option<Timestamp>,
    pub detail: Detail,
}

const fn link_place(link: i64, account: i64) -> Aad {
    Aad::new("external link", link, account, 0)
}

/// Who somebody is to a provider, as a keyed hash: a subject may be a staff number that is easy to guess.
pub fn person(vault: &Vault, issuer: &str, subject: &str) -> Hash {
    vault.terms().digest(b"external", format!("{issuer}\n{subject}").as_bytes())
}

/// The account that somebody of the provider's has here.
pub fn linked(tx: &mut Tx<'_>, person: &Hash) -> Result<Option<i64>, DbError> {
    tx.query_opt("SELECT account FROM external_link WHERE person = ?1", &[person.into()], |row| row.int(0))
}

pub fn touch(tx: &mut Tx<'_>, person: &Hash, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE external_link SET used = ?2 WHERE person = ?1", &[person.into(), now.into()])?;
    Ok(())
}

pub fn insert(
    tx: &mut Tx<'_>,
    house: &House,
    stored: &Stored,
    person: &Hash,
    detail: &Detail,
) -> Result<i64, VaultError> {
    let (id, now) = (tx.allocate("external_link", 1)?, house.clock.now());
    let key = house.vault.key(tx, owner(&stored.profile))?;
    let sealed = key.seal(&*house.rng, &link_place(id, stored.id), &json(detail)?)?;
    tx.execute(
        "INSERT INTO external_link (link, account, person, created, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[id.into(), stored.id.into(), person.into(), now.into(), (&sealed).into()],
    )?;
    Ok(id)
}

/// The connections of an account, oldest first.
pub fn of_account(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Vec<Link>, VaultError> {
    let sql = "SELECT link, created, used, detail FROM external_link WHERE account = ?1 ORDER BY link";
    let rows = tx.query(sql, &[stored.id.into()], |row| {
        Ok::<_, DbError>((row.int(0)?, Timestamp(row.int(1)?), row.opt_int(2)?.map(Timestamp), row.blob(3)?.to_vec()))
    })?;
    let key = vault.key(tx, owner(&stored.profile))?;
    let one = |(id, created, used, sealed): (i64, Timestamp, Option<Timestamp>, Vec<u8>)| {
        let json = key.open(&link_place(id, stored.id), &sealed)?;
        let detail = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
        Ok(Link { id, created, used, detail })
    };
    rows.into_iter().map(one).collect()
}

/// Whether an account can be opened by a provider's word.
pub fn connected(tx: &mut Tx<'_>, account: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM external_link WHERE account = ?1", &[account.into()])? > 0)
}

pub fn delete(tx: &mut Tx<'_>, account: i64, link: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM external_link WHERE account = ?1 AND link = ?2";
    Ok(tx.execute(sql, &[account.into(), link.into()])? > 0)
}

pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM external_login WHERE expires <= ?1", &[now.into()])
}
