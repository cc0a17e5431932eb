//! Whether a code that was shown is good still, as the patient's page hears it.

use super::family::at;
use serde_json::{Value, json};
use testkit::{Person, TestApp, sample};

async fn draft(app: &TestApp, patient: &Person, doctor: &Person) -> Value {
    let mut condition = sample::condition(&patient.id, "Asthma");
    condition.as_object_mut().unwrap().remove("id");
    let changes = json!([{ "act": "add", "resource": condition }]);
    let form = json!({ "patient": patient.id, "reason": "Found at today's visit", "changes": changes });
    app.post("/api/edits", doctor, form).await.expect(201).json()
}

/// Until when the code of the newest in a list is good.
async fn good(app: &TestApp, who: &Person, list: &str, room: &str) -> Value {
    app.get(list, who).await.expect(200).json()[room][0]["codeUntil"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_was_replaced_tried_too_often_or_ran_out_is_known_to_be_good_no_more() {
    let clock = at("2026-03-01T10:00:00Z");
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let made = draft(&app, &patient, &doctor).await;
    let path = format!("/api/edits/{}", made["id"]);
    let edits = async || good(&app, &patient, "/api/edits", "edits").await;
    let code = async || app.post(&format!("{path}/code"), &patient, json!({ "version": 1 })).await.expect(200).json();
    assert_eq!(edits().await, Value::Null);
    let first = code().await;
    assert_eq!(edits().await, first["until"]);
    clock.advance_ms(1000);
    let second = code().await;
    assert_ne!(first["until"], second["until"]);
    assert_eq!(edits().await, second["until"], "another code took its place");
    let digits = second["code"].as_str().unwrap();
    let wrong = format!("{:08}", (digits.parse::<u32>().unwrap() + 1) % 100_000_000);
    for left in (0..5).rev() {
        assert_ne!(edits().await, Value::Null, "{left} tries and one more");
        app.post(&format!("{path}/land"), &doctor, json!({ "code": wrong })).await.expect(422);
    }
    assert_eq!(edits().await, Value::Null);
    code().await;
    clock.advance_ms(10 * 60_000);
    assert_eq!(edits().await, Value::Null, "ten minutes later");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_visit_is_known_to_be_spent_as_well() {
    let app = TestApp::with_clock(at("2026-03-01T10:00:00Z"));
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let asked = app.post("/api/edit-sessions", &doctor, json!({ "patient": patient.id })).await.expect(201).json();
    let path = format!("/api/edit-sessions/{}", asked["id"]);
    let code = app.post(&format!("{path}/code"), &patient, Value::Null).await.expect(200).json();
    let sessions = async || good(&app, &patient, "/api/edit-sessions", "sessions").await;
    assert_eq!(sessions().await, code["until"]);
    app.post(&format!("{path}/open"), &doctor, json!({ "code": code["code"] })).await.expect(200);
    assert_eq!(sessions().await, Value::Null);
}
