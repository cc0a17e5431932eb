//! Hospital staff sign in with the hospital's own OpenID Connect provider.
//!
//! Always holds: providers are named in the settings, each with an address of its own to come back to; PKCE, state and nonce,
//! the state bound to the browser by a cookie; the identity token is verified by the provider's published keys; an
//! account is found by a connection that its owner made in a full session, or, where the operator says that a provider
//! knows the addresses of a domain, by such an address; role and organizations are never taken from a token. Deliberately
//! absent: making accounts (an administrator does), patients (their sign-in must not depend on an employer), keeping the
//! provider's tokens, and signing out there.

mod rules;
mod service;
mod store;
mod tokens;

pub use service::{Arrival, Begun, Brought, Came, begin, begin_link, finish, links, named, unlink};
pub use store::Link;
pub(crate) use store::{connected, sweep};

use ledger::House;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

/// A provider, as the settings name it.
#[derive(Clone, PartialEq, Eq)]
pub struct Provider {
    /// What it is called in addresses and in the settings.
    pub ident: String,
    /// What people know it as.
    pub name: String,
    /// Where its documents begin: `https://login.hospital.example`
    pub issuer: String,
    pub client_id: String,
    /// For providers that do not take public clients.
    pub client_secret: Option<String>,
    /// Domains of which the provider knows who has which e-mail address.
    pub domains: Vec<String>,
}

// By hand: a secret is not for logs.
impl fmt::Debug for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Provider")
            .field("ident", &self.ident)
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Whether an address can be a provider's: TLS, except on one's own machine.
pub fn may_be_issuer(url: &str) -> bool {
    crate::outgoing::may_be_asked(url) && !url.contains(['?', '#'])
}

/// Whether a text can name a provider in addresses.
pub fn may_be_ident(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_'))
}

#[derive(Default)]
struct Memory {
    providers: RwLock<Vec<Arc<Provider>>>,
    documents: service::Documents,
}

/// Sets what the server's configuration says; without it nobody signs in this way.
pub fn configure(house: &House, providers: Vec<Provider>) {
    *house.memory::<Memory>().providers.write().unwrap_or_else(PoisonError::into_inner) =
        providers.into_iter().map(Arc::new).collect();
}

/// All of them, as the settings list them.
pub fn providers(house: &House) -> Vec<Arc<Provider>> {
    house.memory::<Memory>().providers.read().unwrap_or_else(PoisonError::into_inner).clone()
}

pub fn provider(house: &House, ident: &str) -> Option<Arc<Provider>> {
    providers(house).into_iter().find(|provider| provider.ident == ident)
}
