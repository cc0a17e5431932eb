//! Work of this room that is done at its time.

use crate::error::ConsentError;
use crate::{cases, emergency, service};
use jobs::{JobError, Registry, Work};
use ledger::House;

/// Adds this room's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .on(service::EXPIRE, expire)
        .on(emergency::REMIND, remind)
        .on(cases::REMIND, case_reminder)
        .on(cases::OVERDUE, case_overdue)
}

fn number(work: &Work) -> Result<i64, JobError> {
    let bytes = <[u8; 8]>::try_from(work.payload.as_slice());
    bytes.map(i64::from_le_bytes).map_err(|_| JobError::Failed("the payload is no number".into()))
}

fn done(result: Result<(), ConsentError>) -> Result<(), JobError> {
    match result {
        Err(ConsentError::Vault(error)) => Err(error.into()),
        Err(error) => Err(JobError::Failed(error.to_string())),
        Ok(()) => Ok(()),
    }
}

async fn expire(house: House, work: Work) -> Result<(), JobError> {
    let (grant, now) = (number(&work)?, house.clock.now());
    let inside = house.clone();
    done(house.db.write(move |tx| service::expire(&inside, tx, grant, now)).await)
}

async fn remind(house: House, work: Work) -> Result<(), JobError> {
    let id = number(&work)?;
    let inside = house.clone();
    done(house.db.write(move |tx| emergency::remind(&inside, tx, id)).await)
}

async fn case_reminder(house: House, work: Work) -> Result<(), JobError> {
    let id = number(&work)?;
    let inside = house.clone();
    done(house.db.write(move |tx| cases::remind(&inside, tx, id)).await)
}

async fn case_overdue(house: House, work: Work) -> Result<(), JobError> {
    let id = number(&work)?;
    let inside = house.clone();
    done(house.db.write(move |tx| cases::overdue(&inside, tx, id)).await)
}
