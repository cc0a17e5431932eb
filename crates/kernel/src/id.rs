//! Typed row ids: an `Id<Patient>` is never mistaken for an `Id<Account>`.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;

/// A row number that says of what. Row numbers are internal: what leaves the server are FHIR logical ids.
pub struct Id<T>(i64, PhantomData<fn() -> T>);

/// Marker: one FHIR item.
pub enum Resource {}
/// Marker: the person a record is kept of; the number is that of their Patient resource.
pub enum Patient {}
/// Marker: a doctor; the number is that of their Practitioner resource.
pub enum Practitioner {}
/// Marker: a clinic or hospital; the number is that of its Organization resource.
pub enum Organization {}
/// Marker: somebody, or some program, that can sign in.
pub enum Account {}
/// Marker: a consent given.
pub enum Grant {}

impl<T> Id<T> {
    pub const fn new(raw: i64) -> Self {
        Self(raw, PhantomData)
    }

    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = std::any::type_name::<T>().rsplit("::").next().unwrap_or_default();
        write!(f, "{name}#{}", self.0)
    }
}
