//! Create, update, delete and transactions over HTTP.

use axum::body::Body;
use http::{Request, header};
use serde_json::json;
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn an_update_makes_a_version_and_a_stale_one_is_refused() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let mut patient = app.post("/fhir/Patient", &lab, json!({ "resourceType": "Patient" })).await.expect(201).json();
    let path = format!("/fhir/Patient/{}", patient["id"].as_str().unwrap());
    patient["gender"] = "female".into();
    let put = |tag: &'static str| {
        let request = Request::put(&path)
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", lab.token))
            .header(header::CONTENT_TYPE, "application/fhir+json")
            .header(header::IF_MATCH, tag);
        app.request(request.body(Body::from(patient.to_string())).unwrap())
    };
    put("W/\"1\"").await.expect(200);
    put("W/\"1\"").await.expect(412);
    let history = app.get(&format!("{path}/_history"), &lab).await.expect(200).json();
    assert_eq!(history["total"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_references_of_a_transaction_lead_to_what_it_made() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let urn = "urn:uuid:05efabf0-4be2-4561-91ce-51548425acb9";
    let mut reading = sample::heart_rate("x", "2026-01-05", 72.0);
    reading["subject"]["reference"] = urn.into();
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [
        { "resource": reading, "request": { "method": "POST", "url": "Observation" } },
        { "fullUrl": urn, "resource": { "resourceType": "Patient" }, "request": { "method": "POST", "url": "Patient" } },
    ] });
    let answer = app.post("/fhir", &lab, bundle).await.expect(200).json();
    assert_eq!(answer["type"], "transaction-response");
    let location = answer["entry"][0]["response"]["location"].as_str().unwrap();
    let id = location.split('/').find(|part| part.len() == 36).unwrap();
    let reading = app.get(&format!("/fhir/Observation/{id}"), &lab).await.expect(200).json();
    let patient = reading["subject"]["reference"].as_str().unwrap();
    app.get(&format!("/fhir/{patient}"), &lab).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conditional_create_makes_one_however_often_it_is_asked() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let create = || {
        let patient = json!({ "resourceType": "Patient", "identifier": [{ "system": "urn:x", "value": "1" }] });
        let request = Request::post("/fhir/Patient")
            .header(header::HOST, "localhost")
            .header(header::AUTHORIZATION, format!("Bearer {}", lab.token))
            .header(header::CONTENT_TYPE, "application/fhir+json")
            .header("if-none-exist", "identifier=urn:x|1");
        app.request(request.body(Body::from(patient.to_string())).unwrap())
    };
    let first = create().await.expect(201).json();
    let second = create().await.expect(200).json();
    assert_eq!(first["id"], second["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_resource_is_gone_and_its_history_tells() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let patient = app.post("/fhir/Patient", &lab, json!({ "resourceType": "Patient" })).await.expect(201).json();
    let reading = sample::heart_rate(patient["id"].as_str().unwrap(), "2026-01-05", 72.0);
    let reading = app.post("/fhir/Observation", &lab, reading).await.expect(201).json();
    let path = format!("/fhir/Observation/{}", reading["id"].as_str().unwrap());
    app.delete(&path, &lab).await.expect(204);
    app.get(&path, &lab).await.expect(410);
    app.delete(&path, &lab).await.expect(204);
    let history = app.get(&format!("{path}/_history"), &lab).await.expect(200).json();
    assert_eq!(history["entry"][0]["request"]["method"], "DELETE");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_written_while_its_record_is_erased_leaves_nothing_behind() {
    let app = TestApp::start();
    for round in 0..4 {
        let patient = app.patient(&format!("Asha {round}")).await;
        let reading = sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 70.0);
        let erase = format!("/api/patients/{}/erase", patient.id);
        let app = &app;
        let answers = std::sync::Mutex::new(Vec::new());
        let write = || async {
            let status = app.post("/fhir/Observation", &patient, reading.clone()).await.status;
            answers.lock().unwrap().push(status);
        };
        let gone = app.post(&erase, &patient, json!({ "confirm": "erase" }));
        tokio::join!(gone, write(), write(), write(), write(), write(), write(), write(), write());
        for status in answers.into_inner().unwrap() {
            assert!([201, 401, 404, 409, 422].contains(&status), "{status}");
        }
    }
    let left = "SELECT COUNT(*) FROM resource WHERE patient <> 0 AND patient NOT IN (SELECT owner FROM data_key)";
    let left: i64 = app.house.db.read(move |tx| tx.count(left, &[])).await.unwrap();
    assert_eq!(left, 0);
}
