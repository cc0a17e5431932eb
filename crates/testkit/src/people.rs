//! People and programs who can sign in.

use crate::TestApp;
use identity::{Entrance, Method, NewAccount, SessionKind, Workplace};
use kernel::{Id, Role};
use serde_json::{Value, json};
use server::api::organizations;
use server::people::{self, Secret, Stands};
use std::sync::atomic::{AtomicU32, Ordering};

/// Somebody with an open session.
#[derive(Clone, Debug)]
pub struct Person {
    pub account: i64,
    pub username: String,
    pub token: String,
    /// The FHIR id of their Patient or Practitioner.
    pub id: String,
    /// The FHIR id of where they work.
    pub organization: Option<String>,
}

impl Person {
    /// The same person with the token of an answer.
    pub fn with(&self, answer: &Value) -> Self {
        Self { token: answer["token"].as_str().unwrap().to_owned(), ..self.clone() }
    }
}

/// Of everybody.
pub const PASSWORD: &str = "correct horse battery";

static NUMBER: AtomicU32 = AtomicU32::new(0);

impl TestApp {
    /// A patient with an empty record.
    pub async fn patient(&self, name: &str) -> Person {
        self.person(Role::Patient, name, Stands::New, &[]).await
    }

    /// A patient whose record is there already.
    pub async fn patient_of(&self, id: &str, name: &str) -> Person {
        self.person(Role::Patient, name, Stands::For(id.to_owned()), &[]).await
    }

    /// A practitioner who works in these organizations.
    pub async fn practitioner(&self, name: &str, organizations: &[&str]) -> Person {
        self.person(Role::Practitioner, name, Stands::New, organizations).await
    }

    pub async fn administrator(&self, name: &str) -> Person {
        self.person(Role::Administrator, name, Stands::Nobody, &[]).await
    }

    /// An organization's own software.
    pub async fn service(&self, name: &str, organization: &str) -> Person {
        let workplace = self.workplace(organization).await;
        let id = workplace.id.clone();
        let token = identity::token_create(&self.house, &self.operator(), name, workplace).await.unwrap();
        let mut person =
            Person { account: 0, username: name.to_owned(), token, id: String::new(), organization: Some(id) };
        let session = self.get("/api/auth/session", &person).await.expect(200).json();
        person.account = session["account"]["id"].as_i64().unwrap();
        person
    }

    pub(crate) async fn workplace(&self, organization: &str) -> Workplace {
        let found = organizations::find_or_create(&self.house, &self.operator(), organization).await.unwrap();
        Workplace { rid: Id::new(found.rid), id: found.id, name: found.name }
    }

    async fn person(&self, role: Role, name: &str, stands: Stands, organizations: &[&str]) -> Person {
        let mut workplaces = Vec::new();
        for organization in organizations {
            workplaces.push(self.workplace(organization).await);
        }
        let organization = workplaces.first().map(|w| w.id.clone());
        let username = format!("user-{}", NUMBER.fetch_add(1, Ordering::SeqCst));
        let new = NewAccount {
            role,
            email: Some(format!("{username}@example.org")),
            username: username.clone(),
            password: Some(PASSWORD.to_owned()),
            name: name.to_owned(),
        };
        let account =
            people::add(&self.house, &self.operator(), new, Secret::Chosen, stands, workplaces).await.unwrap();
        let token = self.session(account.id, Method::Password).await;
        let id = account.patient.or(account.practitioner).unwrap_or_default();
        Person { account: account.id, username, token, id, organization }
    }

    /// The same person with a session that begins now.
    pub async fn again(&self, person: &Person) -> Person {
        // A program has no password: it is the one who works somewhere and stands for nobody.
        let program = person.id.is_empty() && person.organization.is_some();
        let method = if program { Method::Token } else { Method::Password };
        Person { token: self.session(person.account, method).await, ..person.clone() }
    }

    /// The same person after proving again who they are: their session has another token since.
    pub async fn confirmed(&self, person: &Person) -> Person {
        let form = json!({ "password": PASSWORD });
        person.with(&self.post("/api/auth/confirm", person, form).await.expect(200).json())
    }

    async fn session(&self, account: i64, method: Method) -> String {
        let (house, number) = (self.house.clone(), Id::new(account));
        let entrance = Entrance::new(SessionKind::Token, method, "Test", None);
        let opened = self.house.db.write(move |tx| identity::open(tx, &house, number, &entrance));
        opened.await.unwrap().session.token
    }

    /// The patient lets a practitioner read everything but the sensitive areas; returns the grant.
    pub async fn grant(&self, patient: &Person, practitioner: &Person) -> Value {
        self.grant_with(patient, practitioner, json!({})).await
    }

    /// The same with other terms: members of `terms` replace those of the usual form.
    pub async fn grant_with(&self, patient: &Person, practitioner: &Person, terms: Value) -> Value {
        let mut form = json!({
            "grantee": { "type": "practitioner", "id": practitioner.id },
            "categories": null, "from": null, "to": null, "labels": [], "purpose": "treatment", "until": null,
            "note": null,
        });
        for (name, value) in terms.as_object().unwrap() {
            form[name] = value.clone();
        }
        self.post("/api/grants", patient, form).await.expect(201).json()
    }

    pub async fn revoke(&self, patient: &Person, grant: &Value) {
        self.post(&format!("/api/grants/{}/revoke", grant["id"]), patient, json!({})).await.expect(200);
    }
}
