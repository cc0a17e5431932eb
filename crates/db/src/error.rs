//! What a caller of the database can do something about.

use thiserror::Error;

#[derive(Debug, Clone, Error)]
pub enum DbError {
    /// A unique key exists already: somebody else was first.
    #[error("a row with this key exists already ({0})")]
    Exists(String),
    /// The database cannot be reached or is locked; the same call may work later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The disk is full or broken: nothing more can be acknowledged.
    #[error("the database cannot write: {0}")]
    Storage(String),
    /// The statement or the row is not what the code expects: a defect.
    #[error("database: {0}")]
    Failed(String),
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => Self::Exists(error.to_string()),
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::CannotOpen) => {
                Self::Unavailable(error.to_string())
            }
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::ReadOnly,
            ) => Self::Storage(error.to_string()),
            _ => Self::Failed(error.to_string()),
        }
    }
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        let text = error.as_db_error().map_or_else(|| error.to_string(), ToString::to_string);
        match error.code().map(postgres::error::SqlState::code) {
            Some("23505") => Self::Exists(text),
            Some(code) if code.starts_with("53") => Self::Storage(text),
            Some(code) if code.starts_with("57") || code.starts_with("08") || code.starts_with("40") => {
                Self::Unavailable(text)
            }
            None if error.is_closed() => Self::Unavailable(text),
            _ => Self::Failed(text),
        }
    }
}

impl From<DbError> for kernel::Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Exists(_) => {
                Self::conflict("Somebody else changed this at the same moment. Read it again and retry.")
            }
            DbError::Unavailable(_) => Self::unavailable("The database is busy. Nothing was changed; try again."),
            DbError::Storage(_) => Self::unavailable("The server cannot write to its disk. Nothing was changed."),
            DbError::Failed(_) => Self::internal(),
        }
    }
}
