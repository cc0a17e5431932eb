//! Tells people: an inbox of sealed notices, and live events that say what changed.
//!
//! Always holds: a notice exists exactly if the transaction that caused it committed; its text is sealed with the key
//! of the patient whose account it is, so that erasing the patient erases it; a live event carries words and ids,
//! never health data, and reaches only those it concerns. Deliberately absent: deciding who is to be told (the rooms
//! do), and e-mail.

pub mod api;
mod model;
mod rules;
mod store;
mod stream;
#[cfg(test)]
mod tests;

pub use api::{openapi, routes};
pub use model::{Kind, Notice};
pub use store::{Item, forget, job_given_up, send, to_administrators, to_members, to_patient, to_practitioner};
pub use stream::{end_streams, stream};
