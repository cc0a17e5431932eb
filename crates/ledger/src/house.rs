//! What every room needs and always has together: the database, the keys, the log, time and chance.

use crate::{Ledger, LedgerError};
use db::{Db, Options};
use kernel::{Clock, Rng};
use std::sync::Arc;
use vault::{KeySource, Vault};

#[derive(Clone)]
pub struct House {
    pub db: Db,
    pub vault: Arc<Vault>,
    pub ledger: Arc<Ledger>,
    pub clock: Arc<dyn Clock>,
    pub rng: Arc<dyn Rng>,
}

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
        Ok(Self { db, vault, ledger, clock, rng })
    }
}
