//! `/api/admin/users/{id}/role`: what somebody of the staff is.

use super::oauth::{Fields, allowed, asks, redeems, registered, text, token, with_token};
use kernel::Id;
use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp};

async fn make(app: &TestApp, admin: &Person, whom: &Person, role: &str) -> Reply {
    app.post(&format!("/api/admin/users/{}/role", whom.account), admin, json!({ "role": role })).await
}

/// Somebody signs in anew with their password.
async fn again(app: &TestApp, who: &Person) -> Person {
    let form = json!({ "username": who.username, "password": testkit::PASSWORD });
    let login = app.post("/api/auth/login", None, form).await.expect(200).json();
    Person { token: login["token"].as_str().unwrap().to_owned(), ..who.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_becomes_an_administrator_reads_no_record_any_more() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin Ames").await, app.patient("Ann").await);
    let doctor = app.practitioner("Dr Kim Lee", &["Riverside"]).await;
    app.grant(&patient, &doctor).await;
    let record = format!("/fhir/Patient/{}", patient.id);
    app.get(&record, &doctor).await.expect(200);
    // An app that goes on without them.
    let client = registered(&app, &admin, json!({})).await;
    let scope = "openid offline_access user/Patient.rs";
    let code = allowed(&app, &doctor, &asks(&client, scope), json!({ "days": 30 })).await;
    let given = token(&app, &redeems(&client, &code)).await.expect(200).json();
    with_token(&app, "GET", &record, text(&given, "access_token"), None).await.expect(200);

    let user = make(&app, &admin, &doctor, "administrator").await.expect(200).json();
    assert_eq!((&user["role"], &user["organizations"][0]["name"]), (&json!("administrator"), &json!("Riverside")));
    app.get("/api/auth/sessions", &doctor).await.expect(401);
    with_token(&app, "GET", &record, text(&given, "access_token"), None).await.expect(401);
    let refresh = Fields::of(&[
        ("grant_type", "refresh_token"),
        ("client_id", &client),
        ("refresh_token", text(&given, "refresh_token")),
    ]);
    token(&app, &refresh).await.expect(400);
    let now = again(&app, &doctor).await;
    app.get(&record, &now).await.expect(404);
    app.get("/api/admin/users", &now).await.expect(200);
    let own = app.get("/api/auth/session", &now).await.expect(200).json();
    assert_eq!(own["account"].get("practitioner"), None);
    let found = app.get("/api/directory?query=lee&type=practitioner", &patient).await.expect(200).json();
    assert_eq!(found["items"][0]["reachable"], false, "nobody answers to this name now");

    // Back again: whoever was verified is, and what the patient granted counts as before.
    make(&app, &admin, &doctor, "practitioner").await.expect(200);
    app.get("/api/admin/users", &now).await.expect(401);
    app.get(&record, &again(&app, &doctor).await).await.expect(200);

    app.run_jobs().await;
    let told = app.outbox.mails().into_iter().filter(|sent| sent.mail.subject == "HealthSync: Your role was changed");
    assert_eq!(told.count(), 2);
    let house = app.house.clone();
    let entries = app.house.db.scan(move |tx| ledger::entries(tx, &house.vault, Id::new(0), None, 100)).await.unwrap();
    let all: Vec<String> = entries.into_iter().map(|stored| String::from_utf8(stored.entry).unwrap()).collect();
    for role in ["administrator", "practitioner"] {
        let said = format!("account {} is {role} now", doctor.account);
        assert!(all.iter().any(|entry| entry.contains(&said) && entry.contains("Robin Ames")), "{said}: {all:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_who_becomes_a_doctor_has_to_be_verified_like_any_other() {
    let app = TestApp::start();
    let (admin, other) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    make(&app, &admin, &other, "practitioner").await.expect(200);
    let now = again(&app, &other).await;
    app.get("/api/admin/users", &now).await.expect(403);
    let problem = app.get("/fhir/Practitioner", &now).await.expect(403);
    assert!(problem.text().contains("has not been verified"), "{}", problem.text());
    let own = app.get("/api/verification", &now).await.expect(200).json();
    assert_eq!((&own["state"], &own["invitedBy"]), (&json!("draft"), &json!("Robin Ames")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_somebody_cannot_have_or_give_is_refused() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin Ames").await, app.patient("Ann").await);
    let (doctor, lab) = (app.practitioner("Dr A", &[]).await, app.service("lab", "Riverside").await);
    make(&app, &admin, &admin, "practitioner").await.expect(409);
    for (what, whom, role) in [
        ("a patient's account", &patient, "administrator"),
        ("a program's account", &lab, "administrator"),
        ("a patient of a doctor", &doctor, "patient"),
        ("a program of a doctor", &doctor, "service"),
        ("no role", &doctor, "emperor"),
    ] {
        let problem = make(&app, &admin, whom, role).await.expect(422).json();
        assert_eq!(problem["issues"][0]["path"], "role", "{what}: {problem}");
    }
    make(&app, &doctor, &admin, "practitioner").await.expect(403);
    app.get("/api/auth/sessions", &doctor).await.expect(200);
    make(&app, &admin, &doctor, "practitioner").await.expect(200);
    app.get("/api/auth/sessions", &doctor).await.expect(200);
    let nobody: Value =
        make(&app, &admin, &Person { account: 999_999, ..doctor }, "administrator").await.expect(404).json();
    assert_eq!(nobody["status"], 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_administrators_there_are_hear_of_each_other_one() {
    let app = TestApp::start();
    let (robin, noor) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    let heard = async |who: &Person| {
        app.run_jobs().await;
        let inbox = app.get("/api/inbox", who).await.expect(200).json();
        let items = inbox["items"].as_array().unwrap().iter();
        let told = items.filter(|item| item["title"] == "There is another administrator");
        let told: Vec<String> = told.map(|item| text(item, "body").to_owned()).collect();
        let to = format!("{}@example.org", who.username);
        let letters = app.outbox.mails().into_iter().map(|sent| sent.mail).filter(|mail| mail.to == to);
        let letters: Vec<_> =
            letters.filter(|mail| mail.subject == "HealthSync: there is another administrator").collect();
        assert_eq!(letters.len(), told.len());
        assert!(letters.iter().all(|mail| told.iter().any(|body| mail.text.contains(body))), "{letters:?}");
        told
    };
    let new = async |role: &str| {
        let form = json!({ "username": format!("new.{role}"), "password": "lamp river Tuesday", "role": role,
                           "name": "Bo Lind" });
        app.post("/api/admin/users", &robin, form).await.expect(201);
    };
    new("practitioner").await;
    make(&app, &robin, &doctor, "practitioner").await.expect(200);
    assert_eq!(heard(&noor).await, [""; 0], "no administrator was made");

    make(&app, &robin, &doctor, "administrator").await.expect(200);
    new("administrator").await;
    for who in [&robin, &noor] {
        let told = heard(who).await;
        assert_eq!(told.len(), 2);
        let of_doctor = format!("Robin Ames made Dr Kim Lee ({}) an administrator.", doctor.username);
        for said in [of_doctor.as_str(), "Robin Ames made Bo Lind (new.administrator) an administrator."] {
            assert!(told.iter().any(|body| body.starts_with(said)), "{said}: {told:?}");
        }
    }
    assert_eq!(heard(&again(&app, &doctor).await).await.len(), 1, "of the one who came after");
}
