//! What people do between two moments: each through the interface, and noted in the model.

use super::model::{Care, Emergency, Grant};
use super::town::{ADULTS, Town};
use crate::chance::Dice;
use crate::consent::oracle::items::{DAYS, LABELS, start_of};
use crate::consent::oracle::rules::Grantee;
use crate::consent::oracle::world::CATEGORIES;
use kernel::Timestamp;
use serde_json::{Value, json};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn text_of(until: Option<i64>) -> Option<String> {
    until.map(|at| Timestamp(at).to_rfc3339())
}

fn categories(dice: &Dice) -> Option<Vec<&'static str>> {
    (!dice.one_in(2)).then(|| match dice.some(&CATEGORIES, 2) {
        some if some.is_empty() => vec!["vital"],
        some => some,
    })
}

fn labels(dice: &Dice) -> Vec<&'static str> {
    if dice.one_in(3) { LABELS.to_vec() } else { dice.some(&LABELS, 3) }
}

impl Town {
    pub fn tell(&mut self, patient: Option<usize>, what: String) {
        let when = Timestamp(self.model.now).to_rfc3339();
        self.told.push((patient, format!("{when} {what}")));
    }

    /// A moment ahead: soon, or far.
    fn ahead(&self, dice: &Dice) -> i64 {
        self.model.now + dice.pick(&[2 * MINUTE, 40 * MINUTE, 5 * HOUR, 2 * DAY, 30 * DAY, 200 * DAY])
    }

    pub async fn deed(&mut self, dice: &Dice) {
        match dice.below(26) {
            0..=4 => self.give(dice).await,
            5 | 6 => self.take_back(dice).await,
            7 => self.extend(dice).await,
            8 | 9 => self.label(dice).await,
            10 => self.edit(dice).await,
            11 | 12 => self.entrust(dice).await,
            13 => self.part(dice).await,
            14 => self.co_guardian(dice).await,
            15 | 16 => self.declare(dice).await,
            17 => self.step(dice).await,
            18 => self.move_on(dice).await,
            19..=21 => self.pause(dice).await,
            22..=24 => self.propose(dice).await,
            _ => self.write(dice, 4).await,
        }
    }

    /// Who may act in this record now: the patient, or who looks after all of it; with the end of that.
    fn acting(&self, dice: &Dice, patient: usize) -> Option<(usize, Option<i64>)> {
        let own = (patient < ADULTS).then_some((patient, None));
        let paused = self.model.paused.contains(&patient);
        let standing = self.model.cares.iter().filter(|care| care.patient == patient && care.stands(self.model.now));
        let standing = standing.filter(|care| care.guardian || !paused);
        let whole = |care: &&Care| care.acts && care.whole();
        let others = standing.filter(whole).map(|care| (care.person, care.until.filter(|_| !care.guardian)));
        let all: Vec<_> = own.into_iter().chain(others).collect();
        (!all.is_empty()).then(|| dice.pick(&all))
    }

    /// Somebody acts in a record, their own or another's.
    async fn act(&self, person: usize, patient: usize, path: &str, body: Value, status: u16) -> Value {
        let (who, record) = (&self.adults[person], &self.patients[patient]);
        let reply = match person == patient {
            true => self.app.post(path, who, body).await,
            false => self.app.send_in(record, "POST", path, who, Some(body)).await,
        };
        let reply = reply.expect(status);
        serde_json::from_slice(&reply.body).unwrap_or_default()
    }

    async fn give(&mut self, dice: &Dice) {
        let patient = dice.below(self.patients.len());
        let Some((person, end)) = self.acting(dice, patient) else { return };
        let to = match dice.below(7) {
            at @ 0..=3 => Grantee::Practitioner(at),
            at => Grantee::Organization(at - 4),
        };
        let until = if dice.one_in(3) { None } else { Some(self.ahead(dice)) };
        let until = match end {
            Some(end) => Some(until.map_or(end, |until| until.min(end))),
            None => until,
        };
        let (mut from, mut last) = (dice.one_in(3).then(|| dice.pick(&DAYS)), dice.one_in(3).then(|| dice.pick(&DAYS)));
        if from.zip(last).is_some_and(|(from, last)| from > last) {
            std::mem::swap(&mut from, &mut last);
        }
        let (categories, labels) = (categories(dice), labels(dice));
        let purpose = dice.pick(&["treatment", "treatment", "treatment", "treatment", "research", "operations"]);
        let grantee = match to {
            Grantee::Practitioner(at) => json!({ "type": "practitioner", "id": self.practitioners[at].id }),
            Grantee::Organization(at) => json!({ "type": "organization", "id": self.organizations[at] }),
        };
        let form = json!({
            "grantee": grantee, "categories": categories, "from": from, "to": last, "labels": labels,
            "purpose": purpose, "until": text_of(until), "note": null,
        });
        let given = self.act(person, patient, "/api/grants", form, 201).await;
        let id = given["id"].as_i64().unwrap();
        let (from, last) = (from.map(start_of), last.map(start_of));
        let grant = Grant { id, patient, to, categories, labels, from, last, purpose, until, revoked: false };
        self.tell(Some(patient), format!("patient {person} gives {grant:?}"));
        self.model.grants.push(grant);
    }

