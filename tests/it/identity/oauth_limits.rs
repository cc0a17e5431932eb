//! How often apps may ask, how many may put themselves on the list, and whom they can send where.

use super::oauth::{
    BACK, Fields, Key, STATEMENT, asked, asks, connected, parameter, post, registered, text, with_token,
};
use axum::body::Body;
use db::Column;
use http::{Request, header};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use testkit::{Person, Reply, TestApp};

const ONE: &str = "192.0.2.1";
const OTHER: &str = "192.0.2.2";
const THIRD: &str = "192.0.2.3";
const HOUR_MS: i64 = 3_600_000;

/// A server on which everything is counted from one try a minute on.
fn strict() -> (Arc<FixedClock>, TestApp) {
    let clock = Arc::new(FixedClock::at(Timestamp(super::oauth::seconds() * 1000)));
    (clock.clone(), TestApp::with(clock, &[("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "1")]))
}

/// A request as it comes from an address.
async fn from(app: &TestApp, place: &str, method: &str, path: &str, kind: &str, body: String) -> Reply {
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    let mut request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
    let address: SocketAddr = format!("{place}:4000").parse().unwrap();
    request.extensions_mut().insert(server::listen::Peer(address));
    app.request(request).await
}

async fn posts(app: &TestApp, place: &str, path: &str, fields: &Fields) -> Reply {
    from(app, place, "POST", path, "application/x-www-form-urlencoded", fields.text()).await
}

#[track_caller]
fn too_many(reply: &Reply, seconds: std::ops::RangeInclusive<u32>) {
    assert_eq!((reply.status, &reply.json()["error"]), (429, &json!("temporarily_unavailable")), "{}", reply.text());
    assert!(reply.json()["error_description"].is_string());
    let wait: u32 = reply.header("retry-after").unwrap().parse().unwrap();
    assert!(seconds.contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_asks_so_often_in_a_minute_and_no_other_is_kept_out() {
    let (clock, app) = strict();
    let nothing = Fields::of(&[]);
    for path in ["/oauth/token", "/oauth/par", "/oauth/revoke", "/oauth/introspect"] {
        for _ in 0..10 {
            assert!(matches!(posts(&app, ONE, path, &nothing).await.status, 400 | 401), "{path}");
        }
    }
    for path in ["/oauth/token", "/oauth/par", "/oauth/revoke", "/oauth/introspect", "/oauth/userinfo"] {
        too_many(&posts(&app, ONE, path, &nothing).await, 60..=60);
        assert_ne!(posts(&app, OTHER, path, &nothing).await.status, 429, "{path}");
    }
    for _ in 0..10 {
        from(&app, ONE, "GET", "/oauth/authorize", "", String::new()).await.expect(400);
    }
    too_many(&from(&app, ONE, "GET", "/oauth/authorize", "", String::new()).await, 60..=60);
    from(&app, OTHER, "GET", "/oauth/authorize", "", String::new()).await.expect(400);
    clock.advance_ms(60_000);
    from(&app, ONE, "GET", "/oauth/authorize", "", String::new()).await.expect(400);
    posts(&app, ONE, "/oauth/token", &nothing).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_asks_so_often_and_nobody_keeps_it_out_by_taking_its_name() {
    let (_, app) = strict();
    let admin = app.administrator("Robin").await;
    let public = registered(&app, &admin, json!({})).await;
    let key = Key::es256("k");
    let signing = registered(&app, &admin, json!({ "kind": "confidential", "keys": [key.jwk()] })).await;
    let guess = Fields::of(&[("grant_type", "refresh_token"), ("client_id", &public), ("refresh_token", "guess")]);
    for _ in 0..20 {
        posts(&app, ONE, "/oauth/token", &guess).await.expect(400);
    }
    too_many(&posts(&app, ONE, "/oauth/token", &guess).await, 60..=60);
    posts(&app, OTHER, "/oauth/token", &guess).await.expect(400);

    let signed = || {
        Fields::of(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", "guess"),
            ("client_assertion_type", STATEMENT),
            ("client_assertion", &key.statement(&signing)),
        ])
    };
    let named = Fields::of(&[("grant_type", "refresh_token"), ("client_id", &signing), ("refresh_token", "guess")]);
    for _ in 0..15 {
        posts(&app, THIRD, "/oauth/token", &named).await.expect(401);
    }
    let place = |n: u32| format!("198.51.100.{}", n / 30);
    for n in 0..100 {
        posts(&app, &place(n), "/oauth/token", &signed()).await.expect(400);
    }
    too_many(&posts(&app, "198.51.100.9", "/oauth/token", &signed()).await, 60..=60);
}

fn diary() -> Value {
    json!({ "client_name": "Heart diary", "redirect_uris": [BACK], "token_endpoint_auth_method": "none" })
}

async fn itself(app: &TestApp, place: &str) -> Reply {
    from(app, place, "POST", "/oauth/register", "application/json", diary().to_string()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_apps_by_the_thousand_keeps_nobody_else_out() {
    let (clock, app) = strict();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let used = text(&itself(&app, ONE).await.expect(201).json(), "client_id").to_owned();
    too_many(&itself(&app, ONE).await, 3600..=3600);
    let unused = text(&itself(&app, OTHER).await.expect(201).json(), "client_id").to_owned();
    connected(&app, &patient, &used, "patient/*.rs").await;

    // Somebody with many addresses fills the list.
    let start = app.house.clock.now();
    let fill = move |tx: &mut db::Tx<'_>| {
        tx.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4998)
             INSERT INTO oauth_client (client, ident, state, created, detail, itself)
             SELECT i + 100000, 'x' || i, 0, ?1, ?2, 1 FROM n",
            &[start.into(), (&[0_u8; 8]).into()],
        )
    };
    app.house.db.write(fill).await.unwrap();
    let full = itself(&app, THIRD).await.expect(503).json();
    assert_eq!(full["error"], "temporarily_unavailable");
    registered(&app, &admin, json!({})).await;
    // One that was struck off makes room.
    let strike = "UPDATE oauth_client SET state = 1 WHERE client = 100001";
    app.house.db.write(move |tx| tx.execute(strike, &[])).await.unwrap();
    clock.advance_ms(HOUR_MS);
    itself(&app, THIRD).await.expect(201);

    // What nobody let in within a day is gone; what somebody did, and what an administrator listed, stays.
    clock.advance_ms(23 * HOUR_MS);
    app.run_jobs().await;
    let left = app.house.db.read(|tx| tx.count("SELECT COUNT(*) FROM oauth_client", &[])).await.unwrap();
    assert_eq!(left, 3, "the used one, the administrator's, and the youngest");
    asked(&app, &asks(&used, "patient/*.rs")).await;
    app.get(&format!("/oauth/authorize?{}", asks(&unused, "patient/*.rs").text()), None).await.expect(400);
}

/// A browser that comes with an app's request.
async fn arrives(app: &TestApp, fields: &Fields, who: Option<&Person>) -> Reply {
    let path = format!("/oauth/authorize?{}", fields.text());
    let mut request =
        Request::builder().uri(path).header(header::HOST, "localhost").header(header::ACCEPT, "text/html");
    if let Some(who) = who {
        request = request.header(header::COOKIE, format!("healthsync_session={}", who.token));
    }
    app.request(request.body(Body::empty()).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_on_unasked_to_an_address_that_anybody_may_register() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let managed = registered(&app, &admin, json!({})).await;
    let unknown = text(&itself(&app, ONE).await.expect(201).json(), "client_id").to_owned();
    let bad = |client: &str| asks(client, "everything");
    let reply = arrives(&app, &bad(&unknown), None).await.expect(303);
    let to = reply.header("location").unwrap().to_owned();
    let what = to.strip_prefix("/apps/refused?what=").expect(&to).to_owned();
    assert!(!to.contains("app.example"), "the address is in nobody's hands but this server's: {to}");
    let shown = app.get(&format!("/api/apps/refused?what={what}"), None).await.expect(200).json();
    assert_eq!((&shown["app"], &shown["returnsTo"]), (&json!("Heart diary"), &json!("app.example")));
    let back = text(&shown, "back");
    assert!(back.starts_with(&format!("{BACK}?error=invalid_scope")), "{back}");
    assert_eq!(parameter(back, "state").as_deref(), Some("s t&ate"));
    for bent in [what[1..].to_owned(), format!("{what}A"), "AAAA".to_owned(), "x".repeat(20_000)] {
        app.get(&format!("/api/apps/refused?what={bent}"), None).await.expect(404);
    }
    // A program that follows no page gets the refusal itself.
    let plain = app.get(&format!("/oauth/authorize?{}", bad(&unknown).text()), None).await.expect(400);
    assert_eq!((plain.json()["error"].as_str(), plain.header("location")), (Some("invalid_scope"), None));
    for prompt in ["none", "login none"] {
        let silent = asks(&unknown, "patient/*.rs").set("prompt", prompt);
        let reply = arrives(&app, &silent, None).await.expect(303);
        assert!(reply.header("location").unwrap().starts_with("/apps/refused?what="), "{prompt}");
    }
    // Whoever is signed in here, or comes from an app that is known here, goes straight back.
    for (client, who) in [(&unknown, Some(&patient)), (&managed, None)] {
        let reply = arrives(&app, &bad(client), who).await.expect(303);
        assert!(reply.header("location").unwrap().starts_with(&format!("{BACK}?error=")), "{client}");
    }
    let ended = Person { token: "ended".to_owned(), ..patient.clone() };
    let reply = arrives(&app, &bad(&unknown), Some(&ended)).await.expect(303);
    assert!(reply.header("location").unwrap().starts_with("/apps/refused"));
    // A request that is right is asked as ever.
    let given = connected(&app, &patient, &unknown, "patient/*.rs").await;
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_refused_is_shown_for_a_quarter_of_an_hour() {
    let (clock, app) = strict();
    let unknown = text(&itself(&app, ONE).await.expect(201).json(), "client_id").to_owned();
    let reply = arrives(&app, &asks(&unknown, "everything"), None).await.expect(303);
    let path = format!("/api{}", reply.header("location").unwrap());
    for (ms, status) in [(15 * 60_000 - 1, 200), (1, 404)] {
        clock.advance_ms(ms);
        app.get(&path, None).await.expect(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_thousand_requests_wait_for_their_people_and_no_more() {
    let (clock, app) = strict();
    let admin = app.administrator("Robin").await;
    let client = registered(&app, &admin, json!({})).await;
    let fields = asks(&client, "patient/*.rs");
    let until = app.house.clock.now().0 + 60_000;
    let fill = move |tx: &mut db::Tx<'_>| {
        let ids: Vec<[u8; 4]> = (1..20_000_u32).map(u32::to_be_bytes).collect();
        let ids: Vec<&[u8]> = ids.iter().map(|id| &id[..]).collect();
        let (number, pushed) = (("client", Column::Const(1)), ("pushed", Column::Const(0)));
        let (id, detail) = (("id", Column::Blob(&ids)), ("detail", Column::Blob(&ids)));
        tx.insert_many("oauth_request", &[id, number, pushed, ("expires", Column::Const(until)), detail])
    };
    app.house.db.write(fill).await.unwrap();
    asked(&app, &fields).await;
    let here = app.get(&format!("/oauth/authorize?{}", fields.text()), None).await.expect(503).json();
    let pushed = post(&app, "/oauth/par", &fields).await.expect(503).json();
    assert_eq!([here["error"].clone(), pushed["error"].clone()], ["temporarily_unavailable"; 2]);
    clock.advance_ms(60_000);
    asked(&app, &fields).await;
    let left = app.house.db.read(|tx| tx.count("SELECT COUNT(*) FROM oauth_request", &[])).await.unwrap();
    assert_eq!(left, 2, "those that were over made room");
}
