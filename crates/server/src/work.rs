//! What is done in the background.

use crate::retention::{self, Retention};
use jobs::Registry;

/// The jobs of all rooms.
pub fn registry(keep: Retention) -> Registry {
    let registry = Registry::new().when_given_up(notify::job_given_up);
    let registry = consent::register_jobs(identity::jobs(notify::jobs(jobs::sign_checkpoints(registry))));
    retention::register(exchange::register_jobs(documents::register_jobs(registry)), keep)
}
