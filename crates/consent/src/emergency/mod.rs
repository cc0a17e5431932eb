//! Break-glass: a practitioner opens a record in an emergency, without the patient's grant.
//!
//! Always holds: whoever opens one has just confirmed who they are and said why; the summary comes first, the whole
//! record on a second step, and both end after two hours; the patient, their contacts and the administrators are told
//! in the same transaction; each is reviewed. It is a grant like any other whose purpose is `emergency`: the same
//! predicate decides, the same page ends it. Deliberately absent: refusing an emergency. What is wrong with one is
//! for the review to find.

mod model;
mod review;
mod service;
mod store;

pub use model::{Declared, EmergencyForm, Finding, Opened, Review, ReviewForm};
pub use review::{REMIND, list, remind, review};
pub use service::{Contact, close, open, patient_of, whole};
pub(crate) use store::{forget_patient, patient_of_id as patient_of_record};
