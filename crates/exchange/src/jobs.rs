//! Work of this room that is done in the background.

use crate::error::ExchangeError;
use crate::links;
use consent::family::LEFT;
use jobs::{JobError, Registry, Work};
use kernel::Id;
use ledger::House;

/// Adds this room's jobs.
pub fn register(registry: Registry) -> Registry {
    registry.on(LEFT, helper_left)
}

async fn helper_left(house: House, work: Work) -> Result<(), JobError> {
    let wrong = || JobError::Failed("the payload is no record and account".into());
    let (patient, account) = work.payload.split_at_checked(8).ok_or_else(wrong)?;
    let number = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).map(i64::from_le_bytes).map_err(|_| wrong());
    let (patient, account) = (Id::new(number(patient)?), number(account)?);
    let inside = house.clone();
    let done = house.db.write(move |tx| links::service::left(&inside, tx, patient, account)).await;
    done.map_err(|error| match error {
        ExchangeError::Vault(error) => error.into(),
        error => JobError::Failed(error.to_string()),
    })
}
