//! `/api/health-metrics/add` and `/analysis`.

use serde_json::{Value, json};
use testkit::TestApp;

const ADD: &str = "/api/health-metrics/add";
const ANALYSIS: &str = "/api/health-metrics/analysis";

fn pulse(value: Value, time: &str) -> Value {
    json!({ "type": "heart_rate", "value": value, "unit": "bpm", "time": time })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_becomes_an_observation_with_its_codes_and_the_same_again_adds_nothing() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let added = app.post(ADD, &patient, pulse(json!(72), "2026-05-02T09:30:00+02:00")).await.expect(201).json();
    assert_eq!((&added["added"], &added["known"]), (&json!(1), &json!(0)));
    assert_eq!(added["readings"][0]["time"], "2026-05-02T07:30:00.000Z");
    let link = added["readings"][0]["link"].as_str().unwrap().to_owned();
    let observation = app.get(&link, &patient).await.expect(200).json();
    assert_eq!(observation["code"]["coding"][0]["code"], "8867-4");
    let quantity = json!({
        "value": 72, "unit": "beats/minute", "system": "http://unitsofmeasure.org", "code": "/min"
    });
    assert_eq!(observation["valueQuantity"], quantity);
    assert_eq!(observation["meta"]["tag"][0]["code"], "patient-entered");

    let again = app.post(ADD, &patient, pulse(json!(72.0), "2026-05-02T07:30:00Z")).await.expect(200).json();
    assert_eq!((&again["known"], &again["readings"][0]["id"]), (&json!(1), &added["readings"][0]["id"]));

    let many = json!([
        { "type": "blood_pressure", "value": { "systolic": 121, "diastolic": 79 }, "unit": "mmHg", "time": "2026-05-02T08:00:00Z" },
        { "type": "blood_pressure", "value": "130/85", "unit": "mm[Hg]", "time": "2026-05-03T08:00:00Z" },
        { "type": "blood_pressure", "value": "130/85", "unit": "mmHg", "time": "2026-05-03T08:00:00Z" },
        { "type": "glucose", "value": 5.4, "unit": "mmol/L" },
    ]);
    let added = app.post(ADD, &patient, many).await.expect(201).json();
    assert_eq!((&added["added"], &added["known"]), (&json!(3), &json!(1)), "{added}");
    assert_eq!(added["readings"][1]["id"], added["readings"][2]["id"]);
    let listed = app.get("/api/records/my-records?kind=vital,result", &patient).await.expect(200).json();
    let texts: Vec<&str> =
        listed["records"].as_array().unwrap().iter().map(|record| record["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["5.4 mmol/L", "130/85 mmHg", "121/79 mmHg", "72 beats/minute"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_makes_no_sense_is_refused_with_its_place_and_nothing_of_the_batch_is_kept() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let reading = |changed: Value| {
        let mut reading = pulse(json!(72), "2026-05-02T07:30:00Z");
        for (name, value) in changed.as_object().unwrap() {
            reading[name] = value.clone();
        }
        reading
    };
    for (changed, path) in [
        (json!({ "type": "mood" }), "type"),
        (json!({ "unit": "kg" }), "unit"),
        (json!({ "value": 720 }), "value"),
        (json!({ "value": "72/40" }), "value"),
        (json!({ "type": "blood_pressure", "unit": "mmHg" }), "value"),
        (json!({ "type": "blood_pressure", "unit": "mmHg", "value": "80/120" }), "value"),
        (json!({ "time": "yesterday" }), "time"),
        (json!({ "time": "2999-01-01T00:00:00Z" }), "time"),
        (json!({ "patient": "../x" }), "patient"),
    ] {
        let problem = app.post(ADD, &patient, reading(changed.clone())).await.expect(422).json();
        assert_eq!(problem["issues"][0]["path"], path, "{changed} {problem}");
    }
    let batch = json!([reading(json!({})), reading(json!({ "unit": "kg" }))]);
    assert_eq!(app.post(ADD, &patient, batch).await.expect(422).json()["issues"][0]["path"], "[1].unit");
    for wrong in [json!([]), json!(vec![reading(json!({})); 501])] {
        app.post(ADD, &patient, wrong).await.expect(422);
    }
    // Which of two numbers in a list is which, nothing says.
    let by_place = reading(json!({ "type": "blood_pressure", "unit": "mmHg", "value": [120, 80] }));
    for wrong in [json!({ "type": "weight", "value": 70 }), reading(json!({ "mood": "good" })), json!("72"), by_place] {
        app.post(ADD, &patient, wrong).await.expect(400);
    }
    assert_eq!(app.get("/api/records/my-records", &patient).await.json()["records"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_analysis_says_what_the_readings_say_and_how_sure_that_is() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let readings: Vec<Value> =
        (1..=8).map(|day| pulse(json!(60 + 5 * day), &format!("2026-05-0{day}T07:00:00Z"))).collect();
    app.post(ADD, &patient, json!(readings)).await.expect(201);
    let pressure =
        json!({ "type": "blood_pressure", "value": "121/79", "unit": "mmHg", "time": "2026-05-02T08:00:00Z" });
    app.post(ADD, &patient, pressure).await.expect(201);

    let found = app.get(&format!("{ANALYSIS}?type=heart_rate"), &patient).await.expect(200).json();
    let [pulse] = found["metrics"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((&pulse["count"], &pulse["mean"]), (&json!(8), &json!(82.5)));
    assert_eq!((&pulse["min"], &pulse["max"]), (&json!(65.0), &json!(100.0)));
    assert_eq!(pulse["latest"], json!({ "value": 100.0, "time": "2026-05-08T07:00:00.000Z" }));
    assert_eq!((&pulse["trend"]["perDay"], &pulse["trend"]["direction"]), (&json!(5.0), &json!("rising")));
    assert!(found["method"].as_str().unwrap().contains("least squares"));

    let all = app.get(ANALYSIS, &patient).await.expect(200).json();
    let parts: Vec<&Value> = all["metrics"].as_array().unwrap().iter().map(|metric| &metric["part"]).collect();
    assert_eq!(parts, [&Value::Null, &json!("systolic"), &json!("diastolic")]);
    assert_eq!(all["metrics"][1]["trend"], Value::Null);
    assert!(all["metrics"][1]["notes"][0].as_str().unwrap().contains("at least 5 readings"), "{all}");

    let some = format!("{ANALYSIS}?type=heart_rate&from=2026-05-02&to=2026-05-03");
    assert_eq!(app.get(&some, &patient).await.expect(200).json()["metrics"][0]["count"], 2);
    app.get(&format!("{ANALYSIS}?type=mood"), &patient).await.expect(400);
    app.get(&format!("{ANALYSIS}?from=soon"), &patient).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn readings_are_compared_with_what_is_usual_of_somebody_of_that_age_and_the_source_is_named() {
    let app = TestApp::start();
    for (born, usual) in [("1980-06-15", true), ("2024-06-15", false)] {
        let resource = json!({
            "resourceType": "Patient", "name": [{ "family": "Quillfeather" }], "birthDate": born
        });
        let id = app.create(&resource).await;
        let patient = app.patient_of(&id, "Odette Quillfeather").await;
        app.post(ADD, &patient, pulse(json!(130), "2026-05-02T07:30:00Z")).await.expect(201);
        let found = app.get(ANALYSIS, &patient).await.expect(200).json();
        let reference = &found["metrics"][0]["reference"];
        if usual {
            assert_eq!((&reference["high"], &reference["above"]), (&json!(90.0), &json!(1)), "{found}");
            assert!(reference["source"].as_str().unwrap().contains("Royal College of Physicians"));
        } else {
            assert_eq!(*reference, Value::Null, "{found}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_analyses_what_a_grant_shows_and_adds_nothing() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.post(ADD, &patient, pulse(json!(72), "2026-05-02T07:30:00Z")).await.expect(201);
    let path = format!("{ANALYSIS}?patient={}", patient.id);
    app.get(&path, &doctor).await.expect(404);
    let grant = app.grant_with(&patient, &doctor, json!({ "categories": ["result"] })).await;
    assert_eq!(app.get(&path, &doctor).await.expect(200).json()["metrics"], json!([]));
    app.revoke(&patient, &grant).await;
    let grant = app.grant(&patient, &doctor).await;
    assert_eq!(app.get(&path, &doctor).await.expect(200).json()["metrics"][0]["count"], 1);
    app.get(ANALYSIS, &doctor).await.expect(403);
    let mut reading = pulse(json!(80), "2026-05-03T07:30:00Z");
    reading["patient"] = json!(patient.id);
    app.post(ADD, &doctor, reading.clone()).await.expect(403);
    app.revoke(&patient, &grant).await;
    app.get(&path, &doctor).await.expect(404);

    let service = app.service("wards", "City Clinic").await;
    app.post(ADD, &service, reading.clone()).await.expect(404);
    let organization = service.organization.clone().unwrap();
    app.grant_with(&patient, &doctor, json!({ "grantee": { "type": "organization", "id": organization } })).await;
    app.post(ADD, &service, reading).await.expect(201);
    let listed = app.get("/api/records/my-records?kind=vital", &patient).await.expect(200).json();
    assert_eq!(listed["records"][0]["author"], "City Clinic");
}
