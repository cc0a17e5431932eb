//! Connecting one's account with somebody of a provider's, and ending that.

use super::provider::{gone, start};
use super::{act, address, app_with, browser, come_back, connect, go, sign_in, visit};
use kernel::Id;
use serde_json::{Value, json};
use testkit::TestApp;

const THERE: &str = "/api/auth/external/hospital/link";
const TAKEN: &str = "/account?external=taken";
const CONNECTED: &str = "/account?external=connected";
const FAILED: &str = "/account?external=failed";

async fn links(app: &TestApp, cookies: &str) -> Value {
    visit(app, "/api/auth/external/links", cookies).await.expect(200).json()["links"].clone()
}

/// What the ledger says of sign-in providers.
async fn written(app: &TestApp) -> Vec<String> {
    let house = app.house.clone();
    let entries = app.house.db.scan(move |tx| ledger::entries(tx, &house.vault, Id::new(0), None, 100)).await.unwrap();
    let all = entries.into_iter().map(|stored| String::from_utf8(stored.entry).unwrap());
    all.filter(|text| text.contains("sign-in provider")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_connects_signs_in_and_disconnects() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[]);
    let doctor = app.practitioner("Dr A", &[]).await;
    let own = browser(&app, &doctor).await;
    // The provider may have another address of them, even one that it did not verify.
    assert_eq!(connect(&app, &provider, &own, ("7", "kim@work.example")).await, CONNECTED);
    assert_eq!(connect(&app, &provider, &own, ("7", "kim@work.example")).await, CONNECTED, "again is no fault");
    let listed = links(&app, &own).await;
    assert_eq!(listed.as_array().unwrap().len(), 1);
    assert_eq!(listed[0]["provider"], "St. Elsewhere");
    assert_eq!((&listed[0]["email"], &listed[0]["lastUsed"]), (&json!("kim@work.example"), &Value::Null));
    let (_, session) = sign_in(&app, &provider, ("7", ""), |_| {}).await;
    let elsewhere = session.expect("by the connection");
    assert!(links(&app, &elsewhere).await[0]["lastUsed"].is_string());

    let remove = format!("/api/auth/external/links/{}/remove", listed[0]["id"]);
    act(&app, &remove, &elsewhere, &json!({})).await.expect(401);
    let other = browser(&app, &app.practitioner("Dr B", &[]).await).await;
    act(&app, &remove, &other, &json!({})).await.expect(404);
    act(&app, &remove, &own, &json!({})).await.expect(204);
    visit(&app, "/api/auth/sessions", &elsewhere).await.expect(401);
    visit(&app, "/api/auth/sessions", &own).await.expect(200);
    assert_eq!(sign_in(&app, &provider, ("7", ""), |_| {}).await.1, None, "disconnected");

    app.run_jobs().await;
    let mut told: Vec<String> = app.outbox.mails().into_iter().map(|sent| sent.mail.subject).collect();
    told.sort();
    assert_eq!(told, ["HealthSync: A way to sign in was added", "HealthSync: A way to sign in was removed"]);
    let entries = written(&app).await;
    assert_eq!(entries.len(), 2, "{entries:?}");
    let said = |action: &str| entries.iter().any(|text| text.contains(&format!(r#""action":"{action}""#)));
    assert!(said("connect") && said("disconnect"), "{entries:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_connected_only_by_its_owner_in_the_session_that_asked() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[]);
    let (doctor, other) = (app.practitioner("Dr A", &[]).await, app.practitioner("Dr B", &[]).await);
    let (own, strange) = (browser(&app, &doctor).await, browser(&app, &other).await);
    let begun = async || {
        let reply = act(&app, THERE, &own, &json!({})).await.expect(200);
        let gone = gone(&reply, |reply| reply.json()["address"].as_str().unwrap().to_owned());
        provider.says(provider.signed(&provider.claims(&gone.to, "7", &address(&doctor))));
        gone
    };
    assert_eq!(come_back(&app, &begun().await, &strange).await.0, FAILED, "another's session");
    let nobody = come_back(&app, &begun().await, "").await;
    assert_eq!(nobody, ("/sign-in?notice=external-failed".to_owned(), None), "nobody's");
    assert_eq!(come_back(&app, &begun().await, &browser(&app, &doctor).await).await.0, FAILED, "another of one's own");
    // Should the session be worth less by then than when it asked.
    let worth = async |limited: i64| {
        let change = move |tx: &mut db::Tx<'_>| {
            tx.execute("UPDATE session SET limited = ?1", &[limited.into()])?;
            tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])
        };
        app.house.db.write(change).await.unwrap();
    };
    let gone = begun().await;
    worth(1).await;
    assert_eq!(come_back(&app, &gone, &own).await.0, FAILED, "a limited one");
    worth(0).await;
    assert_eq!(links(&app, &own).await, json!([]));
    assert_eq!(come_back(&app, &begun().await, &own).await.0, CONNECTED);
    // Whoever it is there is one account's only.
    assert_eq!(connect(&app, &provider, &strange, ("7", &address(&other))).await, TAKEN);
    assert_eq!(links(&app, &strange).await, json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn connecting_needs_a_full_session_a_fresh_proof_and_a_place_among_the_staff() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[super::KNOWS]);
    let (doctor, patient) = (app.practitioner("Dr A", &[]).await, app.patient("Ann").await);
    act(&app, THERE, "", &json!({})).await.expect(401);
    act(&app, THERE, &browser(&app, &patient).await, &json!({})).await.expect(403);
    act(&app, "/api/auth/external/nowhere/link", &browser(&app, &doctor).await, &json!({})).await.expect(404);
    let (_, stale) = sign_in(&app, &provider, ("7", &address(&doctor)), |_| {}).await;
    let problem = act(&app, THERE, &stale.unwrap(), &json!({})).await.expect(401).json();
    assert_eq!(problem["kind"], "step-up", "{problem}");
    // A code sent by e-mail alone opens a limited session, which may not.
    let asked = app.post("/api/auth/code/start", None, json!({ "email": address(&doctor) })).await.expect(200).json();
    app.run_jobs().await;
    let letter = app.outbox.mails().into_iter().find(|sent| sent.mail.subject.contains("code for")).unwrap();
    let code =
        letter.mail.text.split_whitespace().find(|w| w.len() == 8 && w.parse::<u32>().is_ok()).unwrap().to_owned();
    let form = json!({ "request": asked["request"], "code": code, "session": "cookie" });
    let reply = app.post("/api/auth/code/finish", None, form).await.expect(200);
    let limited = super::cookie(&reply, "healthsync_session").unwrap();
    act(&app, THERE, &limited, &json!({})).await.expect(403);
    // Signed in, a way back that was begun for signing in opens whoever it is there, and connects nothing.
    let gone = go(&app).await;
    provider.says(provider.signed(&provider.claims(&gone.to, "9", "")));
    let own = browser(&app, &doctor).await;
    assert_eq!(come_back(&app, &gone, &own).await, ("/account?external=unknown".to_owned(), None));
    assert_eq!(links(&app, &own).await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_is_not_disconnected() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[]);
    let admin = app.administrator("Robin").await;
    // A first password lasts a week, and so is no way in.
    let form =
        json!({ "username": "noor.admin", "password": testkit::PASSWORD, "role": "administrator", "name": "Noor" });
    let made = app.post("/api/admin/users", &admin, form).await.expect(201).json();
    let noor =
        testkit::Person { account: made["id"].as_i64().unwrap(), username: "noor.admin".to_owned(), ..admin.clone() };
    let own = browser(&app, &noor).await;
    assert_eq!(connect(&app, &provider, &own, ("7", "noor@work.example")).await, CONNECTED);
    let remove = format!("/api/auth/external/links/{}/remove", links(&app, &own).await[0]["id"]);
    assert_eq!(act(&app, &remove, &own, &json!({})).await.expect(409).json()["kind"], "last-method");
    act(&app, "/api/auth/password", &own, &json!({ "password": "lamp river Tuesday" })).await.expect(200);
    act(&app, &remove, &own, &json!({})).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_connected_with_ten_people_elsewhere_at_most() {
    let provider = start(false).await;
    let app = app_with(&provider.issuer, &[]);
    let own = browser(&app, &app.practitioner("Dr A", &[]).await).await;
    for n in 0..11 {
        let subject = n.to_string();
        let leads = connect(&app, &provider, &own, (&subject, "kim@work.example")).await;
        assert_eq!(leads, if n < 10 { CONNECTED } else { FAILED }, "{n}");
    }
    assert_eq!(links(&app, &own).await.as_array().unwrap().len(), 10);
}
