//! The main story: nothing without consent, everything it covers with it, a trace of each reading, nothing afterwards.

use serde_json::{Value, json};
use testkit::{TestApp, sample};

fn entries(reply: &Value) -> Vec<(String, String)> {
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let entries = reply["entries"].as_array().unwrap();
    entries.iter().map(|e| (text(&e["action"]), text(&e["actor"]["name"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_reads_exactly_while_the_patient_lets_them_and_each_reading_is_in_the_ledger() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let (one, many) = (format!("/fhir/Observation/{reading}"), format!("/fhir/Observation?patient={}", patient.id));

    app.get(&one, &doctor).await.expect(404);
    assert_eq!(app.get(&many, &doctor).await.expect(200).json()["total"], 0);

    let grant = app.grant(&patient, &doctor).await;
    assert_eq!(app.get(&one, &doctor).await.expect(200).json()["valueQuantity"]["value"].to_string(), "72.0");
    assert_eq!(app.get(&many, &doctor).await.expect(200).json()["total"], 1);

    let seen = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    let seen = entries(&seen);
    for action in ["read", "search", "refused"] {
        assert!(seen.contains(&(action.to_owned(), "Dr Kim Lee".to_owned())), "{action}: {seen:?}");
    }

    app.revoke(&patient, &grant).await;
    app.get(&one, &doctor).await.expect(404);
    assert_eq!(app.get(&many, &doctor).await.expect(200).json()["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_of_one_kind_of_data_shows_no_other() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    app.grant_with(&patient, &doctor, serde_json::json!({ "categories": ["vital"] })).await;
    app.get(&format!("/fhir/Observation/{reading}"), &doctor).await.expect(200);
    app.get(&format!("/fhir/Condition/{condition}"), &doctor).await.expect(404);
    let found = app.get(&format!("/fhir/Condition?patient={}", patient.id), &doctor).await.expect(200).json();
    assert_eq!(found["total"], 0);
    assert_eq!(found.get("entry"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_sent_twice_at_once_stands_once() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Ada Byron", &[]).await);
    let ask = |to: &str, reason: &str| json!({ "patient": to, "reason": reason, "categories": null, "days": 30 });
    let address = format!("{}@example.org", patient.username);
    let capitals = address.to_uppercase();
    for to in [address.as_str(), &capitals, "nobody@example.org", "nobody@example.org"] {
        app.post("/api/access-requests", &doctor, ask(to, "Your knee")).await.expect(202);
    }
    app.post("/api/access-requests", &doctor, ask(&address, "Your other knee")).await.expect(202);
    let asked = app.get("/api/access-requests", &patient).await.expect(200).json();
    let open: Vec<&str> = asked["requests"].as_array().unwrap().iter().filter_map(|r| r["reason"].as_str()).collect();
    assert_eq!(open, ["Your other knee", "Your knee"], "{asked}");
    // For an address that is nobody's it looks the same to whoever asks.
    let sent = app.get("/api/access-requests", &doctor).await.expect(200).json();
    assert_eq!(sent["requests"].as_array().unwrap().len(), 3, "{sent}");
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_twice_at_once_gives_once_and_giving_something_else_gives_that_too() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Ada Byron", &[]).await);
    let first = app.grant(&patient, &doctor).await;
    assert_eq!(app.grant(&patient, &doctor).await["id"], first["id"]);
    let narrower = app.grant_with(&patient, &doctor, json!({ "categories": ["medicine"] })).await;
    assert_ne!(narrower["id"], first["id"]);
    app.revoke(&patient, &first).await;
    let anew = app.grant(&patient, &doctor).await;
    assert_ne!(anew["id"], first["id"], "what was revoked is not given again by what it was");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_for_research_is_seen_by_who_says_that_they_read_for_research_and_the_log_says_so() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    app.grant_with(&patient, &doctor, json!({ "purpose": "research" })).await;
    let path = format!("/fhir/Observation/{reading}");
    let read = async |purpose: &str| app.send_with(("x-purpose", purpose), "GET", &path, &doctor, None).await.status;
    app.get(&path, &doctor).await.expect(404);
    for (purpose, status) in [("operations", 404), ("treatment", 404), ("research", 200), ("emergency", 400), ("", 400)]
    {
        assert_eq!(read(purpose).await, status, "{purpose}");
    }
    let log = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    let shown: Vec<&Value> =
        log["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "read").collect();
    assert_eq!(shown.len(), 1, "{log}");
    assert_eq!(shown[0]["purpose"], "research");
    // It is read and not written, and nobody but a practitioner says why they read.
    let draft = json!({ "patient": patient.id, "reason": "Study", "changes": [] });
    let refused = app.send_with(("x-purpose", "research"), "POST", "/api/edits", &doctor, Some(draft)).await;
    assert_eq!(refused.status, 400);
    assert_eq!(app.send_with(("x-purpose", "research"), "GET", &path, &patient, None).await.status, 400);
}
