//! The same tests on SQLite and, where `TEST_DATABASE_URL` names a server, on PostgreSQL.

mod grants;
mod http;
mod oracle;
mod requests;

use crate::body;
use crate::marks::{Category, UNDATED};
use db::{DbError, Options, Tx};
use fhir::Kind;
use kernel::{Actor, Ctx, FixedClock, Id, Pass, Purpose, SystemRng, Timestamp};
use ledger::House;
use std::sync::Arc;
use vault::{DIRECTORY, FreshKey, KeySource, VaultError};

pub const NOW: Timestamp = Timestamp(1_700_000_000_000);
pub const DAY: i64 = 86_400_000;

pub const CLINIC: i64 = 1;
pub const DOCTOR: i64 = 2;
pub const OTHER_DOCTOR: i64 = 3;
pub const ANN: i64 = 10;
pub const BOB: i64 = 11;

/// Sees nothing.
pub const NONE: [i64; 0] = [];

/// A house with a clinic, two doctors (the first works at the clinic) and two patients, all with accounts.
pub struct Town {
    pub house: House,
    pub clock: Arc<FixedClock>,
    _folder: tempfile::TempDir,
}

pub fn on_each_engine(test: impl Fn(&Town)) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("t.db").display().to_string();
    test(&town(path, folder));
    if let Ok(url) = std::env::var("TEST_DATABASE_URL") {
        test(&town(db::testing::fresh_postgres(&url), tempfile::tempdir().unwrap()));
    }
}

fn town(url: String, folder: tempfile::TempDir) -> Town {
    let clock = Arc::new(FixedClock::at(NOW));
    let keys = KeySource::Hex("5a".repeat(32));
    let house = House::open(&Options { url }, keys, "test.example", clock.clone(), Arc::new(SystemRng)).unwrap();
    let inside = house.clone();
    house.db.write_blocking(move |tx| settle(tx, &inside)).unwrap();
    Town { house, clock, _folder: folder }
}

fn settle(tx: &mut Tx<'_>, house: &House) -> Result<(), VaultError> {
    let person = |kind: &str, id: &str, family: &str| {
        format!(r#"{{"resourceType":"{kind}","id":"{id}","name":[{{"family":"{family}","given":["A."]}}]}}"#)
    };
    let clinic = r#"{"resourceType":"Organization","id":"clinic","name":"Riverside Clinic"}"#;
    resource(tx, house, CLINIC, DIRECTORY, "clinic", clinic)?;
    resource(tx, house, DOCTOR, DIRECTORY, "doctor", &person("Practitioner", "doctor", "Doctor"))?;
    resource(tx, house, OTHER_DOCTOR, DIRECTORY, "other", &person("Practitioner", "other", "Other"))?;
    for (patient, id, family) in [(ANN, "ann", "Ann"), (BOB, "bob", "Bob")] {
        house.vault.store_key(tx, &SystemRng, patient, &FreshKey::generate(&SystemRng), NOW)?;
        resource(tx, house, patient, patient, id, &person("Patient", id, family))?;
    }
    account(tx, house, 101, "patient", "ann@example.org", Some(ANN), None)?;
    account(tx, house, 102, "patient", "bob@example.org", Some(BOB), None)?;
    account(tx, house, 103, "practitioner", "doctor@example.org", None, Some(DOCTOR))?;
    account(tx, house, 104, "practitioner", "other@example.org", None, Some(OTHER_DOCTOR))?;
    tx.execute("INSERT INTO membership (account, organization) VALUES (103, ?1)", &[CLINIC.into()])?;
    tx.execute("UPDATE counter SET value = 1000 WHERE name = 'rid'", &[])?;
    Ok(())
}

/// Stores a resource the way `records` does, dated 2020-01-01 unless it is a person or the directory's.
pub fn resource(
    tx: &mut Tx<'_>,
    house: &House,
    rid: i64,
    patient: i64,
    id: &str,
    json: &str,
) -> Result<(), VaultError> {
    let node = fhir::json::parse(json.as_bytes()).unwrap();
    let kind = Kind::parse(node.str_of("resourceType").unwrap()).unwrap();
    let idh = house.vault.terms().hash(b"id", &[kind.name().as_bytes(), id.as_bytes()]);
    let key = house.vault.key(tx, patient)?;
    let body = key.seal(&*house.rng, &body::place(kind, idh, 1), &vault::pack(json.as_bytes()))?;
    let time = if matches!(kind, Kind::Patient) || patient == DIRECTORY { UNDATED } else { 1_577_836_800_000 };
    let marks = crate::marks::marks(kind, &node);
    let row = Bare { rid, kind: kind.code(), idh, patient, org: 0, time, marks };
    insert(tx, &row, &body)?;
    Ok(())
}

/// What the predicate looks at.
#[derive(Clone, Copy, Debug)]
pub struct Bare {
    pub rid: i64,
    pub kind: i64,
    pub idh: i64,
    pub patient: i64,
    pub org: i64,
    pub time: i64,
    pub marks: i64,
}

pub fn insert(tx: &mut Tx<'_>, row: &Bare, body: &[u8]) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO resource (rid, kind, idh, patient, org, author, version, updated, time, marks, state, keys, body)
         VALUES (?1, ?2, ?3, ?4, ?5, 0, 1, 0, ?6, ?7, 0, ?8, ?9)",
        &[
            row.rid.into(),
            row.kind.into(),
            row.idh.into(),
            row.patient.into(),
            row.org.into(),
            row.time.into(),
            row.marks.into(),
            (&[0_u8; 0]).into(),
            body.into(),
        ],
    )?;
    Ok(())
}

