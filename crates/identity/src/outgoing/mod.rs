//! What this server asks of others on the network: a provider's documents, the keys that apps publish, and what else a room
//! needs of a place that the operator named.
//!
//! Always holds: TLS with verified certificates, except to one's own machine where the operator allowed it; limits on time
//! and size; no redirect is followed; an address that a stranger named leads to no private network, and what was resolved
//! and checked is what is connected to, so that a name cannot change its mind in between. Deliberately absent: cookies,
//! proxies, and a pool of connections but that of a `Line`: elsewhere there are a few requests an hour.

pub(crate) mod fetch;
mod keys;
mod line;
mod reach;

pub use fetch::{Form, json, tell};
pub use keys::signed_by;
pub use line::{Answer, Line};
pub use reach::{Origin, may_be_asked};

use ledger::House;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

/// A certificate of somebody whose word on who is who is taken.
pub type Authority = rustls::pki_types::CertificateDer<'static>;

type Allows = Arc<dyn Fn(IpAddr) -> bool + Send + Sync>;

/// What the operator says of the network around this server.
#[derive(Clone, Default)]
pub struct Settings {
    /// Private addresses that apps may publish their keys at; none without it.
    pub private: Option<Allows>,
    /// Authorities that are trusted besides those of the system: a hospital's own.
    pub authorities: Vec<Authority>,
}

// By hand: a function shows nothing of itself.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("authorities", &self.authorities.len()).finish_non_exhaustive()
    }
}

impl Settings {
    fn allows(&self, address: IpAddr) -> bool {
        self.private.as_ref().is_some_and(|allows| allows(address.to_canonical()))
    }
}

#[derive(Default)]
struct Memory {
    settings: RwLock<Arc<Settings>>,
    trusted: RwLock<Option<Arc<rustls::ClientConfig>>>,
    keys: keys::Known,
    gate: fetch::Gate,
}

/// Sets what the server's configuration says.
pub fn configure(house: &House, settings: Settings) {
    let memory = house.memory::<Memory>();
    *memory.settings.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(settings);
    *memory.trusted.write().unwrap_or_else(PoisonError::into_inner) = None;
}

/// Whether a stranger may publish something at an address: with TLS, or on this machine where the operator allowed that.
pub fn may_publish(house: &House, url: &str) -> bool {
    reach::place(url).is_some_and(|place| {
        place.secure || place.host.parse().is_ok_and(|own: IpAddr| own.is_loopback() && settings(house).allows(own))
    })
}

fn settings(house: &House) -> Arc<Settings> {
    Arc::clone(&house.memory::<Memory>().settings.read().unwrap_or_else(PoisonError::into_inner))
}
