//! The application with people in it, and a random store that changes from round to round.

mod papers;
mod share;

use super::items::{Around, DAYS, Item, KINDS, LABELS, item, start_of};
use super::rules::{Facts, Grant, Grantee, Viewer};
use crate::chance::Dice;
use fhir::Kind;
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use testkit::{Person, TestApp};

const ORGANIZATIONS: [&str; 3] = ["Riverside", "Hillside", "Lakeside"];
const PATIENTS: usize = 4;
/// Where each practitioner works.
const WORKS_AT: [&[usize]; 4] = [&[], &[0], &[0, 1], &[2]];

pub const CATEGORIES: [&str; 15] = [
    "visit",
    "condition",
    "medicine",
    "result",
    "vital",
    "observation",
    "procedure",
    "immunization",
    "allergy",
    "document",
    "imaging",
    "plan",
    "device",
    "billing",
    "other",
];

pub struct World {
    pub app: Arc<TestApp>,
    clock: Arc<FixedClock>,
    pub viewers: Vec<(Viewer, Person)>,
    pub patients: Vec<String>,
    owners: Vec<Person>,
    pub practitioners: Vec<Person>,
    organizations: Vec<String>,
    pub items: Vec<Item>,
    pub grants: Vec<Grant>,
    given: Vec<(usize, Value)>,
    /// The patients who paused all sharing.
    pub paused: Vec<usize>,
    visits: Vec<(usize, String)>,
    medicines: Vec<String>,
    /// Documents with a file, which stay from round to round and become something else in each.
    papers: Vec<Item>,
}

/// What somebody may not see, by row number.
#[derive(Default)]
pub struct Hidden {
    pub rows: Vec<i64>,
    /// Patients whose own entry is hidden. Of it the number stays, with no content and no mark that a grant could cover:
    /// what is seen of their record belongs to it, as it does in every store.
    pub patients: Vec<i64>,
    /// Old versions of what is seen: row and version.
    pub versions: Vec<(i64, i64)>,
}

/// The grants in the form that queries read them.
const REACH: &str = "reach";
/// Who may see what at all, in the words of queries.
const SHARES: [&str; 2] = [REACH, "restriction"];

/// Every table that holds something of a resource.
const TABLES: [&str; 11] = [
    "resource",
    "version",
    "tok",
    "dat",
    "qty",
    "str",
    "pt",
    "document",
    "document_text",
    "document_term",
    "document_value",
];

