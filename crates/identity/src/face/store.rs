//! All SQL of the face check.

use super::template::SALT;
use crate::store::{Stored, owner};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{DbError, Row, Tx};
use face::Plan;
use kernel::{Rng, Timestamp};
use serde::{Deserialize, Serialize};
use vault::{Aad, DataKey, Vault, VaultError};

/// A device somebody enrolled.
#[derive(Clone, Debug)]
pub struct Device {
    pub id: i64,
    pub name: String,
    pub created: Timestamp,
    pub used: Option<Timestamp>,
}

/// The same with what a check needs.
pub struct Enrolled {
    pub device: Device,
    pub salt: [u8; SALT],
    /// Opened with the key of the account's owner, closed still with the device's.
    pub template: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Detail {
    name: String,
    key: String,
    salt: String,
}

const fn detail_place(account: i64, face: i64) -> Aad {
    Aad::new("face detail", account, face, 0)
}

const fn template_place(account: i64, face: i64) -> Aad {
    Aad::new("face template", account, face, 0)
}

/// What stands for a device's public key.
pub fn device_term(vault: &Vault, key: &[u8]) -> i64 {
    vault.terms().hash(b"face device", &[key])
}

/// What is kept of a new enrolment.
pub struct New<'n> {
    pub name: &'n str,
    pub key: &'n [u8],
    pub salt: [u8; SALT],
    pub template: &'n [u8],
    pub now: Timestamp,
}

pub fn insert(tx: &mut Tx<'_>, vault: &Vault, rng: &dyn Rng, of: &Stored, new: &New<'_>) -> Result<i64, VaultError> {
    let id = tx.allocate("face", 1)?;
    let key = vault.key(tx, owner(&of.profile))?;
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let detail = Detail { name: new.name.to_owned(), key: text(new.key), salt: text(&new.salt) };
    let detail = serde_json::to_vec(&detail).map_err(|e| DbError::Failed(e.to_string()))?;
    tx.execute(
        "INSERT INTO face (face, account, device, created, detail, template) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            id.into(),
            of.id.into(),
            device_term(vault, new.key).into(),
            new.now.into(),
            (&key.seal(rng, &detail_place(of.id, id), &detail)?).into(),
            (&key.seal(rng, &template_place(of.id, id), new.template)?).into(),
        ],
    )?;
    tx.execute("DELETE FROM face_failure WHERE account = ?1", &[of.id.into()])?;
    Ok(id)
}

const COLUMNS: &str = "face, created, used, detail";

type Raw = (i64, Timestamp, Option<Timestamp>, Vec<u8>);

fn raw(row: &Row<'_, '_>) -> Result<Raw, DbError> {
    Ok((row.int(0)?, Timestamp(row.int(1)?), row.opt_int(2)?.map(Timestamp), row.blob(3)?.to_vec()))
}

fn opened(key: &DataKey, account: i64, (id, created, used, sealed): Raw) -> Result<(Device, Detail), VaultError> {
    let json = key.open(&detail_place(account, id), &sealed)?;
    let detail: Detail = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
    Ok((Device { id, name: detail.name.clone(), created, used }, detail))
}

/// The devices of an account, newest first.
pub fn devices(tx: &mut Tx<'_>, vault: &Vault, of: &Stored) -> Result<Vec<Device>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM face WHERE account = ?1 ORDER BY face DESC");
    let rows = tx.query(&sql, &[of.id.into()], raw)?;
    let key = vault.key(tx, owner(&of.profile))?;
    rows.into_iter().map(|row| Ok(opened(&key, of.id, row)?.0)).collect()
}

