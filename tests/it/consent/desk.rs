//! Two people at one desk: a code shown, used once, and access given with one tap; in both directions.

use super::family::parent;
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

async fn show(app: &TestApp, who: &Person) -> Value {
    app.post("/api/desk", who, Value::Null).await.expect(201).json()
}

async fn meeting(app: &TestApp, who: &Person, id: &Value) -> Value {
    app.get(&format!("/api/desk/{id}"), who).await.expect(200).json()
}

fn visit() -> Value {
    json!({ "categories": null, "hours": 4 })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_shows_a_code_and_gives_with_one_tap() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let doctor = app.practitioner("Dr Kim Lee", &["Riverside Clinic"]).await;
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let reading = format!("/fhir/Observation/{reading}");
    let shown = show(&app, &patient).await;
    assert_eq!(meeting(&app, &patient, &shown["id"]).await["state"], "shown");

    let met = app.post("/api/desk/meet", &doctor, json!({ "code": shown["code"] })).await.expect(200).json();
    assert_eq!(met["state"], "met");
    assert_eq!(met["patient"], Value::Null, "whose record it is, is not said before it was given");
    app.get(&reading, &doctor).await.expect(404);
    let asked = meeting(&app, &patient, &shown["id"]).await;
    assert_eq!(asked["practitioner"]["name"], "Dr Kim Lee");
    assert_eq!(asked["organization"], "Riverside Clinic");

    let give = format!("/api/desk/{}/give", shown["id"]);
    app.post(&give, &doctor, visit()).await.expect(404);
    app.post(&give, &patient, visit()).await.expect(200);
    let given = meeting(&app, &doctor, &met["id"]).await;
    assert_eq!((&given["state"], &given["patient"]["id"]), (&json!("given"), &json!(patient.id)));
    app.get(&reading, &doctor).await.expect(200);

    let grants = app.get("/api/grants", &patient).await.expect(200).json();
    let grant = &grants["grants"][0];
    assert_eq!(grant["labels"], json!([]));
    app.post(&give, &patient, visit()).await.expect(409);
    app.post(&format!("/api/desk/{}/end", shown["id"]), &patient, Value::Null).await.expect(409);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let acts: Vec<_> = log["entries"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    for act in ["request", "grant", "read"] {
        assert!(acts.contains(&act), "{act} in {acts:?}");
    }
    app.revoke(&patient, grant).await;
    for who in [&doctor, &patient] {
        let ended = meeting(&app, who, &met["id"]).await;
        assert_eq!((&ended["state"], &ended["patient"]), (&json!("ended"), &Value::Null), "nobody is said to read now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_met_in_one_record_of_the_family_is_not_there_in_another() {
    let app = TestApp::start();
    let (parent, child, _) = parent(&app, "Asha Rao").await;
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let shown = app.send_in(&child, "POST", "/api/desk", &parent, None).await.expect(201).json();
    app.post("/api/desk/meet", &doctor, json!({ "code": shown["code"] })).await.expect(200);
    let path = format!("/api/desk/{}", shown["id"]);
    app.get(&path, &parent).await.expect(404);
    app.post(&format!("{path}/end"), &parent, Value::Null).await.expect(404);
    let met = app.send_in(&child, "GET", &path, &parent, None).await.expect(200).json();
    assert_eq!(met["state"], "met");
    app.send_in(&child, "POST", &format!("{path}/give"), &parent, Some(visit())).await.expect(200);
    assert_eq!(app.send_in(&child, "GET", &path, &parent, None).await.expect(200).json()["state"], "given");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_shows_a_code_and_the_patient_who_uses_it_gives() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let shown = show(&app, &doctor).await;
    let met = app.post("/api/desk/meet", &patient, json!({ "code": shown["code"] })).await.expect(200).json();
    assert_eq!(met["practitioner"]["id"], doctor.id.as_str());
    let form = json!({ "categories": ["vital"], "hours": 24 });
    app.post(&format!("/api/desk/{}/give", met["id"]), &patient, form).await.expect(200);
    app.get(&format!("/fhir/Condition/{condition}"), &doctor).await.expect(404);
    app.get(&format!("/fhir/Patient/{}", patient.id), &doctor).await.expect(200);
    assert_eq!(meeting(&app, &doctor, &shown["id"]).await["patient"]["id"], patient.id.as_str());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_who_chooses_in_detail_ends_the_meeting_by_giving() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let other = app.practitioner("Dr Ann Roe", &[]).await;
    let shown = show(&app, &patient).await;
    let met = app.post("/api/desk/meet", &doctor, json!({ "code": shown["code"] })).await.expect(200).json();
    app.grant(&patient, &other).await;
    assert_eq!(meeting(&app, &doctor, &met["id"]).await["state"], "met", "somebody else got access");
    app.grant_with(&patient, &doctor, json!({ "categories": ["result"] })).await;
    let given = meeting(&app, &doctor, &met["id"]).await;
    assert_eq!((&given["state"], &given["patient"]["id"]), (&json!("given"), &json!(patient.id)));
    app.post(&format!("/api/desk/{}/give", shown["id"]), &patient, visit()).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_spent_old_and_misdirected_codes_are_refused_in_the_same_words_and_guessing_is_slow() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_780_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Bo Lind").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let tell = |who: Person, code: Value| {
        let app = &app;
        async move { app.post("/api/desk/meet", &who, json!({ "code": code })).await }
    };
    let spent = show(&app, &patient).await;
    tell(doctor.clone(), spent["code"].clone()).await.expect(200);
    let replaced = show(&app, &patient).await;
    let misdirected = show(&app, &patient).await;
    let mut words = Vec::new();
    for code in [&spent["code"], &replaced["code"], &json!("00000000"), &json!("not digits")] {
        words.push(tell(doctor.clone(), code.clone()).await.expect(422).json()["issues"].clone());
    }
    words.push(tell(other.clone(), misdirected["code"].clone()).await.expect(422).json()["issues"].clone());
    clock.advance_ms(5 * 60_000);
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    words.push(tell(doctor.clone(), misdirected["code"].clone()).await.expect(422).json()["issues"].clone());
    assert!(words.iter().all(|each| *each == words[0]), "{words:?}");

    for _ in 0..5 {
        tell(doctor.clone(), json!("00000000")).await.expect(422);
    }
    let good = show(&app, &patient).await;
    assert!(tell(doctor.clone(), good["code"].clone()).await.expect(429).header("retry-after").is_some());
    clock.advance_ms(15 * 60_000);
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    let other = app.again(&other).await;
    let good = show(&app, &patient).await;
    let met = tell(doctor.clone(), good["code"].clone()).await.expect(200).json();
    let id = &met["id"];
    app.get(&format!("/api/desk/{id}"), &other).await.expect(404);
    app.post(&format!("/api/desk/{id}/give"), &other, visit()).await.expect(404);
    app.post(&format!("/api/desk/{id}/give"), &patient, json!({ "categories": null, "hours": 0 })).await.expect(422);
    // The patient says no: nothing is given, and nothing can be any more.
    app.post(&format!("/api/desk/{id}/end"), &patient, Value::Null).await.expect(204);
    app.post(&format!("/api/desk/{id}/give"), &patient, visit()).await.expect(409);
    assert_eq!(meeting(&app, &doctor, id).await["state"], "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_shows_a_code_only_with_a_fresh_proof_and_an_administrator_never() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_780_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, admin) = (app.patient("Asha Rao").await, app.administrator("Ada Min").await);
    app.post("/api/desk", &admin, Value::Null).await.expect(403);
    clock.advance_ms(6 * 60_000);
    assert_eq!(app.post("/api/desk", &patient, Value::Null).await.expect(401).json()["kind"], "step-up");
}
