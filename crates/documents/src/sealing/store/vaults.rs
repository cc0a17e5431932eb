//! Vaults, and the ways into them.

use super::{Owner, open, seal};
use crate::error::DocumentError;
use crate::sealing::model::WayKind;
use db::{DbError, Row as DbRow, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// The sealed part of a vault.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VaultDetail {
    pub name: String,
    pub box_key: String,
    pub sign_key: String,
    pub salt: String,
    pub keys: String,
    pub code: String,
    /// The whole fingerprint, in hexadecimal.
    pub fingerprint: String,
}

#[derive(Clone, Debug)]
pub struct VaultRow {
    pub owner: Owner,
    pub created: Timestamp,
    /// Where in its sequence of the ledger the entry about it is, at the earliest.
    pub logged: i64,
    pub detail: VaultDetail,
}

const fn vault_place(owner: Owner) -> Aad {
    Aad::new("seal_vault", owner.account, owner.patient, 0)
}

fn code_hash(house: &House, code: &str) -> i64 {
    house.vault.terms().hash(b"vault-code", &[code.as_bytes()])
}

pub fn insert_vault(tx: &mut Tx<'_>, house: &House, row: &VaultRow) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, (row.owner.patient, vault_place(row.owner)), &row.detail)?;
    tx.execute(
        "INSERT INTO seal_vault (account, patient, practitioner, created, h, logged, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            row.owner.account.into(),
            row.owner.patient.into(),
            row.owner.practitioner.into(),
            row.created.into(),
            code_hash(house, &row.detail.code).into(),
            row.logged.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

const VAULT: &str = "SELECT account, patient, practitioner, created, logged, detail FROM seal_vault";

type SealedVault = (Owner, Timestamp, i64, Vec<u8>);

fn vault_row(row: &DbRow<'_, '_>) -> Result<SealedVault, DbError> {
    let owner = Owner { account: row.int(0)?, patient: row.int(1)?, practitioner: row.int(2)? };
    Ok((owner, Timestamp(row.int(3)?), row.int(4)?, row.blob(5)?.to_vec()))
}

fn one_vault(tx: &mut Tx<'_>, house: &House, found: Option<SealedVault>) -> Result<Option<VaultRow>, DocumentError> {
    let Some((owner, created, logged, sealed)) = found else { return Ok(None) };
    let detail = open(tx, house, (owner.patient, vault_place(owner)), &sealed)?;
    Ok(Some(VaultRow { owner, created, logged, detail }))
}

pub fn vault(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<Option<VaultRow>, DocumentError> {
    let found = tx.query_opt(&format!("{VAULT} WHERE account = ?1"), &[account.into()], vault_row)?;
    one_vault(tx, house, found)
}

/// The vault of the account that a practitioner signs in with.
pub fn vault_of_practitioner(
    tx: &mut Tx<'_>,
    house: &House,
    practitioner: i64,
) -> Result<Option<VaultRow>, DocumentError> {
    let sql = format!("{VAULT} WHERE practitioner = ?1 ORDER BY account LIMIT 1");
    let found = tx.query_opt(&sql, &[practitioner.into()], vault_row)?;
    one_vault(tx, house, found)
}

pub fn vault_of_patient(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Option<VaultRow>, DocumentError> {
    let sql = format!("{VAULT} WHERE patient = ?1 ORDER BY account LIMIT 1");
    let found = tx.query_opt(&sql, &[patient.into()], vault_row)?;
    one_vault(tx, house, found)
}

pub fn vault_of_code(tx: &mut Tx<'_>, house: &House, code: &str) -> Result<Option<VaultRow>, DocumentError> {
    let sql = format!("{VAULT} WHERE h = ?1 ORDER BY account LIMIT 1");
    let found = tx.query_opt(&sql, &[code_hash(house, code).into()], vault_row)?;
    Ok(one_vault(tx, house, found)?.filter(|row| row.detail.code == code))
}

/// Ends a vault with everything that opens it. What it opened stays shut.
pub fn remove_vault(tx: &mut Tx<'_>, owner: Owner) -> Result<(), DbError> {
    let account = owner.account;
    let of = "(SELECT opening FROM seal_opening WHERE account = ?1)";
    tx.execute(&format!("DELETE FROM seal_answer WHERE opening IN {of}"), &[account.into()])?;
    for table in ["seal_opening", "seal_guardian", "seal_way", "seal_vault"] {
        tx.execute(&format!("DELETE FROM {table} WHERE account = ?1"), &[account.into()])?;
    }
    // Shares that were wrapped for it, and keys that it could open, are worth nothing any more.
    tx.execute("DELETE FROM seal_guardian WHERE guardian = ?1", &[account.into()])?;
    if owner.practitioner != 0 {
        tx.execute("DELETE FROM seal_wrap WHERE reader = ?1", &[owner.practitioner.into()])?;
    }
    if owner.patient != 0 {
        tx.execute("DELETE FROM seal_wrap WHERE patient = ?1", &[owner.patient.into()])?;
    }
    Ok(())
}

/// The sealed part of a way.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WayDetail {
    pub name: String,
    pub credential: Option<String>,
    pub wrap: String,
}

#[derive(Clone, Debug)]
pub struct WayRow {
    pub id: i64,
    pub kind: WayKind,
    pub created: Timestamp,
    pub detail: WayDetail,
}

const fn way_place(way: i64, owner: Owner) -> Aad {
    Aad::new("seal_way", way, owner.account, 0)
}

pub fn insert_way(tx: &mut Tx<'_>, house: &House, owner: Owner, row: &WayRow) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, (owner.patient, way_place(row.id, owner)), &row.detail)?;
    tx.execute(
        "INSERT INTO seal_way (way, account, kind, created, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[row.id.into(), owner.account.into(), (row.kind as i64).into(), row.created.into(), (&sealed).into()],
    )?;
    Ok(())
}

pub fn ways(tx: &mut Tx<'_>, house: &House, owner: Owner) -> Result<Vec<WayRow>, DocumentError> {
    let sql = "SELECT way, kind, created, detail FROM seal_way WHERE account = ?1 ORDER BY way";
    let rows = tx.query(sql, &[owner.account.into()], |row| {
        Ok::<_, DbError>((row.int(0)?, row.int(1)?, Timestamp(row.int(2)?), row.blob(3)?.to_vec()))
    })?;
    let one = |(id, kind, created, sealed): (i64, i64, Timestamp, Vec<u8>)| {
        let kind = if kind == 0 { WayKind::Passkey } else { WayKind::Recovery };
        Ok(WayRow { id, kind, created, detail: open(tx, house, (owner.patient, way_place(id, owner)), &sealed)? })
    };
    rows.into_iter().map(one).collect()
}

pub fn remove_way(tx: &mut Tx<'_>, account: i64, way: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM seal_way WHERE account = ?1 AND way = ?2", &[account.into(), way.into()])?;
    Ok(())
}
