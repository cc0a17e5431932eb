//! What can go wrong here, named for what the caller can do.

use consent::ConsentError;
use db::DbError;
use identity::IdentityError;
use kernel::{Issue, Problem};
use thiserror::Error;

#[derive(Debug, Clone, Error)]
pub enum SchedulingError {
    /// Somebody has another appointment at that time.
    #[error("the time is taken")]
    Taken(&'static str),
    #[error("the form breaks {} rules", .0.len())]
    Invalid(Vec<Issue>),
    /// Another room refused its part.
    #[error(transparent)]
    Refused(#[from] Box<Problem>),
    #[error(transparent)]
    Db(#[from] DbError),
}

impl From<Problem> for SchedulingError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<Issue> for SchedulingError {
    fn from(issue: Issue) -> Self {
        Self::Invalid(vec![issue])
    }
}

impl From<IdentityError> for SchedulingError {
    fn from(error: IdentityError) -> Self {
        Problem::from(error).into()
    }
}

impl From<ConsentError> for SchedulingError {
    fn from(error: ConsentError) -> Self {
        Problem::from(error).into()
    }
}

/// What `records` says, which it says as a problem.
pub fn records(error: impl Into<Problem>) -> SchedulingError {
    SchedulingError::from(error.into())
}

impl From<SchedulingError> for Problem {
    fn from(error: SchedulingError) -> Self {
        match error {
            SchedulingError::Taken(detail) => Self::new(409, "taken", detail),
            SchedulingError::Invalid(issues) => Self::unprocessable(issues),
            SchedulingError::Refused(problem) => *problem,
            SchedulingError::Db(error) => {
                tracing::error!(%error, "scheduling");
                error.into()
            }
        }
    }
}
