//! What can go wrong with consents, named for what the caller can do.

use db::DbError;
use kernel::{Issue, Problem};
use thiserror::Error;
use vault::VaultError;

#[derive(Debug, Clone, Error)]
pub enum ConsentError {
    #[error("not signed in")]
    NotSignedIn,
    /// The caller's role has no such right, whatever the record.
    #[error("{0}")]
    Forbidden(&'static str),
    /// Nothing the caller can see; whether it exists is not said.
    #[error("there is no such grant or request")]
    NotFound,
    #[error("the form breaks {} rules", .0.len())]
    Invalid(Vec<Issue>),
    /// It was ended or answered already.
    #[error("{0}")]
    Conflict(&'static str),
    #[error("too many requests; wait {0} s")]
    TooMany(u32),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<DbError> for ConsentError {
    fn from(error: DbError) -> Self {
        Self::Vault(error.into())
    }
}

impl From<Issue> for ConsentError {
    fn from(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }
}

impl From<ConsentError> for Problem {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::NotSignedIn => Self::unauthorized(),
            ConsentError::Forbidden(why) => Self::forbidden(why),
            ConsentError::NotFound => Self::not_found(),
            ConsentError::Invalid(issues) => Self::unprocessable(issues),
            ConsentError::Conflict(why) => Self::conflict(why),
            ConsentError::TooMany(seconds) => {
                let detail = format!("You have asked for access very often. Wait {seconds} seconds, then try again.");
                Self::new(429, "rate-limited", detail).retry_after(seconds)
            }
            ConsentError::Vault(error) => error.into(),
        }
    }
}
