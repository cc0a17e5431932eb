//! What is over goes when its time is over; what waits for somebody, the record and its log stay.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

const DAY: i64 = 24 * 3_600_000;

async fn rows(app: &TestApp, table: &'static str) -> i64 {
    let sql = format!("SELECT COUNT(*) FROM {table}");
    let counted: Result<i64, db::DbError> = app.house.db.read(move |tx| tx.count(&sql, &[])).await;
    counted.unwrap()
}

/// How many rows there are of each kind that goes by time.
async fn kept(app: &TestApp) -> [i64; 7] {
    let mut counts = [0; 7];
    let tables =
        ["notice WHERE read = 1", "access_request", "edit", "delegation", "access_case", "health_link", "emergency"];
    for (count, table) in counts.iter_mut().zip(tables) {
        *count = rows(app, table).await;
    }
    counts
}

async fn newest(app: &TestApp, path: &str, list: &str, who: &Person) -> i64 {
    let all = app.get(path, who).await.expect(200).json();
    let ids = all[list].as_array().unwrap().iter().map(|one| one["id"].as_i64().unwrap());
    ids.max().unwrap_or_else(|| panic!("{all}"))
}

async fn draft(app: &TestApp, doctor: &Person, patient: &Person, text: &str) -> Value {
    let mut condition = sample::condition(&patient.id, text);
    condition.as_object_mut().unwrap().remove("id");
    let changes = json!([{ "act": "add", "resource": condition }]);
    let form = json!({ "patient": patient.id, "reason": "Found at today's visit", "changes": changes });
    app.post("/api/edits", doctor, form).await.expect(201).json()
}

/// Of each kind one that is over and one that waits.
async fn scene(app: &TestApp) -> (Person, Person) {
    let (patient, friend) = (app.patient("Asha Rao").await, app.patient("Ravi Rao").await);
    let (doctor, other) = (app.practitioner("Dr Kim Lee", &[]).await, app.practitioner("Dr Ole Other", &[]).await);
    let email = format!("{}@example.org", patient.username);
    // A grant answers an open request: who still waits is a third.
    let third = app.practitioner("Dr Una Third", &[]).await;
    for (who, over) in [(&doctor, true), (&third, false)] {
        let form = json!({ "patient": email, "reason": "You are coming to see me", "categories": null, "days": 30 });
        app.post("/api/access-requests", who, form).await.expect(202);
        if over {
            let id = newest(app, "/api/access-requests", "requests", &patient).await;
            app.post(&format!("/api/access-requests/{id}/decline"), &patient, json!({})).await.expect(204);
        }
    }
    for who in [&doctor, &other] {
        app.grant(&patient, who).await;
    }
    let withdrawn = draft(app, &doctor, &patient, "Asthma").await;
    app.post(&format!("/api/edits/{}/withdraw", withdrawn["id"]), &doctor, json!({})).await;
    draft(app, &doctor, &patient, "Hypertension").await;
    let form = json!({ "person": friend.username, "acts": true, "categories": null, "labels": [], "until": null });
    for over in [true, false] {
        app.post("/api/family/delegations", &patient, form.clone()).await.expect(202);
        let id = newest(app, "/api/family", "delegations", &friend).await;
        let answer = if over { "decline" } else { "accept" };
        app.post(&format!("/api/family/{id}/{answer}"), &friend, json!({})).await;
    }
    let condition = app.create(&sample::condition(&patient.id, "Migraine")).await;
    for (who, over) in [(&doctor, true), (&other, false)] {
        app.get(&format!("/fhir/Condition/{condition}"), who).await.expect(200);
        let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
        let read = log["entries"].as_array().unwrap().iter().find(|e| e["action"] == "read").unwrap()["seq"].clone();
        let form = json!({ "entry": read, "question": "I was not at your practice that day. Why did you look?" });
        let case = app.post("/api/cases", &patient, form).await.expect(201).json();
        if over {
            let path = format!("/api/cases/{}", case["id"]);
            app.post(&format!("{path}/messages"), who, json!({ "text": "Your values came that day." }))
                .await
                .expect(200);
            app.post(&format!("{path}/close"), &patient, Value::Null).await.expect(200);
        }
    }
    for over in [true, false] {
        let form = json!({ "label": "For my GP", "until": null, "sensitive": false, "tell": true });
        let link = app.post("/api/health-links", &patient, form).await.expect(201).json();
        if over {
            app.post(&format!("/api/health-links/{}/revoke", link["id"]), &patient, json!({})).await.expect(200);
        }
    }
    emergencies(app, &patient, [&third, &other]).await;
    app.post("/api/inbox/read-all", &doctor, json!({})).await;
    (patient, doctor)
}

/// Two that are ended, of which one is reviewed.
async fn emergencies(app: &TestApp, patient: &Person, doctors: [&Person; 2]) {
    let admin = app.administrator("Ada Min").await;
    for (who, over) in doctors.into_iter().zip([true, false]) {
        let form = json!({ "patient": patient.id, "reason": "Found unconscious at the station" });
        let opened = app.post("/api/break-glass", who, form).await.expect(201).json();
        app.post(&format!("/api/break-glass/{}/end", opened["id"]), who, json!({})).await.expect(204);
        if over {
            let found = json!({ "finding": "justified", "note": "It was an emergency." });
            app.post(&format!("/api/admin/emergencies/{}/review", opened["id"]), &admin, found).await.expect(200);
        }
    }
}

