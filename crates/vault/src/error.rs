//! What can go wrong with keys.

use db::DbError;
use thiserror::Error;

#[derive(Debug, Clone, Error)]
pub enum VaultError {
    /// The key of this owner was destroyed, or never existed.
    #[error("there is no key for this record: it was erased")]
    NoKey,
    /// The bytes were not sealed with this key for this place, or were altered.
    #[error("sealed data does not open: wrong key, wrong place, or altered")]
    DoesNotOpen,
    #[error("the master key: {0}")]
    Master(String),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<VaultError> for kernel::Problem {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NoKey => Self::not_found(),
            VaultError::Db(error) => error.into(),
            VaultError::DoesNotOpen | VaultError::Master(_) => Self::internal(),
        }
    }
}
