//! What can go wrong with the ledger.

use db::DbError;
use thiserror::Error;
use vault::VaultError;

#[derive(Debug, Clone, Error)]
pub enum LedgerError {
    #[error("There is no entry {0} in a log of {1} entries.")]
    OutOfRange(u64, u64),
    #[error("A log of {0} entries cannot have grown to {1}: `from` is at most `to`.")]
    Backwards(u64, u64),
    /// What is stored contradicts itself: someone altered the database, or a disk did.
    #[error("the ledger does not verify: {0}")]
    Altered(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<LedgerError> for kernel::Problem {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::OutOfRange(..) => Self::new(404, "not-found", error.to_string()),
            LedgerError::Backwards(..) => Self::bad_request(error.to_string()),
            LedgerError::Vault(error) => error.into(),
            LedgerError::Db(error) => error.into(),
            LedgerError::Altered(_) => Self::internal(),
        }
    }
}
