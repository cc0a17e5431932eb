//! What doctors propose: who may answer it is asked at every moment, and some of it is declined.

use super::model::{Care, Draft, Entry, Viewer};
use super::town::Town;
use crate::chance::Dice;
use crate::consent::oracle::items::{Around, item};
use serde_json::{Value, json};

/// Kinds of entries that doctors write, of several kinds of data.
const WRITTEN: [&str; 5] = ["Condition", "Observation", "Procedure", "Immunization", "AllergyIntolerance"];

impl Town {
    /// Doctors propose to add something to records that they read, and now and then to remove something beside it; or somebody
    /// says no.
    pub async fn propose(&mut self, dice: &Dice) {
        if dice.one_in(5) {
            return self.say_no(dice).await;
        }
        // Several, so that who looks after a part has something to see and something not to see.
        for _ in 0..4 {
            self.draft(dice).await;
        }
    }

    async fn draft(&mut self, dice: &Dice) {
        let mut open: Vec<(usize, usize)> = (0..self.practitioners.len())
            .flat_map(|number| (0..self.patients.len()).map(move |patient| (number, patient)))
            .filter(|(number, patient)| self.model.open_to(*number, *patient))
            .collect();
        // Rather where somebody acts in a part: what lies in it and what does not is what this is about.
        let now = self.model.now;
        let parted = |patient: usize| {
            let acting = |care: &Care| care.patient == patient && care.stands(now) && care.acts && !care.whole();
            self.model.cares.iter().any(acting)
        };
        if open.iter().any(|(_, patient)| parted(*patient)) {
            open.retain(|(_, patient)| parted(*patient));
        }
        if open.is_empty() {
            return;
        }
        let (number, patient) = dice.pick(&open);
        let around = Around { patients: &self.patients, visits: &[], medicines: &self.medicines };
        let mut new = item(dice, dice.pick(&WRITTEN), "new".to_owned(), (patient, None), &around);
        new.body.as_object_mut().unwrap().remove("id");
        let mut changes = vec![json!({ "act": "add", "resource": new.body })];
        let as_said = Entry { kind: new.kind, id: new.id, facts: new.facts, by_hand: Vec::new(), deleted: false };
        let (mut said, mut about) = (vec![as_said], Vec::new());
        let sees = |entry: &Entry| {
            let of = entry.facts.patient == Some(patient) && WRITTEN.contains(&entry.kind);
            of && self.model.sees(&Viewer::Practitioner(number), entry)
        };
        let seen: Vec<usize> = (0..self.model.entries.len()).filter(|at| sees(&self.model.entries[*at])).collect();
        if !seen.is_empty() && dice.one_in(2) {
            let at = dice.pick(&seen);
            let entry = self.model.entries[at].clone();
            changes.push(json!({ "act": "remove", "reference": format!("{}/{}", entry.kind, entry.id) }));
            said.push(entry);
            about.push(at);
        }
        let form = json!({ "patient": self.patients[patient], "reason": "Seen at the practice", "changes": changes });
        let made = self.app.post("/api/edits", &self.practitioners[number], form).await;
        assert!(made.status < 500, "{}", made.text());
        // What the doctor's access does not cover, they cannot propose.
        if made.status == 201 {
            let id = made.json()["id"].as_i64().unwrap();
            self.tell(Some(patient), format!("Dr {number} proposes {id}: {said:?}"));
            self.model.drafts.push(Draft { id, patient, said, about });
        }
    }

    /// Somebody declines a draft: it is answered to who may see it and act, and is not there for the others.
    async fn say_no(&mut self, dice: &Dice) {
        let deputies: Vec<Viewer> =
            self.viewers().into_iter().filter(|viewer| matches!(viewer, Viewer::Deputy { .. })).collect();
        if self.model.drafts.is_empty() || deputies.is_empty() {
            return;
        }
        let (draft, viewer) = (dice.pick(&self.model.drafts), dice.pick(&deputies));
        let Viewer::Deputy { person, patient } = viewer else { return };
        let path = format!("/api/edits/{}/decline", draft.id);
        let (who, record) = (&self.adults[person], &self.patients[patient]);
        let status = self.app.send_in(record, "POST", &path, who, Some(Value::Null)).await.status;
        let care = self.model.care(person, patient);
        let may = care.is_some_and(|care| care.acts) && self.model.answers(&viewer, &draft);
        // What was declined before is declined no more.
        let right = if may { matches!(status, 204 | 409) } else { matches!(status, 403 | 404) };
        assert!(right, "{viewer:?} declines {draft:?}: {status}, {care:?}");
        self.tell(Some(draft.patient), format!("{viewer:?} declines {}: {status}", draft.id));
    }
}
