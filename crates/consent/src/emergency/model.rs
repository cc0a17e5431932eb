//! What an emergency looks like, as it is sent and as it is kept.

use crate::model::Party;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A practitioner opens a record in an emergency.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmergencyForm {
    /// The patient's id, as the search for the patient found it, or their share code.
    pub patient: String,
    /// Why, in 10 to 1000 characters: the patient and the reviewer read it.
    pub reason: String,
}

/// What was opened, for whoever opened it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Emergency)]
pub struct Opened {
    /// The number of the grant.
    pub id: i64,
    pub patient: Party,
    /// Whether the whole record is open, or its summary.
    pub whole: bool,
    #[schema(format = DateTime)]
    pub until: String,
    /// Whether the patient has paused all sharing: an emergency opens the record all the same.
    pub restricted: bool,
}

/// What the reviewer found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Finding {
    /// Not reviewed yet.
    Open,
    Justified,
    Unjustified,
}

impl Finding {
    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Open, Self::Justified, Self::Unjustified].into_iter().find(|one| one.code() == code)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewForm {
    pub finding: Finding,
    /// For the patient and the practitioner; required when it was not justified.
    #[serde(default)]
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EmergencyReview)]
pub struct Review {
    pub by: String,
    #[schema(format = DateTime)]
    pub time: String,
    #[schema(required = true)]
    pub note: Option<String>,
}

/// An emergency in the queue of those who review.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = DeclaredEmergency)]
pub struct Declared {
    pub id: i64,
    pub patient: Party,
    pub practitioner: Party,
    #[schema(required = true)]
    pub organization: Option<String>,
    pub reason: String,
    #[schema(format = DateTime)]
    pub opened: String,
    /// When the whole record was opened.
    #[schema(required = true, format = DateTime)]
    pub whole: Option<String>,
    #[schema(format = DateTime)]
    pub until: String,
    /// When it was ended before that.
    #[schema(required = true, format = DateTime)]
    pub ended: Option<String>,
    /// When something was last read under it, to the minute.
    #[schema(required = true, format = DateTime)]
    pub last_read: Option<String>,
    pub finding: Finding,
    /// By when it is to be reviewed.
    #[schema(format = DateTime)]
    pub due: String,
    #[schema(required = true)]
    pub review: Option<Review>,
}
