//! `/api/records/my-records` and `/api/doctors/patient-records/{patient_id}`.

use serde_json::{Value, json};
use testkit::{TestApp, sample};

fn titles(list: &Value) -> Vec<String> {
    list["records"].as_array().unwrap().iter().map(|r| r["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_reads_their_record_as_a_plain_list_page_by_page() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    app.create(&sample::condition(&patient.id, "Zymurgical fever")).await;
    let mut reading = sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 73.5);
    reading["performer"] = json!([{ "display": "City Clinic" }]);
    let id = app.create(&reading).await;
    app.create(&sample::heart_rate(&patient.id, "2025-01-05T08:00:00Z", 71.0)).await;

    let list = app.get("/api/records/my-records", &patient).await.expect(200).json();
    assert_eq!(list["patient"], patient.id);
    assert_eq!(titles(&list), ["Heart rate", "Heart rate", "Zymurgical fever"]);
    assert_eq!(
        list["records"][0],
        json!({
            "id": id, "kind": "vital", "type": "Observation", "title": "Heart rate", "date": "2026-01-05T08:00:00.000Z",
            "value": 73.5, "unit": "/min", "text": "73.5 /min", "flag": null, "status": "final",
            "author": "City Clinic", "link": format!("/fhir/Observation/{id}"),
        })
    );
    app.get(list["records"][0]["link"].as_str().unwrap(), &patient).await.expect(200);

    let first = app.get("/api/records/my-records?count=2", &patient).await.expect(200).json();
    assert_eq!(titles(&first).len(), 2);
    let next = format!("/api/records/my-records?count=2&before={}", first["next"].as_str().unwrap());
    let second = app.get(&next, &patient).await.expect(200).json();
    assert_eq!((titles(&second), &second["next"]), (vec!["Zymurgical fever".to_owned()], &Value::Null));

    for (query, count) in [("kind=vital", 2), ("kind=vital,condition&from=2026-01-01", 1), ("to=2025-12-31", 2)] {
        let list = app.get(&format!("/api/records/my-records?{query}"), &patient).await.expect(200).json();
        assert_eq!(titles(&list).len(), count, "{query} {list}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_patient_adds_has_their_name_as_its_author_whatever_the_entry_calls_them() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let whose = json!({ "reference": format!("Patient/{}", patient.id) });
    for (kind, entry) in [
        ("AllergyIntolerance", json!({ "patient": whose, "code": { "text": "Latex" } })),
        ("Coverage", json!({ "beneficiary": whose, "status": "active", "payor": [{ "display": "City Health" }] })),
        ("Condition", json!({ "subject": whose, "code": { "text": "Hay fever" } })),
    ] {
        let mut entry = entry;
        entry["resourceType"] = kind.into();
        app.post(&format!("/fhir/{kind}"), &patient, entry).await.expect(201);
    }
    let list = app.get("/api/records/my-records", &patient).await.expect(200).json();
    let authors: Vec<&Value> = list["records"].as_array().unwrap().iter().map(|record| &record["author"]).collect();
    assert_eq!(authors, [&json!("Odette Quillfeather"); 3], "{list}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_understood_is_refused_with_what_to_do() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    for (query, path) in [
        ("kind=moods", "kind"),
        ("from=yesterday", "from"),
        ("count=0", "count"),
        ("count=201", "count"),
        ("before=AAAA", "before"),
        ("page=2", "page"),
    ] {
        let problem = app.get(&format!("/api/records/my-records?{query}"), &patient).await.expect(400).json();
        assert_eq!(problem["issues"][0]["path"], path, "{problem}");
    }
    let doctor = app.practitioner("Dr Reader", &[]).await;
    let problem = app.get("/api/records/my-records", &doctor).await.expect(403).json();
    assert!(problem["detail"].as_str().unwrap().contains("/api/doctors/patient-records/"), "{problem}");
    app.get("/api/records/my-records", &app.administrator("Admin").await).await.expect(403);
    app.get("/api/records/my-records", None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_reads_what_a_grant_covers_until_it_is_revoked() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.create(&sample::condition(&patient.id, "Zymurgical fever")).await;
    app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 73.5)).await;
    let path = format!("/api/doctors/patient-records/{}", patient.id);
    let refused = app.get(&path, &doctor).await.expect(404);
    assert_eq!(refused.json()["detail"], app.get("/api/doctors/patient-records/x", &doctor).await.json()["detail"]);

    let grant = app.grant_with(&patient, &doctor, json!({ "categories": ["vital"] })).await;
    let list = app.get(&path, &doctor).await.expect(200).json();
    assert_eq!((titles(&list), &list["next"]), (vec!["Heart rate".to_owned()], &Value::Null));
    let read = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    assert_eq!((&read["entries"][0]["action"], &read["entries"][0]["count"]), (&json!("read"), &json!(1)), "{read}");

    app.revoke(&patient, &grant).await;
    app.get(&path, &doctor).await.expect(404);
}
