//! `/api/admin/invitations`: those that nobody has taken yet.

use kernel::{FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Authenticator, Person, Reply, Spoil, TestApp};

const DAY_MS: i64 = 86_400_000;
const PUBLIC: (&str, &str) = ("HEALTHSYNC__SERVER__PUBLIC_URL", "http://localhost");

async fn invited(app: &TestApp, admin: &Person, email: &str) -> Value {
    let form = json!({ "name": "Dr Ada Moss", "email": email });
    app.post("/api/admin/invitations", admin, form).await.expect(201).json()
}

async fn accept(app: &TestApp, link: &str) -> Reply {
    let (_, token) = link.split_once("/invitation#").unwrap();
    let form = json!({ "token": token.trim(), "password": testkit::PASSWORD });
    app.post("/api/auth/invitation", None, form).await
}

async fn list(app: &TestApp, admin: &Person) -> Vec<Value> {
    let list = app.get("/api/admin/invitations", admin).await.expect(200).json();
    list["invitations"].as_array().unwrap().clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_open_invitation_says_who_asked_and_when_and_can_be_sent_again() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2027-01-15T08:00:00Z").unwrap()));
    let app = TestApp::with_clock(clock.clone());
    let admin = app.administrator("Robin Ames").await;
    let first = invited(&app, &admin, "ada@example.org").await;
    let open = list(&app, &admin).await;
    let expected = json!({
        "account": first["account"], "name": "Dr Ada Moss", "email": "ada@example.org", "invitedBy": "Robin Ames",
        "sent": "2027-01-15T08:00:00.000Z", "expires": "2027-01-22T08:00:00.000Z", "over": false
    });
    assert_eq!(open, [expected]);
    clock.advance_ms(7 * DAY_MS);
    let admin = app.administrator("Noor Haddad").await;
    assert_eq!(list(&app, &admin).await[0]["over"], true);
    let resend = format!("/api/admin/invitations/{}/resend", first["account"]);
    let second = app.post(&resend, &admin, json!({})).await.expect(200).json();
    let open = list(&app, &admin).await;
    assert_eq!((&open[0]["over"], &open[0]["sent"]), (&json!(false), &json!("2027-01-22T08:00:00.000Z")));
    let third = app.post(&resend, &admin, json!({})).await.expect(200).json();
    accept(&app, second["link"].as_str().unwrap()).await.expect(401);
    accept(&app, third["link"].as_str().unwrap()).await.expect(200);
    assert_eq!(list(&app, &admin).await, [Value::Null; 0]);
    app.post(&resend, &admin, json!({})).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_letters_are_sent_the_new_link_goes_to_the_clinician_alone() {
    let app = TestApp::with_settings(&[PUBLIC]);
    let admin = app.administrator("Robin Ames").await;
    let first = invited(&app, &admin, "ada@example.org").await;
    let again = app.post(&format!("/api/admin/invitations/{}/resend", first["account"]), &admin, json!({})).await;
    assert_eq!(again.expect(200).json()["link"], Value::Null);
    app.run_jobs().await;
    let letters: Vec<_> = app.outbox.mails().into_iter().filter(|sent| sent.mail.to == "ada@example.org").collect();
    assert_eq!(letters.len(), 2);
    for part in [
        "Robin Ames, an administrator of HealthSync at http://localhost",
        "The link works once, until",
        "Give it to nobody",
    ] {
        assert!(letters[0].mail.text.contains(part), "{part}: {}", letters[0].mail.text);
    }
    let links: Vec<&str> = letters.iter().filter_map(|sent| sent.mail.text.lines().find(|l| l.contains('#'))).collect();
    let good = [accept(&app, links[0]).await.status, accept(&app, links[1]).await.status];
    assert!(good.contains(&200) && good.contains(&401), "{good:?}: the newest only");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_sent_five_times_a_day_and_says_where_they_will_work() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2027-01-15T08:00:00Z").unwrap()));
    let app = TestApp::with(clock.clone(), &[PUBLIC]);
    let admin = app.administrator("Robin Ames").await;
    let place = app.practitioner("Dr A", &["Hillside"]).await.organization.unwrap();
    let form = json!({ "name": "Dr Ada Moss", "email": "ada@example.org", "organizations": [place] });
    let made = app.post("/api/admin/invitations", &admin, form).await.expect(201).json();
    let resend = format!("/api/admin/invitations/{}/resend", made["account"]);
    for status in [200, 200, 200, 200, 429] {
        app.post(&resend, &admin, json!({})).await.expect(status);
    }
    app.run_jobs().await;
    let letters: Vec<_> = app.outbox.mails().into_iter().filter(|sent| sent.mail.to == "ada@example.org").collect();
    assert_eq!(letters.len(), 5);
    assert!(letters[0].mail.text.contains("to work at Hillside with it"), "{}", letters[0].mail.text);
    assert!(letters[0].mail.text.contains("until 2027-01-22, 08:00 UTC"), "{}", letters[0].mail.text);
    clock.advance_ms(DAY_MS);
    let admin = app.administrator("Noor Haddad").await;
    app.post(&resend, &admin, json!({})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_invitation_opens_nothing_and_its_address_is_free_again() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let first = invited(&app, &admin, "ada@example.org").await;
    let withdraw = format!("/api/admin/invitations/{}/withdraw", first["account"]);
    app.post(&withdraw, &admin, json!({})).await.expect(204);
    app.post(&withdraw, &admin, json!({})).await.expect(404);
    accept(&app, first["link"].as_str().unwrap()).await.expect(401);
    assert_eq!(list(&app, &admin).await, [Value::Null; 0]);
    let users = app.get("/api/admin/users?query=ada", &admin).await.expect(200).json();
    assert_eq!(users["total"], 0);
    let drafts = app.get("/api/admin/verifications?state=draft", &admin).await.expect(200).json();
    assert_eq!(drafts["verifications"], json!([]));
    let second = invited(&app, &admin, "ada@example.org").await;
    accept(&app, second["link"].as_str().unwrap()).await.expect(200);
    // Whoever has taken it is no longer invited.
    app.post(&format!("/api/admin/invitations/{}/withdraw", second["account"]), &admin, json!({})).await.expect(404);
    let users = app.get("/api/admin/users?query=ada", &admin).await.expect(200).json();
    assert_eq!(users["total"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_that_was_opened_otherwise_is_not_withdrawn() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let invited = invited(&app, &admin, "ada@example.org").await;
    let number = kernel::Id::new(invited["account"].as_i64().unwrap());
    identity::set_password(&app.house, &app.operator(), number, testkit::PASSWORD).await.unwrap();
    for verb in ["withdraw", "resend"] {
        let path = format!("/api/admin/invitations/{}/{verb}", invited["account"]);
        app.post(&path, &admin, json!({})).await.expect(409);
    }
    let doctor = app.practitioner("Dr A", &[]).await;
    app.get("/api/admin/invitations", &doctor).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_account_gets_no_new_link() {
    let app = TestApp::start();
    let admin = app.administrator("Robin Ames").await;
    let made = invited(&app, &admin, "ada@example.org").await;
    app.post(&format!("/api/admin/users/{}/lock", made["account"]), &admin, json!({})).await.expect(200);
    let resend = format!("/api/admin/invitations/{}/resend", made["account"]);
    app.post(&resend, &admin, json!({})).await.expect(409);
    accept(&app, made["link"].as_str().unwrap()).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_another_way_in_is_neither_asked_again_nor_withdrawn() {
    for way in ["passkey", "provider"] {
        let app = TestApp::start();
        let admin = app.administrator("Robin Ames").await;
        let made = invited(&app, &admin, "ada@example.org").await;
        let account = made["account"].as_i64().unwrap();
        if way == "passkey" {
            let ada = app.again(&Person { account, ..admin.clone() }).await;
            let begun = app.post("/api/auth/passkeys/start", &ada, json!({})).await.expect(200).json();
            let credential = Authenticator::new().make(&begun["options"], Spoil::Nothing);
            let form = json!({ "ceremony": begun["ceremony"], "credential": credential, "name": "A device" });
            app.post("/api/auth/passkeys/finish", &ada, form).await.expect(201);
        } else {
            let sql = "INSERT INTO external_link (link, account, person, created, detail) VALUES (1, ?1, ?2, 0, ?2)";
            let connect = move |tx: &mut db::Tx<'_>| tx.execute(sql, &[account.into(), (&[0_u8; 8]).into()]);
            app.house.db.write(connect).await.unwrap();
        }
        for verb in ["withdraw", "resend"] {
            let path = format!("/api/admin/invitations/{account}/{verb}");
            let refused = app.post(&path, &admin, json!({})).await.expect(409);
            assert!(refused.text().contains("another way in already"), "{way}: {}", refused.text());
        }
    }
}
