//! `/api/admin/users` and `/api/admin/organizations`

use kernel::{FixedClock, Timestamp};
use serde_json::json;
use std::sync::Arc;
use testkit::{Person, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_makes_a_clinic_and_a_doctor_who_works_there() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let clinic = app
        .post("/api/admin/organizations", &admin, json!({ "name": "Riverside, Clinic | 1", "city": "Tempe" }))
        .await
        .expect(201)
        .json();
    let again = json!({ "name": "Riverside, Clinic | 1" });
    app.post("/api/admin/organizations", &admin, again).await.expect(409);
    let alike = json!({ "name": " riverside,  CLINIC | 1" });
    app.post("/api/admin/organizations", &admin, alike).await.expect(409);
    let form = json!({
        "username": "dr-kim", "password": "correct horse", "role": "practitioner", "name": "Dr Kim Lee",
        "organizations": [clinic["id"]]
    });
    let user = app.post("/api/admin/users", &admin, form).await.expect(201).json();
    assert_eq!(user["organizations"], json!([]), "nobody works anywhere before they are verified");
    let login = json!({ "username": "dr-kim", "password": "correct horse" });
    let login = app.post("/api/auth/login", None, login).await.expect(200).json();
    let token = login["token"].as_str().unwrap();
    let practitioner = verified(&app, &admin, token).await;
    let role = format!("/fhir/PractitionerRole?practitioner=Practitioner/{practitioner}");
    let roles = app.get(&role, &admin).await.expect(200).json();
    assert_eq!(roles["total"], 1);
    let list = app.get("/api/admin/organizations?query=river", &admin).await.expect(200).json();
    assert_eq!((&list["organizations"][0]["members"], &list["organizations"][0]["city"]), (&json!(1), &json!("Tempe")));
}

