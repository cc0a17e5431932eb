//! Sealed documents: what only the patient and the readers they chose can open. Not even this server can.
//!
//! Always holds: every key for it was made and wrapped in a browser, and what is kept here are wraps, public keys and sealed
//! bytes; who is handed any of it is asked of the same grants as everything, in the statement that reads it, so a revocation
//! holds from its commit on; a key is kept for a reader only while a grant names them; what is sealed is never given to the
//! child that reads files. Deliberately absent: any way to open it. See `docs/decisions/0019-sealed-documents.md`.

pub mod arrival;
pub mod files;
pub mod guardians;
pub mod model;
pub mod openings;
pub mod readers;
pub mod rules;
pub mod store;
pub mod vaults;
