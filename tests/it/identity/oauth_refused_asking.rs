//! What an app asks wrongly: each request is refused with the word that the standard has for it, and in the way it has.

use super::oauth::{BACK, CHALLENGE, FHIR, Fields, Key, STATEMENT, asks, parameter, post, registered, text};
use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::TestApp;

type Change = fn(Fields) -> Fields;

/// Refused here: nobody knows whose address the redirect would go to.
const HERE: &[(&str, Change)] = &[
    ("no client_id", |f| f.without("client_id")),
    ("an unknown client_id", |f| f.set("client_id", "nobody")),
    ("an empty client_id", |f| f.set("client_id", "")),
    ("client_id twice", |f| f.twice("client_id")),
    ("scope twice", |f| f.twice("scope")),
    ("no redirect_uri", |f| f.without("redirect_uri")),
    ("another redirect_uri", |f| f.set("redirect_uri", "https://evil.example/cb")),
    ("a longer redirect_uri", |f| f.set("redirect_uri", format!("{BACK}/more"))),
    ("a redirect_uri with a query", |f| f.set("redirect_uri", format!("{BACK}?x=1"))),
    ("a redirect_uri with a fragment", |f| f.set("redirect_uri", format!("{BACK}#x"))),
    ("a redirect_uri in capitals", |f| f.set("redirect_uri", BACK.to_uppercase())),
    ("a redirect_uri without TLS", |f| f.set("redirect_uri", "http://app.example/cb")),
    ("a redirect_uri on another port", |f| f.set("redirect_uri", "https://app.example:444/cb")),
    ("a redirect_uri of a neighbour", |f| f.set("redirect_uri", "https://app.example.evil.example/cb")),
    ("a redirect_uri with a user", |f| f.set("redirect_uri", "https://app.example@evil.example/cb")),
    ("a redirect_uri that climbs", |f| f.set("redirect_uri", "https://app.example/x/../cb")),
    ("a script as redirect_uri", |f| f.set("redirect_uri", "javascript:alert(1)")),
    ("an unknown request_uri", |f| f.set("request_uri", "urn:ietf:params:oauth:request_uri:guess")),
    ("a request_uri elsewhere", |f| f.set("request_uri", "https://evil.example/request")),
];

