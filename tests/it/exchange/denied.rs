//! "No known allergy" beside a recorded allergy: the allergy counts, and the contradiction is said.

use serde_json::{Value, json};
use testkit::{Person, TestApp};

fn allergy(patient: &str, code: Value, category: Option<&str>, status: &str) -> Value {
    let mut allergy = json!({
        "resourceType": "AllergyIntolerance", "code": code, "patient": { "reference": format!("Patient/{patient}") },
        "clinicalStatus": { "coding": [{
            "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": status }] }
    });
    if let Some(category) = category {
        allergy["category"] = json!([category]);
    }
    allergy
}

fn coded(code: &str, text: &str) -> Value {
    json!({ "coding": [{ "system": "http://snomed.info/sct", "code": code }], "text": text })
}

async fn section(app: &TestApp, whose: &str, who: &Person) -> (Vec<String>, Value) {
    let summary = app.get(&format!("/api/patients/{whose}/summary"), who).await.expect(200).json();
    let sections = summary["sections"].as_array().unwrap();
    let found = sections.iter().find(|section| section["code"] == "48765-2").unwrap();
    let titles = found["entries"].as_array().unwrap().iter().map(|entry| entry["title"].as_str().unwrap().to_owned());
    (titles.collect(), found["warning"].clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recorded_allergy_counts_before_a_clinic_s_no_known_allergy_and_that_is_said() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.grant(&patient, &doctor).await;
    let (id, none) = (patient.id.as_str(), || coded("716186003", "No known allergy"));
    app.create(&allergy(id, none(), None, "active")).await;
    // What is over contradicts nothing, nor does nothing.
    app.create(&allergy(id, json!({ "text": "Egg" }), Some("food"), "resolved")).await;
    let (titles, warning) = section(&app, id, &doctor).await;
    assert_eq!((titles, warning), (vec!["No known allergy".to_owned(), "Egg".to_owned()], Value::Null));

    // The patient's own word, which nobody confirmed.
    let mut own = allergy(id, json!({ "text": "Penicillin" }), None, "active");
    own["verificationStatus"] = json!({ "coding": [{
        "system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "code": "unconfirmed" }] });
    app.post("/fhir/AllergyIntolerance", &patient, own).await.expect(201);
    let (titles, warning) = section(&app, id, &doctor).await;
    assert_eq!(titles, ["Penicillin", "Egg"]);
    assert!(warning.as_str().unwrap().contains("says that no allergy is known"), "{warning}");

    let card = app.get("/api/emergency-card", &patient).await.expect(200).json();
    let lines: Vec<&str> = card["allergies"].as_array().unwrap().iter().map(|l| l["text"].as_str().unwrap()).collect();
    assert_eq!((lines, &card["allergyWarning"]), (vec!["Penicillin"], &warning));
    // Also when the patient shows none of them on the card, it does not say that there is none.
    let hidden = json!({ "hidden": [card["allergies"][0]["reference"]], "sensitive": false });
    let card = app.put("/api/emergency-card", &patient, hidden).await.expect(200).json();
    assert!(!card["allergies"].to_string().contains("No known"), "{card}");

    let document = app.get(&format!("/fhir/Patient/{id}/$summary"), &doctor).await.expect(200).json();
    assert_eq!(super::ips::faults(&document), [""; 0]);
    let sections = document["entry"][0]["resource"]["section"].as_array().unwrap();
    let allergies = sections.iter().find(|s| s["code"]["coding"][0]["code"] == "48765-2").unwrap();
    assert_eq!(allergies["entry"].as_array().unwrap().len(), 1);
    let div = allergies["text"]["div"].as_str().unwrap();
    assert!(div.contains("says that no allergy is known") && div.contains("Penicillin"), "{div}");
    assert!(!document.to_string().contains("716186003"));
    // It stands in the record all the same.
    assert_eq!(
        app.get(&format!("/fhir/AllergyIntolerance?patient={id}"), &doctor).await.expect(200).json()["total"],
        3
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn no_known_allergy_to_medicines_stands_beside_one_to_food() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let id = patient.id.as_str();
    app.create(&allergy(id, coded("409137002", "No known drug allergy"), None, "active")).await;
    app.create(&allergy(id, json!({ "text": "Peanut" }), Some("food"), "active")).await;
    let (mut titles, warning) = section(&app, id, &patient).await;
    titles.sort();
    assert_eq!((titles, warning), (vec!["No known drug allergy".to_owned(), "Peanut".to_owned()], Value::Null));
    app.create(&allergy(id, json!({ "text": "Ibuprofen" }), Some("medication"), "active")).await;
    let (mut titles, warning) = section(&app, id, &patient).await;
    titles.sort();
    assert_eq!(titles, ["Ibuprofen", "Peanut"]);
    assert!(warning.is_string());
}
