//! What was let in at the door and takes its time: whoever lost the right on the way writes nothing any more.

use super::family::chosen;
use crate::identity::oauth::{connected, registered, text};
use fhir::Kind;
use http::{HeaderMap, HeaderValue, Method, Uri};
use kernel::{Actor, Ctx, Id, Pass, Problem, Purpose};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

/// The context in which somebody's request for another's record passed the door.
async fn passed(app: &TestApp, who: &Person, record: &str) -> Ctx {
    let (sql, account) = ("SELECT patient FROM account WHERE account = ?1", who.account);
    let own: Result<i64, db::DbError> = app.house.db.read(move |tx| tx.count(sql, &[account.into()])).await;
    let own = Ctx {
        actor: Actor::Patient { account: Id::new(account), patient: Id::new(own.unwrap()) },
        name: Arc::from(who.username.as_str()),
        purpose: Purpose::Patient,
        pass: Pass { fresh: Some(app.house.clock.now()), ..Pass::default() },
        ..app.operator()
    };
    consent::family::enter(&app.house, own, record).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_a_record_no_longer_writes_nothing_that_was_let_in_before() {
    let app = TestApp::start();
    let (patient, deputy) = (app.patient("Asha Rao").await, app.patient("Ravi Rao").await);
    let delegation = chosen(&app, &patient, &deputy, json!({})).await;
    let ctx = passed(&app, &deputy, &patient.id).await;
    let body = |hour: u8| {
        let time = format!("2026-01-05T{hour:02}:00:00Z");
        sample::heart_rate(&patient.id, &time, 61.0).to_string().into_bytes()
    };
    let plain = async |hour| records::change::create(&app.house, &ctx, Kind::Observation, body(hour)).await;
    let beside = async |hour: u8| {
        let (h, c, bytes) = (app.house.clone(), ctx.clone(), body(hour));
        let id = format!("beside-{hour}");
        let written = app.house.db.write(move |tx| {
            records::beside::create(tx, &h, &c, (Kind::Observation, &id), &bytes).map_err(Problem::from)
        });
        written.await
    };
    let entries = async || {
        let path = format!("/fhir/Observation?patient={}&_summary=count", patient.id);
        app.get(&path, &patient).await.expect(200).json()["total"].as_i64().unwrap()
    };
    // What is no row of the record has no condition that would say it: it is asked for.
    let drafts = async || {
        let (h, c) = (app.house.clone(), ctx.clone());
        let read = move |tx: &mut db::Tx<'_>| consent::edit::list(&c, &h, tx).map_err(Problem::from);
        app.house.db.read(read).await.map(|drafts| drafts.len())
    };
    plain(1).await.unwrap();
    beside(2).await.unwrap();
    assert_eq!((entries().await, drafts().await.unwrap()), (2, 0));

    app.post(&format!("/api/family/{delegation}/end"), &patient, json!({})).await.expect(204);
    assert_eq!(plain(3).await.unwrap_err().status, 422);
    let late = beside(4).await;
    assert_eq!(late.map(|_| ()).unwrap_err().status, 422);
    assert_eq!(drafts().await.unwrap_err().status, 404);
    assert_eq!(entries().await, 2, "nothing landed");
}

/// The context in which an app's request passed the door.
async fn passed_by_app(app: &TestApp, token: &Value) -> Ctx {
    let bearer = format!("Bearer {}", text(token, "access_token"));
    let mut headers = HeaderMap::new();
    headers.insert("host", HeaderValue::from_static("localhost"));
    headers.insert("authorization", bearer.parse().unwrap());
    let path = Uri::from_static("/fhir/Observation");
    identity::oauth::authenticate(&app.house, &Method::GET, &path, &headers, 1).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_whose_permission_was_taken_back_on_the_way_reads_and_writes_nothing() {
    let app = TestApp::start();
    let (patient, admin) = (app.patient("Asha Rao").await, app.administrator("Robin").await);
    let clinic = app.service("Hillside", "Hillside").await;
    let client = registered(&app, &admin, json!({})).await;
    let token = connected(&app, &patient, &client, "offline_access patient/*.cruds").await;
    let ctx = passed_by_app(&app, &token).await;
    let body = |hour: u8| {
        let time = format!("2026-01-05T{hour:02}:00:00Z");
        sample::heart_rate(&patient.id, &time, 61.0).to_string().into_bytes()
    };
    let create = async |hour| records::change::create(&app.house, &ctx, Kind::Observation, body(hour)).await;
    let first = create(1).await.unwrap().stored.id().to_owned();
    let read = async || records::service::read(&app.house, &ctx, Kind::Observation, &first).await.map(|_| ());
    let found = async || {
        let query = records::search::parse(Kind::Observation, &[]).unwrap();
        let page = records::service::search(&app.house, &ctx, query).await.unwrap();
        records::service::out(&app.house, page).await.unwrap().matches.len()
    };
    let delete = async || records::change::delete(&app.house, &ctx, Kind::Observation, &first).await;
    // What is about no record is met by no condition on rows: as a clinic's own program writes it.
    let account = Id::new(clinic.account);
    let organization = Id::new(1);
    let program = Ctx { actor: Actor::Service { account, organization }, ..ctx.clone() };
    let nobodys = async || {
        let body = json!({ "resourceType": "Medication", "code": { "text": "Aspirin" } }).to_string().into_bytes();
        records::change::create(&app.house, &program, Kind::Medication, body).await
    };
    let bundle = async |hour| {
        let entry = sample::heart_rate(&patient.id, &format!("2026-01-05T{hour:02}:00:00Z"), 61.0);
        let content = sample::transaction(&[entry]).to_string().into_bytes();
        let (house, ctx) = (app.house.clone(), ctx.clone());
        let done = tokio::task::spawn_blocking(move || {
            records::bundle::process(&house, &ctx, content, &records::bundle::Options::default())
        });
        done.await.unwrap()
    };
    nobodys().await.unwrap();
    bundle(2).await.unwrap();
    assert_eq!((found().await, read().await.is_ok()), (2, true));

    let list = app.get("/api/apps", &patient).await.expect(200).json();
    app.post(&format!("/api/apps/{}/revoke", list["apps"][0]["id"]), &patient, json!({})).await.expect(204);
    let status = |done: Result<(), Problem>| done.unwrap_err().status;
    assert_eq!((found().await, status(read().await)), (0, 404));
    assert_eq!(status(create(3).await.map(drop)), 422, "there is no such patient for the app");
    assert_eq!(status(bundle(4).await.map(drop)), 422);
    assert_eq!(status(nobodys().await.map(drop)), 401);
    assert_eq!(status(delete().await), 401);
    let path = format!("/fhir/Observation?patient={}&_summary=count", patient.id);
    assert_eq!(app.get(&path, &patient).await.expect(200).json()["total"], 2, "nothing landed and nothing went");
}
