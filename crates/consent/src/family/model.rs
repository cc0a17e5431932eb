//! What a delegation looks like, as it is sent.

use crate::marks::{Category, Label};
use crate::model::Party;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DelegationKind)]
pub enum Kind {
    Guardianship,
    Delegation,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DelegationState)]
pub enum State {
    /// Waits for the answer of whoever was asked.
    Waiting,
    Active,
    Ended,
}

/// Who looks after whose record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Delegation {
    pub id: i64,
    pub kind: Kind,
    /// Whose record.
    pub patient: Party,
    /// Who looks after it: their name, or before they accept what was typed; for them `null`, it is they.
    #[schema(required = true)]
    pub person: Option<String>,
    /// Whether it is the caller who looks after the record.
    pub mine: bool,
    /// Who asks the caller, until the caller answers.
    #[schema(required = true)]
    pub asker: Option<String>,
    /// Also adds, shares and approves; else only looks.
    pub acts: bool,
    /// `null` means every kind of data.
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    pub labels: Vec<Label>,
    #[schema(format = DateTime)]
    pub created: String,
    /// When it ends by itself: a guardianship when the child comes of age.
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    pub state: State,
    /// Why an administrator began or ended it.
    #[schema(required = true)]
    pub reason: Option<String>,
}

/// A patient asks somebody to look after their record.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegateForm {
    /// The user name or e-mail address of a patient's account.
    pub person: String,
    /// `true` to act as the patient would, `false` only to look.
    pub acts: bool,
    /// `null` means every kind of data.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    /// Sensitive areas that are included.
    pub labels: Vec<Label>,
    /// When it ends by itself; `null` means when one of the two ends it.
    #[serde(deserialize_with = "said")]
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
}

/// A guardian asks somebody to be a guardian too.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianForm {
    /// The id of the child's Patient.
    pub patient: String,
    /// The user name or e-mail address of a patient's account.
    pub person: String,
}

/// An administrator makes somebody the guardian of a child whose record is there already.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkForm {
    /// The id of the child's Patient.
    pub patient: String,
    /// The user name or e-mail address of a patient's account.
    pub person: String,
    /// What it rests on, in 10 to 1000 characters: all whom it concerns read it.
    pub reason: String,
}

/// Why an administrator ends a guardianship.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EndingReason)]
pub struct Reason {
    pub reason: String,
}

/// The secret of a letter in which somebody was asked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LetterForm {
    pub secret: String,
}

/// Whether a question reached anybody is not said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DelegationAsked)]
pub struct Answer {
    /// Always `sent`.
    pub status: &'static str,
}

/// An account that somebody typed the name of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    pub typed: String,
    /// `None` when the name is nobody's.
    pub account: Option<i64>,
    /// What the person is called, where it may be said.
    pub name: Option<String>,
    /// The address of the pages, for a letter; `None` where none leave this server.
    pub pages: Option<String>,
}

/// `null` may be said, but something must be said.
fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}
