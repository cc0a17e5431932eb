//! Keys and sealing: a master key, one data key per patient, sealed bodies, blind index terms.
//!
//! Always holds: nothing of a patient is written to the database unless it is sealed with that patient's own key
//! or is a keyed hash; deleting a patient's wrapped key makes everything sealed with it unreadable for good;
//! changing the master key rewraps the small keys and touches no data. Deliberately absent: whose key may be used
//! for whom (that is `consent`), and end-to-end keys, which the server never holds.
//!
//! The running server can open what is sealed here: that is stated in the threat model.

mod erased;
mod error;
mod key;
mod master;
mod pack;
pub mod stream;
mod terms;
#[cfg(test)]
mod tests;
mod vault;

pub use error::VaultError;
pub use key::{Aad, DataKey, FreshKey};
pub use master::{KeySource, MasterKey};
pub use pack::{pack, unpack};
pub use terms::Terms;
pub use vault::{DIRECTORY, Vault, rotate};
