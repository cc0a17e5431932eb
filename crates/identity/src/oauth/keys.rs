//! The keys that tokens are signed with: one signs, and those before it are believed until what they signed is over.
//!
//! A new key is shown before it signs, because apps and other replicas keep for a while what they read of the keys.

use super::jose::{Jwk, SigningKey};
use super::memory::Memory;
use super::{store, store_keys};
use crate::IdentityError;
use kernel::{Ctx, Timestamp};
use ledger::{Action, Entry, House, append};
use serde_json::{Value, json};
use std::sync::Arc;
use vault::VaultError;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// How long a new key is shown before it signs.
const LEAD_MS: i64 = 10 * MINUTE_MS;

/// How long an old key is shown after another began to sign: no token lives for so long.
const TAIL_MS: i64 = 60 * MINUTE_MS;

/// How old the newest key becomes before another is made.
const RENEWED_MS: i64 = 365 * DAY_MS;

/// How long a process trusts what it read: less than the lead, so that none is surprised by a new key.
const READ_EVERY_MS: i64 = MINUTE_MS;

/// A key, and when it was made.
pub struct Kept {
    pub id: i64,
    pub created: Timestamp,
    pub key: SigningKey,
}

/// All keys that there are, oldest first, as they were read at some moment.
pub struct Keys {
    read: Timestamp,
    all: Vec<Kept>,
}

impl Keys {
    pub const fn new(read: Timestamp, all: Vec<Kept>) -> Self {
        Self { read, all }
    }

    fn is_young(&self, now: Timestamp) -> bool {
        !self.all.is_empty() && (0..READ_EVERY_MS).contains(&(now.0 - self.read.0))
    }

    /// When the `n`th key begins to sign. The first has none before it that could sign meanwhile.
    fn begins(&self, n: usize) -> Option<Timestamp> {
        self.all.get(n).map(|kept| if n == 0 { kept.created } else { kept.created.plus_ms(LEAD_MS) })
    }

    /// When what the `n`th key signed is over, once another has taken its place.
    fn is_over(&self, n: usize, now: Timestamp) -> bool {
        self.begins(n + 1).is_some_and(|next| next.plus_ms(TAIL_MS) <= now)
    }

    fn shown(&self, now: Timestamp) -> impl Iterator<Item = &Kept> {
        self.all.iter().enumerate().filter(move |(n, _)| !self.is_over(*n, now)).map(|(_, kept)| kept)
    }

    /// The key that signs now.
    pub fn signing(&self, now: Timestamp) -> Option<&SigningKey> {
        let begun = (0..self.all.len()).rev().find(|n| self.begins(*n).is_some_and(|from| from <= now));
        self.all.get(begun.unwrap_or(0)).map(|kept| &kept.key)
    }

    /// The public half of the key with this name, if what it signed is believed.
    pub fn named(&self, kid: &str, now: Timestamp) -> Option<&Jwk> {
        self.shown(now).find(|kept| kept.key.kid == kid).map(|kept| &kept.key.public)
    }

    /// As `/oauth/jwks` shows them, the newest first.
    pub fn set(&self, now: Timestamp) -> Value {
        let mut all: Vec<Value> = self.shown(now).map(|kept| kept.key.jwk()).collect();
        all.reverse();
        json!({ "keys": all })
    }
}

/// The keys of this server; the first is made when there is none.
pub async fn keys(house: &House) -> Result<Arc<Keys>, VaultError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    if let Some(keys) = memory.keys().filter(|keys| keys.is_young(now)) {
        return Ok(keys);
    }
    let vault = Arc::clone(&house.vault);
    let mut all = house.db.read(move |tx| store_keys::all(tx, &vault)).await?;
    if all.is_empty() {
        let inside = house.clone();
        // Writes take turns, so two processes that start together agree on one key.
        let made = house.db.write(move |tx| {
            if store_keys::all(tx, &inside.vault)?.is_empty() {
                store_keys::make(tx, &inside)?;
            }
            store_keys::all(tx, &inside.vault)
        });
        all = made.await?;
    }
    let keys = Arc::new(Keys::new(now, all));
    memory.keep_keys(&keys);
    Ok(keys)
}

