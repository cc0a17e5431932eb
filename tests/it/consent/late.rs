//! What was let in at the door and takes its time: whoever lost the right on the way writes nothing any more.

use super::family::chosen;
use fhir::Kind;
use kernel::{Actor, Ctx, Id, Pass, Problem, Purpose};
use serde_json::json;
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
    plain(1).await.unwrap();
    beside(2).await.unwrap();
    assert_eq!(entries().await, 2);

    app.post(&format!("/api/family/{delegation}/end"), &patient, json!({})).await.expect(204);
    assert_eq!(plain(3).await.unwrap_err().status, 422);
    let late = beside(4).await;
    assert_eq!(late.map(|_| ()).unwrap_err().status, 422);
    assert_eq!(entries().await, 2, "nothing landed");
}
