//! The words every room speaks: typed ids, time, randomness, the caller, pages and problems.
//!
//! Always holds: time, randomness and identity come in as parameters, so that a test can fix all three.
//! Deliberately absent: any I/O, any health data, any knowledge of SQL or FHIR; of HTTP it knows only how a problem,
//! a JSON body and a query look (`http`).

pub mod actor;
pub mod app;
pub mod behalf;
pub mod clock;
pub mod ctx;
pub mod http;
pub mod id;
mod named;
pub mod problem;
pub mod rng;
pub mod text;

pub use actor::{Actor, Role};
pub use behalf::Behalf;
pub use clock::{Clock, FixedClock, SystemClock, Timestamp};
pub use ctx::{Ctx, FRESH_MS, Pass, Purpose};
pub use id::Id;
pub use problem::{Issue, Problem};
pub use rng::{Rng, SeededRng, SystemRng};
