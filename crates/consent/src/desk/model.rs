//! What is said at the desk, as it is sent.

use crate::marks::{Category, Label};
use crate::model::{Party, said};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A code as it was typed or scanned.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeskCodeForm)]
pub struct CodeForm {
    pub code: String,
}

/// What the patient gives with their tap.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DeskGiveForm)]
pub struct GiveForm {
    /// `null` means every kind of data.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    /// Sensitive areas that are included.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// For how many hours, from now: at most 31 days of them.
    pub hours: i64,
}

/// A code that was just made. Kept is only a keyed hash of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeskCode)]
pub struct Shown {
    pub id: i64,
    /// Eight digits.
    pub code: String,
    /// When it stops being good.
    #[schema(format = DateTime)]
    pub until: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DeskState)]
pub enum MeetingState {
    /// The code waits for the other one.
    Shown,
    /// Both are there; the patient decides.
    Met,
    Given,
    /// Somebody ended it, or its time is over.
    Ended,
}

impl MeetingState {
    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Shown, Self::Met, Self::Given, Self::Ended].into_iter().find(|state| state.code() == code)
    }
}

/// What one of the two sees.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DeskMeeting)]
pub struct Meeting {
    pub id: i64,
    pub state: MeetingState,
    /// When the code, or the patient's time to decide, is over.
    #[schema(format = DateTime)]
    pub until: String,
    /// The practitioner, once they are there.
    #[schema(required = true)]
    pub practitioner: Option<Party>,
    /// Where they work.
    #[schema(required = true)]
    pub organization: Option<String>,
    /// Whose record was opened; only once access was given, and while it stands.
    #[schema(required = true)]
    pub patient: Option<Party>,
}
