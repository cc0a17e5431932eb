//! Staff sign in with a provider of the hospital's.

mod connecting;
pub mod provider;

use super::oauth::{Key, base64url, parameter, seconds};
use kernel::{FixedClock, Timestamp};
use provider::{Gone, KNOWS, act, address, app_at, app_with, browser, certificate, come_back, connect, cookie, go};
use provider::{sign_in, start, visit};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::TestApp;

const HOME: &str = "/";
const UNKNOWN: &str = "/sign-in?notice=external-unknown";
const FAILED: &str = "/sign-in?notice=external-failed";
const UNAVAILABLE: &str = "/sign-in?notice=external-unavailable";

async fn who(app: &TestApp, session: Option<String>) -> Value {
    let session = visit(app, "/api/auth/session", &session.expect("a session")).await.expect(200).json();
    session["account"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_signs_in_with_the_hospitals_own_provider() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[KNOWS, ("HEALTHSYNC__SIGN_IN__HOSPITAL__CLIENT_SECRET", "hu:sh")]);
    let offered = app.get("/api/auth/external", None).await.expect(200).json();
    assert_eq!(offered, json!({ "providers": [{ "id": "hospital", "name": "St. Elsewhere" }] }));
    let doctor = app.practitioner("Dr A", &["Riverside"]).await;
    let gone = go(&app).await;
    assert!(gone.to.starts_with(&format!("{}/authorize?", provider.issuer)), "{}", gone.to);
    let back = parameter(&gone.to, "redirect_uri");
    assert_eq!(back.as_deref(), Some("http://localhost/oauth/external/hospital/back"));
    // A token may say what it likes of roles and places.
    let (to, session) = sign_in(&app, &provider, ("7", &address(&doctor)), |claims| {
        claims["role"] = "administrator".into();
        claims["roles"] = json!(["administrator"]);
        claims["groups"] = json!(["Everywhere"]);
        claims["organizations"] = json!(["Everywhere"]);
    })
    .await;
    assert_eq!(to, HOME, "the first time, by an address of the provider's own domain");
    let (authorization, asked) = provider.asked.lock().unwrap().clone();
    assert_eq!(authorization.as_deref(), Some("Basic dXM6aHUlM0FzaA=="), "us:hu%3Ash");
    assert!(asked.contains("code=c0de") && asked.contains("code_verifier="), "{asked}");
    assert!(!asked.contains("client_secret") && !asked.contains("hu%3A"), "{asked}");
    let me = who(&app, session).await;
    assert_eq!((&me["id"], &me["role"]), (&json!(doctor.account), &json!("practitioner")));
    assert_eq!(me["organizations"][0]["name"], "Riverside");
    // Later by the connection, whatever the address is then.
    let (_, session) = sign_in(&app, &provider, ("7", "new@elsewhere.example"), |_| {}).await;
    assert_eq!(who(&app, session).await["id"], doctor.account);
    app.run_jobs().await;
    let told: Vec<_> = app.outbox.mails().into_iter().map(|sent| (sent.mail.to, sent.mail.subject)).collect();
    assert_eq!(told, [(address(&doctor), "HealthSync: A way to sign in was added".to_owned())]);
    let admin = app.administrator("Robin").await;
    app.post(&format!("/api/admin/users/{}/lock", doctor.account), &admin, json!({})).await.expect(200);
    assert_eq!(sign_in(&app, &provider, ("7", ""), |_| {}).await, (UNKNOWN.to_owned(), None), "locked");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_is_not_whole_opens_nothing() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let email = address(&doctor);
    type Change = fn(&mut Value);
    let wrong: [(&str, Change); 16] = [
        ("another provider", |c| c["iss"] = "https://evil.example".into()),
        ("for somebody else", |c| c["aud"] = "them".into()),
        ("for several", |c| c["aud"] = json!(["us", "them"])),
        ("given to somebody else", |c| c["azp"] = "them".into()),
        ("over", |c| c["exp"] = (seconds() - 120).into()),
        ("without an end", |c| c["exp"] = Value::Null),
        ("from the future", |c| c["iat"] = (seconds() + 600).into()),
        ("not good yet", |c| c["nbf"] = (seconds() + 600).into()),
        ("another nonce", |c| c["nonce"] = "x".into()),
        ("no nonce", |c| c["nonce"] = Value::Null),
        ("nobody", |c| c["sub"] = Value::Null),
        ("an empty name", |c| c["sub"] = "".into()),
        ("an address that was not verified", |c| c["email_verified"] = false.into()),
        ("a word instead of a truth", |c| c["email_verified"] = "true".into()),
        ("no word on the address", |c| c["email_verified"] = Value::Null),
        ("an address of nobody's", |c| c["email"] = "nobody@example.org".into()),
    ];
    for (what, change) in wrong {
        let (to, session) = sign_in(&app, &provider, ("7", &email), change).await;
        assert!(session.is_none() && (to == FAILED || to == UNKNOWN), "{what}: {to}");
    }
    assert_eq!(sign_in(&app, &provider, ("7", &email), |_| {}).await.0, HOME, "and whole it does");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_the_provider_did_not_sign_opens_nothing() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let email = address(&doctor);
    type Forge = fn(&Key, &Value) -> String;
    let header = |alg: &str| base64url(json!({ "alg": alg }).to_string());
    let unsigned = move |claims: &Value| format!("{}.{}.", header("none"), base64url(claims.to_string()));
    let forged: [(&str, Forge); 5] = [
        ("another's signature", |_, claims| Key::es256("first").sign_as(&Key::es256("first").header(), claims)),
        ("an unknown key", |own, claims| own.sign_as(&json!({ "alg": "ES256", "kid": "other" }), claims)),
        ("another kind of token", |own, claims| {
            own.sign_as(&json!({ "alg": "ES256", "kid": "first", "typ": "at+jwt" }), claims)
        }),
        ("demands that nobody knows", |own, claims| {
            own.sign_as(&json!({ "alg": "ES256", "kid": "first", "crit": ["x"] }), claims)
        }),
        ("a claim changed afterwards", |own, claims| {
            let token = own.sign_as(&own.header(), &json!({ "sub": "8" }));
            let parts: Vec<&str> = token.split('.').collect();
            format!("{}.{}.{}", parts[0], base64url(claims.to_string()), parts[2])
        }),
    ];
    for (what, forge) in forged {
        let gone = go(&app).await;
        let token = forge(&provider.keys.lock().unwrap()[0], &provider.claims(&gone.to, "7", &email));
        provider.says(token);
        assert_eq!(come_back(&app, &gone, "").await, (FAILED.to_owned(), None), "{what}");
    }
    let gone = go(&app).await;
    provider.says(unsigned(&provider.claims(&gone.to, "7", &email)));
    assert_eq!(come_back(&app, &gone, "").await.0, FAILED, "without a signature");
    let gone = go(&app).await;
    provider.says(Value::Null);
    assert_eq!(come_back(&app, &gone, "").await.0, FAILED, "no token at all");
    let gone = go(&app).await;
    *provider.answer.lock().unwrap() = (400, json!({ "error": "invalid_grant" }));
    assert_eq!(come_back(&app, &gone, "").await.0, UNAVAILABLE, "a code that is not taken");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_of_the_provider_is_noticed_and_an_old_one_forgotten() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let email = address(&doctor);
    for _ in 0..3 {
        assert_eq!(sign_in(&app, &provider, ("7", &email), |_| {}).await.0, HOME);
    }
    assert_eq!(*provider.fetched.lock().unwrap(), 1, "the keys are remembered");
    *provider.keys.lock().unwrap() = vec![Key::es384("second")];
    assert_eq!(sign_in(&app, &provider, ("7", &email), |_| {}).await.0, HOME);
    assert_eq!(*provider.fetched.lock().unwrap(), 2);
    let stranger = Key::es256("first");
    for _ in 0..20 {
        let gone = go(&app).await;
        provider.says(stranger.sign_as(&stranger.header(), &provider.claims(&gone.to, "7", &email)));
        assert_eq!(come_back(&app, &gone, "").await.0, FAILED);
    }
    assert!(*provider.fetched.lock().unwrap() <= 6, "strangers do not make this server ask for ever");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_belongs_to_the_browser_that_went_and_works_once() {
    let provider = start(false).await;
    let other = start(false).await;
    let second = [
        KNOWS,
        ("HEALTHSYNC__SIGN_IN__OTHER__NAME", "Other"),
        ("HEALTHSYNC__SIGN_IN__OTHER__ISSUER", other.issuer.as_str()),
        ("HEALTHSYNC__SIGN_IN__OTHER__CLIENT_ID", "us"),
    ];
    let app = app_with(&provider.issuer, &second);
    let doctor = app.practitioner("Dr A", &[]).await;
    let ready = async || {
        let gone = go(&app).await;
        provider.says(provider.signed(&provider.claims(&gone.to, "7", &address(&doctor))));
        other.says(provider.signed(&provider.claims(&gone.to, "7", &address(&doctor))));
        gone
    };
    let declined = "/sign-in?notice=external-declined";
    let state = |gone: &Gone| gone.state.clone();
    type Path = fn(&str) -> String;
    let wrong: [(&str, Path, bool, &str); 7] = [
        ("another browser", |s| format!("hospital/back?code=c&state={s}"), false, FAILED),
        ("another state", |_| format!("hospital/back?code=c&state={}", base64url([1; 32])), true, FAILED),
        ("no state", |_| "hospital/back?code=c".to_owned(), true, FAILED),
        ("no code", |s| format!("hospital/back?state={s}"), true, FAILED),
        ("the provider says no", |s| format!("hospital/back?error=access_denied&state={s}"), true, declined),
        ("another issuer", |s| format!("hospital/back?code=c&state={s}&iss=https://evil.example"), true, FAILED),
        ("another provider", |s| format!("other/back?code=c&state={s}"), true, FAILED),
    ];
    for (what, path, own, expected) in wrong {
        let gone = ready().await;
        let path = format!("/oauth/external/{}", path(&state(&gone)));
        let reply = visit(&app, &path, if own { &gone.cookie } else { "" }).await.expect(303);
        assert_eq!(cookie(&reply, "healthsync_session"), None, "{what}");
        assert_eq!(reply.header("location"), Some(expected), "{what}");
    }
    let gone = ready().await;
    assert_eq!(come_back(&app, &gone, "").await.0, HOME);
    assert_eq!(come_back(&app, &gone, "").await, (FAILED.to_owned(), None), "a second time");
    let unknown = visit(&app, "/oauth/external/nowhere", "").await.expect(303);
    assert_eq!(unknown.header("location"), Some(FAILED));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_alone_opens_an_account_only_where_the_operator_said_so() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[]);
    let doctor = app.practitioner("Dr A", &[]).await;
    assert_eq!(sign_in(&app, &provider, ("7", &address(&doctor)), |_| {}).await, (UNKNOWN.to_owned(), None));

    let app = app_with(&provider.issuer, &[KNOWS]);
    let (doctor, patient) = (app.practitioner("Dr A", &[]).await, app.patient("Ann").await);
    let elsewhere = format!("{}@evil.example", doctor.username);
    for (what, email) in [
        ("a patient", address(&patient)),
        ("a user name", doctor.username.clone()),
        ("another domain", elsewhere),
        ("a domain below", format!("{}@x.example.org", doctor.username)),
    ] {
        assert_eq!(sign_in(&app, &provider, ("7", &email), |_| {}).await, (UNKNOWN.to_owned(), None), "{what}");
    }
    // Whoever registers with another's address must not wait for them there.
    let form = json!({ "email": "kim@example.org", "password": "lamp river Tuesday", "name": "Dr Kim Lee" });
    app.post("/api/auth/register/clinician", None, form).await.expect(201);
    assert_eq!(sign_in(&app, &provider, ("8", "kim@example.org"), |_| {}).await.0, UNKNOWN, "nobody verified it");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_proof_that_the_provider_dates_counts_as_fresh() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let who = ("7", address(&doctor));
    for (what, at, status) in [
        ("no date", Value::Null, 401),
        ("an old one", json!(seconds() - 3600), 401),
        ("one of now", json!(seconds()), 201),
    ] {
        let (_, session) = sign_in(&app, &provider, (who.0, &who.1), |claims| claims["auth_time"] = at).await;
        let reply = act(&app, "/api/auth/recovery-codes", &session.unwrap(), &json!({})).await;
        assert_eq!(reply.status, status, "{what}: {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_whose_documents_are_not_its_own_is_not_asked() {
    for (name, value) in [
        ("issuer", json!("https://evil.example")),
        ("jwks_uri", Value::Null),
        ("token_endpoint", json!("ftp://evil.example/t")),
        ("authorization_endpoint", json!("http://evil.example/a")),
    ] {
        let provider = start(false).await;
        provider.document.lock().unwrap()[name] = value;
        let app = app_with(&provider.issuer, &[KNOWS]);
        let reply = visit(&app, "/oauth/external/hospital", "").await.expect(303);
        assert_eq!(reply.header("location"), Some(UNAVAILABLE), "{name}");
    }
    let app = app_with("http://127.0.0.1:9", &[KNOWS]);
    let reply = visit(&app, "/oauth/external/hospital", "").await.expect(303);
    assert_eq!(reply.header("location"), Some(UNAVAILABLE), "nobody is there");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_says_whose_its_answers_are_must_say_it() {
    let provider = start(false).await;
    provider.document.lock().unwrap()["authorization_response_iss_parameter_supported"] = true.into();
    let app = app_with(&provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    assert_eq!(sign_in(&app, &provider, ("7", &address(&doctor)), |_| {}).await.0, FAILED);
    let gone = go(&app).await;
    provider.says(provider.signed(&provider.claims(&gone.to, "7", &address(&doctor))));
    let path = format!("/oauth/external/hospital/back?code=c&state={}&iss={}", gone.state, provider.issuer);
    let reply = visit(&app, &path, &gone.cookie).await.expect(303);
    assert_eq!(reply.header("location"), Some(HOME));
}

#[tokio::test(flavor = "multi_thread")]
async fn with_tls_a_provider_is_believed_only_by_a_certificate_that_is_trusted() {
    let provider = start(true).await;
    let app = app_with(&provider.issuer, &[KNOWS]);
    let reply = visit(&app, "/oauth/external/hospital", "").await.expect(303);
    assert_eq!(reply.header("location"), Some(UNAVAILABLE), "nobody trusts this certificate");
    let file = certificate("localhost.crt").display().to_string();
    let app = app_with(&provider.issuer, &[KNOWS, ("HEALTHSYNC__OUTGOING__CA_FILE", &file)]);
    let doctor = app.practitioner("Dr A", &[]).await;
    assert_eq!(sign_in(&app, &provider, ("7", &address(&doctor)), |_| {}).await.0, HOME);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_there_is_no_such_way() {
    let app = TestApp::start();
    assert_eq!(app.get("/api/auth/external", None).await.expect(200).json()["providers"], json!([]));
    let reply = visit(&app, "/oauth/external/hospital", "").await.expect(303);
    assert_eq!(reply.header("location"), Some(FAILED));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_way_back_is_open_for_ten_minutes_and_a_proof_fresh_for_five() {
    let provider = start(false).await;
    let clock = Arc::new(FixedClock::at(Timestamp(seconds() * 1000)));
    let app = app_at(clock.clone(), &provider.issuer, &[KNOWS]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let mut session = None;
    for (ms, leads) in [(600_000, FAILED), (599_999, HOME)] {
        let gone = go(&app).await;
        clock.advance_ms(ms);
        let mut claims = provider.claims(&gone.to, "7", &address(&doctor));
        claims["exp"] = (seconds() + 3600).into();
        // Clocks differ: a proof from a minute ahead counts from now on.
        claims["auth_time"] = (app.house.clock.now().0 / 1000 + 50).into();
        provider.says(provider.signed(&claims));
        let (to, came) = come_back(&app, &gone, "").await;
        assert_eq!(to, leads, "after {ms} ms");
        session = came;
    }
    let codes = async || act(&app, "/api/auth/recovery-codes", session.as_deref().unwrap(), &json!({})).await;
    clock.advance_ms(299_999);
    codes().await.expect(201);
    clock.advance_ms(1);
    assert_eq!(codes().await.expect(401).json()["kind"], "step-up");
}
