//! What patients keep of themselves: allergies, conditions, medicines and insurance, marked as theirs; and what they cannot claim.

use crate::consent::family::{chosen, parent, reads};
use serde_json::{Value, json};
use testkit::{TestApp, sample};

fn allergy(patient: &str, text: &str) -> Value {
    json!({
        "resourceType": "AllergyIntolerance", "patient": { "reference": format!("Patient/{patient}") },
        "code": { "text": text }, "asserter": { "reference": format!("Patient/{patient}") },
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active" }] }
    })
}

fn insurance(patient: &str) -> Value {
    json!({
        "resourceType": "Coverage", "status": "active", "beneficiary": { "reference": format!("Patient/{patient}") },
        "payor": [{ "display": "City Health" }], "subscriberId": "A-1"
    })
}

fn medicine(patient: &str) -> Value {
    json!({
        "resourceType": "MedicationStatement", "status": "active",
        "subject": { "reference": format!("Patient/{patient}") },
        "medicationCodeableConcept": { "text": "Metformin" }, "dosage": [{ "text": "One in the morning" }]
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn own_entries_are_marked_changed_removed_and_brought_back_and_a_doctor_sees_whose_they_are() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let id = &patient.id;
    app.grant_with(&patient, &doctor, json!({ "categories": ["allergy", "medicine"] })).await;
    for (entry, seen) in [
        (allergy(id, "Latex"), 200),
        (medicine(id), 200),
        (sample::condition(id, "Hay fever"), 404),
        (insurance(id), 404),
    ] {
        let kind = entry["resourceType"].as_str().unwrap().to_owned();
        let made = app.post(&format!("/fhir/{kind}"), &patient, entry).await.expect(201).json();
        assert_eq!(made["meta"]["tag"][0]["code"], "patient-entered", "{kind}");
        let path = format!("/fhir/{kind}/{}", made["id"].as_str().unwrap());
        app.get(&path, &doctor).await.expect(seen);
        // Changed and removed by the patient alone; removed, it comes back as it was.
        app.put(&path, &doctor, made.clone()).await.expect(403);
        app.delete(&path, &patient).await.expect(204);
        app.get(&path, &doctor).await.expect(if seen == 200 { 410 } else { 404 });
        app.put(&path, &patient, made).await.expect(200);
        app.get(&path, &doctor).await.expect(seen);
    }
    let timeline = app.get(&format!("/api/patients/{id}/timeline"), &doctor).await.expect(200).json();
    let groups = timeline["groups"].as_array().unwrap().iter();
    let entries: Vec<&Value> = groups.flat_map(|group| group["entries"].as_array().unwrap()).collect();
    assert_eq!(entries.len(), 2, "{timeline}");
    assert!(entries.iter().all(|entry| entry["own"] == true), "the reader sees whose they are: {timeline}");
    let card = app.get("/api/emergency-card", &patient).await.expect(200).json();
    assert_eq!(card["allergies"][0]["text"], "Latex");
    assert_eq!(card["medicines"][0]["detail"], "One in the morning");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_speaks_for_a_clinician_in_an_own_entry_or_changes_what_a_clinic_wrote() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Bo Lind").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let mut claimed = allergy(&patient.id, "Latex");
    claimed["recorder"] = json!({ "reference": format!("Practitioner/{}", doctor.id) });
    claimed["verificationStatus"] = json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "code": "confirmed" }] });
    let refused = app.post("/fhir/AllergyIntolerance", &patient, claimed.clone()).await.expect(422);
    let paths: Vec<String> = refused.outcome().into_iter().map(|(_, text)| text).collect();
    assert_eq!(paths.len(), 2, "{paths:?}");
    let bundle = sample::transaction(&[claimed.clone()]);
    app.post("/fhir", &patient, bundle).await.expect(422);
    // Nor by a change of what is theirs.
    let made = app.post("/fhir/AllergyIntolerance", &patient, allergy(&patient.id, "Latex")).await.expect(201).json();
    let path = format!("/fhir/AllergyIntolerance/{}", made["id"].as_str().unwrap());
    claimed["id"] = made["id"].clone();
    app.put(&path, &patient, claimed).await.expect(422);
    app.post("/fhir/AllergyIntolerance", &patient, allergy(&other.id, "Latex")).await.expect(422);
    // What a clinic wrote stays the clinic's.
    let theirs = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let path = format!("/fhir/Condition/{theirs}");
    let read = app.get(&path, &patient).await.expect(200).json();
    app.put(&path, &patient, read).await.expect(403);
    app.delete(&path, &patient).await.expect(403);
    app.post(
        "/fhir/Procedure",
        &patient,
        json!({ "resourceType": "Procedure", "status": "completed",
        "subject": { "reference": format!("Patient/{}", patient.id) } }),
    )
    .await
    .expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_hid_in_a_name_before_does_not_keep_patients_from_changing_what_is_theirs() {
    let app = TestApp::start();
    let mut entry = json!({ "resourceType": "Patient", "name": [{ "text": "Asha Rao" }] });
    entry["maritalStatus"] = json!({ "text": "Mar\u{ad}ried" });
    let id = app.create(&entry).await;
    let patient = app.patient_of(&id, "Asha Rao").await;
    let path = format!("/fhir/Patient/{id}");
    let mut entry = app.get(&path, &patient).await.expect(200).json();
    entry["address"] = json!([{ "city": "Pune" }]);
    entry = app.put(&path, &patient, entry).await.expect(200).json();
    entry["maritalStatus"]["text"] = "Mar\u{ad}\u{ad}ried".into();
    let refused = app.put(&path, &patient, entry).await.expect(422);
    assert!(refused.text().contains("Patient.maritalStatus.text"), "{}", refused.text());
}

