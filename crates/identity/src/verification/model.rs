//! What a verification looks like, stored and shown.

use crate::Workplace;
use crate::model::OrganizationRef;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = VerificationState)]
pub enum State {
    /// Not handed in yet, or changed since.
    Draft,
    /// Nobody has looked at it.
    Waiting,
    /// One administrator found it good.
    Checked,
    /// An administrator asks for more.
    Returned,
    Verified,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Waiting, Self::Checked, Self::Returned, Self::Verified];

    pub const fn code(self) -> i64 {
        match self {
            Self::Draft => 0,
            Self::Waiting => 1,
            Self::Checked => 2,
            Self::Returned => 3,
            Self::Verified => 4,
        }
    }

    pub fn of(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "draft" => Some(Self::Draft),
            "waiting" => Some(Self::Waiting),
            "checked" => Some(Self::Checked),
            "returned" => Some(Self::Returned),
            "verified" => Some(Self::Verified),
            _ => None,
        }
    }
}

/// What a clinician says of themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ClinicianDetails)]
pub struct Details {
    /// The number under which the register of clinicians knows them.
    pub registration_number: String,
    /// Which register, such as `General Medical Council`.
    pub register: String,
    /// Such as `Cardiologist`.
    pub profession: String,
    /// Where they work, in their own words.
    #[serde(default)]
    pub workplace: Option<String>,
}

/// An administrator who found it good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub account: i64,
    pub name: String,
    pub time: String,
}

/// Why it came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = VerificationReturn)]
pub struct Return {
    pub reason: String,
    pub name: String,
    #[schema(format = DateTime)]
    pub time: String,
}

/// The sealed part of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Detail {
    pub details: Option<Details>,
    /// Where they will work once they are verified: administrators say so.
    pub workplaces: Vec<Workplace>,
    /// The administrator who invited them or made the account.
    pub invited_by: Option<String>,
    pub checks: Vec<Check>,
    pub returned: Option<Return>,
}

/// A row, opened.
#[derive(Clone, Debug)]
pub struct Row {
    pub account: i64,
    pub state: State,
    pub changed: kernel::Timestamp,
    pub version: i64,
    pub detail: Detail,
}

/// A paper that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Credential {
    pub id: i64,
    pub name: String,
    /// `application/pdf`, `image/jpeg` or `image/png`, by its content.
    pub media_type: String,
    pub bytes: i64,
    #[schema(format = DateTime)]
    pub added: String,
}

/// A paper with its content.
pub struct Paper {
    pub name: String,
    pub media_type: &'static str,
    pub body: Vec<u8>,
}

/// A check as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = VerificationCheck)]
pub struct ShownCheck {
    pub name: String,
    #[schema(format = DateTime)]
    pub time: String,
    /// It was the caller's own.
    pub mine: bool,
}

/// A clinician's verification, as they and the administrators see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    pub account: i64,
    pub name: String,
    pub username: String,
    #[schema(required = true)]
    pub email: Option<String>,
    pub locked: bool,
    pub state: State,
    /// Say it when answering: what was looked at must be what is answered.
    pub version: i64,
    #[schema(format = DateTime)]
    pub changed: String,
    #[schema(required = true)]
    pub details: Option<Details>,
    pub documents: Vec<Credential>,
    /// What has to be there before it can be handed in: `details`, `documents`.
    pub missing: Vec<&'static str>,
    pub organizations: Vec<OrganizationRef>,
    #[schema(required = true)]
    pub invited_by: Option<String>,
    pub checks: Vec<ShownCheck>,
    #[schema(required = true)]
    pub returned: Option<Return>,
}

/// Somebody whom a second administrator has just found good.
#[derive(Clone, Debug)]
pub struct Admitted {
    pub name: String,
    pub details: Details,
    pub workplaces: Vec<Workplace>,
}
