//! Apps come onto the list: what they may say of themselves, and what finds its way to them.

use super::oauth::{
    BACK, FHIR, Fields, ISSUER, Key, STATEMENT, allowed, asks, redeems, registered, text, token, with_token,
};
use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::{Reply, TestApp, sample};

async fn itself(app: &TestApp, kind: &str, body: String) -> Reply {
    let request = Request::builder().method("POST").uri("/oauth/register").header(header::HOST, "localhost");
    app.request(request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap()).await
}

fn diary() -> Value {
    json!({ "client_name": "Heart diary", "redirect_uris": [BACK], "token_endpoint_auth_method": "none" })
}

fn with(changes: Value) -> Value {
    let mut out = diary();
    for (name, value) in changes.as_object().unwrap() {
        out[name] = value.clone();
    }
    out
}

/// An app that signs.
fn signing(changes: Value) -> Value {
    let mut out = with(changes);
    out["token_endpoint_auth_method"] = "private_key_jwt".into();
    out
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_says_wrong_things_of_itself_is_not_put_on_the_list() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__LIMITS__LOGIN_PER_MINUTE", "1000")]);
    let (metadata, redirect) = ("invalid_client_metadata", "invalid_redirect_uri");
    let key = Key::es384("k").jwk();
    let mut private = key.clone();
    private["d"] = "AA".into();
    let cases = [
        ("no name", metadata, with(json!({ "client_name": null }))),
        ("an empty name", metadata, with(json!({ "client_name": " " }))),
        ("a name too long", metadata, with(json!({ "client_name": "x".repeat(101) }))),
        ("a name with a line break", metadata, with(json!({ "client_name": "a\nb" }))),
        ("a name that is none", metadata, with(json!({ "client_name": 7 }))),
        ("no addresses", redirect, with(json!({ "redirect_uris": [] }))),
        ("addresses left out", redirect, with(json!({ "redirect_uris": null }))),
        ("an address that is no list", metadata, with(json!({ "redirect_uris": BACK }))),
        ("an address without TLS", redirect, with(json!({ "redirect_uris": ["http://app.example/cb"] }))),
        ("an address with a fragment", redirect, with(json!({ "redirect_uris": [format!("{BACK}#x")] }))),
        ("an address with a wildcard", redirect, with(json!({ "redirect_uris": ["https://*.example/cb"] }))),
        ("a script", redirect, with(json!({ "redirect_uris": ["javascript:alert(1)"] }))),
        ("data", redirect, with(json!({ "redirect_uris": ["data:text/html,x"] }))),
        ("a scheme of nobody's", redirect, with(json!({ "redirect_uris": ["myapp:/cb"] }))),
        ("a piece of an address", redirect, with(json!({ "redirect_uris": ["/cb"] }))),
        ("too many addresses", redirect, with(json!({ "redirect_uris": vec![BACK; 11] }))),
        ("a launch address without TLS", redirect, with(json!({ "initiate_login_uri": "http://app.example/launch" }))),
        ("a page without TLS", metadata, with(json!({ "client_uri": "http://app.example" }))),
        ("a script as page", metadata, with(json!({ "client_uri": "javascript:alert(1)" }))),
        ("a shared secret", metadata, with(json!({ "token_endpoint_auth_method": "client_secret_basic" }))),
        ("no way to prove itself", metadata, with(json!({ "token_endpoint_auth_method": null }))),
        ("the implicit grant", metadata, with(json!({ "grant_types": ["implicit"] }))),
        ("a program without people", metadata, with(json!({ "grant_types": ["client_credentials"] }))),
        ("another answer", metadata, with(json!({ "response_types": ["token"] }))),
        ("keys elsewhere that it does not need", metadata, with(json!({ "jwks_uri": "https://app.example/jwks" }))),
        (
            "keys here and elsewhere",
            metadata,
            signing(json!({ "jwks_uri": "https://a.example/k", "jwks": { "keys": [key] } })),
        ),
        ("keys in the clear", metadata, signing(json!({ "jwks_uri": "http://app.example/jwks" }))),
        ("keys on this very machine", metadata, signing(json!({ "jwks_uri": "http://127.0.0.1/jwks" }))),
        ("keys in a file", metadata, signing(json!({ "jwks_uri": "file:///etc/passwd" }))),
        ("keys nowhere", metadata, signing(json!({ "jwks_uri": 7 }))),
        ("a statement of another's", "invalid_software_statement", with(json!({ "software_statement": "a.b.c" }))),
        ("a key it does not need", metadata, with(json!({ "jwks": { "keys": [key] } }))),
        ("too many keys", metadata, signing(json!({ "jwks": { "keys": vec![&key; 11] } }))),
        ("no key it needs", metadata, with(json!({ "token_endpoint_auth_method": "private_key_jwt" }))),
        (
            "a private key",
            metadata,
            with(json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": { "keys": [private] } })),
        ),
        (
            "a shared key",
            metadata,
            with(json!({ "token_endpoint_auth_method": "private_key_jwt",
                                                 "jwks": { "keys": [{ "kty": "oct", "k": "AA" }] } })),
        ),
        (
            "keys that are no set",
            metadata,
            with(json!({ "token_endpoint_auth_method": "private_key_jwt", "jwks": {} })),
        ),
        ("an unknown scope", metadata, with(json!({ "scope": "everything" }))),
        ("data of the whole system", metadata, with(json!({ "scope": "system/*.rs" }))),
    ];
    for (what, error, body) in cases {
        let reply = itself(&app, "application/json", body.to_string()).await.expect(400).json();
        assert_eq!(reply["error"], error, "{what}: {reply}");
    }
    let most = signing(json!({ "jwks": { "keys": vec![&key; 10] } }));
    itself(&app, "application/json", most.to_string()).await.expect(201);
    for body in ["", "[]", "null", "{", "\"x\""] {
        let reply = itself(&app, "application/json", body.to_owned()).await.expect(400).json();
        assert_eq!(reply["error"], metadata, "{body}");
    }
    let reply = itself(&app, "text/plain", diary().to_string()).await.expect(400).json();
    assert_eq!(reply["error"], "invalid_request");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_is_told_what_does_not_fit() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let organization = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let good = json!({ "name": "Lab", "kind": "backend", "redirectUris": [], "keys": [Key::es384("k").jwk()],
                       "scope": "system/Observation.cruds", "organization": organization });
    let change = |name: &str, value: Value| {
        let mut out = good.clone();
        out[name] = value;
        out
    };
    for (place, body) in [
        ("name", change("name", "".into())),
        ("redirectUris", change("redirectUris", json!([BACK]))),
        ("keys", change("keys", json!([]))),
        ("keys", change("keys", json!([{}]))),
        ("scope", change("scope", Value::Null)),
        ("scope", change("scope", "patient/*.rs".into())),
        ("scope", change("scope", "openid".into())),
        ("organization", change("organization", Value::Null)),
        ("organization", change("organization", "nowhere".into())),
        (
            "organization",
            json!({ "name": "A", "kind": "public", "redirectUris": [BACK], "organization": organization }),
        ),
        ("redirectUris", json!({ "name": "A", "kind": "public" })),
        ("redirectUris", json!({ "name": "A", "kind": "public", "redirectUris": ["ftp://a/b"] })),
        (
            "redirectUris",
            json!({ "name": "A", "kind": "public", "redirectUris": [BACK], "launchUri": "http://a.example" }),
        ),
        ("scope", json!({ "name": "A", "kind": "public", "redirectUris": [BACK], "scope": "system/*.rs" })),
        ("keys", json!({ "name": "A", "kind": "confidential", "redirectUris": [BACK] })),
    ] {
        let reply = app.post("/api/admin/apps", &admin, body.clone()).await.expect(422).json();
        assert_eq!(reply["issues"][0]["path"], place, "{body}: {reply}");
    }
    app.post("/api/admin/apps", &patient, good.clone()).await.expect(403);
    app.post("/api/admin/apps", None, good.clone()).await.expect(401);
    app.post("/api/admin/apps", &admin, good).await.expect(201);
    app.post("/api/admin/apps/999/revoke", &admin, json!({})).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_registers_itself_is_shown_as_unknown_and_works() {
    let app = TestApp::start();
    let patient = app.patient("Ann").await;
    let made = itself(&app, "application/json", diary().to_string()).await.expect(201).json();
    let client = text(&made, "client_id");
    let handle = super::oauth::asked(&app, &asks(client, "openid patient/*.rs")).await;
    let shown = app.get(&format!("/api/apps/requests/{handle}"), &patient).await.expect(200).json();
    assert_eq!((&shown["app"]["verified"], &shown["returnsTo"]), (&json!(false), &json!("app.example")));
    let given = super::oauth::connected(&app, &patient, client, "openid patient/*.rs").await;
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinics_program_works_for_its_clinic_and_for_nobody_else() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let doctor = app.practitioner("Dr A", &["Hillside", "Elsewhere"]).await;
    let patient = sample::transaction(&[json!({ "resourceType": "Patient", "name": [{ "family": "Okoro" }] })]);
    app.import_for(Some("Hillside"), patient.to_string()).await;
    let key = Key::es384("k");
    let organization = doctor.organization.unwrap();
    let form = json!({ "name": "Lab link", "kind": "backend", "redirectUris": [], "keys": [key.jwk()],
                       "scope": "system/Patient.rs system/Observation.crs", "organization": organization });
    let client = registered(&app, &admin, form).await;
    let fields = Fields::of(&[
        ("grant_type", "client_credentials"),
        ("scope", "system/Patient.rs system/Observation.crs"),
        ("client_assertion_type", STATEMENT),
        ("client_assertion", &key.statement(&client)),
    ]);
    let given = token(&app, &fields).await.expect(200).json();
    assert_eq!((&given["token_type"], given.get("id_token")), (&json!("Bearer"), None));
    let access = text(&given, "access_token");
    let send = async |method: &str, path: &str, body| with_token(&app, method, path, access, body).await;
    let found = send("GET", "/fhir/Patient?_total=accurate", None).await.expect(200).json();
    assert_eq!(found["total"], 1, "{found}");
    let id = text(&found["entry"][0]["resource"], "id").to_owned();
    let made = send("POST", "/fhir/Observation", Some(sample::heart_rate(&id, "2026-02-01", 61.0))).await.expect(201);
    let path = format!("/fhir/Observation/{}", text(&made.json(), "id"));
    send("GET", &path, None).await.expect(200);
    send("PUT", &path, Some(made.json())).await.expect(403);
    send("DELETE", &path, None).await.expect(403);
    send("POST", "/fhir/Condition", Some(sample::condition(&id, "Hay fever"))).await.expect(403);
    let both = sample::transaction(&[sample::heart_rate(&id, "2026-02-02", 62.0), sample::condition(&id, "Hay fever")]);
    send("POST", "/fhir", Some(both)).await.expect(403);
    assert_eq!(send("GET", "/fhir/Observation?_total=accurate", None).await.json()["total"], 1, "all or nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_opens_an_app_from_a_record_and_it_sees_that_record_only() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let (ann, bo, doctor) = (app.patient("Ann").await, app.patient("Bo").await, app.practitioner("Dr A", &[]).await);
    let other = app.practitioner("Dr B", &[]).await;
    for patient in [&ann, &bo] {
        app.grant(patient, &doctor).await;
        app.create(&sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
    }
    let form = json!({ "launchUri": "https://app.example/launch" });
    let client = registered(&app, &admin, form).await;
    let list = app.get("/api/apps/launchable", &doctor).await.expect(200).json();
    assert_eq!(list["apps"][0]["clientId"], client.as_str());
    let open = async || {
        let body = json!({ "clientId": client, "patient": ann.id });
        let to = app.post("/api/apps/launch", &doctor, body).await.expect(200).json();
        let to = text(&to, "redirect").to_owned();
        assert!(to.starts_with("https://app.example/launch?"));
        assert_eq!(super::oauth::parameter(&to, "iss").as_deref(), Some(FHIR));
        super::oauth::parameter(&to, "launch").unwrap()
    };
    let launch = open().await;
    let fields = asks(&client, "launch openid fhirUser patient/Observation.rs user/Patient.rs").set("launch", launch);
    // It is this doctor's launch: another's answer does not fit.
    let handle = super::oauth::asked(&app, &fields).await;
    app.get(&format!("/api/apps/requests/{handle}"), &other).await.expect(404);
    app.get(&format!("/api/apps/requests/{handle}"), &doctor).await.expect(200);
    // A launch works once.
    let again = app.get(&format!("/oauth/authorize?{}", fields.text()), None).await.expect(303);
    assert!(again.header("location").unwrap().contains("error=invalid_request"));
    let fields = fields.set("launch", open().await);
    let code = allowed(&app, &doctor, &fields, json!({})).await;
    let given = token(&app, &redeems(&client, &code)).await.expect(200).json();
    assert_eq!(given["patient"], ann.id.as_str());
    let access = text(&given, "access_token");
    let total =
        async |path: &str| with_token(&app, "GET", path, access, None).await.expect(200).json()["total"].clone();
    assert_eq!(total("/fhir/Observation?_total=accurate").await, 1, "patient/ is about one");
    assert_eq!(total("/fhir/Patient?_total=accurate").await, 2, "user/ is about whomever the doctor sees");
    // The patient's consent still decides.
    let grants = app.get("/api/grants", &ann).await.expect(200).json();
    app.revoke(&ann, &grants["grants"][0]).await;
    assert_eq!(total("/fhir/Observation?_total=accurate").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_documents_name_what_there_is() {
    let app = TestApp::start();
    let get = async |path: &str| app.get(path, None).await.expect(200);
    let smart = get("/fhir/.well-known/smart-configuration").await;
    assert_eq!(smart.header("access-control-allow-origin"), Some("*"));
    let smart = smart.json();
    let configuration = get("/.well-known/openid-configuration").await.json();
    assert_eq!(get("/.well-known/oauth-authorization-server").await.json(), configuration);
    for document in [&smart, &configuration] {
        assert_eq!(document["issuer"], ISSUER);
        assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
        for (name, value) in document.as_object().unwrap().iter().filter(|(name, _)| name.ends_with("_endpoint")) {
            let path = value.as_str().unwrap().strip_prefix(ISSUER).unwrap();
            assert_ne!(app.send("POST", path, None, None).await.status, 404, "{name}");
        }
    }
    for word in ["launch-ehr", "launch-standalone", "permission-v2", "client-confidential-asymmetric"] {
        assert!(smart["capabilities"].as_array().unwrap().contains(&json!(word)), "{word}");
    }
    let keys = get("/oauth/jwks").await.json();
    assert_eq!((&keys["keys"][0]["crv"], keys["keys"][0].get("d")), (&json!("P-256"), None));
    let metadata = get("/fhir/metadata").await.json();
    let uris = &metadata["rest"][0]["security"]["extension"][0]["extension"];
    assert!(uris.as_array().unwrap().contains(&json!({ "url": "token", "valueUri": format!("{ISSUER}/oauth/token") })));
    let preflight = Request::builder().method("OPTIONS").uri("/oauth/token").header(header::HOST, "localhost");
    let preflight = preflight.header("origin", "https://app.example").header("access-control-request-method", "POST");
    let reply = app.request(preflight.body(Body::empty()).unwrap()).await.expect(204);
    assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
    // The product's own interface is for its own pages.
    assert_eq!(app.get("/api/health", None).await.header("access-control-allow-origin"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_registered_itself_is_offered_in_no_record() {
    let app = TestApp::start();
    let (admin, doctor) = (app.administrator("Robin").await, app.practitioner("Dr A", &[]).await);
    let mut said = diary();
    said["initiate_login_uri"] = "https://app.example/launch".into();
    itself(&app, "application/json", said.to_string()).await.expect(201);
    registered(&app, &admin, json!({ "name": "Looked at", "launchUri": "https://known.example/launch" })).await;
    let offered = app.get("/api/apps/launchable", &doctor).await.expect(200).json();
    let names: Vec<&Value> = offered["apps"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!(names, ["Looked at"]);
}
