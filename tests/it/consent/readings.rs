//! Who reads a record is told to its owner, with the entry that the ledger keeps, and as the owner wishes.

use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

async fn told(app: &TestApp, who: &Person) -> Vec<(String, String)> {
    let inbox = app.get("/api/inbox", who).await.expect(200).json();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    inbox["items"].as_array().unwrap().iter().map(|n| (text(&n["kind"]), text(&n["title"]))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_hears_once_a_day_who_reads_and_by_letter_of_somebody_new() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &["City Clinic"]).await);
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let condition = format!("/fhir/Condition/{condition}");
    app.get(&condition, &doctor).await.expect(404);
    app.get(&condition, &patient).await.expect(200);
    assert_eq!(told(&app, &patient).await, [], "neither a refusal nor one's own reading");
    app.grant(&patient, &doctor).await;
    for _ in 0..3 {
        app.get(&condition, &doctor).await.expect(200);
        app.get(&format!("/api/patients/{}/summary", patient.id), &doctor).await.expect(200);
    }
    let first = "Dr Kim Lee of City Clinic read your record for the first time";
    assert_eq!(told(&app, &patient).await, [("new-reader".to_owned(), first.to_owned())]);
    app.run_jobs().await;
    let sent = app.outbox.mails();
    assert_eq!((sent.len(), sent[0].mail.subject.as_str()), (1, format!("HealthSync: {first}").as_str()));
    assert!(!sent[0].mail.text.contains("Hypertension"));

    clock.advance_ms(24 * 3_600_000);
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    app.get(&condition, &doctor).await.expect(200);
    let again = "Dr Kim Lee of City Clinic read your record";
    assert_eq!(told(&app, &patient).await[0], ("read".to_owned(), again.to_owned()));
    app.put("/api/inbox/wishes", &patient, json!({ "ways": { "read": "off" } })).await.expect(200);
    clock.advance_ms(24 * 3_600_000);
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    app.get(&condition, &doctor).await.expect(200);
    app.run_jobs().await;
    let notices = told(&app, &patient).await;
    assert_eq!(notices.iter().filter(|(kind, _)| kind == "read").count(), 1, "{notices:?}");
    let seen = app.get("/api/ledger/entries?reads=others", &patient).await.expect(200).json();
    assert!(seen["entries"].as_array().unwrap().len() >= 3, "the ledger has it whatever is wished");
}
