//! Opens SQLite or PostgreSQL and runs transactions on it; the only crate that names a driver.
//!
//! Always holds: one SQL text serves both engines; a write that was answered is durable; every write of this
//! process goes through one queue and is committed in groups (one flush for all that waited); a job that fails
//! is rolled back alone. Deliberately absent: any knowledge of what the rows mean, and traits over the engines.

mod bulk;
mod engine;
mod error;
mod migrate;
mod postgres;
mod sql;
mod sqlite;
pub mod testing;
#[cfg(test)]
mod tests;
mod tx;
mod value;
mod writer;

pub use bulk::Column;
pub use engine::{Db, Flush, Options};
pub use error::DbError;
pub use sql::Sql;
pub use sqlite::{Alone, alone};
pub use tx::{Row, Tx};
pub use value::Value;