/// Whatever is kept of emergencies: themselves, the grants that they are, and what those said.
async fn of_emergencies(app: &TestApp) -> [i64; 3] {
    let said = "grant_version v WHERE EXISTS (SELECT 1 FROM emergency e WHERE e.grant_id = v.grant_id)";
    let grants = "grants WHERE purpose = 'emergency'";
    [rows(app, "emergency").await, rows(app, grants).await, i64::from(rows(app, said).await > 0)]
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_removed_after_its_time_and_what_waits_stays() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    scene(&app).await;
    let (entries, log) = (rows(&app, "version").await, rows(&app, "ledger").await);
    let [read, ..] = kept(&app).await;
    assert!(read > 0);
    clock.advance_ms(365 * DAY - 60_000);
    app.run_jobs().await;
    assert_eq!(kept(&app).await, [read, 2, 2, 2, 2, 2, 2], "the day before");
    let (grants, versions) = (rows(&app, "grants").await, rows(&app, "grant_version").await);
    clock.advance_ms(2 * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await, [0, 1, 1, 2, 2, 1, 2], "after a year");
    assert_eq!(rows(&app, "health_link WHERE ended IS NULL").await, 1, "the one that stands");
    clock.advance_ms(91 * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await[2], 0, "nor is a draft that nobody answered in ninety days");
    clock.advance_ms((5 * 365 + 3 - 91) * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await, [0, 1, 0, 1, 1, 1, 1], "after six years");
    assert_eq!(of_emergencies(&app).await, [1, 1, 1], "what waits for its review stays");
    assert_eq!(rows(&app, "grants").await, grants - 1, "what patients gave stays as long as the record");
    assert!(rows(&app, "grant_version").await < versions);
    assert_eq!(rows(&app, "version").await, entries, "the record is not kept by time");
    assert!(rows(&app, "ledger").await >= log, "nor is its log");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_time_counts_from_when_it_was_over_and_a_question_nobody_answered_goes_too() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (patient, doctor) = scene(&app).await;
    // Ten months later the rest is answered, decided, ended and closed too; and a question to nobody waits.
    clock.advance_ms(300 * DAY);
    app.run_jobs().await;
    let (patient, doctor) = (app.again(&patient).await, app.again(&doctor).await);
    let friend = newest(&app, "/api/family", "delegations", &patient).await;
    app.post(&format!("/api/family/{friend}/end"), &patient, json!({})).await.expect(204);
    let asked = json!({ "person": "nobody", "acts": true, "categories": null, "labels": [], "until": null });
    app.post("/api/family/delegations", &patient, asked).await.expect(202);
    let request = newest(&app, "/api/access-requests", "requests", &patient).await;
    app.post(&format!("/api/access-requests/{request}/decline"), &patient, json!({})).await.expect(204);
    let lapsed = newest(&app, "/api/edits", "edits", &doctor).await;
    app.post(&format!("/api/edits/{lapsed}/withdraw"), &doctor, json!({})).await.expect(409);
    app.post(&format!("/api/edits/{lapsed}/decline"), &patient, json!({})).await.expect(409);
    let draft = draft(&app, &doctor, &patient, "Gout").await;
    app.post(&format!("/api/edits/{}/withdraw", draft["id"]), &doctor, json!({})).await.expect(204);
    let case = newest(&app, "/api/cases", "cases", &patient).await;
    app.post(&format!("/api/cases/{case}/close"), &patient, Value::Null).await.expect(200);
    app.post("/api/inbox/read-all", &patient, json!({})).await;
    let [read, ..] = kept(&app).await;
    clock.advance_ms(364 * DAY);
    app.run_jobs().await;
    let [still, requests, edits, family, cases, ..] = kept(&app).await;
    assert!(0 < still && still < read, "what was read ten months earlier went before: {still} of {read}");
    assert_eq!([requests, edits, family, cases], [1, 1, 3, 2], "no year since they were over");
    clock.advance_ms(2 * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await[..5], [0, 0, 0, 3, 2]);
    // Two weeks it waited; six years it is kept from then.
    clock.advance_ms((6 * 365 + 1 + 13 - 365) * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await[3..5], [1, 0]);
    clock.advance_ms(2 * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await[3..5], [0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn years_of_it_are_removed_piece_by_piece() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let fill = app.house.db.write(|tx| {
        for id in 1..=1_100_i64 {
            let sql = "INSERT INTO access_request (request_id, account, state, created, detail, answered)
                       VALUES (?1, 1, 2, 0, ?2, 0)";
            tx.execute(sql, &[(-id).into(), (&[][..]).into()])?;
        }
        Ok::<_, db::DbError>(())
    });
    fill.await.unwrap();
    let once = app.house.db.write(|tx| consent::retention::requests(tx, Timestamp(1), 500)).await.unwrap();
    assert_eq!((once, rows(&app, "access_request").await), (500, 600));
    app.run_jobs().await;
    assert_eq!(rows(&app, "access_request").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_says_how_long_and_nothing_goes_that_is_to_stay() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let settings = [("HEALTHSYNC__RETENTION__REQUESTS_DAYS", "0"), ("HEALTHSYNC__RETENTION__CASES_DAYS", "30")];
    let app = TestApp::with(Arc::clone(&clock) as Arc<dyn Clock>, &settings);
    scene(&app).await;
    clock.advance_ms(31 * DAY);
    app.run_jobs().await;
    let [read, rest @ ..] = kept(&app).await;
    assert!(read > 0);
    assert_eq!(rest, [2, 2, 2, 1, 2, 2]);
    clock.advance_ms(20 * 365 * DAY);
    app.run_jobs().await;
    assert_eq!(kept(&app).await[1], 2, "0 keeps it for as long as the record");
}
