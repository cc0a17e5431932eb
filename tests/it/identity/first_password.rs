//! A password that an administrator chose: it lets its owner in to choose their own, and for a week at most.

use kernel::{Clock, FixedClock, Id, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, Reply, TestApp};

const DAY_MS: i64 = 86_400_000;
const FIRST: &str = "correct horse battery";
const OWN: &str = "lamp river Tuesday";

fn fixed() -> (Arc<FixedClock>, TestApp) {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2027-01-15T08:00:00Z").unwrap()));
    (clock.clone(), TestApp::with_clock(clock))
}

/// The moment so many days from now, as answers write it.
fn text_of(clock: &FixedClock, days: i64) -> String {
    clock.now().plus_ms(days * DAY_MS).to_rfc3339()
}

/// An account that an administrator makes.
async fn made(app: &TestApp, name: &str, role: &str) -> Value {
    let admin = app.administrator("Robin Ames").await;
    let form = json!({ "username": name, "password": FIRST, "role": role, "name": "Kim Lee" });
    app.post("/api/admin/users", &admin, form).await.expect(201).json()
}

async fn enter(app: &TestApp, name: &str, password: &str) -> Reply {
    app.post("/api/auth/login", None, json!({ "username": name, "password": password })).await
}

async fn person(app: &TestApp, login: &Value) -> Person {
    app.administrator("Nobody").await.with(login)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_password_says_that_it_is_one_until_its_owner_chose_another() {
    let (clock, app) = fixed();
    for role in ["patient", "practitioner", "administrator"] {
        let by = text_of(&clock, 7);
        let user = made(&app, role, role).await;
        assert_eq!(user["passwordChangeBy"], by, "{role}");
        let login = enter(&app, role, FIRST).await.expect(200).json();
        assert_eq!(login["account"]["passwordChangeBy"], by, "{role}");
        let owner = person(&app, &login).await;
        let shown = app.get("/api/auth/session", &owner).await.expect(200).json();
        assert_eq!(shown["account"]["passwordChangeBy"], by, "{role}");
        app.post("/api/auth/password", &owner, json!({ "password": OWN })).await.expect(200);
        let shown = app.get("/api/auth/session", &owner).await.expect(200).json();
        assert_eq!(shown["account"].get("passwordChangeBy"), None, "{role}");
        clock.advance_ms(8 * DAY_MS);
        assert_eq!(enter(&app, role, FIRST).await.expect(401).json()["kind"], "login-failed");
        let login = enter(&app, role, OWN).await.expect(200).json();
        assert_eq!(login["account"].get("passwordChangeBy"), None, "one's own lasts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn after_seven_days_a_first_password_is_a_wrong_one_and_confirms_nothing() {
    let (clock, app) = fixed();
    made(&app, "kim", "patient").await;
    clock.advance_ms(7 * DAY_MS - 1);
    let owner = person(&app, &enter(&app, "kim", FIRST).await.expect(200).json()).await;
    clock.advance_ms(1);
    let late = enter(&app, "kim", FIRST).await.expect(401);
    let wrong = enter(&app, "kim", "no password of theirs").await.expect(401);
    let without_number = |reply: &Reply| {
        let mut problem = reply.json();
        problem
            .as_object_mut()
            .unwrap()
            .retain(|name, _| !matches!(name.as_str(), "request" | "requestId" | "instance"));
        problem
    };
    assert_eq!(without_number(&late), without_number(&wrong));
    // The session that it opened in time stands, and cannot confirm by it.
    let ways = app.post("/api/auth/confirm/start", &owner, json!({})).await.expect(200).json();
    assert_eq!(ways["methods"], json!([]));
    app.post("/api/auth/confirm", &owner, json!({ "password": FIRST })).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_let_the_week_pass_is_invited_by_an_administrator() {
    let (clock, app) = fixed();
    let user = made(&app, "kim", "patient").await;
    let resend = format!("/api/admin/invitations/{}/resend", user["id"]);
    let withdraw = format!("/api/admin/invitations/{}/withdraw", user["id"]);
    let admin = app.administrator("Noor Haddad").await;
    app.post(&resend, &admin, json!({})).await.expect(404);
    clock.advance_ms(7 * DAY_MS);
    let admin = app.again(&admin).await;
    // What was somebody's in between is not taken back by withdrawing an invitation that was never sent.
    app.post(&withdraw, &admin, json!({})).await.expect(404);
    let invited = app.post(&resend, &admin, json!({})).await.expect(200).json();
    let listed = app.get("/api/admin/users?query=kim", &admin).await.expect(200).json();
    assert_eq!(listed["users"][0].get("passwordChangeBy"), None);
    let (_, token) = invited["link"].as_str().unwrap().split_once('#').unwrap();
    let form = json!({ "token": token, "password": OWN });
    let login = app.post("/api/auth/invitation", None, form).await.expect(200).json();
    assert_eq!(login["account"]["id"], user["id"]);
    enter(&app, "kim", FIRST).await.expect(401);
    enter(&app, "kim", OWN).await.expect(200);
    app.post(&resend, &admin, json!({})).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_operator_sets_by_hand_stays() {
    let (clock, app) = fixed();
    let user = made(&app, "kim", "patient").await;
    let account = Id::new(user["id"].as_i64().unwrap());
    identity::set_password(&app.house, &app.operator(), account, OWN).await.unwrap();
    let added = app.patient("Asha Rao").await;
    clock.advance_ms(30 * DAY_MS);
    for (name, password) in [("kim", OWN), (added.username.as_str(), testkit::PASSWORD)] {
        let login = enter(&app, name, password).await.expect(200).json();
        assert_eq!(login["account"].get("passwordChangeBy"), None, "{name}");
    }
}
