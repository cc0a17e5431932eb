//! Read, vread, history and search over HTTP.

use serde_json::json;
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_read_back_with_its_digits_and_its_version() {
    let app = TestApp::start();
    let lab = app.service("lab", "Riverside").await;
    let patient = app.post("/fhir/Patient", &lab, json!({ "resourceType": "Patient" })).await.expect(201);
    assert_eq!(patient.header("content-type"), Some("application/fhir+json; charset=utf-8"));
    let id = patient.json()["id"].as_str().unwrap().to_owned();
    assert!(patient.header("location").unwrap().ends_with(&format!("/fhir/Patient/{id}/_history/1")));
    let mut reading = sample::heart_rate(&id, "2026-01-05T08:00:00Z", 72.0);
    reading["valueQuantity"]["value"] = serde_json::from_str("72.50").unwrap();
    let made = app.post("/fhir/Observation", &lab, reading).await.expect(201).json();
    let path = format!("/fhir/Observation/{}", made["id"].as_str().unwrap());
    let read = app.get(&path, &lab).await.expect(200);
    assert_eq!(read.header("etag"), Some("W/\"1\""));
    assert_eq!(read.json()["meta"]["versionId"], "1");
    app.get(&format!("{path}/_history/1"), &lab).await.expect(200);
    app.get(&format!("{path}/_history/2"), &lab).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_until_everything_was_shown_once() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let readings: Vec<_> = (1..=25)
        .map(|day| sample::heart_rate(&patient.id, &format!("2026-01-{day:02}"), 70.0 + f64::from(day)))
        .collect();
    app.import(sample::transaction(&readings).to_string()).await;
    let mut next =
        Some(format!("/fhir/Observation?patient={}&code=8867-4&_sort=-date&_count=10&_total=accurate", patient.id));
    let mut dates = Vec::new();
    while let Some(path) = next {
        let page = app.get(&path, &patient).await.expect(200).json();
        assert_eq!(page["total"], 25);
        let entries = page["entry"].as_array().unwrap();
        dates.extend(entries.iter().map(|e| e["resource"]["effectiveDateTime"].as_str().unwrap().to_owned()));
        let links = page["link"].as_array().unwrap().iter();
        let link = links.filter(|l| l["relation"] == "next").find_map(|l| l["url"].as_str());
        next = link.map(|url| url.trim_start_matches("http://localhost").to_owned());
    }
    let mut sorted = dates.clone();
    sorted.sort();
    sorted.reverse();
    sorted.dedup();
    assert_eq!((dates.len(), &dates), (25, &sorted));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_server_says_what_it_can() {
    let app = TestApp::start();
    let statement = app.get("/fhir/metadata", None).await.expect(200).json();
    assert_eq!(statement["resourceType"], "CapabilityStatement");
    assert_eq!(statement["fhirVersion"], "4.0.1");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_of_this_server_means_its_entry_and_what_is_not_told_apart_is_refused() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 61.0)).await;
    let found = async |query: &str| {
        app.get(&format!("/fhir/Observation?{query}"), &patient).await.expect(200).json()["total"].clone()
    };
    for subject in [format!("Patient/{}", patient.id), format!("http://localhost/fhir/Patient/{}", patient.id)] {
        assert_eq!(found(&format!("subject={subject}&_total=accurate")).await, 1, "{subject}");
    }
    let elsewhere = format!("subject=http://elsewhere.example/fhir/Patient/{}&_total=accurate", patient.id);
    assert_eq!(found(&elsewhere).await, 0);
    let refused = app.get("/fhir/Observation?code=%7C8867-4", &patient).await.expect(400);
    assert!(refused.text().contains("give the code alone"), "{}", refused.text());
}

#[tokio::test(flavor = "multi_thread")]
async fn asking_for_versions_that_one_may_not_see_leaves_the_same_trace_as_asking_for_the_entry() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let path = format!("/fhir/Observation/{reading}");
    let refused = async || {
        let log = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
        let told = |one: &&serde_json::Value| one["action"] == "refused" && one["what"] == "Observation";
        log["entries"].as_array().unwrap().iter().filter(told).count()
    };
    for (address, traces) in [(path.clone(), 1), (format!("{path}/_history"), 2), (format!("{path}/_history/1"), 3)] {
        app.get(&address, &doctor).await.expect(404);
        // A refusal is written beside the answer, not before it.
        for _ in 0..250 {
            if refused().await == traces {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        assert_eq!(refused().await, traces, "{address}");
    }
    app.get("/fhir/Observation/nobody-has-this/_history", &doctor).await.expect(404);
}
