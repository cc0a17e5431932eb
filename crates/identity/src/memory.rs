//! What identity remembers between requests, per process: settings, caches and counters. Nothing here is a truth of
//! its own: a process that starts anew knows no less.

use crate::caller::Cache;
use crate::doors::Doors;
use crate::password::Gate;
use ledger::House;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};

/// Where a request came from, as the border established it: put it into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Browsers come by TLS: the cookie is `__Host-healthsync`, Secure.
    pub secure: bool,
    /// Tries to sign in or register from one address in a minute.
    pub attempts_per_minute: u32,
    /// Failed sign-ins in a row, per account and per address, before waiting begins.
    pub failures: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self { secure: false, attempts_per_minute: 30, failures: 5 }
    }
}

#[derive(Default)]
pub struct Memory {
    settings: RwLock<Settings>,
    pub cache: Cache,
    pub doors: Doors,
    pub gate: Gate,
}

impl Memory {
    pub fn settings(&self) -> Settings {
        *self.settings.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sets what the server's configuration says. Before that the defaults hold.
pub fn configure(house: &House, settings: Settings) {
    *house.memory::<Memory>().settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
}
