//! All SQL of links. Label, key, address and passcode are sealed with the patient's key, and so is who opened a link; it is
//! found by a keyed hash of the secret in its address.

use super::model::{Opened, Opening};
use super::rules::WRONG_MOST;
use crate::error::ExchangeError;
use db::{DbError, Row as DbRow, Tx};
use kernel::{Id, Timestamp, id};
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

/// The sealed part of a link.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub label: String,
    /// What its address ends with: 256 random bits.
    pub secret: String,
    /// What its files are sealed with.
    pub key: String,
    pub passcode: Option<String>,
    pub sensitive: bool,
    pub direct: bool,
    pub tell: bool,
    /// Who made it, when it was somebody who looks after the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maker: Option<Maker>,
}

#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Maker {
    pub account: i64,
    pub name: String,
}

#[derive(Clone)]
pub struct Link {
    pub id: i64,
    pub patient: Id<id::Patient>,
    pub created: i64,
    pub until: i64,
    pub ended: Option<i64>,
    pub wrong: i64,
    pub openings: i64,
    pub detail: Detail,
}

/// The sealed part of a try to open a link.
#[derive(Serialize, Deserialize)]
struct Try {
    recipient: String,
    result: Opened,
}

/// Tries kept per link; the ledger keeps them all.
const KEPT: i64 = 100;
/// Tries shown of each.
const SHOWN: i64 = 10;

const COLUMNS: &str = "link, patient, created, until, ended, wrong, openings, detail";

const fn place(link: i64, patient: i64) -> Aad {
    Aad::new("health_link", link, patient, 0)
}

const fn place_of_try(link: i64, number: i64) -> Aad {
    Aad::new("health_link_try", link, number, 0)
}

fn hash(house: &House, secret: &str) -> i64 {
    house.vault.terms().hash(b"health-link", &[secret.as_bytes()])
}

fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("a health link's detail: {error}"))
}

