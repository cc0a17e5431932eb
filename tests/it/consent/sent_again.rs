//! A draft whose answer was lost on the way is sent again, and is the draft that was made.

use http::{Method, Request};
use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp, sample};

fn adding(patient: &str, text: &str) -> Value {
    let mut condition = sample::condition(patient, text);
    condition.as_object_mut().unwrap().remove("id");
    json!({
        "patient": patient, "reason": "Found at today's visit", "changes": [{ "act": "add", "resource": condition }]
    })
}

async fn send(app: &TestApp, who: &Person, key: &str, form: &Value) -> Reply {
    let request = Request::builder()
        .method(Method::POST)
        .uri("/api/edits")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {}", who.token))
        .header("content-type", "application/json")
        .header("idempotency-key", key)
        .body(axum::body::Body::from(form.to_string()))
        .unwrap();
    app.request(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_that_is_sent_again_with_its_key_is_the_draft_that_was_made() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let other = app.practitioner("Dr Sam Roe", &[]).await;
    let grant = app.grant(&patient, &doctor).await;
    app.grant(&patient, &other).await;
    let form = adding(&patient.id, "Asthma");
    let first = send(&app, &doctor, "visit-1", &form).await.expect(201).json();
    let again = send(&app, &doctor, " visit-1 ", &form).await.expect(200).json();
    assert_eq!(again, first);
    // Also when many come at once.
    let (a, b) = tokio::join!(send(&app, &doctor, "visit-2", &form), send(&app, &doctor, "visit-2", &form));
    let mut statuses = [a.status, b.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 201]);
    assert_eq!(a.json()["id"], b.json()["id"]);
    let drafts = async || app.get("/api/edits", &doctor).await.expect(200).json()["edits"].as_array().unwrap().len();
    assert_eq!(drafts().await, 2);

    // Something else under the same key is a mistake; somebody else's key is another.
    let refused = send(&app, &doctor, "visit-1", &adding(&patient.id, "Gout")).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "Idempotency-Key");
    send(&app, &other, "visit-1", &form).await.expect(201);
    for wrong in ["", " ", &"k".repeat(201)] {
        send(&app, &doctor, wrong, &form).await.expect(400);
    }
    send(&app, &patient, "visit-1", &form).await.expect(403);
    // What came of it is said, and what may not be seen any more is not.
    app.post(&format!("/api/edits/{}/decline", first["id"]), &patient, Value::Null).await.expect(204);
    assert_eq!(send(&app, &doctor, "visit-1", &form).await.expect(200).json()["state"], "declined");
    app.revoke(&patient, &grant).await;
    send(&app, &doctor, "visit-1", &form).await.expect(404);
    assert_eq!(app.get("/api/edits", &patient).await.expect(200).json()["edits"].as_array().unwrap().len(), 3);
}
