//! Why a job did not get done.

use db::DbError;
use kernel::Problem;
use ledger::LedgerError;
use thiserror::Error;
use vault::VaultError;

/// A job that answers this is tried again later. The text goes to the log: no health values.
#[derive(Debug, Clone, Error)]
pub enum JobError {
    #[error("{0}")]
    Failed(String),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Vault(#[from] VaultError),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Problem> for JobError {
    fn from(problem: Problem) -> Self {
        Self::Failed(problem.to_string())
    }
}
