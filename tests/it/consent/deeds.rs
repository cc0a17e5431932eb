//! What somebody who looks after a record opens to others: the patient hears of it, and it ends with them.

use super::family::{chosen, parent, told};
use kernel::FixedClock;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp};

fn whole(acts: bool) -> Value {
    let all = json!(["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"]);
    json!({ "acts": acts, "labels": all })
}

fn link(label: &str) -> Value {
    json!({ "label": label, "until": null, "sensitive": false, "tell": false })
}

async fn states(app: &TestApp, patient: &Person) -> Vec<(String, String)> {
    let list = app.get("/api/health-links", patient).await.expect(200).json();
    let text = |v: &Value| v.as_str().unwrap().to_owned();
    let mut found: Vec<_> =
        list["links"].as_array().unwrap().iter().map(|l| (text(&l["label"]), text(&l["state"]))).collect();
    found.sort();
    found
}

fn both(theirs: &str, own: &str) -> [(String, String); 2] {
    [("From Lena".to_owned(), theirs.to_owned()), ("My own".to_owned(), own.to_owned())]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_a_helper_made_ends_with_their_delegation_and_the_patients_own_stand() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    app.post("/api/health-links", &mother, link("My own")).await.expect(201);
    let id = chosen(&app, &mother, &daughter, whole(true)).await;
    let body = Some(link("From Lena"));
    app.send_in(&mother.id, "POST", "/api/health-links", &daughter, body).await.expect(201);
    assert!(told(&app, &mother).await.contains("Lena Sol made a health link of the record"));
    assert_eq!(states(&app, &mother).await, both("active", "active"));
    app.post(&format!("/api/family/{id}/end"), &mother, json!({})).await.expect(204);
    app.run_jobs().await;
    assert_eq!(states(&app, &mother).await, both("ended", "active"));
    let inbox = told(&app, &mother).await;
    assert_eq!(inbox.matches("The health links that Lena Sol made have ended").count(), 1, "{inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_parent_made_for_a_child_is_the_grown_childs_own() {
    let clock = Arc::new(FixedClock::at(kernel::Timestamp::parse("2028-06-14T23:59:00Z").unwrap()));
    let app = TestApp::with_clock(clock.clone());
    let (guardian, child, _) = parent(&app, "Asha Rao").await;
    let body = Some(link("Emergency card"));
    let made = app.send_in(&child, "POST", "/api/health-links", &guardian, body).await.expect(201).json();
    let printed = crate::exchange::client::read(made["link"].as_str().unwrap());
    clock.advance_ms(120_000);
    app.run_jobs().await;
    app.send_in(&child, "GET", "/api/health-links", &app.again(&guardian).await, None).await.expect(404);
    let opened = printed.open(&app, "A helper", None).await;
    assert_eq!(opened["resourceType"], "Bundle");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_only_looks_gets_nothing_that_outlives_them() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let mut form = link("My own");
    form["passcode"] = "1234567".into();
    let made = app.post("/api/health-links", &mother, form).await.expect(201).json();
    let card = json!({ "hidden": [], "sensitive": false, "link": made["id"] });
    app.put("/api/emergency-card", &mother, card).await.expect(200);
    chosen(&app, &mother, &daughter, whole(false)).await;
    let list = app.send_in(&mother.id, "GET", "/api/health-links", &daughter, None).await.expect(200).json();
    let card = app.send_in(&mother.id, "GET", "/api/emergency-card", &daughter, None).await.expect(200).json();
    for shown in [&list["links"][0], &card["link"]] {
        assert_eq!(shown["label"], "My own", "{shown}");
        for secret in ["link", "address", "passcode"] {
            assert_eq!(shown[secret], Value::Null, "{secret} of {shown}");
        }
    }
    app.send_in(&mother.id, "GET", "/api/ledger/export", &daughter, None).await.expect(404);
    app.get("/api/ledger/export", &mother).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_patient_hears_to_whom_a_helper_gave_access_and_keeps_their_notes_to_themselves() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    chosen(&app, &mother, &daughter, whole(true)).await;
    let grant = json!({
        "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "labels": [], "until": null,
        "note": "She was rude"
    });
    app.send_in(&mother.id, "POST", "/api/grants", &daughter, Some(grant)).await.expect(201);
    assert!(told(&app, &mother).await.contains("Lena Sol gave Dr Kim Lee access to the record"));
    assert!(!told(&app, &daughter).await.contains("gave Dr Kim Lee"), "who did it knows it");
    let seen = app.get("/api/grants", &doctor).await.expect(200).text();
    assert!(!seen.contains("rude"), "{seen}");
    let seen = app.get("/fhir/Consent", &doctor).await.expect(200).text();
    assert!(!seen.contains("rude"), "{seen}");
    assert!(app.get("/api/grants", &mother).await.expect(200).text().contains("rude"));
}
