//! What is in a document: its words, and the values that a person makes part of the record.

use super::desk::{REPORT, added, pdf, send};
use serde_json::{Value, json};
use testkit::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_report_is_read_in_the_background_and_its_values_become_observations_when_a_person_says_so() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let report = pdf(&[
        &["City Laboratory"],
        &["Report date: 04/03/2026"],
        &["Test", "Result", "Unit", "Reference range"],
        &["Hemoglobin", "13.4", "g/dL", "12.0 - 15.5"],
        &["Creatinine", "0.9", "mg/dL", "0.6 - 1.1"],
        &["Remark: zymurgical sample"],
    ]);
    let document = added(&app, &patient, "report.pdf", report).await;
    assert_eq!(document["state"], "waiting");
    app.run_jobs().await;
    let id = document["id"].as_str().unwrap();
    let place = format!("/api/documents/{id}");
    let read = app.get(&place, &patient).await.expect(200).json();
    assert_eq!(read["state"], "read", "{read}");
    for picture in ["thumbnail", "pages/1?width=800"] {
        let shown = app.get(&format!("{place}/{picture}"), &patient).await.expect(200);
        assert_eq!(shown.header("content-type"), Some("image/jpeg"));
        assert!(shown.body.starts_with(&[0xff, 0xd8]));
    }
    app.get(&format!("{place}/pages/2"), &patient).await.expect(404);
    app.get(&format!("{place}/pages/1?width=5000"), &patient).await.expect(400);
    let text = app.get(&format!("{place}/text"), &patient).await.expect(200).text();
    assert!(text.contains("zymurgical"), "{text}");
    let found = app.get(&format!("/api/patients/{}/documents?q=ZYMURGICAL", patient.id), &patient).await.expect(200);
    assert_eq!(found.json()["items"][0]["id"], id);

    let values = app.get(&format!("{place}/values"), &patient).await.expect(200).json();
    let value = |label: &str| {
        let all = values["items"].as_array().unwrap();
        all.iter().find(|v| v["label"].as_str().unwrap().contains(label)).unwrap_or_else(|| panic!("{values}")).clone()
    };
    let (hemoglobin, creatinine) = (value("Hemoglobin"), value("Creatinine"));
    assert_eq!((&hemoglobin["state"], &hemoglobin["value"]), (&json!("proposed"), &json!("13.4")), "{hemoglobin}");
    assert_eq!(read["toConfirm"], values["items"].as_array().unwrap().len());

    let step = |value: &Value, verb: &str| format!("{place}/values/{}/{verb}", value["n"]);
    let form = json!({
        "code": "718-7", "label": "Hemoglobin", "value": "13.6", "unit": "g/dL", "low": "12.0", "high": "15.5", "date": "2026-03-04"
    });
    let stranger = app.patient("Somebody else").await;
    app.post(&step(&hemoglobin, "confirm"), &stranger, form.clone()).await.expect(404);
    let mut wrong = form.clone();
    wrong["value"] = json!("13,6");
    app.post(&step(&hemoglobin, "confirm"), &patient, wrong).await.expect(422);
    let confirmed = app.post(&step(&hemoglobin, "confirm"), &patient, form.clone()).await.expect(200).json();
    assert_eq!((&confirmed["state"], &confirmed["value"]), (&json!("confirmed"), &json!("13.6")));
    app.post(&step(&hemoglobin, "confirm"), &patient, form).await.expect(409);
    let observation = format!("/fhir/Observation/{}", confirmed["observation"].as_str().unwrap());
    let stored = app.get(&observation, &patient).await.expect(200).json();
    assert_eq!(stored["valueQuantity"]["value"], 13.6);
    assert_eq!(stored["derivedFrom"][0]["reference"], format!("DocumentReference/{id}"));
    assert_eq!(stored["meta"]["tag"][0]["code"], "patient-entered");
    let target = confirmed["observation"].as_str().unwrap();
    let provenance = format!("/fhir/Provenance?target=Observation/{target}");
    let provenance = app.get(&provenance, &patient).await.expect(200).json();
    let what = &provenance["entry"][0]["resource"]["entity"][0]["what"]["reference"];
    assert_eq!(*what, format!("DocumentReference/{id}"), "{provenance}");

    app.post(&step(&creatinine, "skip"), &patient, json!({})).await.expect(200);
    let again = app.post(&step(&hemoglobin, "reopen"), &patient, json!({})).await.expect(200).json();
    assert_eq!((&again["state"], &again["observation"]), (&json!("proposed"), &Value::Null));
    assert_eq!(app.get(&observation, &patient).await.expect(200).json()["status"], "entered-in-error");

    // Read anew, what was decided on stays decided on.
    app.post(&format!("{place}/read"), &patient, json!({})).await.expect(200);
    app.run_jobs().await;
    let anew = app.get(&format!("{place}/values"), &patient).await.expect(200).json();
    let skipped = anew["items"].as_array().unwrap().iter().filter(|v| v["state"] == "skipped").count();
    assert_eq!(skipped, 1, "{anew}");
    let codes = app.get("/api/lab-codes", &patient).await.expect(200).json();
    assert!(codes["items"].as_array().unwrap().len() > 20);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_deleted_while_it_waited_is_read_when_it_comes_back_and_nothing_decided_is_asked_again() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let report = "City Laboratory\nReport date: 04/03/2026\nHemoglobin 13.4 g/dL 12.0 - 15.5\n";
    let document = added(&app, &patient, "report.txt", report).await;
    let place = format!("/api/documents/{}", document["id"].as_str().unwrap());
    app.post(&format!("{place}/delete"), &patient, json!({})).await.expect(200);
    app.run_jobs().await;
    app.post(&format!("{place}/restore"), &patient, json!({})).await.expect(200);
    app.run_jobs().await;
    assert_eq!(app.get(&place, &patient).await.expect(200).json()["state"], "read");
    let values = || async { app.get(&format!("{place}/values"), &patient).await.expect(200).json()["items"].clone() };
    assert_eq!(values().await[0]["label"], "Hemoglobin");
    let form = json!({
        "code": "718-7", "label": "Haemoglobin of the blood", "value": "13.4", "unit": "g/dL", "low": "12.0", "high": "15.5",
        "date": "2026-03-04"
    });
    app.post(&format!("{place}/values/1/confirm"), &patient, form).await.expect(200);
    app.post(&format!("{place}/read"), &patient, json!({})).await.expect(200);
    app.run_jobs().await;
    let after = values().await;
    assert_eq!(after.as_array().unwrap().len(), 1, "{after}");
    assert_eq!((&after[0]["printed"], &after[0]["label"]), (&json!("Hemoglobin"), &json!("Haemoglobin of the blood")));
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_a_file_that_is_there_twice_are_added_once() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let report =
        "City Laboratory\nReport date: 04/03/2026\nHemoglobin 13.4 g/dL 12.0 - 15.5\nCreatinine 0.9 mg/dL 0.6 - 1.1\n";
    let (one, two) = (added(&app, &patient, "one.txt", report).await, added(&app, &patient, "two.txt", report).await);
    app.run_jobs().await;
    assert_eq!(
        app.get(&format!("/api/documents/{}", two["id"].as_str().unwrap()), &patient).await.json()["sameAs"],
        one["id"]
    );
    let of = |document: &Value| format!("/api/documents/{}/values", document["id"].as_str().unwrap());
    let values = |document: &Value| {
        let place = of(document);
        let (app, patient) = (&app, &patient);
        async move { app.get(&place, patient).await.expect(200).json()["items"].clone() }
    };
    // The digits were put right in the first: it is the same value all the same.
    let form = json!({
        "code": "718-7", "label": "Hemoglobin", "value": "13.6", "unit": "g/dL", "low": "12.0", "high": "15.5", "date": "2026-03-04"
    });
    app.post(&format!("{}/1/confirm", of(&one)), &patient, form.clone()).await.expect(200);
    let items = values(&two).await;
    assert_eq!((&items[0]["state"], &items[0]["addedFrom"]), (&json!("proposed"), &one["id"]), "{items}");
    assert_eq!((&items[1]["state"], &items[1]["addedFrom"]), (&json!("proposed"), &Value::Null), "{items}");
    assert_eq!(values(&one).await[0]["addedFrom"], Value::Null);
    app.post(&format!("{}/1/confirm", of(&two)), &patient, form.clone()).await.expect(409);
    let skipped = app.post(&format!("{}/1/skip", of(&two)), &patient, json!({})).await.expect(200).json();
    assert_eq!((&skipped["state"], &skipped["addedFrom"]), (&json!("skipped"), &one["id"]));
    // Taken back there, it can be added from here.
    app.post(&format!("{}/1/reopen", of(&two)), &patient, json!({})).await.expect(200);
    app.post(&format!("{}/1/reopen", of(&one)), &patient, json!({})).await.expect(200);
    let confirmed = app.post(&format!("{}/1/confirm", of(&two)), &patient, form).await.expect(200).json();
    assert_eq!((&confirmed["state"], &confirmed["addedFrom"]), (&json!("confirmed"), &Value::Null));
    assert_eq!(values(&one).await[0]["addedFrom"], two["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_found_by_a_word_inside_a_sentence_without_spaces_and_by_the_last_word_of_a_long_page() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let many: String = (0..12_000).map(|n| format!("word{n} ")).collect();
    let long = added(&app, &patient, "long.txt", format!("{many}zzyzxtail")).await;
    let report = added(&app, &patient, "report.txt", "血小板の数値も正常範囲内でした。").await;
    app.run_jobs().await;
    let found = |question: &str| {
        let place = format!("/api/patients/{}/documents?q={question}", patient.id);
        let (app, patient) = (&app, &patient);
        async move { app.get(&place, patient).await.expect(200).json()["items"].clone() }
    };
    assert_eq!(found("zzyzxtail").await[0]["id"], long["id"]);
    assert_eq!(found("%E8%A1%80%E5%B0%8F%E6%9D%BF").await[0]["id"], report["id"]);
    assert_eq!(found("%E8%A1%80%E5%9C%A7").await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_confirms_what_their_clinic_sent_and_changes_nothing_of_the_document() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let clinic = app.service("Laboratory", "City Laboratory").await;
    let doctor = app.practitioner("Dr. Reader", &["Other Clinic"]).await;
    app.grant_with(&patient, &clinic, json!({ "grantee": { "type": "organization", "id": clinic.organization } }))
        .await;
    app.grant(&patient, &doctor).await;
    let document = send(&app, &clinic, &patient.id, "report.txt", REPORT).await.expect(201).json();
    app.run_jobs().await;
    let place = format!("/api/documents/{}", document["id"].as_str().unwrap());
    let may = |shown: Value| (shown["mayChange"].clone(), shown["mayConfirm"].clone());
    assert_eq!(may(app.get(&place, &patient).await.expect(200).json()), (json!(false), json!(true)));
    assert_eq!(may(app.get(&place, &clinic).await.expect(200).json()), (json!(true), json!(true)));
    assert_eq!(may(app.get(&place, &doctor).await.expect(200).json()), (json!(false), json!(false)));

    let form = json!({
        "code": "718-7", "label": "Hemoglobin", "value": "13.4", "unit": "g/dL", "low": "12.0", "high": "15.5", "date": "2026-03-04"
    });
    let confirm = format!("{place}/values/1/confirm");
    app.post(&confirm, &doctor, form.clone()).await.expect(403);
    let kept = app.post(&confirm, &patient, form).await.expect(200).json();
    let observation = format!("/fhir/Observation/{}", kept["observation"].as_str().unwrap());
    let stored = app.get(&observation, &patient).await.expect(200).json();
    assert_eq!(stored["meta"]["tag"][0]["code"], "patient-entered");
    // What the patient said is theirs to take back, and the document is the clinic's.
    app.post(&format!("{place}/values/1/reopen"), &clinic, json!({})).await.expect(403);
    app.post(&format!("{place}/values/1/reopen"), &patient, json!({})).await.expect(200);
    app.post(&format!("{place}/change"), &patient, json!({ "title": "Mine" })).await.expect(403);
}