/// The enrolment of a device by its public key.
pub fn find(tx: &mut Tx<'_>, vault: &Vault, of: &Stored, public: &[u8]) -> Result<Option<Enrolled>, VaultError> {
    let sql = format!("SELECT {COLUMNS}, template FROM face WHERE account = ?1 AND device = ?2 ORDER BY face");
    let params = [of.id.into(), device_term(vault, public).into()];
    let rows = tx.query(&sql, &params, |row| Ok::<_, DbError>((raw(row)?, row.blob(4)?.to_vec())))?;
    let key = vault.key(tx, owner(&of.profile))?;
    for (row, sealed) in rows {
        let (device, detail) = opened(&key, of.id, row)?;
        // A hash of 64 bits can meet another; the key itself cannot.
        if detail.key != URL_SAFE_NO_PAD.encode(public) {
            continue;
        }
        let salt = URL_SAFE_NO_PAD.decode(&detail.salt).ok().and_then(|salt| salt.try_into().ok());
        let salt = salt.ok_or(VaultError::DoesNotOpen)?;
        let template = key.open(&template_place(of.id, device.id), &sealed)?;
        return Ok(Some(Enrolled { device, salt, template }));
    }
    Ok(None)
}

/// Deletes an enrolment for good; `false` when the account has no such one.
pub fn delete(tx: &mut Tx<'_>, account: i64, face: i64) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM face WHERE account = ?1 AND face = ?2", &[account.into(), face.into()])? > 0)
}

/// Notes a check that was passed; `false` when the enrolment is not there any more.
pub fn passed(tx: &mut Tx<'_>, account: i64, face: i64, now: Timestamp) -> Result<bool, DbError> {
    let found = tx.execute("UPDATE face SET used = ?2 WHERE face = ?1", &[face.into(), now.into()])? > 0;
    tx.execute("DELETE FROM face_failure WHERE account = ?1", &[account.into()])?;
    Ok(found)
}

/// Counts a check that an enrolled device failed; how many in a row that makes.
pub fn failed(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    tx.execute(
        "INSERT INTO face_failure (account, count) VALUES (?1, 1)
         ON CONFLICT (account) DO UPDATE SET count = face_failure.count + 1",
        &[account.into()],
    )?;
    failures(tx, account)
}

pub fn failures(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    let sql = "SELECT count FROM face_failure WHERE account = ?1";
    Ok(tx.query_opt(sql, &[account.into()], |row| row.int(0))?.unwrap_or(0))
}

pub fn insert_challenge(tx: &mut Tx<'_>, hash: &[u8; 32], plan: &Plan, now: Timestamp) -> Result<(), DbError> {
    let plan = serde_json::to_string(plan).map_err(|e| DbError::Failed(e.to_string()))?;
    let params = [hash.into(), now.into(), plan.as_str().into()];
    tx.execute("INSERT INTO face_challenge (challenge, made, plan) VALUES (?1, ?2, ?3)", &params)?;
    Ok(())
}

/// Takes a challenge out: nobody else gets it, and it is not there a second time.
pub fn take_challenge(tx: &mut Tx<'_>, hash: &[u8; 32]) -> Result<Option<(Timestamp, Plan)>, DbError> {
    let sql = "SELECT made, plan FROM face_challenge WHERE challenge = ?1";
    let found = tx.query_opt(sql, &[hash.into()], |row| {
        let plan = serde_json::from_str(row.text(1)?).map_err(|e| DbError::Failed(e.to_string()))?;
        Ok::<_, DbError>((Timestamp(row.int(0)?), plan))
    })?;
    tx.execute("DELETE FROM face_challenge WHERE challenge = ?1", &[hash.into()])?;
    Ok(found)
}

pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    tx.execute("DELETE FROM face_challenge WHERE made < ?1", &[before.into()])
}

const SWITCH: &str = "face check";

/// Whether administrators left the face check on, as it is at first.
pub fn enabled(tx: &mut Tx<'_>) -> Result<bool, DbError> {
    let sql = "SELECT value FROM identity_setting WHERE name = ?1";
    let value = tx.query_opt(sql, &[SWITCH.into()], |row| row.text(0).map(str::to_owned))?;
    Ok(value.as_deref() != Some("off"))
}

pub fn set_enabled(tx: &mut Tx<'_>, on: bool) -> Result<(), DbError> {
    let value = if on { "on" } else { "off" };
    tx.execute(
        "INSERT INTO identity_setting (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2",
        &[SWITCH.into(), value.into()],
    )?;
    Ok(())
}
