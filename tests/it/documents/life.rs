//! A document from its first day to its last: named, shared, deleted, brought back, taken along, erased.

use super::desk::{REPORT, added, files};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp};

async fn list(app: &TestApp, who: &Person, patient: &str, query: &str) -> Value {
    app.get(&format!("/api/patients/{patient}/documents{query}"), who).await.expect(200).json()
}

fn titles(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_are_named_found_and_shared_as_far_as_a_grant_goes() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let old = added(&app, &patient, "old.txt", "An old letter").await;
    let new = added(&app, &patient, "new.txt", "A new letter").await;
    let place = format!("/api/documents/{}", old["id"].as_str().unwrap());
    let form = json!({
        "title": "Discharge from Riverside", "kind": "18842-5", "date": "2019-05-06", "organization": "Riverside", "tags": ["heart"]
    });
    let changed = app.post(&format!("{place}/change"), &patient, form).await.expect(200).json();
    assert_eq!(changed["kind"]["display"], "Discharge summary");
    let wrong =
        app.post(&format!("{place}/change"), &patient, json!({ "kind": "1-8", "date": "soon" })).await.expect(422);
    assert_eq!(wrong.json()["issues"].as_array().unwrap().len(), 2);
    let cleared =
        app.post(&format!("{place}/change"), &patient, json!({ "organization": null })).await.expect(200).json();
    assert_eq!((&cleared["organization"], &cleared["date"]), (&Value::Null, &json!("2019-05-06")));

    let all = list(&app, &patient, &patient.id, "").await;
    assert_eq!(titles(&all), ["new", "Discharge from Riverside"]);
    assert_eq!(all["kinds"], json!([{ "code": "18842-5", "display": "Discharge summary", "count": 1 }]));
    // The year that a document is of, else the one in which it was added; none that holds nothing.
    assert_eq!((all["years"].as_array().unwrap().len(), &all["years"][0]["count"]), (2, &json!(1)));
    assert_eq!(all["years"][1], json!({ "year": 2019, "count": 1 }));
    let long = format!("?q={}", "a".repeat(500));
    for (query, found) in [
        ("?q=disch%20river", vec!["Discharge from Riverside"]),
        ("?q=nowhere", vec![]),
        ("?q=%25", vec![]),
        (long.as_str(), vec![]),
        ("?tag=Heart", vec!["Discharge from Riverside"]),
        ("?to=2020-01-01", vec!["Discharge from Riverside"]),
        ("?kind=18842-5&from=2020-01-01", vec![]),
        ("?sort=title", vec!["Discharge from Riverside", "new"]),
        ("?sort=date", vec!["Discharge from Riverside", "new"]),
        ("?type=application/pdf", vec![]),
    ] {
        assert_eq!(titles(&list(&app, &patient, &patient.id, query).await), found, "{query}");
    }
    let first = list(&app, &patient, &patient.id, "?count=1").await;
    let next = format!("?count=1&before={}", first["next"].as_str().unwrap());
    assert_eq!(titles(&list(&app, &patient, &patient.id, &next).await), ["Discharge from Riverside"]);

    for (query, path) in [("count=0", "count"), ("count=201", "count"), ("from=2026-11-22T10:00:00Z", "from")] {
        let asked = format!("/api/patients/{}/documents?{query}", patient.id);
        assert_eq!(app.get(&asked, &patient).await.expect(400).json()["issues"][0]["path"], path, "{query}");
    }

    // A doctor who was let see what is from 2020 on sees one document, and nothing tells of the other.
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.get(&format!("/api/patients/{}/documents", patient.id), &doctor).await.expect(404);
    let grant = app.grant_with(&patient, &doctor, json!({ "from": "2020-01-01" })).await;
    let seen = list(&app, &doctor, &patient.id, "").await;
    assert_eq!((titles(&seen), &seen["kinds"], &seen["tags"]), (vec!["new"], &json!([]), &json!([])));
    assert_eq!(seen["years"], json!([all["years"][0]]));
    assert_eq!(titles(&list(&app, &doctor, &patient.id, "?q=riverside").await), Vec::<&str>::new());
    app.get(&place, &doctor).await.expect(404);
    app.get(&format!("{place}/content"), &doctor).await.expect(404);
    let shared = format!("/api/documents/{}", new["id"].as_str().unwrap());
    assert_eq!(app.get(&format!("{shared}/content"), &doctor).await.expect(200).text(), "A new letter");
    app.post(&format!("{shared}/delete"), &doctor, json!({})).await.expect(403);
    let told = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).text();
    assert!(told.contains("DocumentReference"), "{told}");
    app.revoke(&patient, &grant).await;
    app.get(&format!("{shared}/content"), &doctor).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_document_can_be_brought_back_for_thirty_days() {
    let start = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
    let clock = Arc::new(FixedClock::at(start));
    let app = TestApp::with_clock(clock.clone());
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    app.grant(&patient, &doctor).await;
    let document = added(&app, &patient, "letter.txt", REPORT).await;
    let place = format!("/api/documents/{}", document["id"].as_str().unwrap());
    for _ in 0..2 {
        let deleted = app.post(&format!("{place}/delete"), &patient, json!({})).await.expect(200).json();
        assert_eq!(deleted["gone"], "2026-12-22T08:00:00.000Z");
    }
    app.get(&place, &doctor).await.expect(410);
    app.get(&format!("{place}/content"), &doctor).await.expect(410);
    assert_eq!(titles(&list(&app, &doctor, &patient.id, "?deleted=true").await), Vec::<&str>::new());
    assert_eq!(titles(&list(&app, &patient, &patient.id, "").await), Vec::<&str>::new());
    assert_eq!(titles(&list(&app, &patient, &patient.id, "?deleted=true").await), ["letter"]);
    app.post(&format!("{place}/change"), &patient, json!({ "title": "x" })).await.expect(409);
    app.post(&format!("{place}/restore"), &patient, json!({})).await.expect(200);
    assert_eq!(app.get(&format!("{place}/content"), &doctor).await.expect(200).text(), REPORT);
    // Deleted as a FHIR resource, it goes the same way.
    app.delete(&format!("/fhir/DocumentReference/{}", document["id"].as_str().unwrap()), &patient).await.expect(204);
    app.run_jobs().await;
    clock.advance_ms(31 * 24 * 3_600_000);
    let patient = app.again(&patient).await;
    app.run_jobs().await;
    app.run_jobs().await;
    app.get(&place, &patient).await.expect(410);
    assert!(files(&app).is_empty(), "{:?}", files(&app));
    assert_eq!(titles(&list(&app, &patient, &patient.id, "?deleted=true").await), Vec::<&str>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_record_takes_its_files_along() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let other = app.patient("Somebody else").await;
    added(&app, &patient, "letter.txt", REPORT).await;
    added(&app, &other, "letter.txt", "Of somebody else").await;
    super::desk::begin(&app, &patient, 100).await.expect(201);
    app.run_jobs().await;
    let before = files(&app).len();
    app.post(&format!("/api/patients/{}/erase", patient.id), &patient, json!({ "confirm": "erase" })).await.expect(200);
    app.run_jobs().await;
    assert!(files(&app).len() < before);
    let left = app.house.db.read(|tx| {
        let mut left = 0;
        for table in ["document", "document_text", "document_term", "document_value", "upload"] {
            left += tx.count(&format!("SELECT COUNT(*) FROM {table}"), &[])?;
        }
        let documents = tx.count("SELECT COUNT(*) FROM document", &[])?;
        Ok::<_, db::DbError>((left > 0, documents))
    });
    assert_eq!(left.await.unwrap(), (true, 1), "the other patient's is all that is left");
    assert_eq!(list(&app, &other, &other.id, "").await["items"].as_array().unwrap().len(), 1);
}
