//! What a draft is, as it is kept and sent.

use crate::model::Party;
use fhir::Node;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a change does to an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = EditAct)]
pub enum Act {
    Add,
    Correct,
    Remove,
}

impl Act {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Correct => "correct",
            Self::Remove => "remove",
        }
    }
}

/// One change of a draft: exactly what will land.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    pub act: Act,
    /// The FHIR type.
    pub kind: String,
    /// The logical id, also of what will be made.
    pub id: String,
    /// The version it is made from; 0 for what will be made.
    pub version: i64,
    /// The resource as it will stand, in JSON; empty for what is removed.
    pub resource: String,
    /// As it stood when this was drafted; empty for what will be made. The patient approves the difference.
    pub before: String,
}

impl Change {
    /// Whether an entry is shown no more once this has landed: it is removed, or called an error, or an allergy over.
    pub fn removes(&self) -> bool {
        let gone = |json: &str| fhir::json::parse(json.as_bytes()).is_ok_and(|node| gone(&self.kind, &node));
        match self.act {
            Act::Add => false,
            Act::Correct => gone(&self.resource) && !gone(&self.before),
            Act::Remove => true,
        }
    }
}

/// Whether an entry is one that summaries, the emergency card and lists of warnings leave out.
fn gone(kind: &str, node: &Node<'_>) -> bool {
    const WRONG: &[&str] = &["entered-in-error", "refuted", "cancelled"];
    let over: &[&str] = if kind == "AllergyIntolerance" { &["inactive", "resolved"] } else { &[] };
    let says = |element: &str, codes: &[&str]| {
        let concept = node.get(element).map_or(&[][..], |concept| concept.array_of("coding"));
        let coded = concept.iter().filter_map(|coding| coding.str_of("code"));
        coded.chain(node.str_of(element)).any(|code| codes.contains(&code))
    };
    ["verificationStatus", "status", "lifecycleStatus"].iter().any(|element| says(element, WRONG))
        || says("clinicalStatus", over)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum EditState {
    Waiting,
    Landed,
    Declined,
    Withdrawn,
}

impl EditState {
    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Waiting, Self::Landed, Self::Declined, Self::Withdrawn].into_iter().find(|one| one.code() == code)
    }
}

/// A code as somebody types it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    /// Eight digits; spaces do not matter.
    pub code: String,
}

/// The code, for the patient to hand over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandedCode {
    pub code: String,
    #[schema(format = DateTime)]
    pub until: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum VisitState {
    /// Waits for the patient's code.
    Waiting,
    Open,
    Ended,
}

/// Half an hour of changes without a code for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VisitEditSession)]
pub struct VisitSession {
    pub id: i64,
    pub patient: Party,
    pub practitioner: Party,
    #[schema(required = true)]
    pub organization: Option<String>,
    pub state: VisitState,
    #[schema(format = DateTime)]
    pub created: String,
    /// When it ends or ended, once it was opened.
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    /// Until when a code for it is good; `null` when there is none, or none any more.
    #[schema(required = true, format = DateTime)]
    pub code_until: Option<String>,
}
