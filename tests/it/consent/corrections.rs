//! A patient says that an entry is wrong: it reaches whoever wrote it, who corrects it as the patient approves, or says why not.

use serde_json::{Value, json};
use testkit::{Person, TestApp, sample};

const REASON: &str = "I never had this. It was my sister's visit.";

/// An entry that a doctor wrote, as the patient approved.
async fn written(app: &TestApp, patient: &Person, doctor: &Person) -> String {
    let mut condition = sample::condition(&patient.id, "Asthma");
    condition.as_object_mut().unwrap().remove("id");
    propose(app, patient, doctor, json!([{ "act": "add", "resource": condition }])).await;
    let found = app.get(&format!("/fhir/Condition?patient={}", patient.id), patient).await.expect(200).json();
    found["entry"][0]["resource"]["id"].as_str().unwrap().to_owned()
}

async fn propose(app: &TestApp, patient: &Person, doctor: &Person, changes: Value) {
    let form = json!({ "patient": patient.id, "reason": "Seen at the practice", "changes": changes });
    let draft = app.post("/api/edits", doctor, form).await.expect(201).json();
    let path = format!("/api/edits/{}", draft["id"]);
    let code =
        app.post(&format!("{path}/code"), patient, json!({ "version": draft["version"] })).await.expect(200).json();
    app.post(&format!("{path}/land"), doctor, json!({ "code": code["code"] })).await.expect(200);
}

fn form(id: &str) -> Value {
    json!({ "type": "Condition", "id": id, "reason": REASON, "proposal": "No asthma" })
}

async fn cases(app: &TestApp, who: &Person) -> Vec<Value> {
    app.get("/api/cases", who).await.expect(200).json()["cases"].as_array().unwrap().clone()
}

