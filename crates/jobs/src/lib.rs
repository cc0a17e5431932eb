//! The durable queue: work enqueued in the transaction that caused it, done after the commit, at its time.
//!
//! Always holds: a job exists exactly if the transaction that enqueued it committed; it runs at least once, also after
//! a crash, and on one replica at a time; one that keeps failing is tried ten times, ever later, and is then kept and
//! reported. Deliberately absent: what the jobs do (each room brings its own), and exactly-once: a job must bear being
//! run again.

mod checkpoint;
mod error;
mod registry;
mod rules;
mod runner;
mod store;
#[cfg(test)]
mod tests;

pub use checkpoint::sign_checkpoints;
pub use error::JobError;
pub use registry::{Registry, Work};
pub use runner::{run, run_due};
pub use store::{Counts, counts, enqueue, enqueue_once};
