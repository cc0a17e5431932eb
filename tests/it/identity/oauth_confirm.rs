//! `POST /api/admin/apps/{id}/confirm`: a program without people is let in by two administrators.

use super::oauth::{Fields, Key, STATEMENT, registered, text, token, with_token};
use kernel::{FixedClock, Id, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, Reply, TestApp, sample};

const SCOPE: &str = "system/Patient.rs";

fn form(key: &Key, organization: &str) -> Value {
    json!({ "name": "Lab link", "kind": "backend", "keys": [key.jwk()], "scope": SCOPE, "organization": organization })
}

/// The program asks for a token.
async fn ask(app: &TestApp, key: &Key, client: &str) -> Reply {
    let fields = [("grant_type", "client_credentials"), ("scope", SCOPE), ("client_assertion_type", STATEMENT)];
    let statement = key.statement(client);
    let mut fields = Fields::of(&fields);
    fields.0.push(("client_assertion".to_owned(), statement));
    token(app, &fields).await
}

async fn confirm(app: &TestApp, made: &Value, by: &Person) -> Reply {
    app.post(&format!("/api/admin/apps/{}/confirm", made["id"]), by, json!({})).await
}

async fn listed(app: &TestApp, made: &Value, by: &Person) -> Value {
    let list = app.get("/api/admin/apps", by).await.expect(200).json();
    list["apps"].as_array().unwrap().iter().find(|one| one["id"] == made["id"]).unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_gets_nothing_until_another_administrator_has_confirmed_it() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let doctor = app.practitioner("Dr A", &["Hillside"]).await;
    let patient = sample::transaction(&[json!({ "resourceType": "Patient", "name": [{ "family": "Okoro" }] })]);
    app.import_for(Some("Hillside"), patient.to_string()).await;
    let key = Key::es384("k");
    let made = form(&key, doctor.organization.as_ref().unwrap());
    let made = app.post("/api/admin/apps", &first, made).await.expect(201).json();
    assert_eq!((&made["state"], &made["confirmable"]), (&json!("waiting"), &json!(false)));
    let client = text(&made, "clientId");
    let refused = ask(&app, &key, client).await.expect(401).json();
    assert_eq!(refused["error"], "invalid_client", "{refused}");
    assert_eq!(refused["error_description"], "This program waits until another administrator has confirmed it.");

    let own = confirm(&app, &made, &first).await.expect(409).json();
    assert_eq!(own["kind"], "same-person", "{own}");
    confirm(&app, &made, &doctor).await.expect(403);
    app.post(&format!("/api/admin/apps/{}/confirm", made["id"]), None, json!({})).await.expect(401);
    app.post("/api/admin/apps/999/confirm", &second, json!({})).await.expect(404);
    ask(&app, &key, client).await.expect(401);
    assert_eq!(listed(&app, &made, &first).await["confirmable"], false);
    let seen = listed(&app, &made, &second).await;
    assert_eq!((&seen["confirmable"], &seen["registeredBy"]), (&json!(true), &json!("Robin Ames")));

    let done = confirm(&app, &made, &second).await.expect(200).json();
    assert_eq!((&done["state"], &done["confirmable"]), (&json!("active"), &json!(false)));
    let given = ask(&app, &key, client).await.expect(200).json();
    let found = with_token(&app, "GET", "/fhir/Patient?_total=accurate", text(&given, "access_token"), None).await;
    assert_eq!(found.expect(200).json()["total"], 1);
    confirm(&app, &made, &second).await.expect(409);

    // Both acts are told to every administrator, by inbox and by e-mail, and stand in the ledger.
    app.run_jobs().await;
    let mails = app.outbox.mails();
    for who in [&first, &second] {
        let inbox = app.get("/api/inbox", who).await.expect(200).text();
        for (title, subject, by) in [
            (
                "A program waits for another administrator",
                "a program waits for another administrator",
                "Robin Ames put",
            ),
            ("A program was confirmed", "a program was confirmed", "Noor Haddad confirmed"),
        ] {
            assert!(inbox.contains(title) && inbox.contains(by), "{inbox}");
            let to = format!("{}@example.org", who.username);
            let sent = mails.iter().find(|sent| sent.mail.to == to && sent.mail.subject.contains(subject));
            let text = &sent.unwrap_or_else(|| panic!("{subject} to {to}: {mails:?}")).mail.text;
            assert!(text.contains("Lab link") && text.contains("Hillside") && text.contains(SCOPE), "{text}");
        }
    }
    let house = app.house.clone();
    let entries = app.house.db.scan(move |tx| ledger::entries(tx, &house.vault, Id::new(0), None, 100)).await.unwrap();
    let all: Vec<String> = entries.into_iter().map(|stored| String::from_utf8(stored.entry).unwrap()).collect();
    for (what, who) in [("which waits", "Robin Ames"), ("confirmed", "Noor Haddad")] {
        let said = format!("app {}, {what}", made["id"]);
        assert!(all.iter().any(|entry| entry.contains(&said) && entry.contains(who)), "{said}: {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_struck_off_while_it_waits_is_confirmed_by_nobody() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin").await, app.administrator("Noor").await);
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let key = Key::es384("k");
    let made = app.post("/api/admin/apps", &first, form(&key, &organization)).await.expect(201).json();
    app.post(&format!("/api/admin/apps/{}/revoke", made["id"]), &second, json!({})).await.expect(204);
    assert_eq!(listed(&app, &made, &second).await["state"], "revoked");
    confirm(&app, &made, &second).await.expect(409);
    let refused = ask(&app, &key, text(&made, "clientId")).await.expect(401).json();
    assert_eq!(refused["error_description"], "There is no such app.");
}