    /// A grant that is alive, and somebody who may act in its record.
    fn live_grant(&self, dice: &Dice) -> Option<(usize, usize, Option<i64>)> {
        let live: Vec<usize> =
            (0..self.model.grants.len()).filter(|at| self.model.grants[*at].live(self.model.now)).collect();
        let at = (!live.is_empty()).then(|| dice.pick(&live))?;
        let (person, end) = self.acting(dice, self.model.grants[at].patient)?;
        Some((at, person, end))
    }

    async fn take_back(&mut self, dice: &Dice) {
        let Some((at, person, _)) = self.live_grant(dice) else { return };
        let (id, patient) = (self.model.grants[at].id, self.model.grants[at].patient);
        self.act(person, patient, &format!("/api/grants/{id}/revoke"), json!({}), 200).await;
        self.model.grants[at].revoked = true;
        self.tell(Some(patient), format!("patient {person} revokes grant {id}"));
    }

    async fn extend(&mut self, dice: &Dice) {
        let Some((at, person, end)) = self.live_grant(dice) else { return };
        let (id, patient) = (self.model.grants[at].id, self.model.grants[at].patient);
        let until = end.map_or(self.ahead(dice), |end| end.min(self.ahead(dice)));
        let form = json!({ "until": text_of(Some(until)) });
        self.act(person, patient, &format!("/api/grants/{id}/extend"), form, 200).await;
        self.model.grants[at].until = Some(until);
        self.tell(Some(patient), format!("patient {person} sets the end of grant {id} to {:?}", text_of(Some(until))));
    }

    /// A living entry that is no person's own.
    fn entry(&self, dice: &Dice) -> usize {
        loop {
            let at = dice.below(self.model.entries.len());
            if !self.model.entries[at].deleted && self.model.entries[at].kind != "Patient" {
                return at;
            }
        }
    }

    async fn label(&mut self, dice: &Dice) {
        let at = self.entry(dice);
        let entry = self.model.entries[at].clone();
        let patient = entry.facts.patient.unwrap();
        let Some((person, _)) = self.acting(dice, patient) else { return };
        let labels = dice.some(&LABELS, 4);
        let path = format!("/api/entries/{}/{}/labels", entry.kind, entry.id);
        self.act(person, patient, &path, json!({ "labels": labels }), 200).await;
        self.tell(Some(patient), format!("patient {person} labels {}/{} {labels:?}", entry.kind, entry.id));
        self.model.entries[at].by_hand = labels;
    }

    async fn edit(&mut self, dice: &Dice) {
        let at = self.entry(dice);
        let (kind, id) = (self.model.entries[at].kind, self.model.entries[at].id.clone());
        let patient = self.model.entries[at].facts.patient;
        if dice.one_in(3) && kind != "Encounter" {
            self.remove(at).await;
            return self.tell(patient, format!("{kind}/{id} is deleted"));
        }
        self.rewrite(dice, at).await;
        self.tell(patient, format!("{kind}/{id} is written anew"));
    }

    /// The question that waits for this person.
    async fn accepted(&self, person: usize) -> i64 {
        let who = &self.adults[person];
        let all = self.app.get("/api/family", who).await.expect(200).json();
        let waits = |one: &&Value| one["mine"] == true && one["state"] == "waiting";
        let found = all["delegations"].as_array().unwrap().iter().find(waits).unwrap()["id"].as_i64().unwrap();
        self.app.post(&format!("/api/family/{found}/accept"), who, json!({})).await.expect(200);
        found
    }

    /// An adult asks another to look after their record, who accepts.
    async fn entrust(&mut self, dice: &Dice) {
        let (patient, person) = (dice.below(ADULTS), dice.below(ADULTS));
        let standing = |care: &Care| (care.person, care.patient) == (person, patient) && care.stands(self.model.now);
        // Whoever is asked while sharing is paused hears of it later.
        if patient == person || self.model.cares.iter().any(standing) || self.model.paused.contains(&patient) {
            return;
        }
        let until = (!dice.one_in(3)).then(|| self.ahead(dice));
        let (acts, categories, labels) = (dice.one_in(2), categories(dice), labels(dice));
        let form = json!({
            "person": self.adults[person].username, "acts": acts, "categories": categories, "labels": labels,
            "until": text_of(until)
        });
        self.act(patient, patient, "/api/family/delegations", form, 202).await;
        let id = self.accepted(person).await;
        let care = Care { id, patient, person, guardian: false, acts, categories, labels, until, ended: false };
        self.tell(Some(patient), format!("{care:?}"));
        self.model.cares.push(care);
    }

