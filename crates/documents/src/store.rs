//! All SQL of documents. Which of them somebody may see is asked where their DocumentReferences are: see `shown`.

use crate::error::DocumentError;
use crate::jobs;
use crate::model::{AddedBy, State, Suggestions};
use crate::sealing::store as sealing;
use db::{DbError, Row as DbRow, Tx};
use kernel::{Id, Timestamp, id};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vault::Aad;

/// The sealed part of a document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub media_type: String,
    /// Who added it, by name.
    pub author: Option<String>,
    /// Why it could not be read.
    pub reason: Option<String>,
    pub suggestions: Option<Suggestions>,
}

#[derive(Clone, Debug)]
pub struct Row {
    /// The number of the DocumentReference.
    pub rid: i64,
    pub patient: i64,
    /// The name of its files.
    pub blob: i64,
    /// A keyed hash of the content.
    pub hash: i64,
    pub size: i64,
    pub pages: i64,
    pub state: State,
    pub added: Timestamp,
    pub added_by: AddedBy,
    pub deleted: Option<Timestamp>,
    pub detail: Detail,
}

const COLUMNS: &str = "rid, patient, blob, h, size, pages, state, added, added_by, deleted, detail";

const fn place(rid: i64, patient: i64) -> Aad {
    Aad::new("document-row", rid, patient, 0)
}

const fn state_number(state: State) -> i64 {
    match state {
        State::Waiting => 0,
        State::Reading => 1,
        State::Read => 2,
        State::Unreadable => 3,
    }
}

const fn state_of(number: i64) -> State {
    match number {
        0 => State::Waiting,
        1 => State::Reading,
        2 => State::Read,
        _ => State::Unreadable,
    }
}

const fn added_by_number(added_by: AddedBy) -> i64 {
    match added_by {
        AddedBy::Patient => 0,
        AddedBy::Organization => 1,
        AddedBy::Practitioner => 2,
    }
}

const fn added_by_of(number: i64) -> AddedBy {
    match number {
        0 => AddedBy::Patient,
        1 => AddedBy::Organization,
        _ => AddedBy::Practitioner,
    }
}

pub fn broken(what: &str, error: &serde_json::Error) -> DocumentError {
    DbError::Failed(format!("{what}: {error}")).into()
}

/// The content of a file as a number that tells nobody what it is; the same file of another patient has another.
pub fn content_hash(house: &House, patient: i64, sha256: &[u8]) -> i64 {
    house.vault.terms().hash(b"document-content", &[&patient.to_le_bytes(), sha256])
}

type Sealed = (Row, Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, DocumentError> {
    let found = Row {
        rid: row.int(0)?,
        patient: row.int(1)?,
        blob: row.int(2)?,
        hash: row.int(3)?,
        size: row.int(4)?,
        pages: row.int(5)?,
        state: state_of(row.int(6)?),
        added: Timestamp(row.int(7)?),
        added_by: added_by_of(row.int(8)?),
        deleted: row.opt_int(9)?.map(Timestamp),
        detail: Detail::default(),
    };
    Ok((found, row.blob(10)?.to_vec()))
}

fn open(tx: &mut Tx<'_>, house: &House, (row, sealed): Sealed) -> Result<Row, DocumentError> {
    let json = house.vault.key(tx, row.patient)?.open(&place(row.rid, row.patient), &sealed)?;
    let detail = serde_json::from_slice(&json).map_err(|e| broken("a document's detail", &e))?;
    Ok(Row { detail, ..row })
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<u8>, DocumentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| broken("a document's detail", &e))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.rid, row.patient), &json)?)
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "INSERT INTO document (rid, patient, blob, h, size, pages, state, added, added_by, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        &[
            row.rid.into(),
            row.patient.into(),
            row.blob.into(),
            row.hash.into(),
            row.size.into(),
            row.pages.into(),
            state_number(row.state).into(),
            row.added.into(),
            added_by_number(row.added_by).into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// A document by the number of its DocumentReference. That somebody may see it was asked before.
pub fn by_rid(tx: &mut Tx<'_>, house: &House, rid: i64) -> Result<Option<Row>, DocumentError> {
    let sql = format!("SELECT {COLUMNS} FROM document WHERE rid = ?1");
    let sealed = tx.query_opt(&sql, &[rid.into()], read)?;
    sealed.map(|sealed| open(tx, house, sealed)).transpose()
}

