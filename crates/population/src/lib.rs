//! Synthetic clinics, practitioners and patients with lifelong histories, for demonstrations and benchmarks.
//!
//! Always holds: the same options give the same bytes, a patient does not depend on which others are made, and nothing
//! happens before birth or after `today`.
//! Deliberately absent: any I/O, any clock, any real person, and any table of another project.

mod bundle;
mod calendar;
mod chance;
mod chart;
mod codes;
mod diagnoses;
mod directory;
mod drugs;
mod json;
mod life;
mod names;
mod person;
mod places;
mod series;
pub mod showcase;
#[cfg(test)]
mod tests;
mod vaccines;

pub use directory::{directory, organization_value, practitioner_value, workplace_of};
pub use life::{patient, patient_value};
pub use series::{Series, observations};
pub use showcase::showcase;

/// What every identifier system of this crate begins with; the kind of thing follows (`patient`, `practitioner`, …).
pub const IDENTIFIER: &str = "https://healthsync.example/fhir/identifier/";
/// The system of patients' identifiers; the values are those of [`patient_value`] and the constants of [`showcase`].
pub const PATIENT_SYSTEM: &str = "https://healthsync.example/fhir/identifier/patient";
/// The system of practitioners' identifiers; the values are those of [`practitioner_value`].
pub const PRACTITIONER_SYSTEM: &str = "https://healthsync.example/fhir/identifier/practitioner";
/// The system of organizations' identifiers; the values are those of [`organization_value`].
pub const ORGANIZATION_SYSTEM: &str = "https://healthsync.example/fhir/identifier/organization";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    pub seed: u64,
    pub organizations: u32,
    pub practitioners: u32,
    pub patients: u32,
    /// Days since 1970-01-01. Histories end before this day.
    pub today: i64,
}

/// A FHIR R4 transaction bundle as JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// A name for a file: `directory`, `patient-000012`, `asha-rao`.
    pub name: String,
    pub json: String,
}
