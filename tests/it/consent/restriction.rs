//! The patient pauses all sharing: what others were given opens nothing, everywhere and at once, until it is lifted.

use super::family::{chosen, parent, reads};
use crate::exchange::client;
use crate::identity::oauth::{connected, registered, text, with_token};
use crate::identity::revocation::{listening, status};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use testkit::{Person, Reply, TestApp, sample};
use tokio::io::AsyncReadExt;

async fn pause(app: &TestApp, patient: &Person) {
    let begun = app.post("/api/restriction/begin", patient, Value::Null).await.expect(200).json();
    assert!(begun["since"].is_string(), "{begun}");
}

async fn resume(app: &TestApp, patient: &Person) {
    let lifted = app.post("/api/restriction/lift", patient, Value::Null).await.expect(200).json();
    assert_eq!(lifted, json!({ "since": null }));
}

/// Every shape in which a practitioner asks for a record.
async fn asked(app: &TestApp, who: &Person, patient: &Person, reading: &str) -> Vec<Reply> {
    let mut answers = Vec::new();
    for path in [
        format!("/fhir/Observation/{reading}"),
        format!("/fhir/Observation/{reading}/_history"),
        format!("/fhir/Observation/{reading}/_history/1"),
        format!("/fhir/Observation?patient=Patient/{}&_total=accurate", patient.id),
        "/fhir/Observation?_total=accurate".to_owned(),
        "/fhir/Patient?_summary=count".to_owned(),
        format!("/fhir/Patient/{}", patient.id),
        format!("/fhir/Patient/{}/$summary", patient.id),
        "/fhir/Consent".to_owned(),
        "/api/grants".to_owned(),
        "/api/my-patients".to_owned(),
        format!("/api/patients/{}/summary", patient.id),
        format!("/api/patients/{}/timeline", patient.id),
        format!("/api/patients/{}/export", patient.id),
    ] {
        answers.push(app.get(&path, who).await);
    }
    let entries = [format!("Observation/{reading}"), "Observation?_summary=count".to_owned()];
    let entries = entries.map(|url| json!({ "request": { "method": "GET", "url": url } }));
    answers.push(app.post("/fhir", who, json!({ "resourceType": "Bundle", "type": "batch", "entry": entries })).await);
    answers
}

