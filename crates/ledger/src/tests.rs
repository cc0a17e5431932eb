//! The log against independent implementations, against two processes at once, and against whoever alters the database.
//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

mod checkpoint;
mod damage;
mod disclosure;
mod erasure;
mod saved;
mod sequence;
mod tamper;
mod tree;

use crate::{Action, Entry, Hash, House, LedgerError, Report, append, verify};
use db::{DbError, Options, Tx};
use kernel::{Ctx, FixedClock, Id, SystemRng, Timestamp};
use std::sync::Arc;
use vault::{FreshKey, KeySource};

/// An empty database with its master key.
struct Place {
    folder: tempfile::TempDir,
    url: String,
    clock: Arc<FixedClock>,
}

impl Place {
    fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("t.db").display().to_string();
        Self { folder, url, clock: Arc::new(FixedClock::at(Timestamp(1_800_000_000_000))) }
    }

    /// Opens the database: each call is like another process.
    fn house(&self) -> House {
        let keys = KeySource::File(self.folder.path().join("master.key"));
        let options = Options { url: self.url.clone() };
        House::open(&options, keys, "test.example/log", Arc::clone(&self.clock) as _, Arc::new(SystemRng)).unwrap()
    }
}

fn on_each_engine(test: impl Fn(&Place)) {
    test(&Place::sqlite());
    if let Ok(server) = std::env::var("TEST_DATABASE_URL") {
        test(&Place { url: db::testing::fresh_postgres(&server), ..Place::sqlite() });
    }
}

fn ctx(house: &House) -> Ctx {
    Ctx::operator(Arc::clone(&house.clock), Arc::clone(&house.rng))
}

/// Gives patients their keys, as the record store does.
fn admit(house: &House, patients: &[i64]) {
    let (inside, patients) = (house.clone(), patients.to_vec());
    house
        .db
        .write_blocking(move |tx| {
            patients.iter().try_for_each(|&patient| {
                let fresh = FreshKey::generate(&*inside.rng);
                inside.vault.store_key(tx, &*inside.rng, patient, &fresh, inside.clock.now())
            })
        })
        .unwrap();
}

/// An entry about a patient, or about the system when the number is 0.
fn entry(house: &House, patient: i64) -> Entry {
    let about = Entry::new(&ctx(house), Id::new(patient), Action::Read);
    about.what("Observation", 3)
}

/// Appends one entry per patient given, in one commit.
fn log(house: &House, patients: &[i64]) {
    let entries: Vec<Entry> = patients.iter().map(|&patient| entry(house, patient)).collect();
    let write = move |tx: &mut Tx<'_>| {
        entries.into_iter().for_each(|entry| append(tx, entry));
        Ok::<_, DbError>(())
    };
    house.db.write_blocking(write).unwrap();
}

fn check(house: &House) -> Result<Report, LedgerError> {
    let ledger = Arc::clone(&house.ledger);
    house.db.read_blocking(move |tx| verify(tx, &ledger, |_| {}))
}

fn head(house: &House) -> (u64, Hash) {
    house.db.read_blocking(crate::head).unwrap()
}

fn sign(house: &House) -> crate::Checkpoint {
    let (ledger, now) = (Arc::clone(&house.ledger), house.clock.now());
    house.db.write_blocking(move |tx| crate::checkpoint(tx, &ledger, now)).unwrap()
}

/// Changes the database behind the ledger's back.
fn sql(house: &House, statement: &'static str) {
    let changed = house.db.write_blocking(move |tx| tx.execute(statement, &[])).unwrap();
    let is_data = ["UPDATE", "DELETE", "INSERT"].iter().any(|word| statement.starts_with(word));
    assert!(changed > 0 || !is_data, "nothing was changed by {statement}");
}

fn leaves(house: &House) -> Vec<Vec<u8>> {
    let read = |tx: &mut Tx<'_>| {
        tx.query("SELECT leaf FROM ledger ORDER BY seq", &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))
    };
    house.db.read_blocking(read).unwrap()
}
