//! Sealed edits: a practitioner drafts a change, the patient hands over a one-time code for exactly that change, and only
//! then it lands.
//!
//! Always holds: a code is good for one content of one draft, once, for ten minutes and five tries; a draft that is changed
//! voids its code, and so does the end of the guardianship or delegation of whoever made it; what lands is byte for byte what the patient saw; a practitioner has no other way to change a clinical
//! entry. A visit's session is approved the same way and lets that practitioner's drafts for that patient land for half an
//! hour, or until whoever opened it looks after the record no more. Deliberately absent: validating and storing what lands (`records`).

pub(crate) mod code;
mod handed;
mod model;
pub mod once;
mod part;
mod parties;
mod service;
mod session;
mod store;
#[cfg(test)]
mod tampered;

pub use model::{Act, Change, CodeForm, EditState, HandedCode, VisitSession, VisitState};
pub use service::{
    Approval, Draft, Held, author, code, decline, draft, held, list, may_see, redeem, redraft, settle, withdraw,
};
pub(crate) use session::end_visits_without;
pub use session::{
    Entered, code as visit_code, end as visit_end, list as visit_list, live as visit_live, open as visit_open,
    request as visit_request,
};
pub(crate) use store::{WAITS_MS, end_visits, end_visits_by, forget_patient};
