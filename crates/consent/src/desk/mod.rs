//! Two people at one desk: one shows a code, the other uses it, and the patient gives access with one tap.
//!
//! Always holds: a code is good once and for five minutes; it opens nothing by itself, for only the patient gives, and the
//! practitioner learns whose record it is when access was given, not before; a code that is wrong, spent or too old is refused
//! in the same words, and guessing is slow. What is given is a grant like any other. Deliberately absent: showing the code
//! as a picture, which is the page's.

mod model;
mod service;
mod store;

pub use model::{CodeForm, GiveForm, Meeting, MeetingState, Shown};
pub(crate) use service::given;
pub use service::{Tried, end, find, give, meet, show};
pub(crate) use store::forget_patient;
