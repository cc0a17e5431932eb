//! Health links: made by a patient, opened by whoever holds them.

use super::client::{self, Link};
use super::ips;
use kernel::FixedClock;
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp, sample};

async fn made(app: &TestApp, patient: &Person, terms: Value) -> (Value, Link) {
    let mut form = json!({ "label": "For my GP", "until": null, "sensitive": false, "tell": true });
    for (name, value) in terms.as_object().unwrap() {
        form[name] = value.clone();
    }
    let made = app.post("/api/health-links", patient, form).await.expect(201).json();
    let link = client::read(made["link"].as_str().unwrap());
    (made, link)
}

async fn listed(app: &TestApp, patient: &Person) -> Value {
    app.get("/api/health-links", patient).await.expect(200).json()["links"].clone()
}

async fn revoke(app: &TestApp, patient: &Person, link: &Value) -> Value {
    app.post(&format!("/api/health-links/{}/revoke", link["id"]), patient, json!({})).await.expect(200).json()
}

/// Action, who and what of the patient's entries, newest first.
async fn ledger(app: &TestApp, patient: &Person) -> Vec<(String, String, String)> {
    let reply = app.get("/api/ledger/entries?reads=others&count=200", patient).await.expect(200).json();
    let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
    let one = |e: &Value| (text(&e["action"]), text(&e["actor"]["name"]), text(&e["what"]));
    reply["entries"].as_array().unwrap().iter().map(one).collect()
}

