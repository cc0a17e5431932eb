//! Codes by e-mail, recovery codes, and what a session that they opened is good for.

use axum::body::Body;
use http::{Request, header};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use testkit::{Authenticator, PASSWORD, Person, Spoil, TestApp};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn fixed() -> (Arc<FixedClock>, TestApp) {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    (clock.clone(), TestApp::with_clock(clock))
}

fn address(person: &Person) -> String {
    format!("{}@example.org", person.username)
}

async fn ask(app: &TestApp, email: &str) -> Value {
    app.post("/api/auth/code/start", None, json!({ "email": email })).await.expect(200).json()
}

/// The code in the newest letter.
async fn code(app: &TestApp) -> String {
    app.run_jobs().await;
    let letter = app.outbox.mails().into_iter().find(|sent| sent.mail.subject.contains("code for")).expect("a letter");
    letter.mail.text.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap().to_owned()
}

async fn finish(app: &TestApp, asked: &Value, code: &str) -> testkit::Reply {
    app.post("/api/auth/code/finish", None, json!({ "request": asked["request"], "code": code })).await
}

/// A session opened by an e-mail code alone.
pub async fn limited(app: &TestApp, who: &Person) -> Person {
    let asked = ask(app, &address(who)).await;
    let code = code(app).await;
    let login = finish(app, &asked, &code).await.expect(200).json();
    assert_eq!(
        (&login["limited"], &login["method"], &login["confirmedUntil"]),
        (&json!(true), &json!("code"), &json!(null))
    );
    Person { token: login["token"].as_str().unwrap().to_owned(), ..who.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_opens_the_account_and_no_health_data() {
    let (_, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let here = limited(&app, &asha).await;
    for path in [
        format!("/fhir/Patient/{}", asha.id),
        format!("/api/patients/{}/timeline", asha.id),
        "/api/grants".to_owned(),
        "/api/inbox".to_owned(),
        "/api/ledger/entries".to_owned(),
    ] {
        let refused = app.get(&path, &here).await.expect(403);
        assert!(refused.text().contains("recovery code"), "{path}: {}", refused.text());
    }
    app.post("/api/auth/recovery-codes", &here, json!({})).await.expect(403);
    app.post("/api/auth/password/remove", &here, json!({})).await.expect(403);
    // A passkey made by recovery must not take the name of the owner's.
    app.post("/api/auth/passkeys/1/rename", &here, json!({ "name": "My phone" })).await.expect(403);
    app.post("/api/auth/face/devices/1/delete", &here, json!({})).await.expect(403);
    // The account and its devices.
    app.get("/api/auth/methods", &here).await.expect(200);
    let sessions = app.get("/api/auth/sessions", &here).await.expect(200).json();
    let other = sessions["sessions"].as_array().unwrap().iter().find(|s| s["current"] == false).unwrap()["id"].clone();
    app.post(&format!("/api/auth/sessions/{other}/revoke"), &here, json!({})).await.expect(204);
    app.get("/api/auth/sessions", &asha).await.expect(401);
    // With the password it is a full one.
    let session = app.post("/api/auth/confirm", &here, json!({ "password": PASSWORD })).await.expect(200).json();
    let here = here.with(&session);
    assert_eq!((&session["limited"], &session["method"]), (&json!(false), &json!("password")));
    app.get(&format!("/fhir/Patient/{}", asha.id), &here).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_newest_code_counts_once_five_tries_and_ten_minutes_long() {
    let (clock, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let first = ask(&app, &address(&asha)).await;
    let old = code(&app).await;
    let second = ask(&app, &address(&asha)).await;
    let new = code(&app).await;
    assert_eq!(finish(&app, &first, &old).await.expect(401).json()["kind"], "code-failed");
    finish(&app, &first, &new).await.expect(401);
    finish(&app, &second, &new).await.expect(200);
    finish(&app, &second, &new).await.expect(401);

    let asked = ask(&app, &address(&asha)).await;
    let right = code(&app).await;
    let wrong = if right == "00000000" { "00000001" } else { "00000000" };
    for _ in 0..5 {
        finish(&app, &asked, wrong).await.expect(401);
    }
    finish(&app, &asked, &right).await.expect(401);

    clock.advance_ms(MINUTE_MS);
    let asked = ask(&app, &address(&asha)).await;
    let right = code(&app).await;
    clock.advance_ms(10 * MINUTE_MS);
    finish(&app, &asked, &right).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_nobody_has_is_answered_like_any_other() {
    let (_, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    for email in [address(&asha), "nobody@example.org".to_owned()] {
        for _ in 0..10 {
            let asked = ask(&app, &email).await;
            assert_eq!(asked.as_object().unwrap().len(), 2);
            assert_eq!(asked["request"].as_str().unwrap().len(), 22);
            assert_eq!(asked["expires"], "2027-01-15T08:10:00.000Z");
        }
        let refused = app.post("/api/auth/code/start", None, json!({ "email": email })).await.expect(429);
        assert_eq!(refused.header("retry-after"), Some("86400"), "{email}");
    }
    app.run_jobs().await;
    assert!(app.outbox.mails().iter().all(|sent| sent.mail.to == address(&asha)));
    assert_eq!(app.outbox.mails().len(), 10);
}

/// Asks for a code from this address.
async fn ask_from(app: &TestApp, from: &str, email: &str) -> testkit::Reply {
    let mut request = Request::post("/api/auth/code/start")
        .header(header::HOST, "localhost")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", from)
        .body(Body::from(json!({ "email": email }).to_string()))
        .unwrap();
    let proxy: SocketAddr = "10.0.0.1:4000".parse().unwrap();
    request.extensions_mut().insert(server::listen::Peer(proxy));
    app.request(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_asks_elsewhere_keeps_nobody_out_and_nobodys_letters_drown() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with(clock.clone(), &[("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "10.0.0.0/8")]);
    let asha = app.patient("Asha Rao").await;
    let email = address(&asha);
    let asked = ask_from(&app, "198.51.100.1", &email).await.expect(200).json();
    let own = code(&app).await;
    for _ in 0..10 {
        ask_from(&app, "203.0.113.5", &email).await.expect(200);
    }
    let full = ask_from(&app, "203.0.113.5", &email).await.expect(429);
    assert_eq!(full.header("retry-after"), Some("86400"));
    // The owner's own code stands, and they may ask again; the rest of the others' is worth nothing once they are in.
    finish(&app, &asked, &own).await.expect(200);
    app.run_jobs().await;
    let before = app.outbox.mails().len();
    for from in ["203.0.113.6", "2001:db8::1"] {
        for n in 0..9 {
            let from = if from.contains(':') { format!("{from}{n}") } else { from.to_owned() };
            ask_from(&app, &from, &email).await.expect(200);
        }
    }
    ask_from(&app, "198.51.100.1", &email).await.expect(200);
    // A network of IPv6 is one place.
    ask_from(&app, "203.0.113.7", &email).await.expect(429);
    ask_from(&app, "198.51.100.1", &email).await.expect(429);
    app.run_jobs().await;
    assert_eq!(app.outbox.mails().len() - before, 19);
    clock.advance_ms(24 * HOUR_MS + 1);
    ask_from(&app, "198.51.100.1", &email).await.expect(200);
    for n in 0..9 {
        ask_from(&app, &format!("2001:db8::{n}"), &email).await.expect(200);
    }
    ask_from(&app, "2001:db8::a", &email).await.expect(200);
    ask_from(&app, "2001:db8::b", &email).await.expect(429);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_opens_the_account_ends_every_other() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with(clock, &[("HEALTHSYNC__SERVER__TRUSTED_PROXIES", "10.0.0.0/8")]);
    let asha = app.patient("Asha Rao").await;
    let other = ask_from(&app, "203.0.113.5", &address(&asha)).await.expect(200).json();
    let others = code(&app).await;
    let own = ask_from(&app, "198.51.100.1", &address(&asha)).await.expect(200).json();
    let mine = code(&app).await;
    finish(&app, &own, &mine).await.expect(200);
    finish(&app, &other, &others).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_recovery_code_makes_it_a_full_session_once() {
    let (_, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let made = app.post("/api/auth/recovery-codes", &asha, json!({})).await.expect(201).json();
    let codes: Vec<&str> = made["codes"].as_array().unwrap().iter().map(|code| code.as_str().unwrap()).collect();
    assert_eq!(codes.len(), 10);
    let here = limited(&app, &asha).await;
    let give = async |who: &Person, code: &str| {
        app.post("/api/auth/recovery-code", who, json!({ "recoveryCode": code })).await
    };
    give(&here, "AAAAA-AAAAA").await.expect(401);
    let session = give(&here, &codes[0].to_lowercase()).await.expect(200).json();
    let here = here.with(&session);
    assert_eq!((&session["limited"], &session["method"]), (&json!(false), &json!("recovery")));
    app.get(&format!("/fhir/Patient/{}", asha.id), &here).await.expect(200);
    give(&here, codes[0]).await.expect(401);
    // In one go with the e-mail code.
    let asked = ask(&app, &address(&asha)).await;
    let sent = code(&app).await;
    let form = |recovery: &str| json!({ "request": asked["request"], "code": sent, "recoveryCode": recovery });
    let refused = app.post("/api/auth/code/finish", None, form(codes[0])).await.expect(401).json();
    assert_eq!(refused["kind"], "login-failed");
    let login = app.post("/api/auth/code/finish", None, form(codes[1])).await.expect(200).json();
    assert_eq!((&login["limited"], &login["method"]), (&json!(false), &json!("recovery")));
    let methods = app.get("/api/auth/methods", &asha).await.expect(200).json();
    assert_eq!(methods["recoveryCodes"]["left"], 8);
    // Somebody else's codes are none of theirs.
    let other = app.patient("Mateo Rivera").await;
    let form = json!({ "recoveryCode": codes[2] });
    app.post("/api/auth/recovery-code", &other, form).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_lost_their_device_waits_a_day_and_is_told_and_can_stop_it() {
    let (clock, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let here = limited(&app, &asha).await;
    let make = async |who: &Person| {
        let begun = app.post("/api/auth/passkeys/start", who, json!({})).await.expect(200).json();
        let mut device = Authenticator::new();
        let credential = device.make(&begun["options"], Spoil::Nothing);
        let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": "New phone" });
        (app.post("/api/auth/passkeys/finish", who, form).await.expect(201).json(), device)
    };
    let sign_in = async |device: &mut Authenticator| {
        let begun = app.post("/api/auth/passkey/start", None, json!({})).await.expect(200).json();
        let credential = device.sign(&begun["options"], Spoil::Nothing);
        let form = json!({ "ceremony": begun["ceremony"], "credential": credential });
        app.post("/api/auth/passkey/finish", None, form).await
    };
    let (made, mut phone) = make(&here).await;
    let (other, mut stopped) = make(&here).await;
    assert_eq!(made["readyAt"], "2027-01-16T08:00:00.000Z");
    app.run_jobs().await;
    let subjects = || app.outbox.mails().into_iter().map(|sent| sent.mail.subject).collect::<Vec<_>>();
    assert!(subjects().contains(&"HealthSync: A recovery of your account has begun".to_owned()));
    sign_in(&mut phone).await.expect(401);
    app.post(&format!("/api/auth/passkeys/{}/revoke", other["id"]), &asha, json!({})).await.expect(204);
    clock.advance_ms(24 * HOUR_MS - 1);
    sign_in(&mut phone).await.expect(401);
    clock.advance_ms(1);
    app.run_jobs().await;
    let login = sign_in(&mut phone).await.expect(200).json();
    assert_eq!(login["account"]["id"], asha.account);
    sign_in(&mut stopped).await.expect(401);
    assert_eq!(subjects().iter().filter(|subject| subject.ends_with("is complete")).count(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_reset_by_e_mail_counts_after_a_day_unless_it_is_stopped() {
    let (clock, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let sign_in = async |password: &str| {
        let form = json!({ "username": asha.username, "password": password });
        app.post("/api/auth/login", None, form).await.status
    };
    for stop in [true, false] {
        let here = limited(&app, &asha).await;
        let form = json!({ "password": "lamp river Tuesday" });
        let set = app.post("/api/auth/password", &here, form).await.expect(200).json();
        assert!(set["readyAt"].is_string());
        assert_eq!((sign_in(PASSWORD).await, sign_in("lamp river Tuesday").await), (200, 401));
        if stop {
            app.post("/api/auth/password/cancel", &here, json!({})).await.expect(204);
        }
        clock.advance_ms(24 * HOUR_MS);
        app.run_jobs().await;
        let expected = if stop { (200, 401) } else { (401, 200) };
        assert_eq!((sign_in(PASSWORD).await, sign_in("lamp river Tuesday").await), expected, "stopped: {stop}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_password_signs_the_other_devices_out_and_is_none_of_the_common_ones() {
    let (_, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let form = json!({ "username": asha.username, "password": PASSWORD });
    let login = app.post("/api/auth/login", None, form).await.expect(200).json();
    let phone = Person { token: login["token"].as_str().unwrap().to_owned(), ..asha.clone() };
    for password in ["password123", "Iloveyou1", "short"] {
        let refused = app.post("/api/auth/password", &phone, json!({ "password": password })).await.expect(422).json();
        assert_eq!(refused["issues"][0]["path"], "password", "{password}");
    }
    app.post("/api/auth/password", &phone, json!({ "password": "lamp river Tuesday" })).await.expect(200);
    app.get("/api/auth/sessions", &phone).await.expect(200);
    app.get("/api/auth/sessions", &asha).await.expect(401);
    app.run_jobs().await;
    assert_eq!(app.outbox.mails()[0].mail.subject, "HealthSync: Your password was changed");
    assert!(!app.outbox.mails()[0].mail.text.contains("lamp"));
    let newcomer = json!({
        "email": "new@example.org", "password": "password123", "given": "A", "family": "B",
        "birthDate": "1990-01-01", "gender": "other"
    });
    app.post("/api/auth/register", None, newcomer).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_other_devices_or_all_can_be_signed_out() {
    let (_, app) = fixed();
    let asha = app.patient("Asha Rao").await;
    let form = json!({ "username": asha.username, "password": PASSWORD });
    let mut open = Vec::new();
    for _ in 0..3 {
        let login = app.post("/api/auth/login", None, form.clone()).await.expect(200).json();
        open.push(Person { token: login["token"].as_str().unwrap().to_owned(), ..asha.clone() });
    }
    let ended = app.post("/api/auth/sessions/revoke-others", &open[0], json!({})).await.expect(200).json();
    assert_eq!(ended["ended"], 3);
    app.get("/api/auth/sessions", &open[1]).await.expect(401);
    let sessions = app.get("/api/auth/sessions", &open[0]).await.expect(200).json();
    assert_eq!(sessions["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(sessions["sessions"][0]["method"], "password");
    app.post("/api/auth/sessions/revoke-all", &open[0], json!({})).await.expect(204);
    assert_eq!(app.get("/api/auth/session", &open[0]).await.expect(200).json(), json!({ "account": null }));
}
