//! Whether somebody who says they are a clinician is one: what they hand in, and two different administrators who look at it.
//!
//! Always holds: an account that is not verified stands for no Practitioner, so that it can be given nothing, is found by
//! nobody, and no `Access` opens for it; the two who find it good are two; what was found good is what was looked at, for
//! every change makes both look again; each step is an entry of the ledger. Deliberately absent: asking a register of
//! clinicians by itself, and making the Practitioner (the server does, in the transaction of the second check).

pub mod invitations;
pub mod join;
pub mod model;
mod rules;
pub mod service;
mod store;

pub use model::{Admitted, Credential, Verification};
pub use rules::CREDENTIAL_BYTES;
