//! Proofs and tokens that are wrong in one way each, and tokens in the hands of others.

use super::oauth::{
    Fields, ISSUER, Key, STATEMENT, allowed, asks, base64url, connected, form, post, post_with, redeems, registered,
    seconds, text, token, with_authorization, with_token,
};
use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::TestApp;

const TOKEN: &str = "http://localhost/oauth/token";

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_that_is_wrong_in_one_way_is_refused() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({ "bound": true })).await;
    let (key, stranger) = (Key::es256("k"), Key::es256("k"));
    let claims = |change: &dyn Fn(&mut Value)| {
        let mut claims = Key::proof_claims("POST", TOKEN, None);
        change(&mut claims);
        key.sign_as(&key.proof_header(), &claims)
    };
    let header = |change: &dyn Fn(&mut Value)| {
        let mut header = key.proof_header();
        change(&mut header);
        key.sign_as(&header, &Key::proof_claims("POST", TOKEN, None))
    };
    let mut proofs: Vec<(&str, String)> = vec![
        ("no JWT", "x".into()),
        ("another type", header(&|h| h["typ"] = "JWT".into())),
        ("no type", header(&|h| h["typ"] = Value::Null)),
        ("no key", header(&|h| h["jwk"] = Value::Null)),
        ("a stranger's key", header(&|h| h["jwk"] = stranger.jwk())),
        ("a private key", header(&|h| h["jwk"]["d"] = "AA".into())),
        ("not signed", header(&|h| h["alg"] = "none".into())),
        ("a shared secret", header(&|h| h["alg"] = "HS256".into())),
        ("another method", claims(&|c| c["htm"] = "GET".into())),
        ("no method", claims(&|c| c["htm"] = Value::Null)),
        ("another address", claims(&|c| c["htu"] = "http://localhost/oauth/par".into())),
        ("another host", claims(&|c| c["htu"] = "https://other.example/oauth/token".into())),
        ("no address", claims(&|c| c["htu"] = Value::Null)),
        ("too old", claims(&|c| c["iat"] = (seconds() - 200).into())),
        ("from tomorrow", claims(&|c| c["iat"] = (seconds() + 60).into())),
        ("no time", claims(&|c| c["iat"] = Value::Null)),
        ("no number", claims(&|c| c["jti"] = Value::Null)),
    ];
    let fields = asks(&client, "offline_access patient/*.rs");
    let code = allowed(&app, &patient, &fields, json!({})).await;
    let redeem = async |proof: &str| {
        let headers: &[(&str, &str)] = if proof.is_empty() { &[] } else { &[("dpop", proof)] };
        post_with(&app, "/oauth/token", headers, redeems(&client, &code).text()).await
    };
    proofs.push(("no proof", String::new()));
    for (what, proof) in &proofs {
        let reply = redeem(proof).await.expect(400).json();
        assert_eq!(reply["error"], "invalid_dpop_proof", "{what}");
    }
    let proof = key.proof("POST", TOKEN, None);
    let given = redeem(&proof).await.expect(200).json();
    assert_eq!(given["token_type"], "DPoP");
    let again = redeem(&proof).await.expect(400).json();
    assert_eq!(again["error"], "invalid_dpop_proof", "the same proof again");

    let (access, path) = (text(&given, "access_token"), "/fhir/Observation?_count=1");
    let address = "http://localhost/fhir/Observation";
    let get = async |authorization: String, proof: &str| {
        let mut headers = vec![("authorization", authorization.as_str())];
        if !proof.is_empty() {
            headers.push(("dpop", proof));
        }
        with_authorization(&app, "GET", path, &headers, None).await.status
    };
    let (bound, plain) = (format!("DPoP {access}"), format!("Bearer {access}"));
    let good = key.proof("GET", address, Some(access));
    assert_eq!(get(bound.clone(), &good).await, 200);
    for (what, authorization, proof) in [
        ("the same proof", &bound, good.clone()),
        ("no proof", &bound, String::new()),
        ("as a bearer", &plain, key.proof("GET", address, Some(access))),
        ("as a bearer without proof", &plain, String::new()),
        ("a stranger's proof", &bound, stranger.proof("GET", address, Some(access))),
        ("a proof without the token", &bound, key.proof("GET", address, None)),
        ("a proof for another token", &bound, key.proof("GET", address, Some("x"))),
        ("a proof for another method", &bound, key.proof("POST", address, Some(access))),
        ("a proof for another address", &bound, key.proof("GET", "http://localhost/fhir/Condition", Some(access))),
    ] {
        assert_eq!(get(authorization.clone(), &proof).await, 401, "{what}");
    }
    // The refresh token is bound to the same key.
    let refresh = form(&[
        ("grant_type", "refresh_token"),
        ("client_id", &client),
        ("refresh_token", text(&given, "refresh_token")),
    ]);
    let other = stranger.proof("POST", TOKEN, None);
    post_with(&app, "/oauth/token", &[("dpop", &other)], refresh.clone()).await.expect(400);
    let own = key.proof("POST", TOKEN, None);
    post_with(&app, "/oauth/token", &[("dpop", &own)], refresh).await.expect(200);

    // A code that was asked for with a key is given to that key alone.
    let fields = fields.set("dpop_jkt", key.thumbprint());
    for (proof, status) in [(stranger.proof("POST", TOKEN, None), 400), (key.proof("POST", TOKEN, None), 200)] {
        let code = allowed(&app, &patient, &fields, json!({})).await;
        let body = redeems(&client, &code).text();
        post_with(&app, "/oauth/token", &[("dpop", &proof)], body).await.expect(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_not_made_here_opens_nothing() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let given = connected(&app, &patient, &client, "openid fhirUser patient/Observation.rs").await;
    let (access, identity) = (text(&given, "access_token"), text(&given, "id_token"));
    let parts: Vec<&str> = access.split('.').collect();
    let decoded = |part: &str| -> Value {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(part).unwrap();
        serde_json::from_slice(&bytes).unwrap()
    };
    let claims = decoded(parts[1]);
    for name in ["iss", "aud", "sub", "sid", "acr", "exp", "iat", "jti", "client_id", "scope"] {
        assert!(claims.get(name).is_some(), "{name} in {claims}");
    }
    assert_eq!(claims["aud"], "http://localhost/fhir");
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 300);
    let forger = Key::es256("f");
    let kid = decoded(parts[0])["kid"].clone();
    let wider = |claims: &Value| {
        let mut claims = claims.clone();
        claims["scope"] = "patient/*.cruds".into();
        claims
    };
    let forged = json!({ "alg": "ES256", "typ": "at+jwt", "kid": kid });
    let none = base64url(r#"{"alg":"none","typ":"at+jwt"}"#);
    for (what, token) in [
        ("another key", forger.sign_as(&forged, &claims)),
        ("another key and more scopes", forger.sign_as(&forged, &wider(&claims))),
        (
            "more scopes under the old signature",
            format!("{}.{}.{}", parts[0], base64url(wider(&claims).to_string()), parts[2]),
        ),
        ("not signed", format!("{none}.{}.", parts[1])),
        (
            "the signature of another token",
            format!("{}.{}.{}", parts[0], parts[1], identity.rsplit('.').next().unwrap()),
        ),
        ("an identity token", identity.to_owned()),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("a part too many", format!("{access}.x")),
        ("dots", "..".to_owned()),
        ("nothing but dots and letters", "a.b.c".to_owned()),
        ("too long", format!("{}.{}", "a".repeat(9000), "b.c")),
    ] {
        let reply = with_token(&app, "GET", "/fhir/Observation", &token, None).await;
        assert_eq!(reply.status, 401, "{what}");
        assert!(reply.header("www-authenticate").unwrap().contains("invalid_token"), "{what}");
        let reply = with_token(&app, "GET", "/oauth/userinfo", &token, None).await;
        assert_eq!((reply.status, reply.json()["error"].as_str()), (401, Some("invalid_token")), "{what}");
    }
    let about = with_token(&app, "GET", "/oauth/userinfo", access, None).await.expect(200).json();
    assert_eq!(about["sub"], claims["sub"]);
    assert_eq!(about["fhirUser"], format!("{ISSUER}/fhir/Patient/{}", patient.id));
    let silent = connected(&app, &patient, &client, "patient/Observation.rs").await;
    with_token(&app, "GET", "/oauth/userinfo", text(&silent, "access_token"), None).await.expect(403);
    // A session's token is no app's, and the other way round.
    with_token(&app, "GET", "/oauth/userinfo", &patient.token, None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_looked_at_and_ended_by_its_own_app() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let (key, foreign) = (Key::es256("k"), Key::es384("f"));
    let kind = |key: &Key| json!({ "kind": "confidential", "keys": [key.jwk()] });
    let client = registered(&app, &admin, kind(&key)).await;
    let other = registered(&app, &admin, kind(&foreign)).await;
    let public = registered(&app, &admin, json!({})).await;
    let signed = |client: &str, key: &Key, fields: Fields| {
        fields.set("client_assertion_type", STATEMENT).set("client_assertion", key.statement(client))
    };
    let code = allowed(&app, &patient, &asks(&client, "offline_access patient/*.rs"), json!({})).await;
    let given = token(&app, &signed(&client, &key, redeems(&client, &code))).await.expect(200).json();
    let (access, refresh) = (text(&given, "access_token"), text(&given, "refresh_token"));
    let look = async |client: &str, key: &Key, shown: &str| {
        let fields = signed(client, key, Fields::of(&[("token", shown)]));
        post(&app, "/oauth/introspect", &fields).await.expect(200).json()
    };
    let seen = look(&client, &key, access).await;
    assert_eq!((&seen["active"], &seen["scope"]), (&json!(true), &json!("offline_access patient/*.rs")));
    assert_eq!(seen["patient"], patient.id.as_str());
    assert_eq!(look(&client, &key, refresh).await["active"], true);
    for (what, client, key, shown) in [
        ("another app", &other, &foreign, access),
        ("another app, refresh token", &other, &foreign, refresh),
        ("a guess", &client, &key, "guess"),
        ("a broken token", &client, &key, "a.b.c"),
        ("a session", &client, &key, patient.token.as_str()),
    ] {
        assert_eq!(look(client, key, shown).await, json!({ "active": false }), "{what}");
    }
    for (what, path, fields) in [
        ("a public app looks", "/oauth/introspect", Fields::of(&[("token", access), ("client_id", &public)])),
        ("nobody looks", "/oauth/introspect", Fields::of(&[("token", access)])),
        ("an app that must sign looks", "/oauth/introspect", Fields::of(&[("token", access), ("client_id", &client)])),
        ("nobody ends", "/oauth/revoke", Fields::of(&[("token", access)])),
        ("an unknown app ends", "/oauth/revoke", Fields::of(&[("token", access), ("client_id", "nobody")])),
        ("an app that must sign ends", "/oauth/revoke", Fields::of(&[("token", access), ("client_id", &client)])),
    ] {
        let reply = post(&app, path, &fields).await.expect(401).json();
        assert_eq!(reply["error"], "invalid_client", "{what}");
    }
    let none = signed(&client, &key, Fields::of(&[]));
    post(&app, "/oauth/introspect", &none).await.expect(400);
    let none = signed(&client, &key, Fields::of(&[]));
    post(&app, "/oauth/revoke", &none).await.expect(400);
    // Another app's revocation is no error, and does nothing.
    let theirs = signed(&other, &foreign, Fields::of(&[("token", access)]));
    post(&app, "/oauth/revoke", &theirs).await.expect(200);
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
    let own = signed(&client, &key, Fields::of(&[("token", refresh), ("token_type_hint", "refresh_token")]));
    post(&app, "/oauth/revoke", &own).await.expect(200);
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(401);
    assert_eq!(look(&client, &key, access).await, json!({ "active": false }));
    assert_eq!(look(&client, &key, refresh).await, json!({ "active": false }));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proof_at_the_first_door_binds_the_code_once_and_two_proofs_are_none() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({ "bound": true })).await;
    let (key, other) = (Key::es256("k"), Key::es256("k"));
    let par = "http://localhost/oauth/par";
    let fields = asks(&client, "patient/*.rs");
    let push =
        async |proof: &str, fields: &Fields| post_with(&app, "/oauth/par", &[("dpop", proof)], fields.text()).await;
    let proof = key.proof("POST", par, None);
    let pushed = push(&proof, &fields).await.expect(201).json();
    let again = push(&proof, &fields).await.expect(400).json();
    assert_eq!(again["error"], "invalid_dpop_proof", "the same proof again");
    let strange = fields.clone().set("dpop_jkt", other.thumbprint());
    let refused = push(&key.proof("POST", par, None), &strange).await.expect(400).json();
    assert_eq!(refused["error"], "invalid_dpop_proof", "{refused}");

    let came = Fields::of(&[("client_id", &client), ("request_uri", text(&pushed, "request_uri"))]);
    let code = allowed(&app, &patient, &came, json!({})).await;
    let body = redeems(&client, &code).text();
    let of_other = other.proof("POST", TOKEN, None);
    let refused = post_with(&app, "/oauth/token", &[("dpop", &of_other)], body).await.expect(400).json();
    assert_eq!(refused["error"], "invalid_grant", "the code is bound to the key of the first door: {refused}");

    let code = allowed(&app, &patient, &fields, json!({})).await;
    let (one, two) = (key.proof("POST", TOKEN, None), key.proof("POST", TOKEN, None));
    let both = [("dpop", one.as_str()), ("dpop", two.as_str())];
    let refused = post_with(&app, "/oauth/token", &both, redeems(&client, &code).text()).await.expect(400).json();
    assert_eq!(refused["error_description"], "There is more than one proof.", "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_good_at_the_address_that_it_was_made_for() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let given = connected(&app, &patient, &client, "patient/*.rs").await;
    let at = async |host: &str| {
        let request = http::Request::get("/fhir/Observation")
            .header("host", host)
            .header("authorization", format!("Bearer {}", text(&given, "access_token")))
            .body(axum::body::Body::empty());
        app.request(request.unwrap()).await.status
    };
    assert_eq!((at("localhost").await, at("127.0.0.1").await, at("localhost:8081").await), (200, 401, 401));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_app_is_told_of_a_token_is_what_it_is_still_good_for() {
    let clock = Arc::new(FixedClock::at(Timestamp(seconds() * 1000)));
    let app = TestApp::with_clock(clock.clone());
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let key = Key::es256("k");
    let client = registered(&app, &admin, json!({ "kind": "confidential", "keys": [key.jwk()] })).await;
    let signed = |fields: Fields| {
        let mut claims = Key::claims(&client);
        claims["exp"] = (app.house.clock.now().0 / 1000 + 240).into();
        fields.set("client_assertion_type", STATEMENT).set("client_assertion", key.sign_as(&key.header(), &claims))
    };
    let look = async |shown: &str| {
        post(&app, "/oauth/introspect", &signed(Fields::of(&[("token", shown)]))).await.expect(200).json()
    };
    let scope = "offline_access patient/Observation.rs patient/Condition.rs";
    let code = allowed(&app, &patient, &asks(&client, scope), json!({})).await;
    let first = token(&app, &signed(redeems(&client, &code))).await.expect(200).json();
    let spent = text(&first, "refresh_token");
    let again = Fields::of(&[("grant_type", "refresh_token"), ("refresh_token", spent)]);
    let given = token(&app, &signed(again)).await.expect(200).json();
    let (access, refresh) = (text(&given, "access_token"), text(&given, "refresh_token"));
    assert_eq!(look(spent).await, json!({ "active": false }), "spent");
    for shown in [access, refresh] {
        assert_eq!(look(shown).await["scope"], scope);
    }
    let list = app.get("/api/apps", &patient).await.expect(200).json();
    let left = json!({ "scopes": ["offline_access", "patient/Condition.rs"] });
    app.post(&format!("/api/apps/{}/change", list["apps"][0]["id"]), &patient, left).await.expect(200);
    for shown in [access, refresh] {
        assert_eq!(look(shown).await["scope"], "offline_access patient/Condition.rs");
    }
    // The permission goes on for 90 days, a refresh token that nobody uses for 30.
    clock.advance_ms(30 * 24 * 3_600_000);
    assert_eq!(look(refresh).await, json!({ "active": false }), "over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_without_people_ends_with_its_registration_and_not_with_a_token() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization;
    let key = Key::es384("k");
    let form = json!({ "kind": "backend", "redirectUris": [], "keys": [key.jwk()], "scope": "system/Observation.rs",
                       "organization": organization });
    let client = registered(&app, &admin, form).await;
    let signed =
        |fields: Fields| fields.set("client_assertion_type", STATEMENT).set("client_assertion", key.statement(&client));
    let asks = Fields::of(&[("grant_type", "client_credentials"), ("scope", "system/Observation.rs")]);
    let given = token(&app, &signed(asks.clone())).await.expect(200).json();
    let access = text(&given, "access_token");
    let back = post(&app, "/oauth/revoke", &signed(Fields::of(&[("token", access)]))).await.expect(400).json();
    assert_eq!(back["error"], "unsupported_token_type");
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
    token(&app, &signed(asks)).await.expect(200);
}
