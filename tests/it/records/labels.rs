//! Labels set by hand: they hide an entry at once, survive what its author does to it, and a doctor never removes the
//! patient's.

use serde_json::{Value, json};
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn a_label_that_the_patient_sets_hides_the_entry_at_once_and_only_the_patient_takes_it_off() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let id = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let (entry, labels) = (format!("/fhir/Condition/{id}"), format!("/api/entries/Condition/{id}/labels"));
    let many = format!("/fhir/Condition?patient={}", patient.id);
    app.grant(&patient, &doctor).await;
    app.get(&entry, &doctor).await.expect(200);

    let set = app.post(&labels, &patient, json!({ "labels": ["mental-health"] })).await.expect(200).json();
    assert_eq!(set["labels"], json!([{ "label": "mental-health", "by": "patient" }]));
    app.get(&entry, &doctor).await.expect(404);
    app.get(&labels, &doctor).await.expect(404);
    assert_eq!(app.get(&many, &doctor).await.expect(200).json()["total"], 0);
    let own = app.get(&entry, &patient).await.expect(200).json();
    assert_eq!((&own["meta"]["versionId"], &own["meta"]["security"][0]["code"]), (&json!("2"), &json!("PSY")));

    // Whoever writes the entry anew leaves the label on it.
    let mut without = own.clone();
    without["meta"].as_object_mut().unwrap().remove("security");
    without["code"]["text"] = json!("High blood pressure");
    let (operator, body) = (app.operator(), without.to_string().into_bytes());
    records::change::update(&app.house, &operator, fhir::Kind::Condition, &id, None, body).await.unwrap();
    let kept = app.get(&entry, &patient).await.expect(200).json();
    assert_eq!((&kept["code"]["text"], &kept["meta"]["versionId"]), (&json!("High blood pressure"), &json!("3")));
    app.get(&entry, &doctor).await.expect(404);

    // A doctor who may see it cannot take the label off, in a visit or not.
    let wide = app.grant_with(&patient, &doctor, json!({ "labels": ["mental-health"] })).await;
    app.get(&entry, &doctor).await.expect(200);
    app.post(&labels, &doctor, json!({ "labels": [] })).await.expect(403);
    let asked = app.post("/api/edit-sessions", &doctor, json!({ "patient": patient.id })).await.expect(201).json();
    let visit = format!("/api/edit-sessions/{}", asked["id"]);
    let code = app.post(&format!("{visit}/code"), &patient, Value::Null).await.expect(200).json();
    app.post(&format!("{visit}/open"), &doctor, json!({ "code": code["code"] })).await.expect(200);
    app.post(&labels, &doctor, json!({ "labels": [] })).await.expect(422);
    app.grant_with(&patient, &doctor, json!({ "labels": ["mental-health", "hiv"] })).await;
    let both = json!({ "labels": ["mental-health", "hiv"] });
    let set = app.post(&labels, &doctor, both).await.expect(200).json();
    assert_eq!(set["labels"][1], json!({ "label": "hiv", "by": "practitioner" }));

    app.revoke(&patient, &wide).await;
    app.post(&labels, &patient, json!({ "labels": [] })).await.expect(200);
    app.get(&entry, &doctor).await.expect(200);
    assert_eq!(app.get(&entry, &patient).await.expect(200).json()["meta"].get("security"), None);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let updates = log["entries"].as_array().unwrap().iter().filter(|e| e["action"] == "update").count();
    assert_eq!(updates, 4, "three times by hand, once by the author");
}

#[tokio::test(flavor = "multi_thread")]
async fn labelling_an_entry_makes_nobody_its_author_and_strangers_find_nothing() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Bo Lind").await);
    let id = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let labels = format!("/api/entries/Observation/{id}/labels");
    app.post(&labels, &other, json!({ "labels": ["hiv"] })).await.expect(404);
    app.post(&labels, &patient, json!({ "labels": ["hiv"] })).await.expect(200);
    let own = app.get(&format!("/fhir/Observation/{id}"), &patient).await.expect(200).json();
    app.put(&format!("/fhir/Observation/{id}"), &patient, own).await.expect(403);
    let person = format!("/api/entries/Patient/{}/labels", patient.id);
    app.post(&person, &patient, json!({ "labels": ["hiv"] })).await.expect(403);
}
