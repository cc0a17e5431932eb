//! What can go wrong with pictures and weights.

use thiserror::Error;

#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FaceError {
    #[error("this is not a JPEG picture of a usual size")]
    NotAPicture,
    #[error("the face models cannot be used: {0}")]
    Weights(String),
}
