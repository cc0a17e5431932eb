//! Who acts in a part of a record: answers what lies in it wholly, reads what they did themselves, and the rest stays closed.

use super::family::{at, chosen};
use kernel::Clock;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

fn add(mut resource: Value) -> Value {
    resource.as_object_mut().unwrap().remove("id");
    json!({ "act": "add", "resource": resource })
}

async fn propose(app: &TestApp, doctor: &Person, patient: &str, changes: &[Value]) -> i64 {
    let form = json!({ "patient": patient, "reason": "Seen at the practice", "changes": changes });
    app.post("/api/edits", doctor, form).await.expect(201).json()["id"].as_i64().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_acts_in_a_part_answers_what_lies_in_it_wholly_and_the_rest_does_not_exist_for_them() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    app.grant_with(&mother, &doctor, json!({ "labels": ["mental-health"] })).await;
    let delegation = chosen(&app, &mother, &daughter, json!({ "categories": ["condition"] })).await;
    let record = mother.id.as_str();
    let reading = || add(sample::heart_rate(record, "2026-01-05T08:00:00Z", 72.0));
    let mut hidden = sample::condition(record, "Fear");
    hidden["meta"] = json!({ "security": [{ "code": "PSY" }] });
    let inside = propose(&app, &doctor, record, &[add(sample::condition(record, "Asthma"))]).await;
    let mixed = propose(&app, &doctor, record, &[add(sample::condition(record, "Gout")), reading()]).await;
    let sensitive = propose(&app, &doctor, record, &[add(hidden)]).await;
    let beside = propose(&app, &doctor, record, &[reading()]).await;
    // One that was within, until the patient marked the entry that it is about.
    let marked = app.create(&sample::condition(record, "Migraine")).await;
    let change = json!({ "act": "remove", "reference": format!("Condition/{marked}") });
    let about = propose(&app, &doctor, record, &[change]).await;

    let act = async |method: &str, path: String, body: Option<Value>| {
        app.send_in(record, method, &path, &daughter, body).await
    };
    let seen = async || {
        let list = act("GET", "/api/edits".to_owned(), None).await.expect(200).json();
        list["edits"].as_array().unwrap().iter().map(|edit| edit["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(seen().await, [about, inside]);
    let label = json!({ "labels": ["mental-health"] });
    app.post(&format!("/api/entries/Condition/{marked}/labels"), &mother, label).await.expect(200);
    assert_eq!(seen().await, [inside]);
    for id in [mixed, sensitive, beside, about] {
        act("GET", format!("/api/edits/{id}"), None).await.expect(404);
        act("POST", format!("/api/edits/{id}/decline"), Some(Value::Null)).await.expect(404);
        act("POST", format!("/api/edits/{id}/code"), Some(json!({ "version": 1 }))).await.expect(404);
    }
    let code = act("POST", format!("/api/edits/{inside}/code"), Some(json!({ "version": 1 }))).await.expect(200).json();
    let land = json!({ "code": code["code"] });
    app.post(&format!("/api/edits/{inside}/land"), &doctor, land).await.expect(200);
    let log = app.get("/api/ledger/entries", &mother).await.expect(200).json();
    let approved = log["entries"].as_array().unwrap().iter().find(|entry| entry["action"] == "approve").unwrap();
    assert_eq!((&approved["actor"]["name"], &approved["ground"]), (&json!("Lena Sol"), &json!("delegation")));
    // What covers more than a part is not theirs to answer, to hand out or to ask for.
    for path in ["/api/edit-sessions", "/api/health-links", "/api/emergency-card", "/api/cases", "/api/ledger/export"] {
        act("GET", path.to_owned(), None).await.expect(403);
    }
    let next = propose(&app, &doctor, record, &[add(sample::condition(record, "Eczema"))]).await;
    app.post(&format!("/api/family/{delegation}/end"), &mother, json!({})).await.expect(204);
    act("POST", format!("/api/edits/{next}/decline"), Some(Value::Null)).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_somebody_made_who_looks_after_the_record_dies_with_that() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    app.grant(&mother, &doctor).await;
    let record = mother.id.as_str();
    let whole = json!({ "labels": consent::Label::ALL });
    let delegation = chosen(&app, &mother, &daughter, whole).await;
    let visit = app.post("/api/edit-sessions", &doctor, json!({ "patient": record })).await.expect(201).json();
    let visit = format!("/api/edit-sessions/{}", visit["id"]);
    let one = propose(&app, &doctor, record, &[add(sample::condition(record, "Asthma"))]).await;
    let two = propose(&app, &doctor, record, &[add(sample::condition(record, "Eczema"))]).await;
    let code = async |who: &Person, path: String, body: Value| {
        app.send_in(record, "POST", &path, who, Some(body)).await.expect(200).json()["code"].clone()
    };
    let version = || json!({ "version": 1 });
    let [first, second] = [
        code(&daughter, format!("/api/edits/{one}/code"), version()).await,
        code(&daughter, format!("/api/edits/{two}/code"), version()).await,
    ];
    let opening = code(&daughter, format!("{visit}/code"), json!({})).await;
    let land = async |id: i64, code: &Value| {
        app.post(&format!("/api/edits/{id}/land"), &doctor, json!({ "code": code })).await
    };
    land(one, &first).await.expect(200);

    app.post(&format!("/api/family/{delegation}/end"), &mother, json!({})).await.expect(204);
    let refused = land(two, &second).await.expect(422).json();
    assert!(refused.to_string().contains("There is no code for this"), "{refused}");
    app.post(&format!("{visit}/open"), &doctor, json!({ "code": opening })).await.expect(422);
    // A code of the patient's own stands in its place, and no try was counted before.
    let own = code(&mother, format!("/api/edits/{two}/code"), version()).await;
    land(two, &own).await.expect(200);
    let opening = code(&mother, format!("{visit}/code"), json!({})).await;
    app.post(&format!("{visit}/open"), &doctor, json!({ "code": opening })).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_that_somebody_opened_who_looks_after_the_record_ends_with_that() {
    let clock = at("2026-03-01T10:00:00Z");
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    app.grant(&mother, &doctor).await;
    let record = mother.id.as_str();
    let open = async |who: &Person| {
        let visit = app.post("/api/edit-sessions", &doctor, json!({ "patient": record })).await.expect(201).json();
        assert_eq!(visit["state"], "waiting");
        let path = format!("/api/edit-sessions/{}", visit["id"]);
        let code = app.send_in(record, "POST", &format!("{path}/code"), who, Some(json!({}))).await.expect(200).json();
        app.post(&format!("{path}/open"), &doctor, json!({ "code": code["code"] })).await.expect(200);
    };
    let land = async |text: &str| {
        let id = propose(&app, &doctor, record, &[add(sample::condition(record, text))]).await;
        app.post(&format!("/api/edits/{id}/land"), &doctor, json!({})).await.status
    };
    let newest = async |who: &Person| {
        app.get("/api/edit-sessions", who).await.expect(200).json()["sessions"][0]["state"].clone()
    };
    let whole = |until: Value| json!({ "labels": consent::Label::ALL, "until": until });

    let delegation = chosen(&app, &mother, &daughter, whole(Value::Null)).await;
    open(&daughter).await;
    assert_eq!(land("Asthma").await, 200);
    app.post(&format!("/api/family/{delegation}/end"), &mother, json!({})).await.expect(204);
    assert_eq!(land("Eczema").await, 422, "whoever opened it looks after the record no more");
    assert_eq!([newest(&doctor).await, newest(&mother).await], ["ended", "ended"]);
    // One that the patient opened goes on, whoever else came and went.
    let delegation = chosen(&app, &mother, &daughter, whole(Value::Null)).await;
    open(&mother).await;
    app.post(&format!("/api/family/{delegation}/end"), &mother, json!({})).await.expect(204);
    assert_eq!((land("Gout").await, newest(&mother).await), (200, json!("open")));

    // At the minute when it ends by itself, before any job wrote that down; a new one is asked for.
    for minutes in [14, 14, 3] {
        assert_eq!([newest(&doctor).await, newest(&mother).await], ["open", "open"]);
        app.get("/api/family", &daughter).await.expect(200);
        clock.advance_ms(minutes * 60_000);
    }
    let until = app.house.clock.now().plus_minutes(10).to_rfc3339();
    let (mother, daughter) = (app.confirmed(&mother).await, app.confirmed(&daughter).await);
    chosen(&app, &mother, &daughter, whole(json!(until))).await;
    open(&daughter).await;
    clock.advance_ms(9 * 60_000);
    assert_eq!(land("Migraine").await, 200);
    clock.advance_ms(60_000);
    assert_eq!(land("Anaemia").await, 422, "it was arranged until now");
    assert_eq!([newest(&doctor).await, newest(&mother).await], ["ended", "ended"]);
    open(&app.confirmed(&mother).await).await;
    assert_eq!(land("Anaemia").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_a_part_reads_of_the_log_what_they_did_in_it_page_by_page() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    chosen(&app, &mother, &daughter, json!({ "categories": ["condition"] })).await;
    let id = app.create(&sample::condition(&mother.id, "Asthma")).await;
    let path = format!("/fhir/Condition/{id}");
    for _ in 0..3 {
        app.send_in(&mother.id, "GET", &path, &daughter, None).await.expect(200);
        app.get(&path, &mother).await.expect(200);
    }
    // Her own record first: its numbers are not those of the other.
    let own = app.get("/api/ledger/entries?reads=others", &daughter).await.expect(200).json();
    let ask = async |query: String| {
        let path = format!("/api/ledger/entries?{query}");
        app.send_in(&mother.id, "GET", &path, &daughter, None).await.expect(200).json()
    };
    let (mut found, mut query) = (Vec::new(), "count=2".to_owned());
    let total = loop {
        let page = ask(query).await;
        found.extend(page["entries"].as_array().unwrap().iter().map(|entry| entry["actor"]["name"].clone()));
        match page["next"].as_str() {
            Some(next) => query = format!("count=2&before={next}"),
            None => break page["total"].clone(),
        }
    };
    assert!(found.len() >= 4 && found.iter().all(|name| name == "Lena Sol"), "{found:?}");
    assert_eq!(total, found.len());
    assert_eq!(ask("reads=others".to_owned()).await["total"], 0);
    let all = app.get("/api/ledger/entries?count=200", &mother).await.expect(200).json();
    assert!(all["total"].as_u64() > total.as_u64());
    assert_eq!(app.get("/api/ledger/entries?reads=others", &daughter).await.expect(200).json()["total"], own["total"]);
}