#[tokio::test(flavor = "multi_thread")]
async fn confirming_needs_a_fresh_proof_and_an_administrator_who_still_is_one() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (first, second) = (app.administrator("Robin").await, app.administrator("Noor").await);
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let made = app.post("/api/admin/apps", &first, form(&Key::es384("k"), &organization)).await.expect(201).json();
    clock.advance_ms(6 * 60_000);
    assert_eq!(confirm(&app, &made, &second).await.expect(401).json()["kind"], "step-up");
    let second = app.confirmed(&second).await;
    confirm(&app, &made, &second).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_from_before_goes_on_and_an_app_of_people_waits_for_nobody() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let key = Key::es384("k");
    let client = registered(&app, &admin, {
        let mut old = form(&key, &organization);
        old["redirectUris"] = json!([]);
        old
    })
    .await;
    let sql = "UPDATE oauth_client SET registrant = NULL";
    app.house.db.write(move |tx| tx.execute(sql, &[]).map_err(kernel::Problem::from)).await.unwrap();
    ask(&app, &key, &client).await.expect(200);
    let people = json!({ "name": "Diary", "kind": "public", "redirectUris": ["https://app.example/cb"] });
    let made = app.post("/api/admin/apps", &admin, people).await.expect(201).json();
    assert_eq!((&made["state"], made.get("registeredBy")), (&json!("active"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_whose_account_is_locked_gets_nothing_until_it_is_unlocked() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let key = Key::es384("k");
    let mut lab = form(&key, &organization);
    lab["redirectUris"] = json!([]);
    let client = registered(&app, &admin, lab).await;
    let given = ask(&app, &key, &client).await.expect(200).json();
    let read = async || with_token(&app, "GET", "/fhir/Patient", text(&given, "access_token"), None).await.status;
    assert_eq!(read().await, 200);
    let account = app.house.db.read(|tx| tx.count("SELECT account FROM oauth_client", &[])).await.unwrap();
    app.post(&format!("/api/admin/users/{account}/lock"), &admin, json!({})).await.expect(200);
    assert_eq!(read().await, 401);
    assert_eq!(ask(&app, &key, &client).await.expect(400).json()["error"], "invalid_grant");
    app.post(&format!("/api/admin/users/{account}/unlock"), &admin, json!({})).await.expect(200);
    ask(&app, &key, &client).await.expect(200);
    assert_eq!(read().await, 200);
}
