//! For tests: a database of one's own on a PostgreSQL server, so that tests do not see each other's rows.

use crate::migrate;
use crate::postgres::Session;
use std::sync::atomic::{AtomicU32, Ordering};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// Creates a database with a name of its own on the server of `url` and returns its address. Its tables are there already:
/// it is a copy of one that the first test brought up to date, because hundreds of tests would each wait for all migrations.
///
/// # Panics
/// When the server cannot be reached: a test that asked for PostgreSQL must not pass without it.
pub fn fresh_postgres(url: &str) -> String {
    created(url, true)
}

/// The same with nothing in it, for what is put back from a copy.
///
/// # Panics
/// When the server cannot be reached.
pub fn empty_postgres(url: &str) -> String {
    created(url, false)
}

#[expect(clippy::expect_used, reason = "a test that asked for PostgreSQL must stop without it")]
fn created(url: &str, tables: bool) -> String {
    let name = format!("t{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::SeqCst));
    let (server, _) = url.rsplit_once('/').expect("the address ends in /database");
    let (admin, server, database) = (url.to_owned(), server.to_owned(), name.clone());
    let address = format!("{server}/{name}");
    std::thread::spawn(move || {
        let mut session = Session::connect(&admin).expect("the PostgreSQL server answers");
        let model = if tables { model(&mut session, &server) } else { "template1".to_owned() };
        session.batch(&format!("DROP DATABASE IF EXISTS {database}")).expect("the old database goes");
        session.batch(&format!("CREATE DATABASE {database} TEMPLATE {model}")).expect("a database is created");
    })
    .join()
    .expect("the thread ends");
    address
}

/// The database that others are copies of: one for each history of migrations, made by whoever comes first.
#[expect(clippy::expect_used, reason = "a test that asked for PostgreSQL must stop without it")]
fn model(session: &mut Session, server: &str) -> String {
    let model = format!("model_{:016x}", migrate::fingerprint());
    session.batch("SELECT pg_advisory_lock(4852)").expect("the others are waited for");
    let known = session.query("SELECT 1 FROM pg_database WHERE datname = ?1", &[model.as_str().into()]);
    if known.expect("the databases are listed").is_empty() {
        // It gets its name when it is whole: nobody copies half of one whose maker was stopped.
        session.batch("DROP DATABASE IF EXISTS model_unfinished").expect("an unfinished one goes");
        session.batch("CREATE DATABASE model_unfinished").expect("a database is created");
        let mut fresh = Session::connect(&format!("{server}/model_unfinished")).expect("the new database answers");
        migrate::postgres(&mut fresh).expect("the migrations apply");
        drop(fresh);
        rename(session, &model);
    }
    session.batch("SELECT pg_advisory_unlock(4852)").expect("the next may go on");
    model
}

/// A session that was just closed is still there for a moment.
fn rename(session: &mut Session, model: &str) {
    for _ in 0..200 {
        if session.batch(&format!("ALTER DATABASE model_unfinished RENAME TO {model}")).is_ok() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the model of the test databases could not get its name");
}
