//! Registrations, requests and permissions, as they are kept: sealed JSON, so that a stolen database tells of no app
//! who uses it.

use super::jose::Jwk;
use super::scope::{self, Scope};
use crate::model::Workplace;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// How an app proves that it is itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum AppKind {
    /// Runs in a browser or on a phone, where nothing can be kept secret.
    #[serde(rename = "public")]
    Public,
    /// Has a server and signs with a key of its own.
    #[serde(rename = "confidential")]
    Confidential,
    /// Works for an organization with nobody present.
    #[serde(rename = "backend")]
    Backend,
}

/// Who put it on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Registered {
    /// An administrator.
    Managed,
    /// The app itself: nobody here looked at it.
    Dynamic,
}

/// What an app says of itself, or an administrator of it; kept as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    pub name: String,
    pub kind: AppKind,
    pub registered: Registered,
    pub uri: Option<String>,
    pub redirect_uris: Vec<String>,
    pub launch_uri: Option<String>,
    pub keys: Vec<Value>,
    /// Where it publishes its keys, instead.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    /// The most it may ask for; anything but `system/` when it says nothing.
    pub scope: Option<String>,
    /// Whom a backend works for.
    pub organization: Option<Workplace>,
    /// Its tokens are always bound to a key.
    pub bound: bool,
}

/// Where an app on the list stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    Active,
    /// Struck off.
    Revoked,
    /// A program without people, which another administrator than who registered it did not confirm yet.
    Waiting,
}

impl Standing {
    pub const fn code(self) -> i64 {
        match self {
            Self::Active => 0,
            Self::Revoked => 1,
            Self::Waiting => 2,
        }
    }

    /// What is not known here is not active either.
    pub const fn of(code: i64) -> Self {
        match code {
            0 => Self::Active,
            2 => Self::Waiting,
            _ => Self::Revoked,
        }
    }
}

/// An app that was registered.
#[derive(Clone, Debug)]
pub struct Client {
    pub id: i64,
    /// The `client_id`.
    pub ident: String,
    pub state: Standing,
    /// As what a program without people acts, once it may.
    pub account: Option<i64>,
    /// The administrator who put it on the list, where another one has to confirm it.
    pub registrant: Option<i64>,
    pub created: Timestamp,
    pub said: Registration,
}

impl Client {
    /// Neither struck off nor waiting.
    pub fn stands(&self) -> bool {
        self.state == Standing::Active
    }

    pub fn keys(&self) -> Vec<Jwk> {
        self.said.keys.iter().filter_map(|key| Jwk::parse(key).ok()).collect()
    }

    /// The first of these scopes that it may not ask for.
    pub fn beyond<'s>(&self, asked: &'s [Scope]) -> Option<&'s Scope> {
        match &self.said.scope {
            Some(text) => scope::beyond(&scope::parse(text).unwrap_or_default(), asked),
            None => None,
        }
    }
}

/// What an app asked for, kept until the person answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    pub redirect_uri: String,
    pub state: Option<String>,
    pub scope: String,
    pub challenge: String,
    pub nonce: Option<String>,
    /// The thumbprint of the key that the code is bound to.
    pub jkt: Option<String>,
    /// Handed over when the app was opened from a record.
    pub launch: Option<Opened>,
    /// How old, in seconds, the proof of who the person is may be when the app asks.
    pub max_age: Option<i64>,
    /// When it asked.
    pub at: i64,
    /// The address by which the app knows this server.
    pub issuer: String,
}

/// From which record an app was opened, and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Opened {
    pub account: i64,
    pub patient: i64,
    /// The FHIR id of the Patient.
    pub id: String,
}

/// A request that waits for an answer.
#[derive(Clone, Debug)]
pub struct Pending {
    pub client: i64,
    pub asked: Asked,
}

/// What is kept of a permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Allowed {
    pub scope: String,
    /// The FHIR id of the patient the app was opened for.
    pub patient: Option<String>,
    /// `Patient/…` or `Practitioner/…`: who let it in.
    pub fhir_user: Option<String>,
    /// When they had proved who they are.
    pub auth_time: i64,
    pub acr: String,
}

/// A permission as it is stored.
#[derive(Clone, Debug)]
pub struct Permission {
    pub id: i64,
    pub client: i64,
    pub account: i64,
    pub session: Option<i64>,
    pub patient: Option<i64>,
    pub created: Timestamp,
    pub until: Timestamp,
    pub revoked: bool,
    pub seen: Option<Timestamp>,
    /// How often it was narrowed.
    pub version: i64,
    pub allowed: Allowed,
}

impl Permission {
    pub fn scopes(&self) -> Vec<Scope> {
        scope::parse(&self.allowed.scope).unwrap_or_default()
    }
}

/// What goes with a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeTerms {
    pub redirect_uri: String,
    pub challenge: String,
    pub nonce: Option<String>,
    pub jkt: Option<String>,
}
