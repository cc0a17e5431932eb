//! The application with people in it, whose consent changes and whose clock moves.

use super::model::{APP_SCOPES, Entry, Model, Viewer};
use crate::chance::Dice;
use crate::consent::oracle::items::{Around, KINDS, item, start_of};
use crate::consent::oracle::rules::Facts;
use crate::identity::oauth::{VITALS, connected, registered, text};
use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp};

pub const ADULTS: usize = 4;
const ORGANIZATIONS: [&str; 3] = ["Riverside", "Hillside", "Lakeside"];
const WORKS_AT: [&[usize]; 4] = [&[], &[0], &[0, 1], &[2]];
/// They come of age while the test goes on.
const CHILDREN: [&str; 2] = ["2008-04-10", "2008-12-24"];

pub struct Town {
    pub app: Arc<TestApp>,
    clock: Arc<FixedClock>,
    /// Ids of the patients: those with accounts, then the children of the first of them.
    pub patients: Vec<String>,
    pub adults: Vec<Person>,
    pub practitioners: Vec<Person>,
    pub organizations: Vec<String>,
    services: Vec<Person>,
    pub admin: Person,
    client: String,
    /// Through whom apps look, and with which token.
    apps: Vec<(Viewer, Person)>,
    pub model: Model,
    pub visits: Vec<(usize, String)>,
    pub medicines: Vec<String>,
    made: usize,
    /// What was done, with the patient it was about.
    pub told: Vec<(Option<usize>, String)>,
}

impl Town {
    pub async fn new(dice: &Dice) -> Self {
        let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T08:00:00Z").unwrap()));
        let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
        let (mut adults, mut practitioners, mut services, mut organizations) = (vec![], vec![], vec![], vec![]);
        for name in ORGANIZATIONS {
            let service = app.service(&format!("software of {name}"), name).await;
            organizations.push(service.organization.clone().unwrap());
            services.push(service);
        }
        for at in 0..ADULTS {
            adults.push(app.patient(&format!("Patient {at}")).await);
        }
        for (number, works_at) in WORKS_AT.iter().enumerate() {
            let names: Vec<&str> = works_at.iter().map(|at| ORGANIZATIONS[*at]).collect();
            practitioners.push(app.practitioner(&format!("Dr {number}"), &names).await);
        }
        let admin = app.administrator("Robin Ames").await;
        let client = registered(&app, &admin, json!({})).await;
        let patients = adults.iter().map(|adult| adult.id.clone()).collect();
        let model = Model { works_at: WORKS_AT.iter().map(|at| at.to_vec()).collect(), ..Model::default() };
        let mut town = Self {
            app: Arc::new(app),
            clock,
            patients,
            adults,
            practitioners,
            organizations,
            services,
            admin,
            client,
            apps: Vec::new(),
            model,
            visits: Vec::new(),
            medicines: Vec::new(),
            made: 0,
            told: Vec::new(),
        };
        town.model.now = town.clock.now().0;
        for (at, born) in CHILDREN.iter().enumerate() {
            town.child(at, born).await;
        }
        for at in 0..town.patients.len() {
            let facts =
                Facts { patient: Some(at), organization: None, category: "person", labels: vec![], start: None };
            let (id, by_hand) = (town.patients[at].clone(), Vec::new());
            town.model.entries.push(Entry { kind: "Patient", id, facts, by_hand, deleted: false });
        }
        town.write(dice, 150).await;
        town.enter().await;
        town
    }

    async fn child(&mut self, at: usize, born: &str) {
        let form = json!({ "given": format!("Child{at}"), "family": "Rao", "birthDate": born, "gender": "female" });
        let made = self.app.post("/api/family/children", &self.adults[0], form).await.expect(201).json();
        let id = made["id"].as_i64().unwrap();
        let grown = born.replacen("2008", "2026", 1);
        self.patients.push(made["patient"]["id"].as_str().unwrap().to_owned());
        self.model.cares.push(super::model::Care {
            id,
            patient: self.patients.len() - 1,
            person: 0,
            guardian: true,
            acts: true,
            categories: None,
            labels: Vec::new(),
            until: Some(start_of(&grown)),
            ended: false,
        });
    }