/// Refused by going back to the app with an error.
const BACK_TO_APP: &[(&str, &str, Change)] = &[
    ("no response_type", "invalid_request", |f| f.without("response_type")),
    ("the implicit grant", "unsupported_response_type", |f| f.set("response_type", "token")),
    ("the hybrid flow", "unsupported_response_type", |f| f.set("response_type", "code id_token")),
    ("an identity token at once", "unsupported_response_type", |f| f.set("response_type", "id_token")),
    ("an answer in the fragment", "invalid_request", |f| f.set("response_mode", "fragment")),
    ("an answer by form", "invalid_request", |f| f.set("response_mode", "form_post")),
    ("a request object", "request_not_supported", |f| f.set("request", "e30.e30.")),
    ("a registration on the way", "registration_not_supported", |f| f.set("registration", "{}")),
    ("no state", "invalid_request", |f| f.without("state")),
    ("a state too long", "invalid_request", |f| f.set("state", "x".repeat(2001))),
    ("a nonce too long", "invalid_request", |f| f.set("nonce", "x".repeat(2001))),
    ("no code_challenge", "invalid_request", |f| f.without("code_challenge")),
    ("no method", "invalid_request", |f| f.without("code_challenge_method")),
    ("a plain challenge", "invalid_request", |f| f.set("code_challenge_method", "plain")),
    ("an unknown method", "invalid_request", |f| f.set("code_challenge_method", "S512")),
    ("a method in small letters", "invalid_request", |f| f.set("code_challenge_method", "s256")),
    ("a challenge too short", "invalid_request", |f| f.set("code_challenge", &CHALLENGE[1..])),
    ("a challenge too long", "invalid_request", |f| f.set("code_challenge", format!("{CHALLENGE}A"))),
    ("a challenge with odd letters", "invalid_request", |f| f.set("code_challenge", "=".repeat(43))),
    ("a dpop_jkt that is none", "invalid_request", |f| f.set("dpop_jkt", "x")),
    ("a max_age in words", "invalid_request", |f| f.set("max_age", "soon")),
    ("a negative max_age", "invalid_request", |f| f.set("max_age", "-1")),
    ("nobody present", "interaction_required", |f| f.set("prompt", "none")),
    ("no aud", "invalid_request", |f| f.without("aud")),
    ("the aud of another server", "invalid_request", |f| f.set("aud", "https://other.example/fhir")),
    ("an aud beside the data", "invalid_request", |f| f.set("aud", "http://localhost/api")),
    ("a resource elsewhere", "invalid_target", |f| f.without("aud").set("resource", "https://other.example/fhir")),
    ("no scope", "invalid_scope", |f| f.without("scope")),
    ("an unknown scope", "invalid_scope", |f| f.set("scope", "everything")),
    ("an unknown type", "invalid_scope", |f| f.set("scope", "patient/Nothing.rs")),
    ("letters out of order", "invalid_scope", |f| f.set("scope", "patient/Observation.sr")),
    ("a letter twice", "invalid_scope", |f| f.set("scope", "patient/Observation.rr")),
    ("no letters", "invalid_scope", |f| f.set("scope", "patient/Observation.")),
    ("an unknown letter", "invalid_scope", |f| f.set("scope", "patient/Observation.x")),
    ("whose data unclear", "invalid_scope", |f| f.set("scope", "anybody/Observation.rs")),
    ("a condition without a type", "invalid_scope", |f| f.set("scope", "patient/*.rs?category=laboratory")),
    ("an unknown condition", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?colour=red")),
    ("a condition on a date", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?date=2024")),
    ("a condition without a value", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?category=")),
    ("alternatives in a condition", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?category=a,b")),
    ("a condition turned around", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?category:not=a")),
    ("a whole system as a condition", "invalid_scope", |f| f.set("scope", "patient/Observation.rs?category=http://x|")),
    ("quotes in a scope", "invalid_scope", |f| f.set("scope", "openid \"x\"")),
    ("too many scopes", "invalid_scope", |f| {
        let all: Vec<String> = (0..101).map(|n| format!("patient/Observation.rs?code=c{n}")).collect();
        f.set("scope", all.join(" "))
    }),
    ("system data with people", "invalid_scope", |f| f.set("scope", "system/*.rs")),
    ("a visit to choose", "invalid_scope", |f| f.set("scope", "launch/encounter patient/*.rs")),
    ("fhirUser without openid", "invalid_scope", |f| f.set("scope", "fhirUser patient/*.rs")),
    ("profile without openid", "invalid_scope", |f| f.set("scope", "profile")),
    ("both ways of going on", "invalid_scope", |f| f.set("scope", "offline_access online_access patient/*.rs")),
    ("launch without a launch", "invalid_request", |f| f.set("scope", "launch patient/*.rs")),
    ("a launch without the scope", "invalid_scope", |f| f.set("launch", "x")),
    ("an unknown launch", "invalid_request", |f| f.set("scope", "launch patient/*.rs").set("launch", "guess")),
];

async fn ask(app: &TestApp, fields: &Fields, by_post: bool, accept: &str) -> testkit::Reply {
    let (method, path, body) = match by_post {
        true => ("POST", "/oauth/authorize".to_owned(), Body::from(fields.text())),
        false => ("GET", format!("/oauth/authorize?{}", fields.text()), Body::empty()),
    };
    let request = Request::builder().method(method).uri(path).header(header::HOST, "localhost");
    let request = request.header(header::ACCEPT, accept);
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    app.request(request.body(body).unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_sent_back_is_refused_here() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let client = registered(&app, &admin, json!({})).await;
    let good = asks(&client, "patient/*.rs");
    for (what, change) in HERE {
        for by_post in [false, true] {
            let fields = change(good.clone());
            let reply = ask(&app, &fields, by_post, "*/*").await;
            assert_eq!((reply.status, reply.json()["error"].clone()), (400, json!("invalid_request")), "{what}");
            assert_eq!(reply.header("location"), None, "{what}");
            let page = ask(&app, &fields, by_post, "text/html").await.expect(303);
            assert_eq!(page.header("location"), Some("/apps/refused"), "{what}");
        }
    }
    assert_eq!(ask(&app, &good, false, "*/*").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_goes_back_with_the_right_word() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let client = registered(&app, &admin, json!({})).await;
    let good = asks(&client, "patient/*.rs");
    for (what, error, change) in BACK_TO_APP {
        let fields = change(good.clone());
        let reply = ask(&app, &fields, false, "*/*").await.expect(303);
        let to = reply.header("location").unwrap();
        assert!(to.starts_with(&format!("{BACK}?error=")), "{what}: {to}");
        assert_eq!(parameter(to, "error").as_deref(), Some(*error), "{what}: {to}");
        assert_eq!(parameter(to, "iss").as_deref(), Some("http://localhost"), "{what}");
        let state = fields.0.iter().find(|(name, _)| name == "state").map(|(_, value)| value.clone());
        assert_eq!(parameter(to, "state"), state, "{what}");
        // The same when the app sends its request itself.
        if parameter(to, "error").as_deref() != Some("interaction_required") {
            let pushed = post(&app, "/oauth/par", &fields).await.expect(400).json();
            assert_eq!(pushed["error"], *error, "pushed: {what}");
        }
    }
    assert!(HERE.len() + 2 * BACK_TO_APP.len() >= 100);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_stays_within_its_registration() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization;
    let narrow = registered(&app, &admin, json!({ "scope": "openid patient/Observation.rs" })).await;
    for scope in ["patient/*.rs", "patient/Observation.cruds", "user/Observation.rs", "openid fhirUser"] {
        let reply = ask(&app, &asks(&narrow, scope), false, "*/*").await.expect(303);
        let to = reply.header("location").unwrap();
        assert_eq!(parameter(to, "error").as_deref(), Some("invalid_scope"), "{scope}");
    }
    let key = Key::es384("k");
    let backend = registered(
        &app,
        &admin,
        json!({ "kind": "backend", "redirectUris": [], "keys": [key.jwk()], "scope": "system/*.rs",
                "organization": organization }),
    )
    .await;
    ask(&app, &asks(&backend, "user/*.rs"), false, "*/*").await.expect(400);
    // Struck off, it is as if it had never been.
    let list = app.get("/api/admin/apps", &admin).await.expect(200).json();
    let id = list["apps"].as_array().unwrap().iter().find(|a| a["clientId"] == narrow.as_str()).unwrap()["id"].clone();
    app.post(&format!("/api/admin/apps/{id}/revoke"), &admin, json!({})).await.expect(204);
    ask(&app, &asks(&narrow, "openid"), false, "*/*").await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pushed_request_is_its_apps_and_works_once() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let (mine, other) = (registered(&app, &admin, json!({})).await, registered(&app, &admin, json!({})).await);
    let key = Key::es256("k");
    let signing = registered(&app, &admin, json!({ "kind": "confidential", "keys": [key.jwk()] })).await;
    let push = async |fields: Fields| post(&app, "/oauth/par", &fields).await;
    let made = push(asks(&mine, "patient/*.rs")).await.expect(201).json();
    assert_eq!(made["expires_in"], 90);
    let uri = text(&made, "request_uri");
    let come = async |client: &str| {
        let fields = Fields::of(&[("client_id", client), ("request_uri", uri)]);
        ask(&app, &fields, false, "*/*").await.status
    };
    assert_eq!(come(&other).await, 400, "another app's");
    assert_eq!(come(&mine).await, 303);
    assert_eq!(come(&mine).await, 400, "a second time");
    push(asks(&mine, "patient/*.rs").set("request_uri", uri)).await.expect(400);
    push(asks(&mine, "patient/*.rs").without("client_id")).await.expect(401);
    push(asks("nobody", "patient/*.rs")).await.expect(401);
    push(asks(&mine, "patient/*.rs").set("redirect_uri", "https://evil.example/cb")).await.expect(400);
    push(asks(&signing, "patient/*.rs")).await.expect(401);
    let signed = asks(&signing, "patient/*.rs")
        .set("client_assertion_type", STATEMENT)
        .set("client_assertion", key.statement(&signing));
    push(signed).await.expect(201);
}

/// A person's answer that does not fit the question.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_fits_its_question() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let doctor = app.practitioner("Dr A", &[]).await;
    let client = registered(&app, &admin, json!({})).await;
    let handle = super::oauth::asked(&app, &asks(&client, "offline_access patient/*.rs")).await;
    let path = format!("/api/apps/requests/{handle}/allow");
    let both = json!(["offline_access", "patient/*.rs"]);
    let wrong: [(Value, u16); 9] = [
        (json!({ "scopes": [] }), 422),
        (json!({ "scopes": ["patient/*.cruds"] }), 422),
        (json!({ "scopes": both }), 422),
        (json!({ "scopes": both, "days": 0 }), 422),
        (json!({ "scopes": both, "days": 366 }), 422),
        (json!({ "scopes": both, "days": "90" }), 400),
        (json!({ "scopes": both, "days": 90, "colour": "red" }), 400),
        (json!({ "days": 90 }), 400),
        (json!({ "scopes": "patient/*.rs" }), 400),
    ];
    for (body, status) in wrong {
        let reply = app.post(&path, &patient, body.clone()).await;
        assert_eq!(reply.status, status, "{body}");
    }
    app.post(&path, None, json!({ "scopes": both, "days": 90 })).await.expect(401);
    let service = app.service("lab", "Hillside").await;
    app.post(&path, &service, json!({ "scopes": both, "days": 90 })).await.expect(403);
    // A doctor names the patient, and only one they may see.
    app.post(&path, &doctor, json!({ "scopes": both, "days": 90 })).await.expect(422);
    app.post(&path, &doctor, json!({ "scopes": both, "days": 90, "patient": patient.id })).await.expect(404);
    app.post(&path, &patient, json!({ "scopes": both, "days": 90 })).await.expect(200);
    app.post(&path, &patient, json!({ "scopes": both, "days": 90 })).await.expect(404);
    let launch = async |client: &str, patient: &str| {
        app.post("/api/apps/launch", &doctor, json!({ "clientId": client, "patient": patient })).await.status
    };
    assert_eq!(launch(&client, &patient.id).await, 404);
    assert_eq!(FHIR, "http://localhost/fhir");
}
