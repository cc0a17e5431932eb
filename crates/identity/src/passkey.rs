//! Passkeys (WebAuthn level 3): making them, signing in with them, confirming with them.
//!
//! Always holds: a ceremony is good once, for five minutes, for what it was begun for; only a signature over its own
//! challenge, made at an address of this server by a device that checked its owner, counts; what a passkey derives in
//! the browser (PRF) is refused here if a page sends it. Deliberately absent: attestation. Who made a device says
//! nothing about who holds it, and asking would tell this server more of people than it needs.

mod cbor;
mod ceremony;
#[cfg(fuzzing)]
pub mod fuzz;
mod key;
mod party;
mod service;
mod verify;

pub use ceremony::Begun;
pub use key::PublicKey;
pub use party::{Party, Where};
pub use service::{
    Finished, READY, add_finish, add_start, complete, confirm_start, proved, register_finish, register_start, rename,
    revoke, sign_in_finish, sign_in_start,
};
pub use verify::Credential;
