//! Who may see what in the store: opened to one of them, remembered, put back.

use super::{REACH, SHARES, TABLES, World};
use fhir::Kind;
use testkit::Person;

impl World {
    /// Opens every record in the store to a practitioner, whatever it holds: of their share of it nothing may be missing.
    pub async fn open_to(&self, practitioner: &Person) {
        let kind = Kind::Practitioner.code();
        let hash = self.hash("Practitioner", &practitioner.id);
        let rows = self.rows().await;
        let patients = self.patients.iter().map(|id| rows[&format!("Patient/{id}")]);
        let open = patients.enumerate().map(|(at, patient)| {
            format!(
                "INSERT INTO {REACH} (grantee, patient, grant_id, categories, labels, lo, hi, until, purpose)
                 SELECT rid, {patient}, {at}, {all}, 255, {first}, {last}, {last}, 'treatment'
                 FROM resource WHERE kind = {kind} AND idh = {hash}",
                all = 0xFFFF_u64 << 16,
                // The smallest number cannot be written as one literal.
                first = "-9223372036854775807 - 1",
                last = i64::MAX,
            )
        });
        let closed = SHARES.iter().map(|table| format!("DELETE FROM {table}"));
        self.run(closed.chain(open).collect()).await;
    }

    /// Remembers the store as it is.
    pub async fn keep(&self) {
        let clear = TABLES.iter().chain(&SHARES).map(|table| format!("DELETE FROM kept_{table}"));
        let copy = TABLES.iter().chain(&SHARES).map(|table| format!("INSERT INTO kept_{table} SELECT * FROM {table}"));
        self.run(clear.chain(copy).collect()).await;
    }

    /// Makes the store what was remembered.
    pub async fn restore(&self) {
        let clear = TABLES.iter().chain(&SHARES).map(|table| format!("DELETE FROM {table}"));
        let copy = TABLES.iter().chain(&SHARES).map(|table| format!("INSERT INTO {table} SELECT * FROM kept_{table}"));
        self.run(clear.chain(copy).collect()).await;
    }
}
