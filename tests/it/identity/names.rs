//! A name that shows nothing, or reads backwards, is taken nowhere; a person's own name is no password.

use serde_json::{Value, json};
use testkit::{Person, TestApp};

const BAD: [&str; 4] = ["\u{200b}\u{200b}", "Health\u{202e}cnyS", "\u{2800}\u{3164}", "Al\u{ad}ice"];
/// As it is written in Persian, with a character that parts two letters.
const GOOD: &str = "محمد علی\u{200c}رضا";
const BACK: &str = "https://app.example/cb";

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_what_can_be_seen_of_it() {
    let app = TestApp::start();
    let (admin, patient) = (app.administrator("Robin").await, app.patient("Ann").await);
    let newcomer = |given: &str, email: &str| {
        json!({ "email": email, "password": "lamp river Tuesday", "given": given, "family": "Okoro",
                "birthDate": "1990-05-01", "gender": "female" })
    };
    let clinician = |name: &str, email: &str| json!({ "email": email, "password": "lamp river Tuesday", "name": name });
    for name in BAD {
        let doors: Vec<(&str, Option<&Person>, Value)> = vec![
            ("/api/admin/apps", Some(&admin), json!({ "name": name, "kind": "public", "redirectUris": [BACK] })),
            ("/api/admin/organizations", Some(&admin), json!({ "name": name })),
            (
                "/api/admin/users",
                Some(&admin),
                json!({ "username": "kim", "password": "lamp river Tuesday",
                                                       "role": "administrator", "name": name }),
            ),
            ("/api/admin/invitations", Some(&admin), json!({ "name": name, "email": "ada@example.org" })),
            ("/api/auth/register", None, newcomer(name, "ann@example.org")),
            ("/api/auth/register/clinician", None, clinician(name, "kim@example.org")),
            ("/api/auth/register/clinician", None, clinician("Dr Kim", "k\u{200b}im@example.org")),
            ("/api/auth/passkeys/1/rename", Some(&patient), json!({ "name": name })),
            (
                "/api/family/children",
                Some(&patient),
                json!({ "given": name, "family": "Okoro",
                                                             "birthDate": "2020-05-01", "gender": "female" }),
            ),
            (
                "/api/health-links",
                Some(&patient),
                json!({ "label": name, "until": null, "sensitive": false,
                                                          "tell": false }),
            ),
        ];
        for (path, who, body) in doors {
            let reply = app.post(path, who, body).await;
            assert_eq!(reply.status, 422, "{name:?} at {path}: {}", reply.text());
        }
        let itself = json!({ "client_name": name, "redirect_uris": [BACK], "token_endpoint_auth_method": "none" });
        let reply = app.post("/oauth/register", None, itself).await.expect(400).json();
        assert_eq!(reply["error"], "invalid_client_metadata", "{name:?}: {reply}");
    }
    app.post("/api/auth/register", None, newcomer(GOOD, "good@example.org")).await.expect(201);
    app.post("/api/auth/register/clinician", None, clinician(GOOD, "good2@example.org")).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobodys_password_is_their_own_name_or_address_whoever_chooses_it() {
    let app = TestApp::start();
    let admin = app.administrator("Robin").await;
    let refused = |reply: testkit::Reply| {
        let reply = reply.expect(422).json();
        assert!(reply.to_string().contains("your own name or address"), "{reply}");
    };
    let clinician =
        |password: &str| json!({ "email": "kim.lee.md@example.org", "password": password, "name": "Dr Kim" });
    for own in ["kim.lee.md@example.org", "Kim.Lee.MD@example.org", "kim.lee.md"] {
        refused(app.post("/api/auth/register/clinician", None, clinician(own)).await);
    }
    for role in ["administrator", "practitioner", "patient"] {
        let user = json!({ "username": "robin.ames", "password": "robin.ames", "role": role, "name": "Robin Ames" });
        refused(app.post("/api/admin/users", &admin, user).await);
    }
    let invitation = json!({ "name": "Dr Ada Moss", "email": "ada.moss@example.org" });
    let invited = app.post("/api/admin/invitations", &admin, invitation).await.expect(201).json();
    let token = invited["link"].as_str().unwrap().strip_prefix("/invitation#").unwrap().to_owned();
    let accept = |password: &str| json!({ "token": token, "password": password });
    refused(app.post("/api/auth/invitation", None, accept("ada.moss@example.org")).await);
    app.post("/api/auth/invitation", None, accept("password123")).await.expect(422);
    // What was refused did not use the link up.
    app.post("/api/auth/invitation", None, accept("lamp river Tuesday")).await.expect(200);
    let number = kernel::Id::new(admin.account);
    let by = app.operator();
    let problem = identity::set_password(&app.house, &by, number, &format!("{}@example.org", admin.username)).await;
    assert_eq!(kernel::Problem::from(problem.unwrap_err()).status, 422);
    let problem = identity::set_password(&app.house, &by, number, "password123").await;
    assert_eq!(kernel::Problem::from(problem.unwrap_err()).status, 422);
    identity::set_password(&app.house, &by, number, "lamp river Tuesday").await.unwrap();
}
