//! A record on its way out of the house, in forms that others know: the International Patient Summary, SMART Health Links,
//! the emergency card.
//!
//! Always holds: what leaves is read through a `consent::Access` and comes as a `Disclosure`, also behind a link, whose
//! holder has no account; a link shows what the patient put behind it and nothing from the commit on that ends it; wrong
//! passcodes of a link are counted for its whole life, in the order of the database's writes. Deliberately absent: who may
//! see what (`consent`), the choice of what stands for its code (`records`), any copy of a record: a document is made when
//! it is asked for and kept nowhere. HL7 v2 and bulk transfer are not there yet.

mod api;
pub mod card;
mod error;
mod jobs;
pub mod links;
pub mod summary;
pub mod takeout;

pub use api::{openapi, routes};
pub use jobs::register as register_jobs;

use db::{DbError, Tx};
use kernel::{Id, id};

/// Removes what this room keeps of a patient who is being erased, in that transaction.
pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), DbError> {
    links::forget_patient(tx, patient)?;
    card::forget_patient(tx, patient)
}
