//! What can go wrong here, named for what the caller can do.

use db::DbError;
use kernel::Problem;
use thiserror::Error;
use vault::VaultError;

#[derive(Debug, Clone, Error)]
pub enum DocumentError {
    /// Said to the caller as it is, by this room or by another.
    #[error(transparent)]
    Refused(Box<Problem>),
    /// A file that will not be taken: the child's word for it, and its sentence.
    #[error("the file was refused: {reason}")]
    File { reason: &'static str, detail: String },
    /// The store of files failed; nothing was changed.
    #[error("the store of files: {0}")]
    Blobs(String),
    /// The child could not be run; another time it may.
    #[error("the program that looks into files: {0}")]
    Child(String),
    #[error(transparent)]
    Vault(#[from] VaultError),
}

impl From<DbError> for DocumentError {
    fn from(error: DbError) -> Self {
        Self::Vault(error.into())
    }
}

impl From<Problem> for DocumentError {
    fn from(problem: Problem) -> Self {
        Self::Refused(Box::new(problem))
    }
}

impl From<DocumentError> for Problem {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::Refused(problem) => *problem,
            DocumentError::File { reason, detail } => Self::new(422, reason, detail),
            DocumentError::Blobs(why) => {
                tracing::error!(%why, "the store of files");
                Self::unavailable("Files cannot be kept or found at the moment. Nothing was changed; try again.")
            }
            DocumentError::Child(why) => {
                tracing::error!(%why, "the program that looks into files");
                Self::unavailable("Files cannot be looked into at the moment. Nothing was changed; try again.")
            }
            // A record whose key was destroyed does not exist.
            DocumentError::Vault(VaultError::NoKey) => Self::not_found(),
            DocumentError::Vault(error) => {
                tracing::error!(%error, "documents");
                error.into()
            }
        }
    }
}

/// What `records` says, which it says as a problem.
pub fn records(error: impl Into<Problem>) -> DocumentError {
    DocumentError::from(error.into())
}
