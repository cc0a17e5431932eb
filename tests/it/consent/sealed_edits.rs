//! Sealed edits: what a practitioner proposes lands by the patient's code for exactly that, and in no other way.

use kernel::{Clock, FixedClock, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use testkit::{Person, Reply, TestApp, sample};

pub fn condition(patient: &str, text: &str) -> Value {
    let mut condition = sample::condition(patient, text);
    condition.as_object_mut().unwrap().remove("id");
    condition
}

pub fn adding(patient: &str, text: &str) -> Value {
    json!({
        "patient": patient, "reason": "Found at today's visit",
        "changes": [{ "act": "add", "resource": condition(patient, text) }]
    })
}

pub struct Scene {
    pub app: TestApp,
    pub clock: Arc<FixedClock>,
    pub patient: Person,
    pub doctor: Person,
    pub grant: Value,
}

pub async fn scene() -> Scene {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-03-01T10:00:00Z").unwrap()));
    let app = TestApp::with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let (patient, doctor) =
        (app.patient("Asha Rao").await, app.practitioner("Dr Kim Lee", &["Riverside Clinic"]).await);
    let grant = app.grant(&patient, &doctor).await;
    Scene { app, clock, patient, doctor, grant }
}

impl Scene {
    pub async fn draft(&self, form: Value) -> Value {
        self.app.post("/api/edits", &self.doctor, form).await.expect(201).json()
    }

    pub async fn code(&self, draft: &Value) -> String {
        let path = format!("/api/edits/{}/code", draft["id"]);
        let reply = self.app.post(&path, &self.patient, json!({ "version": draft["version"] })).await;
        reply.expect(200).json()["code"].as_str().unwrap().to_owned()
    }

    pub async fn land(&self, draft: &Value, code: Option<&str>) -> Reply {
        self.app.post(&format!("/api/edits/{}/land", draft["id"]), &self.doctor, json!({ "code": code })).await
    }

    async fn conditions(&self) -> Vec<String> {
        let path = format!("/fhir/Condition?patient={}", self.patient.id);
        let found = self.app.get(&path, &self.patient).await.expect(200).json();
        let texts = found["entry"].as_array().cloned().unwrap_or_default();
        texts.iter().map(|e| e["resource"]["code"]["text"].as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// Another code than this.
fn other(code: &str) -> String {
    format!("{:08}", (code.parse::<u32>().unwrap() + 1) % 100_000_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_lands_by_the_patients_code_with_its_provenance_and_never_twice() {
    let s = scene().await;
    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    assert_eq!(draft["changes"][0]["title"], "Asthma");
    assert_eq!(s.conditions().await, [""; 0], "a draft changes nothing");

    let seen = s.app.get(&format!("/api/edits/{}", draft["id"]), &s.patient).await.expect(200).json();
    let lines = seen["changes"][0]["lines"].as_array().unwrap();
    assert!(lines.iter().any(|l| l["element"] == "code" && l["after"] == "Asthma"), "{seen}");

    let code = s.code(&draft).await;
    let landed = s.land(&draft, Some(&code)).await.expect(200).json();
    assert_eq!(landed["state"], "landed");
    assert_eq!(s.conditions().await, ["Asthma"]);
    s.land(&draft, Some(&code)).await.expect(409);

    let id = landed["changes"][0]["id"].as_str().unwrap();
    let found = s.app.get(&format!("/fhir/Provenance?patient={}", s.patient.id), &s.patient).await.expect(200).json();
    let provenance = &found["entry"][0]["resource"];
    let targets = provenance["target"].to_string();
    assert!(targets.contains(&format!("Condition/{id}/_history/1")), "{targets}");
    assert_eq!(provenance["agent"][0]["who"]["display"], "Dr Kim Lee");
    assert_eq!(provenance["agent"][1]["who"]["reference"], format!("Patient/{}", s.patient.id));
    assert!(provenance["signature"][0]["data"].as_str().unwrap().len() > 80);
    // The clinic's own software keeps what its doctor wrote.
    let desk = s.app.service("Desk", "Riverside Clinic").await;
    s.app.get(&format!("/fhir/Condition/{id}"), &desk).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_for_one_content_and_ends_by_time_tries_use_and_change() {
    let s = scene().await;
    let (one, two) = (s.draft(adding(&s.patient.id, "Asthma")).await, s.draft(adding(&s.patient.id, "Gout")).await);
    let code = s.code(&one).await;
    s.code(&two).await;
    // The code of one draft is a wrong one for another.
    s.land(&two, Some(&code)).await.expect(422);
    // A draft that was changed after the code was made is another draft.
    let form = adding(&s.patient.id, "Severe asthma");
    let form = json!({ "reason": form["reason"], "changes": form["changes"] });
    let changed = s.app.post(&format!("/api/edits/{}/change", one["id"]), &s.doctor, form).await.expect(200).json();
    assert_eq!(changed["version"], 2);
    s.land(&one, Some(&code)).await.expect(422);
    // What the patient has not seen is not approved.
    let path = format!("/api/edits/{}/code", one["id"]);
    s.app.post(&path, &s.patient, json!({ "version": 1 })).await.expect(409);

    let code = s.code(&changed).await;
    for left in ["4 tries are left", "3 tries are left", "2 tries are left", "One try is left", "tried too often"] {
        let refused = s.land(&changed, Some(&other(&code))).await.expect(422).text();
        assert!(refused.contains(left), "{refused}");
    }
    s.land(&changed, Some(&code)).await.expect(422);

    let code = s.code(&changed).await;
    for wrong in ["", "123", "abcdefgh"] {
        let refused = s.land(&changed, Some(wrong)).await.expect(422).text();
        assert!(refused.contains("eight digits"), "{refused}");
    }
    s.land(&changed, None).await.expect(422);
    s.clock.advance_ms(10 * 60_000);
    s.land(&changed, Some(&code)).await.expect(422);
    assert_eq!(s.conditions().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_corrections_of_one_entry_the_second_must_look_again() {
    let s = scene().await;
    let id = s.app.create(&sample::condition(&s.patient.id, "Asthma")).await;
    let stands = s.app.get(&format!("/fhir/Condition/{id}"), &s.doctor).await.expect(200).json();
    let correcting = |text: &str| {
        let mut corrected = stands.clone();
        corrected["code"] = json!({ "text": text });
        json!({
            "patient": s.patient.id, "reason": "Seen again", "changes": [{ "act": "correct", "resource": corrected }]
        })
    };
    let (one, two) = (s.draft(correcting("Mild asthma")).await, s.draft(correcting("Severe asthma")).await);
    assert_eq!(one["changes"][0]["lines"], json!([{ "element": "code", "before": "Asthma", "after": "Mild asthma" }]));
    let (first, second) = (s.code(&one).await, s.code(&two).await);
    s.land(&one, Some(&first)).await.expect(200);
    s.land(&two, Some(&second)).await.expect(409);
    assert_eq!(s.conditions().await, ["Mild asthma"]);
    // The old version stays visible.
    let old = s.app.get(&format!("/fhir/Condition/{id}/_history/1"), &s.patient).await.expect(200).json();
    assert_eq!(old["code"]["text"], "Asthma");
    let removing = json!({
        "patient": s.patient.id, "reason": "Wrong patient",
        "changes": [{ "act": "remove", "reference": format!("Condition/{id}") }]
    });
    let draft = s.draft(removing).await;
    let code = s.code(&draft).await;
    s.land(&draft, Some(&code)).await.expect(200);
    assert_eq!(s.conditions().await, [""; 0]);
    assert_eq!(s.app.get(&format!("/fhir/Condition/{id}/_history"), &s.patient).await.expect(200).json()["total"], 3);
}

/// Each corrects the very same version, and both codes are right: one lands, the other is told to look again, whoever was first.
#[tokio::test(flavor = "multi_thread")]
async fn of_two_doctors_at_once_one_lands_and_every_version_is_what_its_author_wrote() {
    const ROUNDS: u64 = 12;
    let s = scene().await;
    let other = s.app.practitioner("Dr Sam Roe", &["Hillside"]).await;
    s.app.grant(&s.patient, &other).await;
    let id = s.app.create(&sample::condition(&s.patient.id, "Asthma")).await;
    let doctors = [&s.doctor, &other];
    for round in 0..ROUNDS {
        let stands = s.app.get(&format!("/fhir/Condition/{id}"), &s.patient).await.expect(200).json();
        assert_eq!(stands["meta"]["versionId"], (round + 1).to_string());
        let mut landing = Vec::new();
        for (at, doctor) in doctors.into_iter().enumerate() {
            let mut corrected = stands.clone();
            corrected["code"] = json!({ "text": format!("Asthma, seen {round} by {at}") });
            let changes = json!([{ "act": "correct", "resource": corrected }]);
            let form = json!({ "patient": s.patient.id, "reason": "Seen again", "changes": changes });
            let draft = s.app.post("/api/edits", doctor, form).await.expect(201).json();
            landing.push((format!("/api/edits/{}/land", draft["id"]), json!({ "code": s.code(&draft).await }), doctor));
        }
        // Now the one, now the other is asked first; both are under way at once.
        landing.rotate_left(usize::try_from(round % 2).unwrap());
        let [(a, one, first), (b, two, second)] = <[_; 2]>::try_from(landing).unwrap();
        let (one, two) = tokio::join!(s.app.post(&a, first, one), s.app.post(&b, second, two));
        let mut statuses = [one.status, two.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "round {round}");
        let won = if one.status == 200 { first } else { second };
        let winner = doctors.iter().position(|doctor| doctor.id == won.id);
        let expected = format!("Asthma, seen {round} by {}", winner.unwrap());
        let path = format!("/fhir/Condition/{id}/_history/{}", round + 2);
        assert_eq!(s.app.get(&path, &s.patient).await.expect(200).json()["code"]["text"], expected);
    }
    let history = s.app.get(&format!("/fhir/Condition/{id}/_history?_count=50"), &s.patient).await.expect(200).json();
    assert_eq!(history["total"], ROUNDS + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visits_session_lands_drafts_for_half_an_hour_for_that_doctor_and_patient_only() {
    let s = scene().await;
    let other_patient = s.app.patient("Bo Berg").await;
    s.app.grant(&other_patient, &s.doctor).await;
    let asked = json!({ "patient": s.patient.id });
    let session = s.app.post("/api/edit-sessions", &s.doctor, asked.clone()).await.expect(201).json();
    assert_eq!(s.app.post("/api/edit-sessions", &s.doctor, asked).await.expect(201).json()["id"], session["id"]);
    let path = |verb: &str| format!("/api/edit-sessions/{}/{verb}", session["id"]);
    s.app.post(&path("code"), &other_patient, Value::Null).await.expect(404);
    let code = s.app.post(&path("code"), &s.patient, Value::Null).await.expect(200).json();
    let code = code["code"].as_str().unwrap();
    s.app.post(&path("open"), &s.doctor, json!({ "code": other(code) })).await.expect(422);
    let open = s.app.post(&path("open"), &s.doctor, json!({ "code": code })).await.expect(200).json();
    assert_eq!(open["state"], "open");

    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    s.land(&draft, None).await.expect(200);
    let theirs = s.draft(adding(&other_patient.id, "Gout")).await;
    s.land(&theirs, None).await.expect(422);
    // Removing needs a code, whatever is open.
    let id = s.app.create(&sample::condition(&s.patient.id, "Migraine")).await;
    let removing = json!({
        "patient": s.patient.id, "reason": "Wrong", "changes": [{ "act": "remove", "reference": format!("Condition/{id}") }]
    });
    let removal = s.draft(removing).await;
    s.land(&removal, None).await.expect(422);
    let late = s.draft(adding(&s.patient.id, "Gout")).await;
    // Nobody stays signed in for half an hour without doing anything.
    for _ in 0..3 {
        for who in [&s.doctor, &s.patient] {
            s.app.get("/api/edit-sessions", who).await.expect(200);
        }
        s.clock.advance_ms(10 * 60_000);
    }
    s.land(&late, None).await.expect(422);
    let mut stand = s.conditions().await;
    stand.sort();
    assert_eq!(stand, ["Asthma", "Migraine"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_ends_with_access_and_an_emergency_writes_nothing() {
    let s = scene().await;
    let session =
        s.app.post("/api/edit-sessions", &s.doctor, json!({ "patient": s.patient.id })).await.expect(201).json();
    let path = |verb: &str| format!("/api/edit-sessions/{}/{verb}", session["id"]);
    let code = s.app.post(&path("code"), &s.patient, Value::Null).await.expect(200).json();
    s.app.post(&path("open"), &s.doctor, json!({ "code": code["code"] })).await.expect(200);
    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    s.app.revoke(&s.patient, &s.grant).await;
    let emergency = json!({ "patient": s.patient.id, "reason": "Unconscious after a fall" });
    s.app.post("/api/break-glass", &s.doctor, emergency).await.expect(201);
    s.land(&draft, None).await.expect(404);
    s.app.post("/api/edits", &s.doctor, adding(&s.patient.id, "Gout")).await.expect(404);
    s.app.post("/api/edit-sessions", &s.doctor, json!({ "patient": s.patient.id })).await.expect(404);
    let sessions = s.app.get("/api/edit-sessions", &s.doctor).await.expect(200).json();
    assert_eq!(sessions["sessions"], json!([]));
    let sessions = s.app.get("/api/edit-sessions", &s.patient).await.expect(200).json();
    assert_eq!(sessions["sessions"][0]["state"], "ended");
    assert_eq!(s.conditions().await, [""; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visit_goes_on_when_somebody_elses_access_ends() {
    let s = scene().await;
    let other = s.app.practitioner("Dr Ole Other", &[]).await;
    let theirs = s.app.grant(&s.patient, &other).await;
    let soon = s.clock.now().plus_minutes(2).to_rfc3339();
    s.app.grant_with(&s.patient, &other, json!({ "until": soon })).await;
    let session =
        s.app.post("/api/edit-sessions", &s.doctor, json!({ "patient": s.patient.id })).await.expect(201).json();
    let path = |verb: &str| format!("/api/edit-sessions/{}/{verb}", session["id"]);
    let code = s.app.post(&path("code"), &s.patient, Value::Null).await.expect(200).json();
    s.app.post(&path("open"), &s.doctor, json!({ "code": code["code"] })).await.expect(200);
    s.app.revoke(&s.patient, &theirs).await;
    s.clock.advance_ms(3 * 60_000);
    s.app.run_jobs().await;
    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    s.land(&draft, None).await.expect(200);
    // A second grant of their own keeps it open, the last one does not.
    let second = s.app.grant(&s.patient, &s.doctor).await;
    s.app.revoke(&s.patient, &s.grant).await;
    let state = async || {
        let sessions = s.app.get("/api/edit-sessions", &s.patient).await.expect(200).json();
        sessions["sessions"][0]["state"].clone()
    };
    assert_eq!(state().await, "open");
    s.app.revoke(&s.patient, &second).await;
    assert_eq!(state().await, "ended");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_gets_a_code_for_a_draft_that_nobody_could_land_and_saying_no_twice_is_saying_it_once() {
    let s = scene().await;
    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    s.app.revoke(&s.patient, &s.grant).await;
    let path = |verb: &str| format!("/api/edits/{}/{verb}", draft["id"]);
    let asked = json!({ "version": draft["version"] });
    let refused = s.app.post(&path("code"), &s.patient, asked.clone()).await.expect(409).text();
    assert!(refused.contains("no access"), "{refused}");
    for _ in 0..2 {
        s.app.post(&path("decline"), &s.patient, Value::Null).await.expect(204);
    }
    s.app.post(&path("code"), &s.patient, asked).await.expect(409);
    let inbox = s.app.get("/api/inbox", &s.doctor).await.expect(200).text();
    assert_eq!(inbox.matches("A patient declined your change").count(), 1, "{inbox}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_by_its_author_only_while_they_can_see_what_it_changes() {
    let s = scene().await;
    let id = s.app.create(&sample::condition(&s.patient.id, "Migraine")).await;
    let removing = json!({
        "patient": s.patient.id, "reason": "Wrong", "changes": [{ "act": "remove", "reference": format!("Condition/{id}") }]
    });
    let draft = s.draft(removing).await;
    let path = format!("/api/edits/{}", draft["id"]);
    s.app.get(&path, &s.doctor).await.expect(200);
    s.app.revoke(&s.patient, &s.grant).await;
    s.app.grant_with(&s.patient, &s.doctor, json!({ "categories": ["immunization"] })).await;
    s.app.get(&path, &s.doctor).await.expect(404);
    assert_eq!(s.app.get("/api/edits", &s.doctor).await.expect(200).json()["edits"], json!([]));
    // Nor can they draft what they could not see.
    s.app.post("/api/edits", &s.doctor, adding(&s.patient.id, "Gout")).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_for_a_visit_that_nobody_answered_is_over_after_a_day() {
    let s = scene().await;
    let asked = json!({ "patient": s.patient.id });
    let first = s.app.post("/api/edit-sessions", &s.doctor, asked.clone()).await.expect(201).json();
    s.clock.advance_ms(25 * 3_600_000);
    let login = json!({ "username": s.doctor.username, "password": testkit::PASSWORD });
    let login = s.app.post("/api/auth/login", None, login).await.expect(200).json();
    let again = Person { token: login["token"].as_str().unwrap().to_owned(), ..s.doctor.clone() };
    let second = s.app.post("/api/edit-sessions", &again, asked).await.expect(201).json();
    assert_ne!(second["id"], first["id"]);
    assert_eq!(second["state"], "waiting");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_draft_changes_is_shown_also_codes_and_labels() {
    let s = scene().await;
    let id = s.app.create(&sample::condition(&s.patient.id, "Prediabetes")).await;
    let stands = s.app.get(&format!("/fhir/Condition/{id}"), &s.doctor).await.expect(200).json();
    let mut corrected = stands.clone();
    corrected["code"]["coding"] = json!([{ "system": "http://snomed.info/sct", "code": "363406005" }]);
    corrected["text"] =
        json!({ "status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">Cancer</div>" });
    corrected["_onsetDateTime"] = json!({ "extension": [{ "url": "http://example.org/x", "valueString": "hidden" }] });
    let form = json!({
        "patient": s.patient.id, "reason": "Seen", "changes": [{ "act": "correct", "resource": corrected }]
    });
    let draft = s.draft(form).await;
    let lines = draft["changes"][0]["lines"].to_string();
    for word in ["363406005", "Cancer", "hidden"] {
        assert!(lines.contains(word), "{word} in {lines}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_need_a_live_grant_and_a_clinical_entry_of_that_patient_and_are_nobody_elses() {
    let s = scene().await;
    let stranger = s.app.practitioner("Dr Ole Other", &[]).await;
    s.app.post("/api/edits", &stranger, adding(&s.patient.id, "Asthma")).await.expect(404);
    s.app.post("/api/edits", &s.patient, adding(&s.patient.id, "Asthma")).await.expect(404);
    let bo = s.app.patient("Bo Berg").await;
    let of = |changes: Value| json!({ "patient": s.patient.id, "reason": "Why", "changes": changes });
    for wrong in [
        of(json!([])),
        of(json!([{ "act": "add", "resource": condition(&bo.id, "Asthma") }])),
        of(json!([{ "act": "add", "resource": { "resourceType": "Patient" } }])),
        of(json!([{ "act": "add", "resource": { "resourceType": "Condition", "flurb": 1 } }])),
        of(json!([{ "act": "correct", "resource": condition(&s.patient.id, "No id") }])),
        of(json!([{ "act": "remove", "reference": "Condition/nowhere" }])),
    ] {
        let refused = s.app.post("/api/edits", &s.doctor, wrong).await.expect(422).json();
        assert!(refused["issues"].to_string().contains("changes"), "{refused}");
    }
    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    let path = format!("/api/edits/{}", draft["id"]);
    s.app.get(&path, &stranger).await.expect(404);
    s.app.get(&path, &bo).await.expect(404);
    let code = s.code(&draft).await;
    s.app.post(&format!("{path}/land"), &stranger, json!({ "code": code })).await.expect(404);
    s.app.revoke(&s.patient, &s.grant).await;
    s.land(&draft, Some(&code)).await.expect(404);
    for _ in 0..2 {
        s.app.post(&format!("{path}/decline"), &s.patient, Value::Null).await.expect(204);
    }
    assert_eq!(s.conditions().await, [""; 0]);
}
