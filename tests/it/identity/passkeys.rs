//! Passkeys over HTTP, with a device that signs for real: making them, signing in, confirming, removing.

use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Authenticator, PASSWORD, Person, Spoil, TestApp};

const MINUTE_MS: i64 = 60_000;

fn newcomer(email: &str) -> Value {
    json!({ "email": email, "given": "Asha", "family": "Rao", "birthDate": "1984-02-29", "gender": "female" })
}

/// Registers with a new passkey and nothing else.
async fn register(app: &TestApp, email: &str) -> (Person, Authenticator) {
    let begun = app.post("/api/auth/register/start", None, newcomer(email)).await.expect(200).json();
    let mut device = Authenticator::new();
    let credential = device.make(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": "My phone" });
    let made = app.post("/api/auth/register/finish", None, form).await.expect(201).json();
    assert_eq!((&made["method"], &made["limited"]), (&json!("passkey"), &json!(false)));
    (person(&made), device)
}

fn person(login: &Value) -> Person {
    Person {
        account: login["account"]["id"].as_i64().unwrap(),
        username: login["account"]["username"].as_str().unwrap().to_owned(),
        token: login["token"].as_str().unwrap().to_owned(),
        id: login["account"]["patient"].as_str().unwrap_or_default().to_owned(),
        organization: None,
    }
}

async fn sign_in(app: &TestApp, device: &mut Authenticator, spoil: Spoil) -> testkit::Reply {
    let begun = app.post("/api/auth/passkey/start", None, json!({})).await.expect(200).json();
    assert_eq!(begun["options"]["publicKey"]["allowCredentials"], json!([]), "nobody is named");
    let credential = device.sign(&begun["options"], spoil);
    app.post("/api/auth/passkey/finish", None, json!({ "ceremony": begun["ceremony"], "credential": credential })).await
}

/// Adds a passkey to a session that is fresh.
async fn add(app: &TestApp, who: &Person, name: &str) -> (Value, Authenticator) {
    let begun = app.post("/api/auth/passkeys/start", who, json!({})).await.expect(200).json();
    let mut device = Authenticator::new();
    let credential = device.make(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": name });
    (app.post("/api/auth/passkeys/finish", who, form).await.expect(201).json(), device)
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_registers_and_signs_in_without_any_password() {
    let app = TestApp::start();
    let (asha, mut device) = register(&app, "asha@example.org").await;
    app.get(&format!("/fhir/Patient/{}", asha.id), &asha).await.expect(200);
    let methods = app.get("/api/auth/methods", &asha).await.expect(200).json();
    assert_eq!(methods["password"], json!({ "set": false, "readyAt": null }));
    assert_eq!(methods["passkeys"][0]["name"], "My phone");
    assert_eq!((&methods["passkeys"][0]["synced"], &methods["passkeys"][0]["prf"]), (&json!(true), &json!(true)));
    let login = sign_in(&app, &mut device, Spoil::Nothing).await.expect(200).json();
    assert_eq!(login["account"]["id"], asha.account);
    app.get(&format!("/fhir/Patient/{}", asha.id), &person(&login)).await.expect(200);
    // The address is taken now, before another passkey is made for nothing.
    app.post("/api/auth/register/start", None, newcomer("Asha@Example.org")).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_was_made_wrongly_is_not_kept() {
    let app = TestApp::start();
    let mut wrong = Vec::new();
    for (n, spoil) in Spoil::ALL.into_iter().enumerate() {
        if matches!(spoil, Spoil::Signature | Spoil::Handle | Spoil::Making) {
            // Nothing is signed by a device that says nothing of who made it, and the server gives the handle.
            continue;
        }
        let email = format!("asha{n}@example.org");
        let begun = app.post("/api/auth/register/start", None, newcomer(&email)).await.expect(200).json();
        let credential = Authenticator::new().make(&begun["options"], spoil);
        let form = json!({ "ceremony": begun["ceremony"], "credential": credential });
        let refused = app.post("/api/auth/register/finish", None, form).await;
        let (status, kind) = if spoil == Spoil::Prf { (422, "prf") } else { (400, "invalid") };
        if (refused.status, refused.json()["kind"].as_str()) != (status, Some(kind)) {
            wrong.push((spoil, refused.status));
        }
    }
    assert_eq!(wrong, []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_signature_that_is_wrong_in_any_way_opens_nothing() {
    let app = TestApp::start();
    let (_, mut device) = register(&app, "asha@example.org").await;
    let mut wrong = Vec::new();
    for spoil in Spoil::ALL {
        let refused = sign_in(&app, &mut device, spoil).await;
        let (status, kind) = if spoil == Spoil::Prf { (422, "prf") } else { (401, "login-failed") };
        if (refused.status, refused.json()["kind"].as_str()) != (status, Some(kind)) {
            wrong.push((spoil, refused.status));
        }
    }
    assert_eq!(wrong, []);
    // A device that is nobody's answers in the same words.
    let mut stranger = Authenticator::new();
    let begun = app.post("/api/auth/register/start", None, newcomer("other@example.org")).await.expect(200).json();
    stranger.make(&begun["options"], Spoil::Nothing);
    assert_eq!(sign_in(&app, &mut stranger, Spoil::Nothing).await.expect(401).json()["kind"], "login-failed");
    sign_in(&app, &mut device, Spoil::Nothing).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ceremony_is_good_once_for_five_minutes_and_for_what_it_was_begun_for() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (asha, mut device) = register(&app, "asha@example.org").await;
    let start = async || app.post("/api/auth/passkey/start", None, json!({})).await.expect(200).json();
    let finish = async |form: Value| app.post("/api/auth/passkey/finish", None, form).await;

    let begun = start().await;
    let form = json!({ "ceremony": begun["ceremony"], "credential": device.sign(&begun["options"], Spoil::Nothing) });
    finish(form.clone()).await.expect(200);
    finish(form).await.expect(401);

    let begun = start().await;
    let form = json!({ "ceremony": begun["ceremony"], "credential": device.sign(&begun["options"], Spoil::Nothing) });
    clock.advance_ms(5 * MINUTE_MS);
    finish(form).await.expect(401);

    // One begun for confirming does not sign in.
    let login = sign_in(&app, &mut device, Spoil::Nothing).await.expect(200).json();
    let again = person(&login);
    let begun = app.post("/api/auth/confirm/start", &again, json!({})).await.expect(200).json();
    let credential = device.sign(&begun["passkey"]["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["passkey"]["ceremony"], "credential": credential });
    finish(form).await.expect(401);
    // And one begun for signing in makes nothing.
    let begun = start().await;
    let credential =
        json!({ "ceremony": begun["ceremony"], "credential": device.sign(&begun["options"], Spoil::Nothing) });
    app.post("/api/auth/passkeys/finish", &again, credential).await.expect(401);
    assert_eq!(asha.account, again.account);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_device_is_added_named_and_removed_and_then_opens_nothing() {
    let app = TestApp::start();
    let (asha, _phone) = register(&app, "asha@example.org").await;
    let (made, mut laptop) = add(&app, &asha, "Laptop").await;
    let path = |verb: &str| format!("/api/auth/passkeys/{}/{verb}", made["id"]);
    let renamed = app.post(&path("rename"), &asha, json!({ "name": "Old laptop" })).await.expect(200).json();
    assert_eq!(renamed["name"], "Old laptop");
    let on_laptop = person(&sign_in(&app, &mut laptop, Spoil::Nothing).await.expect(200).json());
    app.get("/api/auth/sessions", &on_laptop).await.expect(200);
    // Nobody else's.
    let (other, _) = register(&app, "mateo@example.org").await;
    app.post(&path("rename"), &other, json!({ "name": "Mine" })).await.expect(404);
    app.post(&path("revoke"), &other, json!({})).await.expect(404);
    app.post(&path("revoke"), &asha, json!({})).await.expect(204);
    assert_eq!(sign_in(&app, &mut laptop, Spoil::Nothing).await.expect(401).json()["kind"], "login-failed");
    app.get("/api/auth/sessions", &on_laptop).await.expect(401);
    app.get("/api/auth/sessions", &asha).await.expect(200);
    // The owner hears of it, in the inbox and by e-mail.
    app.run_jobs().await;
    let told: Vec<String> = app.outbox.mails().into_iter().map(|sent| sent.mail.subject).collect();
    assert_eq!(told, ["HealthSync: A passkey was removed", "HealthSync: A passkey was added"]);
    let inbox = app.get("/api/inbox", &asha).await.expect(200).text();
    assert!(inbox.contains("A passkey was removed") && inbox.contains("Old laptop"), "{inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_way_in_stays() {
    let app = TestApp::start();
    let (asha, _phone) = register(&app, "asha@example.org").await;
    let id = app.get("/api/auth/methods", &asha).await.json()["passkeys"][0]["id"].clone();
    let path = format!("/api/auth/passkeys/{id}/revoke");
    assert_eq!(app.post(&path, &asha, json!({})).await.expect(409).json()["kind"], "last-method");
    app.post("/api/auth/password", &asha, json!({ "password": "lamp river Tuesday" })).await.expect(200);
    app.post("/api/auth/password/remove", &asha, json!({})).await.expect(204);
    assert_eq!(app.post(&path, &asha, json!({})).await.expect(409).json()["kind"], "last-method");
    app.post("/api/auth/password", &asha, json!({ "password": "lamp river Tuesday" })).await.expect(200);
    app.post(&path, &asha, json!({})).await.expect(204);
    assert_eq!(app.post("/api/auth/password/remove", &asha, json!({})).await.expect(401).json()["kind"], "login");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_counter_that_goes_back_is_a_copy_and_its_owner_hears_of_it() {
    let app = TestApp::start();
    let begun = app.post("/api/auth/register/start", None, newcomer("asha@example.org")).await.expect(200).json();
    let mut device = Authenticator::new();
    (device.synced, device.count) = (false, 5);
    let credential = device.make(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential });
    app.post("/api/auth/register/finish", None, form).await.expect(201);
    device.count = 6;
    sign_in(&app, &mut device, Spoil::Nothing).await.expect(200);
    sign_in(&app, &mut device, Spoil::Nothing).await.expect(401);
    app.run_jobs().await;
    assert_eq!(app.outbox.mails()[0].mail.subject, "HealthSync: A copy of your passkey may exist");
    device.count = 7;
    sign_in(&app, &mut device, Spoil::Nothing).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_act_asks_who_it_is_after_five_minutes() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (asha, mut device) = register(&app, "asha@example.org").await;
    let doctor = app.practitioner("Dr Kim Lee", &["Riverside Clinic"]).await;
    clock.advance_ms(5 * MINUTE_MS);
    let acts = [
        (
            "/api/grants",
            json!({
                "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "from": null, "to": null,
                "labels": [], "purpose": "treatment", "until": null, "note": null
            }),
        ),
        ("/api/auth/passkeys/start", json!({})),
        ("/api/auth/recovery-codes", json!({})),
        ("/api/auth/password", json!({ "password": "lamp river Tuesday" })),
    ];
    for (path, body) in &acts {
        assert_eq!(app.post(path, &asha, body.clone()).await.expect(401).json()["kind"], "step-up", "{path}");
    }
    // The session itself is fine.
    app.get(&format!("/fhir/Patient/{}", asha.id), &asha).await.expect(200);
    let begun = app.post("/api/auth/confirm/start", &asha, json!({})).await.expect(200).json();
    assert_eq!(begun["methods"], json!(["passkey"]));
    // Another's passkey does not confirm.
    let (_, mut stranger) = register(&app, "mateo@example.org").await;
    let form = |credential: Value| json!({ "ceremony": begun["passkey"]["ceremony"], "credential": credential });
    let credential = stranger.sign(&begun["passkey"]["options"], Spoil::Nothing);
    app.post("/api/auth/confirm", &asha, form(credential)).await.expect(401);
    let begun = app.post("/api/auth/confirm/start", &asha, json!({})).await.expect(200).json();
    let credential = device.sign(&begun["passkey"]["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["passkey"]["ceremony"], "credential": credential });
    let session = app.post("/api/auth/confirm", &asha, form).await.expect(200).json();
    assert_eq!(session["confirmedUntil"], "2027-01-15T08:10:00.000Z");
    let asha = asha.with(&session);
    for (path, body) in &acts {
        let reply = app.post(path, &asha, body.clone()).await;
        assert!(matches!(reply.status, 200 | 201), "{path}: {} {}", reply.status, reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_confirms_too_and_a_wrong_one_is_counted() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let asha = app.patient("Asha Rao").await;
    clock.advance_ms(5 * MINUTE_MS);
    for _ in 0..5 {
        let wrong = json!({ "password": "wrong password" });
        assert_eq!(app.post("/api/auth/confirm", &asha, wrong).await.expect(401).json()["kind"], "login-failed");
    }
    app.post("/api/auth/confirm", &asha, json!({ "password": PASSWORD })).await.expect(429);
    clock.advance_ms(30_000);
    let asha = app.confirmed(&asha).await;
    app.post("/api/auth/confirm", &asha, json!({ "password": PASSWORD, "recoveryCode": "x" })).await.expect(400);
    app.post("/api/auth/recovery-codes", &asha, json!({})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_is_told_whether_passkeys_work_where_it_was_opened() {
    let app = TestApp::start();
    let options = app.get("/api/auth/options", None).await.expect(200).json();
    assert_eq!(options["passkey"], json!({ "rpId": "localhost", "here": true, "openAt": null }));
    assert_eq!(options["emailCode"], true);
    let named = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://health.example.org")]);
    let options = named.get("/api/auth/options", None).await.expect(200).json();
    let elsewhere = json!({ "rpId": "health.example.org", "here": false, "openAt": "https://health.example.org" });
    assert_eq!(options["passkey"], elsewhere);
    let bare = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://192.0.2.7")]);
    bare.post("/api/auth/passkey/start", None, json!({})).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_passkey_stands_readable_in_the_database() {
    let app = TestApp::start();
    let (asha, _) = register(&app, "asha@example.org").await;
    add(&app, &asha, "Very own tablet").await;
    let stored = app
        .house
        .db
        .read(|tx| tx.query("SELECT detail FROM passkey", &[], |row| Ok::<_, db::DbError>(row.blob(0)?.to_vec())));
    let stored = stored.await.unwrap().concat();
    for secret in ["tablet", "internal", "es256"] {
        assert!(memchr::memmem::find(&stored, secret.as_bytes()).is_none(), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinics_software_makes_itself_no_way_in_that_outlives_its_token() {
    let app = TestApp::start();
    let lab = app.service("Lab soft", "Hillside").await;
    for path in ["/api/auth/passkeys/start", "/api/auth/recovery-codes"] {
        let refused = app.post(path, &lab, json!({})).await.expect(403);
        assert!(refused.text().contains("A service has tokens"), "{path}: {}", refused.text());
    }
    let made = json!({ "ceremony": "x", "name": "backdoor", "credential": {} });
    assert!([400, 403, 422].contains(&app.post("/api/auth/passkeys/finish", &lab, made).await.status));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_works_goes_only_with_a_fresh_proof_and_one_that_waits_is_no_way_back() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (asha, mut phone) = register(&app, "asha@example.org").await;
    let (laptop, _) = add(&app, &asha, "Laptop").await;
    let path = |made: &Value| format!("/api/auth/passkeys/{}/revoke", made["id"]);
    clock.advance_ms(5 * MINUTE_MS);
    assert_eq!(app.post(&path(&laptop), &asha, json!({})).await.expect(401).json()["kind"], "step-up");
    let thief = super::codes::limited(&app, &Person { username: "asha".to_owned(), ..asha.clone() }).await;
    app.post(&path(&laptop), &thief, json!({})).await.expect(403);
    app.get("/api/auth/sessions", &asha).await.expect(200);

    let asha = person(&sign_in(&app, &mut phone, Spoil::Nothing).await.expect(200).json());
    app.post(&path(&laptop), &asha, json!({})).await.expect(204);
    let (waits, _) = add(&app, &thief, "Thief's").await;
    assert!(waits["readyAt"].is_string());
    let methods = app.get("/api/auth/methods", &asha).await.expect(200).json();
    let own = methods["passkeys"].as_array().unwrap().iter().find(|one| one["name"] == "My phone").unwrap();
    assert_eq!(app.post(&path(own), &asha, json!({})).await.expect(409).json()["kind"], "last-method");
    app.post("/api/auth/password", &asha, json!({ "password": "lamp river Tuesday" })).await.expect(200);
    app.post(&path(own), &asha, json!({})).await.expect(204);
    // Now the password is all there is: what waits opens nothing yet.
    let form = json!({ "username": "asha@example.org", "password": "lamp river Tuesday" });
    let asha = person(&app.post("/api/auth/login", None, form).await.expect(200).json());
    assert_eq!(app.post("/api/auth/password/remove", &asha, json!({})).await.expect(409).json()["kind"], "last-method");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_is_one_accounts_and_an_account_has_twenty_at_most() {
    let app = TestApp::start();
    let (asha, mut phone) = register(&app, "asha@example.org").await;
    let (mateo, _) = register(&app, "mateo@example.org").await;
    let begin = async |who: &Person| app.post("/api/auth/passkeys/start", who, json!({})).await;
    let finish = async |who: &Person, begun: &Value, device: &mut Authenticator| {
        let credential = device.make(&begun["options"], Spoil::Nothing);
        let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": "A device" });
        app.post("/api/auth/passkeys/finish", who, form).await
    };
    let begun = begin(&mateo).await.expect(200).json();
    let known = finish(&mateo, &begun, &mut phone).await.expect(409);
    assert!(known.text().contains("This passkey is registered already."), "{}", known.text());
    let begun = app.post("/api/auth/register/start", None, newcomer("bo@example.org")).await.expect(200).json();
    let credential = phone.make(&begun["options"], Spoil::Nothing);
    let form = json!({ "ceremony": begun["ceremony"], "credential": credential });
    let known = app.post("/api/auth/register/finish", None, form).await.expect(409);
    assert!(known.text().contains("This passkey is registered already."), "{}", known.text());

    for _ in 1..19 {
        add(&app, &asha, "A device").await;
    }
    // Two are begun while there is room for one.
    let (one, other) = (begin(&asha).await.expect(200).json(), begin(&asha).await.expect(200).json());
    finish(&asha, &one, &mut Authenticator::new()).await.expect(201);
    let full = finish(&asha, &other, &mut Authenticator::new()).await.expect(409);
    assert!(full.text().contains("You have 20 passkeys"), "{}", full.text());
    begin(&asha).await.expect(409);
}
