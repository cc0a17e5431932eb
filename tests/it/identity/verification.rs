//! `/api/verification`, `/api/admin/verifications`, `/api/admin/invitations`

use axum::body::Body;
use http::{Request, header};
use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp, sample};

const PDF: &[u8] = b"%PDF-1.7 licence";

fn details() -> Value {
    json!({ "registrationNumber": "7654321", "register": "General Medical Council", "profession": "Cardiologist" })
}

/// Somebody who says they are a doctor.
async fn registered(app: &TestApp, email: &str) -> Person {
    let form = json!({ "email": email, "password": testkit::PASSWORD, "name": "Dr Kim Lee" });
    person(&app.post("/api/auth/register/clinician", None, form).await.expect(201).json())
}

fn person(login: &Value) -> Person {
    Person {
        account: login["account"]["id"].as_i64().unwrap(),
        username: login["account"]["username"].as_str().unwrap().to_owned(),
        token: login["token"].as_str().unwrap().to_owned(),
        id: String::new(),
        organization: None,
    }
}

async fn add_document(app: &TestApp, who: &Person, content: impl Into<Body>) -> Reply {
    let request = Request::post("/api/verification/documents?name=licence.pdf")
        .header(header::HOST, "localhost")
        .header(header::AUTHORIZATION, format!("Bearer {}", who.token))
        .header(header::CONTENT_TYPE, "application/octet-stream")
        .body(content.into());
    app.request(request.unwrap()).await
}

async fn handed_in(app: &TestApp, who: &Person) -> Value {
    app.post("/api/verification", who, details()).await.expect(200);
    add_document(app, who, PDF).await.expect(201);
    app.post("/api/verification/submit", who, json!({})).await.expect(200).json()
}

