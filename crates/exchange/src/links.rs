//! SMART Health Links (HL7 SMART Health Cards and Links 1.0.0, <https://hl7.org/fhir/uv/smart-health-cards-and-links>): an
//! address and a key that open a patient's summary for whoever holds them.
//!
//! The key is in the link, which the server does not see again once it has made it; it keeps a copy, sealed with the
//! patient's own key, because the file behind the link is made anew at every opening.

mod jwe;
pub mod model;
mod opening;
mod pace;
mod rules;
pub mod service;
mod store;

pub use model::{HealthLink, LinkForm, LinkState, Opened, Opening};
pub use opening::{Asked, File, Manifest, direct, file, manifest};
pub use service::{create, list, revoke};
pub use store::{forget_patient, sweep};
