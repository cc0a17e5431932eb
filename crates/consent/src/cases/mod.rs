//! Cases: a patient asks why somebody read their record, or says that an entry of it is wrong, and is answered.
//!
//! Always holds: a question is about one entry of the patient's own ledger that tells of somebody else, a correction about one
//! entry of their record that somebody else wrote; whoever that was, or whoever is named in what was imported, and the
//! administrators are told at once and have seven days, or thirty; nothing in the record changes by it; what is asked and
//! answered is sealed with the patient's key, and each act is in the ledger; only the patient ends a case. Deliberately absent: what follows from a bad answer (ending a
//! grant, locking an account): the pages for that exist.

mod correction;
mod model;
mod opened;
mod service;
mod store;

pub use correction::{Disputed, changed, correct, corrected, refuse};
pub use model::{
    Case, CaseAbout, CaseEntry, CaseForm, CaseKind, CaseReader, CaseState, CorrectionForm, Message, MessageForm, Side,
};
pub use service::{OVERDUE, REMIND, close, dissatisfied, list, open, overdue, remind, say};
pub(crate) use store::forget_patient;
