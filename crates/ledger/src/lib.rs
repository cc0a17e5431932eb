//! The append-only log of every access and every change: an RFC 6962 Merkle tree in the same database.
//!
//! Always holds: an entry is durable in the same commit as what it tells of; every patient's own sequence has no
//! gaps; a signed checkpoint binds everything before it. Personal data stays out of the tree: a leaf is
//! HMAC(r, entry), and entry and r are sealed with the patient's key, so that erasing a patient leaves 32 opaque
//! bytes and the tree still verifies: it must be logged as `Action::Erase` in the same transaction, for an entry that
//! does not open and has no such explanation counts as altered. Deliberately absent: deciding who may read an entry
//! (`consent`).

mod checkpoint;
mod climb;
mod cosignature;
mod disclosure;
mod entry;
mod error;
mod house;
mod log;
pub mod note;
mod proof;
pub mod saved;
mod store;
#[cfg(test)]
mod tests;
mod tree;
mod verify;
pub mod witness;

pub use checkpoint::{Checkpoint, checkpoint, latest};
pub use climb::{continues, root_of};
pub use cosignature::{
    Cosigned, Standing, State, Witness, cosigned, lines_of, note_state, standing, store_line, trust, witnesses,
};
pub use disclosure::Disclosure;
pub use entry::{Action, Entry, Ground, Who};
pub use error::LedgerError;
pub use house::House;
pub use log::{Ledger, append};
pub use proof::{consistency, inclusion};
pub use store::{Stored, count, entries, entry, erasure, head};
pub use tree::{Hash, leaf_hash, node_hash};
pub use verify::{Report, verify, verify_against};
