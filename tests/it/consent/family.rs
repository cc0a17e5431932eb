//! Family: guardians of children and people whom patients chose, within what they were let do and not a moment longer.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

pub fn at(text: &str) -> Arc<FixedClock> {
    Arc::new(FixedClock::at(Timestamp::parse(text).unwrap()))
}

fn go(clock: &FixedClock, text: &str) {
    clock.advance_ms(Timestamp::parse(text).unwrap().0 - clock.now().0);
}

/// A parent with a child born on 15 June 2010; the child's id and the guardianship.
pub async fn parent(app: &TestApp, name: &str) -> (Person, String, i64) {
    let parent = app.patient(name).await;
    let form = json!({ "given": "Mila", "family": "Rao", "birthDate": "2010-06-15", "gender": "female" });
    let made = app.post("/api/family/children", &parent, form).await.expect(201).json();
    let child = made["patient"]["id"].as_str().unwrap().to_owned();
    (parent, child, made["id"].as_i64().unwrap())
}

async fn delegations(app: &TestApp, who: &Person) -> Vec<Value> {
    app.get("/api/family", who).await.expect(200).json()["delegations"].as_array().unwrap().clone()
}

/// The question that waits for this person's answer.
pub async fn waiting(app: &TestApp, who: &Person) -> i64 {
    let all = delegations(app, who).await;
    let found = all.iter().find(|one| one["mine"] == true && one["state"] == "waiting");
    found.unwrap_or_else(|| panic!("{all:?}"))["id"].as_i64().unwrap()
}

async fn accepted(app: &TestApp, who: &Person) -> i64 {
    let id = waiting(app, who).await;
    app.post(&format!("/api/family/{id}/accept"), who, json!({})).await.expect(200);
    id
}

/// A patient lets somebody look after their record, and they accept.
pub async fn chosen(app: &TestApp, patient: &Person, who: &Person, terms: Value) -> i64 {
    let mut form = json!({
        "person": who.username, "acts": true, "categories": null, "labels": [], "until": null
    });
    for (name, value) in terms.as_object().unwrap() {
        form[name] = value.clone();
    }
    app.post("/api/family/delegations", patient, form).await.expect(202);
    accepted(app, who).await
}

pub async fn reads(app: &TestApp, who: &Person, record: &str, path: &str) -> u16 {
    app.send_in(record, "GET", path, who, None).await.status
}

/// The lists of titles in somebody's inbox.
pub async fn told(app: &TestApp, who: &Person) -> String {
    app.get("/api/inbox", who).await.expect(200).text()
}

