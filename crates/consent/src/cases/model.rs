//! What a case looks like, as it is sent and as it is kept.

use ledger::Action;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A patient asks about an entry of their ledger.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseForm {
    /// The number of the entry, as the ledger lists it.
    pub entry: i64,
    /// In 5 to 2000 characters: whoever read the record, and the administrators, read it.
    pub question: String,
}

/// A patient says that an entry of their record is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionForm {
    /// The FHIR type of the entry.
    pub r#type: String,
    /// Its logical id.
    pub id: String,
    /// What is wrong, in 5 to 2000 characters: whoever wrote it or is named in it, and the administrators, read it.
    pub reason: String,
    /// What it should say, in up to 2000 characters.
    #[serde(default)]
    pub proposal: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseKind {
    /// Why did they read my record?
    Question,
    /// This entry is wrong.
    Correction,
}

impl CaseKind {
    const DAY_MS: i64 = 24 * 3_600_000;

    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Question, Self::Correction].into_iter().find(|one| one.code() == code)
    }

    /// How long an answer may take: for a correction the month of GDPR article 12(3), well within the sixty days of HIPAA
    /// (45 CFR 164.526(b)(2)).
    pub const fn due_ms(self) -> i64 {
        match self {
            Self::Question => 7 * Self::DAY_MS,
            Self::Correction => 30 * Self::DAY_MS,
        }
    }

    /// What the ledger calls it.
    pub const fn what(self) -> &'static str {
        match self {
            Self::Question => "Case",
            Self::Correction => "Correction",
        }
    }
}

/// What became of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CaseOutcome)]
pub enum Outcome {
    /// The entry was changed, as the patient approved.
    Corrected,
    /// Whoever wrote it changed it by their own software: the patient looks whether it is right now.
    Changed,
    /// It stays as it is; the last message says why.
    Declined,
}

/// The entry of the record that is said to be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseAbout {
    /// The FHIR type.
    pub r#type: String,
    pub id: String,
    pub title: String,
    #[schema(required = true)]
    pub date: Option<String>,
    /// The version that came of it, once the entry was changed or removed.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageForm {
    /// 1 to 2000 characters.
    pub text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum CaseState {
    /// The patient waits for an answer.
    Waiting,
    Answered,
    /// The patient was not satisfied: an administrator answers.
    Dissatisfied,
    Closed,
}

impl CaseState {
    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Waiting, Self::Answered, Self::Dissatisfied, Self::Closed].into_iter().find(|one| one.code() == code)
    }

    /// Whether somebody owes an answer.
    pub const fn owed(self) -> bool {
        matches!(self, Self::Waiting | Self::Dissatisfied)
    }
}

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CaseSide)]
pub enum Side {
    Patient,
    /// Whoever read the record, or wrote the entry.
    Reader,
    Administrator,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CaseMessage)]
pub struct Message {
    pub from: Side,
    pub name: String,
    #[schema(format = DateTime)]
    pub time: String,
    pub text: String,
}

/// Who read, as the ledger names them; or who wrote the entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseReader {
    pub name: String,
    pub role: String,
    #[schema(required = true)]
    pub organization: Option<String>,
}

/// The entry that is asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CaseEntry {
    pub seq: i64,
    #[schema(format = DateTime)]
    pub time: String,
    #[schema(value_type = String)]
    pub action: Action,
    #[schema(required = true)]
    pub what: Option<String>,
    pub count: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AccessCase)]
pub struct Case {
    pub id: i64,
    pub kind: CaseKind,
    /// The patient's name.
    pub patient: String,
    /// The id of the Patient, where the caller can open the record; of a correction, where their access covers the entry.
    #[schema(required = true)]
    pub record: Option<String>,
    pub reader: CaseReader,
    /// What a question is about.
    #[schema(required = true)]
    pub entry: Option<CaseEntry>,
    /// What a correction is about.
    #[schema(required = true)]
    pub about: Option<CaseAbout>,
    /// What the entry should say, in the patient's words.
    #[schema(required = true)]
    pub proposal: Option<String>,
    #[schema(required = true)]
    pub outcome: Option<Outcome>,
    pub state: CaseState,
    #[schema(format = DateTime)]
    pub opened: String,
    /// By when an answer is owed; `null` when none is.
    #[schema(required = true, format = DateTime)]
    pub due: Option<String>,
    /// That time is over.
    pub overdue: bool,
    /// What the caller may do now.
    pub may: Vec<May>,
    /// The first is the question.
    pub messages: Vec<Message>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = CaseAct)]
pub enum May {
    /// Write a message.
    Say,
    Close,
    /// Say that the answer is none.
    Object,
    /// Say why an entry stays as it is.
    Decline,
}
