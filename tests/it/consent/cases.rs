//! Cases: a patient asks why their record was read, and is answered, in time or with everybody told.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

const QUESTION: &str = "I was not at your practice that day. Why did you look?";

/// A doctor with a grant read the record; the number of that entry.
async fn read(app: &TestApp, patient: &Person, doctor: &Person) -> i64 {
    let condition = app.create(&sample::condition(&patient.id, "Hypertension")).await;
    app.grant(patient, doctor).await;
    app.get(&format!("/fhir/Condition/{condition}"), doctor).await.expect(200);
    entry(app, patient, "read").await
}

async fn entry(app: &TestApp, patient: &Person, action: &str) -> i64 {
    let seen = app.get("/api/ledger/entries", patient).await.expect(200).json();
    let entries = seen["entries"].as_array().unwrap();
    entries.iter().find(|e| e["action"] == action).unwrap()["seq"].as_i64().unwrap()
}

async fn ask(app: &TestApp, patient: &Person, entry: i64) -> Value {
    app.post("/api/cases", patient, json!({ "entry": entry, "question": QUESTION })).await.expect(201).json()
}

async fn told(app: &TestApp, who: &Person) -> Vec<String> {
    let inbox = app.get("/api/inbox", who).await.expect(200).json();
    let items = inbox["items"].as_array().unwrap().iter().filter(|n| n["kind"] == "case");
    items.map(|n| n["title"].as_str().unwrap().to_owned()).collect()
}

