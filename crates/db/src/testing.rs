//! For tests: an empty database on a PostgreSQL server, so that tests do not see each other's rows.

use crate::postgres::Session;
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Creates a database with a name of its own on the server of `url` and returns its address.
///
/// # Panics
/// When the server cannot be reached: a test that asked for PostgreSQL must not pass without it.
#[expect(clippy::expect_used, reason = "a test that asked for PostgreSQL must stop without it")]
pub fn fresh_postgres(url: &str) -> String {
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let (server, _) = url.rsplit_once('/').expect("the address ends in /database");
    let (admin, database) = (url.to_owned(), name.clone());
    std::thread::spawn(move || {
        let mut session = Session::connect(&admin).expect("the PostgreSQL server answers");
        session.batch(&format!("DROP DATABASE IF EXISTS {database}")).expect("the old database goes");
        session.batch(&format!("CREATE DATABASE {database}")).expect("a database is created");
    })
    .join()
    .expect("the thread ends");
    format!("{server}/{name}")
}
