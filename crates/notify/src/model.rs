//! What a notice is.

use kernel::{Id, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a notice is about; the page shows each with its own sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NoticeKind)]
pub enum Kind {
    AccessRequest,
    Grant,
    Revoked,
    Read,
    /// Somebody read it who never had.
    NewReader,
    Record,
    Security,
    /// A record was opened without a grant.
    Emergency,
    /// A change of the record is proposed, or landed.
    Edit,
    /// A patient asked about an access, or was answered.
    Case,
}

impl Kind {
    pub(crate) const ALL: [Self; 10] = [
        Self::AccessRequest,
        Self::Grant,
        Self::Revoked,
        Self::Read,
        Self::NewReader,
        Self::Record,
        Self::Security,
        Self::Emergency,
        Self::Edit,
        Self::Case,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessRequest => "access-request",
            Self::Grant => "grant",
            Self::Revoked => "revoked",
            Self::Read => "read",
            Self::NewReader => "new-reader",
            Self::Record => "record",
            Self::Security => "security",
            Self::Emergency => "emergency",
            Self::Edit => "edit",
            Self::Case => "case",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// What an e-mail about a notice says, where its owner wishes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Letter {
    /// The title, and where to read on.
    Title,
    /// Words of its own: there is more to say than in the title, or the title says what e-mail must not.
    Says { subject: String, text: String },
    /// Whoever sends the notice writes the letter, if one is wished for; or none is worth writing.
    Own,
}

/// What somebody is told. Title and body are sentences; they name people and dates, never a health value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    pub kind: Kind,
    pub title: String,
    pub body: String,
    /// Where the page should lead, such as `/grants`.
    pub link: Option<String>,
    /// Whose record it leads to, when it goes to somebody else: it cannot be read once that record is erased.
    pub about: Option<Id<id::Patient>>,
    pub letter: Letter,
}

impl Notice {
    pub fn new(kind: Kind, title: impl Into<String>, body: impl Into<String>) -> Self {
        Self { kind, title: title.into(), body: body.into(), link: None, about: None, letter: Letter::Title }
    }

    #[must_use]
    pub const fn about(mut self, patient: Id<id::Patient>) -> Self {
        self.about = Some(patient);
        self
    }

    #[must_use]
    pub fn link(mut self, link: impl Into<String>) -> Self {
        self.link = Some(link.into());
        self
    }

    #[must_use]
    pub fn letter(mut self, letter: Letter) -> Self {
        self.letter = letter;
        self
    }

    /// Subject and text of a letter about it.
    pub(crate) fn words(&self) -> (String, String) {
        match &self.letter {
            Letter::Says { subject, text } => (subject.clone(), text.clone()),
            Letter::Title | Letter::Own => (self.title.clone(), format!("{}.", self.title)),
        }
    }
}