pub fn of_patient(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<HashMap<i64, Row>, DocumentError> {
    let sql = format!("SELECT {COLUMNS} FROM document WHERE patient = ?1");
    let sealed = tx.query(&sql, &[patient.into()], read)?;
    sealed.into_iter().map(|sealed| open(tx, house, sealed).map(|row| (row.rid, row))).collect()
}

pub fn count(tx: &mut Tx<'_>, patient: i64) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM document WHERE patient = ?1", &[patient.into()])
}

/// Keeps how far reading came.
pub fn update(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "UPDATE document SET state = ?2, detail = ?3 WHERE rid = ?1",
        &[row.rid.into(), state_number(row.state).into(), (&sealed).into()],
    )?;
    Ok(())
}

pub fn set_deleted(tx: &mut Tx<'_>, rid: i64, at: Option<Timestamp>) -> Result<(), DbError> {
    match at {
        Some(at) => tx.execute("UPDATE document SET deleted = ?2 WHERE rid = ?1", &[rid.into(), at.into()])?,
        None => tx.execute("UPDATE document SET deleted = NULL WHERE rid = ?1", &[rid.into()])?,
    };
    Ok(())
}

/// Notes the deletion of those whose DocumentReference was deleted by itself, through `/fhir`.
pub fn note_deletions(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "UPDATE document SET deleted = ?1 WHERE deleted IS NULL
         AND EXISTS (SELECT 1 FROM resource r WHERE r.rid = document.rid AND r.state = 1)",
        &[now.into()],
    )
}

/// Those that were deleted before an instant: numbers and names of files.
pub fn deleted_before(tx: &mut Tx<'_>, before: Timestamp) -> Result<Vec<(i64, i64)>, DbError> {
    let sql = "SELECT rid, blob FROM document WHERE deleted < ?1 ORDER BY rid LIMIT 1000";
    tx.query(sql, &[before.into()], |row| Ok((row.int(0)?, row.int(1)?)))
}

/// Removes a document with everything that was read of it. Its files are for the caller.
pub fn remove(tx: &mut Tx<'_>, rid: i64) -> Result<(), DbError> {
    for table in ["document_text", "document_term", "document_value", "document"] {
        tx.execute(&format!("DELETE FROM {table} WHERE rid = ?1"), &[rid.into()])?;
    }
    Ok(())
}

/// Whether a file of this name belongs to a document.
pub fn is_known(tx: &mut Tx<'_>, blob: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM document WHERE blob = ?1", &[blob.into()])? > 0)
}

/// How many values of each document of a patient wait for somebody.
pub fn proposed(tx: &mut Tx<'_>, patient: i64) -> Result<HashMap<i64, i64>, DbError> {
    let sql = "SELECT v.rid, COUNT(*) FROM document_value v JOIN document d ON d.rid = v.rid
               WHERE d.patient = ?1 AND v.state = 0 GROUP BY v.rid";
    let rows = tx.query(sql, &[patient.into()], |row| Ok::<_, DbError>((row.int(0)?, row.int(1)?)))?;
    Ok(rows.into_iter().collect())
}

/// Removes what this room keeps of a patient who is being erased, in that transaction. The files, which nothing opens any
/// more, go with a job after it.
pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>, now: Timestamp) -> Result<(), DbError> {
    let mut files = tx.query("SELECT blob FROM document WHERE patient = ?1", &[patient.into()], |row| row.int(0))?;
    files.extend(sealing::blobs(tx, patient.get())?);
    sealing::forget_patient(tx, patient.get())?;
    let parts = "SELECT p.blob FROM upload_part p JOIN upload u ON u.upload = p.upload WHERE u.patient = ?1";
    let parts = tx.query(parts, &[patient.into()], |row| row.int(0))?;
    for table in ["document_text", "document_value"] {
        let of = "(SELECT rid FROM document WHERE patient = ?1)";
        tx.execute(&format!("DELETE FROM {table} WHERE rid IN {of}"), &[patient.into()])?;
    }
    let uploads = "DELETE FROM upload_part WHERE upload IN (SELECT upload FROM upload WHERE patient = ?1)";
    tx.execute(uploads, &[patient.into()])?;
    for table in ["document_term", "document", "upload"] {
        tx.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), &[patient.into()])?;
    }
    jobs::remove_files(tx, &files, &parts, now)
}
