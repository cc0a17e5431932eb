//! Why a file is not taken in, in one word for programs and one sentence for the person.

use serde::Serialize;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    UnknownType,
    Empty,
    /// Programs inside an office document, or whatever fetches or starts some.
    Macros,
    PdfScript,
    PdfLaunch,
    PdfEmbedded,
    /// The file is two kinds at once.
    Polyglot,
    /// It unpacks to far more than it should, or declares entities.
    Bomb,
    TooManyPages,
    TooLargePicture,
    Damaged,
    /// A password, or an encryption that hides what is inside from every check.
    Protected,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refusal {
    pub reason: Reason,
    pub detail: String,
}

impl Refusal {
    pub fn new(reason: Reason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into() }
    }
}

/// Shorter where a check ends with a refusal.
pub fn refuse<T>(reason: Reason, detail: impl Into<String>) -> Result<T, Refusal> {
    Err(Refusal::new(reason, detail))
}
