//! All SQL of consents.

mod directory;
mod grants;
mod requests;
pub mod retention;
mod versions;

pub use directory::{patient_of_email, patient_of_share_code, person, person_json, resolve, share_code, workplaces};
pub use grants::{
    Detail, Row, delete_reach, epoch, given, grant, insert, insert_reach, mark_read, raise_epoch, received, set_detail,
    set_revoked, set_until,
};
pub use versions::{Version, keep as keep_version, last as last_version, versions};

pub use requests::{
    Asked, RequestRow, answer, insert as insert_request, open_since, received as requests_received, recent, request,
    sent as requests_sent,
};

use crate::access::{self, Marked};
use db::{DbError, Tx};
use kernel::Timestamp;

/// JSON of our own that does not read or write is a defect, or an altered database.
fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("a consent's detail: {error}"))
}

/// Who can see one of these rows of a record: they hear that it changed. That something happened which a grant does not
/// cover is itself what may not be seen.
pub fn readers_of(tx: &mut Tx<'_>, patient: i64, now: Timestamp, rows: &[Marked]) -> Result<Vec<i64>, DbError> {
    let live = tx.query(
        "SELECT grantee, categories, labels, lo, hi FROM reach WHERE patient = ?1 AND until > ?2
         AND (purpose = 'emergency' OR patient NOT IN (SELECT x.patient FROM restriction x))",
        &[patient.into(), now.into()],
        |row| Ok::<_, DbError>((row.int(0)?, access::terms(row, 1)?)),
    )?;
    let mut readers: Vec<i64> = live
        .into_iter()
        .filter(|(_, terms)| rows.iter().any(|row| terms.cover(*row)))
        .map(|(grantee, _)| grantee)
        .collect();
    readers.sort_unstable();
    readers.dedup();
    Ok(readers)
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    let readers =
        tx.query("SELECT DISTINCT grantee FROM reach WHERE patient = ?1", &[patient.into()], |row| row.int(0));
    for reader in readers? {
        tx.announce(format!("reader:{reader} patients grants"));
    }
    crate::restriction::forget_patient(tx, patient)?;
    for table in ["reach", "grants", "grant_version", "access_request", "share_code"] {
        tx.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), &[patient.into()])?;
    }
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])?;
    Ok(())
}
