//! What is revoked is over within a second, over real connections: for tokens that live and for streams that are open.

use super::oauth::{asks, connected, registered, text};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use testkit::{PASSWORD, Person, TestApp};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const SECOND: Duration = Duration::from_secs(1);

pub async fn open(address: SocketAddr, path: &str, token: &str) -> TcpStream {
    let mut socket = TcpStream::connect(address).await.unwrap();
    let request =
        format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n");
    socket.write_all(request.as_bytes()).await.unwrap();
    socket
}

pub async fn status(address: SocketAddr, path: &str, token: &str) -> u16 {
    let mut answer = Vec::new();
    open(address, path, token).await.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).split(' ').nth(1).unwrap().parse().unwrap()
}

/// A live stream, of which the first comment has arrived: from then on it hears everything.
pub async fn listening(address: SocketAddr, who: &Person) -> TcpStream {
    let mut socket = open(address, "/api/events", &who.token).await;
    let (mut heard, mut piece) = (String::new(), [0; 1024]);
    while !heard.contains("still here") {
        let length = socket.read(&mut piece).await.unwrap();
        assert!(length > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&piece[..length]));
    }
    socket
}

/// What a stream says until it ends, which must be within a second.
async fn until_end(mut socket: TcpStream) -> String {
    let mut heard = String::new();
    tokio::time::timeout(SECOND, socket.read_to_string(&mut heard)).await.expect("the stream goes on").unwrap();
    heard
}

async fn signed_in_again(app: &TestApp, who: &Person) -> Person {
    let form = json!({ "username": who.username, "password": PASSWORD });
    let login = app.post("/api/auth/login", None, form).await.expect(200).json();
    Person { token: text(&login, "token").to_owned(), ..who.clone() }
}

/// Takes away what a case is about, from another device of the patient's or as an administrator.
async fn revoke(app: &TestApp, what: &str, phone: &Person, admin: &Person) {
    match what {
        "session" => {
            app.post("/api/auth/sessions/revoke-others", phone, json!({})).await.expect(200);
        }
        "permission" => {
            let list = app.get("/api/apps", phone).await.expect(200).json();
            let path = format!("/api/apps/{}/revoke", list["apps"][0]["id"]);
            app.post(&path, phone, json!({})).await.expect(204);
        }
        "app" => {
            let list = app.get("/api/admin/apps", admin).await.expect(200).json();
            let path = format!("/api/admin/apps/{}/revoke", list["apps"][0]["id"]);
            app.post(&path, admin, json!({})).await.expect(204);
        }
        _ => {
            let form = json!({ "password": "lamp river Tuesday" });
            app.post("/api/auth/password", phone, form).await.expect(200);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_apps_and_permissions_end_within_a_second_at_every_replica() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let (here, beside) = (app.listen().await, app.replica().await);
    for (what, scope, stream_ends) in [
        ("session", "patient/*.rs", true),
        ("permission", "offline_access patient/*.rs", false),
        ("app", "offline_access patient/*.rs", false),
        ("password", "offline_access patient/*.rs", true),
    ] {
        let desk = app.patient("Ann").await;
        let phone = signed_in_again(&app, &desk).await;
        let client = registered(&app, &admin, json!({})).await;
        let given = connected(&app, &desk, &client, scope).await;
        let (access, path) = (text(&given, "access_token"), "/fhir/Observation");
        for address in [here.address, beside.address] {
            assert_eq!(status(address, path, access).await, 200, "{what}");
        }
        let stream = listening(here.address, &desk).await;
        let begun = Instant::now();
        revoke(&app, what, &phone, &admin).await;
        for address in [here.address, beside.address] {
            assert_eq!(status(address, path, access).await, 401, "{what}");
            let session = status(address, "/api/auth/sessions", &desk.token).await;
            assert_eq!(session, if stream_ends { 401 } else { 200 }, "{what}");
        }
        if stream_ends {
            let heard = until_end(stream).await;
            assert!(heard.contains(r#"{"topics":["session"]}"#), "{what}: {heard}");
        }
        assert!(begun.elapsed() < SECOND, "{what}: {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_ends_when_its_caller_becomes_somebody_else() {
    let app = TestApp::start();
    let (admin, doctor) = (app.administrator("Robin").await, app.practitioner("Dr A", &["Hillside"]).await);
    let patient = app.patient("Ann").await;
    let here = app.listen().await;
    let organization = doctor.organization.clone().unwrap();
    app.grant_with(&patient, &doctor, json!({ "grantee": { "type": "organization", "id": organization } })).await;
    let members = format!("/api/admin/organizations/{organization}/members");

    let stream = listening(here.address, &doctor).await;
    app.post(&format!("{members}/{}/remove", doctor.account), &admin, json!({})).await.expect(204);
    // What happens to the organization's patients is no news for them any more.
    app.create(&testkit::sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
    let heard = until_end(stream).await;
    assert!(heard.contains(r#"{"topics":["session"]}"#) && !heard.contains("record:"), "{heard}");

    let stream = listening(here.address, &doctor).await;
    app.post(&members, &admin, json!({ "account": doctor.account })).await.expect(204);
    assert!(until_end(stream).await.contains("session"), "a new member hears more");
}

/// A session that an e-mail code alone opened, and that is then confirmed.
#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_heard_little_ends_when_its_session_becomes_a_full_one() {
    let app = TestApp::start();
    let patient = app.patient("Ann").await;
    let here = app.listen().await;
    let email = format!("{}@example.org", patient.username);
    let asked = app.post("/api/auth/code/start", None, json!({ "email": email })).await.expect(200).json();
    app.run_jobs().await;
    let letter = app.outbox.mails().remove(0).mail.text;
    let code = letter.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap();
    let form = json!({ "request": asked["request"], "code": code });
    let login: Value = app.post("/api/auth/code/finish", None, form).await.expect(200).json();
    let limited = Person { token: text(&login, "token").to_owned(), ..patient };
    let stream = listening(here.address, &limited).await;
    let full = app.confirmed(&limited).await;
    assert!(until_end(stream).await.contains("session"));
    listening(here.address, &full).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_without_leave_to_go_on_ends_with_the_session_that_was_left_alone() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (admin, doctor) = (app.administrator("Robin").await, app.practitioner("Dr A", &[]).await);
    let client = registered(&app, &admin, json!({})).await;
    let fields = asks(&client, "online_access user/Patient.rs");
    let code = super::oauth::allowed(&app, &doctor, &fields, json!({})).await;
    let given = super::oauth::token(&app, &super::oauth::redeems(&client, &code)).await.expect(200).json();
    let refresh = async |given: &Value| {
        let fields = super::oauth::Fields::of(&[
            ("grant_type", "refresh_token"),
            ("client_id", &client),
            ("refresh_token", text(given, "refresh_token")),
        ]);
        super::oauth::token(&app, &fields).await
    };
    clock.advance_ms(14 * 60_000);
    let given = refresh(&given).await.expect(200).json();
    let access = text(&given, "access_token");
    super::oauth::with_token(&app, "GET", "/fhir/Patient", access, None).await.expect(200);
    // A quarter of an hour, and the minute by which what is written of a session may be behind.
    clock.advance_ms(2 * 60_000);
    super::oauth::with_token(&app, "GET", "/fhir/Patient", access, None).await.expect(401);
    assert_eq!(refresh(&given).await.expect(400).json()["error"], "invalid_grant");
}