impl World {
    pub async fn new() -> Self {
        let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T08:00:00Z").unwrap()));
        let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn kernel::Clock>);
        let patients: Vec<String> = (0..PATIENTS).map(|i| format!("patient-{i}")).collect();
        let entries: Vec<Value> =
            patients.iter().map(|id| put(&json!({ "resourceType": "Patient", "id": id }))).collect();
        app.import(bundle(&entries)).await;
        let (mut owners, mut viewers, mut practitioners, mut organizations) = (vec![], vec![], vec![], vec![]);
        let mut services = Vec::new();
        for (at, name) in ORGANIZATIONS.iter().enumerate() {
            let service = app.service(&format!("software of {name}"), name).await;
            organizations.push(service.organization.clone().unwrap());
            services.push(service.clone());
            if at < 2 {
                viewers.push((Viewer::Service { organization: at }, service));
            }
        }
        for (at, id) in patients.iter().enumerate() {
            let owner = app.patient_of(id, &format!("Patient {at}")).await;
            if at < 2 {
                viewers.push((Viewer::Patient(at), app.again(&owner).await)); // A proof exchanges the secret of the other.
            }
            owners.push(owner);
        }
        for (number, works_at) in WORKS_AT.iter().enumerate() {
            let names: Vec<&str> = works_at.iter().map(|at| ORGANIZATIONS[*at]).collect();
            let person = app.practitioner(&format!("Dr {number}"), &names).await;
            practitioners.push(person.clone());
            viewers.push((Viewer::Practitioner { number, works_at: works_at.to_vec() }, person));
        }
        viewers.push((Viewer::Administrator, app.administrator("Robin Ames").await));
        let mut world = Self {
            app: Arc::new(app),
            clock,
            viewers,
            patients,
            owners,
            practitioners,
            organizations,
            items: Vec::new(),
            grants: Vec::new(),
            given: Vec::new(),
            paused: Vec::new(),
            visits: Vec::new(),
            medicines: Vec::new(),
            papers: Vec::new(),
        };
        world.bring_papers(&services).await;
        for table in TABLES.into_iter().chain(SHARES) {
            world.run(vec![format!("CREATE TABLE kept_{table} AS SELECT * FROM {table} WHERE 1 = 0")]).await;
        }
        world.items = (0..PATIENTS).map(|at| person(at, &world.patients[at], json!({}), Vec::new())).collect();
        world
    }

    /// Another random store with other random grants.
    pub async fn shuffle(&mut self, dice: &Dice, round: usize, size: usize) {
        self.clear().await;
        self.people(dice, round).await;
        // What others refer to comes first.
        for stage in 0..2 {
            let mut fresh: Vec<Item> = Vec::new();
            for at in 0..if stage == 0 { size / 4 } else { size } {
                let id = format!("r{round}-{stage}-{at}");
                if stage == 0 && at % 4 == 0 {
                    fresh.push(medicine(id, dice.below(ORGANIZATIONS.len())));
                    continue;
                }
                let kind = if stage == 0 { "Encounter" } else { dice.pick(&KINDS) };
                let contributor = Some(dice.below(ORGANIZATIONS.len() + 1)).filter(|at| *at < ORGANIZATIONS.len());
                fresh.push(item(dice, kind, id, (dice.below(PATIENTS), contributor), &self.around()));
            }
            self.store(&fresh).await;
            for item in &fresh {
                match (item.kind, item.facts.patient) {
                    ("Encounter", Some(patient)) => self.visits.push((patient, item.id.clone())),
                    ("Medication", _) => self.medicines.push(item.id.clone()),
                    _ => {}
                }
            }
            self.items.append(&mut fresh);
        }
        self.change(dice).await;
        self.change_papers(dice).await;
        self.give(dice).await;
        // Grants that were given for a minute are over now.
        self.clock.advance_ms(90_000);
    }

    fn around(&self) -> Around<'_> {
        Around { patients: &self.patients, visits: &self.visits, medicines: &self.medicines }
    }

    /// The patients' own entries: new names each round, now and then with a label.
    async fn people(&mut self, dice: &Dice, round: usize) {
        let mut fresh = Vec::new();
        for (at, old) in self.items.drain(..).enumerate() {
            let birth = dice.pick(&DAYS).replacen("20", "19", 1);
            let mut body = json!({
                "resourceType": "Patient", "id": old.id, "gender": dice.pick(&["female", "male"]), "birthDate": birth,
                "identifier": [{ "system": "urn:mrn", "value": at.to_string() }], "address": [{ "city": "Tempe" }],
                "name": [{ "family": dice.pick(&["Ray", "Raya", "Okoro"]), "given": [format!("Ann{round}")] }],
            });
            let labelled = dice.one_in(5);
            if labelled {
                body["meta"] = json!({ "security": [{ "code": "SDV" }] });
            }
            let past = old.past.into_iter().chain([old.facts]).collect();
            let mut next = person(at, &old.id, body, past);
            next.facts.labels.extend(labelled.then_some("violence"));
            fresh.push(next);
        }
        self.store(&fresh).await;
        self.items = fresh;
    }

    /// A transaction for each contributor, a second apart.
    async fn store(&self, items: &[Item]) {
        let contributors = (0..self.organizations.len()).map(Some).chain([None]);
        for contributor in contributors {
            self.clock.advance_ms(1000);
            let own = items.iter().filter(|item| item.facts.organization == contributor);
            let entries: Vec<Value> = own.map(|item| put(&item.body)).collect();
            if !entries.is_empty() {
                self.app.import_for(contributor.map(|at| ORGANIZATIONS[at]), bundle(&entries)).await;
            }
        }
    }

    /// Some become something else, with another date, other codes and labels; some are deleted.
    async fn change(&mut self, dice: &Dice) {
        self.clock.advance_ms(1000);
        let mut items = std::mem::take(&mut self.items);
        let mut entries = Vec::new();
        for old in items.iter_mut().filter(|item| !matches!(item.kind, "Patient" | "Medication")) {
            let past = old.past.iter().cloned().chain([old.facts.clone()]).collect();
            match (dice.below(8), old.facts.patient) {
                (0 | 1, Some(patient)) => {
                    let whose = (patient, old.facts.organization);
                    let next = item(dice, old.kind, old.id.clone(), whose, &self.around());
                    *old = Item { past, ..next };
                    // The same content again would be no version.
                    old.body["language"] = "en".into();
                    entries.push(put(&old.body));
                }
                (2, _) if old.kind != "Encounter" => {
                    old.past = past;
                    old.deleted = true;
                    let url = format!("{}/{}", old.kind, old.id);
                    entries.push(json!({ "request": { "method": "DELETE", "url": url } }));
                }
                _ => {}
            }
        }
        self.items = items;
        self.app.import(bundle(&entries)).await;
    }

    async fn give(&mut self, dice: &Dice) {
        // The clock of this world goes on faster than a sign-in stays fresh.
        for owner in &mut self.owners {
            *owner = self.app.confirmed(owner).await;
        }
        for at in std::mem::take(&mut self.paused) {
            self.app.post("/api/restriction/lift", &self.owners[at], Value::Null).await.expect(200);
        }
        self.paused = (0..self.patients.len()).filter(|_| dice.one_in(5)).collect();
        // What is given while sharing is paused sleeps as what was given before.
        let (before, after): (Vec<usize>, Vec<usize>) = self.paused.iter().partition(|_| dice.one_in(2));
        self.pause(&before).await;
        for _ in 0..16 {
            let patient = dice.below(self.patients.len());
            let grantee = match dice.below(7) {
                at @ 0..=3 => Grantee::Practitioner(at),
                at => Grantee::Organization(at - 4),
            };
            let categories = (!dice.one_in(2)).then(|| {
                let some = dice.some(&CATEGORIES, 2);
                if some.is_empty() { vec!["vital"] } else { some }
            });
            let (mut from, mut to) =
                (dice.one_in(3).then(|| dice.pick(&DAYS)), dice.one_in(3).then(|| dice.pick(&DAYS)));
            if let (Some(first), Some(last)) = (from, to)
                && first > last
            {
                (from, to) = (Some(last), Some(first));
            }
            let labels = if dice.one_in(3) { LABELS.to_vec() } else { dice.some(&LABELS, 3) };
            let purpose = dice.pick(&["treatment", "treatment", "treatment", "treatment", "research", "operations"]);
            let (short, revoked) = (dice.one_in(6), dice.one_in(6));
            let until = if short { Some(self.clock_now().plus_ms(60_000).to_rfc3339()) } else { None };
            let to_whom = match grantee {
                Grantee::Practitioner(at) => json!({ "type": "practitioner", "id": self.practitioners[at].id }),
                Grantee::Organization(at) => json!({ "type": "organization", "id": self.organizations[at] }),
            };
            let form = json!({
                "grantee": to_whom, "categories": categories, "from": from, "to": to, "labels": labels,
                "purpose": purpose, "until": until, "note": null,
            });
            let owner = &self.owners[patient];
            let given = self.app.post("/api/grants", owner, form).await.expect(201).json();
            if revoked {
                self.app.revoke(owner, &given).await;
            } else {
                self.given.push((patient, given));
            }
            let (from, to) = (from.map(start_of), to.map(start_of));
            let ended = short || revoked || self.paused.contains(&patient);
            self.grants.push(Grant { patient, grantee, categories, labels, from, to, purpose, ended });
        }
        self.pause(&after).await;
    }

    async fn pause(&self, patients: &[usize]) {
        for at in patients {
            self.app.post("/api/restriction/begin", &self.owners[*at], Value::Null).await.expect(200);
        }
    }

    fn clock_now(&self) -> Timestamp {
        kernel::Clock::now(&*self.clock)
    }

    /// Takes the last round away: its resources, and the grants that still stand.
    async fn clear(&mut self) {
        for (patient, grant) in std::mem::take(&mut self.given) {
            self.app.revoke(&self.owners[patient], &grant).await;
        }
        self.grants.clear();
        let rows = self.rows().await;
        self.put_papers_aside();
        let (people, old): (Vec<Item>, Vec<Item>) = self.items.drain(..).partition(|item| item.kind == "Patient");
        self.items = people;
        self.visits.clear();
        self.medicines.clear();
        let rows = old.iter().map(|item| rows[&key(item)]).collect();
        self.remove(&Hidden { rows, ..Hidden::default() }).await;
    }

    /// The row of each item that is in the store.
    pub async fn rows(&self) -> HashMap<String, i64> {
        let found = self.app.house.db.read(|tx| {
            tx.query("SELECT kind, idh, rid FROM resource", &[], |row| {
                Ok::<_, db::DbError>(((row.int(0)?, row.int(1)?), row.int(2)?))
            })
        });
        let terms = |item: &Item| (Kind::parse(item.kind).unwrap().code(), self.hash(item.kind, &item.id));
        let by_hash: HashMap<(i64, i64), i64> = found.await.unwrap().into_iter().collect();
        self.items.iter().filter_map(|item| Some((key(item), *by_hash.get(&terms(item))?))).collect()
    }

    /// Makes this a store that never held what is hidden.
    pub async fn remove(&self, hidden: &Hidden) {
        let mut statements = Vec::new();
        let numbers = |rows: &[i64]| rows.iter().map(i64::to_string).collect::<Vec<_>>().join(", ");
        if !hidden.rows.is_empty() {
            let list = numbers(&hidden.rows);
            statements.extend(TABLES.iter().map(|table| format!("DELETE FROM {table} WHERE rid IN ({list})")));
        }
        if !hidden.patients.is_empty() {
            let list = numbers(&hidden.patients);
            let others = TABLES.iter().filter(|table| **table != "resource");
            statements.extend(others.map(|table| format!("DELETE FROM {table} WHERE rid IN ({list})")));
            statements.push(format!("UPDATE resource SET marks = 0, org = 0, time = 0 WHERE rid IN ({list})"));
        }
        for (row, version) in &hidden.versions {
            statements.push(format!("DELETE FROM version WHERE rid = {row} AND version = {version}"));
        }
        self.run(statements).await;
    }

    fn hash(&self, kind: &str, id: &str) -> i64 {
        self.app.house.vault.terms().hash(b"id", &[kind.as_bytes(), id.as_bytes()])
    }

    async fn run(&self, statements: Vec<String>) {
        let done = self.app.house.db.write(move |tx| {
            for sql in &statements {
                tx.execute(sql, &[])?;
            }
            Ok::<_, db::DbError>(())
        });
        done.await.unwrap();
    }
}

pub fn key(item: &Item) -> String {
    format!("{}/{}", item.kind, item.id)
}

fn person(at: usize, id: &str, body: Value, past: Vec<Facts>) -> Item {
    let facts = Facts { patient: Some(at), organization: None, category: "person", labels: Vec::new(), start: None };
    Item { kind: "Patient", id: id.to_owned(), facts, body, past, deleted: false }
}

/// A medicine of no patient: only who contributed it sees it.
fn medicine(id: String, organization: usize) -> Item {
    let body = json!({ "resourceType": "Medication", "id": id, "code": { "text": format!("Hidden brand {id}") } });
    let organization = Some(organization);
    let facts = Facts { patient: None, organization, category: "medicine", labels: Vec::new(), start: None };
    Item { kind: "Medication", id, facts, body, past: Vec::new(), deleted: false }
}

fn put(body: &Value) -> Value {
    let url = format!("{}/{}", body["resourceType"].as_str().unwrap(), body["id"].as_str().unwrap());
    json!({ "resource": body, "request": { "method": "PUT", "url": url } })
}

fn bundle(entries: &[Value]) -> String {
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string()
}