    /// New entries in random records, contributed by one organization or none.
    pub async fn write(&mut self, dice: &Dice, count: usize) {
        for contributor in (0..ORGANIZATIONS.len()).map(Some).chain([None]) {
            let mut bodies = Vec::new();
            for _ in 0..count / 4 {
                let kind = dice.pick(&KINDS);
                let patient = dice.below(self.patients.len());
                let id = format!("e{}", self.made);
                self.made += 1;
                let around = Around { patients: &self.patients, visits: &self.visits, medicines: &self.medicines };
                let made = item(dice, kind, id, (patient, contributor), &around);
                bodies.push(made.body);
                let (id, facts) = (made.id, made.facts);
                self.model.entries.push(Entry { kind, id, facts, by_hand: Vec::new(), deleted: false });
            }
            if !bodies.is_empty() {
                let entries: Vec<Value> = bodies.iter().map(put).collect();
                self.app.import_for(contributor.map(|at| ORGANIZATIONS[at]), bundle(&entries)).await;
            }
        }
        let visit = |entry: &Entry| (entry.kind == "Encounter").then(|| Some((entry.facts.patient?, entry.id.clone())));
        self.visits = self.model.entries.iter().filter_map(|entry| visit(entry).flatten()).collect();
    }

    /// An entry says something else now: other codes, another date.
    pub async fn rewrite(&mut self, dice: &Dice, at: usize) {
        let old = self.model.entries[at].clone();
        let around = Around { patients: &self.patients, visits: &self.visits, medicines: &self.medicines };
        let whose = (old.facts.patient.unwrap(), old.facts.organization);
        let mut next = item(dice, old.kind, old.id.clone(), whose, &around);
        next.body["language"] = dice.pick(&["en", "de", "fr"]).into();
        self.app.import(bundle(&[put(&next.body)])).await;
        self.model.entries[at].facts = next.facts;
    }

    pub async fn remove(&mut self, at: usize) {
        let entry = &mut self.model.entries[at];
        entry.deleted = true;
        let url = format!("{}/{}", entry.kind, entry.id);
        self.app.import(bundle(&[json!({ "request": { "method": "DELETE", "url": url } })])).await;
    }

    /// Goes on to a later moment; everybody signs in again.
    pub async fn go(&mut self, to: i64) {
        assert!(to >= self.model.now, "time goes one way");
        self.clock.advance_ms(to - self.model.now);
        self.model.now = self.clock.now().0;
        self.enter().await;
    }

    async fn enter(&mut self) {
        let people = self.adults.iter_mut().chain(&mut self.practitioners).chain(&mut self.services);
        for who in people.chain([&mut self.admin]) {
            *who = self.app.again(who).await;
        }
        self.apps.clear();
        for viewer in [Viewer::Patient(1), Viewer::Practitioner(2)] {
            let person = self.person(&viewer).clone();
            let scope = format!("{APP_SCOPES} user/Observation.rs?{VITALS}");
            let given = connected(&self.app, &person, &self.client, &scope).await;
            let token = text(&given, "access_token").to_owned();
            self.apps.push((viewer, Person { token, ..person }));
        }
    }

    /// Who asks, for a viewer.
    pub fn person(&self, viewer: &Viewer) -> &Person {
        match viewer {
            Viewer::Patient(at) | Viewer::Deputy { person: at, .. } => &self.adults[*at],
            Viewer::Practitioner(at) => &self.practitioners[*at],
            Viewer::Service(at) => &self.services[*at],
            Viewer::Administrator => &self.admin,
            Viewer::App(through) => &self.apps.iter().find(|(viewer, _)| viewer == &**through).unwrap().1,
        }
    }

    pub fn viewers(&self) -> Vec<Viewer> {
        let apps = self.apps.iter().map(|(viewer, _)| Viewer::App(Box::new(viewer.clone())));
        let mut all: Vec<Viewer> = (0..ADULTS).map(Viewer::Patient).chain(apps).collect();
        all.extend((0..WORKS_AT.len()).map(Viewer::Practitioner));
        all.extend((0..ORGANIZATIONS.len()).map(Viewer::Service));
        all.push(Viewer::Administrator);
        // Those who look after somebody now, and those who did last.
        let (now, latest) = (self.model.now, self.model.cares.len().saturating_sub(3));
        for (_, care) in self.model.cares.iter().enumerate().filter(|(at, care)| *at >= latest || care.stands(now)) {
            let deputy = Viewer::Deputy { person: care.person, patient: care.patient };
            if !all.contains(&deputy) {
                all.push(deputy);
            }
        }
        all
    }
}

fn put(body: &Value) -> Value {
    let url = format!("{}/{}", body["resourceType"].as_str().unwrap(), body["id"].as_str().unwrap());
    json!({ "resource": body, "request": { "method": "PUT", "url": url } })
}

fn bundle(entries: &[Value]) -> String {
    json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries }).to_string()
}