    /// A guardian asks another adult to be one too.
    async fn co_guardian(&mut self, dice: &Dice) {
        let (patient, person) = (ADULTS + dice.below(self.patients.len() - ADULTS), dice.below(ADULTS));
        let held = self.model.cares.iter().find(|care| care.patient == patient && care.stands(self.model.now));
        let Some(held) = held.cloned().filter(|_| self.model.care(person, patient).is_none()) else { return };
        let form = json!({ "patient": self.patients[patient], "person": self.adults[person].username });
        self.app.post("/api/family/guardians", &self.adults[held.person], form).await.expect(202);
        let care = Care { id: self.accepted(person).await, person, ..held };
        self.tell(Some(patient), format!("{care:?}"));
        self.model.cares.push(care);
    }

    /// Either side ends a delegation; a guardian leaves when there is another.
    async fn part(&mut self, dice: &Dice) {
        let now = self.model.now;
        let standing: Vec<usize> = (0..self.model.cares.len()).filter(|at| self.model.cares[*at].stands(now)).collect();
        if standing.is_empty() {
            return;
        }
        let at = dice.pick(&standing);
        let care = self.model.cares[at].clone();
        let others = standing.iter().filter(|other| self.model.cares[**other].patient == care.patient).count();
        if care.guardian && others < 2 {
            return;
        }
        let who = if care.guardian || dice.one_in(2) { care.person } else { care.patient };
        let path = format!("/api/family/{}/end", care.id);
        self.app.post(&path, &self.adults[who], json!({})).await.expect(204);
        self.model.cares[at].ended = true;
        self.tell(Some(care.patient), format!("patient {who} ends care {}", care.id));
    }

    async fn declare(&mut self, dice: &Dice) {
        let (patient, practitioner) = (dice.below(self.patients.len()), dice.below(self.practitioners.len()));
        let now = self.model.now;
        let same = |one: &Emergency| one.patient == patient && one.practitioner == practitioner && one.live(now);
        if self.model.emergencies.iter().any(same) {
            return;
        }
        let form = json!({ "patient": self.patients[patient], "reason": "Found unconscious at the station" });
        let who = &self.practitioners[practitioner];
        let opened = self.app.post("/api/break-glass", who, form).await.expect(201).json();
        let id = opened["id"].as_i64().unwrap();
        let emergency = Emergency { id, patient, practitioner, whole: false, until: now + 2 * HOUR, ended: false };
        self.tell(Some(patient), format!("{emergency:?}"));
        self.model.emergencies.push(emergency);
    }

    /// The second step of an emergency, or its end by one of the two.
    async fn step(&mut self, dice: &Dice) {
        let now = self.model.now;
        let Some(at) = self.model.emergencies.iter().position(|one| one.live(now)) else { return };
        let one = self.model.emergencies[at].clone();
        let who = &self.practitioners[one.practitioner];
        let what = match dice.below(3) {
            0 | 1 if !one.whole => {
                let path = format!("/api/break-glass/{}/whole", one.id);
                self.app.post(&path, who, json!({})).await.expect(200);
                self.model.emergencies[at].whole = true;
                "shows the whole record"
            }
            0 => {
                self.app.post(&format!("/api/break-glass/{}/end", one.id), who, json!({})).await.expect(204);
                self.model.emergencies[at].ended = true;
                "is over for the practitioner"
            }
            _ => {
                let Some((person, _)) = self.acting(dice, one.patient) else { return };
                let path = format!("/api/grants/{}/revoke", one.id);
                self.act(person, one.patient, &path, json!({}), 200).await;
                self.model.emergencies[at].ended = true;
                "was ended for the patient"
            }
        };
        self.tell(Some(one.patient), format!("emergency {} {what}", one.id));
    }

    /// A patient, or a child's guardian, pauses all sharing or resumes it: nobody is paused for long.
    async fn pause(&mut self, dice: &Dice) {
        let paused = self.model.paused.first().copied().filter(|_| dice.below(3) > 0);
        let patient = paused.unwrap_or_else(|| dice.below(self.patients.len()));
        let Some((person, _)) = self.acting(dice, patient) else { return };
        if person != patient && patient < ADULTS {
            return;
        }
        let verb = if self.model.paused.contains(&patient) { "lift" } else { "begin" };
        self.act(person, patient, &format!("/api/restriction/{verb}"), Value::Null, 200).await;
        match verb {
            "lift" => self.model.paused.retain(|at| *at != patient),
            _ => self.model.paused.push(patient),
        }
        self.tell(Some(patient), format!("patient {person}: {verb} of the pause"));
    }

    /// A practitioner joins or leaves a workplace.
    async fn move_on(&mut self, dice: &Dice) {
        let (number, place) = (dice.below(self.practitioners.len()), dice.below(self.organizations.len()));
        let (account, organization) = (self.practitioners[number].account, self.organizations[place].clone());
        let members = format!("/api/admin/organizations/{organization}/members");
        if self.model.works_at[number].contains(&place) {
            let path = format!("{members}/{account}/remove");
            self.app.post(&path, &self.admin, json!({})).await.expect(204);
            self.model.works_at[number].retain(|at| *at != place);
        } else {
            self.app.post(&members, &self.admin, json!({ "account": account })).await.expect(204);
            self.model.works_at[number].push(place);
        }
        self.tell(None, format!("Dr {number} works at {:?}", self.model.works_at[number]));
    }
}
