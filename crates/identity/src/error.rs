//! What can go wrong with accounts and sessions, named for what the caller can do.

use db::DbError;
use kernel::{Issue, Problem};
use ledger::LedgerError;
use thiserror::Error;
use vault::VaultError;

#[derive(Debug, Clone, Error)]
pub enum IdentityError {
    #[error("not signed in")]
    NotSignedIn,
    /// Unknown account, wrong password or locked account: nobody learns which.
    #[error("the name or the password is wrong")]
    LoginFailed,
    #[error("too many tries; wait {0} s")]
    TooMany(u32),
    #[error("{0}")]
    Forbidden(&'static str),
    #[error("there is no such account or session")]
    NotFound,
    #[error("this user name or e-mail address is taken")]
    Taken,
    /// What was sent breaks a rule, or another room refused its part.
    #[error(transparent)]
    Refused(#[from] Box<Problem>),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl IdentityError {
    /// A code that was sent by e-mail is not this one, or not any more.
    pub(crate) fn code_failed() -> Self {
        let text = "This code is wrong, was used, or is older than ten minutes. Ask for a new one.";
        Problem::new(401, "code-failed", text).into()
    }

    /// Without this nobody could sign in to the account any more.
    pub(crate) fn last_method() -> Self {
        let text = "This is the last way to sign in to your account. Add another one first.";
        Problem::new(409, "last-method", text).into()
    }

    pub(crate) fn invalid(issues: Vec<Issue>) -> Self {
        Self::Refused(Box::new(Problem::unprocessable(issues)))
    }
}

impl From<Problem> for IdentityError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<DbError> for IdentityError {
    fn from(error: DbError) -> Self {
        Self::Vault(error.into())
    }
}

impl From<LedgerError> for IdentityError {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::Vault(error) => error.into(),
            LedgerError::Db(error) => error.into(),
            LedgerError::OutOfRange(..) | LedgerError::Backwards(..) | LedgerError::Altered(_) => {
                Problem::internal().into()
            }
        }
    }
}

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::NotSignedIn => Self::unauthorized(),
            IdentityError::LoginFailed => {
                Self::new(401, "login-failed", "The user name or the password is wrong. Check both and try again.")
            }
            IdentityError::TooMany(seconds) => {
                let detail = format!("Too many tries. Wait {seconds} seconds, then try again.");
                Self::new(429, "rate-limited", detail).retry_after(seconds)
            }
            IdentityError::Forbidden(why) => Self::forbidden(why),
            IdentityError::NotFound => Self::not_found(),
            IdentityError::Taken => {
                let detail =
                    "There is an account with this user name or e-mail address already. Sign in, or take another.";
                Self::new(409, "taken", detail)
            }
            IdentityError::Refused(problem) => *problem,
            IdentityError::Vault(error) => error.into(),
        }
    }
}