/// The parts of a small JPEG file.
fn picture() -> Vec<u8> {
    let mut out = vec![0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 1, 0xFF, 0xC0, 0, 8, 8, 0, 9, 0, 9, 1];
    out.extend_from_slice(&[0xFF, 0xDA, 0, 4, 0, 0, 1, 2, 3, 0xFF, 0xD9]);
    out
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_kept_beside_the_patient_and_seen_by_whoever_sees_them() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Bo Lind").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let path = format!("/api/patients/{}/photo", patient.id);
    app.get(&path, &patient).await.expect(404);
    let data = base64(&picture());
    for who in [&other, &doctor] {
        app.put(&path, who, json!({ "data": data })).await.expect(404);
        app.get(&path, who).await.expect(404);
    }
    let wrong = app.put(&path, &patient, json!({ "data": base64(b"GIF89a") })).await.expect(422).json();
    assert_eq!(wrong["issues"][0]["path"], "data");
    app.put(&path, &patient, json!({ "data": "no base64" })).await.expect(422);

    let kept = app.put(&path, &patient, json!({ "data": data })).await.expect(200).json();
    let url = kept["url"].as_str().unwrap();
    let own = app.get(&format!("/fhir/Patient/{}", patient.id), &patient).await.expect(200);
    assert!(!own.text().contains(&data), "no reader of the Patient carries the picture along");
    let person = own.json();
    assert_eq!((&person["photo"][0]["url"], &person["photo"][0]["size"]), (&json!(url), &json!(picture().len())));
    let read = app.get(url, &patient).await.expect(200);
    assert_eq!((read.header("content-type"), read.body.as_ref()), (Some("image/jpeg"), picture().as_slice()));

    // Whoever sees any part of the record sees who it is; nobody after that.
    let grant = app.grant_with(&patient, &doctor, json!({ "categories": ["vital"] })).await;
    let summary = format!("/api/patients/{}/summary", patient.id);
    assert_eq!(app.get(&summary, &doctor).await.expect(200).json()["patient"]["photo"], url);
    app.get(url, &doctor).await.expect(200);
    app.put(&path, &doctor, json!({ "data": data })).await.expect(403);
    app.post(&format!("{path}/remove"), &doctor, Value::Null).await.expect(403);
    app.revoke(&patient, &grant).await;
    app.get(url, &doctor).await.expect(404);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).text();
    assert!(log.contains("\"Photo\""), "each look is told: {log}");

    app.post(&format!("{path}/remove"), &patient, Value::Null).await.expect(204);
    app.get(url, &patient).await.expect(404);
    let person = app.get(&format!("/fhir/Patient/{}", patient.id), &patient).await.expect(200).json();
    assert_eq!(person.get("photo"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_after_a_record_keeps_it_as_far_as_they_were_let() {
    let app = TestApp::start();
    let (mother, child, _) = parent(&app, "Asha Rao").await;
    let record = child.as_str();
    let photo = format!("/api/patients/{record}/photo");
    let put = Some(json!({ "data": base64(&picture()) }));
    app.send_in(record, "PUT", &photo, &mother, put.clone()).await.expect(200);
    let made = app.send_in(record, "POST", "/fhir/AllergyIntolerance", &mother, Some(allergy(record, "Latex"))).await;
    assert_eq!(made.expect(201).json()["meta"]["tag"][0]["code"], "patient-entered");
    for view in ["timeline/outline", "timeline/choices", "compare?before=2020-01-01&after=2026-01-01", "photo"] {
        let path = format!("/api/patients/{record}/{view}");
        assert_eq!(reads(&app, &mother, record, &path).await, 200, "{view}");
        app.get(&path, &mother).await.expect(404);
    }

    // Somebody who sees allergies only, and somebody who only looks.
    let (patient, helper, looker) = (app.patient("Bo Lind").await, app.patient("Cy").await, app.patient("Di").await);
    app.create(&sample::condition(&patient.id, "Hypertension")).await;
    app.post("/fhir/AllergyIntolerance", &patient, allergy(&patient.id, "Nuts")).await.expect(201);
    chosen(&app, &patient, &helper, json!({ "categories": ["allergy"] })).await;
    chosen(&app, &patient, &looker, json!({ "acts": false })).await;
    let record = patient.id.as_str();
    let outline = format!("/api/patients/{record}/timeline/outline");
    let seen = app.send_in(record, "GET", &outline, &helper, None).await.expect(200).json();
    assert_eq!((&seen["all"], &seen["categories"]), (&json!(1), &json!({ "allergy": 1 })));
    let found =
        app.send_in(record, "GET", &format!("{outline}?q=hypertension"), &helper, None).await.expect(200).json();
    assert_eq!(found["total"], 0);
    let own = Some(allergy(record, "Latex"));
    app.send_in(record, "POST", "/fhir/AllergyIntolerance", &helper, own.clone()).await.expect(201);
    app.send_in(record, "POST", "/fhir/Coverage", &helper, Some(insurance(record))).await.expect(403);
    app.send_in(record, "POST", "/fhir/AllergyIntolerance", &looker, own).await.expect(403);
    app.send_in(record, "PUT", &format!("/api/patients/{record}/photo"), &looker, put).await.expect(403);
}
