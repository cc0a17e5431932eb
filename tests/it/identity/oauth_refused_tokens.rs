//! Codes, tokens, statements and proofs that are wrong in one way each: refused with the word the standard has for it.

use super::oauth::{
    BACK, Fields, Key, STATEMENT, VERIFIER, allowed, asks, base64url, connected, form, post, post_with, redeems,
    registered, seconds, sha256, text, token, with_authorization, with_token,
};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::TestApp;

async fn refused(app: &TestApp, what: &str, fields: &Fields, status: u16, error: &str) {
    let reply = token(app, fields).await;
    assert_eq!((reply.status, reply.json()["error"].as_str()), (status, Some(error)), "{what}: {}", reply.text());
    assert_eq!(reply.header("cache-control"), Some("no-store"), "{what}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_redeemed_by_its_app_as_it_was_asked_for() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let other = registered(&app, &admin, json!({})).await;
    let key = Key::es256("k");
    let signing = registered(&app, &admin, json!({ "kind": "confidential", "keys": [key.jwk()] })).await;
    type Change<'a> = &'a dyn Fn(Fields) -> Fields;
    let cases: [(&str, u16, &str, Change<'_>); 25] = [
        ("no grant_type", 400, "invalid_request", &|f| f.without("grant_type")),
        ("grant_type twice", 400, "invalid_request", &|f| f.twice("grant_type")),
        ("a password", 400, "unsupported_grant_type", &|f| f.set("grant_type", "password")),
        ("the implicit grant", 400, "unsupported_grant_type", &|f| f.set("grant_type", "implicit")),
        ("a device", 400, "unsupported_grant_type", &|f| {
            f.set("grant_type", "urn:ietf:params:oauth:grant-type:device_code")
        }),
        ("no code", 400, "invalid_request", &|f| f.without("code")),
        ("code twice", 400, "invalid_request", &|f| f.twice("code")),
        ("a guessed code", 400, "invalid_grant", &|f| f.set("code", base64url([7; 32]))),
        ("no redirect_uri", 400, "invalid_grant", &|f| f.without("redirect_uri")),
        ("another redirect_uri", 400, "invalid_grant", &|f| f.set("redirect_uri", "https://app.example/other")),
        ("no verifier", 400, "invalid_request", &|f| f.without("code_verifier")),
        ("another verifier", 400, "invalid_grant", &|f| f.set("code_verifier", "a".repeat(43))),
        ("the challenge as verifier", 400, "invalid_grant", &|f| f.set("code_verifier", sha256(VERIFIER))),
        ("a verifier too short", 400, "invalid_grant", &|f| f.set("code_verifier", &VERIFIER[..42])),
        ("a verifier too long", 400, "invalid_grant", &|f| f.set("code_verifier", "a".repeat(129))),
        ("a verifier with more behind", 400, "invalid_grant", &|f| f.set("code_verifier", format!("{VERIFIER}x"))),
        ("no client_id", 401, "invalid_client", &|f| f.without("client_id")),
        ("an unknown app", 401, "invalid_client", &|f| f.set("client_id", "nobody")),
        ("another app", 400, "invalid_grant", &|f| f.set("client_id", other.as_str())),
        ("an app that must sign", 401, "invalid_client", &|f| f.set("client_id", signing.as_str())),
        ("a secret", 401, "invalid_client", &|f| f.set("client_secret", "hush")),
        ("a statement of an app without a key", 401, "invalid_client", &|f| {
            f.set("client_assertion_type", STATEMENT).set("client_assertion", key.statement(&client))
        }),
        ("a statement of another app", 401, "invalid_client", &|f| {
            f.set("client_assertion_type", STATEMENT).set("client_assertion", key.statement(&signing))
        }),
        ("a statement of another type", 401, "invalid_client", &|f| {
            f.set("client_assertion_type", "urn:x").set("client_assertion", key.statement(&client))
        }),
        ("a program without people", 400, "unauthorized_client", &|f| f.set("grant_type", "client_credentials")),
    ];
    for (what, status, error, change) in cases {
        let code = allowed(&app, &patient, &asks(&client, "patient/*.rs"), json!({})).await;
        refused(&app, what, &change(redeems(&client, &code)), status, error).await;
    }
    let code = allowed(&app, &patient, &asks(&client, "patient/*.rs"), json!({})).await;
    let body = redeems(&client, &code).text();
    for (what, headers) in [
        ("a name and a password", [("authorization", "Basic bm9ib2R5Omh1c2g=")]),
        ("JSON", [("content-type", "application/json")]),
    ] {
        let reply = if what == "JSON" {
            with_authorization(&app, "POST", "/oauth/token", &headers, Some(json!({ "code": code }))).await
        } else {
            post_with(&app, "/oauth/token", &headers, body.clone()).await
        };
        assert!(matches!(reply.status, 400 | 401), "{what}");
    }
    // None of these two spent the code; a wrong verifier does.
    let wrong = redeems(&client, &code).set("code_verifier", "a".repeat(43));
    refused(&app, "a wrong verifier", &wrong, 400, "invalid_grant").await;
    refused(&app, "and then the right one", &redeems(&client, &code), 400, "invalid_grant").await;
    assert_eq!(BACK, "https://app.example/cb");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_old_is_over() {
    let clock = Arc::new(kernel::FixedClock::at(kernel::Timestamp(1_790_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let fields = asks(&client, "offline_access patient/*.rs");
    let late = allowed(&app, &patient, &fields, json!({})).await;
    clock.advance_ms(60_000);
    refused(&app, "a code after a minute", &redeems(&client, &late), 400, "invalid_grant").await;

    let pushed = post(&app, "/oauth/par", &fields).await.expect(201).json();
    clock.advance_ms(90_000);
    let come = form(&[("client_id", &client), ("request_uri", text(&pushed, "request_uri"))]);
    app.get(&format!("/oauth/authorize?{come}"), None).await.expect(400);

    let handle = super::oauth::asked(&app, &fields).await;
    clock.advance_ms(15 * 60_000);
    app.get(&format!("/api/apps/requests/{handle}"), &patient).await.expect(404);

    // Letting an app in takes a fresh proof of who one is.
    let handle = super::oauth::asked(&app, &fields).await;
    let permit = json!({ "scopes": ["patient/*.rs"] });
    let stale = app.post(&format!("/api/apps/requests/{handle}/allow"), &patient, permit).await.expect(401).json();
    assert_eq!(stale["kind"], "step-up");
    let patient = app.patient("Bo").await;
    let given = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
    let access = text(&given, "access_token");
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
    clock.advance_ms(5 * 60_000);
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(401);
    let refresh = |given: &Value| {
        Fields::of(&[
            ("grant_type", "refresh_token"),
            ("client_id", client.as_str()),
            ("refresh_token", text(given, "refresh_token")),
        ])
    };
    let given = token(&app, &refresh(&given)).await.expect(200).json();
    clock.advance_ms(30 * 24 * 3_600_000);
    refused(&app, "a refresh token after a month", &refresh(&given), 400, "invalid_grant").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_is_its_apps_and_gives_no_more_than_was_allowed() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let other = registered(&app, &admin, json!({})).await;
    let given = connected(&app, &patient, &client, "offline_access patient/Observation.rs").await;
    let good = Fields::of(&[
        ("grant_type", "refresh_token"),
        ("client_id", client.as_str()),
        ("refresh_token", text(&given, "refresh_token")),
    ]);
    let cases: [(&str, u16, &str, Fields); 10] = [
        ("no token", 400, "invalid_request", good.clone().without("refresh_token")),
        ("a guess", 400, "invalid_grant", good.clone().set("refresh_token", base64url([3; 32]))),
        ("an access token", 400, "invalid_grant", good.clone().set("refresh_token", text(&given, "access_token"))),
        ("another app", 400, "invalid_grant", good.clone().set("client_id", other.as_str())),
        ("no app", 401, "invalid_client", good.clone().without("client_id")),
        ("more kinds", 400, "invalid_scope", good.clone().set("scope", "patient/*.rs")),
        ("more letters", 400, "invalid_scope", good.clone().set("scope", "patient/Observation.cruds")),
        ("another's data", 400, "invalid_scope", good.clone().set("scope", "user/Observation.rs")),
        ("who one is", 400, "invalid_scope", good.clone().set("scope", "openid")),
        ("an unknown scope", 400, "invalid_scope", good.clone().set("scope", "x")),
    ];
    for (what, status, error, fields) in cases {
        refused(&app, what, &fields, status, error).await;
    }
    token(&app, &good).await.expect(200);
    // Without a wish to go on there is none.
    let short = connected(&app, &patient, &client, "patient/Observation.rs").await;
    assert_eq!(short.get("refresh_token"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_statement_that_is_wrong_in_one_way_is_refused() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization;
    let (key, stranger) = (Key::es384("k1"), Key::es384("k1"));
    let backend = json!({ "kind": "backend", "redirectUris": [], "keys": [key.jwk(), Key::es256("k2").jwk()],
                          "scope": "system/Observation.rs", "organization": organization });
    let client = registered(&app, &admin, backend.clone()).await;
    let other = registered(&app, &admin, backend).await;
    let with = |statement: String| {
        Fields::of(&[
            ("grant_type", "client_credentials"),
            ("scope", "system/Observation.rs"),
            ("client_assertion_type", STATEMENT),
            ("client_assertion", &statement),
        ])
    };
    let claims = |change: &dyn Fn(&mut Value)| {
        let mut claims = Key::claims(&client);
        change(&mut claims);
        with(key.sign_as(&key.header(), &claims))
    };
    let header = |change: &dyn Fn(&mut Value)| {
        let mut header = key.header();
        change(&mut header);
        with(key.sign_as(&header, &Key::claims(&client)))
    };
    let whole = key.statement(&client);
    let none = format!("{}.{}.", base64url(r#"{"alg":"none"}"#), base64url(Key::claims(&client).to_string()));
    let cases: Vec<(&str, Fields)> = vec![
        ("no statement", with(String::new())),
        ("no JWT", with("x".into())),
        ("a signature cut off", with(whole.rsplit_once('.').unwrap().0.to_owned() + ".")),
        ("not signed", with(none)),
        ("a shared secret", header(&|h| h["alg"] = "HS256".into())),
        ("another algorithm than the key's", header(&|h| h["alg"] = "ES256".into())),
        ("RSA with an elliptic key", header(&|h| h["alg"] = "RS384".into())),
        ("an unknown algorithm", header(&|h| h["alg"] = "ES999".into())),
        ("demands on the reader", header(&|h| h["crit"] = json!(["exp"]))),
        ("another type", header(&|h| h["typ"] = "dpop+jwt".into())),
        ("an unknown kid", header(&|h| h["kid"] = "k9".into())),
        ("another key's kid", header(&|h| h["kid"] = "k2".into())),
        ("a stranger's key", with(stranger.statement(&client))),
        ("a stranger's key, brought along", {
            let mut header = stranger.header();
            header["jwk"] = stranger.jwk();
            with(stranger.sign_as(&header, &Key::claims(&client)))
        }),
        ("no iss", claims(&|c| c["iss"] = Value::Null)),
        ("another iss", claims(&|c| c["iss"] = other.as_str().into())),
        ("no sub", claims(&|c| c["sub"] = Value::Null)),
        ("another sub", claims(&|c| c["sub"] = other.as_str().into())),
        ("an unknown sub", claims(&|c| c["sub"] = "nobody".into())),
        ("no aud", claims(&|c| c["aud"] = Value::Null)),
        ("another aud", claims(&|c| c["aud"] = "https://other.example/token".into())),
        ("an aud beside it", claims(&|c| c["aud"] = "http://localhost/fhir".into())),
        ("no exp", claims(&|c| c["exp"] = Value::Null)),
        ("over", claims(&|c| c["exp"] = (seconds() - 30).into())),
        ("good for too long", claims(&|c| c["exp"] = (seconds() + 400).into())),
        ("good for ever", claims(&|c| c["exp"] = i64::MAX.into())),
        ("not good yet", claims(&|c| c["nbf"] = (seconds() + 120).into())),
        ("no jti", claims(&|c| c["jti"] = Value::Null)),
        ("an empty jti", claims(&|c| c["jti"] = "".into())),
        ("a jti too long", claims(&|c| c["jti"] = "x".repeat(300).into())),
        ("no type of statement", with(key.statement(&client)).without("client_assertion_type")),
        ("another type of statement", with(key.statement(&client)).set("client_assertion_type", "urn:saml")),
        ("another client_id", with(key.statement(&client)).set("client_id", other.as_str())),
        ("the statement twice", with(key.statement(&client)).set("client_secret", "hush")),
    ];
    assert!(cases.len() >= 34);
    for (what, fields) in cases {
        refused(&app, what, &fields, 401, "invalid_client").await;
    }
    let weak = token(&app, &header(&|h| h["alg"] = "RS256".into())).await.expect(401).json();
    assert_eq!(
        weak["error_description"], "Statements are signed with ES256, ES384 or RS384.",
        "before any key is asked"
    );
    let scopes: [(&str, Fields); 7] = [
        ("no scope", with(key.statement(&client)).without("scope")),
        ("more than registered", with(key.statement(&client)).set("scope", "system/*.rs")),
        ("another type", with(key.statement(&client)).set("scope", "system/Condition.rs")),
        ("more letters", with(key.statement(&client)).set("scope", "system/Observation.cruds")),
        ("a patient's", with(key.statement(&client)).set("scope", "patient/Observation.rs")),
        ("a person's", with(key.statement(&client)).set("scope", "openid")),
        ("going on", with(key.statement(&client)).set("scope", "system/Observation.rs offline_access")),
    ];
    for (what, fields) in scopes {
        refused(&app, what, &fields, 400, "invalid_scope").await;
    }
    let code = with(key.statement(&client)).set("grant_type", "authorization_code").set("code", "x");
    refused(&app, "a code", &code, 400, "unauthorized_client").await;
    let good = with(whole);
    let given = token(&app, &good).await.expect(200).json();
    assert_eq!(given.get("refresh_token"), None);
    refused(&app, "the same statement again", &good, 401, "invalid_client").await;
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(200);
    with_token(&app, "GET", "/fhir/Condition", text(&given, "access_token"), None).await.expect(403);
}
