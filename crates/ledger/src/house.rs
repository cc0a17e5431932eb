//! What every room needs and always has together: the database, the keys, the log, time and chance.

use crate::{Ledger, LedgerError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use db::{Db, Options};
use kernel::{Clock, Rng};
use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use vault::{Aad, KeySource, Vault};

#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub vault: Arc<Vault>,
    pub ledger: Arc<Ledger>,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
    memory: Arc<RwLock<HashMap<TypeId, Remembered>>>,
}

type Remembered = Arc<dyn Any + Send + Sync>;

impl House {
    /// Opens database, vault and ledger; makes what is missing on the first start.
    pub fn open(
        options: &Options,
        keys: KeySource,
        origin: &str,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
    ) -> Result<Self, LedgerError> {
        let db = Db::open(options)?;
        let vault = Arc::new(Vault::open(&db, keys, Arc::clone(&rng), clock.now())?);
        let ledger = Ledger::open(&db, Arc::clone(&vault), Arc::clone(&rng), origin)?;
        seal_news(&db, &vault, &rng)?;
        Ok(Self { db, vault, ledger, clock, rng, memory: Arc::default() })
    }

    /// What a room remembers between requests (caches, counters, settings), made when it is first asked for. Two houses
    /// on one database remember apart, like two processes: nothing here may be the only place of a truth.
    pub fn memory<T: Any + Default + Send + Sync>(&self) -> Arc<T> {
        let kept = self.memory.read().unwrap_or_else(PoisonError::into_inner).get(&TypeId::of::<T>()).cloned();
        if let Some(found) = kept.and_then(|kept| kept.downcast().ok()) {
            return found;
        }
        let mut memory = self.memory.write().unwrap_or_else(PoisonError::into_inner);
        let kept = Arc::clone(memory.entry(TypeId::of::<T>()).or_insert_with(|| Arc::new(T::default())));
        // The key is the type, so the value has it.
        kept.downcast().unwrap_or_default()
    }
}

/// What replicas tell each other names patients by their ids: PostgreSQL passes it on sealed.
fn seal_news(db: &Db, vault: &Vault, rng: &Arc<dyn Rng>) -> Result<(), LedgerError> {
    const PLACE: Aad = Aad::new("news", 0, 0, 0);
    let key = Arc::new(vault.server_key(db, "news", rng)?);
    let (closing, chance) = (Arc::clone(&key), Arc::clone(rng));
    db.on_news(
        move |news| Some(STANDARD_NO_PAD.encode(closing.seal(&*chance, &PLACE, news.as_bytes()).ok()?)),
        move |closed| String::from_utf8(key.open(&PLACE, &STANDARD_NO_PAD.decode(closed).ok()?).ok()?).ok(),
    )?;
    Ok(())
}
