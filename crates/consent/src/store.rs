//! All SQL of consents.

mod directory;
mod grants;
mod requests;

pub use directory::{patient_of_email, patient_of_share_code, person, resolve, share_code};
pub use grants::{
    Detail, Row, delete_reach, given, grant, insert, insert_reach, mark_read, raise_epoch, received, set_revoked,
    set_until,
};
pub use requests::{
    Asked, RequestRow, answer, insert as insert_request, open_since, received as requests_received, recent, request,
    sent as requests_sent,
};

use db::{DbError, Tx};

/// JSON of our own that does not read or write is a defect, or an altered database.
fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("a consent's detail: {error}"))
}

/// Who can see something of a record: they hear when it changes, and what changed stays for the query to show.
pub fn readers(tx: &mut Tx<'_>, patient: i64) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT DISTINCT grantee FROM reach WHERE patient = ?1", &[patient.into()], |row| row.int(0))
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    for reader in readers(tx, patient)? {
        tx.announce(format!("reader:{reader} patients grants"));
    }
    for table in ["reach", "grants", "access_request", "share_code"] {
        tx.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), &[patient.into()])?;
    }
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])?;
    Ok(())
}
