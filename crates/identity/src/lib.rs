//! Who you are: accounts, passkeys, passwords, codes, sessions, and the caller that every other room is handed.
//!
//! Always holds: a password is kept only as a sealed hash, a token and a code only hashed; an account that does not exist, a
//! locked one and a wrong password answer in the same words after the same work; a code sent by e-mail alone opens no
//! health data; whatever changes how an account is opened is told to its owner, and needs a fresh proof of who asks or a
//! waiting time; a session that was ended
//! anywhere, by any process on this database, is refused from the next request on; what an account says of itself is
//! sealed with the key of the patient whose account it is. Deliberately absent: what the caller may see (`consent`),
//! and making Patient or Practitioner resources (the server puts that together with `prepare` and `insert`).

mod access;
mod alarm;
pub mod api;
mod caller;
mod code;
mod common;
mod doors;
mod entrance;
mod error;
pub mod external;
pub mod face;
mod jobs;
mod login;
mod membership;
mod memory;
mod methods;
mod model;
mod named;
pub mod oauth;
pub mod outgoing;
mod passkey;
mod password;
mod recovery;
mod role;
mod rules;
mod service;
mod session;
mod store;
#[cfg(test)]
mod tests;
pub mod verification;

pub use access::{administrator, signed_in};
pub use caller::{Standing, authenticate, session_of};
pub use entrance::Entrance;
pub use error::IdentityError;
pub use jobs::jobs;
pub use login::login;
pub use membership::{Member, members, remove_member};
pub use memory::{Peer, Settings, bring_passwords, configure, pages, refuse_passwords_of};
pub use model::{
    Account, Link, Links, Method, NewAccount, Newcomer, OrganizationRef, Registration, SessionKind, Workplace,
};
pub use named::{own_practitioner, practitioner_named, workplaces_of};
#[cfg(fuzzing)]
pub use passkey::fuzz as passkey_fuzz;
pub use passkey::{Begun, Credential, Finished, Party, register_finish, register_start};
pub use service::{
    Prepared, add_member, forget_patient, insert, patient_named, prepare, prepare_demonstration, prepare_with_hash,
    register, set_password, token_create, user_add,
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
