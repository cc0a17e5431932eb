//! The patient pauses all sharing (GDPR article 18): while it is on, what they gave others opens nothing, as if nothing had
//! been given, and what they give meanwhile sleeps too. Lifting it brings back what still stands, as it was.
//!
//! Always holds: the rows are asked by the same statement that reads health data ([`awake`]), so that it holds from its
//! commit on. An emergency is never blocked, and neither is the code on the patient's own emergency card.
//! Deliberately absent: what an organization's own software contributed itself, which it holds anyway.

mod model;
mod service;
mod store;

pub use model::Restriction;
pub use service::{begin, find, lift, patient};
pub use store::{awake, forget_patient, is_on, shared};
