//! Test help: the whole application in the process of a test, with people who can ask it for things.
//!
//! Always holds: a request passes the same router and border as in the binary; every test has a database of its own, on
//! SQLite, or on PostgreSQL when TEST_DATABASE_URL names a server. Deliberately absent: any way around the rules but
//! the operator's, which the command line has too.
#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

mod app;
mod authenticator;
mod binary;
mod people;
mod reply;
pub mod sample;
mod stream;

pub use app::{Listening, Slowly, TestApp, run_jobs_of};
pub use authenticator::{Authenticator, Spoil};
pub use binary::binary;
pub use people::{PASSWORD, Person};
pub use reply::Reply;
pub use stream::ReadBody;
