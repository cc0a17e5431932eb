//! The card as its patient sees it, and what they choose.

use crate::links::HealthLink;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CardLine {
    /// The entry it stands for, such as `Condition/12`.
    pub reference: String,
    pub text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// Whether the patient wants it on the card.
    pub shown: bool,
}

/// Somebody to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Contact {
    pub name: String,
    #[schema(required = true)]
    pub relationship: Option<String>,
    pub phone: String,
    /// Where they are told that the record was opened in an emergency. It is not on the card that others see.
    #[schema(required = true)]
    pub email: Option<String>,
    /// Whether it is one of the emergency contacts that this card edits; the others were entered elsewhere.
    pub own: bool,
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactForm {
    pub name: String,
    #[serde(default)]
    pub relationship: String,
    pub phone: String,
    /// Where they are told that the record was opened in an emergency; left out, it stays as it is, and empty it goes.
    #[serde(default)]
    pub email: Option<String>,
}

/// The choice, whole: what is not hidden is shown.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = EmergencyCardForm)]
pub struct CardForm {
    /// References of entries, and the words `bloodGroup`, `language`, `contacts`.
    pub hidden: Vec<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// Whether entries of sensitive areas are on it.
    pub sensitive: bool,
    /// The emergency contacts; left out, they stay as they are.
    #[serde(default)]
    pub contacts: Option<Vec<ContactForm>>,
    /// The health link that its code opens.
    #[serde(default)]
    pub link: Option<i64>,
}

#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct EmergencyCard {
    /// The Patient's logical id.
    pub id: String,
    pub name: String,
    #[schema(required = true)]
    pub birth_date: Option<String>,
    #[schema(required = true)]
    pub age: Option<i64>,
    #[schema(required = true)]
    pub gender: Option<String>,
    #[schema(required = true)]
    pub language: Option<String>,
    #[schema(required = true)]
    pub blood_group: Option<String>,
    pub allergies: Vec<CardLine>,
    /// What a helper must know of the allergies besides: that an entry contradicts them.
    #[schema(required = true)]
    pub allergy_warning: Option<&'static str>,
    pub conditions: Vec<CardLine>,
    pub medicines: Vec<CardLine>,
    pub implants: Vec<CardLine>,
    pub contacts: Vec<Contact>,
    /// When the newest of what it is made of was written.
    pub updated: String,
    pub hidden: Vec<String>,
    #[schema(required = true)]
    pub note: Option<String>,
    pub sensitive: bool,
    /// The health link of its code, while that stands.
    #[schema(required = true)]
    pub link: Option<HealthLink>,
}
