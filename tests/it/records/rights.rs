//! `/api/patients/{id}/export` and `/api/patients/{id}/erase`: by the patient whose record it is, and by nobody else.

use base64::{Engine, engine::general_purpose::STANDARD};
use ring::hmac;
use serde_json::{Value, json};
use testkit::{TestApp, sample};

fn bytes(value: &Value) -> Vec<u8> {
    STANDARD.decode(value.as_str().unwrap()).unwrap()
}

/// RFC 9162 section 2.1.3.2, written from its text: the root that a proof leads to.
fn root(receipt: &Value) -> [u8; 32] {
    let (mut index, mut last) = (receipt["seq"].as_u64().unwrap(), receipt["size"].as_u64().unwrap() - 1);
    let mut hash = ledger::leaf_hash(&bytes(&receipt["leaf"]));
    for other in receipt["hashes"].as_array().unwrap() {
        let other: [u8; 32] = bytes(other).try_into().unwrap();
        if index % 2 == 1 || index == last {
            hash = ledger::node_hash(&other, &hash);
            while index % 2 == 0 && index != 0 {
                (index, last) = (index / 2, last / 2);
            }
        } else {
            hash = ledger::node_hash(&hash, &other);
        }
        (index, last) = (index / 2, last / 2);
    }
    assert_eq!(last, 0, "the proof is as long as it must be");
    hash
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_takes_the_record_along_and_nobody_else_does() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Somebody else").await);
    let mut reading = sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 1.0);
    reading["valueQuantity"]["value"] = json!(72);
    let reading = app.create(&reading).await;
    let path = format!("/api/patients/{}/export", patient.id);
    let file = app.get(&path, &patient).await.expect(200);
    assert!(file.header("content-disposition").unwrap().starts_with("attachment; filename=\"health-record-2"));
    let bundle = file.json();
    let ids: Vec<&str> =
        bundle["entry"].as_array().unwrap().iter().map(|entry| entry["resource"]["id"].as_str().unwrap()).collect();
    assert_eq!(ids, [patient.id.as_str(), reading.as_str()]);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    assert_eq!(log["entries"][0]["action"], "export");

    let doctor = app.practitioner("Dr Ada Byron", &[]).await;
    app.grant(&patient, &doctor).await;
    app.get(&format!("/api/patients/{}/summary", patient.id), &doctor).await.expect(200);
    for stranger in [&other, &doctor] {
        app.get(&path, stranger).await.expect(404);
    }
    app.get(&path, None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_erases_the_record_and_gets_a_receipt_that_verifies_without_the_server() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Somebody else").await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 61.0)).await;
    let doctor = app.practitioner("Dr Ada Byron", &[]).await;
    app.grant(&patient, &doctor).await;
    let path = format!("/api/patients/{}/erase", patient.id);
    for stranger in [&other, &doctor] {
        app.post(&path, stranger, json!({ "confirm": "erase" })).await.expect(404);
    }
    let refused = app.post(&path, &patient, json!({ "confirm": "Asha" })).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "confirm");
    app.get(&format!("/fhir/Observation/{reading}"), &doctor).await.expect(200);

    let receipt = app.post(&path, &patient, json!({ "confirm": "erase" })).await.expect(200).json();
    assert_eq!(receipt["entries"], 2);
    app.get("/api/grants", &patient).await.expect(401);
    app.get(&format!("/fhir/Observation/{reading}"), &doctor).await.expect(404);
    app.get(&format!("/fhir/Patient/{}", other.id), &other).await.expect(200);
    app.post(&path, &patient, json!({ "confirm": "erase" })).await.expect(401);

    let (r, entry) = (bytes(&receipt["r"]), bytes(&receipt["entry"]));
    let leaf = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &r), &entry);
    assert_eq!(leaf.as_ref(), bytes(&receipt["leaf"]));
    let told: Value = serde_json::from_slice(&entry).unwrap();
    assert_eq!(told["action"], "erase");
    assert!(!String::from_utf8(entry).unwrap().contains("Asha"), "what stays names nobody");
    let note = receipt["checkpoint"].as_str().unwrap();
    let lines: Vec<&str> = note.lines().collect();
    assert_eq!(lines[1], receipt["size"].to_string());
    assert_eq!(lines[2], STANDARD.encode(root(&receipt)), "the proof leads to the signed head");
    let (text, signature) = note.split_once("\n\n").unwrap();
    let signature = STANDARD.decode(signature.trim().rsplit(' ').next().unwrap()).unwrap();
    let key = bytes(&receipt["publicKey"]);
    ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, key)
        .verify(format!("{text}\n").as_bytes(), &signature[4..])
        .unwrap();
}
