//! Sealed documents.

use super::{open, seal};
use crate::error::DocumentError;
use consent::{Access, Compartment};
use db::{DbError, Sql, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// The sealed part of a document.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DocumentDetail {
    pub detail: String,
}

#[derive(Clone, Debug)]
pub struct SealedRow {
    pub number: i64,
    pub id: String,
    pub patient: i64,
    pub compartment: Compartment,
    pub epoch: i64,
    pub blob: i64,
    pub size: i64,
    pub added: Timestamp,
    pub detail: String,
}

const fn document_place(number: i64, patient: i64) -> Aad {
    Aad::new("sealed_document", number, patient, 0)
}

pub fn insert_document(tx: &mut Tx<'_>, house: &House, row: &SealedRow) -> Result<(), DocumentError> {
    let detail = DocumentDetail { detail: row.detail.clone() };
    let sealed = seal(tx, house, (row.patient, document_place(row.number, row.patient)), &detail)?;
    tx.execute(
        "INSERT INTO sealed_document (number, id, patient, compartment, epoch, blob, size, added, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            row.number.into(),
            (&row.id).into(),
            row.patient.into(),
            row.compartment.bit().into(),
            row.epoch.into(),
            row.blob.into(),
            row.size.into(),
            row.added.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// Sealed documents that the access covers: all of a patient's, or the one with this id.
pub fn documents(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    which: Which<'_>,
) -> Result<Vec<SealedRow>, DocumentError> {
    let mut sql = Sql::new(
        "SELECT s.number, s.id, s.patient, s.compartment, s.epoch, s.blob, s.size, s.added, s.detail
         FROM sealed_document s WHERE ",
    );
    match which {
        Which::Of(patient) => sql.push("s.patient = ").int(patient),
        Which::Named(id) => sql.push("s.id = ").str(id),
    };
    sql.push(" AND ");
    access.restrict_sealed(&mut sql, "s.patient", "s.compartment");
    sql.push(" ORDER BY s.number DESC");
    let rows = tx.rows(&sql, |row| {
        let part = (row.int(0)?, row.text(1)?.to_owned(), row.int(2)?, row.int(3)?);
        Ok::<_, DbError>((part, (row.int(4)?, row.int(5)?, row.int(6)?, row.int(7)?), row.blob(8)?.to_vec()))
    })?;
    let mut out = Vec::with_capacity(rows.len());
    for ((number, id, patient, bit), (epoch, blob, size, added), sealed) in rows {
        let Some(compartment) = Compartment::of(bit) else { continue };
        let detail: DocumentDetail = open(tx, house, (patient, document_place(number, patient)), &sealed)?;
        let added = Timestamp(added);
        out.push(SealedRow { number, id, patient, compartment, epoch, blob, size, added, detail: detail.detail });
    }
    Ok(out)
}

#[derive(Clone, Copy, Debug)]
pub enum Which<'a> {
    Of(i64),
    Named(&'a str),
}

/// Whose sealed document this is, whoever asks: for the trace of a refusal.
pub fn patient_of(tx: &mut Tx<'_>, id: &str) -> Result<Option<i64>, DbError> {
    tx.query_opt("SELECT patient FROM sealed_document WHERE id = ?1", &[id.into()], |row| row.int(0))
}

/// The id of a sealed document by its number.
pub fn id_of(tx: &mut Tx<'_>, number: i64) -> Result<Option<String>, DbError> {
    let sql = "SELECT id FROM sealed_document WHERE number = ?1";
    tx.query_opt(sql, &[number.into()], |row| Ok(row.text(0)?.to_owned()))
}

pub fn update_document(tx: &mut Tx<'_>, house: &House, row: &SealedRow) -> Result<(), DocumentError> {
    let detail = DocumentDetail { detail: row.detail.clone() };
    let sealed = seal(tx, house, (row.patient, document_place(row.number, row.patient)), &detail)?;
    let sql = "UPDATE sealed_document SET detail = ?2 WHERE number = ?1";
    tx.execute(sql, &[row.number.into(), (&sealed).into()])?;
    Ok(())
}

pub fn remove_document(tx: &mut Tx<'_>, number: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM sealed_document WHERE number = ?1", &[number.into()])?;
    Ok(())
}

pub fn count(tx: &mut Tx<'_>, patient: i64) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM sealed_document WHERE patient = ?1", &[patient.into()])
}

/// The files of a patient's sealed documents.
pub fn blobs(tx: &mut Tx<'_>, patient: i64) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT blob FROM sealed_document WHERE patient = ?1", &[patient.into()], |row| row.int(0))
}

pub fn is_known(tx: &mut Tx<'_>, blob: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM sealed_document WHERE blob = ?1", &[blob.into()])? > 0)
}
