//! What this process remembers of apps: the keys, tokens it has believed, proofs it has seen, how often who asked. The
//! database is the truth of what does not end by itself.

use super::doors::Doors;
use super::keys::Keys;
use super::proofs::Proofs;
use super::scope::Scope;
use crate::memory::Memory as Sessions;
use http::{HeaderMap, header};
use kernel::Timestamp;
use kernel::app::App;
use ledger::House;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

/// How apps address this server.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// As people type it; without it the address that a request came to counts, which the border has checked.
    pub public_url: Option<String>,
}

/// Tokens remembered.
const MOST: usize = 20_000;

/// A token that was believed at this epoch.
pub struct Believed {
    pub epoch: i64,
    /// Until then nothing but the epoch needs to be asked again.
    pub expires: Timestamp,
    pub actor: kernel::Actor,
    pub name: Arc<str>,
    pub workplaces: Arc<[(i64, Arc<str>)]>,
    pub app: Arc<App>,
    /// What the token is good for: the permission's scopes or fewer.
    pub scopes: Vec<Scope>,
    /// The key that a proof must come with.
    pub jkt: Option<String>,
}

#[derive(Default)]
pub struct Memory {
    settings: RwLock<Settings>,
    keys: RwLock<Option<Arc<Keys>>>,
    tokens: RwLock<HashMap<[u8; 32], Arc<Believed>>>,
    proofs: Mutex<Proofs>,
    pub doors: Doors,
    touched: Mutex<HashMap<i64, i64>>,
}

/// Sets what the server's configuration says.
pub fn configure(house: &House, settings: Settings) {
    *house.memory::<Memory>().settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
}

/// The name of this server among apps: where its documents begin. Without a slash at its end.
pub fn issuer(house: &House, headers: &HeaderMap) -> String {
    let memory = house.memory::<Memory>();
    if let Some(url) = &memory.settings.read().unwrap_or_else(PoisonError::into_inner).public_url {
        return url.trim_end_matches('/').to_owned();
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
    let scheme = if house.memory::<Sessions>().settings().secure { "https" } else { "http" };
    format!("{scheme}://{host}")
}

impl Memory {
    pub fn believed(&self, token: &[u8; 32]) -> Option<Arc<Believed>> {
        self.tokens.read().unwrap_or_else(PoisonError::into_inner).get(token).cloned()
    }

    pub fn believe(&self, token: [u8; 32], what: &Arc<Believed>, now: Timestamp) {
        let mut tokens = self.tokens.write().unwrap_or_else(PoisonError::into_inner);
        if tokens.len() >= MOST {
            tokens.retain(|_, known| known.expires > now && known.epoch == what.epoch);
            if tokens.len() >= MOST {
                tokens.clear();
            }
        }
        tokens.insert(token, Arc::clone(what));
    }

    pub fn disbelieve(&self, token: &[u8; 32]) {
        self.tokens.write().unwrap_or_else(PoisonError::into_inner).remove(token);
    }

    /// Whether this proof is seen here for the first time.
    pub fn first_proof(&self, id: &[u8; 32], now: Timestamp) -> bool {
        self.proofs.lock().unwrap_or_else(PoisonError::into_inner).first(id, now.0)
    }

    pub fn keys(&self) -> Option<Arc<Keys>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn keep_keys(&self, keys: &Arc<Keys>) {
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(keys));
    }

    /// Whether the use of a permission is to be written down: once a minute.
    pub fn due(&self, permission: i64, now: Timestamp) -> bool {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        if touched.len() >= MOST {
            touched.clear();
        }
        let last = touched.get(&permission).copied().unwrap_or(i64::MIN);
        let due = now.0.saturating_sub(last) >= 60_000;
        if due {
            touched.insert(permission, now.0);
        }
        due
    }
}