async fn told(app: &TestApp, who: &Person) -> String {
    app.get("/api/inbox", who).await.expect(200).text()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_reaches_the_doctor_who_wrote_the_entry_and_a_change_that_the_patient_approves_answers_it() {
    let app = TestApp::start();
    let (patient, admin) = (app.patient("Asha Rao").await, app.administrator("Ada Min").await);
    let (doctor, other) = (app.practitioner("Dr Kim Lee", &[]).await, app.practitioner("Dr Ole Other", &[]).await);
    let grant = app.grant(&patient, &doctor).await;
    app.grant(&patient, &other).await;
    let id = written(&app, &patient, &doctor).await;
    let made = app.post("/api/corrections", &patient, form(&id)).await.expect(201).json();
    assert_eq!(
        (&made["kind"], &made["state"], &made["outcome"]),
        (&json!("correction"), &json!("waiting"), &Value::Null)
    );
    assert_eq!((&made["about"]["title"], &made["reader"]["name"]), (&json!("Asthma"), &json!("Dr Kim Lee")));
    assert_eq!(made["entry"], Value::Null);
    assert!(told(&app, &doctor).await.contains("A patient says that an entry of yours is wrong"));
    assert_eq!((cases(&app, &other).await.len(), cases(&app, &admin).await.len()), (0, 1));
    let seen = cases(&app, &doctor).await.remove(0);
    assert_eq!((&seen["messages"][0]["text"], &seen["proposal"]), (&json!(REASON), &json!("No asthma")));
    assert_eq!((&seen["record"], &seen["may"]), (&json!(patient.id), &json!(["say", "decline"])));
    assert_eq!(cases(&app, &admin).await[0]["record"], Value::Null, "an administrator opens no record");
    // Asking back decides nothing.
    let path = format!("/api/cases/{}", made["id"]);
    let asked =
        app.post(&format!("{path}/messages"), &doctor, json!({ "text": "Which visit?" })).await.expect(200).json();
    assert_eq!((&asked["state"], &asked["record"]), (&json!("waiting"), &json!(patient.id)));

    let mut entry = app.get(&format!("/fhir/Condition/{id}"), &doctor).await.expect(200).json();
    entry["code"] = json!({ "text": "No asthma" });
    propose(&app, &patient, &doctor, json!([{ "act": "correct", "resource": entry }])).await;
    let done = cases(&app, &patient).await.remove(0);
    assert_eq!((&done["state"], &done["outcome"]), (&json!("answered"), &json!("corrected")));
    app.revoke(&patient, &grant).await;
    assert_eq!(cases(&app, &doctor).await[0]["record"], Value::Null, "whoever lost access is led nowhere");
    app.post(&format!("{path}/close"), &patient, Value::Null).await.expect(200);
    let log = app.get("/api/ledger/entries?count=200", &patient).await.expect(200).json();
    let told: Vec<_> = log["entries"].as_array().unwrap().iter().filter(|e| e["what"] == "Correction").collect();
    let acts: Vec<_> = told.iter().filter_map(|entry| entry["action"].as_str()).collect();
    for act in ["dispute", "answer", "settle"] {
        assert!(acts.contains(&act), "{act}: {acts:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_doctor_wrote_it_the_organization_answers_and_a_refusal_has_a_reason_and_a_way_on() {
    let app = TestApp::start();
    let (patient, admin) = (app.patient("Asha Rao").await, app.administrator("Ada Min").await);
    let (member, stranger) =
        (app.practitioner("Dr Kim Lee", &["Riverside"]).await, app.practitioner("Dr Una Else", &["Hillside"]).await);
    let bundle = sample::transaction(&[sample::condition(&patient.id, "Migraine")]).to_string();
    app.import_for(Some("Riverside"), bundle).await;
    let found = app.get(&format!("/fhir/Condition?patient={}", patient.id), &patient).await.expect(200).json();
    let id = found["entry"][0]["resource"]["id"].as_str().unwrap();
    let made = app.post("/api/corrections", &patient, form(id)).await.expect(201).json();
    assert_eq!(made["reader"]["name"], "Riverside");
    assert!(told(&app, &member).await.contains("A patient says that an entry of yours is wrong"));
    assert!(cases(&app, &stranger).await.is_empty());
    let path = format!("/api/cases/{}", made["id"]);
    let why = json!({ "text": "The discharge letter of that day says so." });
    for (who, status) in [(&stranger, 404), (&patient, 404), (&member, 200), (&member, 409)] {
        app.post(&format!("{path}/decline"), who, why.clone()).await.expect(status);
    }
    let seen = cases(&app, &patient).await.remove(0);
    assert_eq!((&seen["state"], &seen["outcome"]), (&json!("answered"), &json!("declined")));
    assert_eq!(seen["messages"][1]["text"], why["text"]);
    assert!(told(&app, &patient).await.contains("Dr Kim Lee declined to correct an entry"));
    // Not satisfied: an administrator decides now.
    let object = json!({ "text": "The letter is somebody else's." });
    app.post(&format!("{path}/object"), &patient, object).await.expect(200);
    app.post(&format!("{path}/decline"), &member, why.clone()).await.expect(409);
    let end = app.post(&format!("{path}/decline"), &admin, why).await.expect(200).json();
    assert_eq!((&end["state"], &end["outcome"]), (&json!("answered"), &json!("declined")));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_others_wrote_about_oneself_is_corrected_by_others_and_asked_once() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Asha Rao").await, app.patient("Ben Stranger").await);
    let doctor = app.practitioner("Dr Kim Lee", &[]).await;
    app.grant(&patient, &doctor).await;
    let id = written(&app, &patient, &doctor).await;
    app.post("/api/corrections", None, form(&id)).await.expect(401);
    for who in [&other, &doctor] {
        app.post("/api/corrections", who, form(&id)).await.expect(404);
    }
    let reading = sample::heart_rate(&patient.id, "2026-02-01T08:00:00Z", 90.0);
    let own = app.post("/fhir/Observation", &patient, reading).await.expect(201).json();
    for (kind, id) in [("Observation", own["id"].as_str().unwrap()), ("Patient", patient.id.as_str())] {
        let form = json!({ "type": kind, "id": id, "reason": REASON });
        app.post("/api/corrections", &patient, form).await.expect(422);
    }
    let mut short = form(&id);
    short["reason"] = "no".into();
    app.post("/api/corrections", &patient, short).await.expect(422);
    let case = app.post("/api/corrections", &patient, form(&id)).await.expect(201).json();
    app.post("/api/corrections", &patient, form(&id)).await.expect(409);
    // A question is not declined, and what was closed is asked anew.
    app.post(&format!("/api/cases/{}/close", case["id"]), &patient, Value::Null).await.expect(200);
    app.post("/api/corrections", &patient, form(&id)).await.expect(201);
    app.get(&format!("/fhir/Condition/{id}"), &doctor).await.expect(200);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let read = log["entries"].as_array().unwrap().iter().find(|e| e["action"] == "read").unwrap()["seq"].clone();
    let asked = json!({ "entry": read, "question": "Why did you look that day?" });
    let question = app.post("/api/cases", &patient, asked).await.expect(201).json();
    let decline = format!("/api/cases/{}/decline", question["id"]);
    app.post(&decline, &doctor, json!({ "text": "Not at all" })).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_organizations_own_software_changes_is_told_with_its_version_and_answers_the_case() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let (clinic, elsewhere) = (app.service("Riverside", "Riverside").await, app.service("Hillside", "Hillside").await);
    let member = app.practitioner("Dr Kim Lee", &["Riverside"]).await;
    let whole =
        json!({ "grantee": { "type": "organization", "id": clinic.organization }, "labels": ["mental-health"] });
    app.grant_with(&patient, &member, whole).await;
    let bundle = sample::transaction(&[sample::condition(&patient.id, "Migraine")]).to_string();
    app.import_for(Some("Riverside"), bundle).await;
    let found = app.get(&format!("/fhir/Condition?patient={}", patient.id), &patient).await.expect(200).json();
    let mut entry = found["entry"][0]["resource"].clone();
    let id = entry["id"].as_str().unwrap().to_owned();
    app.post("/api/corrections", &patient, form(&id)).await.expect(201);
    let seen = async || {
        let case = cases(&app, &patient).await.remove(0);
        (case["state"].clone(), case["outcome"].clone(), case["about"]["version"].clone())
    };
    // A label that the patient sets is a new version, and no answer.
    let label = json!({ "labels": ["mental-health"] });
    app.post(&format!("/api/entries/Condition/{id}/labels"), &patient, label).await.expect(200);
    assert_eq!(seen().await, (json!("waiting"), Value::Null, Value::Null));
    let path = format!("/fhir/Condition/{id}");
    entry["code"] = json!({ "text": "Headache" });
    app.put(&path, &elsewhere, entry.clone()).await;
    assert_eq!(seen().await, (json!("waiting"), Value::Null, Value::Null), "no other clinic's word counts");
    app.put(&path, &clinic, entry.clone()).await.expect(200);
    assert_eq!(seen().await, (json!("answered"), json!("changed"), json!(3)));
    let changed = "Riverside changed an entry that you say is wrong";
    assert!(told(&app, &patient).await.contains(changed));
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let answers = log["entries"].as_array().unwrap().iter().filter(|entry| entry["action"] == "answer");
    assert_eq!(answers.map(|entry| entry["actor"]["name"].clone()).collect::<Vec<_>>(), [json!("Riverside")]);
    // Not right yet: the administrators owe an answer, and what the software makes of it next is told again.
    let case = cases(&app, &patient).await.remove(0);
    assert_eq!(case["may"], json!(["say", "object", "close"]));
    let object = json!({ "text": "I have no headache either." });
    app.post(&format!("/api/cases/{}/object", case["id"]), &patient, object).await.expect(200);
    app.delete(&path, &clinic).await.expect(204);
    assert_eq!(seen().await, (json!("answered"), json!("changed"), json!(4)));
    assert_eq!(told(&app, &patient).await.matches(changed).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_guardian_asks_in_the_childs_name_and_the_log_names_both() {
    let clock = kernel::FixedClock::at(kernel::Timestamp::parse("2026-03-01T12:00:00Z").unwrap());
    let app = TestApp::with_clock(std::sync::Arc::new(clock));
    let (parent, child, _) = super::family::parent(&app, "Asha Rao").await;
    let member = app.practitioner("Dr Kim Lee", &["Riverside"]).await;
    let bundle = sample::transaction(&[sample::condition(&child, "Migraine")]).to_string();
    app.import_for(Some("Riverside"), bundle).await;
    let path = format!("/fhir/Condition?patient={child}");
    let found = app.send_in(&child, "GET", &path, &parent, None).await.expect(200).json();
    let id = found["entry"][0]["resource"]["id"].as_str().unwrap();
    let made = app.send_in(&child, "POST", "/api/corrections", &parent, Some(form(id))).await.expect(201).json();
    assert_eq!((&made["patient"], &made["messages"][0]["name"]), (&json!("Mila Rao"), &json!("Asha Rao")));
    assert_eq!(cases(&app, &member).await[0]["patient"], "Mila Rao");
    assert!(cases(&app, &parent).await.is_empty(), "it is the child's");
    let log = app.send_in(&child, "GET", "/api/ledger/entries", &parent, None).await.expect(200).json();
    let entry = log["entries"].as_array().unwrap().iter().find(|entry| entry["action"] == "dispute").unwrap();
    assert_eq!((&entry["actor"]["name"], &entry["ground"]), (&json!("Asha Rao"), &json!("guardianship")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_imported_reaches_the_doctor_whom_the_entry_names_if_they_have_an_account_here() {
    let app = TestApp::start();
    let (patient, admin) = (app.patient("Asha Rao").await, app.administrator("Ada Min").await);
    let (doctor, other) = (app.practitioner("Dr Kim Lee", &[]).await, app.practitioner("Dr Ole Other", &[]).await);
    // Whom no account stands for comes first, in a list of several, and the doctor in a role.
    let elsewhere = json!({ "resourceType": "Practitioner", "name": [{ "text": "Dr Far Away" }] });
    let role = json!({ "resourceType": "PractitionerRole", "practitioner": { "reference": format!("Practitioner/{}", doctor.id) } });
    let urns = ["urn:uuid:6b6ed376-18e0-4f0a-a5b4-d2a2d4e2d0a1", "urn:uuid:6b6ed376-18e0-4f0a-a5b4-d2a2d4e2d0a2"];
    let mut bundle = sample::transaction(&[elsewhere, role]);
    (0..2).for_each(|n| bundle["entry"][n]["fullUrl"] = urns[n].into());
    let mut reading = sample::heart_rate(&patient.id, "2026-02-01T08:00:00Z", 90.0);
    reading["performer"] = json!([{ "reference": urns[0] }, { "reference": urns[1] }]);
    let post = json!({ "resource": reading, "request": { "method": "POST", "url": "Observation" } });
    bundle["entry"].as_array_mut().unwrap().push(post);
    app.import_for(None, bundle.to_string()).await;
    let found = app.get(&format!("/fhir/Observation?patient={}", patient.id), &patient).await.expect(200).json();
    let id = found["entry"][0]["resource"]["id"].clone();
    let asked = json!({ "type": "Observation", "id": id, "reason": REASON });
    let made = app.post("/api/corrections", &patient, asked.clone()).await.expect(201).json();
    assert_eq!((&made["reader"]["name"], &made["reader"]["role"]), (&json!("Dr Kim Lee"), &json!("practitioner")));
    assert!(told(&app, &doctor).await.contains("A patient says that an entry of yours is wrong"));
    assert!(told(&app, &admin).await.contains("A patient says that an entry by Dr Kim Lee is wrong"));
    assert_eq!((cases(&app, &other).await.len(), told(&app, &other).await.contains("is wrong")), (0, false));
    let seen = cases(&app, &doctor).await.remove(0);
    assert_eq!((&seen["record"], &seen["may"]), (&Value::Null, &json!(["say", "decline"])), "a case opens no record");
    let path = format!("/api/cases/{}", made["id"]);
    let why = json!({ "text": "The strip of that day says so." });
    app.post(&format!("{path}/decline"), &other, why.clone()).await.expect(404);
    let said = app.post(&format!("{path}/decline"), &doctor, why).await.expect(200).json();
    assert_eq!((&said["state"], &said["outcome"]), (&json!("answered"), &json!("declined")));
    // Whose account is locked answers nothing: the administrators do.
    app.post(&format!("{path}/close"), &patient, Value::Null).await.expect(200);
    app.post(&format!("/api/admin/users/{}/lock", doctor.account), &admin, json!({})).await.expect(200);
    let made = app.post("/api/corrections", &patient, asked).await.expect(201).json();
    assert_eq!(made["reader"]["name"], "HealthSync's administrators");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_who_is_named_and_works_elsewhere_hears_of_it_beside_the_people_of_whoever_keeps_the_entry() {
    let app = TestApp::start();
    let patient = app.patient("Asha Rao").await;
    let clinic = app.service("Riverside", "Riverside").await;
    let (named, member) =
        (app.practitioner("Dr Kim Lee", &["Hillside"]).await, app.practitioner("Dr Una Else", &["Riverside"]).await);
    app.grant_with(&patient, &member, json!({ "grantee": { "type": "organization", "id": clinic.organization } }))
        .await;
    let mut entry = sample::condition(&patient.id, "Migraine");
    entry["recorder"] = json!({ "reference": format!("Practitioner/{}", named.id) });
    app.import_for(Some("Riverside"), sample::transaction(&[entry]).to_string()).await;
    let found = app.get(&format!("/fhir/Condition?patient={}", patient.id), &patient).await.expect(200).json();
    let mut entry = found["entry"][0]["resource"].clone();
    let id = entry["id"].as_str().unwrap().to_owned();
    let made = app.post("/api/corrections", &patient, form(&id)).await.expect(201).json();
    assert_eq!((&made["reader"]["name"], &made["reader"]["organization"]), (&json!("Dr Kim Lee"), &json!("Riverside")));
    for who in [&named, &member] {
        assert!(told(&app, who).await.contains("A patient says that an entry of yours is wrong"));
        assert_eq!(cases(&app, who).await.len(), 1);
    }
    // What the clinic's software does is not said to be the doctor's deed.
    entry["code"] = json!({ "text": "Headache" });
    app.put(&format!("/fhir/Condition/{id}"), &clinic, entry).await.expect(200);
    assert!(told(&app, &patient).await.contains("Riverside changed an entry that you say is wrong"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_whose_access_does_not_cover_the_entry_is_not_led_to_it() {
    let app = TestApp::start();
    let (patient, doctor) = (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &[]).await);
    let all = app.grant(&patient, &doctor).await;
    let id = written(&app, &patient, &doctor).await;
    app.grant_with(&patient, &doctor, json!({ "categories": ["immunization"] })).await;
    app.post("/api/corrections", &patient, form(&id)).await.expect(201);
    assert_eq!(cases(&app, &doctor).await[0]["record"], json!(patient.id));
    app.revoke(&patient, &all).await;
    let seen = cases(&app, &doctor).await.remove(0);
    assert_eq!((&seen["record"], &seen["may"]), (&Value::Null, &json!(["say", "decline"])));
}
