//! What an account's owner is told of apps, and what ends them.

use super::oauth::{Fields, allowed, asks, connected, post, redeems, registered, text, token, with_token};
use identity::oauth::Renewal;
use kernel::{FixedClock, Id, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, TestApp};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

fn fixed() -> (Arc<FixedClock>, TestApp) {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    (clock.clone(), TestApp::with_clock(clock))
}

fn refresh(client: &str, given: &Value) -> Fields {
    Fields::of(&[
        ("grant_type", "refresh_token"),
        ("client_id", client),
        ("refresh_token", text(given, "refresh_token")),
    ])
}

/// The letters to somebody, newest first.
async fn letters(app: &TestApp, who: &Person) -> Vec<notify::Mail> {
    app.run_jobs().await;
    let address = format!("{}@example.org", who.username);
    app.outbox.mails().into_iter().map(|sent| sent.mail).filter(|mail| mail.to == address).collect()
}

/// That the newest notice and the newest letter say so.
async fn told(app: &TestApp, who: &Person, title: &str, word: &str) {
    let letter = letters(app, who).await.remove(0);
    assert_eq!(letter.subject, format!("HealthSync: {title}"));
    assert!(letter.text.contains(word), "{}", letter.text);
    let inbox = app.get("/api/inbox", who).await.expect(200).json();
    assert_eq!(inbox["items"][0]["title"], title);
    assert!(text(&inbox["items"][0], "body").contains(word), "{inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_let_in_or_ended_is_told_to_its_person_by_inbox_and_e_mail() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let scope = "offline_access patient/*.rs";
    connected(&app, &patient, &client, scope).await;
    told(&app, &patient, "An app was connected", "\"Heart diary\"").await;
    let list = app.get("/api/apps", &patient).await.expect(200).json();
    let path = format!("/api/apps/{}/revoke", list["apps"][0]["id"]);
    app.post(&path, &patient, json!({})).await.expect(204);
    told(&app, &patient, "An app was ended", "You ended the app \"Heart diary\"").await;
    let count = letters(&app, &patient).await.len();
    app.post(&path, &patient, json!({})).await.expect(204);
    assert_eq!(letters(&app, &patient).await.len(), count, "what had ended does not end again");

    // A refresh token that comes twice.
    let given = connected(&app, &patient, &client, scope).await;
    token(&app, &refresh(&client, &given)).await.expect(200);
    token(&app, &refresh(&client, &given)).await.expect(400);
    told(&app, &patient, "An app was ended", "used twice").await;
    // A code that comes twice.
    let code = allowed(&app, &patient, &asks(&client, "patient/*.rs"), json!({})).await;
    token(&app, &redeems(&client, &code)).await.expect(200);
    token(&app, &redeems(&client, &code)).await.expect(400);
    told(&app, &patient, "An app was ended", "used twice").await;

    // An app that signs out by itself is no alarm: the inbox says so, and no letter.
    let given = connected(&app, &patient, &client, scope).await;
    let count = letters(&app, &patient).await.len();
    let fields = Fields::of(&[("token", text(&given, "access_token")), ("client_id", &client)]);
    post(&app, "/oauth/revoke", &fields).await.expect(200);
    let inbox = app.get("/api/inbox", &patient).await.expect(200).json();
    assert!(text(&inbox["items"][0], "body").contains("signed out"), "{inbox}");
    assert_eq!(letters(&app, &patient).await.len(), count);

    connected(&app, &patient, &client, scope).await;
    let list = app.get("/api/admin/apps", &admin).await.expect(200).json();
    let path = format!("/api/admin/apps/{}/revoke", list["apps"][0]["id"]);
    app.post(&path, &admin, json!({})).await.expect(204);
    told(&app, &patient, "An app was ended", "struck the app").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apps_that_may_go_on_end_when_the_account_is_recovered_or_its_password_changes() {
    for what in ["own", "operator", "lock", "recovery code", "sign-in by recovery code", "waiting password"] {
        let (clock, app) = fixed();
        let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
        let client = registered(&app, &admin, json!({})).await;
        let given = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
        let access = text(&given, "access_token");
        with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
        let codes = app.post("/api/auth/recovery-codes", &patient, json!({})).await.expect(201).json();
        let (new, recovery) = (json!({ "password": "lamp river Tuesday" }), codes["codes"][0].clone());
        match what {
            "own" => drop(app.post("/api/auth/password", &patient, new).await.expect(200)),
            "operator" => {
                let account = Id::new(patient.account);
                identity::set_password(&app.house, &app.operator(), account, "lamp river Tuesday").await.unwrap();
            }
            "lock" => {
                for act in ["lock", "unlock"] {
                    let path = format!("/api/admin/users/{}/{act}", patient.account);
                    app.post(&path, &admin, json!({})).await.expect(200);
                }
            }
            "sign-in by recovery code" => drop(coded(&app, &patient, Some(recovery)).await),
            "recovery code" => {
                let limited = coded(&app, &patient, None).await;
                with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
                let form = json!({ "recoveryCode": recovery });
                app.post("/api/auth/recovery-code", &limited, form).await.expect(200);
            }
            _ => {
                let limited = coded(&app, &patient, None).await;
                app.post("/api/auth/password", &limited, new).await.expect(200);
                with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
                clock.advance_ms(24 * HOUR_MS);
                app.run_jobs().await;
            }
        }
        with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(401);
        let refused = token(&app, &refresh(&client, &given)).await.expect(400).json();
        assert_eq!(refused["error"], "invalid_grant", "{what}");
        if what != "lock" {
            let letter = letters(&app, &patient).await.remove(0);
            assert!(letter.text.contains("connected again"), "{what}: {}", letter.text);
        }
    }
}

/// Signs in by a code sent by e-mail.
async fn coded(app: &TestApp, who: &Person, recovery: Option<Value>) -> Person {
    let form = json!({ "email": format!("{}@example.org", who.username) });
    let asked = app.post("/api/auth/code/start", None, form).await.expect(200).json();
    let letter = letters(app, who).await.into_iter().find(|mail| mail.subject.contains("code for")).unwrap();
    let code = letter.text.split_whitespace().find(|word| word.len() == 8 && word.parse::<u32>().is_ok()).unwrap();
    let mut form = json!({ "request": asked["request"], "code": code });
    if let Some(recovery) = recovery {
        form["recoveryCode"] = recovery;
    }
    let login = app.post("/api/auth/code/finish", None, form).await.expect(200).json();
    Person { token: text(&login, "token").to_owned(), ..who.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_of_a_person_is_as_narrow_as_the_token() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let scope = "openid fhirUser profile offline_access patient/*.rs";
    let mut given = connected(&app, &patient, &client, scope).await;
    let about = with_token(&app, "GET", "/oauth/userinfo", text(&given, "access_token"), None).await.expect(200).json();
    assert_eq!((&about["name"], about["fhirUser"].is_string()), (&json!("Ann"), true));
    for (narrower, status) in [("openid", 200), ("patient/Observation.rs", 403)] {
        given = token(&app, &refresh(&client, &given).set("scope", narrower)).await.expect(200).json();
        let reply = with_token(&app, "GET", "/oauth/userinfo", text(&given, "access_token"), None).await;
        assert_eq!(reply.status, status, "{narrower}");
        if status == 200 {
            assert_eq!(reply.json().as_object().unwrap().keys().collect::<Vec<_>>(), ["sub"], "{narrower}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_known_before_it_signs_and_the_old_one_until_its_tokens_are_over() {
    let (clock, app) = fixed();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let mut given = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
    let known = async || {
        let set = app.get("/oauth/jwks", None).await.expect(200).json();
        let all = set["keys"].as_array().unwrap();
        all.iter().map(|key| text(key, "kid").to_owned()).collect::<Vec<_>>()
    };
    let kid = |given: &Value| {
        use base64::Engine;
        let header = text(given, "access_token").split('.').next().unwrap().to_owned();
        let header = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(header).unwrap();
        text(&serde_json::from_slice(&header).unwrap(), "kid").to_owned()
    };
    let old = kid(&given);
    assert_eq!(known().await.concat(), old);
    let renew = async || identity::oauth::renew_key(&app.house, &app.operator(), Renewal::Orderly).await.unwrap();
    clock.advance_ms(MINUTE_MS);
    assert!(renew().await);
    assert!(!renew().await, "one waits already");
    clock.advance_ms(MINUTE_MS);
    let both = known().await;
    assert_eq!((both.len(), both.contains(&old)), (2, true));
    clock.advance_ms(7 * MINUTE_MS);
    given = token(&app, &refresh(&client, &given)).await.expect(200).json();
    assert_eq!(kid(&given), old, "apps have had ten minutes to hear of the new one");
    let access = text(&given, "access_token").to_owned();
    clock.advance_ms(2 * MINUTE_MS);
    given = token(&app, &refresh(&client, &given)).await.expect(200).json();
    assert_ne!(kid(&given), old);
    for token in [access.as_str(), text(&given, "access_token")] {
        with_token(&app, "GET", "/fhir/Observation", token, None).await.expect(200);
    }
    clock.advance_ms(HOUR_MS);
    assert_eq!(known().await, [kid(&given)]);
    // A year later another is made without anybody's doing, and what is over is gone.
    clock.advance_ms(365 * 24 * HOUR_MS);
    app.run_jobs().await;
    let kept = app.house.db.read(|tx| tx.count("SELECT COUNT(*) FROM oauth_key", &[])).await.unwrap();
    assert_eq!(kept, 2);
    assert_eq!(known().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_came_into_other_hands_opens_nothing_from_the_next_minute_on() {
    let (clock, app) = fixed();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let given = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
    let access = text(&given, "access_token");
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
    assert!(identity::oauth::renew_key(&app.house, &app.operator(), Renewal::AtOnce).await.unwrap());
    clock.advance_ms(MINUTE_MS);
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(401);
    // What the person allowed stands: the app asks for another token.
    let again = token(&app, &refresh(&client, &given)).await.expect(200).json();
    with_token(&app, "GET", "/fhir/Observation", text(&again, "access_token"), None).await.expect(200);
    assert_eq!(app.get("/oauth/jwks", None).await.expect(200).json()["keys"].as_array().unwrap().len(), 1);
}

/// What is left of a permission, as its person chooses: less of what the app may do, and an end that comes sooner.
async fn narrow(app: &TestApp, who: &Person, form: Value) -> testkit::Reply {
    let list = app.get("/api/apps", who).await.expect(200).json();
    app.post(&format!("/api/apps/{}/change", list["apps"][0]["id"]), who, form).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_let_do_less_does_less_at_once_with_tokens_that_live() {
    let (clock, app) = fixed();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    app.create(&testkit::sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
    let client = registered(&app, &admin, json!({})).await;
    let scope = "openid launch/patient offline_access patient/Observation.rs patient/Condition.rs";
    let given = connected(&app, &patient, &client, scope).await;
    let access = text(&given, "access_token").to_owned();
    let beside = app.replica().await;
    let get = async |path: &str| with_token(&app, "GET", path, &access, None).await;
    for kind in ["Observation", "Condition"] {
        get(&format!("/fhir/{kind}")).await.expect(200);
        assert_eq!(super::revocation::status(beside.address, &format!("/fhir/{kind}"), &access).await, 200);
    }
    let frame = ["launch/patient", "offline_access"];
    let left = json!({ "scopes": [frame[0], frame[1], "patient/Condition.rs"] });
    let changed = narrow(&app, &patient, left.clone()).await.expect(200).json();
    let wishes: Vec<&str> = changed["wishes"].as_array().unwrap().iter().map(|wish| text(wish, "scope")).collect();
    assert_eq!(wishes, ["launch/patient", "offline_access", "patient/Condition.rs"]);
    assert!(
        get("/fhir/Observation").await.expect(403).header("www-authenticate").unwrap().contains("insufficient_scope")
    );
    assert_eq!(super::revocation::status(beside.address, "/fhir/Observation", &access).await, 403);
    get("/fhir/Condition").await.expect(200);
    with_token(&app, "GET", "/oauth/userinfo", &access, None).await.expect(403);
    told(&app, &patient, "An app was narrowed", "\"Heart diary\"").await;
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let count = |action: &str| log["entries"].as_array().unwrap().iter().filter(|e| e["action"] == action).count();
    assert_eq!(count("narrow"), 1, "{log}");
    // Nothing brings it back but connecting again: neither a refresh, nor asking for it, nor the page.
    let again = token(&app, &refresh(&client, &given)).await.expect(200).json();
    assert_eq!(text(&again, "scope"), "launch/patient offline_access patient/Condition.rs");
    let mut wide = refresh(&client, &again);
    wide.0.push(("scope".to_owned(), "patient/Observation.rs".to_owned()));
    assert_eq!(token(&app, &wide).await.expect(400).json()["error"], "invalid_scope");
    for (form, place) in [
        (json!({ "scopes": scope.split(' ').collect::<Vec<_>>() }), "scopes"),
        (json!({ "scopes": frame }), "scopes"),
        (json!({ "scopes": [] }), "scopes"),
        (json!({ "scopes": left["scopes"], "until": "2040-01-01T00:00:00Z" }), "until"),
        (json!({ "scopes": left["scopes"], "until": "2020-01-01T00:00:00Z" }), "until"),
        (json!({ "scopes": left["scopes"], "until": "soon" }), "until"),
    ] {
        let problem = narrow(&app, &patient, form.clone()).await.expect(422).json();
        assert_eq!(problem["issues"][0]["path"], place, "{form}");
    }
    // An earlier end holds for what lives, too.
    let end = Timestamp(1_800_000_000_000).plus_ms(2 * MINUTE_MS);
    let sooner = json!({ "scopes": left["scopes"], "until": end.to_rfc3339() });
    let changed = narrow(&app, &patient, sooner).await.expect(200).json();
    assert_eq!(changed["until"], end.to_rfc3339());
    let access = text(&again, "access_token");
    with_token(&app, "GET", "/fhir/Condition", access, None).await.expect(200);
    clock.advance_ms(2 * MINUTE_MS);
    with_token(&app, "GET", "/fhir/Condition", access, None).await.expect(401);
    assert_eq!(app.get("/api/apps", &patient).await.expect(200).json()["apps"], json!([]));
    assert_eq!(token(&app, &refresh(&client, &again)).await.expect(400).json()["error"], "invalid_grant");
}
