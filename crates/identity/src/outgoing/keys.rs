//! Public keys that others publish (a JWK set at an address), remembered for an hour. Whoever changes their keys is
//! noticed at the first signature with a new one.

use super::{Memory, Origin, fetch};
use crate::oauth::jose::{Jwk, Jws};
use ledger::House;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long a set is good without asking again.
const GOOD_MS: i64 = 3_600_000;
/// A signature by an unknown key makes this server ask again, at most so often in a minute: it is strangers who sign.
const ASKED_PER_MINUTE: u32 = 6;
const MINUTE_MS: i64 = 60_000;
/// Addresses remembered, and keys of each.
const MOST: usize = 1_000;
const MOST_KEYS: usize = 50;

#[derive(Default)]
struct Set {
    keys: Vec<Jwk>,
    /// When the set came.
    at: Option<i64>,
    /// Since when requests are counted, and how many there were.
    counted: (i64, u32),
}

impl Set {
    /// Whether one more request is within the limit.
    fn may_ask(&mut self, now: i64) -> bool {
        let (since, asked) = &mut self.counted;
        if now - *since >= MINUTE_MS {
            (*since, *asked) = (now, 0);
        }
        *asked += 1;
        *asked <= ASKED_PER_MINUTE
    }

    fn signed(&self, jws: &Jws) -> bool {
        let wanted = jws.field("kid");
        self.keys.iter().any(|key| (wanted.is_none() || key.kid.as_deref() == wanted) && jws.verify(key))
    }
}

/// One lock for each address: whoever comes while it is asked waits for the same answer.
#[derive(Default)]
pub struct Known(Mutex<HashMap<String, Arc<tokio::sync::Mutex<Set>>>>);

impl Known {
    fn of(&self, url: &str) -> Arc<tokio::sync::Mutex<Set>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST && !all.contains_key(url) {
            all.clear();
        }
        Arc::clone(all.entry(url.to_owned()).or_default())
    }
}

/// Whether a token is signed by one of the keys published at an address.
pub async fn signed_by(house: &House, url: &str, origin: Origin, jws: &Jws) -> Result<bool, String> {
    let known = house.memory::<Memory>().keys.of(url);
    let mut set = known.lock().await;
    let now = house.clock.now().0;
    let young = set.at.is_some_and(|at| (0..GOOD_MS).contains(&(now - at)));
    if young && set.signed(jws) {
        return Ok(true);
    }
    if !set.may_ask(now) {
        return if young { Ok(false) } else { Err("it was asked too often".to_owned()) };
    }
    let document = fetch::json(house, url, origin, None).await?;
    let keys = document.get("keys").and_then(serde_json::Value::as_array).ok_or("this is no set of keys")?;
    set.keys = keys.iter().take(MOST_KEYS).filter_map(|key| Jwk::parse(key).ok()).collect();
    set.at = Some(now);
    Ok(set.signed(jws))
}
