//! What can go wrong below the service: every variant ends as a `Problem` at the border.

use db::DbError;
use kernel::Problem;
use ledger::LedgerError;
use vault::VaultError;

#[derive(Debug, Clone)]
pub enum Error {
    /// Said to the caller as it is.
    Problem(Problem),
    /// What was read while preparing has changed since: prepare again.
    Raced,
    Vault(VaultError),
    Db(DbError),
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        Self::Db(error)
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::Vault(error)
    }
}

impl From<LedgerError> for Error {
    fn from(error: LedgerError) -> Self {
        Self::Problem(error.into())
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Problem(problem) => problem,
            Error::Raced => Self::conflict("This changed while you were changing it. Read it again and retry."),
            Error::Vault(error) => {
                tracing::error!(%error, "vault");
                error.into()
            }
            Error::Db(error) => {
                tracing::error!(%error, "database");
                error.into()
            }
        }
    }
}
