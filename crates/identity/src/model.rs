//! What an account, its links and a registration look like.

use crate::store::Stored;
use kernel::{Id, Role, Timestamp, id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A resource an account stands for: its row number and its FHIR logical id.
#[derive(Serialize, Deserialize)]
#[serde(bound = "", deny_unknown_fields)]
pub struct Link<T> {
    #[serde(with = "row_number")]
    pub rid: Id<T>,
    pub id: String,
}

impl<T> Link<T> {
    pub fn new(rid: Id<T>, id: impl Into<String>) -> Self {
        Self { rid, id: id.into() }
    }
}

// By hand: the derived ones would ask the same of the marker, which is never there.
impl<T> Clone for Link<T> {
    fn clone(&self) -> Self {
        Self { rid: self.rid, id: self.id.clone() }
    }
}

impl<T> PartialEq for Link<T> {
    fn eq(&self, other: &Self) -> bool {
        self.rid == other.rid && self.id == other.id
    }
}

impl<T> Eq for Link<T> {}

impl<T> std::fmt::Debug for Link<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?} {}", self.rid, self.id)
    }
}

/// An organization somebody works in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workplace {
    #[serde(with = "row_number")]
    pub rid: Id<id::Organization>,
    pub id: String,
    pub name: String,
}

/// What an account is tied to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    pub patient: Option<Link<id::Patient>>,
    pub practitioner: Option<Link<id::Practitioner>>,
    pub organizations: Vec<Workplace>,
    /// A practitioner who is not verified yet: there is no Practitioner to tie them to.
    pub applicant: bool,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub role: Role,
    /// 3 to 64 letters, digits and `. _ - @`, or the e-mail address itself.
    pub username: String,
    pub email: Option<String>,
    /// At least 8 characters; none for services, which have tokens.
    pub password: Option<String>,
    pub name: String,
}

/// What an account says of itself: sealed in the database.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    pub role: Role,
    pub username: String,
    pub email: Option<String>,
    pub name: String,
    pub patient: Option<Link<id::Patient>>,
    pub practitioner: Option<Link<id::Practitioner>>,
    pub organizations: Vec<Workplace>,
}

/// An account as its owner and the pages see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Account {
    pub id: i64,
    pub username: String,
    pub name: String,
    #[schema(schema_with = role_schema)]
    pub role: Role,
    /// The FHIR id of the account's own Patient resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// The FHIR id of the account's own Practitioner resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub practitioner: Option<String>,
    pub organizations: Vec<OrganizationRef>,
    /// Where codes and news of the account are sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The password is still the one that an administrator chose: until then its owner sets their own, or it opens nothing any more.
    #[serde(rename = "passwordChangeBy", skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    pub password_change_by: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrganizationRef {
    pub id: String,
    pub name: String,
}

impl From<Workplace> for OrganizationRef {
    fn from(place: Workplace) -> Self {
        Self { id: place.id, name: place.name }
    }
}

impl Account {
    pub(crate) fn new(stored: Stored) -> Self {
        let Stored { id, profile, first_until, .. } = stored;
        Self {
            id,
            username: profile.username,
            name: profile.name,
            role: profile.role,
            patient: profile.patient.map(|link| link.id),
            practitioner: profile.practitioner.filter(|_| profile.role == Role::Practitioner).map(|link| link.id),
            organizations: profile.organizations.into_iter().map(OrganizationRef::from).collect(),
            email: profile.email,
            password_change_by: first_until.map(Timestamp::to_rfc3339),
        }
    }
}

pub(crate) fn role_schema() -> Object {
    ObjectBuilder::new().schema_type(Type::String).enum_values(Some(Role::ALL.map(Role::as_str))).build()
}

/// How a session's secret travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SessionKind {
    /// In an HttpOnly cookie, which no script can read.
    Cookie,
    /// In the answer, for programs to send as `Authorization: Bearer`.
    #[default]
    Token,
    /// Like a token, but long-lived: a clinic's own software. Made by the operator only.
    #[serde(skip)]
    Service,
}

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = SignInMethod)]
pub enum Method {
    Password,
    Passkey,
    /// A code sent by e-mail and nothing else: the session is limited.
    Code,
    /// A code sent by e-mail and a recovery code.
    Recovery,
    Face,
    /// A token of the operator's making.
    Token,
    /// The hospital's own provider said so.
    Federated,
}

impl Method {
    const ALL: [Self; 7] =
        [Self::Password, Self::Passkey, Self::Code, Self::Recovery, Self::Face, Self::Token, Self::Federated];

    /// As it is stored.
    pub(crate) const fn code(self) -> i64 {
        self as i64
    }

    pub(crate) fn of_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.code() == code)
    }
}

/// Who registers: what becomes of their Patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Newcomer {
    #[schema(format = "email")]
    pub email: String,
    pub given: String,
    pub family: String,
    #[schema(format = Date)]
    pub birth_date: String,
    /// `female`, `male`, `other` or `unknown`.
    pub gender: String,
}

/// What a patient fills in to register.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Registration {
    #[schema(format = "email")]
    pub email: String,
    /// At least 8 characters.
    #[schema(format = Password, min_length = 8)]
    pub password: String,
    pub given: String,
    pub family: String,
    #[schema(format = Date)]
    pub birth_date: String,
    /// `female`, `male`, `other` or `unknown`.
    pub gender: String,
    #[serde(default)]
    pub session: SessionKind,
}

impl Registration {
    pub fn newcomer(&self) -> Newcomer {
        let Self { email, given, family, birth_date, gender, .. } = self.clone();
        Newcomer { email, given, family, birth_date, gender }
    }
}

mod row_number {
    use kernel::Id;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands fields over by reference")]
    pub fn serialize<T, S: Serializer>(id: &Id<T>, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(id.get())
    }

    pub fn deserialize<'de, T, D: Deserializer<'de>>(deserializer: D) -> Result<Id<T>, D::Error> {
        i64::deserialize(deserializer).map(Id::new)
    }
}
