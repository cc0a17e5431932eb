//! A database that is put back from a copy made before an erasure: with the master key of today it opens nothing of whoever was
//! erased since, and the ledger verifies.

use serde_json::json;
use server::config::{self, Config, Given};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use testkit::{TestApp, sample};

/// Copies the whole database as an operator backs it up.
fn copy(app: &TestApp, to: &Path) -> Given {
    let mut given = Given { data: to.to_owned(), ..Given::default() };
    if app.config.database_url.contains("://") {
        let url = db::testing::empty_postgres(&std::env::var("TEST_DATABASE_URL").unwrap());
        let mut dump =
            Command::new("pg_dump").arg(&app.config.database_url).stdout(Stdio::piped()).spawn().expect("pg_dump");
        let read = Command::new("psql")
            .args(["-q", "-v", "ON_ERROR_STOP=1", &url])
            .stdin(dump.stdout.take().unwrap())
            .stdout(Stdio::null())
            .status();
        assert!(read.expect("psql").success() && dump.wait().unwrap().success());
        given.database = Some(url);
    } else {
        app.house.db.settle().unwrap();
        std::fs::copy(&app.config.database_url, to.join(Path::new(&app.config.database_url).file_name().unwrap()))
            .unwrap();
    }
    given
}

/// Puts the key files of today beside the copy; without the marks, as if they had been lost.
fn keys(app: &TestApp, to: &Path, marks: bool) {
    let today = app.folder.path();
    std::fs::copy(today.join("master.key"), to.join("master.key")).unwrap();
    if marks {
        std::fs::copy(today.join("master.erased"), to.join("master.erased")).unwrap();
    }
}

/// How many keys of patients and rows of records the copy opens with, and whether its ledger is content.
fn opened(config: &Config) -> (i64, i64, bool) {
    let house = server::house::open(config).unwrap();
    let inside = house.clone();
    house
        .db
        .read_blocking(move |tx| {
            let keys = tx.count("SELECT COUNT(*) FROM data_key WHERE owner > 0", &[])?;
            let rows = tx.count("SELECT COUNT(*) FROM resource WHERE patient > 0", &[])?;
            let content = ledger::verify(tx, &inside.ledger, |_| {}).is_ok();
            Ok::<_, db::DbError>((keys, rows, content))
        })
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_from_before_an_erasure_opens_nothing_with_the_keys_of_today() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Ada Byron", &[]).await);
    let other = app.patient("Somebody Else").await;
    let reading = app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 61.0)).await;
    app.grant(&patient, &doctor).await;
    let path = format!("/fhir/Observation/{reading}");
    app.get(&path, &doctor).await.expect(200);
    let folder = tempfile::tempdir().unwrap();
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    std::fs::create_dir(&first).unwrap();
    std::fs::create_dir(&second).unwrap();
    let copies = [copy(&app, &first), copy(&app, &second)];

    let begun = Instant::now();
    app.post(&format!("/api/patients/{}/erase", patient.id), &patient, json!({ "confirm": "erase" })).await.expect(200);
    app.get(&path, &doctor).await.expect(404);
    app.get("/api/grants", &patient).await.expect(401);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
    app.get(&format!("/fhir/Patient/{}", other.id), &other).await.expect(200);

    let [kept, lost] = copies.map(|given| config::load(&given, std::iter::empty()).unwrap());
    keys(&app, &second, false);
    assert_eq!(opened(&lost), (2, 3, true), "the copy does hold the record, so that the rest means something");
    keys(&app, &first, true);
    assert_eq!(opened(&kept), (1, 1, true), "what was erased is erased again, and nobody else lost anything");
    assert_eq!(opened(&kept), (1, 1, true));
}
