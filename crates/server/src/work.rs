//! What is done in the background.

use crate::retention::{self, Retention};
use jobs::{JobError, Registry, Work};
use ledger::House;
use records::by_word::{Place, fill_in};

/// The jobs of all rooms.
pub fn registry(keep: Retention) -> Registry {
    let registry = Registry::new().when_given_up(notify::job_given_up);
    let registry = consent::register_jobs(identity::jobs(notify::jobs(jobs::sign_checkpoints(registry))));
    let registry = exchange::register_jobs(documents::register_jobs(registry));
    retention::register(registry, keep).on(NAMES, names)
}

/// What the migration that begins it calls it.
const NAMES: &str = "names-by-word";

/// Lets the names that were here before be found by each of their words, stretch by stretch.
async fn names(house: House, work: Work) -> Result<(), JobError> {
    let from = Place::read(&work.payload).ok_or_else(|| JobError::Failed("the payload is no place".into()))?;
    let next = fill_in(&house, from).await?;
    if let Some(next) = next {
        let now = house.clock.now();
        house.db.write(move |tx| jobs::enqueue(tx, NAMES, now, &next.bytes())).await?;
    }
    Ok(())
}
