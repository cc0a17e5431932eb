//! What a grant and a request for one look like, as they are sent and as they are kept.

use crate::compartment::Compartment;
use crate::marks::{Category, Label};
use fhir::Kind;
use kernel::Purpose;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// Whom a grant can be given to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GranteeType {
    Practitioner,
    Organization,
}

impl GranteeType {
    pub const fn kind(self) -> Kind {
        match self {
            Self::Practitioner => Kind::Practitioner,
            Self::Organization => Kind::Organization,
        }
    }

    pub fn of_kind(code: i64) -> Option<Self> {
        [Self::Practitioner, Self::Organization].into_iter().find(|one| one.kind().code() == code)
    }
}

/// Why a reader may look. A patient's own wish is no purpose of a grant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum GrantPurpose {
    #[default]
    Treatment,
    Research,
    Operations,
    /// A practitioner declared an emergency; no patient gives such a grant.
    Emergency,
}

impl GrantPurpose {
    const ALL: [Self; 4] = [Self::Treatment, Self::Research, Self::Operations, Self::Emergency];

    pub const fn purpose(self) -> Purpose {
        match self {
            Self::Treatment => Purpose::Treatment,
            Self::Research => Purpose::Research,
            Self::Operations => Purpose::Operations,
            Self::Emergency => Purpose::Emergency,
        }
    }

    pub fn of(purpose: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|p| p.purpose().as_str() == purpose)
    }
}

/// A grantee as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grantee {
    pub kind: GranteeType,
    /// The number of the Practitioner or Organization resource.
    pub rid: i64,
    pub id: String,
    pub name: String,
}

/// A grantee as a form names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GranteeRef {
    pub r#type: GranteeType,
    /// The logical id of the resource.
    pub id: String,
}

/// What a patient sends to give access. What widens a grant must be said: a field that was forgotten is an error, never
/// "everything" or "for ever".
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GrantForm {
    pub grantee: GranteeRef,
    /// `null` means every kind of data.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    /// First day covered.
    #[serde(default)]
    #[schema(format = Date)]
    pub from: Option<String>,
    /// Last day covered.
    #[serde(default)]
    #[schema(format = Date)]
    pub to: Option<String>,
    /// Sensitive areas that are included.
    #[serde(default)]
    pub labels: Vec<Label>,
    /// Compartments of sealed documents that the practitioner may open: none unless named. The keys are handed over by the
    /// patient's browser.
    #[serde(default)]
    pub sealed: Vec<Compartment>,
    #[serde(default)]
    pub purpose: GrantPurpose,
    /// When access ends by itself; `null` means when the patient ends it.
    #[serde(deserialize_with = "said")]
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// The access request that this answers.
    #[serde(default)]
    pub request: Option<i64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtendForm {
    /// The new end; `null` means when the patient ends it.
    #[serde(deserialize_with = "said")]
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
}

/// `null` may be said, but something must be said.
pub(crate) fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GrantState)]
pub enum State {
    Active,
    Expired,
    Revoked,
}

/// Somebody, by logical id, named as they were named then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    pub id: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GranteeParty {
    pub r#type: GranteeType,
    pub id: String,
    pub name: String,
}

/// A consent, as both sides see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Grant {
    pub id: i64,
    pub patient: Party,
    pub grantee: GranteeParty,
    /// `null` means every kind of data.
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    #[schema(required = true, format = Date)]
    pub from: Option<String>,
    #[schema(required = true, format = Date)]
    pub to: Option<String>,
    /// Sensitive areas that are included.
    pub labels: Vec<Label>,
    /// Compartments of sealed documents that the reader may open.
    pub sealed: Vec<Compartment>,
    pub purpose: GrantPurpose,
    #[schema(required = true)]
    pub note: Option<String>,
    #[schema(format = DateTime)]
    pub created: String,
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    #[schema(required = true, format = DateTime)]
    pub revoked: Option<String>,
    pub state: State,
    /// When somebody last read under this grant, to the minute.
    #[schema(required = true, format = DateTime)]
    pub last_read: Option<String>,
}

/// What was done to a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = GrantAct)]
pub enum Act {
    Given,
    /// Its end was moved, or what it covers.
    Changed,
    Renewed,
    /// Its reader asked for it to be renewed; it says what it said.
    Asked,
    Revoked,
    /// Its date came.
    Expired,
}

/// What a grant said at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = GrantTerms)]
pub struct Spoken {
    /// `null` means every kind of data.
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    #[schema(required = true, format = Date)]
    pub from: Option<String>,
    #[schema(required = true, format = Date)]
    pub to: Option<String>,
    pub labels: Vec<Label>,
    pub sealed: Vec<Compartment>,
    pub purpose: GrantPurpose,
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    #[schema(required = true)]
    pub note: Option<String>,
}

/// One version of a grant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GrantVersion {
    pub version: i64,
    #[schema(format = DateTime)]
    pub time: String,
    pub act: Act,
    /// Who did it, as they were named then; `null` when it ended by its date.
    #[schema(required = true)]
    pub by: Option<String>,
    /// The version of the consent text that the patient agreed to (`/api/consent-texts/{version}`); `null` where they did
    /// not, such as when access ended.
    #[schema(required = true)]
    pub text: Option<i64>,
    pub says: Spoken,
}

/// A practitioner asks a patient for access.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestForm {
    /// The patient's e-mail address or share code.
    pub patient: String,
    pub reason: String,
    /// `null` means every kind of data.
    #[serde(deserialize_with = "said")]
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    /// For how long access is asked.
    pub days: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RequestState {
    Open,
    Granted,
    Declined,
}

impl RequestState {
    pub const fn code(self) -> i64 {
        self as i64
    }

    pub fn of(code: i64) -> Option<Self> {
        [Self::Open, Self::Granted, Self::Declined].into_iter().find(|state| state.code() == code)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Requester {
    pub r#type: GranteeType,
    pub id: String,
    pub name: String,
    /// Where they work.
    #[schema(required = true)]
    pub detail: Option<String>,
}

/// A request for access, as the patient received it or the practitioner sent it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccessRequest {
    pub id: i64,
    pub from: Requester,
    /// What the practitioner typed; only they see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    pub reason: String,
    #[schema(required = true)]
    pub categories: Option<Vec<Category>>,
    pub days: i64,
    #[schema(format = DateTime)]
    pub created: String,
    pub state: RequestState,
}
