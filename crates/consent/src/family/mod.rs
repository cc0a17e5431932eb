//! Family: guardians of children, and people whom a patient chose to look after their record.
//!
//! Always holds: whoever looks after a record acts in it as its patient, within what they were let do, and never beyond
//! it; the ledger names them and why; what ends it is over from its commit on, and a guardianship is over when the child
//! comes of age, by the clock of the house. A limit on kinds or areas is a condition of every statement, like a grant's.
//! Deliberately absent: rights that are handed on. Whoever was chosen chooses nobody.

mod birth;
mod doors;
mod letters;
mod model;
mod rules;
mod service;
mod store;

pub use birth::corrected;
pub use doors::{EXPIRE, LEFT, deputies, end, enter, expire, link, may_leave, of_child, still};
pub(crate) use doors::{forget_patient, stands_now};
pub use letters::{again, take_up};
pub use model::{Answer, DelegateForm, Delegation, GuardianForm, Kind, LetterForm, LinkForm, Reason, State, Who};
pub use rules::{ONLY_LOOKS, of_age_at, terms_of};
pub(crate) use service::{WAITS_MS, reaches};
pub use service::{
    accept, begin, check_child, decline, delegate, invite, list, may_add, may_delegate, tell_of_deed, within,
};
pub(crate) use store::accounts_of;
