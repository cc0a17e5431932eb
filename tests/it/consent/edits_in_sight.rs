//! What a patient approves is what they read; what a visit lands belongs where it should, and takes nothing out of sight.

use super::sealed_edits::{Scene, adding, condition, scene};
use serde_json::{Value, json};
use testkit::Reply;

impl Scene {
    /// A visit that the patient opened for the doctor.
    async fn visit(&self) {
        let asked = json!({ "patient": self.patient.id });
        let session = self.app.post("/api/edit-sessions", &self.doctor, asked).await.expect(201).json();
        let path = |verb: &str| format!("/api/edit-sessions/{}/{verb}", session["id"]);
        let code = self.app.post(&path("code"), &self.patient, Value::Null).await.expect(200).json();
        self.app.post(&path("open"), &self.doctor, json!({ "code": code["code"] })).await.expect(200);
    }

    async fn correct(&self, resource: &Value) -> Reply {
        let changes = json!([{ "act": "correct", "resource": resource }]);
        let form = json!({ "patient": self.patient.id, "reason": "Seen again", "changes": changes });
        self.app.post("/api/edits", &self.doctor, form).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_visit_what_takes_an_entry_out_of_sight_needs_a_code_like_a_removal() {
    let s = scene().await;
    let allergy = |id: &str, verification: &str, clinical: &str| {
        let coded = |name: &str, code: &str| {
            let system = format!("http://terminology.hl7.org/CodeSystem/allergyintolerance-{name}");
            json!({ "coding": [{ "system": system, "code": code }] })
        };
        let mut allergy = json!({
            "resourceType": "AllergyIntolerance", "id": id, "code": { "text": "Penicillin" },
            "patient": { "reference": format!("Patient/{}", s.patient.id) },
            "verificationStatus": coded("verification", verification),
        });
        if !clinical.is_empty() {
            allergy["clinicalStatus"] = coded("clinical", clinical);
        }
        allergy
    };
    let id = s.app.create(&allergy("penicillin", "confirmed", "active")).await;
    s.visit().await;
    for (verification, clinical) in [("entered-in-error", ""), ("refuted", "active"), ("confirmed", "resolved")] {
        let draft = s.correct(&allergy(&id, verification, clinical)).await.expect(201).json();
        s.land(&draft, None).await.expect(422);
    }
    let softer = s.correct(&allergy(&id, "unconfirmed", "active")).await.expect(201).json();
    s.land(&softer, None).await.expect(200);
    let wrong = s.correct(&allergy(&id, "entered-in-error", "")).await.expect(201).json();
    let code = s.code(&wrong).await;
    s.land(&wrong, Some(&code)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_takes_no_label_away_and_no_draft_speaks_of_who_set_one() {
    let s = scene().await;
    s.app.revoke(&s.patient, &s.grant).await;
    s.app.grant_with(&s.patient, &s.doctor, json!({ "labels": ["mental-health"] })).await;
    let label = json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "PSY" });
    let mut fear = condition(&s.patient.id, "Fear");
    fear["id"] = json!("fear");
    fear["meta"] = json!({ "security": [label] });
    let id = s.app.create(&fear).await;
    fear["id"] = json!(id);
    s.visit().await;
    fear["code"] = json!({ "text": "Fear of heights" });
    fear.as_object_mut().unwrap().remove("meta");
    let draft = s.correct(&fear).await.expect(201).json();
    assert!(!draft["changes"][0]["lines"].to_string().contains("PSY"), "{draft}");
    s.land(&draft, None).await.expect(200);
    let stands = s.app.get(&format!("/fhir/Condition/{id}"), &s.patient).await.expect(200).json();
    assert_eq!((&stands["meta"]["security"], &stands["code"]["text"]), (&json!([label]), &json!("Fear of heights")));
    // To take the label away is no change at all.
    let mut bare = stands.clone();
    bare["meta"].as_object_mut().unwrap().remove("security");
    s.correct(&bare).await.expect(422);
    let mut forged = adding(&s.patient.id, "Gout");
    let set_by = json!([{ "url": "https://healthsync.dev/fhir/label-set-by", "valueCode": "patient" }]);
    let security = json!([{ "extension": set_by, "system": label["system"], "code": "PSY" }]);
    forged["changes"][0]["resource"]["meta"] = json!({ "security": security });
    let refused = s.app.post("/api/edits", &s.doctor, forged).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "changes[0].resource.meta.security");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_patient_approves_reads_as_it_is_written() {
    let s = scene().await;
    let mut turned = adding(&s.patient.id, "Asthma");
    turned["changes"][0]["resource"]["note"] = json!([{ "text": "take 5\u{202e}0 mg" }]);
    let refused = s.app.post("/api/edits", &s.doctor, turned.clone()).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "changes[0].resource.note[0].text");
    turned["changes"][0]["resource"]["note"] = json!([{ "text": "Take 5 mg\n\tat night" }]);
    s.draft(turned.clone()).await;
    turned["reason"] = json!("Safe \u{2066}change");
    let refused = s.app.post("/api/edits", &s.doctor, turned).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "reason");
    let form = json!({ "patient": "a@b.example", "reason": "Knee\u{200b}", "categories": null, "days": 3 });
    let refused = s.app.post("/api/access-requests", &s.doctor, form).await.expect(422).json();
    assert_eq!(refused["issues"][0]["path"], "reason");
}

/// A doctor who works in two places was let in by way of the second: the first has nothing to do with it.
#[tokio::test(flavor = "multi_thread")]
async fn a_doctor_with_two_workplaces_writes_for_the_one_that_was_let_in() {
    let s = scene().await;
    let (first, second) = ("Riverside Clinic", "Hillside");
    let doctor = s.app.practitioner("Dr Two Places", &[first, second]).await;
    let desk = (s.app.service("One", first).await, s.app.service("Two", second).await);
    s.app.revoke(&s.patient, &s.grant).await;
    let grantee = json!({ "type": "organization", "id": desk.1.organization });
    s.app.grant_with(&s.patient, &doctor, json!({ "grantee": grantee })).await;
    let stranger = s.app.practitioner("Dr Ole Other", &[]).await;
    let unrelated = s.app.grant(&s.patient, &stranger).await;
    let s = Scene { doctor, ..s };

    let draft = s.draft(adding(&s.patient.id, "Asthma")).await;
    assert_eq!(draft["organization"], second);
    let code = s.code(&draft).await;
    let landed = s.land(&draft, Some(&code)).await.expect(200).json();
    let path = format!("/fhir/Condition/{}", landed["changes"][0]["id"].as_str().unwrap());
    s.app.get(&path, &desk.1).await.expect(200);
    s.app.get(&path, &desk.0).await.expect(404);

    s.visit().await;
    s.app.revoke(&s.patient, &unrelated).await;
    let draft = s.draft(adding(&s.patient.id, "Gout")).await;
    let landed = s.land(&draft, None).await.expect(200).json();
    let path = format!("/fhir/Condition/{}", landed["changes"][0]["id"].as_str().unwrap());
    s.app.get(&path, &desk.0).await.expect(404);

    s.app.get(&path, &s.doctor).await.expect(200);
    let log = s.app.get("/api/ledger/entries?reads=others", &s.patient).await.expect(200).json();
    let of_doctor = |entry: &&Value| entry["actor"]["name"] == "Dr Two Places";
    let entries: Vec<&Value> = log["entries"].as_array().unwrap().iter().filter(of_doctor).collect();
    assert!(entries.len() > 4, "{log}");
    assert!(entries.iter().all(|entry| entry["actor"]["organization"] == second), "{entries:?}");
}
