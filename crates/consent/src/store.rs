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

use db::DbError;

/// JSON of our own that does not read or write is a defect, or an altered database.
fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("a consent's detail: {error}"))
}
