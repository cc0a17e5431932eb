//! Readers with an app in between: what it finds is what its person may see **and** its scopes speak of.

use super::asks::{Ask, answer};
use super::items::Item;
use super::rules::{Facts, Viewer};
use super::world::World;
use crate::identity::oauth::{Fields, VITALS, connected, registered, text, token};
use serde_json::{Value, json};
use std::sync::Mutex;
use testkit::Person;

/// An app that a viewer let in for as long as the test goes on.
pub struct Through {
    viewer: Viewer,
    person: Person,
    refresh: Mutex<String>,
}

const SCOPE: &str = "offline_access user/Condition.rs user/Encounter.r user/DiagnosticReport.s";

/// Lets one app in for everybody who can let one in.
pub async fn let_in(world: &World) -> (String, Vec<Through>) {
    let administrator = world.viewers.iter().find(|(viewer, _)| matches!(viewer, Viewer::Administrator));
    let client = registered(&world.app, &administrator.unwrap().1, json!({})).await;
    let mut apps = Vec::new();
    for (viewer, person) in &world.viewers {
        if !matches!(viewer, Viewer::Service { .. }) {
            let scope = format!("{SCOPE} user/Observation.rs?{VITALS}");
            let given = connected(&world.app, person, &client, &scope).await;
            let refresh = Mutex::new(text(&given, "refresh_token").to_owned());
            apps.push(Through { viewer: viewer.clone(), person: person.clone(), refresh });
        }
    }
    (client, apps)
}

impl Through {
    /// What the scope's condition says of an entry.
    fn fits(kind: &str, facts: &Facts) -> bool {
        match kind {
            "Observation" => facts.category == "vital",
            "Condition" | "Encounter" | "DiagnosticReport" => true,
            _ => false,
        }
    }

    async fn enter(&self, world: &World, client: &str) -> Person {
        let refresh = self.refresh.lock().unwrap().clone();
        let fields = Fields::of(&[("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", &refresh)]);
        let given = token(&world.app, &fields).await.expect(200).json();
        *self.refresh.lock().unwrap() = text(&given, "refresh_token").to_owned();
        Person { token: text(&given, "access_token").to_owned(), ..self.person.clone() }
    }

    /// Compares everything of one round; gives how many entries were shown.
    pub async fn compare(&self, world: &World, client: &str, told: &str) -> usize {
        let app = self.enter(world, client).await;
        let get = async |path: String| answer(&world.app, &app, &Ask { method: "GET", path, body: None }).await;
        // An app is somebody else's, whoever let it in.
        let asleep = matches!(self.viewer, Viewer::Patient(own) if world.paused.contains(&own));
        let sees = |item: &&Item| {
            !asleep && self.viewer.sees(&world.grants, &item.facts) && Self::fits(item.kind, &item.facts)
        };
        let mut shown = 0;
        for kind in ["Observation", "Condition", "DiagnosticReport"] {
            let answered = get(format!("/fhir/{kind}?_count=50&_total=accurate")).await;
            let total: Value = serde_json::from_str(&answered.0[0].body).unwrap();
            let mut found = answered.found();
            let all = world.items.iter().filter(|item| item.kind == kind && !item.deleted);
            let mut expected: Vec<String> = all.filter(sees).map(|item| item.id.clone()).collect();
            found.sort_unstable();
            expected.sort_unstable();
            assert_eq!(found, expected, "{told}: an app of {:?} finds {kind}", self.viewer);
            assert_eq!(total["total"], expected.len(), "{told}: an app of {:?} counts {kind}", self.viewer);
            shown += found.len();
        }
        for (kind, status) in [("Encounter", 403), ("Immunization", 403), ("Patient", 403)] {
            assert_eq!(get(format!("/fhir/{kind}")).await.0[0].status, status, "{kind}");
        }
        for item in world.items.iter().filter(|item| !item.deleted) {
            let status = get(format!("/fhir/{}/{}", item.kind, item.id)).await.0[0].status;
            let expected = match item.kind {
                "Observation" | "Condition" | "Encounter" if sees(&item) => 200,
                "Observation" | "Condition" | "Encounter" => 404,
                _ => 403,
            };
            assert_eq!(status, expected, "{told}: an app of {:?} reads {} {}", self.viewer, item.kind, item.id);
            if expected == 200 && !item.past.is_empty() {
                let past = item
                    .past
                    .iter()
                    .filter(|past| self.viewer.sees(&world.grants, past) && Self::fits(item.kind, past));
                let history = get(format!("/fhir/{}/{}/_history", item.kind, item.id)).await;
                let expected = 1 + past.count();
                assert_eq!(history.found().len(), expected, "{told}: {:?} {} {}", self.viewer, item.kind, item.id);
            }
        }
        shown
    }
}
