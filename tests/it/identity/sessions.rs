//! How sessions end.

use axum::body::Body;
use http::{Request, header};
use kernel::{FixedClock, Timestamp};
use serde_json::json;
use std::sync::Arc;
use testkit::TestApp;

const MINUTE_MS: i64 = 60_000;

#[tokio::test(flavor = "multi_thread")]
async fn after_signing_out_the_token_opens_nothing() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    app.get("/api/auth/session", &asha).await.expect(200);
    app.post("/api/auth/logout", &asha, json!({})).await.expect(204);
    app.get("/api/auth/sessions", &asha).await.expect(401);
    let refused = app.get(&format!("/fhir/Patient/{}", asha.id), &asha).await.expect(401);
    assert_eq!(refused.json()["resourceType"], "OperationOutcome");
    // Signing out again is no error, and an old token is not in the way of signing in.
    app.post("/api/auth/logout", &asha, json!({})).await.expect(204);
    let form = json!({ "username": asha.username, "password": testkit::PASSWORD });
    app.post("/api/auth/login", &asha, form).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idle_session_ends_by_itself() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    clock.advance_ms(14 * MINUTE_MS);
    app.get("/api/auth/session", &doctor).await.expect(200);
    clock.advance_ms(16 * MINUTE_MS);
    app.get("/api/auth/sessions", &doctor).await.expect(401);
    app.get("/api/auth/sessions", &patient).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn my_other_devices_can_be_signed_out_from_here_and_nobody_elses_can() {
    let app = TestApp::start();
    let (asha, other) = (app.patient("Asha Rao").await, app.patient("Mateo Rivera").await);
    let form = json!({ "username": asha.username, "password": testkit::PASSWORD });
    let token = app.post("/api/auth/login", None, form).await.expect(200).json()["token"].as_str().unwrap().to_owned();
    let phone = testkit::Person { token, ..asha.clone() };
    let sessions = app.get("/api/auth/sessions", &phone).await.expect(200).json();
    let sessions = sessions["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2);
    let first = sessions.iter().find(|s| s["current"] == false).unwrap();
    let path = format!("/api/auth/sessions/{}/revoke", first["id"]);
    app.post(&path, &other, json!({})).await.expect(404);
    app.post(&path, &phone, json!({})).await.expect(204);
    app.get("/api/auth/sessions", &asha).await.expect(401);
    app.get("/api/auth/session", &phone).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_again_in_a_browser_ends_the_session_before_and_no_other() {
    let app = TestApp::start();
    let (asha, mateo) = (app.patient("Asha Rao").await, app.patient("Mateo Rivera").await);
    let enter = async |who: &testkit::Person, cookie: Option<&str>| {
        let form = json!({ "username": who.username, "password": testkit::PASSWORD, "session": "cookie" });
        let mut request = Request::post("/api/auth/login")
            .header(header::HOST, "localhost")
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let reply = app.request(request.body(Body::from(form.to_string())).unwrap()).await.expect(200);
        reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
    };
    let open = async |cookie: &str| {
        let request =
            Request::get("/api/auth/sessions").header(header::HOST, "localhost").header(header::COOKIE, cookie);
        app.request(request.body(Body::empty()).unwrap()).await.status
    };
    let (first, elsewhere) = (enter(&asha, None).await, enter(&asha, None).await);
    assert_eq!((open(&first).await, open(&elsewhere).await), (200, 200));
    let second = enter(&mateo, Some(&first)).await;
    assert_eq!((open(&first).await, open(&second).await, open(&elsewhere).await), (401, 200, 200));
    app.get("/api/auth/sessions", &asha).await.expect(200);
}
