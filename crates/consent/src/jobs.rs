//! Work of this room that is done at its time.

use crate::error::ConsentError;
use crate::service;
use jobs::{JobError, Registry, Work};
use ledger::House;

/// Adds this room's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.on(service::EXPIRE, expire)
}

async fn expire(house: House, work: Work) -> Result<(), JobError> {
    let Ok(bytes) = <[u8; 8]>::try_from(work.payload.as_slice()) else {
        return Err(JobError::Failed("the payload is no grant".into()));
    };
    let (grant, now) = (i64::from_le_bytes(bytes), house.clock.now());
    let inside = house.clone();
    match house.db.write(move |tx| service::expire(&inside, tx, grant, now)).await {
        Err(ConsentError::Vault(error)) => Err(error.into()),
        Err(error) => Err(JobError::Failed(error.to_string())),
        Ok(()) => Ok(()),
    }
}
