//! Who you are: accounts, passwords, sessions, and the caller that every other room is handed.
//!
//! Always holds: a password is kept only as a sealed Argon2id hash and a token only as its SHA-256; an account that does
//! not exist, a locked one and a wrong password answer in the same words after the same work; a session that was ended
//! anywhere, by any process on this database, is refused from the next request on; what an account says of itself is
//! sealed with the key of the patient whose account it is. Deliberately absent: what the caller may see (`consent`),
//! and making Patient or Practitioner resources (the server puts that together with `prepare` and `insert`).

mod access;
pub mod api;
mod caller;
mod doors;
mod error;
mod jobs;
mod memory;
mod model;
pub mod oauth;
mod password;
mod rules;
mod service;
mod session;
mod store;
#[cfg(test)]
mod tests;

pub use access::{administrator, signed_in};
pub use caller::{authenticate, session_of};
pub use error::IdentityError;
pub use jobs::jobs;
pub use memory::{Peer, Settings, configure};
pub use model::{Account, Link, Links, NewAccount, OrganizationRef, Registration, SessionKind, Workplace};
pub use service::{
    Prepared, add_member, forget_patient, insert, login, prepare, register, set_password, token_create, user_add,
};
pub use session::{Opened, SignedIn, open};
pub use store::SessionRow;

/// Everything under `/api/auth`, `/api/admin/users` and `/api/events`, except what needs the record store too: the server
/// has the handlers of `POST /api/auth/register` (with [`register`]), `POST /api/admin/users` (with [`prepare`] and
/// [`insert`]) and `POST /api/admin/organizations/{id}/members` (with [`add_member`]).
///
/// They expect the caller ([`authenticate`]) and, if known, the [`Peer`] in the request's extensions.
pub fn routes() -> axum::Router<ledger::House> {
    api::routes()
}

/// The operations of this room, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    api::openapi()
}
