//! What is done in the background.

use jobs::Registry;

/// The jobs of all rooms.
pub fn registry() -> Registry {
    let registry = Registry::new().when_given_up(notify::job_given_up);
    consent::register_jobs(identity::jobs(notify::jobs(jobs::sign_checkpoints(registry))))
}
