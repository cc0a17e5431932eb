//! Ten thousand guesses from two dozen addresses: nobody gets in, nobody else is kept out, and nothing is learned.

use axum::body::Body;
use http::{Request, header};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use testkit::{PASSWORD, Reply, TestApp};

const ADDRESSES: u32 = 24;
const GUESSES: u32 = 10_000;

/// Status, body and how long to wait.
type Heard = (u16, Value, Option<String>);

/// Signs in through the proxy, which says where the request came from.
async fn sign_in(app: &TestApp, from: &str, username: &str, password: &str) -> Reply {
    let body = json!({ "username": username, "password": password }).to_string();
    let mut request = Request::builder()
        .method("POST")
        .uri("/api/auth/login")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", from)
        .body(Body::from(body))
        .unwrap();
    let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
    request.extensions_mut().insert(server::listen::Peer(proxy));
    app.request(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_guesses_open_nothing_and_keep_nobody_else_out() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with(clock.clone(), &[("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "10.0.0.0/8")]);
    let (asha, mateo) = (app.patient("Asha Rao").await, app.patient("Mateo Rivera").await);
    // What each address hears, by whom it guessed at: somebody who exists, or nobody.
    let mut heard: BTreeMap<&str, Vec<Heard>> = BTreeMap::new();
    let names = [("known", asha.username.as_str()), ("unknown", "nobody-at-all")];
    let mut opened = 0;
    for n in 0..GUESSES {
        let (which, name) = names[(n % 2) as usize];
        let from = format!("198.51.100.{}", n / 2 % (ADDRESSES / 2));
        let from = if which == "known" { from } else { from.replace("198.51", "203.0") };
        let reply = sign_in(&app, &from, name, &format!("guess number {n}")).await;
        opened += u32::from(reply.status == 200);
        let mut said = reply.json();
        said.as_object_mut().unwrap().remove("instance");
        heard.entry(which).or_default().push((reply.status, said, reply.header("retry-after").map(str::to_owned)));
        // Twenty minutes in all.
        clock.advance_ms(120);
    }
    assert_eq!(opened, 0);
    assert_eq!(heard["known"], heard["unknown"], "who exists is told apart");
    let judged = heard["known"].iter().filter(|(status, ..)| *status == 401).count();
    let waited = heard["known"].iter().filter(|(status, ..)| *status == 429).count();
    assert_eq!(judged + waited, (GUESSES / 2) as usize);
    assert!(judged < 1000, "{judged} guesses were judged");
    // Others come in, also from where the guesses came from.
    sign_in(&app, "192.0.2.1", &mateo.username, PASSWORD).await.expect(200);
    // A hundred wrong ones in a row: the password is off, the account is not, and its owner knows.
    let off = sign_in(&app, "192.0.2.2", &asha.username, PASSWORD).await.expect(401);
    assert_eq!(off.json()["kind"], "login-failed");
    app.get(&format!("/fhir/Patient/{}", asha.id), None).await.expect(401);
    app.run_jobs().await;
    let told: Vec<String> = app.outbox.mails().into_iter().map(|sent| sent.mail.subject).collect();
    assert_eq!(told, ["HealthSync: Your password was switched off"]);
    // Another way in switches it on again.
    let email = format!("{}@example.org", asha.username);
    let asked = app.post("/api/auth/code/start", None, json!({ "email": email })).await.expect(200).json();
    app.run_jobs().await;
    let letter = app.outbox.mails()[0].mail.text.clone();
    let code = letter.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap();
    let form = json!({ "request": asked["request"], "code": code });
    app.post("/api/auth/code/finish", None, form).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_no_trusted_proxy_does_not_choose_where_it_comes_from() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "3")]);
    let asha = app.patient("Asha Rao").await;
    for n in 0..3 {
        sign_in(&app, &format!("192.0.2.{n}"), &asha.username, PASSWORD).await.expect(200);
    }
    sign_in(&app, "192.0.2.9", &asha.username, PASSWORD).await.expect(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_door_that_takes_a_guess_counts_the_tries_of_a_place() {
    let settings =
        [("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "10.0.0.0/8"), ("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "3")];
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with(clock, &settings);
    let asha = app.patient("Asha Rao").await;
    let newcomer = json!({ "email": "new@example.org", "given": "A", "family": "B", "birthDate": "1990-05-01",
                           "gender": "female" });
    let mut with_password = newcomer.clone();
    with_password["password"] = "password123".into();
    let doors = [
        ("/api/auth/code/start", None, json!({ "email": "asha@example.org" })),
        ("/api/auth/code/finish", None, json!({ "request": "x", "code": "12345678" })),
        ("/api/auth/recovery-code", Some(&asha), json!({ "recoveryCode": "AAAAA-AAAAA" })),
        ("/api/auth/register", None, with_password),
        ("/api/auth/register/start", None, newcomer),
        ("/api/auth/register/clinician", None, json!({ "email": "k@example.org", "password": "x", "name": "Dr K" })),
        ("/api/auth/invitation", None, json!({ "token": "a guess", "password": "lamp river Tuesday" })),
        ("/api/auth/confirm", Some(&asha), json!({ "recoveryCode": "AAAAA-AAAAA" })),
    ];
    for (n, (path, who, body)) in doors.into_iter().enumerate() {
        let mut heard = Vec::new();
        for _ in 0..4 {
            let mut request = Request::post(path)
                .header(header::HOST, "localhost")
                .header(header::CONTENT_TYPE, "application/json")
                .header("x-forwarded-for", format!("198.51.100.{n}"));
            if let Some(who) = who {
                request = request.header(header::AUTHORIZATION, format!("Bearer {}", who.token));
            }
            let mut request = request.body(Body::from(body.to_string())).unwrap();
            let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
            request.extensions_mut().insert(server::listen::Peer(proxy));
            heard.push(app.request(request).await.status);
        }
        assert!(!heard[..3].contains(&429) && heard[3] == 429, "{path}: {heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_was_switched_off_confirms_nothing_either() {
    let app = TestApp::start();
    let asha = app.patient("Asha Rao").await;
    let account = asha.account;
    let off = "INSERT INTO password_miss (account, count) VALUES (?1, 100)";
    app.house.db.write(move |tx| tx.execute(off, &[account.into()]).map_err(kernel::Problem::from)).await.unwrap();
    let ways = app.post("/api/auth/confirm/start", &asha, json!({})).await.expect(200).json();
    assert_eq!(ways["methods"], json!([]), "{ways}");
    app.post("/api/auth/confirm", &asha, json!({ "password": PASSWORD })).await.expect(401);
}
