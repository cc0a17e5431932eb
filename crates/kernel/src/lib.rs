//! The words every room speaks: typed ids, time, randomness, the caller, pages and problems.
//!
//! Always holds: time, randomness and identity come in as parameters, so that a test can fix all three.
//! Deliberately absent: any I/O, any health data, any knowledge of HTTP, SQL or FHIR.

pub mod actor;
pub mod clock;
pub mod ctx;
pub mod id;
pub mod problem;
pub mod rng;

pub use actor::{Actor, Role};
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use ctx::{Ctx, Purpose};
pub use id::Id;
pub use problem::{Issue, Problem};
pub use rng::{Rng, SeededRng, SystemRng};
