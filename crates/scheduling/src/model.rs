//! What an appointment looks like, as it is sent and as it is shown.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the two meet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AppointmentKind)]
pub enum Kind {
    #[default]
    InPerson,
    Online,
}

/// What is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = AppointmentForm, example = json!({
    "doctor": "doctor1", "start": "2030-05-02T09:00:00Z", "minutes": 20, "reason": "Blood pressure check"
}))]
pub struct Booking {
    /// The id of the Practitioner, or the doctor's user name or e-mail address. A doctor who books for themselves leaves it
    /// out.
    #[serde(default)]
    pub doctor: Option<String>,
    /// The id of the Patient. A patient who asks for themselves leaves it out.
    #[serde(default)]
    pub patient: Option<String>,
    #[schema(format = DateTime)]
    pub start: String,
    /// How long it takes: 5 to 480, 30 when left out.
    #[serde(default)]
    pub minutes: Option<i64>,
    /// How the two meet: in person when left out, and as it was asked for where that is confirmed.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Why, in at most 500 letters. A patient who asks again for a time that waits for an answer says it better this way; where
    /// an appointment is booked already, or its reason is not the caller's own, another one is refused.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Where an appointment stands: <http://hl7.org/fhir/appointmentstatus>.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = AppointmentStatus)]
pub enum Status {
    /// The patient asked; the doctor has not said yes.
    Proposed,
    Pending,
    Booked,
    Arrived,
    Fulfilled,
    Cancelled,
    Noshow,
    EnteredInError,
    CheckedIn,
    Waitlist,
}

/// Somebody who comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AppointmentParty)]
pub struct Party {
    pub id: String,
    #[schema(required = true)]
    pub name: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Appointment {
    pub id: String,
    pub status: Status,
    /// `null` where nobody said yet when.
    #[schema(required = true, format = DateTime)]
    pub start: Option<String>,
    #[schema(required = true, format = DateTime)]
    pub end: Option<String>,
    pub kind: Kind,
    #[schema(required = true)]
    pub patient: Option<Party>,
    #[schema(required = true)]
    pub doctor: Option<Party>,
    #[schema(required = true)]
    pub reason: Option<String>,
    /// Where the whole entry is, as FHIR.
    pub link: String,
}

/// A page of appointments, by their time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Appointments {
    pub appointments: Vec<Appointment>,
    /// Goes into `after` for the next page; `null` at the end.
    #[schema(required = true)]
    pub next: Option<String>,
}
