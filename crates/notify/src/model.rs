//! What a notice is.

use kernel::{Id, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a notice is about; the page shows each with its own sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = NoticeKind)]
pub enum Kind {
    AccessRequest,
    Grant,
    Revoked,
    Read,
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
    pub(crate) const ALL: [Self; 9] = [
        Self::AccessRequest,
        Self::Grant,
        Self::Revoked,
        Self::Read,
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
}

impl Notice {
    pub fn new(kind: Kind, title: impl Into<String>, body: impl Into<String>) -> Self {
        Self { kind, title: title.into(), body: body.into(), link: None, about: None }
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
}