fn words(answers: &[Reply]) -> Vec<(u16, String)> {
    let stripped = |reply: &Reply| {
        let mut json = reply.json();
        // What differs between any two answers.
        for name in ["requestId", "id", "timestamp", "meta", "link"] {
            json.as_object_mut().map(|object| object.remove(name));
        }
        (reply.status, json.to_string())
    };
    answers.iter().map(stripped).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn while_sharing_is_paused_a_doctor_gets_what_one_without_a_grant_gets() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let stranger = app.practitioner("Dr Sam Roe", &[]).await;
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    app.grant(&patient, &doctor).await;
    let before = words(&asked(&app, &doctor, &patient, &reading).await);
    let nothing = words(&asked(&app, &stranger, &patient, &reading).await);
    assert_ne!(before, nothing);

    pause(&app, &patient).await;
    assert_eq!(words(&asked(&app, &doctor, &patient, &reading).await), nothing);
    // What is given meanwhile sleeps too, and nobody is told of it.
    app.grant(&patient, &stranger).await;
    assert_eq!(words(&asked(&app, &stranger, &patient, &reading).await), nothing);
    assert_eq!(app.get("/api/inbox", &stranger).await.expect(200).json()["items"], json!([]));
    app.get(&format!("/fhir/Observation/{reading}"), &patient).await.expect(200);
    assert_eq!(app.get("/api/grants", &patient).await.expect(200).json()["grants"].as_array().unwrap().len(), 2);
    // Twice is once.
    pause(&app, &patient).await;

    resume(&app, &patient).await;
    let statuses = |words: &[(u16, String)]| words.iter().map(|(status, _)| *status).collect::<Vec<_>>();
    let after = words(&asked(&app, &doctor, &patient, &reading).await);
    assert_eq!(statuses(&after), statuses(&before));
    assert!(after[3].1.contains("\"total\":1"), "{}", after[3].1);
    assert_eq!(asked(&app, &stranger, &patient, &reading).await[0].status, 200);
    resume(&app, &patient).await;
    // Whoever was given access meanwhile hears of it now, once; whoever had it heard of it then.
    for who in [&stranger, &doctor] {
        let inbox = app.get("/api/inbox", who).await.expect(200).text();
        assert_eq!(inbox.matches("A patient gave you access").count(), 1, "{}: {inbox}", who.username);
    }
    let entries = app.get("/api/ledger/entries?count=200", &patient).await.expect(200).json();
    let acts: Vec<&str> = entries["entries"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
    for act in ["restrict", "lift"] {
        assert_eq!(acts.iter().filter(|each| **each == act).count(), 1, "{acts:?}");
    }
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json().to_string();
    assert!(inbox.contains("You paused all sharing") && inbox.contains("You resumed sharing"), "{inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_and_the_emergency_card_open_while_other_links_and_apps_sleep() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let admin = app.administrator("Robin").await;
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let form = json!({ "label": "For my GP", "until": null, "sensitive": false, "tell": false });
    let mut links = Vec::new();
    for _ in 0..2 {
        links.push(app.post("/api/health-links", &patient, form.clone()).await.expect(201).json());
    }
    let card = json!({ "hidden": [], "note": null, "sensitive": false, "link": links[1]["id"] });
    app.put("/api/emergency-card", &patient, card).await.expect(200);
    let client_id = registered(&app, &admin, json!({})).await;
    let token = connected(&app, &patient, &client_id, "patient/Condition.rs patient/Consent.rs launch/patient").await;
    let token = text(&token, "access_token");
    let path = format!("/fhir/Condition/{condition}");
    with_token(&app, "GET", &path, token, None).await.expect(200);
    let given = app.grant(&patient, &app.practitioner("Dr Sam Roe", &[]).await).await;
    let consent = format!("/fhir/Consent/grant-{}", given["id"]);
    with_token(&app, "GET", &consent, token, None).await.expect(200);
    let links: Vec<_> = links.iter().map(|link| client::read(link["link"].as_str().unwrap())).collect();
    links[0].open(&app, "Dr Ames", None).await;

    pause(&app, &patient).await;
    with_token(&app, "GET", &path, token, None).await.expect(404);
    let count = with_token(&app, "GET", "/fhir/Condition?_summary=count", token, None).await.expect(200).json();
    assert_eq!(count["total"], 0);
    with_token(&app, "GET", &consent, token, None).await.expect(404);
    let consents = with_token(&app, "GET", "/fhir/Consent?_total=accurate", token, None).await.expect(200).json();
    assert_eq!(consents["total"], 0);
    assert_eq!(links[0].ask(&app, json!({ "recipient": "Dr Ames" })).await.status, 404);
    assert!(links[1].open(&app, "Ambulance", None).await.to_string().contains("Hypertension"), "the card's own code");
    let form = json!({ "patient": patient.id, "reason": "Unconscious after a fall" });
    let opened = app.post("/api/break-glass", &doctor, form).await.expect(201).json();
    assert_eq!(opened["restricted"], true);
    app.get(&path, &doctor).await.expect(200);
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json().to_string();
    assert!(inbox.contains("opened your record in an emergency"), "{inbox}");
    app.run_jobs().await;
    let letters = app.outbox.mails().into_iter().map(|sent| sent.mail.text).collect::<Vec<_>>();
    assert!(letters.iter().any(|text| text.contains("You have paused all sharing")), "{letters:?}");

    resume(&app, &patient).await;
    with_token(&app, "GET", &path, token, None).await.expect(200);
    links[0].open(&app, "Dr Ames", None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pausing_reaches_open_pages_and_the_next_request_within_a_second() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    app.grant(&patient, &doctor).await;
    let (server, replica) = (app.listen().await, app.replica().await);
    let path = format!("/fhir/Observation/{reading}");
    let both = [server.address, replica.address];
    for address in both {
        assert_eq!(status(address, &path, &doctor.token).await, 200);
    }
    let mut stream = listening(server.address, &doctor).await;
    let begun = Instant::now();
    pause(&app, &patient).await;
    for address in both {
        assert_eq!(status(address, &path, &doctor.token).await, 404);
    }
    let (mut heard, mut piece) = (String::new(), [0; 1024]);
    while !heard.contains("patients") {
        let read = tokio::time::timeout(Duration::from_secs(1), stream.read(&mut piece));
        let length = read.await.expect("nothing is heard for a second").unwrap();
        assert!(length > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_patient_chose_is_out_while_sharing_is_paused_and_a_guardian_is_not() {
    let app = TestApp::start();
    let (patient, friend) = (app.patient("Asha Rao").await, app.patient("Noor Rao").await);
    let condition = format!("/fhir/Condition/{}", app.create(&sample::condition(&patient.id, "Hypertension")).await);
    chosen(&app, &patient, &friend, json!({})).await;
    assert_eq!(reads(&app, &friend, &patient.id, &condition).await, 200);
    let begin = app.send_in(&patient.id, "POST", "/api/restriction/begin", &friend, None).await;
    assert_eq!(begin.status, 403, "only the patient decides that");
    pause(&app, &patient).await;
    assert_eq!(reads(&app, &friend, &patient.id, &condition).await, 404);
    // What sleeps is there: nothing narrower can be set over it.
    let narrower = json!({
        "person": friend.username, "acts": false, "categories": ["vital"], "labels": [], "until": null
    });
    app.post("/api/family/delegations", &patient, narrower).await.expect(409);
    assert_eq!(app.get("/api/family", &friend).await.expect(200).json()["delegations"], json!([]));
    assert!(!app.get("/api/inbox", &friend).await.expect(200).text().contains("paused"));
    resume(&app, &patient).await;
    assert_eq!(reads(&app, &friend, &patient.id, &condition).await, 200);

    let (parent, child, _) = parent(&app, "Mira Rao").await;
    let allergy = format!("/fhir/Condition/{}", app.create(&sample::condition(&child, "Asthma")).await);
    app.send_in(&child, "POST", "/api/restriction/begin", &parent, None).await.expect(200);
    assert_eq!(reads(&app, &parent, &child, &allergy).await, 200);
    app.send_in(&child, "POST", "/api/restriction/lift", &parent, None).await.expect(200);
}
