//! `/api/emergency-card`

use crate::consent::family::{chosen, log, told};
use serde_json::{Value, json};
use testkit::{TestApp, sample};

fn lines(card: &Value, part: &str) -> Vec<(String, bool)> {
    let one = |line: &Value| (line["text"].as_str().unwrap().to_owned(), line["shown"].as_bool().unwrap());
    card[part].as_array().unwrap().iter().map(one).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_card_shows_what_is_current_and_the_patient_chooses_of_it() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let asthma = app.create(&sample::condition(&patient.id, "Asthma")).await;
    app.create(&sample::condition(&patient.id, "Hypertension")).await;
    let mut hidden = sample::condition(&patient.id, "Hidden sorrow");
    hidden["meta"] = json!({ "security": [{ "code": "PSY" }] });
    app.create(&hidden).await;
    for (code, value) in [("883-9", "Group A"), ("10331-7", "Rh(D) positive")] {
        let mut group = sample::heart_rate(&patient.id, "1999-01-05", 1.0);
        group["code"]["coding"][0] = json!({ "system": "http://loinc.org", "code": code });
        group.as_object_mut().unwrap().remove("valueQuantity");
        group["valueCodeableConcept"] = json!({ "text": value });
        app.create(&group).await;
    }
    let card = app.get("/api/emergency-card", &patient).await.expect(200).json();
    assert_eq!((&card["name"], &card["bloodGroup"]), (&json!("Asha Rao"), &json!("Group A, Rh(D) positive")));
    let both = [("Asthma".to_owned(), true), ("Hypertension".to_owned(), true)];
    let mut found = lines(&card, "conditions");
    found.sort();
    assert_eq!(found, both, "sensitive areas stay out until the patient wants them in");

    let form = json!({
        "hidden": [format!("Condition/{asthma}")], "note": " Hard of hearing ", "sensitive": true,
        "contacts": [{ "name": "Ravi Rao", "relationship": "Son", "phone": "+91 20 1234" }]
    });
    let card = app.put("/api/emergency-card", &patient, form.clone()).await.expect(200).json();
    let mut found = lines(&card, "conditions");
    found.sort();
    let chosen = [("Asthma".to_owned(), false), ("Hidden sorrow".to_owned(), true), ("Hypertension".to_owned(), true)];
    assert_eq!(found, chosen);
    assert_eq!(card["note"], "Hard of hearing");
    let ravi = json!({ "name": "Ravi Rao", "relationship": "Son", "phone": "+91 20 1234", "email": null, "own": true });
    assert_eq!(card["contacts"], json!([ravi]));
    // Where every other reader of the record finds them too.
    let person = app.get(&format!("/fhir/Patient/{}", patient.id), &patient).await.expect(200).json();
    assert_eq!(person["contact"][0]["name"]["text"], "Ravi Rao");
    assert_eq!(person["name"][0]["text"], "Asha Rao", "the rest of the person stays");
    assert_eq!(app.get("/api/emergency-card", &patient).await.expect(200).json(), card, "it is kept");

    let emptied = json!({ "hidden": [], "sensitive": false, "contacts": [] });
    let card = app.put("/api/emergency-card", &patient, emptied).await.expect(200).json();
    assert_eq!(card["contacts"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn its_code_is_a_health_link_of_ones_own_that_stands() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Somebody else").await);
    let form = json!({ "label": "Emergency card", "until": null, "sensitive": false, "tell": true });
    let mine = app.post("/api/health-links", &patient, form.clone()).await.expect(201).json();
    let theirs = app.post("/api/health-links", &other, form).await.expect(201).json();
    let with = |link: &Value| json!({ "hidden": [], "sensitive": false, "link": link["id"] });
    let card = app.put("/api/emergency-card", &patient, with(&theirs)).await.expect(200).json();
    assert_eq!(card["link"], Value::Null);
    let card = app.put("/api/emergency-card", &patient, with(&mine)).await.expect(200).json();
    assert_eq!(card["link"]["link"], mine["link"]);
    app.post(&format!("/api/health-links/{}/revoke", mine["id"]), &patient, json!({})).await.expect(200);
    assert_eq!(app.get("/api/emergency-card", &patient).await.expect(200).json()["link"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_card_hides_from_now_on_its_code_hides_too() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let mut hidden = sample::condition(&patient.id, "Hidden sorrow");
    hidden["meta"] = json!({ "security": [{ "code": "PSY" }] });
    app.create(&hidden).await;
    app.create(&sample::condition(&patient.id, "Asthma")).await;
    let form = json!({ "label": "Emergency card", "until": null, "sensitive": true, "tell": false });
    let link = app.post("/api/health-links", &patient, form).await.expect(201).json();
    let card = |sensitive: bool| json!({ "hidden": [], "sensitive": sensitive, "link": link["id"] });
    let printed = super::client::read(link["link"].as_str().unwrap());
    let opened = async || printed.open(&app, "A helper", None).await.to_string();
    app.put("/api/emergency-card", &patient, card(true)).await.expect(200);
    assert!(opened().await.contains("Hidden sorrow"));
    app.put("/api/emergency-card", &patient, card(false)).await.expect(200);
    let shown = opened().await;
    assert!(shown.contains("Asthma") && !shown.contains("Hidden sorrow"), "{shown}");
    // The other way asks for a code of its own: nothing opens more than whoever holds it was given.
    app.put("/api/emergency-card", &patient, card(true)).await.expect(200);
    assert!(!opened().await.contains("Hidden sorrow"));
    let links = app.get("/api/health-links", &patient).await.expect(200).json();
    assert_eq!(links["links"][0]["sensitive"], false, "{links}");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_patient_has_a_card_and_what_breaks_a_rule_changes_nothing() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    app.get("/api/emergency-card", &doctor).await.expect(403);
    app.get("/api/emergency-card", None).await.expect(401);
    let contact = |name: &str, phone: &str| json!({ "hidden": [], "sensitive": false, "contacts": [{ "name": name, "phone": phone }] });
    for (wrong, path) in [
        (contact("", "112"), "contacts[0].name"),
        (contact("Ravi", "call me"), "contacts[0].phone"),
        (json!({ "hidden": [], "sensitive": false, "note": "x".repeat(301) }), "note"),
    ] {
        let reply = app.put("/api/emergency-card", &patient, wrong).await.expect(422).json();
        assert_eq!(reply["issues"][0]["path"], path);
    }
    let card = app.get("/api/emergency-card", &patient).await.expect(200).json();
    assert_eq!((&card["contacts"], &card["note"]), (&json!([]), &Value::Null));
}

/// The code of the card opens while sharing is paused: whoever looks after the record does not choose it, nor change what is
/// on the card unseen.
#[tokio::test(flavor = "multi_thread")]
async fn who_looks_after_a_record_changes_the_card_in_sight_and_never_its_code() {
    let app = TestApp::start();
    let (patient, helper) = (app.patient("Asha Rao").await, app.patient("Lena Sol").await);
    let areas = ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"];
    chosen(&app, &patient, &helper, json!({ "labels": areas })).await;
    let form = json!({ "label": "Weekend", "until": null, "sensitive": false, "tell": false });
    let made = |name: &str| json!({ "label": name, "until": null, "sensitive": false, "tell": false });
    let link = app.send_in(&patient.id, "POST", "/api/health-links", &helper, Some(form)).await.expect(201).json();
    let own = app.post("/api/health-links", &patient, made("Card")).await.expect(201).json();
    let path = "/api/emergency-card";
    let with = |note: &str, link: &Value| json!({ "hidden": [], "sensitive": false, "note": note, "link": link });
    let refused = app.send_in(&patient.id, "PUT", path, &helper, Some(with("Mine", &link["id"]))).await.expect(403);
    assert!(refused.text().contains("while sharing is paused"), "{}", refused.text());
    assert_eq!(app.get(path, &patient).await.expect(200).json()["note"], Value::Null);
    app.put(path, &patient, with("Own", &own["id"])).await.expect(200);
    assert!(!told(&app, &patient).await.contains("changed the emergency card"));
    // What is the code already may stay it.
    app.send_in(&patient.id, "PUT", path, &helper, Some(with("Deaf", &own["id"]))).await.expect(200);
    assert!(told(&app, &patient).await.contains("Lena Sol changed the emergency card"));
    let changed: Vec<_> =
        log(&app, &patient, &patient.id).await.into_iter().filter(|(action, ..)| action == "update").collect();
    let said = |name: &str, ground: &str| ("update".to_owned(), name.to_owned(), ground.to_owned());
    assert_eq!(changed, [said("Lena Sol", "delegation"), said("Asha Rao", "own record")]);
    // Whoever opens the code is told of, whatever the link says.
    let printed = super::client::read(own["link"].as_str().unwrap());
    printed.open(&app, "A helper at the road", None).await;
    assert!(told(&app, &patient).await.contains("A helper at the road"));
}
