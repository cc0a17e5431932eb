//! Who proves again who they are gets another secret: the one before opens nothing any more, and what is open goes on.

use super::oauth::{connected, registered, text, with_token};
use super::revocation::listening;
use http::{Request, header};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{PASSWORD, Person, Reply, TestApp};
use tokio::io::AsyncReadExt;

const SECOND_MS: i64 = 1_000;

fn fixed() -> (Arc<FixedClock>, TestApp) {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    (clock.clone(), TestApp::with_clock(clock))
}

async fn confirm(app: &TestApp, who: &Person) -> Reply {
    app.post("/api/auth/confirm", who, json!({ "password": PASSWORD })).await.expect(200)
}

/// What an answer sets the session's cookie to.
fn cookie(reply: &Reply) -> Option<String> {
    let set = reply.header("set-cookie")?.strip_prefix("healthsync_session=")?;
    Some(set.split(';').next().unwrap_or_default().to_owned())
}

/// As a page of this server asks, with a cookie.
async fn from_page(app: &TestApp, method: &str, path: &str, cookie: &str, body: Value) -> Reply {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    let request = request.header("sec-fetch-site", "same-origin").header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::COOKIE, format!("healthsync_session={cookie}"));
    let body = if body.is_null() { String::new() } else { body.to_string() };
    app.request(request.body(body.into()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_gives_a_program_another_token_and_ends_the_one_before() {
    let (clock, app) = fixed();
    let before = app.patient("Asha Rao").await;
    let record = format!("/fhir/Patient/{}", before.id);
    clock.advance_ms(5 * 60 * SECOND_MS);
    app.post("/api/auth/recovery-codes", &before, json!({})).await.expect(401);
    let answer = confirm(&app, &before).await;
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("set-cookie"), None);
    let now = before.with(&answer.json());
    assert_ne!(now.token, before.token);
    app.post("/api/auth/recovery-codes", &now, json!({})).await.expect(201);
    // What left before the answer arrived still gets through, and gains nothing by the proof.
    app.get(&record, &before).await.expect(200);
    let refused = app.post("/api/auth/recovery-codes", &before, json!({})).await.expect(401).json();
    assert_eq!(refused["kind"], "step-up");
    let sessions = app.get("/api/auth/sessions", &now).await.expect(200).json();
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1, "it is the same session");
    clock.advance_ms(10 * SECOND_MS - 1);
    app.get(&record, &before).await.expect(200);
    clock.advance_ms(1);
    app.get(&record, &before).await.expect(401);
    app.post("/api/auth/confirm", &before, json!({ "password": PASSWORD })).await.expect(401);
    app.get(&record, &now).await.expect(200);
    // A process that never saw either of them knows it too.
    let beside = app.replica().await;
    assert_eq!(super::revocation::status(beside.address, &record, &before.token).await, 401);
    assert_eq!(super::revocation::status(beside.address, &record, &now.token).await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_gets_its_new_cookie_in_the_same_answer() {
    let (clock, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let form = json!({ "username": asha.username, "password": PASSWORD, "session": "cookie" });
    let before = cookie(&app.post("/api/auth/login", None, form).await.expect(200)).unwrap();
    clock.advance_ms(60 * 60 * SECOND_MS / 4);
    let answer =
        from_page(&app, "POST", "/api/auth/confirm", &before, json!({ "password": PASSWORD })).await.expect(200);
    assert!(answer.json().get("token").is_none(), "no script sees it");
    let set = answer.header("set-cookie").unwrap().to_owned();
    assert!(set.contains("HttpOnly") && set.contains(&format!("Max-Age={}", 12 * 3600 - 900)), "{set}");
    let now = cookie(&answer).unwrap();
    assert_ne!(now, before);
    let who = async |secret: &str| from_page(&app, "GET", "/api/auth/session", secret, Value::Null).await;
    assert_eq!(who(&before).await.expect(200).json()["account"]["id"], asha.account);
    clock.advance_ms(10 * SECOND_MS);
    assert_eq!(who(&now).await.expect(200).json()["account"]["id"], asha.account);
    let methods = from_page(&app, "GET", "/api/auth/methods", &before, Value::Null).await;
    methods.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_that_prove_it_at_once_share_what_came_last() {
    let (clock, app) = fixed();
    let first = app.patient("Asha Rao").await;
    let second = first.with(&confirm(&app, &first).await.json());
    // The other tab asked with the secret that both had.
    let third = first.with(&confirm(&app, &first).await.json());
    app.get("/api/auth/methods", &first).await.expect(401);
    app.get("/api/auth/methods", &second).await.expect(200);
    app.post("/api/auth/sessions/revoke-others", &second, json!({})).await.expect(200);
    clock.advance_ms(10 * SECOND_MS);
    app.get("/api/auth/methods", &second).await.expect(401);
    app.get("/api/auth/methods", &third).await.expect(200);
    // Whoever signs out in time ends the session with whichever secret they had.
    let fourth = third.with(&confirm(&app, &third).await.json());
    app.post("/api/auth/logout", &third, json!({})).await.expect(204);
    app.get("/api/auth/methods", &fourth).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_exchanges_the_secret_of_a_limited_session_and_the_old_one_stays_limited() {
    let (clock, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let made = app.post("/api/auth/recovery-codes", &asha, json!({})).await.expect(201).json();
    let before = super::codes::limited(&app, &asha).await;
    let record = format!("/fhir/Patient/{}", asha.id);
    let form = json!({ "recoveryCode": made["codes"][0] });
    let now = before.with(&app.post("/api/auth/recovery-code", &before, form).await.expect(200).json());
    app.get(&record, &now).await.expect(200);
    app.get(&record, &before).await.expect(403);
    app.get("/api/auth/methods", &before).await.expect(200);
    clock.advance_ms(10 * SECOND_MS);
    app.get("/api/auth/methods", &before).await.expect(401);
}

/// A live stream and an app that was let in go on: they hang on the session, not on its secret.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_goes_on_when_the_secret_is_exchanged() {
    let (clock, app) = fixed();
    let (admin, asha) = (app.administrator("Robin").await, app.patient("Asha Rao").await);
    let here = app.listen().await;
    let client = registered(&app, &admin, json!({})).await;
    let given = connected(&app, &asha, &client, "patient/*.rs").await;
    let mut stream = listening(here.address, &asha).await;
    let asha = asha.with(&confirm(&app, &asha).await.json());
    clock.advance_ms(10 * SECOND_MS);
    // Whatever concerns the session is asked before a word leaves.
    app.create(&testkit::sample::heart_rate(&asha.id, "2026-02-01", 61.0)).await;
    let (mut heard, mut piece) = (String::new(), [0; 1024]);
    while !heard.contains(&format!("record:{}", asha.id)) {
        let length = stream.read(&mut piece).await.unwrap();
        assert!(length > 0, "the stream ended: {heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(200);
    // It ends with the session all the same.
    app.post("/api/auth/logout", &asha, json!({})).await.expect(204);
    let mut rest = String::new();
    tokio::time::timeout(std::time::Duration::from_secs(1), stream.read_to_string(&mut rest)).await.unwrap().unwrap();
    assert!(rest.contains("session"), "{rest}");
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(401);
}
