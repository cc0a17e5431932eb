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
    /// Whoever read the record.
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

/// Who read, as the ledger names them.
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
    /// The patient's name.
    pub patient: String,
    pub reader: CaseReader,
    pub entry: CaseEntry,
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
}
