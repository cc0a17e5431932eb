//! Names of the directory, found by each of their words, also those that were there before that was possible.

use serde_json::{Value, json};
use testkit::{Person, TestApp};

async fn directory(app: &TestApp, who: &Person, query: &str) -> Vec<String> {
    let found = app.get(&format!("/api/directory?query={query}"), who).await.expect(200).json();
    found["items"].as_array().unwrap().iter().map(|item| item["name"].as_str().unwrap().to_owned()).collect()
}

async fn fhir(app: &TestApp, who: &Person, query: &str) -> Value {
    app.get(&format!("/fhir/{query}"), who).await.expect(200).json()["total"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinic_is_found_by_each_word_of_its_name() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let clinic =
        json!({ "resourceType": "Organization", "name": "Riverside Heart-Clinic (North)", "alias": ["Old Mill"] });
    app.create(&clinic).await;
    app.create(&json!({ "resourceType": "Organization", "name": "Hillside Clinic" })).await;
    for query in ["river", "HEART", "clin%20river", "heart-clinic%20%26%20(north)", "mill", "riverside%20heart"] {
        assert_eq!(directory(&app, &patient, query).await, ["Riverside Heart-Clinic (North)"], "{query}");
    }
    assert_eq!(directory(&app, &patient, "clinic").await.len(), 2);
    for query in ["iver", "eart", "hill%20north", "linic"] {
        assert_eq!(directory(&app, &patient, query).await, [""; 0], "{query}");
    }
    assert_eq!(fhir(&app, &patient, "Organization?name=heart").await, 1);
    assert_eq!(fhir(&app, &patient, "Organization?name:exact=Heart").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_here_before_is_filled_in_once_and_can_be_changed_after() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let name = |name: &str| json!({ "resourceType": "Organization", "name": name });
    let clinic = app.create(&name("Riverside Heart Clinic")).await;
    for n in 0..205 {
        app.create(&name(&format!("Practice number{n}"))).await;
    }
    let mira = json!({ "resourceType": "Practitioner", "name": [{ "given": ["Dr Mira Ann"], "family": "Dyk" }] });
    app.create(&mira).await;
    // As it was before: nothing is found by a word, and of a name only its first letters.
    app.house.db.write(|tx| tx.execute("DELETE FROM str", &[])).await.unwrap();
    assert_eq!(directory(&app, &patient, "heart").await, [""; 0]);

    let migration = include_str!("../../../migrations/0038_records_word.sql");
    let blob = if std::env::var("TEST_DATABASE_URL").is_ok() { "BYTEA" } else { "BLOB" };
    let lines: Vec<&str> = migration.lines().filter(|line| !line.starts_with("--")).collect();
    let text = lines.join(" ").replace("BLOB", blob);
    let begin = move |tx: &mut db::Tx<'_>| {
        text.split(';').filter(|one| !one.trim().is_empty()).try_for_each(|one| tx.execute(one, &[]).map(drop))
    };
    app.house.db.write(begin).await.unwrap();
    app.run_jobs().await;
    assert_eq!(directory(&app, &patient, "heart").await, ["Riverside Heart Clinic"]);
    assert_eq!(directory(&app, &patient, "number204").await, ["Practice number204"]);
    assert_eq!(directory(&app, &patient, "mira").await, ["Dr Mira Ann Dyk"]);
    assert_eq!(
        app.house.db.read(|tx| tx.count("SELECT COUNT(*) FROM job WHERE kind = 'names-by-word'", &[])).await.unwrap(),
        0
    );

    // What was filled in goes with a change of the name.
    let mut other = name("Riverside Lung Clinic");
    other["id"] = json!(clinic);
    let (kind, bytes) = (fhir::Kind::Organization, other.to_string().into_bytes());
    ::records::change::update(&app.house, &app.operator(), kind, &clinic, None, bytes).await.unwrap();
    assert_eq!(directory(&app, &patient, "heart").await, [""; 0]);
    assert_eq!(directory(&app, &patient, "lung").await, ["Riverside Lung Clinic"]);
}
