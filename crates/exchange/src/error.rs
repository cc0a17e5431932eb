//! What can go wrong here, named for what the caller can do.

use db::DbError;
use kernel::{Issue, Problem};
use thiserror::Error;
use vault::VaultError;

#[derive(Debug, Clone, Error)]
pub enum ExchangeError {
    /// Nothing the caller can see, or nothing any more.
    #[error("there is no such link")]
    NotFound,
    /// The link asks for a passcode, and this is not it; so many tries are left.
    #[error("the passcode is wrong")]
    WrongPasscode(i64),
    #[error("too many requests; wait {0} s")]
    TooMany(u32),
    #[error("the form breaks {} rules", .0.len())]
    Invalid(Vec<Issue>),
    /// Another room refused its part.
    #[error(transparent)]
    Refused(#[from] Box<Problem>),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<DbError> for ExchangeError {
    fn from(error: DbError) -> Self {
        Self::Vault(error.into())
    }
}

impl From<Problem> for ExchangeError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<Issue> for ExchangeError {
    fn from(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }
}

impl From<ExchangeError> for Problem {
    fn from(error: ExchangeError) -> Self {
        match error {
            ExchangeError::NotFound => Self::not_found(),
            ExchangeError::WrongPasscode(_) => Self::new(401, "passcode", "This link needs its passcode."),
            ExchangeError::TooMany(seconds) => {
                let detail = format!("This was asked for very often. Wait {seconds} seconds, then try again.");
                Self::new(429, "rate-limited", detail).retry_after(seconds)
            }
            ExchangeError::Invalid(issues) => Self::unprocessable(issues),
            ExchangeError::Refused(problem) => *problem,
            // A record whose key was destroyed does not exist.
            ExchangeError::Vault(VaultError::NoKey) => Self::not_found(),
            ExchangeError::Vault(error) => {
                tracing::error!(%error, "exchange");
                error.into()
            }
        }
    }
}
