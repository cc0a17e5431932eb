//! All SQL of emergencies.

use crate::error::ConsentError;
use crate::store::{self, Row};
use db::{DbError, Row as DbRow, Tx};
use fhir::Kind;
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

/// The sealed part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// Where the practitioner worked when they declared it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<String>,
    /// Who reviewed it, and what they wrote.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reviewer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

/// What is particular to an emergency, beside its grant.
#[derive(Clone, Debug)]
pub struct Emergency {
    pub id: i64,
    pub patient: i64,
    pub account: i64,
    pub opened: i64,
    pub whole: Option<i64>,
    pub state: i64,
    pub reviewed: Option<i64>,
    pub detail: Detail,
}

const COLUMNS: &str = "grant_id, patient, account, opened, whole, state, reviewed, detail";

/// The queue shows so many.
const SHOWN: i64 = 200;

const fn place(id: i64, patient: i64) -> Aad {
    Aad::new("emergency", id, patient, 0)
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Emergency) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| DbError::Failed(e.to_string()))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?)
}

fn read(row: &DbRow<'_, '_>) -> Result<(Emergency, Vec<u8>), DbError> {
    let emergency = Emergency {
        id: row.int(0)?,
        patient: row.int(1)?,
        account: row.int(2)?,
        opened: row.int(3)?,
        whole: row.opt_int(4)?,
        state: row.int(5)?,
        reviewed: row.opt_int(6)?,
        detail: Detail::default(),
    };
    Ok((emergency, row.blob(7)?.to_vec()))
}

/// Opens what can be opened: the emergency of an erased patient is gone with them.
fn open(
    tx: &mut Tx<'_>,
    house: &House,
    (mut row, sealed): (Emergency, Vec<u8>),
) -> Result<Option<Emergency>, ConsentError> {
    let key = match house.vault.key(tx, row.patient) {
        Err(VaultError::NoKey) => return Ok(None),
        key => key?,
    };
    let json = key.open(&place(row.id, row.patient), &sealed)?;
    row.detail = serde_json::from_slice(&json).map_err(|e| DbError::Failed(format!("an emergency's detail: {e}")))?;
    Ok(Some(row))
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Emergency) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "INSERT INTO emergency (grant_id, patient, account, opened, whole, state, reviewed, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            row.id.into(),
            row.patient.into(),
            row.account.into(),
            row.opened.into(),
            row.whole.into(),
            row.state.into(),
            row.reviewed.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// One emergency, whoever declared it: the caller decides.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<(Emergency, Row)>, ConsentError> {
    let found = tx.query_opt(&format!("SELECT {COLUMNS} FROM emergency WHERE grant_id = ?1"), &[id.into()], read)?;
    let Some(found) = found else { return Ok(None) };
    with_grant(tx, house, found)
}

fn with_grant(
    tx: &mut Tx<'_>,
    house: &House,
    found: (Emergency, Vec<u8>),
) -> Result<Option<(Emergency, Row)>, ConsentError> {
    let Some(emergency) = open(tx, house, found)? else { return Ok(None) };
    Ok(store::grant(tx, house, emergency.id)?.map(|row| (emergency, row)))
}

pub fn patient_of_emergency(tx: &mut Tx<'_>, id: i64) -> Result<Option<i64>, DbError> {
    tx.query_opt("SELECT patient FROM emergency WHERE grant_id = ?1", &[id.into()], |row| row.int(0))
}

/// A live emergency that this account declared for this patient.
pub fn live(
    tx: &mut Tx<'_>,
    house: &House,
    (account, patient): (i64, i64),
    now: Timestamp,
) -> Result<Option<(Emergency, Row)>, ConsentError> {
    let id = tx.query_opt(
        "SELECT e.grant_id FROM emergency e JOIN grants g ON g.grant_id = e.grant_id
         WHERE e.patient = ?1 AND e.account = ?2 AND g.until > ?3 AND g.revoked IS NULL ORDER BY e.grant_id LIMIT 1",
        &[patient.into(), account.into(), now.into()],
        |row| row.int(0),
    )?;
    id.map_or(Ok(None), |id| find(tx, house, id))
}

/// Emergencies: those that wait for review first, the longest waiting before the others; then the newest.
pub fn all(tx: &mut Tx<'_>, house: &House) -> Result<Vec<(Emergency, Row)>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM emergency ORDER BY CASE WHEN state = 0 THEN 0 ELSE 1 END,
         CASE WHEN state = 0 THEN grant_id ELSE -grant_id END LIMIT {SHOWN}"
    );
    let rows = tx.query(&sql, &[], read)?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.extend(with_grant(tx, house, row)?);
    }
    Ok(out)
}

/// Opens the rest of the record to a live emergency.
pub fn set_whole(tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE emergency SET whole = ?2 WHERE grant_id = ?1", &[row.id.into(), now.into()])?;
    for table in ["grants", "reach"] {
        tx.execute(
            &format!("UPDATE {table} SET categories = ?2 WHERE grant_id = ?1"),
            &[row.id.into(), row.terms.categories.into()],
        )?;
    }
    Ok(())
}

pub fn set_reviewed(tx: &mut Tx<'_>, house: &House, row: &Emergency) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "UPDATE emergency SET state = ?2, reviewed = ?3, detail = ?4 WHERE grant_id = ?1",
        &[row.id.into(), row.state.into(), row.reviewed.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// The record with this logical id, live.
pub fn patient_of_id(tx: &mut Tx<'_>, house: &House, id: &str) -> Result<Option<i64>, DbError> {
    let idh = house.vault.terms().hash(b"id", &[Kind::Patient.name().as_bytes(), id.as_bytes()]);
    tx.query_opt(
        "SELECT rid FROM resource WHERE kind = ?1 AND idh = ?2 AND patient = rid AND state = 0",
        &[Kind::Patient.code().into(), idh.into()],
        |row| row.int(0),
    )
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM emergency WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
