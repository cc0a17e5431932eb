//! The days of what a practitioner proposes.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_lies_behind_while_a_plan_may_lie_ahead() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(clock as Arc<dyn Clock>);
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let whose = json!({ "reference": format!("Patient/{}", patient.id) });
    let named = json!({ "text": "Something" });
    let of = |act: &str, resource: &Value| {
        let changes = json!([{ "act": act, "resource": resource }]);
        json!({ "patient": patient.id, "reason": "Why", "changes": changes })
    };
    let measured = |date: &str| {
        json!({
            "resourceType": "Observation", "status": "final", "code": named, "subject": whose, "effectiveDateTime": date
        })
    };
    let done = json!({
        "resourceType": "Procedure", "status": "completed", "code": named, "subject": whose,
        "performedPeriod": { "start": "2030-01-01" }
    });
    let given = json!({
        "resourceType": "Immunization", "status": "completed", "vaccineCode": named, "patient": whose,
        "occurrenceDateTime": "2030-01-01"
    });
    for (resource, element) in [
        (measured("2026-03-03"), "effectiveDateTime"),
        (measured("2026-03-01T11:00:00Z"), "effectiveDateTime"),
        (done, "performedPeriod"),
        (given, "occurrenceDateTime"),
    ] {
        let refused = app.post("/api/edits", &doctor, of("add", &resource)).await.expect(422).json();
        assert_eq!(refused["issues"][0]["path"], format!("changes[0].resource.{element}"), "{refused}");
        assert!(refused.to_string().contains("lies in the future"), "{refused}");
    }
    // In the Line Islands it is the second of March already.
    app.post("/api/edits", &doctor, of("add", &measured("2026-03-02"))).await.expect(201);
    let plan = json!({
        "resourceType": "CarePlan", "status": "active", "intent": "plan", "title": "Walk", "subject": whose,
        "period": { "start": "2030-01-01" }
    });
    app.post("/api/edits", &doctor, of("add", &plan)).await.expect(201);

    // What came from elsewhere with such a date can still be renamed or withdrawn, and its date put right.
    let id = app.create(&measured("2030-01-01")).await;
    let stands = app.get(&format!("/fhir/Observation/{id}"), &doctor).await.expect(200).json();
    let with = |element: &str, value: Value| {
        let mut corrected = stands.clone();
        corrected[element] = value;
        of("correct", &corrected)
    };
    app.post("/api/edits", &doctor, with("code", json!({ "text": "Another" }))).await.expect(201);
    app.post("/api/edits", &doctor, with("effectiveDateTime", json!("2020-01-01"))).await.expect(201);
    app.post("/api/edits", &doctor, with("effectiveDateTime", json!("2031-01-01"))).await.expect(422);
}
