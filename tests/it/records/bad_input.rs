//! What nobody should send: each is refused with the place it is wrong at, and the server goes on.

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp, sample};

async fn raw(app: &TestApp, who: &Person, path: &str, body: impl Into<Body>) -> Reply {
    let request = Request::post(path)
        .header(header::HOST, "localhost")
        .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
        .header(header::CONTENT_TYPE, "application/fhir+json");
    app.request(request.body(body.into()).unwrap()).await
}

/// Refused with an OperationOutcome one of whose issues says all these words, in its place or its text.
#[track_caller]
fn refused(reply: &Reply, status: &[u16], words: &[&str]) {
    assert!(status.contains(&reply.status), "{} {}", reply.status, reply.text());
    let issues = reply.outcome();
    assert!(!issues.is_empty());
    let says = |(place, text): &(String, String)| words.iter().all(|w| place.contains(w) || text.contains(w));
    assert!(issues.iter().any(says), "{words:?} not in {issues:?}");
}

async fn lives(app: &TestApp, who: &Person) {
    app.get("/api/health", None).await.expect(200);
    let patient = json!({ "resourceType": "Patient", "name": [{ "family": "Still" }] });
    app.post("/fhir/Patient", who, patient).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn json_that_breaks_off_is_refused_at_the_place_where_it_does() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    for text in [r#"{"resourceType":"Patient","name":[{"family":"Ra"#, r#"{"resourceType":"Patient""#, "{", "", "   "] {
        refused(&raw(&app, &lab, "/fhir/Patient", text).await, &[400], &["line"]);
        refused(&raw(&app, &lab, "/fhir", text).await, &[400], &["line"]);
    }
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_content_is_told_with_its_element() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let cases: [(Value, &str); 9] = [
        (json!({ "resourceType": "Patient", "birthDate": "2026-02-30" }), "Patient.birthDate"),
        (json!({ "resourceType": "Patient", "birthDate": 1978 }), "Patient.birthDate"),
        (json!({ "resourceType": "Patient", "active": "yes" }), "Patient.active"),
        (json!({ "resourceType": "Patient", "name": { "family": "Rao" } }), "Patient.name"),
        (json!({ "resourceType": "Patient", "gender": "robot" }), "Patient.gender"),
        (json!({ "resourceType": "Patient", "colour": "blue" }), "colour"),
        (json!({ "resourceType": "Patient", "deceasedBoolean": false, "deceasedDateTime": "2020" }), "deceased"),
        (json!({ "resourceType": "Patient", "name": [null] }), "Patient.name"),
        (json!({ "resourceType": "Patient", "contact": [{ "gender": 3 }] }), "Patient.contact[0].gender"),
    ];
    for (patient, place) in cases {
        refused(&app.post("/fhir/Patient", &lab, patient.clone()).await, &[400, 422], &[place]);
        // Inside a bundle the place says which entry.
        let bundle = sample::transaction(&[json!({ "resourceType": "Patient" }), patient]);
        refused(&app.post("/fhir", &lab, bundle).await, &[400, 422], &["Bundle.entry[1]"]);
    }
    refused(
        &app.post("/fhir/Observation", &lab, json!({ "resourceType": "Observation" })).await,
        &[422],
        &["Observation.status"],
    );
    let reading = sample::heart_rate("x", "2026-01-05", 72.0);
    refused(&app.post("/fhir/Patient", &lab, reading).await, &[400], &["Observation"]);
    refused(
        &app.post("/fhir/Patient", &lab, json!({ "resourceType": "Dragon" })).await,
        &[400, 422],
        &["resourceType"],
    );
    refused(&app.post("/fhir/Dragon", &lab, json!({ "resourceType": "Dragon" })).await, &[404], &["Dragon"]);
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_stands_twice_is_refused_rather_than_one_being_chosen() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let text = r#"{"resourceType":"Patient","gender":"male","gender":"female"}"#;
    refused(&raw(&app, &lab, "/fhir/Patient", text).await, &[400, 422], &["gender"]);
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bytes_that_are_no_text_are_refused() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let mut bytes = br#"{"resourceType":"Patient","name":[{"family":""#.to_vec();
    bytes.extend_from_slice(&[0xc3, 0x28, 0xff]);
    bytes.extend_from_slice(br#""}]}"#);
    refused(&raw(&app, &lab, "/fhir/Patient", bytes).await, &[400], &["UTF-8"]);
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_levels_do_not_overflow_anything() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let nested = |open: &str, close: &str| {
        format!("{{\"resourceType\":\"Patient\",\"extension\":{}{}}}", open.repeat(10_000), close.repeat(10_000))
    };
    for text in [nested("[", "]"), nested("{\"extension\":[", "]}"), "[".repeat(1_000_000)] {
        let reply = raw(&app, &lab, "/fhir/Patient", text).await;
        assert!([400, 422].contains(&reply.status), "{} {}", reply.status, reply.text());
        assert!(!reply.outcome().is_empty());
    }
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_megabytes_of_nonsense_are_refused() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let long = format!("{{\"resourceType\":\"Patient\",\"name\":[{{\"family\":\"{}\"}}", "x".repeat(50_000_000));
    refused(&raw(&app, &lab, "/fhir/Patient", long).await, &[400, 413, 422], &[""]);
    refused(&raw(&app, &lab, "/fhir/Patient", vec![b'['; 65 << 20]).await, &[413], &["larger"]);
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reference_to_nowhere_is_refused_with_its_element() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let mine = app.post("/fhir/Patient", &lab, json!({ "resourceType": "Patient" })).await.expect(201).json();
    let id = mine["id"].as_str().unwrap();
    let mut reading = sample::heart_rate("nobody", "2026-01-05", 72.0);
    refused(&app.post("/fhir/Observation", &lab, reading.clone()).await, &[422], &["Observation", "Patient/nobody"]);
    reading["subject"]["reference"] = format!("Patient/{id}").into();
    reading["encounter"] = json!({ "reference": "Encounter/nowhere" });
    refused(&app.post("/fhir/Observation", &lab, reading.clone()).await, &[422], &["Observation.encounter"]);
    reading["encounter"] = json!({ "reference": "urn:uuid:00000000-0000-4000-8000-000000000000" });
    refused(
        &app.post("/fhir", &lab, sample::transaction(&[reading])).await,
        &[422],
        &["Bundle.entry[0]", "urn:uuid:00000000"],
    );
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_with_one_bad_entry_leaves_nothing_behind() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let good = json!({ "resourceType": "Patient", "identifier": [{ "system": "urn:test", "value": "only-once" }] });
    let bundle = sample::transaction(&[good, json!({ "resourceType": "Patient", "gender": 7 })]);
    refused(&app.post("/fhir", &lab, bundle).await, &[400, 422], &["Bundle.entry[1]"]);
    let found = app.get("/fhir/Patient?identifier=urn:test|only-once", &lab).await.expect(200).json();
    assert_eq!(found["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_that_asks_for_what_nobody_knows_is_refused() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    for (query, word) in [
        ("Patient?favourite-colour=blue", "favourite-colour"),
        ("Patient?birthdate=2026-02-30", "birthdate"),
        ("Patient?_count=many", "_count"),
        ("Patient?name:sounds-like=x", "name"),
        ("Observation?value-quantity=tall", "value-quantity"),
    ] {
        refused(&app.get(&format!("/fhir/{query}"), &lab).await, &[400], &[word]);
    }
    lives(&app, &lab).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_takes_no_parameters_but_the_form_of_its_answer_and_a_write_takes_json_only() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 70.0)).await;
    let entry = format!("/fhir/Observation/{reading}");
    for path in [entry.clone(), format!("{entry}/_history"), format!("{entry}/_history/1"), "/fhir/metadata".to_owned()]
    {
        app.get(&format!("{path}?_format=json&_pretty=true"), &patient).await.expect(200);
        app.get(&format!("{path}?_format=xml"), &patient).await.expect(406);
        for parameter in ["_summary=true", "_since=2020", "foo=bar"] {
            let refused = app.get(&format!("{path}?{parameter}"), &patient).await.expect(400);
            assert!(
                refused.text().contains(parameter.split('=').next().unwrap()),
                "{path}?{parameter}: {}",
                refused.text()
            );
        }
    }
    app.put(&format!("{entry}?foo=bar"), &patient, json!({})).await.expect(400);
    app.delete(&format!("{entry}?foo=bar"), &patient).await.expect(400);

    let body = sample::heart_rate(&patient.id, "2026-01-06T08:00:00Z", 71.0).to_string();
    for (kind, status) in
        [("text/plain", 415), ("application/fhir+xml", 415), ("application/fhir+json; charset=utf-8", 201)]
    {
        let request = Request::post("/fhir/Observation").header("host", "localhost").header("content-type", kind);
        let request = request.header("authorization", format!("Bearer {}", patient.token));
        app.request(request.body(Body::from(body.clone())).unwrap()).await.expect(status);
    }
    let wrong = app.post("/fhir/Observation", &patient, json!({"resourceType": "Patient"})).await.expect(400);
    assert!(wrong.text().contains("takes an Observation; the body is a Patient"), "{}", wrong.text());

    let none = app.get("/fhir/Observation?_count=0", &patient).await.expect(200).json();
    assert_eq!((none["total"].as_i64(), none["entry"].as_array().map_or(0, Vec::len)), (Some(2), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_numbers_that_clinics_know_somebody_by_are_not_theirs_to_change() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let path = format!("/fhir/Patient/{}", patient.id);
    let mut body = app.get(&path, &patient).await.expect(200).json();
    body["telecom"] = json!([{"system": "phone", "value": "+91 20 5550 0100"}]);
    body = app.put(&path, &patient, body).await.expect(200).json();
    body["identifier"] = json!([{"system": "urn:oid:2.16.840.1.113883.19", "value": "another person's"}]);
    let refused = app.put(&path, &patient, body.clone()).await.expect(422);
    assert_eq!(refused.outcome()[0].0, "Patient.identifier");
    let request = json!({ "method": "PUT", "url": format!("Patient/{}", patient.id) });
    let changed = json!({ "resource": body, "request": request });
    let reading = sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 70.0);
    let reading = json!({ "resource": reading, "request": { "method": "POST", "url": "Observation" } });
    let entries = |all: Vec<Value>| json!({ "resourceType": "Bundle", "type": "transaction", "entry": all });
    app.post("/fhir", &patient, entries(vec![changed, reading.clone()])).await.expect(403);
    app.post("/fhir", &patient, entries(vec![reading])).await.expect(200);
    let found = app.get("/fhir/Observation?_count=1", &patient).await.expect(200).text();
    assert!(found.contains("patient-entered"), "what somebody sends in a bundle is marked as theirs: {found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_day_that_can_be_written_has_a_date_on_the_timeline() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    app.create(&sample::heart_rate(&patient.id, "9999-12-31T23:59:59+14:00", 70.0)).await;
    let timeline = app.get(&format!("/api/patients/{}/timeline", patient.id), &patient).await.expect(200);
    assert!(!timeline.text().contains("\"date\":\"\""), "{}", timeline.text());
}
