//! Emergencies: opened in three steps, told at once, over after two hours, reviewed, and refused to everybody else.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

const WHY: &str = "Unconscious after a fall, allergies unknown";

async fn declare(app: &TestApp, doctor: &Person, patient: &str) -> Value {
    app.post("/api/break-glass", doctor, json!({ "patient": patient, "reason": WHY })).await.expect(201).json()
}

fn acts(reply: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let entries = reply["entries"].as_array().unwrap();
    entries.iter().map(|e| (text(&e["action"]), text(&e["ground"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_opens_the_summary_first_then_the_whole_record_and_tells_everybody() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let admin = app.administrator("Ada Min").await;
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let (reading, condition) = (format!("/fhir/Observation/{reading}"), format!("/fhir/Condition/{condition}"));
    app.get(&condition, &doctor).await.expect(404);

    let opened = declare(&app, &doctor, &patient.id).await;
    assert_eq!(opened["whole"], false);
    app.get(&condition, &doctor).await.expect(200);
    app.get(&reading, &doctor).await.expect(404);
    let summary = app.get(&format!("/api/patients/{}/summary", patient.id), &doctor).await.expect(200).json();
    let vitals = summary["sections"].as_array().unwrap().iter().find(|s| s["category"] == "vital").unwrap();
    assert!(vitals["empty"].as_str().unwrap().starts_with("Not part of your access"), "{vitals}");
    // Doing it again is doing it once, and says why both times.
    for reason in [WHY, "And now no pulse", WHY] {
        let again = json!({ "patient": patient.id, "reason": reason });
        assert_eq!(app.post("/api/break-glass", &doctor, again).await.expect(200).json()["id"], opened["id"]);
    }
    let both = format!("{WHY}\nAnd now no pulse");
    assert_eq!(app.get("/api/grants", &patient).await.expect(200).json()["grants"][0]["note"], both);

    let whole = format!("/api/break-glass/{}/whole", opened["id"]);
    assert_eq!(app.post(&whole, &doctor, Value::Null).await.expect(200).json()["whole"], true);
    app.get(&reading, &doctor).await.expect(200);

    let seen = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    let seen = acts(&seen);
    for act in [("break-glass", "break-glass"), ("read", "break-glass")] {
        assert!(seen.contains(&(act.0.to_owned(), act.1.to_owned())), "{act:?} in {seen:?}");
    }
    assert_eq!(seen.iter().filter(|(action, _)| action == "break-glass").count(), 3);
    for (who, expected) in [(&patient, 2), (&admin, 1)] {
        let inbox = app.get("/api/inbox", who).await.expect(200).json();
        let told = inbox["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "emergency").count();
        assert_eq!(told, expected, "{inbox}");
    }
    let grants = app.get("/api/grants", &patient).await.expect(200).json();
    assert_eq!(grants["grants"][0]["purpose"], "emergency");
    assert_eq!(grants["grants"][0]["note"], both);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_ends_after_two_hours_or_when_either_side_ends_it() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let condition = format!("/fhir/Condition/{}", app.create(&sample::condition(&patient.id, "Hypertension")).await);

    let opened = declare(&app, &doctor, &patient.id).await;
    app.get(&condition, &doctor).await.expect(200);
    app.post(&format!("/api/break-glass/{}/end", opened["id"]), &doctor, Value::Null).await.expect(204);
    app.get(&condition, &doctor).await.expect(404);
    let whole = format!("/api/break-glass/{}/whole", opened["id"]);
    app.post(&whole, &doctor, Value::Null).await.expect(409);

    let opened = declare(&app, &doctor, &patient.id).await;
    let extend = json!({ "until": "2026-03-02T10:00:00Z" });
    app.post(&format!("/api/grants/{}/extend", opened["id"]), &patient, extend).await.expect(409);
    app.post(&format!("/api/grants/{}/revoke", opened["id"]), &patient, Value::Null).await.expect(200);
    app.get(&condition, &doctor).await.expect(404);

    declare(&app, &doctor, &patient.id).await;
    // Nobody stays signed in for two hours without doing anything.
    for _ in 0..12 {
        app.get(&condition, &doctor).await.expect(200);
        clock.advance_ms(10 * 60_000 - 1);
    }
    app.get(&condition, &doctor).await.expect(200);
    clock.advance_ms(12);
    app.get(&condition, &doctor).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_practitioner_who_says_why_opens_a_record_and_only_their_own_emergency_goes_on() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let (other, admin) = (app.practitioner("Dr Ole Other", &[]).await, app.administrator("Ada Min").await);
    let form = json!({ "patient": patient.id, "reason": WHY });
    app.post("/api/break-glass", None, form.clone()).await.expect(401);
    app.post("/api/break-glass", &patient, form.clone()).await.expect(403);
    app.post("/api/break-glass", &admin, form).await.expect(403);
    for wrong in [json!({ "patient": patient.id, "reason": "help" }), json!({ "patient": "nobody", "reason": WHY })] {
        app.post("/api/break-glass", &doctor, wrong).await.expect(422);
    }
    let opened = declare(&app, &doctor, &patient.id).await;
    for act in ["whole", "end"] {
        let path = format!("/api/break-glass/{}/{act}", opened["id"]);
        app.post(&path, &other, Value::Null).await.expect(404);
        app.post(&path, &patient, Value::Null).await.expect(403);
    }
    app.get(&format!("/fhir/Patient/{}", patient.id), &other).await.expect(404);
    // A patient does not give what only a practitioner declares.
    let form = json!({
        "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "until": null,
        "purpose": "emergency"
    });
    app.post("/api/grants", &patient, form).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_emergency_is_reviewed_once_and_both_sides_hear_what_was_found() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let admin = app.administrator("Ada Min").await;
    let opened = declare(&app, &doctor, &patient.id).await;
    app.get("/api/admin/emergencies", &doctor).await.expect(403);
    let queue = app.get("/api/admin/emergencies", &admin).await.expect(200).json();
    assert_eq!(queue["emergencies"][0]["reason"], WHY);
    let person = format!("/fhir/Patient/{}", patient.id);
    app.get(&person, &doctor).await.expect(200);
    assert_eq!(queue["emergencies"][0]["finding"], "open");

    let path = format!("/api/admin/emergencies/{}/review", opened["id"]);
    app.post(&path, &doctor, json!({ "finding": "justified" })).await.expect(403);
    app.post(&path, &admin, json!({ "finding": "unjustified" })).await.expect(422);
    app.post(&path, &admin, json!({ "finding": "open" })).await.expect(422);
    let found = json!({ "finding": "unjustified", "note": "The patient could be asked" });
    let reviewed = app.post(&path, &admin, found.clone()).await.expect(200).json();
    assert_eq!(reviewed["review"]["by"], "Ada Min");
    // What is not justified goes on no longer, though its two hours are not over.
    app.get(&person, &doctor).await.expect(404);
    assert!(reviewed["ended"].is_string(), "{reviewed}");
    app.post(&path, &admin, found).await.expect(409);
    for who in [&patient, &doctor] {
        let inbox = app.get("/api/inbox", who).await.expect(200).json();
        assert!(inbox.to_string().contains("not justified"), "{inbox}");
    }
    let seen = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    assert!(acts(&seen).contains(&("review".to_owned(), "administration".to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_beside_a_small_grant_is_shown_as_what_it_is() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let purpose = async || {
        let mine = app.get("/api/my-patients", &doctor).await.expect(200).json();
        mine["patients"][0]["grant"]["purpose"].clone()
    };
    let small = app.grant_with(&patient, &doctor, json!({ "categories": ["immunization"] })).await;
    assert_eq!(purpose().await, "treatment");
    let opened = declare(&app, &doctor, &patient.id).await;
    assert_eq!(purpose().await, "emergency");
    app.post(&format!("/api/break-glass/{}/whole", opened["id"]), &doctor, Value::Null).await.expect(200);
    assert_eq!(purpose().await, "emergency");
    // A grant of everything that the emergency opens stands before it.
    let all = json!(["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"]);
    app.grant_with(&patient, &doctor, json!({ "labels": all })).await;
    assert_eq!(purpose().await, "treatment");
    app.revoke(&patient, &small).await;
    assert_eq!(purpose().await, "treatment");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_patient_of_an_emergency_is_found_by_the_whole_name_and_the_date_of_birth_and_sees_that() {
    let app = TestApp::start();
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let desk = app.service("Desk", "Riverside Clinic").await;
    let person = |id: &str, given: &str, family: &str| {
        json!({
            "resourceType": "Patient", "id": id, "name": [{ "given": [given], "family": family }],
            "birthDate": "1984-02-29", "gender": "female"
        })
    };
    for one in [person("rao-1", "Asha", "Rao"), person("rao-2", "Bina", "Rao"), person("raoul", "Cleo", "Raoul")] {
        app.put(&format!("/fhir/Patient/{}", one["id"].as_str().unwrap()), &desk, one).await.expect(201);
    }
    let ids = |reply: Value| -> Vec<String> {
        let all = reply["patients"].as_array().unwrap().clone();
        all.iter().map(|p| p["id"].as_str().unwrap().to_owned()).collect()
    };
    let search = |form: Value| app.post("/api/break-glass/search", &doctor, form);
    let found = search(json!({ "family": "rao", "birthDate": "1984-02-29" })).await.expect(200).json();
    assert_eq!(ids(found), ["rao-1", "rao-2"]);
    let found = search(json!({ "family": "RAO", "given": "bi", "birthDate": "1984-02-29" })).await.expect(200).json();
    assert_eq!(ids(found), ["rao-2"]);
    let none = search(json!({ "family": "Rao", "birthDate": "1984-03-01" })).await.expect(200).json();
    assert_eq!(ids(none), [""; 0]);
    for wrong in [json!({ "family": "", "birthDate": "1984-02-29" }), json!({ "family": "Rao", "birthDate": "1984" })] {
        search(wrong).await.expect(422);
    }
    let owner = app.patient_of("rao-2", "Bina Rao").await;
    let seen = app.get("/api/ledger/entries?reads=others", &owner).await.expect(200).json();
    assert!(acts(&seen).contains(&("search".to_owned(), "break-glass".to_owned())), "{seen}");
    app.post("/api/break-glass/search", &owner, json!({ "family": "Rao", "birthDate": "1984-02-29" }))
        .await
        .expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_emergency_writes_to_the_contacts_on_the_card_and_reviewers_are_reminded_after_two_days() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.administrator("Ada Min").await;
    let contact = |name: &str, email: &str| json!({ "name": name, "phone": "+49 30 1", "email": email });
    let card = |contacts: Value| json!({ "hidden": [], "sensitive": false, "contacts": contacts });
    let wrong = app.put("/api/emergency-card", &patient, card(json!([contact("Ravi", "ravi at home")]))).await;
    assert_eq!(wrong.expect(422).json()["issues"][0]["path"], "contacts[0].email");
    let two = json!([contact("Ravi Rao", "ravi@mail.example"), contact("Ann Roe", "")]);
    let kept = app.put("/api/emergency-card", &patient, card(two)).await.expect(200).json();
    assert_eq!(kept["contacts"][0]["email"], "ravi@mail.example");

    declare(&app, &doctor, &patient.id).await;
    app.run_jobs().await;
    let letters = || app.outbox.mails().into_iter().rev().map(|sent| sent.mail).collect::<Vec<_>>();
    let sent = letters();
    let to: Vec<&str> = sent.iter().map(|mail| mail.subject.as_str()).collect();
    let expected = [
        "HealthSync: your record was opened in an emergency",
        "HealthSync: an emergency access waits for review",
        "HealthSync: somebody who named you may need you",
    ];
    assert_eq!(to, expected, "{sent:?}");
    assert_eq!(sent[2].to, "ravi@mail.example");
    // E-mail is read on the way: neither whose record it is nor why it was opened.
    assert!(sent[2].text.contains("Hello Ravi Rao") && !sent[2].text.contains("Asha"), "{}", sent[2].text);
    assert!(!sent[1].text.contains("Asha") && sent.iter().all(|mail| !mail.text.contains("Unconscious")), "{sent:?}");

    clock.advance_ms(48 * 3_600_000 - 1);
    app.run_jobs().await;
    let before = letters().len();
    clock.advance_ms(1);
    app.run_jobs().await;
    let reminded = letters().split_off(before);
    let [reminder] = reminded.as_slice() else { panic!("{reminded:?}") };
    assert_eq!(reminder.subject, "HealthSync: An emergency access waits for review");
}