async fn only(app: &TestApp, who: &Person) -> Value {
    let cases = app.get("/api/cases", who).await.expect(200).json();
    assert_eq!(cases["cases"].as_array().unwrap().len(), 1, "{cases}");
    cases["cases"][0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_reaches_who_read_and_the_administrators_and_the_answer_comes_back() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &["Riverside"]).await);
    let admin = app.administrator("Ada Min").await;
    let seq = read(&app, &patient, &doctor).await;
    let case = ask(&app, &patient, seq).await;
    assert_eq!((&case["state"], &case["reader"]["name"]), (&json!("waiting"), &json!("Dr Kim Lee")));
    assert_eq!((told(&app, &doctor).await.len(), told(&app, &admin).await.len()), (1, 1));
    for who in [&doctor, &admin] {
        let seen = only(&app, who).await;
        assert_eq!((&seen["messages"][0]["text"], &seen["patient"]), (&json!(QUESTION), &json!("Asha Rao")));
        assert_eq!(seen["may"], json!(["say"]));
    }
    let path = format!("/api/cases/{}", case["id"]);
    let answer = json!({ "text": "The laboratory sent your values that day." });
    let answered = app.post(&format!("{path}/messages"), &doctor, answer).await.expect(200).json();
    assert_eq!((&answered["state"], &answered["due"]), (&json!("answered"), &Value::Null));
    assert_eq!(told(&app, &patient).await, ["Dr Kim Lee answered your question"]);

    // Not satisfied: now an administrator owes the answer, and the reader does not speak for them.
    let object = json!({ "text": "No value came that day." });
    let objected = app.post(&format!("{path}/object"), &patient, object.clone()).await.expect(200).json();
    assert_eq!(objected["state"], "dissatisfied");
    app.post(&format!("{path}/messages"), &doctor, object.clone()).await.expect(409);
    app.post(&format!("{path}/messages"), &admin, json!({ "text": "We looked into it." })).await.expect(200);
    app.post(&format!("{path}/close"), &patient, Value::Null).await.expect(200);
    app.post(&format!("{path}/messages"), &admin, object).await.expect(409);
    let seen = only(&app, &patient).await;
    let from: Vec<&str> = seen["messages"].as_array().unwrap().iter().map(|m| m["from"].as_str().unwrap()).collect();
    assert_eq!(from, ["patient", "reader", "patient", "administrator"]);
    for action in ["question", "answer", "settle"] {
        entry(&app, &patient, action).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_case_is_nobody_elses_and_only_about_what_others_did_with_ones_own_record() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let (stranger, other) = (app.patient("Ben Stranger").await, app.practitioner("Dr Ole Other", &[]).await);
    let seq = read(&app, &patient, &doctor).await;
    let own = entry(&app, &patient, "grant").await;
    let form = |entry: i64| json!({ "entry": entry, "question": QUESTION });
    app.post("/api/cases", None, form(seq)).await.expect(401);
    app.post("/api/cases", &doctor, form(seq)).await.expect(404);
    for (who, entry) in [(&stranger, seq), (&patient, own), (&patient, 999_999)] {
        app.post("/api/cases", who, form(entry)).await.expect(422);
    }
    app.post("/api/cases", &patient, json!({ "entry": seq, "question": "why" })).await.expect(422);
    let case = ask(&app, &patient, seq).await;
    app.post("/api/cases", &patient, form(seq)).await.expect(409);
    for who in [&stranger, &other] {
        assert_eq!(app.get("/api/cases", who).await.expect(200).json()["cases"], json!([]));
        for act in ["messages", "object", "close"] {
            let path = format!("/api/cases/{}/{act}", case["id"]);
            app.post(&path, who, json!({ "text": "Let me in" })).await.expect(404);
        }
    }
    // Only the patient ends a case or objects, and only to an answer.
    for act in ["object", "close"] {
        let path = format!("/api/cases/{}/{act}", case["id"]);
        app.post(&path, &doctor, json!({ "text": "Enough" })).await.expect(404);
    }
    let path = format!("/api/cases/{}/object", case["id"]);
    app.post(&path, &patient, json!({ "text": "Nothing yet" })).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_helper_read_is_between_the_patient_and_the_administrators() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let admin = app.administrator("Ada Min").await;
    let condition = app.create(&sample::condition(&mother.id, "Hypertension")).await;
    let all = json!(["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"]);
    super::family::chosen(&app, &mother, &daughter, json!({ "labels": all })).await;
    let path = format!("/fhir/Condition/{condition}");
    assert_eq!(super::family::reads(&app, &daughter, &mother.id, &path).await, 200);
    let seq = entry(&app, &mother, "read").await;
    let case = ask(&app, &mother, seq).await;
    assert_eq!(case["reader"]["name"], "Lena Sol");
    assert_eq!((told(&app, &daughter).await.len(), told(&app, &admin).await.len()), (0, 1));
    // In the record that they look after, they neither see nor end nor answer what is asked about them.
    let seen = app.send_in(&mother.id, "GET", "/api/cases", &daughter, None).await.expect(200).json();
    assert_eq!(seen["cases"], json!([]));
    for act in ["messages", "object", "close"] {
        let path = format!("/api/cases/{}/{act}", case["id"]);
        let body = Some(json!({ "text": "All is well" }));
        app.send_in(&mother.id, "POST", &path, &daughter, body).await.expect(404);
    }
    let path = format!("/api/cases/{}/messages", case["id"]);
    app.post(&path, &admin, json!({ "text": "We asked her." })).await.expect(200);
    app.post(&format!("/api/cases/{}/close", case["id"]), &mother, Value::Null).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_owes_an_answer_is_reminded_after_five_days_and_everybody_is_told_after_seven() {
    const DAY: i64 = 24 * 3_600_000;
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let admin = app.administrator("Ada Min").await;
    let seq = read(&app, &patient, &doctor).await;
    ask(&app, &patient, seq).await;
    clock.advance_ms(5 * DAY - 1);
    app.run_jobs().await;
    let again = async |who: &Person| app.again(who).await;
    assert_eq!(told(&app, &again(&doctor).await).await.len(), 1);
    clock.advance_ms(1);
    app.run_jobs().await;
    assert_eq!(told(&app, &again(&doctor).await).await[0], "A patient still waits for an answer");
    assert_eq!(only(&app, &again(&patient).await).await["overdue"], false);
    clock.advance_ms(2 * DAY);
    app.run_jobs().await;
    assert_eq!(told(&app, &again(&admin).await).await[0], "A patient's question is overdue");
    assert_eq!(told(&app, &again(&patient).await).await, ["Your question was not answered in time"]);
    assert_eq!(only(&app, &again(&admin).await).await["overdue"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_reminded_of_what_was_answered() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let seq = read(&app, &patient, &doctor).await;
    let case = ask(&app, &patient, seq).await;
    let path = format!("/api/cases/{}/messages", case["id"]);
    app.post(&path, &doctor, json!({ "text": "You called us." })).await.expect(200);
    clock.advance_ms(8 * 24 * 3_600_000);
    app.run_jobs().await;
    assert_eq!(told(&app, &app.again(&doctor).await).await.len(), 1);
    assert_eq!(told(&app, &app.again(&patient).await).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_has_nothing_to_do_with_a_question_about_themselves_unless_they_are_the_only_one() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &["Riverside"]).await);
    let admin = app.administrator("Ada Min").await;
    let first = read(&app, &patient, &doctor).await;
    let case = ask(&app, &patient, first).await;
    app.post(&format!("/api/cases/{}/close", case["id"]), &patient, Value::Null).await.expect(200);
    app.get("/api/cases", &admin).await.expect(200);
    // The administrator looked at the case, and that stands in the log: the patient asks why.
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let by_admin = log["entries"].as_array().unwrap().iter().find(|entry| entry["actor"]["name"] == "Ada Min");
    let about = ask(&app, &patient, by_admin.unwrap()["seq"].as_i64().unwrap()).await;
    let answer = || json!({ "text": "I had to see the question." });
    let path = format!("/api/cases/{}/messages", about["id"]);
    let cases = async |who: &Person| app.get("/api/cases", who).await.expect(200).json()["cases"].clone();
    assert_eq!(cases(&admin).await.as_array().unwrap().len(), 2, "there is nobody else");
    let other = app.administrator("Otto Min").await;
    assert_eq!(cases(&admin).await.as_array().unwrap().len(), 1);
    app.post(&path, &admin, answer()).await.expect(404);
    app.post(&path, &other, answer()).await.expect(200);
    let before = told(&app, &admin).await.len();
    app.post(&format!("/api/cases/{}/object", about["id"]), &patient, answer()).await.expect(200);
    assert_eq!(told(&app, &admin).await.len(), before);
    assert_eq!(told(&app, &other).await.len(), 1);
}