/// Has the holder of a token verified by two administrators; returns the id of their Practitioner.
async fn verified(app: &TestApp, first: &Person, token: &str) -> String {
    let second = app.administrator("Noor Haddad").await;
    let doctor = Person { token: token.to_owned(), ..second.clone() };
    let details = json!({ "registrationNumber": "77-1", "register": "State board", "profession": "Surgeon" });
    app.post("/api/verification", &doctor, details).await.expect(200);
    let request = http::Request::post("/api/verification/documents?name=a.png")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::from(&b"\x89PNG\r\n\x1A\n"[..]));
    app.request(request.unwrap()).await.expect(201);
    let mut seen = app.post("/api/verification/submit", &doctor, json!({})).await.expect(200).json();
    for admin in [first, &second] {
        let path = format!("/api/admin/verifications/{}/approve", seen["account"]);
        seen = app.post(&path, admin, json!({ "version": seen["version"] })).await.expect(200).json();
    }
    let session = app.get("/api/auth/session", &doctor).await.expect(200).json();
    assert_eq!(session["account"]["organizations"][0]["name"], "Riverside, Clinic | 1");
    session["account"]["practitioner"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organization_that_is_not_there_is_named_and_no_account_is_made() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let form = json!({
        "username": "dr-kim", "password": "correct horse", "role": "practitioner", "name": "Dr Kim Lee",
        "organizations": ["absent"]
    });
    let problem = app.post("/api/admin/users", &admin, form.clone()).await.expect(422).json();
    assert_eq!(problem["issues"][0]["path"], "organizations[0]");
    let mut form = form;
    form["organizations"] = json!([]);
    form["role"] = "emperor".into();
    let problem = app.post("/api/admin/users", &admin, form).await.expect(422).json();
    assert_eq!(problem["issues"][0]["path"], "role");
    let users = app.get("/api/admin/users?query=kim", &admin).await.expect(200).json();
    assert_eq!(users["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_account_is_out_at_once_and_in_again_when_unlocked() {
    let app = TestApp::start();
    let (admin, doctor) = (app.administrator("Robin Ames").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.get("/api/auth/session", &doctor).await.expect(200);
    app.post(&format!("/api/admin/users/{}/lock", doctor.account), &admin, json!({})).await.expect(200);
    app.get("/api/auth/sessions", &doctor).await.expect(401);
    let form = json!({ "username": doctor.username, "password": testkit::PASSWORD });
    app.post("/api/auth/login", None, form.clone()).await.expect(401);
    app.post(&format!("/api/admin/users/{}/unlock", doctor.account), &admin, json!({})).await.expect(200);
    app.post("/api/auth/login", None, form).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_grant_to_the_clinic_reaches_a_doctor_exactly_as_long_as_they_work_there() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let lab = app.service("lab", "Riverside").await;
    let clinic = lab.organization.clone().unwrap();
    let terms = json!({ "grantee": { "type": "organization", "id": clinic } });
    app.grant_with(&patient, &doctor, terms).await;
    let record = format!("/fhir/Patient/{}", patient.id);
    app.get(&record, &doctor).await.expect(404);
    let member = json!({ "account": doctor.account });
    app.post(&format!("/api/admin/organizations/{clinic}/members"), &admin, member).await.expect(204);
    app.get(&record, &doctor).await.expect(200);
    let members = format!("/api/admin/organizations/{clinic}/members");
    let listed = app.get(&members, &admin).await.expect(200).json();
    assert!(listed["members"].as_array().unwrap().iter().any(|member| member["account"] == doctor.account));
    let remove = format!("{members}/{}/remove", doctor.account);
    app.post(&remove, &admin, json!({})).await.expect(204);
    app.get(&record, &doctor).await.expect(404);
    app.post(&remove, &admin, json!({})).await.expect(404);
    app.post(&format!("{members}/{}/remove", lab.account), &admin, json!({})).await.expect(403);
    let absent = json!({ "account": doctor.account });
    app.post("/api/admin/organizations/absent/members", &admin, absent).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_come_in_and_who_works_where_is_decided_only_with_a_fresh_proof() {
    let clock = Arc::new(FixedClock::at(Timestamp(1_800_000_000_000)));
    let app = TestApp::with_clock(clock.clone());
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let doctor = app.practitioner("Dr A", &["Hillside"]).await;
    let form = json!({ "email": "kim@example.org", "password": "lamp river Tuesday", "name": "Dr Kim Lee" });
    let applicant = app.post("/api/auth/register/clinician", None, form).await.expect(201).json();
    let (user, applicant) = (format!("/api/admin/users/{}", patient.account), &applicant["account"]["id"]);
    let members = format!("/api/admin/organizations/{}/members", doctor.organization.as_deref().unwrap());
    let invitation = json!({ "name": "Dr Ada Moss", "email": "ada@example.org" });
    let invited = app.post("/api/admin/invitations", &admin, invitation).await.expect(201).json()["account"].clone();
    let diary = json!({ "name": "Diary", "kind": "public", "redirectUris": ["https://app.example/cb"] });
    let diary_id = app.post("/api/admin/apps", &admin, diary.clone()).await.expect(201).json()["id"].clone();
    let new_user = json!({ "username": "robin.two", "password": "lamp river Tuesday", "role": "administrator",
                           "name": "Robin Two" });
    let other = app.administrator("Noor").await;
    let second = json!({ "name": "Dr Bo Lind", "email": "bo@example.org" });
    let acts = [
        (format!("{user}/lock"), json!({}), 200),
        (format!("{user}/unlock"), json!({}), 200),
        (format!("/api/admin/users/{}/role", other.account), json!({ "role": "practitioner" }), 200),
        ("/api/admin/users".to_owned(), new_user, 201),
        ("/api/admin/invitations".to_owned(), second, 201),
        (format!("/api/admin/invitations/{invited}/resend"), json!({}), 200),
        (format!("/api/admin/invitations/{invited}/withdraw"), json!({}), 204),
        ("/api/admin/apps".to_owned(), diary, 201),
        (format!("/api/admin/apps/{diary_id}/revoke"), json!({}), 204),
        ("/api/admin/organizations".to_owned(), json!({ "name": "Hilltop" }), 201),
        ("/api/admin/face".to_owned(), json!({ "enabled": true }), 200),
        (format!("{members}/{}/remove", doctor.account), json!({}), 204),
        (members.clone(), json!({ "account": doctor.account }), 204),
        // Past the proof: there is nothing yet that could be sent back.
        (format!("/api/admin/verifications/{applicant}/return"), json!({ "version": 1, "reason": "The scan." }), 409),
    ];
    clock.advance_ms(5 * 60_000);
    for (path, body, _) in &acts {
        let refused = app.post(path, &admin, body.clone()).await.expect(401).json();
        assert_eq!(refused["kind"], "step-up", "{path}");
    }
    app.get(&members, &admin).await.expect(200);
    let admin = app.confirmed(&admin).await;
    for (path, body, status) in acts {
        app.post(&path, &admin, body).await.expect(status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_administrators_who_lock_each_other_at_once_one_stays() {
    let app = TestApp::start();
    let (one, other) = (app.administrator("Robin").await, app.administrator("Noor").await);
    let lock = |who: i64| format!("/api/admin/users/{who}/lock");
    let (of_other, of_one) = (lock(other.account), lock(one.account));
    let (first, second) = tokio::join!(app.post(&of_other, &one, json!({})), app.post(&of_one, &other, json!({})));
    let mut answers = [first.status, second.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 401]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_signs_in_was_there() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Asha Rao").await);
    let found = app.get(&format!("/api/admin/users?query={}", patient.username), &admin).await.expect(200).json();
    assert!(found["users"][0]["lastSeen"].is_string(), "{found}");
}