/// Who did what on what ground, newest first, as the record's own log says it.
pub async fn log(app: &TestApp, who: &Person, record: &str) -> Vec<(String, String, String)> {
    let page = app.send_in(record, "GET", "/api/ledger/entries?count=200", who, None).await.expect(200).json();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let one = |e: &Value| (text(&e["action"]), text(&e["actor"]["name"]), text(&e["ground"]));
    page["entries"].as_array().unwrap().iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_acts_in_the_childs_record_and_the_log_says_so_and_nobody_else_gets_in() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (parent, child, _) = parent(&app, "Asha Rao").await;
    let (stranger, doctor) = (app.patient("Stranger").await, app.practitioner("Dr Kim Lee", &[]).await);
    let condition = app.create(&sample::condition(&child, "Asthma")).await;
    let path = format!("/fhir/Condition/{condition}");
    assert_eq!(reads(&app, &parent, &child, &path).await, 200);
    assert_eq!(reads(&app, &parent, &child, &format!("/api/patients/{child}/summary")).await, 200);
    app.get(&path, &parent).await.expect(404);
    for other in [&stranger, &doctor] {
        assert_eq!(reads(&app, other, &child, &path).await, 404);
        assert_eq!(reads(&app, other, &child, "/api/grants").await, 404);
    }
    assert_eq!(reads(&app, &parent, &stranger.id, &format!("/fhir/Patient/{}", stranger.id)).await, 404);
    // A reading, a grant and its end, all in the child's name.
    let reading = sample::heart_rate(&child, "2026-02-01T08:00:00Z", 90.0);
    app.send_in(&child, "POST", "/fhir/Observation", &parent, Some(reading)).await.expect(201);
    let grant = json!({
        "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "labels": [], "until": null
    });
    let given = app.send_in(&child, "POST", "/api/grants", &parent, Some(grant)).await.expect(201).json();
    assert_eq!(given["patient"]["id"], child.as_str());
    app.get(&path, &doctor).await.expect(200);
    let revoke = format!("/api/grants/{}/revoke", given["id"]);
    app.send_in(&child, "POST", &revoke, &parent, Some(json!({}))).await.expect(200);
    app.get(&path, &doctor).await.expect(404);
    let log = log(&app, &parent, &child).await;
    for action in ["read", "create", "grant", "revoke"] {
        let entry = (action.to_owned(), "Asha Rao".to_owned(), "guardianship".to_owned());
        assert!(log.contains(&entry), "{action}: {log:?}");
    }
    assert!(!log.iter().any(|(_, _, ground)| ground == "own record"), "{log:?}");
    // So does what a small clinic's script would send.
    let reading = json!({ "type": "heart_rate", "value": 143, "unit": "bpm", "time": "2026-02-02T08:00:00Z" });
    let add = "/api/health-metrics/add";
    app.send_in(&child, "POST", add, &parent, Some(reading)).await.expect(201);
    let analysis = "/api/health-metrics/analysis?type=heart_rate";
    let rates = app.send_in(&child, "GET", analysis, &parent, None).await.expect(200).text();
    assert!(rates.contains("143"), "{rates}");
    let own = app.get(analysis, &parent).await.expect(200).text();
    assert!(!own.contains("143"), "{own}");
    // The guardian's own record holds nothing of it.
    assert_eq!(app.get("/api/grants", &parent).await.expect(200).json()["grants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardianship_ends_at_the_eighteenth_birthday_by_itself() {
    let clock = at("2028-06-14T23:59:00Z");
    let app = TestApp::with_clock(clock.clone());
    let (parent, child, id) = parent(&app, "Asha Rao").await;
    let path = format!("/fhir/Patient/{child}");
    assert_eq!(reads(&app, &parent, &child, &path).await, 200, "the day before");
    go(&clock, "2028-06-15T00:00:00Z");
    let parent = app.again(&parent).await;
    assert_eq!(reads(&app, &parent, &child, &path).await, 404, "on the day");
    assert!(!delegations(&app, &parent).await.iter().any(|one| one["id"] == id));
    app.run_jobs().await;
    assert!(told(&app, &parent).await.contains("You no longer look after a record"));
}

#[tokio::test(flavor = "multi_thread")]
async fn making_a_child_younger_prolongs_nothing_and_older_is_not_the_guardians_to_say() {
    let clock = at("2028-06-14T12:00:00Z");
    let app = TestApp::with_clock(clock.clone());
    let (parent, child, _) = parent(&app, "Asha Rao").await;
    let path = format!("/fhir/Patient/{child}");
    let born = async |who: &Person, day: &str, status: u16| {
        let mut entry = app.send_in(&child, "GET", &path, who, None).await.expect(200).json();
        entry["birthDate"] = day.into();
        app.send_in(&child, "PUT", &path, who, Some(entry)).await.expect(status);
    };
    born(&parent, "2015-06-15", 200).await;
    go(&clock, "2028-06-15T00:00:00Z");
    assert_eq!(reads(&app, &app.again(&parent).await, &child, &path).await, 404);
    go(&clock, "2028-06-14T13:00:00Z");
    // A slip, or one guardian's way to be rid of the other, would leave nobody who could put it right.
    born(&app.again(&parent).await, "2010-06-14", 422).await;
    born(&app.again(&parent).await, "2098-06-14", 422).await;
    assert_eq!(reads(&app, &app.again(&parent).await, &child, &path).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_corrected_date_of_birth_moves_the_end_and_wakes_nothing_that_somebody_ended() {
    let clock = at("2028-06-01T12:00:00Z");
    let app = TestApp::with_clock(clock.clone());
    let ((parent, child, own), doctor) = (parent(&app, "Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let (clinic, admin) = (app.operator(), app.administrator("Ada Min").await);
    let path = format!("/fhir/Patient/{child}");
    let entry = app.send_in(&child, "GET", &path, &parent, None).await.expect(200).json();
    let born = |day: &str| {
        let mut entry = entry.clone();
        entry["birthDate"] = day.into();
        entry
    };
    let clinic_says = async |day: &str| {
        let body = born(day).to_string().into_bytes();
        records::change::update(&app.house, &clinic, fhir::Kind::Patient, &child, None, body).await.unwrap();
    };
    let standing = async || {
        let sql = "SELECT COUNT(*) FROM delegation WHERE guardian = 1 AND state = 1 AND until > ?1";
        let now = app.house.clock.now();
        let counted: Result<i64, db::DbError> = app.house.db.read(move |tx| tx.count(sql, &[now.into()])).await;
        counted.unwrap()
    };
    // Earlier: from the commit on they are no guardian, and hear nothing more but that it ended.
    clinic_says("2010-05-01").await;
    assert_eq!((reads(&app, &parent, &child, &path).await, standing().await), (404, 0));
    app.run_jobs().await;
    assert!(told(&app, &parent).await.contains("You no longer look after a record"));
    let declared = json!({ "patient": child, "reason": "Unconscious after a fall" });
    app.post("/api/break-glass", &doctor, declared).await.expect(201);
    assert!(!told(&app, &parent).await.contains("For Mila Rao: Dr Kim Lee opened"));
    // It was a mistake: what only the date had ended goes on, for as long as the clinic says.
    clinic_says("2012-06-15").await;
    assert_eq!((reads(&app, &parent, &child, &path).await, standing().await), (200, 1));
    assert!(told(&app, &parent).await.contains("You are a guardian of Mila Rao again"));
    app.send_in(&child, "PUT", &path, &parent, Some(born("2020-06-15"))).await.expect(200);
    let until = async || {
        let all = delegations(&app, &parent).await;
        all.iter().find(|one| one["id"] == own).unwrap_or_else(|| panic!("{all:?}"))["until"].clone()
    };
    assert_eq!(until().await, "2030-06-15T00:00:00.000Z", "a guardian prolongs nothing");
    clinic_says("2014-06-15").await;
    assert_eq!(until().await, "2032-06-15T00:00:00.000Z");
    // Ended by hand, it stays ended.
    let end = format!("/api/admin/guardians/{own}/end");
    app.post(&end, &admin, json!({ "reason": "The court decided otherwise" })).await.expect(204);
    for day in ["2008-01-01", "2015-06-15"] {
        clinic_says(day).await;
        app.run_jobs().await;
        assert_eq!((reads(&app, &parent, &child, &path).await, standing().await), (404, 0), "{day}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_is_taken_back_ends_no_access_and_says_so() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let form = json!({ "person": daughter.username, "acts": true, "categories": null, "labels": [], "until": null });
    app.post("/api/family/delegations", &mother, form).await.expect(202);
    let id = waiting(&app, &daughter).await;
    app.post(&format!("/api/family/{id}/end"), &mother, json!({})).await.expect(204);
    let acts: Vec<String> = log(&app, &mother, &mother.id).await.into_iter().map(|(action, ..)| action).collect();
    assert!(acts.contains(&"withdraw".to_owned()) && !acts.contains(&"revoke".to_owned()), "{acts:?}");
    let inbox = told(&app, &daughter).await;
    assert!(inbox.contains("A question to you was taken back") && !inbox.contains("no longer look after"), "{inbox}");
    assert!(!told(&app, &mother).await.contains("no longer looks after"));
    app.post(&format!("/api/family/{id}/accept"), &daughter, json!({})).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_guardians_look_after_one_child_and_the_last_one_stays() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (parent, child, own) = parent(&app, "Asha Rao").await;
    let (second, stranger) = (app.patient("Ravi Rao").await, app.patient("Stranger").await);
    let path = format!("/fhir/Patient/{child}");
    let form = |who: &str| json!({ "patient": child, "person": who });
    app.post("/api/family/guardians", &stranger, form(&stranger.username)).await.expect(404);
    app.post("/api/family/guardians", &parent, form("nobody at all")).await.expect(202);
    app.post(&format!("/api/family/{own}/end"), &parent, json!({})).await.expect(409);
    // Nor do they erase themselves out of it.
    let erase = format!("/api/patients/{}/erase", parent.id);
    let refused = app.post(&erase, &parent, json!({ "confirm": "erase" })).await.expect(409);
    assert!(refused.text().contains("ask somebody to be their guardian too"), "{}", refused.text());
    app.post("/api/family/guardians", &parent, form(&format!("{}@example.org", second.username))).await.expect(202);
    let id = waiting(&app, &second).await;
    assert_eq!(reads(&app, &second, &child, &path).await, 404, "not before they accept");
    app.post(&format!("/api/family/{id}/accept"), &stranger, json!({})).await.expect(404);
    app.post(&format!("/api/family/{id}/accept"), &second, json!({})).await.expect(200);
    assert_eq!(reads(&app, &second, &child, &path).await, 200);
    assert!(told(&app, &parent).await.contains("Ravi Rao is a guardian now"));
    // Neither ends the other; each may leave while there is another.
    app.post(&format!("/api/family/{id}/end"), &parent, json!({})).await.expect(404);
    app.post(&format!("/api/family/{own}/end"), &parent, json!({})).await.expect(204);
    assert_eq!(reads(&app, &parent, &child, &path).await, 404);
    assert_eq!(reads(&app, &second, &child, &path).await, 200);
    app.post(&erase, &parent, json!({ "confirm": "erase" })).await.expect(200);
    assert_eq!(reads(&app, &second, &child, &path).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_guardian_asked_falls_with_the_guardian_and_asking_twice_tells_nothing() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (parent, child, own) = parent(&app, "Asha Rao").await;
    let (friend, second, admin) =
        (app.patient("A Friend").await, app.patient("Ravi Rao").await, app.administrator("Ada Min").await);
    let form = |who: &str| json!({ "patient": child, "person": who });
    for who in [&friend.username, &friend.username, &"nobody at all".to_owned(), &"nobody at all".to_owned()] {
        app.post("/api/family/guardians", &parent, form(who)).await.expect(202);
    }
    let states: Vec<Value> = delegations(&app, &parent).await.iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states.iter().filter(|state| *state == "waiting").count(), 4, "{states:?}");
    let why = json!({ "patient": child, "person": second.username, "reason": "Birth certificate seen at the desk" });
    app.post("/api/admin/guardians", &admin, why).await.expect(201);
    let end = format!("/api/admin/guardians/{own}/end");
    app.post(&end, &admin, json!({ "reason": "The court decided otherwise" })).await.expect(204);
    let id = waiting(&app, &friend).await;
    app.post(&format!("/api/family/{id}/accept"), &friend, json!({})).await.expect(409);
    assert_eq!(reads(&app, &friend, &child, &format!("/fhir/Patient/{child}")).await, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_only_looks_at_a_part_sees_that_part_and_changes_nothing() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let reading = app.create(&sample::heart_rate(&mother.id, "2026-01-05T08:00:00Z", 72.0)).await;
    let condition = app.create(&sample::condition(&mother.id, "Hypertension")).await;
    let (vital, diagnosis) = (format!("/fhir/Observation/{reading}"), format!("/fhir/Condition/{condition}"));
    let id = chosen(&app, &mother, &daughter, json!({ "acts": false, "categories": ["vital"] })).await;
    let record = mother.id.as_str();
    assert_eq!(reads(&app, &daughter, record, &vital).await, 200);
    assert_eq!(reads(&app, &daughter, record, &diagnosis).await, 404);
    let summary = app.send_in(record, "GET", "/fhir/Condition", &daughter, None).await.expect(200).json();
    assert_eq!(summary["total"].as_i64().unwrap_or(0), 0, "{summary}");
    let grant = json!({
        "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "labels": [], "until": null
    });
    let entry = sample::heart_rate(record, "2026-02-01T08:00:00Z", 90.0);
    for (method, path, body) in [
        ("POST", "/api/grants".to_owned(), Some(grant)),
        ("POST", "/fhir/Observation".to_owned(), Some(entry)),
        ("DELETE", vital.clone(), None),
        ("GET", "/api/share-code".to_owned(), None),
        ("GET", "/api/ledger/export".to_owned(), None),
        ("GET", "/api/edits".to_owned(), None),
        ("GET", "/api/health-links".to_owned(), None),
    ] {
        assert_eq!(app.send_in(record, method, &path, &daughter, body).await.status, 403, "{method} {path}");
    }
    let deeds = app.send_in(record, "GET", "/api/ledger/entries", &daughter, None).await.expect(200).json();
    let theirs = |entry: &Value| entry["actor"]["name"] == "Lena Sol";
    assert!(deeds["total"] != 0 && deeds["entries"].as_array().unwrap().iter().all(theirs), "{deeds}");
    // What was given beyond their part is not told either.
    app.grant(&mother, &doctor).await;
    let given = app.send_in(record, "GET", "/fhir/Consent", &daughter, None).await.expect(200).json();
    assert_eq!(given["total"], 0, "{given}");
    let own = log(&app, &mother, record).await;
    assert!(own.contains(&("read".to_owned(), "Lena Sol".to_owned(), "delegation".to_owned())), "{own:?}");
    app.post(&format!("/api/family/{id}/end"), &mother, json!({})).await.expect(204);
    assert_eq!(reads(&app, &daughter, record, &vital).await, 404);
    assert!(told(&app, &daughter).await.contains("You no longer look after a record"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_away_more_than_they_were_given_and_the_way_out_is_open_to_both() {
    let app = TestApp::start();
    let (mother, daughter) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    let (doctor, third) = (app.practitioner("Dr Kim Lee", &[]).await, app.patient("Third").await);
    let until = app.house.clock.now().plus_minutes(600).to_rfc3339();
    let id = chosen(&app, &mother, &daughter, json!({ "categories": ["vital"], "until": until })).await;
    let record = mother.id.as_str();
    let share = async |terms: Value| {
        let mut form = json!({
            "grantee": { "type": "practitioner", "id": doctor.id }, "categories": ["vital"], "labels": [],
            "until": app.house.clock.now().plus_minutes(60).to_rfc3339()
        });
        for (name, value) in terms.as_object().unwrap() {
            form[name] = value.clone();
        }
        app.send_in(record, "POST", "/api/grants", &daughter, Some(form)).await.status
    };
    for wider in [json!({ "categories": null }), json!({ "labels": ["hiv"] }), json!({ "until": null })] {
        assert_eq!(share(wider.clone()).await, 422, "{wider}");
    }
    assert_eq!(share(json!({})).await, 201);
    // Nor renewed or seen: a grant of everything that the patient gave, and one of their part that outlasts them.
    let day = app.house.clock.now().plus_minutes(24 * 60).to_rfc3339();
    let all = app.grant_with(&mother, &doctor, json!({ "until": day })).await;
    let part = app.grant_with(&mother, &doctor, json!({ "until": day, "categories": ["vital"] })).await;
    let renew = async |grant: &Value| {
        let path = format!("/api/grants/{}/renew", grant["id"]);
        app.send_in(record, "POST", &path, &daughter, Some(json!({}))).await.status
    };
    // Renewed in the very millisecond in which it was given, it would end when it ends.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    assert_eq!((renew(&all).await, renew(&part).await), (404, 422));
    let seen = app.send_in(record, "GET", "/api/grants", &daughter, None).await.expect(200).json();
    let ids: Vec<_> = seen["grants"].as_array().unwrap().iter().map(|grant| &grant["id"]).collect();
    assert!(ids.contains(&&part["id"]) && !ids.contains(&&all["id"]), "{seen}");
    // What is not in their part cannot be written either, and what they were given they hand on to nobody.
    let other = sample::condition(record, "Invented");
    app.send_in(record, "POST", "/fhir/Condition", &daughter, Some(other)).await.expect(403);
    let reading = sample::heart_rate(record, "2026-02-01T08:00:00Z", 90.0);
    app.send_in(record, "POST", "/fhir/Observation", &daughter, Some(reading)).await.expect(201);
    let form = json!({ "patient": record, "person": third.username });
    app.post("/api/family/guardians", &daughter, form).await.expect(403);
    app.post(&format!("/api/family/{id}/end"), &third, json!({})).await.expect(404);
    app.post(&format!("/api/family/{id}/end"), &daughter, json!({})).await.expect(204);
    assert_eq!(share(json!({})).await, 404);
    assert!(told(&app, &mother).await.contains("Lena Sol no longer looks after the record"));
}
