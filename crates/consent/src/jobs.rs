//! Work of this room that is done at its time.

use crate::error::ConsentError;
use crate::{cases, emergency, family, renewal, service};
use jobs::{JobError, Registry, Work};
use ledger::House;

/// Adds this room's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .on(service::EXPIRE, expire)
        .on(emergency::REMIND, remind)
        .on(cases::REMIND, case_reminder)
        .on(cases::OVERDUE, case_overdue)
        .on(renewal::ENDING, ending)
        .on(family::EXPIRE, end_delegation)
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

async fn end_delegation(house: House, work: Work) -> Result<(), JobError> {
    let (id, now) = (number(&work)?, house.clock.now());
    let inside = house.clone();
    done(house.db.write(move |tx| family::expire(&inside, tx, id, now)).await)
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

/// The payload is the grant and the end that it had when this was planned.
async fn ending(house: House, work: Work) -> Result<(), JobError> {
    let wrong = || JobError::Failed("the payload is no grant and end".into());
    let (grant, until) = work.payload.split_at_checked(8).ok_or_else(wrong)?;
    let number = |bytes: &[u8]| <[u8; 8]>::try_from(bytes).map(i64::from_le_bytes).map_err(|_| wrong());
    let (planned, now) = ((number(grant)?, number(until)?), house.clock.now());
    let inside = house.clone();
    done(house.db.write(move |tx| renewal::ending(&inside, tx, planned, now)).await)
}
