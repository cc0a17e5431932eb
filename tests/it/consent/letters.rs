//! Asked by letter: somebody without an account gets a link, which is good once and for whoever was asked.

use serde_json::{Value, json};
use testkit::{Person, Reply, TestApp};

pub const PUBLIC: (&str, &str) = ("HEALTHSYNC__SERVER__PUBLIC_URL", "http://localhost");

fn form(person: &str) -> Value {
    json!({ "person": person, "acts": true, "categories": ["condition"], "labels": [], "until": null })
}

/// The letters to an address, the newest first, each with its secret.
pub async fn letters(app: &TestApp, to: &str) -> Vec<(String, String)> {
    app.run_jobs().await;
    let sent = app.outbox.mails().into_iter().filter(|sent| sent.mail.to == to);
    let secret = |text: &str| {
        let line = text.lines().find(|line| line.contains("/family#letter="))?;
        Some(line.split_once("letter=")?.1.trim().to_owned())
    };
    sent.filter_map(|sent| Some((secret(&sent.mail.text)?, sent.mail.text))).collect()
}

pub async fn take(app: &TestApp, who: &Person, secret: &str) -> Reply {
    app.post("/api/family/letter", who, json!({ "secret": secret })).await
}

async fn waiting(app: &TestApp, who: &Person) -> Vec<i64> {
    let all = app.get("/api/family", who).await.expect(200).json();
    let waits = all["delegations"].as_array().unwrap().iter().filter(|one| one["state"] == "waiting");
    waits.map(|one| one["id"].as_i64().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_no_account_is_asked_by_letter_and_answers_with_an_account_of_their_own() {
    let app = TestApp::with_settings(&[PUBLIC]);
    let (mother, other) = (app.patient("Ingrid Sol").await, app.patient("Una Else").await);
    app.post("/api/family/delegations", &mother, form("Lena@Example.org ")).await.expect(202);
    let sent = letters(&app, "lena@example.org").await;
    let [(first, text)] = sent.as_slice() else { panic!("{sent:?}") };
    for part in ["Ingrid Sol asks you", "act in it for them", "Answer here by", "Give it to nobody"] {
        assert!(text.contains(part), "{part}: {text}");
    }
    // Sent again, the link before is good no more; three times is enough.
    let id = waiting(&app, &mother).await[0];
    let again = format!("/api/family/{id}/again");
    app.post(&again, &other, json!({})).await.expect(404);
    app.post(&again, &mother, json!({})).await.expect(202);
    app.post(&again, &mother, json!({})).await.expect(202);
    app.post(&again, &mother, json!({})).await.expect(409);
    let sent = letters(&app, "lena@example.org").await;
    assert_eq!(sent.len(), 3);
    let newest = sent.iter().map(|(secret, _)| secret).filter(|secret| *secret != first);
    let (mut good, daughter) = (0, app.patient("Lena Sol").await);
    take(&app, &daughter, first).await.expect(404);
    for secret in newest {
        // Of the two, one was replaced by the other.
        let own = take(&app, &mother, secret).await.status;
        assert!(matches!(own, 404 | 409), "{own}");
        good += usize::from(take(&app, &daughter, secret).await.status == 200);
        take(&app, &other, secret).await.expect(404);
    }
    assert_eq!(good, 1, "the newest, once");
    assert_eq!(waiting(&app, &daughter).await, [id]);
    app.post(&format!("/api/family/{id}/accept"), &daughter, json!({})).await.expect(200);
    let told = app.get("/api/inbox", &mother).await.expect(200).text();
    assert!(told.contains("Lena Sol looks after your record now"), "{told}");
    app.post(&again, &mother, json!({})).await.expect(409);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_names_no_child_few_go_to_one_address_and_whoever_has_an_account_gets_none() {
    let app = TestApp::with_settings(&[PUBLIC]);
    let (parent, child, _) = super::family::parent(&app, "Asha Rao").await;
    let friend = app.patient("Ravi Rao").await;
    let ask = async |person: &str| {
        let form = json!({ "patient": child, "person": person });
        app.post("/api/family/guardians", &parent, form).await.expect(202).text()
    };
    let answers = [ask("nobody at all").await, ask(&friend.username).await, ask("ravi@home.example").await];
    assert!(answers.iter().all(|answer| *answer == answers[0]), "who has an account is not said: {answers:?}");
    for _ in 0..6 {
        ask("ravi@home.example").await;
    }
    let sent = letters(&app, "ravi@home.example").await;
    assert_eq!(sent.len(), 5);
    assert!(!sent[0].1.contains("Mila") && sent[0].1.contains("a guardian of a child"), "{}", sent[0].1);
    assert_eq!(letters(&app, &format!("{}@example.org", friend.username)).await.len(), 0);
    // What is taken back is answered by no letter any more.
    let id = waiting(&app, &parent).await.into_iter().max().unwrap();
    let ids = waiting(&app, &parent).await;
    for one in &ids {
        app.post(&format!("/api/family/{one}/end"), &parent, json!({})).await.expect(204);
    }
    for (secret, _) in &sent {
        take(&app, &friend, secret).await.expect(404);
    }
    app.post(&format!("/api/family/{id}/again"), &parent, json!({})).await.expect(409);
}
