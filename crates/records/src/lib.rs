//! The only door to health data: FHIR resources, their versions, search, bundles.
//!
//! Always holds: every function takes a [`consent::Access`] and adds its condition to each statement; a body is sealed
//! before it reaches the database and search works on keyed hashes; what is read comes as a [`ledger::Disclosure`],
//! which opens only once its trace is durable; a bundle is stored whole or not at all. Deliberately absent: who may
//! see what (`consent`), FHIR's own rules (`fhir`), and pages of the web app beyond their data.

pub mod api;
pub mod beside;
pub mod bundle;
pub mod busy;
pub mod by_word;
pub mod change;
mod corrections;
pub mod edits;
pub mod erase;
mod error;
pub mod export;
mod index;
pub mod labels;
pub mod model;
mod news;
mod own;
pub mod photo;
mod place;
mod prepare;
pub mod resolve;
pub mod search;
pub mod service;
mod store;
pub mod view;

pub use api::{openapi, routes};
