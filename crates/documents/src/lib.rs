//! Documents: the files of a record, from a phone's camera to the words and values in them.
//!
//! Always holds: a file is sealed in a stream on its way in and lies nowhere else, its key sealed with the patient's; nothing
//! becomes a document that a child process of its own did not look into and find harmless; a document is a DocumentReference
//! of the record, so consent, history, export and erasure are those of every entry; what is read of it is sealed, and found by
//! keyed hashes only; a value becomes part of the record when a person confirms it. What is sealed end to
//! end (`sealing`) is none of that: nobody looks into it, and only its readers open it. Deliberately absent: any parser. This
//! process never looks inside a file; the child (`healthsync paper`) does, with limits, and answers in JSON.

mod api;
mod blobs;
mod child;
mod content;
mod error;
#[cfg(fuzzing)]
pub mod fuzz;
mod jobs;
mod model;
pub mod plain;
mod reading;
mod resource;
mod rules;
mod sealed;
mod sealing;
mod service;
mod settings;
mod shown;
mod store;
mod uploads;
mod values;

pub use api::{openapi, routes};
pub use blobs::{Blobs, Folder, Objects, S3};
pub use content::{Taken, taken};
pub use jobs::register as register_jobs;
pub use sealing::guardians::leave_of_patient as leave_guarded_vaults;
pub use settings::{Settings, configure};
pub use store::forget_patient;
pub use uploads::takes_file;
