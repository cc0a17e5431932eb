//! What this process remembers of apps: the signing key, tokens it has believed, statements it has seen. The database
//! is the truth of each.

use super::jose::SigningKey;
use super::store_clients;
use crate::memory::Memory as Sessions;
use http::{HeaderMap, header};
use kernel::Timestamp;
use kernel::app::App;
use ledger::House;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use vault::VaultError;

/// How apps address this server.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// As people type it; without it the address that a request came to counts, which the border has checked.
    pub public_url: Option<String>,
}

/// Tokens and proofs remembered.
const MOST: usize = 20_000;

/// A token that was believed at this epoch.
pub struct Believed {
    pub epoch: i64,
    pub expires: Timestamp,
    pub actor: kernel::Actor,
    pub name: Arc<str>,
    pub organization: Option<Arc<str>>,
    pub app: Arc<App>,
    /// The key that a proof must come with.
    pub jkt: Option<String>,
}

#[derive(Default)]
pub struct Memory {
    settings: RwLock<Settings>,
    key: RwLock<Option<Arc<SigningKey>>>,
    tokens: RwLock<HashMap<[u8; 32], Arc<Believed>>>,
    proofs: Mutex<HashMap<[u8; 32], i64>>,
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

    /// Whether this proof is seen here for the first time. When too many are remembered the answer is no: a flood must
    /// not make old proofs good again.
    pub fn first_proof(&self, id: [u8; 32], now: i64, until: i64) -> bool {
        let mut proofs = self.proofs.lock().unwrap_or_else(PoisonError::into_inner);
        if proofs.len() >= MOST {
            proofs.retain(|_, until| *until > now);
        }
        proofs.len() < MOST && proofs.insert(id, until).is_none()
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

/// The key that tokens are signed with, made when there is none.
pub async fn signing_key(house: &House) -> Result<Arc<SigningKey>, VaultError> {
    let memory = house.memory::<Memory>();
    if let Some(key) = memory.key.read().unwrap_or_else(PoisonError::into_inner).as_ref() {
        return Ok(Arc::clone(key));
    }
    let vault = Arc::clone(&house.vault);
    let found = house.db.read(move |tx| store_clients::signing_key(tx, &vault)).await?;
    let document = match found {
        Some(document) => document,
        None => {
            let house = house.clone();
            let db = house.db.clone();
            // Writes take turns, so two processes that start together agree on one key.
            db.write(move |tx| match store_clients::signing_key(tx, &house.vault)? {
                Some(document) => Ok::<_, VaultError>(document),
                None => {
                    let document = SigningKey::generate().ok_or(VaultError::DoesNotOpen)?;
                    store_clients::insert_signing_key(tx, &house.vault, &*house.rng, &document, house.clock.now())?;
                    Ok(document)
                }
            })
            .await?
        }
    };
    let key = Arc::new(SigningKey::from_pkcs8(&document).ok_or(VaultError::DoesNotOpen)?);
    *memory.key.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&key));
    Ok(key)
}