/// Nobody checks the name that somebody with a link gives, and the ledger says so.
fn entry(action: &str, who: &str, what: &str) -> (String, String, String) {
    (action.to_owned(), format!("{who} (as they said, by a health link)"), what.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_holds_a_link_opens_what_is_current_until_it_is_ended() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let mut hidden = sample::condition(&patient.id, "Hidden sorrow");
    hidden["meta"] = json!({ "security": [{ "code": "PSY" }] });
    app.create(&hidden).await;
    let (shown, link) = made(&app, &patient, json!({})).await;
    assert!(link.has_flag('L') && !link.has_flag('P') && !link.has_flag('U'), "{}", link.payload);
    assert_eq!((&link.payload["label"], link.payload.get("exp")), (&json!("For my GP"), None));
    assert_eq!(shown["address"], json!(format!("http://localhost/link#{}", shown["link"].as_str().unwrap())));

    let before = link.open(&app, "Dr Ames, Riverside", None).await;
    assert_eq!(ips::faults(&before), [""; 0], "{before:#}");
    app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let after = link.open(&app, "Dr Ames, Riverside", None).await.to_string();
    assert!(!before.to_string().contains("Hypertension") && after.contains("Hypertension"), "it is alive");
    assert!(!after.contains("Hidden sorrow"), "sensitive areas are not behind it");
    let (_, whole) = made(&app, &patient, json!({ "sensitive": true })).await;
    assert!(whole.open(&app, "Dr Ames", None).await.to_string().contains("Hidden sorrow"));

    let seen = ledger(&app, &patient).await;
    assert_eq!(seen[..2], [entry("read", "Dr Ames", "Summary"), entry("read", "Dr Ames, Riverside", "Summary")]);
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json();
    assert!(inbox["items"][0]["body"].as_str().unwrap().contains("Dr Ames"), "{inbox}");

    revoke(&app, &patient, &shown).await;
    let refused = link.ask(&app, json!({ "recipient": "Dr Ames, Riverside" })).await.expect(404);
    assert!(!refused.text().contains("Asha"), "{}", refused.text());
    assert_eq!(ledger(&app, &patient).await[0], entry("refused", "Dr Ames, Riverside", "HealthLink"));
    let list = listed(&app, &patient).await;
    let ended = &list[1];
    assert_eq!((&ended["state"], &ended["link"], &ended["openings"]), (&json!("ended"), &Value::Null, &json!(2)));
    let results: Vec<&Value> = ended["latest"].as_array().unwrap().iter().map(|each| &each["result"]).collect();
    assert_eq!(results, ["refused", "opened", "opened"]);
    assert_eq!(list[0]["state"], "active", "the other link still stands");
}

#[tokio::test(flavor = "multi_thread")]
async fn no_two_files_share_an_initialization_vector() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (_, link) = made(&app, &patient, json!({ "tell": false })).await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..5 {
        let manifest = link.ask(&app, json!({ "recipient": "A" })).await.expect(200).json();
        assert_eq!(manifest["status"], "can-change");
        let jwe = manifest["files"][0]["embedded"].as_str().unwrap().to_owned();
        assert!(seen.insert(client::iv(&jwe).to_owned()));
    }
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json();
    assert_eq!(inbox["items"], json!([]), "the patient did not want to be told");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_too_long_is_at_an_address_for_an_hour_and_while_the_link_stands() {
    let clock = Arc::new(FixedClock::at(kernel::Timestamp(1_780_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let patient = app.patient("Asha Rao").await;
    let (shown, link) = made(&app, &patient, json!({})).await;
    let asked = json!({ "recipient": "Dr Ames", "embeddedLengthMax": 10 });
    let place = |manifest: Value| {
        let file = manifest["files"][0].clone();
        assert_eq!(file.get("embedded"), None, "{file}");
        let location = file["location"].as_str().unwrap().to_owned();
        location.strip_prefix("http://localhost").unwrap().to_owned()
    };
    let location = place(link.ask(&app, asked.clone()).await.expect(200).json());
    let file = app.get(&location, None).await.expect(200);
    assert_eq!(file.header("content-type"), Some("application/jose"));
    assert_eq!(ips::faults(&link.decrypt(&file.text())), [""; 0]);
    app.get(&format!("{location}A"), None).await.expect(404);
    clock.advance_ms(60 * 60_000);
    app.get(&location, None).await.expect(404);
    let manifest = link.ask(&app, asked).await;
    let location = place(manifest.expect(200).json());
    app.get(&location, None).await.expect(200);
    let patient = app.again(&patient).await;
    revoke(&app, &patient, &shown).await;
    app.get(&location, None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_opens_with_one_plain_request_does_and_no_other() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (_, link) = made(&app, &patient, json!({ "direct": true })).await;
    assert!(link.has_flag('U'));
    let file = app.get(&format!("{}?recipient=Dr%20Ames", link.path), None).await.expect(200);
    assert_eq!(file.header("content-type"), Some("application/jose"));
    assert_eq!(ips::faults(&link.decrypt(&file.text())), [""; 0]);
    app.get(&link.path, None).await.expect(400);
    app.get(&format!("{}?recipient=%20", link.path), None).await.expect(400);
    for terms in [json!({}), json!({ "passcode": "4711" })] {
        let (_, other) = made(&app, &patient, terms).await;
        app.get(&format!("{}?recipient=Dr%20Ames", other.path), None).await.expect(404);
    }
    app.get(&format!("/shl/{}?recipient=A", "A".repeat(43)), None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_passcodes_are_counted_for_life_also_when_fifty_come_at_once() {
    let app = Arc::new(TestApp::start());
    let patient = app.patient("Asha Rao").await;
    let (shown, link) = made(&app, &patient, json!({ "passcode": "4711" })).await;
    assert!(link.has_flag('P'));
    let without = link.ask(&app, json!({ "recipient": "A" })).await.expect(401).json();
    assert_eq!(without, json!({ "remainingAttempts": 5 }), "nothing was guessed");
    let wrong = link.ask(&app, json!({ "recipient": "A", "passcode": "4712" })).await.expect(401).json();
    assert_eq!(wrong, json!({ "remainingAttempts": 4 }));
    assert_eq!(ips::faults(&link.open(&app, "A", Some("4711")).await), [""; 0]);
    let wrong = link.ask(&app, json!({ "recipient": "A", "passcode": "471" })).await.expect(401).json();
    assert_eq!(wrong, json!({ "remainingAttempts": 3 }), "a right one between them gives nothing back");

    let guesses = (0..50).map(|number| {
        let (app, link) = (app.clone(), link.clone());
        tokio::spawn(async move {
            let guess = json!({ "recipient": "Guesser", "passcode": format!("{:04}", 5000 + number) });
            let reply = link.ask(&app, guess).await;
            let left = (reply.status == 401).then(|| reply.json()["remainingAttempts"].as_i64().unwrap());
            (reply.status, left)
        })
    });
    let (mut told, mut gone) = (Vec::new(), 0);
    for guess in guesses.collect::<Vec<_>>() {
        match guess.await.unwrap() {
            (401, Some(left)) => told.push(left),
            (404, None) => gone += 1,
            other => panic!("{other:?}"),
        }
    }
    told.sort_unstable();
    assert_eq!((told, gone), (vec![0, 1, 2], 47));
    link.ask(&app, json!({ "recipient": "A", "passcode": "4711" })).await.expect(404);
    let list = listed(&app, &patient).await;
    assert_eq!((&list[0]["state"], &list[0]["wrongPasscodes"]), (&json!("locked"), &json!(5)));
    let refused = ledger(&app, &patient).await.into_iter().filter(|(action, ..)| action == "refused").count();
    assert_eq!(refused, 2 + 50 + 1, "every guess is in the ledger");
    assert_eq!(shown["passcode"], "4711");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_ends_by_itself_when_its_time_is_over() {
    let clock = Arc::new(FixedClock::at(kernel::Timestamp(1_780_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let patient = app.patient("Asha Rao").await;
    let until = app.house.clock.now().plus_minutes(10).to_rfc3339();
    let (_, link) = made(&app, &patient, json!({ "until": until })).await;
    assert_eq!(link.payload["exp"], json!(1_780_000_600));
    clock.advance_ms(10 * 60_000 - 1);
    link.open(&app, "A", None).await;
    clock.advance_ms(1);
    link.ask(&app, json!({ "recipient": "A" })).await.expect(404);
    assert_eq!(listed(&app, &patient).await[0]["state"], "expired");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_breaks_a_rule_makes_no_link() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let form = json!({ "label": "x", "until": null, "sensitive": false, "tell": true });
    let with = |name: &str, value: Value| {
        let mut form = form.clone();
        form[name] = value;
        form
    };
    for (wrong, status) in [
        (with("label", json!("")), 422),
        (with("label", json!("x".repeat(81))), 422),
        (with("passcode", json!("123")), 422),
        (with("until", json!("2001-01-01T00:00:00Z")), 422),
        (
            json!({ "label": "x", "passcode": "1234", "direct": true, "until": null, "sensitive": false, "tell": true }),
            422,
        ),
        (json!({ "label": "x", "sensitive": false, "tell": true }), 400),
        (json!({ "label": "x", "until": null, "tell": true }), 400),
        (with("colour", json!("red")), 400),
    ] {
        app.post("/api/health-links", &patient, wrong.clone()).await.expect(status);
    }
    app.post("/api/health-links", &doctor, form.clone()).await.expect(403);
    app.post("/api/health-links", None, form).await.expect(401);
    assert_eq!(listed(&app, &patient).await, json!([]));
    let other = app.patient("Somebody else").await;
    let (shown, _) = made(&app, &other, json!({})).await;
    app.post(&format!("/api/health-links/{}/revoke", shown["id"]), &patient, json!({})).await.expect(404);
    assert_eq!(listed(&app, &other).await[0]["state"], "active");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_other_origins_may_open_links_and_nothing_else_of_a_session_is_looked_at() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (_, link) = made(&app, &patient, json!({})).await;
    let preflight = http::Request::options(&link.path)
        .header("host", "localhost")
        .header("origin", "https://viewer.example")
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "content-type")
        .body(axum::body::Body::empty());
    let reply = app.request(preflight.unwrap()).await.expect(204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert!(reply.header("access-control-allow-headers").unwrap().contains("content-type"));
    // A cookie that has ended is no reason to refuse, because nobody looks at it.
    let asked = http::Request::post(&link.path)
        .header("host", "localhost")
        .header("origin", "https://viewer.example")
        .header("sec-fetch-site", "cross-site")
        .header("cookie", "healthsync=nonsense")
        .header("content-type", "application/json")
        .body(axum::body::Body::from(r#"{"recipient":"A viewer","extra":1}"#));
    let reply = app.request(asked.unwrap()).await.expect(200);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    let elsewhere = app.get("/api/health-links", &patient).await.expect(200);
    assert_eq!(elsewhere.header("access-control-allow-origin"), None);
    app.get("/shl/", None).await.expect(404);
    app.put(&link.path, None, json!({})).await.expect(405);
}

#[tokio::test(flavor = "multi_thread")]
async fn erasing_a_record_ends_its_links_at_once() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (_, link) = made(&app, &patient, json!({})).await;
    link.open(&app, "A", None).await;
    let (house, ctx, id) = (app.house.clone(), app.operator(), patient.id.clone());
    let erase = move |tx: &mut db::Tx<'_>| {
        let patient = records::erase::find(tx, &house, &ctx, &id).map_err(kernel::Problem::from)?;
        server::people::erase(tx, &house, &ctx, patient)
    };
    app.house.db.write(erase).await.unwrap();
    link.ask(&app, json!({ "recipient": "A" })).await.expect(404);
    let left = app.house.db.read_blocking(|tx| {
        let sql = "SELECT (SELECT COUNT(*) FROM health_link) + (SELECT COUNT(*) FROM health_link_try)
                   + (SELECT COUNT(*) FROM reach WHERE grantee < 0) + (SELECT COUNT(*) FROM emergency_card)";
        tx.count(sql, &[])
    });
    assert_eq!(left.unwrap(), 0);
}
