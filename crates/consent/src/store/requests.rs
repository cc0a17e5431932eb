//! Requests for access.

use super::broken;
use crate::error::ConsentError;
use crate::marks::Category;
use crate::model::{Party, RequestState};
use db::{DbError, Row as DbRow, Tx, Value};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, DIRECTORY, VaultError};

/// The sealed part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// What the practitioner typed.
    pub typed: String,
    pub from: Party,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<String>,
    /// Grants to any of these answer the request: the practitioner and their organizations.
    pub readers: Vec<i64>,
    pub reason: String,
    pub categories: Option<Vec<Category>>,
    pub days: i64,
}

#[derive(Clone, Debug)]
pub struct RequestRow {
    pub id: i64,
    /// `None` when what was typed names nobody.
    pub patient: Option<i64>,
    pub account: i64,
    pub state: RequestState,
    pub created: i64,
    pub asked: Asked,
}

const COLUMNS: &str = "request_id, patient, account, state, created, detail";

/// Shown at once; older ones are history.
const SHOWN: i64 = 200;

const fn place(id: i64, owner: i64) -> Aad {
    Aad::new("access_request", id, owner, 0)
}

type Sealed = (i64, Option<i64>, i64, i64, i64, Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, ConsentError> {
    Ok((row.int(0)?, row.opt_int(1)?, row.int(2)?, row.int(3)?, row.int(4)?, row.blob(5)?.to_vec()))
}

/// Opens what can be opened: what was asked of an erased patient is gone with them.
fn open_all(tx: &mut Tx<'_>, house: &House, sealed: Vec<Sealed>) -> Result<Vec<RequestRow>, ConsentError> {
    let mut rows = Vec::with_capacity(sealed.len());
    for (id, patient, account, state, created, detail) in sealed {
        let owner = patient.unwrap_or(DIRECTORY);
        let key = match house.vault.key(tx, owner) {
            Err(VaultError::NoKey) => continue,
            key => key?,
        };
        let asked = serde_json::from_slice(&key.open(&place(id, owner), &detail)?).map_err(|e| broken(&e))?;
        let state = RequestState::of(state).ok_or_else(|| DbError::Failed("a request's state".into()))?;
        rows.push(RequestRow { id, patient, account, state, created, asked });
    }
    Ok(rows)
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &RequestRow) -> Result<(), ConsentError> {
    let owner = row.patient.unwrap_or(DIRECTORY);
    let json = serde_json::to_vec(&row.asked).map_err(|e| broken(&e))?;
    let sealed = house.vault.key(tx, owner)?.seal(&*house.rng, &place(row.id, owner), &json)?;
    tx.execute(
        "INSERT INTO access_request (request_id, patient, account, state, created, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            row.id.into(),
            row.patient.into(),
            row.account.into(),
            row.state.code().into(),
            row.created.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// When an account asked since a time, oldest first.
pub fn recent(tx: &mut Tx<'_>, account: i64, since: Timestamp) -> Result<Vec<i64>, DbError> {
    tx.query(
        "SELECT created FROM access_request WHERE account = ?1 AND created > ?2 ORDER BY request_id",
        &[account.into(), since.into()],
        |row| row.int(0),
    )
}

/// How many requests of an account to a patient are open and younger than a time.
pub fn open_since(tx: &mut Tx<'_>, account: i64, patient: i64, since: Timestamp) -> Result<i64, DbError> {
    tx.count(
        "SELECT COUNT(*) FROM access_request WHERE patient = ?1 AND account = ?2 AND state = 0 AND created > ?3",
        &[patient.into(), account.into(), since.into()],
    )
}

/// One request to a patient.
pub fn request(tx: &mut Tx<'_>, house: &House, patient: i64, id: i64) -> Result<Option<RequestRow>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM access_request WHERE request_id = ?1 AND patient = ?2");
    let sealed = tx.query_opt(&sql, &[id.into(), patient.into()], read)?;
    Ok(open_all(tx, house, sealed.into_iter().collect())?.pop())
}

/// Answers an open request; `false` when it was answered already.
pub fn answer(tx: &mut Tx<'_>, id: i64, state: RequestState, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx.execute(
        "UPDATE access_request SET state = ?2, answered = ?3 WHERE request_id = ?1 AND state = 0",
        &[id.into(), state.code().into(), now.into()],
    )?;
    Ok(changed > 0)
}

/// What a patient was asked, newest first.
pub fn received(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<RequestRow>, ConsentError> {
    list(tx, house, "patient", patient)
}

/// What an account asked, newest first.
pub fn sent(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<Vec<RequestRow>, ConsentError> {
    list(tx, house, "account", account)
}

fn list(tx: &mut Tx<'_>, house: &House, column: &str, value: i64) -> Result<Vec<RequestRow>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM access_request WHERE {column} = ?1 ORDER BY request_id DESC LIMIT ?2");
    let sealed = tx.query(&sql, &[value.into(), Value::Int(SHOWN)], read)?;
    open_all(tx, house, sealed)
}
