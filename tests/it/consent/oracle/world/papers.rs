//! Documents with a file: looked into and read by the real child once, and then random DocumentReferences like all others.

use super::super::items::{DAYS, Item, item, start_of};
use super::super::rules::Facts;
use super::{World, bundle, put};
use crate::chance::Dice;
use crate::documents::desk::{REPORT, addressed};
use axum::body::Body;
use serde_json::json;
use testkit::Person;

/// The day that all of them are of when they come.
const DAY: &str = DAYS[4];

impl World {
    /// Two files into each record: the patient's own, and one of an organization that may bring it. Each has words of its own and
    /// words that all of them have, and values that wait for somebody.
    pub(super) async fn bring_papers(&mut self, services: &[Person]) {
        for (patient, owner) in self.owners.clone().iter().enumerate() {
            let organization = patient % services.len();
            let form = json!({
                "grantee": { "type": "organization", "id": self.organizations[organization] }, "categories": null,
                "from": null, "to": null, "labels": [], "purpose": "treatment", "until": null, "note": null,
            });
            let grant = self.app.post("/api/grants", owner, form).await.expect(201).json();
            for (whose, person) in [(None, owner), (Some(organization), &services[organization])] {
                // Two in each record are the same, so that which of them is the first must not tell of the other.
                let text = format!("{REPORT}Of the patient number{patient}\n");
                let path = format!("/api/documents?patient={}&name=letter.txt&date={DAY}", owner.id);
                let sent = addressed("POST", &path, person).body(Body::from(text)).unwrap();
                let id = self.app.request(sent).await.expect(201).json()["id"].as_str().unwrap().to_owned();
                let (labels, start) = (Vec::new(), Some(start_of(DAY)));
                let facts = Facts { patient: Some(patient), organization: whose, category: "document", labels, start };
                let (body, past) = (json!({}), Vec::new());
                self.papers.push(Item { kind: "DocumentReference", id, facts, body, past, deleted: false });
            }
            self.app.revoke(owner, &grant).await;
        }
        self.app.run_jobs().await;
    }

    /// They stay where everything else of a round goes.
    pub(super) fn put_papers_aside(&mut self) {
        let papers: Vec<String> = self.papers.iter().map(|paper| paper.id.clone()).collect();
        self.items.retain(|item| !papers.contains(&item.id));
    }

    pub fn is_paper(&self, item: &Item) -> bool {
        self.papers.iter().any(|paper| paper.id == item.id)
    }

    /// Each gets another day, other labels, or another visit.
    pub(super) async fn change_papers(&mut self, dice: &Dice) {
        self.clock.advance_ms(1000);
        let mut papers = std::mem::take(&mut self.papers);
        for paper in &mut papers {
            let past = paper.past.iter().cloned().chain([paper.facts.clone()]).collect();
            let whose = (paper.facts.patient.unwrap_or_default(), paper.facts.organization);
            *paper = Item { past, ..item(dice, paper.kind, paper.id.clone(), whose, &self.around()) };
            // The same content again would be no version.
            paper.body["description"] = format!("Letter {}", dice.below(1 << 30)).into();
        }
        let entries: Vec<_> = papers.iter().map(|paper| put(&paper.body)).collect();
        self.app.import(bundle(&entries)).await;
        self.items.extend(papers.iter().cloned());
        self.papers = papers;
    }
}
