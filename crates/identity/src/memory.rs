//! What identity remembers between requests, per process: settings, caches and counters. Nothing here is a truth of
//! its own: a process that starts anew knows no less.

use crate::caller::Cache;
use crate::common::Common;
use crate::doors::Doors;
use crate::passkey::Party;
use crate::password::Gate;
use crate::store;
use db::Tx;
use kernel::{Id, id};
use ledger::House;
use notify::Addressee;
use std::net::IpAddr;
use std::sync::{PoisonError, RwLock};
use vault::VaultError;

/// Where a request came from, as the border established it: put it into the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Browsers come by TLS: the cookie is `__Host-healthsync`, Secure.
    pub secure: bool,
    /// Tries to sign in or register from one address in a minute.
    pub attempts_per_minute: u32,
    /// Failed sign-ins in a row, per account at one address, before waiting begins; ten times as many per address.
    pub failures: u32,
    /// Where passkeys are made and used; `None` where the address has no name.
    pub party: Option<Party>,
    /// The address of the pages, for letters.
    pub address: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { secure: false, attempts_per_minute: 30, failures: 5, party: Some(Party::default()), address: None }
    }
}

#[derive(Default)]
pub struct Memory {
    settings: RwLock<Settings>,
    pub cache: Cache,
    pub doors: Doors,
    pub gate: Gate,
    pub common: Common,
}

impl Memory {
    pub fn settings(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Adds a file with one password per line to the passwords that nobody may choose.
pub fn refuse_passwords_of(house: &House, file: &std::path::Path) -> std::io::Result<()> {
    house.memory::<Memory>().common.add(file)
}

/// Takes the passwords that the program brings: lower case, one per line, sorted.
pub fn bring_passwords(house: &House, text: &'static str) {
    house.memory::<Memory>().common.bring(text);
}

/// Sets what the server's configuration says. Before that the defaults hold.
pub fn configure(house: &House, settings: Settings) {
    notify::addressed_by(house, addressee);
    house.memory::<Memory>().common.stands_at(settings.address.as_deref());
    *house.memory::<Memory>().settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
}

/// The address of the pages, for letters; `None` where none leave this server.
pub fn pages(house: &House) -> Option<String> {
    house.memory::<Memory>().settings().address.filter(|_| notify::can_mail(house))
}

/// Where the owner of an account that is open reads their mail.
fn addressee(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>) -> Result<Option<Addressee>, VaultError> {
    let Some(stored) = store::find(tx, &house.vault, account.get())?.filter(|stored| !stored.locked) else {
        return Ok(None);
    };
    let owner = store::owner(&stored.profile);
    let pages = house.memory::<Memory>().settings().address;
    Ok(Some(Addressee { name: stored.profile.name, email: stored.profile.email, owner, pages }))
}
