//! A vault on a new device: let in by another device of its owner, or by two of three guardians.

use super::sealing::{code, make_vault};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use testkit::{Person, TestApp};

fn wrap(byte: u8) -> String {
    STANDARD.encode([byte; 81])
}

fn asking(kind: &str) -> Value {
    json!({ "kind": kind, "publicKey": STANDARD.encode([42; 32]) })
}

async fn openings(app: &TestApp, who: &Person) -> Value {
    app.get("/api/vault/openings", who).await.expect(200).json()
}

#[tokio::test(flavor = "multi_thread")]
async fn another_device_of_the_same_person_lets_a_new_one_in() {
    let app = TestApp::start();
    let (patient, stranger) = (app.patient("Odette Quillfeather").await, app.patient("Stranger").await);
    app.post("/api/vault/openings", &patient, asking("device")).await.expect(409);
    make_vault(&app, &patient, 1).await;
    make_vault(&app, &stranger, 2).await;
    let opening = app.post("/api/vault/openings", &patient, asking("device")).await.expect(201).json();
    let place = format!("/api/vault/openings/{}", opening["id"]);
    let answer = json!({ "wrap": wrap(7) });
    app.post(&format!("{place}/answer"), &stranger, answer.clone()).await.expect(404);
    app.post(&format!("{place}/answer"), &patient, json!({ "wrap": "AAAA" })).await.expect(422);
    app.post(&format!("{place}/answer"), &patient, answer).await.expect(200);
    let own = &openings(&app, &patient).await["own"];
    assert_eq!(
        (&own[0]["publicKey"], &own[0]["answers"][0]["wrap"]),
        (&asking("device")["publicKey"], &json!(wrap(7)))
    );
    assert_eq!(openings(&app, &stranger).await, json!({ "own": [], "asked": [] }));
    app.post(&format!("{place}/end"), &stranger, json!({})).await.expect(404);
    app.post(&format!("{place}/end"), &patient, json!({})).await.expect(200);
    assert_eq!(openings(&app, &patient).await["own"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_of_three_guardians_answer_and_none_sees_what_the_other_gave() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let mut guardians = Vec::new();
    for (n, name) in [(2, "Ann"), (3, "Ben"), (4, "Cleo")] {
        let guardian = app.patient(name).await;
        make_vault(&app, &guardian, n).await;
        guardians.push(guardian);
    }
    make_vault(&app, &patient, 1).await;
    let mut shares = Vec::new();
    for (n, guardian) in guardians.iter().enumerate() {
        shares.push(json!({ "code": code(&app, guardian).await, "wrap": wrap(n as u8) }));
    }
    let set = |shares: Vec<Value>| json!({ "guardians": shares });
    let twice = set(vec![shares[0].clone(), shares[0].clone(), shares[1].clone()]);
    app.post("/api/vault/guardians", &patient, twice).await.expect(422);
    app.post("/api/vault/guardians", &patient, set(shares[..2].to_vec())).await.expect(422);
    let mut own = shares.clone();
    own[2]["code"] = json!(code(&app, &patient).await);
    app.post("/api/vault/guardians", &patient, set(own)).await.expect(422);
    app.post("/api/vault/openings", &patient, asking("guardians")).await.expect(409);
    let named = app.post("/api/vault/guardians", &patient, set(shares.clone())).await.expect(200).json();
    assert_eq!(named["vault"]["guardians"].as_array().unwrap().len(), 3);
    let guarding = app.get("/api/vault", &guardians[0]).await.expect(200).json();
    assert_eq!(guarding["guarding"][0]["name"], "Odette Quillfeather");

    let opening = app.post("/api/vault/openings", &patient, asking("guardians")).await.expect(201).json();
    let place = format!("/api/vault/openings/{}/answer", opening["id"]);
    let inbox = app.get("/api/inbox", &guardians[1]).await.expect(200).text();
    assert!(inbox.contains("Somebody asks for your share of their key"), "{inbox}");
    // The owner's own session cannot answer for a guardian.
    app.post(&place, &patient, json!({ "wrap": wrap(9) })).await.expect(404);
    for (n, guardian) in guardians[..2].iter().enumerate() {
        let asked = openings(&app, guardian).await["asked"].clone();
        assert_eq!(
            (&asked[0]["share"], &asked[0]["answers"]),
            (&json!(wrap(n as u8)), &json!([])),
            "each their own share"
        );
        let left = app.post(&place, guardian, json!({ "wrap": wrap(20 + n as u8) })).await.expect(200).json();
        assert_eq!(left["asked"], json!([]));
    }
    let answers = openings(&app, &patient).await["own"][0]["answers"].clone();
    assert_eq!(answers, json!([{ "name": "Ann", "wrap": wrap(20) }, { "name": "Ben", "wrap": wrap(21) }]));
    // Shares of two splits make no key: whoever asks while guardians are named anew asks again.
    app.post("/api/vault/guardians", &patient, set(shares)).await.expect(200);
    assert_eq!(openings(&app, &patient).await["own"], json!([]));
    // A guardian whose vault is gone holds nothing.
    app.post("/api/vault/discard", &guardians[2], json!({})).await.expect(200);
    let vault = app.get("/api/vault", &patient).await.expect(200).json();
    assert_eq!(vault["vault"]["guardians"].as_array().unwrap().len(), 2);
    // Their owner hears of it, and when too few are left.
    let told = || async { app.get("/api/inbox", &patient).await.expect(200).text() };
    let one = told().await;
    assert_eq!(one.matches("A guardian of your vault cannot help you any more").count(), 1, "{one}");
    assert!(one.contains("The two others can still let you in") && !one.contains("Cleo"), "{one}");
    let path = format!("/api/patients/{}/erase", guardians[1].id);
    app.post(&path, &guardians[1], json!({ "confirm": "erase" })).await.expect(200);
    let two = told().await;
    assert_eq!(two.matches("A guardian of your vault cannot help you any more").count(), 2, "{two}");
    assert!(two.contains("Too few are left to let you in"), "{two}");
    let other = app.get("/api/inbox", &guardians[0]).await.expect(200).text();
    assert!(!other.contains("A guardian of your vault"), "only whose vault it is");
}
