//! Drafts as programs send and read them.

use consent::Party;
use consent::edit::{Act, EditState};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// One change as a program sends it.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeForm {
    pub act: Act,
    /// The FHIR resource as it shall stand: without an id to add, with its id to correct.
    #[serde(default)]
    #[schema(value_type = Option<Object>)]
    pub resource: Option<Box<RawValue>>,
    /// What to remove, such as `Condition/abc`.
    #[serde(default)]
    pub reference: Option<String>,
}

#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EditForm {
    /// The id of the patient.
    pub patient: String,
    /// Why; the patient reads it.
    pub reason: String,
    pub changes: Vec<ChangeForm>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RedraftForm {
    pub reason: String,
    pub changes: Vec<ChangeForm>,
}

/// A part of an entry, before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EditLine)]
pub struct Line {
    /// The FHIR element, such as `onsetDateTime`.
    pub element: String,
    #[schema(required = true)]
    pub before: Option<String>,
    #[schema(required = true)]
    pub after: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EditChange)]
pub struct ShownChange {
    pub act: Act,
    /// The FHIR type.
    pub r#type: String,
    /// The logical id.
    pub id: String,
    pub title: String,
    /// What differs; for what is added or removed, all of it.
    pub lines: Vec<Line>,
    /// The resource as it will stand.
    #[schema(required = true, value_type = Option<Object>)]
    pub resource: Option<Box<RawJson>>,
}

/// JSON text that is passed on as it is.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct RawJson(pub Box<RawValue>);

impl PartialEq for RawJson {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}

impl Eq for RawJson {}

/// A drafted change of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Edit)]
pub struct Shown {
    pub id: i64,
    pub patient: Party,
    pub author: Party,
    #[schema(required = true)]
    pub organization: Option<String>,
    pub reason: String,
    #[schema(format = DateTime)]
    pub created: String,
    /// Raised with every change of the draft: the patient approves the version they have seen.
    pub version: i64,
    pub state: EditState,
    /// Until when a code for it is good; `null` when there is none, or none any more.
    #[schema(required = true, format = DateTime)]
    pub code_until: Option<String>,
    pub changes: Vec<ShownChange>,
}