fn account(
    tx: &mut Tx<'_>,
    house: &House,
    account: i64,
    role: &str,
    email: &str,
    patient: Option<i64>,
    practitioner: Option<i64>,
) -> Result<(), DbError> {
    let h = house.vault.terms().hash(b"email", &[email.as_bytes()]);
    tx.execute(
        "INSERT INTO account (account, role, state, login, email, patient, practitioner, profile, created)
         VALUES (?1, ?2, 0, ?1, ?3, ?4, ?5, ?6, 0)",
        &[account.into(), role.into(), h.into(), patient.into(), practitioner.into(), (&[0_u8; 0]).into()],
    )?;
    Ok(())
}

impl Town {
    pub fn ctx(&self, actor: Actor, name: &str, purpose: Purpose) -> Ctx {
        Ctx {
            actor,
            name: name.into(),
            organization: None,
            workplaces: Arc::default(),
            clock: self.clock.clone(),
            rng: self.house.rng.clone(),
            request: 7,
            purpose,
            pass: Pass { fresh: Some(kernel::Clock::now(&*self.clock)), ..Pass::default() },
        }
    }

    pub fn patient(&self, patient: i64) -> Ctx {
        let account = if patient == ANN { 101 } else { 102 };
        let actor = Actor::Patient { account: Id::new(account), patient: Id::new(patient) };
        self.ctx(actor, "A. Ann", Purpose::Patient)
    }

    pub fn doctor(&self) -> Ctx {
        let actor = Actor::Practitioner {
            account: Id::new(103),
            practitioner: Id::new(DOCTOR),
            organizations: vec![Id::new(CLINIC)],
        };
        Ctx { organization: Some("Riverside Clinic".into()), ..self.ctx(actor, "A. Doctor", Purpose::Treatment) }
    }

    pub fn other_doctor(&self) -> Ctx {
        let actor = Actor::Practitioner {
            account: Id::new(104),
            practitioner: Id::new(OTHER_DOCTOR),
            organizations: Vec::new(),
        };
        self.ctx(actor, "A. Other", Purpose::Treatment)
    }

    pub fn administrator(&self) -> Ctx {
        self.ctx(Actor::Administrator { account: Id::new(105) }, "Admin", Purpose::Operations)
    }

    pub fn nobody(&self) -> Ctx {
        self.ctx(Actor::Nobody, "", Purpose::Treatment)
    }

    /// Runs a use case in a write of its own.
    pub fn write<T: Send + 'static, E: From<DbError> + Send + 'static>(
        &self,
        run: impl FnOnce(&House, &mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E> {
        let inside = self.house.clone();
        self.house.db.write_blocking(move |tx| run(&inside, tx))
    }

    pub fn count(&self, sql: &'static str) -> i64 {
        self.house.db.read_blocking(move |tx| tx.count(sql, &[])).unwrap()
    }

    pub fn add(&self, rid: i64, patient: i64, json: &'static str) {
        self.write(move |house, tx| resource(tx, house, rid, patient, &format!("r{rid}"), json)).unwrap();
    }

    /// The numbers of what a caller can see.
    pub fn seen(&self, ctx: &Ctx) -> Vec<i64> {
        let access = crate::Access::open(ctx).unwrap();
        self.house
            .db
            .read_blocking(move |tx| {
                let mut sql = db::Sql::new("SELECT r.rid FROM resource r WHERE r.patient <> 0 AND ");
                access.restrict(&mut sql, &crate::Columns::RESOURCE);
                sql.push(" ORDER BY r.rid");
                tx.rows(&sql, |row| row.int(0))
            })
            .unwrap()
    }

    /// What a patient's entries say was done, oldest first.
    pub fn actions(&self, patient: i64) -> Vec<(String, Option<i64>)> {
        let inside = self.house.clone();
        let entries = self
            .house
            .db
            .read_blocking(move |tx| ledger::entries(tx, &inside.vault, Id::new(patient), None, 100))
            .unwrap();
        let read = |stored: &ledger::Stored| {
            let entry: serde_json::Value = serde_json::from_slice(&stored.entry).unwrap();
            (entry["action"].as_str().unwrap().to_owned(), entry["grant"].as_i64())
        };
        entries.iter().rev().map(read).collect()
    }

    pub fn notices(&self, account: i64) -> Vec<String> {
        self.house
            .db
            .read_blocking(move |tx| {
                let sql = "SELECT kind FROM notice WHERE account = ?1 ORDER BY notice_id";
                tx.query(sql, &[account.into()], |row| Ok::<_, DbError>(row.text(0)?.to_owned()))
            })
            .unwrap()
    }
}
