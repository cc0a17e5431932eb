//! `POST /api/auth/register`

use serde_json::{Value, json};
use testkit::{Person, TestApp};

fn form() -> Value {
    json!({
        "email": "asha@example.org", "password": "correct horse battery", "given": "Asha", "family": "Rao",
        "birthDate": "1978-07-24", "gender": "female"
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_registers_has_a_record_of_their_own_at_once() {
    let app = TestApp::start();
    let answer = app.post("/api/auth/register", None, form()).await.expect(201).json();
    let person = Person {
        account: answer["account"]["id"].as_i64().unwrap(),
        username: "asha@example.org".to_owned(),
        token: answer["token"].as_str().unwrap().to_owned(),
        id: answer["account"]["patient"].as_str().unwrap().to_owned(),
        organization: None,
    };
    let patient = app.get(&format!("/fhir/Patient/{}", person.id), &person).await.expect(200).json();
    assert_eq!(patient["birthDate"], "1978-07-24");
    assert_eq!(patient["gender"], "female");
    let entries = app.get("/api/ledger/entries", &person).await.expect(200).json();
    let actions: Vec<&str> =
        entries["entries"].as_array().unwrap().iter().filter_map(|e| e["action"].as_str()).collect();
    assert!(actions.contains(&"register") && actions.contains(&"read"), "{actions:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_registers_once_and_the_second_try_leaves_nothing_behind() {
    let app = TestApp::start();
    app.post("/api/auth/register", None, form()).await.expect(201);
    let admin = app.administrator("Robin").await;
    let patients = |health: Value| health["counts"]["patients"].clone();
    let before = patients(app.get("/api/admin/health", &admin).await.expect(200).json());
    let mut again = form();
    again["email"] = "ASHA@example.org".into();
    let problem = app.post("/api/auth/register", None, again).await.expect(409).json();
    assert_eq!(problem["kind"], "taken");
    assert_eq!(patients(app.get("/api/admin/health", &admin).await.expect(200).json()), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_rule_that_is_broken_is_told_with_its_field() {
    let app = TestApp::start();
    let mut wrong = form();
    wrong["password"] = "short".into();
    wrong["birthDate"] = "2026-02-30".into();
    wrong["gender"] = "robot".into();
    let problem = app.post("/api/auth/register", None, wrong).await.expect(422).json();
    let paths: Vec<&str> = problem["issues"].as_array().unwrap().iter().filter_map(|i| i["path"].as_str()).collect();
    assert_eq!(paths, ["password", "birthDate", "gender"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_not_ones_own_address() {
    let app = TestApp::start();
    for password in ["asha@example.org", "Asha@Example.ORG"] {
        let mut own = form();
        own["password"] = json!(password);
        let refused = app.post("/api/auth/register", None, own).await.expect(422).json();
        assert_eq!(refused["issues"][0]["path"], "password", "{refused}");
    }
    let mut long = form();
    long["email"] = json!("asha.rao.of.pune@example.org");
    long["password"] = json!("asha.rao.of.pune");
    app.post("/api/auth/register", None, long.clone()).await.expect(422);
    long["password"] = json!("correct horse battery");
    let answer = app.post("/api/auth/register", None, long).await.expect(201).json();
    let person = Person {
        account: answer["account"]["id"].as_i64().unwrap(),
        username: "asha.rao.of.pune@example.org".to_owned(),
        token: answer["token"].as_str().unwrap().to_owned(),
        id: answer["account"]["patient"].as_str().unwrap().to_owned(),
        organization: None,
    };
    let wish = json!({ "password": "ASHA.RAO.of.pune@example.org" });
    app.post("/api/auth/password", &person, wish).await.expect(422);
}
