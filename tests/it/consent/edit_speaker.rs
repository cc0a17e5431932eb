//! Who speaks in what a doctor drafts, and what the names in it show.

use serde_json::{Value, json};
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_recorded_by_whoever_drafts_it_and_speaks_for_nobody_else() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let other = app.practitioner("Dr Giovanni Martin", &[]).await;
    app.grant(&patient, &doctor).await;
    let propose = async |members: Value| {
        let mut condition = sample::condition(&patient.id, "Asthma");
        condition.as_object_mut().unwrap().remove("id");
        for (name, value) in members.as_object().unwrap() {
            condition[name] = value.clone();
        }
        let changes = json!([{ "act": "add", "resource": condition }]);
        let form = json!({ "patient": patient.id, "reason": "Found at today's visit", "changes": changes });
        app.post("/api/edits", &doctor, form).await
    };
    let reference = |id: &str| json!({ "reference": format!("Practitioner/{id}") });
    for element in ["recorder", "asserter"] {
        let refused = propose(json!({ element: reference(&other.id) })).await.expect(422);
        assert_eq!(refused.json()["issues"][0]["path"], format!("changes[0].resource.{element}"));
    }
    let own = json!({ "reference": format!("Practitioner/{}", doctor.id), "display": "Dr Kim Lee" });
    for members in [json!({}), json!({ "recorder": reference(&doctor.id) })] {
        let made = propose(members).await.expect(201).json();
        assert_eq!(made["changes"][0]["resource"]["recorder"], own);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_turns_its_words_around_is_refused_in_drafts_and_in_what_patients_enter() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let mut condition = sample::condition(&patient.id, "No \u{202e}amhtsA");
    condition.as_object_mut().unwrap().remove("id");
    let changes = json!([{ "act": "add", "resource": condition }]);
    let form = json!({ "patient": patient.id, "reason": "Found at today's visit", "changes": changes });
    let refused = app.post("/api/edits", &doctor, form).await.expect(422);
    assert_eq!(refused.json()["issues"][0]["path"], "changes[0].resource.code.text");
    let hidden = json!({
        "resourceType": "AllergyIntolerance", "patient": { "reference": format!("Patient/{}", patient.id) },
        "code": { "coding": [{ "display": "Pea\u{200b}nut" }] }
    });
    let refused = app.post("/fhir/AllergyIntolerance", &patient, hidden).await.expect(422);
    assert_eq!(refused.outcome()[0].0, "AllergyIntolerance.code.coding[0].display");
}
