//! Who may see what, and the proof of it: grants, requests, and the `Access` witness.
//!
//! Always holds: everything is refused unless a rule here allows it; only this crate can make an [`Access`]; its
//! predicate is part of every statement that reads health data, evaluated on the same snapshot as the data, so that
//! a revocation holds from its commit on. What may not be seen does not exist: not in results, counts or errors.
//! Deliberately absent: reading or writing resources (`records`), and knowing how somebody proved who they are
//! (`identity`).

pub mod access;
pub mod api;
mod app;
pub mod body;
pub mod cases;
pub mod compartment;
pub mod desk;
pub mod edit;
pub mod emergency;
mod error;
pub mod family;
mod jobs;
pub mod link;
pub mod marks;
mod model;
pub mod renewal;
pub mod requests;
pub mod resource;
pub mod restriction;
pub mod rules;
pub mod service;
mod standing;
mod step;
mod store;
pub use store::retention;
#[cfg(test)]
mod tests;
pub mod texts;
mod trail;
mod writer;

pub use access::{Access, Columns, Marked};
pub use api::{openapi, routes};
pub use compartment::Compartment;
pub use error::ConsentError;
pub use jobs::register as register_jobs;
pub use marks::{Category, Label, UNDATED};
pub use model::{
    AccessRequest, Act, ExtendForm, Grant, GrantForm, GrantPurpose, GrantVersion, Grantee, GranteeRef, GranteeType,
    Party, RequestForm, RequestState, Spoken, State,
};
pub use service::mark_read;
pub use standing::still;
pub use step::{number, step};
pub use store::{epoch, person, readers_of, resolve};
pub use writer::{EDITED_KINDS, Row, Writer};
