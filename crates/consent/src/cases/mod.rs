//! Cases: a patient asks why somebody read their record, and is answered.
//!
//! Always holds: a case is about one entry of the patient's own ledger that tells of somebody else; whoever read and the
//! administrators are told at once and have seven days; what is asked and answered is sealed with the patient's key, and
//! each act is in the ledger; only the patient ends a case. Deliberately absent: what follows from a bad answer (ending a
//! grant, locking an account): the pages for that exist.

mod model;
mod service;
mod store;

pub use model::{Case, CaseEntry, CaseForm, CaseReader, CaseState, Message, MessageForm, Side};
pub use service::{OVERDUE, REMIND, close, dissatisfied, list, open, overdue, remind, say};
pub(crate) use store::forget_patient;
