//! Who can look after somebody: whoever is of age, as long as they have an account, and in whose record they ask.

use super::family::{at, chosen, log, parent, reads, told, waiting};
use super::letters;
use serde_json::{Value, json};
use testkit::{Person, TestApp};

async fn teen(app: &TestApp, name: &str) -> Person {
    let born = json!({ "resourceType": "Patient", "name": [{ "text": name }], "birthDate": "2012-01-01" });
    let id = app.create(&born).await;
    app.patient_of(&id, name).await
}

fn helper(who: &str) -> Value {
    json!({ "person": who, "acts": true, "categories": null, "labels": [], "until": null })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_child_is_asked_by_nobody_and_becomes_nobodys_guardian_or_helper() {
    let app = TestApp::with(at("2026-03-01T12:00:00Z"), &[letters::PUBLIC]);
    let (parent, child, _) = parent(&app, "Asha Rao").await;
    let (sister, admin) = (teen(&app, "Uma Rao").await, app.administrator("Ada Min").await);
    // Whether somebody is a child is not said to whoever asks, as little as whether the name is anybody's.
    let guardian = json!({ "patient": child, "person": sister.username });
    app.post("/api/family/guardians", &parent, guardian).await.expect(202);
    app.post("/api/family/delegations", &parent, helper(&sister.username)).await.expect(202);
    assert_eq!(app.get("/api/family", &sister).await.expect(200).json()["delegations"], json!([]));
    // Nor does a letter get them in.
    app.post("/api/family/delegations", &parent, helper("uma@home.example")).await.expect(202);
    let (secret, _) = letters::letters(&app, "uma@home.example").await.remove(0);
    let refused = letters::take(&app, &sister, &secret).await.expect(403);
    assert!(refused.text().contains("From the eighteenth birthday on"), "{}", refused.text());
    // Nor are they the guardian of a child that they add themselves.
    let baby = json!({ "given": "Ida", "family": "Rao", "birthDate": "2026-02-01", "gender": "female" });
    let refused = app.post("/api/family/children", &sister, baby.clone()).await.expect(403);
    assert!(refused.text().contains("From the eighteenth birthday on"), "{}", refused.text());
    app.post("/api/family/children", &parent, baby).await.expect(201);
    let link = json!({ "patient": child, "person": sister.username, "reason": "Birth certificate seen at the desk" });
    let refused = app.post("/api/admin/guardians", &admin, link).await.expect(422);
    assert_eq!(refused.json()["issues"][0]["path"], "person");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_turns_out_to_be_a_child_cannot_accept_and_can_decline() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (mother, friend) = (app.patient("Ingrid Sol").await, app.patient("Lena Sol").await);
    app.post("/api/family/delegations", &mother, helper(&friend.username)).await.expect(202);
    let id = waiting(&app, &friend).await;
    let path = format!("/fhir/Patient/{}", friend.id);
    let mut entry = app.get(&path, &friend).await.expect(200).json();
    entry["birthDate"] = "2012-01-01".into();
    let (operator, body) = (app.operator(), entry.to_string().into_bytes());
    records::change::update(&app.house, &operator, fhir::Kind::Patient, &friend.id, None, body).await.unwrap();
    let refused = app.post(&format!("/api/family/{id}/accept"), &friend, json!({})).await.expect(403);
    assert!(refused.text().contains("From the eighteenth birthday on"), "{}", refused.text());
    app.post(&format!("/api/family/{id}/decline"), &friend, json!({})).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_whose_own_record_is_erased_leaves_an_entry_and_word_to_the_others() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (first, child, _) = parent(&app, "Asha Rao").await;
    let (second, mother) = (app.patient("Ravi Rao").await, app.patient("Ingrid Sol").await);
    app.post("/api/family/guardians", &first, json!({ "patient": child, "person": second.username })).await.expect(202);
    let id = waiting(&app, &second).await;
    app.post(&format!("/api/family/{id}/accept"), &second, json!({})).await.expect(200);
    chosen(&app, &mother, &second, json!({})).await;
    let erase = format!("/api/patients/{}/erase", second.id);
    app.post(&erase, &second, json!({ "confirm": "erase" })).await.expect(200);
    assert!(told(&app, &first).await.contains("Ravi Rao no longer looks after the record"));
    assert!(told(&app, &mother).await.contains("Ravi Rao no longer looks after the record"));
    let ended = |ground: &str| ("revoke".to_owned(), "Ravi Rao".to_owned(), ground.to_owned());
    assert!(log(&app, &first, &child).await.contains(&ended("guardianship")));
    assert!(log(&app, &mother, &mother.id).await.contains(&ended("delegation")));
    let all = app.get("/api/family", &first).await.expect(200).json();
    let stands = |one: &Value| one["person"] == "Ravi Rao" && one["state"] != "ended";
    assert!(!all["delegations"].as_array().unwrap().iter().any(stands), "{all}");
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_hear_of_a_child_whose_last_guardian_the_operator_erased() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let ((parent, child, _), admin) = (parent(&app, "Asha Rao").await, app.administrator("Ada Min").await);
    let (house, ctx, id) = (app.house.clone(), app.operator(), parent.id.clone());
    let erased = app.house.db.write(move |tx| {
        let patient = records::erase::find(tx, &house, &ctx, &id).map_err(kernel::Problem::from)?;
        server::people::erase(tx, &house, &ctx, patient)
    });
    erased.await.unwrap();
    assert!(told(&app, &admin).await.contains("A child's record has no guardian any more"));
    let list = app.get(&format!("/api/admin/guardians?patient={child}"), &admin).await.expect(200).json();
    assert_eq!(list["delegations"][0]["state"], "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gives_their_own_record_into_other_hands_while_anothers_is_open() {
    let app = TestApp::with_clock(at("2026-03-01T12:00:00Z"));
    let (parent, child, _) = parent(&app, "Asha Rao").await;
    let (friend, stranger) = (app.patient("Ravi Rao").await, app.patient("Una Else").await);
    let ask = async |record: &str| {
        app.send_in(record, "POST", "/api/family/delegations", &parent, Some(helper(&friend.username))).await
    };
    let refused = ask(&child).await.expect(403);
    assert!(refused.text().contains("Only the patient themselves asks"), "{}", refused.text());
    ask(&stranger.id).await.expect(404);
    ask("nonsense").await.expect(404);
    assert_eq!(app.get("/api/family", &friend).await.expect(200).json()["delegations"], json!([]));
    ask(&parent.id).await.expect(202);
    let id = waiting(&app, &friend).await;
    app.post(&format!("/api/family/{id}/accept"), &friend, json!({})).await.expect(200);
    assert_eq!(reads(&app, &friend, &parent.id, &format!("/fhir/Patient/{}", parent.id)).await, 200);
}
