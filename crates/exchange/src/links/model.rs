//! A health link as its patient sees it.

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

/// What a patient chooses for a new link. Sensitive areas and an end must be decided on, not forgotten.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = HealthLinkForm)]
pub struct LinkForm {
    /// What it is for; whoever opens it reads this. At most 80 characters.
    pub label: String,
    /// Whoever opens it must know this too; it is told apart from the link. 4 to 64 characters.
    #[serde(default)]
    pub passcode: Option<String>,
    /// When it ends by itself; `null` means when the patient ends it.
    #[serde(deserialize_with = "said")]
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    /// Whether it also shows sensitive areas.
    pub sensitive: bool,
    /// Opens with one plain request, for simple readers; never together with a passcode.
    #[serde(default)]
    pub direct: bool,
    /// Whether every opening is told to the inbox; the ledger has it anyway.
    pub tell: bool,
}

fn said<'de, D: Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    Option::deserialize(deserializer)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = HealthLinkState)]
pub enum LinkState {
    Active,
    Expired,
    Ended,
    /// Too many wrong passcodes: it opens never again.
    Locked,
}

/// What came of a try to open it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
#[schema(as = HealthLinkOpened)]
pub enum Opened {
    Opened,
    WrongPasscode,
    /// It had ended.
    Refused,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = HealthLinkOpening)]
pub struct Opening {
    pub time: String,
    /// Who it was, as they said themselves.
    pub recipient: String,
    pub result: Opened,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct HealthLink {
    pub id: i64,
    pub label: String,
    pub created: String,
    #[schema(required = true, format = DateTime)]
    pub until: Option<String>,
    pub state: LinkState,
    #[schema(required = true)]
    pub passcode: Option<String>,
    pub sensitive: bool,
    pub direct: bool,
    pub tell: bool,
    pub wrong_passcodes: i64,
    /// How often it was opened.
    pub openings: i64,
    /// The latest tries, newest first.
    pub latest: Vec<Opening>,
    /// `shlink:/…`; only while it is active.
    #[schema(required = true)]
    pub link: Option<String>,
    /// The same as an address for a browser: what is behind `#` never reaches a server.
    #[schema(required = true)]
    pub address: Option<String>,
}