/// How a new key comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewal {
    /// It takes over in ten minutes, and the one before is believed for an hour more.
    Orderly,
    /// It signs from now on, and nothing that another signed is believed, at other replicas within a minute: for the
    /// day a key came into other hands.
    AtOnce,
}

/// Makes a new key. `false` when one waits already to take over.
pub async fn renew(house: &House, ctx: &Ctx, how: Renewal) -> Result<bool, IdentityError> {
    crate::administrator(ctx)?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let (now, all) = (house.clock.now(), store_keys::all(tx, &house.vault)?);
        let keys = Keys::new(now, all);
        match how {
            Renewal::Orderly if keys.begins(keys.all.len().wrapping_sub(1)).is_some_and(|from| from > now) => {
                return Ok(false);
            }
            // The first key signs at once: without it the new one would have nothing to take over from.
            Renewal::Orderly if keys.all.is_empty() => store_keys::make(tx, &house)?,
            Renewal::Orderly => {}
            Renewal::AtOnce => {
                for kept in &keys.all {
                    store_keys::delete(tx, kept.id)?;
                }
                // What was believed of tokens is looked at again.
                store::raise(tx)?;
            }
        }
        store_keys::make(tx, &house)?;
        append(tx, Entry::system(&ctx, Action::Rotate).what("key of apps", 1));
        Ok(true)
    })
    .await
}

/// Renews a key that is a year old, and takes those away whose tokens are over.
pub async fn tend(house: &House) -> Result<(), VaultError> {
    let inside = house.clone();
    let tended = house.db.write(move |tx| {
        let now = inside.clock.now();
        let keys = Keys::new(now, store_keys::all(tx, &inside.vault)?);
        if keys.all.last().is_some_and(|newest| newest.created.plus_ms(RENEWED_MS) <= now) {
            store_keys::make(tx, &inside)?;
        }
        for (n, kept) in keys.all.iter().enumerate() {
            if keys.is_over(n, now) {
                store_keys::delete(tx, kept.id)?;
            }
        }
        Ok::<_, VaultError>(())
    });
    tended.await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(created: &[i64]) -> Keys {
        let kept = |(id, created): (usize, &i64)| {
            let key = SigningKey::from_pkcs8(&SigningKey::generate().unwrap()).unwrap();
            Kept { id: id as i64, created: Timestamp(*created), key }
        };
        Keys::new(Timestamp(0), created.iter().enumerate().map(kept).collect())
    }

    fn signing(keys: &Keys, now: i64) -> usize {
        let kid = &keys.signing(Timestamp(now)).unwrap().kid;
        keys.all.iter().position(|kept| kept.key.kid == *kid).unwrap()
    }

    #[test]
    fn a_new_key_is_shown_before_it_signs_and_an_old_one_until_its_tokens_are_over() {
        let later = 1_000 * MINUTE_MS;
        let keys = keys(&[0, later]);
        let shown = |now: i64| keys.shown(Timestamp(now)).map(|kept| kept.id).collect::<Vec<_>>();
        assert_eq!((signing(&keys, 0), signing(&keys, later + LEAD_MS - 1)), (0, 0));
        assert_eq!(signing(&keys, later + LEAD_MS), 1);
        assert_eq!(shown(later), [0, 1]);
        assert_eq!(shown(later + LEAD_MS + TAIL_MS - 1), [0, 1]);
        assert_eq!(shown(later + LEAD_MS + TAIL_MS), [1]);
        let old = keys.all[0].key.kid.clone();
        assert!(keys.named(&old, Timestamp(later)).is_some());
        assert!(keys.named(&old, Timestamp(later + LEAD_MS + TAIL_MS)).is_none());
        assert_eq!(keys.set(Timestamp(later))["keys"][0]["kid"], keys.all[1].key.kid.as_str());
    }

    #[test]
    fn a_clock_that_was_put_back_finds_a_key_all_the_same() {
        assert_eq!(signing(&keys(&[5_000]), 1_000), 0);
        assert!(keys(&[]).signing(Timestamp(0)).is_none());
    }
}
