//! All SQL of restrictions.

use db::{DbError, Sql, Tx};
use kernel::{Purpose, Timestamp};

/// The condition that this row of `reach` counts: its patient has not paused sharing, or it is an emergency.
pub fn awake(sql: &mut Sql, reach: &str) {
    let emergency = Purpose::Emergency.as_str();
    sql.push(&format!(" AND ({reach}.purpose = '{emergency}'"));
    sql.push(&format!(" OR {reach}.patient NOT IN (SELECT x.patient FROM restriction x))"));
}

/// The condition that this patient has not paused sharing, for what is no row of `reach`.
pub fn shared(sql: &mut Sql, patient: &str) {
    sql.push(&format!(" AND {patient} NOT IN (SELECT x.patient FROM restriction x)"));
}

pub fn is_on(tx: &mut Tx<'_>, patient: i64) -> Result<bool, DbError> {
    Ok(since(tx, patient)?.is_some())
}

pub fn since(tx: &mut Tx<'_>, patient: i64) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT since FROM restriction WHERE patient = ?1";
    tx.query_opt(sql, &[patient.into()], |row| Ok::<_, DbError>(Timestamp(row.int(0)?)))
}

pub fn insert(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("INSERT INTO restriction (patient, since) VALUES (?1, ?2)", &[patient.into(), now.into()])?;
    Ok(())
}

pub fn delete(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM restriction WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}

/// To whom something is given now: their open pages are asked again.
pub fn readers(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT DISTINCT grantee FROM reach WHERE patient = ?1 AND grantee > 0 AND until > ?2";
    tx.query(sql, &[patient.into(), now.into()], |row| row.int(0))
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    delete(tx, patient)
}
