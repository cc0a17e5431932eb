//! An app is let in by a patient, reads as far as it was let in, and is shown the door.

use super::oauth::{VITALS, allowed, asked, asks, connected, redeems, registered, text, token, with_token};
use serde_json::json;
use testkit::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn an_app_reads_what_its_person_allowed_and_nothing_else() {
    let app = TestApp::start();
    let (admin, patient, other) = (app.administrator("Robin").await, app.patient("Ann").await, app.patient("Bo").await);
    let heart = app.create(&sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
    let condition = app.create(&sample::condition(&patient.id, "Hay fever")).await;
    let foreign = app.create(&sample::heart_rate(&other.id, "2026-02-01", 62.0)).await;
    let client = registered(&app, &admin, json!({})).await;

    let given = connected(&app, &patient, &client, "launch/patient patient/Observation.rs").await;
    assert_eq!(given["patient"], patient.id.as_str());
    assert_eq!(given["token_type"], "Bearer");
    assert_eq!(given["expires_in"], 300);
    let access = text(&given, "access_token");
    let get = async |path: String| with_token(&app, "GET", &path, access, None).await;
    let read = get(format!("/fhir/Observation/{heart}")).await.expect(200).json();
    assert_eq!(read["id"], heart.as_str());
    assert_eq!(get("/fhir/Observation?_total=accurate".into()).await.expect(200).json()["total"], 1);
    assert_eq!(get(format!("/fhir/Observation/{foreign}")).await.status, 404);
    let refused = get(format!("/fhir/Condition/{condition}")).await.expect(403);
    assert!(refused.header("www-authenticate").unwrap().contains("insufficient_scope"));
    get("/fhir/Condition".into()).await.expect(403);
    let write = sample::heart_rate(&patient.id, "2026-02-02", 63.0);
    with_token(&app, "POST", "/fhir/Observation", access, Some(write)).await.expect(403);
    // Its audience is the FHIR interface: the product's own is closed to it.
    get("/api/auth/sessions".into()).await.expect(401);
    get(format!("/api/patients/{}/timeline", patient.id)).await.expect(401);

    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let by_app = log["entries"].as_array().unwrap().iter().filter(|e| e["actor"]["app"] == "Heart diary").count();
    assert!(by_app >= 2, "{log}");

    let list = app.get("/api/apps", &patient).await.expect(200).json();
    let id = &list["apps"][0]["id"];
    assert_eq!(app.get("/api/apps", &other).await.expect(200).json()["apps"], json!([]));
    app.post(&format!("/api/apps/{id}/revoke"), &other, json!({})).await.expect(404);
    get(format!("/fhir/Observation/{heart}")).await.expect(200);
    app.post(&format!("/api/apps/{id}/revoke"), &patient, json!({})).await.expect(204);
    get(format!("/fhir/Observation/{heart}")).await.expect(401);
    assert_eq!(app.get("/api/apps", &patient).await.expect(200).json()["apps"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scope_with_a_condition_holds_in_reads_totals_histories_and_writes() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let heart = app.create(&sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
    let mut lab = sample::heart_rate(&patient.id, "2026-02-01", 7.1);
    lab["category"][0]["coding"][0]["code"] = "laboratory".into();
    let lab_id = app.create(&lab).await;
    let client = registered(&app, &admin, json!({})).await;
    let scope = format!("launch/patient patient/Observation.cruds?{VITALS}");
    let given = connected(&app, &patient, &client, &scope).await;
    let access = text(&given, "access_token");
    let send = async |method: &str, path: &str, body| with_token(&app, method, path, access, body).await;
    send("GET", &format!("/fhir/Observation/{heart}"), None).await.expect(200);
    send("GET", &format!("/fhir/Observation/{lab_id}"), None).await.expect(404);
    let found = send("GET", "/fhir/Observation?_total=accurate", None).await.expect(200).json();
    assert_eq!((found["total"].clone(), found["entry"].as_array().unwrap().len()), (json!(1), 1));

    // It makes one of its own, and cannot make or turn one into what it may not touch.
    let made = send("POST", "/fhir/Observation", Some(sample::heart_rate(&patient.id, "2026-02-03", 64.0))).await;
    let made = made.expect(201).json();
    send("POST", "/fhir/Observation", Some(lab.clone())).await.expect(403);
    let mut turned = made.clone();
    turned["category"] = lab["category"].clone();
    let path = format!("/fhir/Observation/{}", text(&made, "id"));
    send("PUT", &path, Some(turned.clone())).await.expect(403);
    let bundle = sample::transaction(&[lab]);
    assert!(send("POST", "/fhir", Some(bundle)).await.status >= 400);

    // The patient turns it into a laboratory value: the app loses it, with its history.
    app.put(&path, &patient, turned).await.expect(200);
    send("GET", &path, None).await.expect(404);
    send("GET", &format!("{path}/_history"), None).await.expect(404);
    send("DELETE", &path, None).await.expect(404);
    // And back: the version in between stays hidden.
    app.put(&path, &patient, made).await.expect(200);
    let history = send("GET", &format!("{path}/_history"), None).await.expect(200).json();
    let versions: Vec<&str> =
        history["entry"].as_array().unwrap().iter().map(|e| text(&e["resource"]["meta"], "versionId")).collect();
    assert_eq!(versions, ["3", "1"]);
    send("GET", &format!("{path}/_history/2"), None).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_takes_live_tokens_along() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    for what in ["session", "client", "account", "token"] {
        let patient = app.patient("Ann").await;
        let heart = app.create(&sample::heart_rate(&patient.id, "2026-02-01", 61.0)).await;
        let client = registered(&app, &admin, json!({})).await;
        let given = connected(&app, &patient, &client, "launch/patient patient/*.rs").await;
        let access = text(&given, "access_token").to_owned();
        let path = format!("/fhir/Observation/{heart}");
        with_token(&app, "GET", &path, &access, None).await.expect(200);
        match what {
            "session" => drop(app.post("/api/auth/logout", &patient, json!({})).await.expect(204)),
            "account" => {
                let lock = format!("/api/admin/users/{}/lock", patient.account);
                app.post(&lock, &admin, json!({})).await.expect(200);
            }
            "client" => {
                let list = app.get("/api/admin/apps", &admin).await.expect(200).json();
                let all = list["apps"].as_array().unwrap();
                let id = &all.iter().find(|a| a["clientId"] == client.as_str()).unwrap()["id"];
                app.post(&format!("/api/admin/apps/{id}/revoke"), &admin, json!({})).await.expect(204);
            }
            _ => {
                let fields = super::oauth::Fields::of(&[("token", &access), ("client_id", &client)]);
                super::oauth::post(&app, "/oauth/revoke", &fields).await.expect(200);
            }
        }
        let refused = with_token(&app, "GET", &path, &access, None).await;
        assert_eq!(refused.status, 401, "{what}");
        assert!(refused.header("www-authenticate").unwrap().contains("invalid_token"), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_that_comes_twice_ends_what_came_from_it() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let code = allowed(&app, &patient, &asks(&client, "patient/*.rs"), json!({})).await;
    let given = token(&app, &redeems(&client, &code)).await.expect(200).json();
    let access = text(&given, "access_token");
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(200);
    let again = token(&app, &redeems(&client, &code)).await.expect(400).json();
    assert_eq!(again["error"], "invalid_grant");
    with_token(&app, "GET", "/fhir/Observation", access, None).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_works_once_and_its_second_use_ends_the_family() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let first = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
    let refresh = |token: &str| {
        super::oauth::Fields::of(&[
            ("grant_type", "refresh_token"),
            ("refresh_token", token),
            ("client_id", client.as_str()),
        ])
    };
    let narrow = refresh(text(&first, "refresh_token")).set("scope", "patient/Observation.r");
    let second = token(&app, &narrow).await.expect(200).json();
    assert_eq!(second["scope"], "patient/Observation.r");
    with_token(&app, "GET", "/fhir/Observation", text(&second, "access_token"), None).await.expect(403);
    let third = token(&app, &refresh(text(&second, "refresh_token"))).await.expect(200).json();
    // The person went away; the app goes on.
    app.post("/api/auth/logout", &patient, json!({})).await.expect(204);
    with_token(&app, "GET", "/fhir/Observation", text(&third, "access_token"), None).await.expect(200);
    let stolen = token(&app, &refresh(text(&first, "refresh_token"))).await.expect(400).json();
    assert_eq!(stolen["error"], "invalid_grant");
    with_token(&app, "GET", "/fhir/Observation", text(&third, "access_token"), None).await.expect(401);
    let ended = token(&app, &refresh(text(&third, "refresh_token"))).await.expect(400).json();
    assert_eq!(ended["error"], "invalid_grant");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_can_say_no_or_leave_something_out() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    let fields = asks(&client, "launch/patient patient/Observation.rs patient/Condition.rs");
    let handle = asked(&app, &fields).await;
    let path = format!("/api/apps/requests/{handle}");
    let denied = app.post(&format!("{path}/deny"), &patient, json!({})).await.expect(200).json();
    let to = text(&denied, "redirect");
    assert_eq!(super::oauth::parameter(to, "error").as_deref(), Some("access_denied"));
    app.get(&path, &patient).await.expect(404);
    let permit = json!({ "scopes": ["launch/patient", "patient/Condition.rs"] });
    let code = allowed(&app, &patient, &fields, permit).await;
    let given = token(&app, &redeems(&client, &code)).await.expect(200).json();
    assert_eq!(given["scope"], "launch/patient patient/Condition.rs");
    with_token(&app, "GET", "/fhir/Observation", text(&given, "access_token"), None).await.expect(403);
    with_token(&app, "GET", "/fhir/Condition", text(&given, "access_token"), None).await.expect(200);
    // More than was asked for cannot be allowed.
    let handle = asked(&app, &fields).await;
    let permit = json!({ "scopes": ["patient/*.cruds"] });
    app.post(&format!("/api/apps/requests/{handle}/allow"), &patient, permit).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_can_want_a_proof_that_is_younger_than_its_request() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let client = registered(&app, &admin, json!({})).await;
    for (name, value, status) in [("prompt", "login", 401), ("max_age", "0", 401), ("max_age", "60", 200)] {
        let handle = asked(&app, &asks(&client, "patient/*.rs").set(name, value)).await;
        let permit = json!({ "scopes": ["patient/*.rs"] });
        let reply = app.post(&format!("/api/apps/requests/{handle}/allow"), &patient, permit).await;
        assert_eq!(reply.status, status, "{name}={value}: {}", reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erased_patient_leaves_no_app_behind() {
    let app = TestApp::start();
    let (admin, patient, doctor) =
        (app.administrator("Robin").await, app.patient("Ann").await, app.practitioner("Dr A", &[]).await);
    app.grant(&patient, &doctor).await;
    let client = registered(&app, &admin, json!({})).await;
    let own = connected(&app, &patient, &client, "offline_access patient/*.rs").await;
    let permit = json!({ "patient": patient.id });
    let code = allowed(&app, &doctor, &asks(&client, "offline_access patient/*.rs"), permit).await;
    let theirs = token(&app, &redeems(&client, &code)).await.expect(200).json();
    for given in [&own, &theirs] {
        with_token(&app, "GET", "/fhir/Observation", text(given, "access_token"), None).await.expect(200);
    }
    let (house, ctx, id) = (app.house.clone(), app.operator(), patient.id.clone());
    let erased = app.house.db.write(move |tx| {
        let patient = records::erase::find(tx, &house, &ctx, &id).map_err(kernel::Problem::from)?;
        records::erase::erase(tx, &house, &ctx, patient).map_err(kernel::Problem::from)?;
        identity::forget_patient(tx, patient).map_err(kernel::Problem::from)
    });
    erased.await.unwrap();
    for given in [&own, &theirs] {
        with_token(&app, "GET", "/fhir/Observation", text(given, "access_token"), None).await.expect(401);
        let fields = super::oauth::Fields::of(&[
            ("grant_type", "refresh_token"),
            ("client_id", &client),
            ("refresh_token", text(given, "refresh_token")),
        ]);
        token(&app, &fields).await.expect(400);
    }
    let left = app.house.db.read(|tx| tx.count("SELECT COUNT(*) FROM oauth_grant", &[])).await.unwrap();
    assert_eq!(left, 0);
}