type Sealed = (Link, Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, ExchangeError> {
    let detail = Detail {
        label: String::new(),
        secret: String::new(),
        key: String::new(),
        passcode: None,
        sensitive: false,
        direct: false,
        tell: false,
        maker: None,
    };
    let link = Link {
        id: row.int(0)?,
        patient: Id::new(row.int(1)?),
        created: row.int(2)?,
        until: row.int(3)?,
        ended: row.opt_int(4)?,
        wrong: row.int(5)?,
        openings: row.int(6)?,
        detail,
    };
    Ok((link, row.blob(7)?.to_vec()))
}

fn open(tx: &mut Tx<'_>, house: &House, (link, sealed): Sealed) -> Result<Link, ExchangeError> {
    let json = house.vault.key(tx, link.patient.get())?.open(&place(link.id, link.patient.get()), &sealed)?;
    let detail = serde_json::from_slice(&json).map_err(|e| broken(&e))?;
    Ok(Link { detail, ..link })
}

fn seal(tx: &mut Tx<'_>, house: &House, link: &Link) -> Result<Vec<u8>, ExchangeError> {
    let json = serde_json::to_vec(&link.detail).map_err(|e| broken(&e))?;
    let patient = link.patient.get();
    Ok(house.vault.key(tx, patient)?.seal(&*house.rng, &place(link.id, patient), &json)?)
}

pub fn set_detail(tx: &mut Tx<'_>, house: &House, link: &Link) -> Result<(), ExchangeError> {
    let sealed = seal(tx, house, link)?;
    tx.execute("UPDATE health_link SET detail = ?2 WHERE link = ?1", &[link.id.into(), (&sealed).into()])?;
    Ok(())
}

pub fn insert(tx: &mut Tx<'_>, house: &House, link: &Link) -> Result<(), ExchangeError> {
    let sealed = seal(tx, house, link)?;
    tx.execute(
        "INSERT INTO health_link (link, patient, h, created, until, wrong, openings, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, 0, ?6)",
        &[
            link.id.into(),
            link.patient.into(),
            hash(house, &link.detail.secret).into(),
            link.created.into(),
            link.until.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// The link with this secret, whatever became of it. One whose patient was erased is not there.
pub fn by_secret(tx: &mut Tx<'_>, house: &House, secret: &str) -> Result<Option<Link>, ExchangeError> {
    let sql = format!("SELECT {COLUMNS} FROM health_link WHERE h = ?1");
    let Some(sealed) = tx.query_opt(&sql, &[hash(house, secret).into()], read)? else { return Ok(None) };
    match open(tx, house, sealed) {
        Err(ExchangeError::Vault(VaultError::NoKey)) => Ok(None),
        // 64 bits of a hash find it; all 256 decide.
        found => Ok(Some(found?).filter(|link| link.detail.secret == secret)),
    }
}

pub fn by_number(tx: &mut Tx<'_>, house: &House, link: i64) -> Result<Option<Link>, ExchangeError> {
    let sql = format!("SELECT {COLUMNS} FROM health_link WHERE link = ?1");
    let sealed = tx.query_opt(&sql, &[link.into()], read)?;
    sealed.map(|sealed| open(tx, house, sealed)).transpose()
}

/// Links shown of a patient, newest first.
const LISTED: i64 = 200;

pub fn of_patient(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>) -> Result<Vec<Link>, ExchangeError> {
    let sql = format!("SELECT {COLUMNS} FROM health_link WHERE patient = ?1 ORDER BY link DESC LIMIT ?2");
    let sealed = tx.query(&sql, &[patient.into(), LISTED.into()], read)?;
    sealed.into_iter().map(|sealed| open(tx, house, sealed)).collect()
}

/// How many links of a patient were not ended and have not expired.
pub fn standing(tx: &mut Tx<'_>, patient: Id<id::Patient>, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM health_link WHERE patient = ?1 AND ended IS NULL AND until > ?2";
    tx.count(sql, &[patient.into(), now.into()])
}

pub fn set_ended(tx: &mut Tx<'_>, link: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE health_link SET ended = ?2 WHERE link = ?1", &[link.into(), now.into()])?;
    Ok(())
}

/// Notes a try to open a link; what came of it changes the link's own numbers.
pub fn tried(
    tx: &mut Tx<'_>,
    house: &House,
    link: &Link,
    recipient: &str,
    result: Opened,
    now: Timestamp,
) -> Result<(), ExchangeError> {
    let change = match result {
        Opened::Opened => "openings = openings + 1",
        Opened::WrongPasscode => "wrong = wrong + 1",
        Opened::Refused => "wrong = wrong",
    };
    tx.execute(&format!("UPDATE health_link SET {change} WHERE link = ?1"), &[link.id.into()])?;
    let number = tx.allocate("health-link-try", 1)?;
    let json = serde_json::to_vec(&Try { recipient: recipient.to_owned(), result }).map_err(|e| broken(&e))?;
    let key = house.vault.key(tx, link.patient.get())?;
    let sealed = key.seal(&*house.rng, &place_of_try(link.id, number), &json)?;
    tx.execute(
        "INSERT INTO health_link_try (link, number, time, detail) VALUES (?1, ?2, ?3, ?4)",
        &[link.id.into(), number.into(), now.into(), (&sealed).into()],
    )?;
    tx.execute(
        "DELETE FROM health_link_try WHERE link = ?1 AND number <=
         (SELECT number FROM health_link_try WHERE link = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
        &[link.id.into(), KEPT.into()],
    )?;
    Ok(())
}

/// The latest tries of a link, newest first.
pub fn tries(tx: &mut Tx<'_>, house: &House, link: &Link) -> Result<Vec<Opening>, ExchangeError> {
    let sql = "SELECT number, time, detail FROM health_link_try WHERE link = ?1 ORDER BY number DESC LIMIT ?2";
    let rows = tx.query(sql, &[link.id.into(), SHOWN.into()], |row| {
        Ok::<_, ExchangeError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec()))
    })?;
    let key = house.vault.key(tx, link.patient.get())?;
    let mut out = Vec::with_capacity(rows.len());
    for (number, time, sealed) in rows {
        let json = key.open(&place_of_try(link.id, number), &sealed)?;
        let Try { recipient, result } = serde_json::from_slice(&json).map_err(|e| broken(&e))?;
        out.push(Opening { time: Timestamp(time).to_rfc3339(), recipient, result });
    }
    Ok(out)
}

/// Removes every link of a patient who is being erased. What they let see goes with `consent`.
pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), DbError> {
    let of = "(SELECT link FROM health_link WHERE patient = ?1)";
    tx.execute(&format!("DELETE FROM health_link_try WHERE link IN {of}"), &[patient.into()])?;
    tx.execute("DELETE FROM health_link WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}

/// Removes links that were over before, with who tried them: ended, expired, or locked and not tried since. At most so many, the
/// oldest first. What they let see goes with them, in case nobody asked since; the log tells of every opening for good.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    let tried = "SELECT 1 FROM health_link_try t WHERE t.link = l.link AND t.time >= ?1";
    let over = format!(
        "SELECT l.link, l.patient FROM health_link l WHERE COALESCE(l.ended, l.until) < ?1
         OR (l.wrong >= {WRONG_MOST} AND l.created < ?1 AND NOT EXISTS ({tried})) ORDER BY l.link LIMIT ?2"
    );
    let links = tx.query(&over, &[before.into(), most.into()], |row| Ok::<_, DbError>((row.int(0)?, row.int(1)?)))?;
    for (link, patient) in &links {
        consent::link::end(tx, Id::new(*patient), *link)?;
        tx.execute("DELETE FROM health_link_try WHERE link = ?1", &[(*link).into()])?;
        tx.execute("DELETE FROM health_link WHERE link = ?1", &[(*link).into()])?;
    }
    Ok(links.len() as u64)
}
