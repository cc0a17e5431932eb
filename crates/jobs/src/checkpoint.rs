//! Signs the ledger's tree head once a minute, when it has grown: what was signed can be compared with later.

use crate::Registry;
use ledger::LedgerError;

const EVERY_MS: i64 = 60_000;

/// Adds the job that signs checkpoints.
pub fn sign_checkpoints(registry: Registry) -> Registry {
    registry.every("checkpoint", EVERY_MS, |house, _| async move {
        let ledger = std::sync::Arc::clone(&house.ledger);
        let grown = house
            .db
            .read(move |tx| {
                let (size, _) = ledger::head(tx)?;
                Ok::<_, LedgerError>(ledger::latest(tx, &ledger)?.is_none_or(|kept| kept.size != size))
            })
            .await?;
        if grown {
            let (ledger, now) = (std::sync::Arc::clone(&house.ledger), house.clock.now());
            house.db.write(move |tx| ledger::checkpoint(tx, &ledger, now)).await?;
        }
        Ok(())
    })
}
