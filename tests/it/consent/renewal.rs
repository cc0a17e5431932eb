//! A grant is renewed with one tap, both sides hear in time that it ends, and nothing that it ever said is lost.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const NOW: i64 = 1_780_000_000_000;

fn at(ms: i64) -> String {
    Timestamp(ms).to_rfc3339()
}

async fn ending_notices(app: &TestApp, who: &Person) -> Vec<Value> {
    let inbox = app.get("/api/inbox", who).await.expect(200).json();
    let items = inbox["items"].as_array().unwrap().iter();
    items.filter(|n| n["title"].as_str().unwrap().contains("ends soon")).cloned().collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn both_sides_hear_in_time_that_access_ends_and_one_tap_renews_it_for_the_same_time() {
    let clock = Arc::new(FixedClock::at(Timestamp(NOW)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let grant = app.grant_with(&patient, &doctor, json!({ "until": at(NOW + 30 * DAY) })).await;
    let renew = format!("/api/grants/{}/renew", grant["id"]);

    clock.advance_ms(27 * DAY - 1000);
    app.run_jobs().await;
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    assert!(ending_notices(&app, &patient).await.is_empty(), "too early to be of use");
    clock.advance_ms(1000);
    app.run_jobs().await;
    let told = ending_notices(&app, &patient).await;
    assert_eq!(told.len(), 1, "a tenth of its time before the end");
    assert_eq!(told[0]["link"], format!("/sharing?renew={}", grant["id"]));
    assert_eq!(ending_notices(&app, &doctor).await.len(), 1);

    let now = clock.now().0;
    let renewed = app.post(&renew, &patient, Value::Null).await.expect(200).json();
    assert_eq!(renewed["until"], at(now + 30 * DAY));
    assert_eq!(app.post(&renew, &patient, Value::Null).await.expect(200).json(), renewed, "twice is once");
    clock.advance_ms(30_000);
    assert_eq!(app.post(&renew, &patient, Value::Null).await.expect(200).json(), renewed, "and so is a second tap");
    app.post(&renew, &doctor, Value::Null).await.expect(404);
    // The old end passes, the reader reads on, and the old warning is not said again.
    clock.advance_ms(4 * DAY);
    app.run_jobs().await;
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    app.get(&format!("/fhir/Patient/{}", patient.id), &doctor).await.expect(200);
    assert_eq!(ending_notices(&app, &patient).await.len(), 1);

    // What was ended by its date can be renewed; what was revoked, or has no end, cannot.
    clock.advance_ms(30 * DAY);
    app.run_jobs().await;
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    app.get(&format!("/fhir/Patient/{}", patient.id), &doctor).await.expect(404);
    app.post(&renew, &patient, Value::Null).await.expect(200);
    app.get(&format!("/fhir/Patient/{}", patient.id), &doctor).await.expect(200);
    app.revoke(&patient, &grant).await;
    app.post(&renew, &patient, Value::Null).await.expect(409);
    let endless = app.grant(&patient, &doctor).await;
    app.post(&format!("/api/grants/{}/renew", endless["id"]), &patient, Value::Null).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_asks_for_renewal_once_a_day_and_only_under_what_they_read() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let stranger = app.practitioner("Dr Ann Other", &[]).await;
    let until = at(app.house.clock.now().0 + DAY);
    let grant = app.grant_with(&patient, &doctor, json!({ "until": until })).await;
    let ask = format!("/api/grants/{}/ask-renewal", grant["id"]);
    app.post(&ask, &stranger, Value::Null).await.expect(404);
    app.post(&ask, &patient, Value::Null).await.expect(404);
    app.post(&ask, &doctor, Value::Null).await.expect(204);
    app.post(&ask, &doctor, Value::Null).await.expect(204);
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json();
    let asked = inbox["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "access-request").count();
    assert_eq!(asked, 1, "{inbox}");
    app.revoke(&patient, &grant).await;
    app.post(&ask, &doctor, Value::Null).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_grant_says_who_did_what_and_what_it_said_then() {
    let clock = Arc::new(FixedClock::at(Timestamp(NOW)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let first = json!({ "until": at(NOW + DAY), "categories": ["vital"], "labels": ["hiv"], "note": "For my heart" });
    let grant = app.grant_with(&patient, &doctor, first).await;
    let id = &grant["id"];
    app.post(&format!("/api/grants/{id}/extend"), &patient, json!({ "until": at(NOW + 3 * HOUR) })).await.expect(200);
    clock.advance_ms(4 * HOUR);
    app.run_jobs().await;
    let patient = app.again(&patient).await;
    app.post(&format!("/api/grants/{id}/renew"), &patient, Value::Null).await.expect(200);
    app.revoke(&patient, &grant).await;

    let history = format!("/api/grants/{id}/history");
    let said = app.get(&history, &patient).await.expect(200).json();
    let acts: Vec<_> = said["versions"].as_array().unwrap().iter().map(|v| (&v["act"], &v["by"])).collect();
    let (own, nobody) = (json!("Asha Rao"), Value::Null);
    let expected = [("revoked", &own), ("renewed", &own), ("expired", &nobody), ("changed", &own), ("given", &own)];
    assert_eq!(acts, expected.map(|(act, by)| (json!(act), by)).iter().map(|(a, b)| (a, *b)).collect::<Vec<_>>());
    // What was agreed to is named where the patient agreed, and its words can be read by everybody.
    let texts: Vec<_> = said["versions"].as_array().unwrap().iter().map(|v| v["text"].as_i64()).collect();
    let newest = app.get("/api/consent-texts", None).await.expect(200).json()["texts"][0].clone();
    let agreed = newest["version"].as_i64();
    assert_eq!(texts, [None, agreed, None, agreed, agreed]);
    let one = app.get(&format!("/api/consent-texts/{}", newest["version"]), &patient).await.expect(200).json();
    assert_eq!(one, newest);
    assert!(one["text"].as_str().unwrap().contains("Every reading is written into your access log"));
    app.get("/api/consent-texts/0", None).await.expect(404);
    let given = &said["versions"][4]["says"];
    assert_eq!((&given["until"], &given["note"]), (&json!(at(NOW + DAY)), &json!("For my heart")));
    assert_eq!((&given["categories"], &given["labels"]), (&json!(["vital"]), &json!(["hiv"])));
    // Three hours were said last, so three hours are given again.
    assert_eq!(said["versions"][1]["says"]["until"], at(NOW + 7 * HOUR));
    for other in [&app.again(&doctor).await, &app.patient("Bo Lind").await] {
        app.get(&history, other).await.expect(404);
    }
}
