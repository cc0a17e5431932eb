//! All SQL of cases.

use super::model::{CaseEntry, CaseReader, Message};
use crate::error::ConsentError;
use db::{DbError, Row as DbRow, Tx, Value};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

/// The sealed part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub patient: String,
    pub reader: CaseReader,
    pub entry: CaseEntry,
    pub messages: Vec<Message>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub patient: i64,
    pub seq: i64,
    pub reader: Option<i64>,
    pub opened: i64,
    pub due: i64,
    pub state: i64,
    pub detail: Detail,
}

/// Whose cases.
#[derive(Clone, Copy, Debug)]
pub enum Of {
    Patient(i64),
    Reader(i64),
    Everybody,
}

const COLUMNS: &str = "case_id, patient, seq, reader, opened, due, state, detail";

/// A list shows so many.
const SHOWN: i64 = 200;

const fn place(id: i64, patient: i64) -> Aad {
    Aad::new("case", id, patient, 0)
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| DbError::Failed(e.to_string()))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?)
}

/// A row with its detail still sealed.
type Sealed = ([i64; 6], Option<i64>, Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, DbError> {
    let numbers = [row.int(0)?, row.int(1)?, row.int(2)?, row.int(4)?, row.int(5)?, row.int(6)?];
    Ok((numbers, row.opt_int(3)?, row.blob(7)?.to_vec()))
}

/// Opens what can be opened: the case of an erased patient is gone with them.
fn open(tx: &mut Tx<'_>, house: &House, (numbers, reader, sealed): Sealed) -> Result<Option<Row>, ConsentError> {
    let [id, patient, seq, opened, due, state] = numbers;
    let key = match house.vault.key(tx, patient) {
        Err(VaultError::NoKey) => return Ok(None),
        key => key?,
    };
    let json = key.open(&place(id, patient), &sealed)?;
    let detail = serde_json::from_slice(&json).map_err(|e| DbError::Failed(format!("a case's detail: {e}")))?;
    Ok(Some(Row { id, patient, seq, reader, opened, due, state, detail }))
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "INSERT INTO access_case (case_id, patient, seq, reader, opened, due, state, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            row.id.into(),
            row.patient.into(),
            row.seq.into(),
            row.reader.into(),
            row.opened.into(),
            row.due.into(),
            row.state.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "UPDATE access_case SET due = ?2, state = ?3, detail = ?4 WHERE case_id = ?1",
        &[row.id.into(), row.due.into(), row.state.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Notes when a case was closed.
pub fn closed(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE access_case SET closed = ?2 WHERE case_id = ?1", &[id.into(), now.into()])?;
    Ok(())
}

/// One case, whoever asks: the caller decides.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Row>, ConsentError> {
    let found = tx.query_opt(&format!("SELECT {COLUMNS} FROM access_case WHERE case_id = ?1"), &[id.into()], read)?;
    found.map_or(Ok(None), |found| open(tx, house, found))
}

/// Whether the patient's question about this entry is not closed.
pub fn is_open(tx: &mut Tx<'_>, patient: i64, seq: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM access_case WHERE patient = ?1 AND seq = ?2 AND state <> 3";
    Ok(tx.count(sql, &[patient.into(), seq.into()])? > 0)
}

/// How many cases a patient has opened since.
pub fn opened_since(tx: &mut Tx<'_>, patient: i64, since: i64) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM access_case WHERE patient = ?1 AND opened > ?2";
    tx.count(sql, &[patient.into(), since.into()])
}

/// Cases: those that wait first, the longest waiting before the others; then the newest.
pub fn all(tx: &mut Tx<'_>, house: &House, of: Of) -> Result<Vec<Row>, ConsentError> {
    let (whose, params): (&str, Vec<Value<'_>>) = match of {
        Of::Patient(patient) => ("WHERE patient = ?1", vec![patient.into()]),
        Of::Reader(reader) => ("WHERE reader = ?1", vec![reader.into()]),
        Of::Everybody => ("", Vec::new()),
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM access_case {whose} ORDER BY CASE WHEN state IN (0, 2) THEN 0 ELSE 1 END,
         CASE WHEN state IN (0, 2) THEN due ELSE -case_id END LIMIT {SHOWN}"
    );
    let rows = tx.query(&sql, &params, read)?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.extend(open(tx, house, row)?);
    }
    Ok(out)
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM access_case WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
