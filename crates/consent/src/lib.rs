//! Who may see what, and the proof of it: grants, requests, and the `Access` witness.
//!
//! Always holds: everything is refused unless a rule here allows it; only this crate can make an [`Access`]; its
//! predicate is part of every statement that reads health data, evaluated on the same snapshot as the data, so that
//! a revocation holds from its commit on. What may not be seen does not exist: not in results, counts or errors.
//! Deliberately absent: reading or writing resources (`records`), and knowing how somebody proved who they are
//! (`identity`).

pub mod access;
pub mod marks;

pub use access::{Access, Columns, Writer};
pub use marks::{Category, Label, UNDATED};