fn approval(seen: &Value) -> Value {
    json!({ "version": seen["version"] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clinician_who_is_not_verified_reads_nothing_and_can_be_given_nothing() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let observation = app.create(&sample::heart_rate(&patient.id, "2026-01-05", 71.5)).await;
    let clinician = registered(&app, "kim@example.org").await;
    handed_in(&app, &clinician).await;
    for path in [
        format!("/fhir/Patient/{}", patient.id),
        "/fhir/Patient/absent".to_owned(),
        format!("/fhir/Observation/{observation}"),
        "/fhir/Observation?code=8867-4&_total=accurate".to_owned(),
        "/fhir/Practitioner".to_owned(),
        format!("/api/patients/{}/summary", patient.id),
        "/api/my-patients".to_owned(),
        "/api/directory?query=r&type=practitioner".to_owned(),
    ] {
        let reply = app.get(&path, &clinician).await.expect(403);
        assert!(reply.text().contains("has not been verified"), "{path}: {}", reply.text());
    }
    let ask = json!({ "patient": "x@example.org", "reason": "Check-up", "categories": null, "days": 3 });
    app.post("/api/access-requests", &clinician, ask).await.expect(403);
    let found = app.get("/api/directory?query=lee&type=practitioner", &patient).await.expect(200).json();
    assert_eq!(found["items"], json!([]), "no patient finds somebody who is not verified");
    let own = app.get("/api/auth/session", &clinician).await.expect(200).json();
    assert_eq!(own["account"].get("practitioner"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_administrator_makes_a_practitioner_whom_patients_find_and_let_in() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let clinician = registered(&app, "kim@example.org").await;
    handed_in(&app, &clinician).await;
    let queue = app.get("/api/admin/verifications", &first).await.expect(200).json();
    assert_eq!((&queue["waiting"], &queue["verifications"][0]["name"]), (&json!(1), &json!("Dr Kim Lee")));
    let notices = app.get("/api/inbox", &first).await.expect(200).json();
    assert_eq!(notices["items"][0]["title"], "A clinician waits to be verified");

    let case = format!("/api/admin/verifications/{}", clinician.account);
    let seen = app.get(&case, &first).await.expect(200).json();
    let document = format!("{case}/documents/{}", seen["documents"][0]["id"]);
    let paper = app.get(&document, &first).await.expect(200);
    assert_eq!((paper.body.as_ref(), paper.header("content-type")), (PDF, Some("application/pdf")));
    assert!(paper.header("content-disposition").unwrap().starts_with("attachment; filename=\"licence.pdf\""));

    let approve = format!("{case}/approve");
    let once = app.post(&approve, &first, approval(&seen)).await.expect(200).json();
    assert_eq!(once["state"], "checked");
    let again = app.post(&approve, &first, approval(&once)).await.expect(409).json();
    assert_eq!(again["kind"], "same-person");
    app.get("/api/my-patients", &clinician).await.expect(403);
    let twice = app.post(&approve, &second, approval(&once)).await.expect(200).json();
    assert_eq!(twice["state"], "verified");

    app.get("/api/my-patients", &clinician).await.expect(200);
    let patient = app.patient("Asha Rao").await;
    let found = app.get("/api/directory?query=lee&type=practitioner", &patient).await.expect(200).json();
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    for query in ["kim", "Kim%20Lee", "Dr%20Kim%20Lee"] {
        let path = format!("/api/directory?query={query}&type=practitioner");
        let found = app.get(&path, &patient).await.expect(200).json();
        assert_eq!(found["items"][0]["id"], id.as_str(), "{query}");
    }
    let doctor = Person { id: id.clone(), ..clinician };
    app.grant(&patient, &doctor).await;
    app.get(&format!("/fhir/Patient/{}", patient.id), &doctor).await.expect(200);
    let practitioner = app.get(&format!("/fhir/Practitioner/{id}"), &patient).await.expect(200).json();
    assert_eq!(practitioner["qualification"][0]["identifier"][0]["value"], "7654321");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_step_is_an_entry_of_the_ledger() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let invitation = json!({ "name": "Dr Ada Moss", "email": "ada@example.org" });
    let invited = app.post("/api/admin/invitations", &first, invitation).await.expect(201).json();
    let token = invited["link"].as_str().unwrap().strip_prefix("/invitation#").unwrap().to_owned();
    let form = json!({ "token": token, "password": testkit::PASSWORD });
    let clinician = person(&app.post("/api/auth/invitation", None, form).await.expect(200).json());
    let seen = handed_in(&app, &clinician).await;
    let case = format!("/api/admin/verifications/{}", clinician.account);
    let old = seen["version"].as_i64().unwrap() - 1;
    let back = json!({ "version": old, "reason": "The licence is unreadable." });
    assert_eq!(app.post(&format!("{case}/return"), &first, back).await.expect(409).json()["kind"], "changed");
    let back = json!({ "version": seen["version"], "reason": "The licence is unreadable." });
    app.post(&format!("{case}/return"), &first, back).await.expect(200);
    let seen = app.post("/api/verification/submit", &clinician, json!({})).await.expect(200).json();
    app.get(&format!("{case}/documents/{}", seen["documents"][0]["id"]), &second).await.expect(200);
    let once = app.post(&format!("{case}/approve"), &second, approval(&seen)).await.expect(200).json();
    app.post(&format!("{case}/approve"), &first, approval(&once)).await.expect(200);

    let house = app.house.clone();
    let entries = app.house.db.scan(move |tx| ledger::entries(tx, &house.vault, kernel::Id::new(0), None, 100)).await;
    let mut told: Vec<(String, String)> = Vec::new();
    for stored in entries.unwrap() {
        let entry: Value = serde_json::from_slice(&stored.entry).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        told.push((text(&entry["action"]), text(&entry["who"]["name"])));
    }
    for (action, who) in [
        ("invite", "Robin Ames"),
        ("apply", "Dr Ada Moss"),
        ("return", "Robin Ames"),
        ("read", "Noor Haddad"),
        ("verify", "Noor Haddad"),
        ("verify", "Robin Ames"),
    ] {
        assert!(told.contains(&(action.to_owned(), who.to_owned())), "{action} by {who}: {told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_checks_their_own_papers_and_an_administrator_has_none_that_are_answered() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let clinician = registered(&app, "kim@example.org").await;
    let seen = handed_in(&app, &clinician).await;
    let case = format!("/api/admin/verifications/{}", clinician.account);
    app.post(&format!("{case}/approve"), &first, approval(&seen)).await.expect(200);
    let role = async |role: &str| {
        let path = format!("/api/admin/users/{}/role", clinician.account);
        app.post(&path, &first, json!({ "role": role })).await.expect(200);
        app.again(&clinician).await
    };
    let now = role("administrator").await;
    for state in ["draft", "waiting", "checked"] {
        let list = app.get(&format!("/api/admin/verifications?state={state}"), &first).await.expect(200).json();
        assert_eq!((&list["verifications"], &list["waiting"]), (&json!([]), &json!(0)), "{state}");
    }
    let own = app.get(&case, &now).await.expect(200).json();
    for (verb, more) in [("approve", json!({})), ("return", json!({ "reason": "Not good enough" }))] {
        let mut body = more.clone();
        body["version"] = own["version"].clone();
        let path = format!("{case}/{verb}");
        assert_eq!(app.post(&path, &now, body.clone()).await.expect(409).json()["kind"], "same-person", "{verb}");
        let refused = app.post(&path, &second, body).await.expect(409).json();
        assert!(refused["detail"].as_str().unwrap().contains("an administrator's now"), "{refused}");
    }
    // Back among the clinicians nothing of it counts: they hand in again, and two others look.
    let now = role("practitioner").await;
    let again = app.get("/api/verification", &now).await.expect(200).json();
    assert_eq!((&again["state"], &again["checks"]), (&json!("draft"), &json!([])));
    app.post(&format!("{case}/approve"), &second, approval(&again)).await.expect(409);
    let seen = app.post("/api/verification/submit", &now, json!({})).await.expect(200).json();
    let once = app.post(&format!("{case}/approve"), &second, approval(&seen)).await.expect(200).json();
    assert_eq!(once["state"], "checked");
    let twice = app.post(&format!("{case}/approve"), &first, approval(&once)).await.expect(200).json();
    assert_eq!(twice["state"], "verified");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_is_taken_by_its_content_and_its_size() {
    let app = TestApp::start();
    let clinician = registered(&app, "kim@example.org").await;
    add_document(&app, &clinician, "<script>").await.expect(415);
    let mut large = PDF.to_vec();
    large.resize(5 << 20, b' ');
    add_document(&app, &clinician, large.clone()).await.expect(201);
    large.push(b' ');
    add_document(&app, &clinician, large).await.expect(413);
    let submit = app.post("/api/verification/submit", &clinician, json!({})).await.expect(422).json();
    assert_eq!(submit["issues"][0]["path"], "details");
    let patient = app.patient("Asha Rao").await;
    app.get("/api/verification", &patient).await.expect(404);
    let wrong = json!({ "registrationNumber": "x", "register": "", "profession": "Cardiologist" });
    let problem = app.post("/api/verification", &clinician, wrong).await.expect(422).json();
    let paths: Vec<_> = problem["issues"].as_array().unwrap().iter().map(|issue| &issue["path"]).collect();
    assert_eq!(paths, ["registrationNumber", "register"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_server_knows_its_address_the_invitation_is_sent_to_its_owner_alone() {
    let app = TestApp::with_settings(&[("HEALTHSYNC__SERVER__PUBLIC_URL", "https://health.example")]);
    let admin = app.administrator("Robin Ames").await;
    let invitation = json!({ "name": "Dr Ada Moss", "email": "ada@example.org" });
    let invited = app.post("/api/admin/invitations", &admin, invitation).await.expect(201).json();
    assert_eq!(invited["link"], Value::Null);
    app.run_jobs().await;
    let sent = app.outbox.mails().into_iter().find(|sent| sent.mail.to == "ada@example.org").unwrap();
    let (_, rest) = sent.mail.text.split_once("https://health.example/invitation#").unwrap();
    let token = rest.split_whitespace().next().unwrap();
    let form = json!({ "token": token, "password": testkit::PASSWORD });
    app.post("/api/auth/invitation", None, form).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_clinician_is_verified_only_once_unlocked() {
    let app = TestApp::start();
    let (first, second) = (app.administrator("Robin Ames").await, app.administrator("Noor Haddad").await);
    let clinician = registered(&app, "kim@example.org").await;
    let mut seen = handed_in(&app, &clinician).await;
    let case = format!("/api/admin/verifications/{}", clinician.account);
    let user = format!("/api/admin/users/{}", clinician.account);
    for (admin, state) in [(&first, "checked"), (&second, "verified")] {
        app.post(&format!("{user}/lock"), &first, json!({})).await.expect(200);
        assert_eq!(app.get(&case, admin).await.expect(200).json()["locked"], true);
        let refused = app.post(&format!("{case}/approve"), admin, approval(&seen)).await.expect(409).json();
        assert_eq!(refused["detail"], "This account is locked. Unlock it first, on the page Users.");
        app.post(&format!("{user}/unlock"), &first, json!({})).await.expect(200);
        seen = app.post(&format!("{case}/approve"), admin, approval(&seen)).await.expect(200).json();
        assert_eq!(seen["state"], state);
    }
}
