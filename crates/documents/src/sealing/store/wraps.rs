//! Keys of compartments, each wrapped for one reader.

use super::{open, seal};
use crate::error::DocumentError;
use consent::{Access, Compartment};
use db::{DbError, Sql, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// The sealed part of a wrap.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrapDetail {
    pub wrap: String,
    pub signature: String,
    /// The code of the public keys that it was wrapped for.
    pub code: String,
}

#[derive(Clone, Debug)]
pub struct WrapRow {
    pub patient: i64,
    pub compartment: Compartment,
    pub epoch: i64,
    /// A Practitioner, or 0 for the patient.
    pub reader: i64,
    pub detail: WrapDetail,
}

const fn wrap_place(compartment: Compartment, epoch: i64, reader: i64) -> Aad {
    Aad::new("seal_wrap", compartment.bit(), epoch, reader)
}

pub fn put_wrap(tx: &mut Tx<'_>, house: &House, row: &WrapRow, now: Timestamp) -> Result<(), DocumentError> {
    let WrapRow { patient, compartment, epoch, reader, detail } = row;
    let sealed = seal(tx, house, (*patient, wrap_place(*compartment, *epoch, *reader)), detail)?;
    tx.execute(
        "INSERT INTO seal_wrap (patient, compartment, epoch, reader, created, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (patient, compartment, epoch, reader) DO UPDATE SET created = excluded.created, detail = excluded.detail",
        &[
            (*patient).into(),
            compartment.bit().into(),
            (*epoch).into(),
            (*reader).into(),
            now.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// The keys of a patient's compartments for one reader, or for all (`None`), as far as the access goes.
pub fn wraps(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: i64,
    reader: Option<i64>,
) -> Result<Vec<WrapRow>, DocumentError> {
    let mut sql = Sql::new("SELECT w.compartment, w.epoch, w.reader, w.detail FROM seal_wrap w WHERE w.patient = ");
    sql.int(patient);
    if let Some(reader) = reader {
        sql.push(" AND w.reader = ").int(reader);
    }
    sql.push(" AND ");
    access.restrict_sealed(&mut sql, "w.patient", "w.compartment");
    sql.push(" ORDER BY w.compartment, w.epoch, w.reader");
    let rows = tx.rows(&sql, |row| Ok::<_, DbError>((row.int(0)?, row.int(1)?, row.int(2)?, row.blob(3)?.to_vec())))?;
    let mut out = Vec::with_capacity(rows.len());
    for (bit, epoch, reader, sealed) in rows {
        let Some(compartment) = Compartment::of(bit) else { continue };
        let detail = open(tx, house, (patient, wrap_place(compartment, epoch, reader)), &sealed)?;
        out.push(WrapRow { patient, compartment, epoch, reader, detail });
    }
    Ok(out)
}

/// The current epoch of a compartment; 0 before the first.
pub fn epoch(tx: &mut Tx<'_>, patient: i64, compartment: Compartment) -> Result<i64, DbError> {
    let sql = "SELECT MAX(epoch) FROM seal_wrap WHERE patient = ?1 AND compartment = ?2 AND reader = 0";
    let found = tx.query_opt(sql, &[patient.into(), compartment.bit().into()], |row| row.opt_int(0))?;
    Ok(found.flatten().unwrap_or(0))
}

/// Who holds a key of this epoch, beside the patient.
pub fn holders(tx: &mut Tx<'_>, patient: i64, compartment: Compartment, epoch: i64) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT reader FROM seal_wrap WHERE patient = ?1 AND compartment = ?2 AND epoch = ?3 AND reader <> 0";
    tx.query(sql, &[patient.into(), compartment.bit().into(), epoch.into()], |row| row.int(0))
}

/// Takes every key of a compartment back that was wrapped for a reader.
pub fn remove_holder(tx: &mut Tx<'_>, patient: i64, compartment: Compartment, reader: i64) -> Result<(), DbError> {
    tx.execute(
        "DELETE FROM seal_wrap WHERE patient = ?1 AND compartment = ?2 AND reader = ?3",
        &[patient.into(), compartment.bit().into(), reader.into()],
    )?;
    Ok(())
}
