//! `/api/records/grant-access`.

use kernel::{FixedClock, Timestamp};
use serde_json::json;
use std::sync::Arc;
use testkit::{TestApp, sample};

const PATH: &str = "/api/records/grant-access";

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_names_a_doctor_by_id_user_name_or_address_and_the_grant_is_the_page_s() {
    let start = Timestamp::parse("2026-11-22T08:00:00Z").unwrap();
    let app = TestApp::with_clock(Arc::new(FixedClock::at(start)));
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &["City Clinic"]).await;
    app.create(&sample::heart_rate(&patient.id, "2026-01-05T08:00:00Z", 73.5)).await;
    let mut ids = Vec::new();
    for name in [doctor.id.clone(), doctor.username.clone(), format!("{}@example.org", doctor.username)] {
        let form = json!({ "doctor": name, "kinds": ["vital"], "days": 30 });
        let grant = app.post(PATH, &patient, form).await.expect(201).json();
        assert_eq!(grant["grantee"]["id"], doctor.id);
        assert_eq!((&grant["until"], &grant["purpose"]), (&json!("2026-12-22T08:00:00.000Z"), &json!("treatment")));
        ids.push(grant["id"].clone());
    }
    assert!(ids.iter().all(|id| *id == ids[0]), "the same within ten seconds is one grant: {ids:?}");
    let listed = app.get("/api/grants", &patient).await.expect(200).json();
    assert_eq!(listed["grants"].as_array().unwrap().len(), 1);
    app.get(&format!("/api/doctors/patient-records/{}", patient.id), &doctor).await.expect(200);

    let clinic = doctor.organization.clone().unwrap();
    let form = json!({ "clinic": clinic, "kinds": null, "days": null, "sensitive": ["hiv"], "note": "Knee" });
    let grant = app.post(PATH, &patient, form).await.expect(201).json();
    assert_eq!((&grant["grantee"]["type"], &grant["until"]), (&json!("organization"), &json!(null)));
    assert_eq!((&grant["labels"], &grant["note"]), (&json!(["hiv"]), &json!("Knee")));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_would_widen_access_must_be_said_and_said_right() {
    let app = TestApp::start();
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    for (form, status, path) in [
        (json!({ "doctor": doctor.id, "days": 30 }), 400, ""),
        (json!({ "doctor": doctor.id, "kinds": null }), 400, ""),
        (json!({ "doctor": doctor.id, "kinds": null, "days": null, "forever": true }), 400, "forever"),
        (json!({ "doctor": doctor.id, "kinds": ["moods"], "days": null }), 400, "kinds[0]"),
        (json!({ "doctor": doctor.id, "kinds": [], "days": null }), 422, "kinds"),
        (json!({ "doctor": doctor.id, "kinds": null, "days": 0 }), 422, "days"),
        (json!({ "doctor": doctor.id, "kinds": null, "days": 9_999_999 }), 422, "days"),
        (json!({ "doctor": patient.username, "kinds": null, "days": 1 }), 422, "doctor"),
        (json!({ "clinic": doctor.id, "kinds": null, "days": 1 }), 422, "clinic"),
        (json!({ "kinds": null, "days": 1 }), 422, "doctor"),
    ] {
        let problem = app.post(PATH, &patient, form.clone()).await.expect(status).json();
        assert_eq!(problem["issues"][0]["path"], path, "{form} {problem}");
    }
    app.post(PATH, &doctor, json!({ "doctor": doctor.id, "kinds": null, "days": 1 })).await.expect(403);
    assert_eq!(app.get("/api/grants", &patient).await.json()["grants"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn giving_access_needs_a_fresh_proof_and_says_how() {
    let clock = Arc::new(FixedClock::at(Timestamp::parse("2026-11-22T08:00:00Z").unwrap()));
    let app = TestApp::with_clock(clock.clone());
    let patient = app.patient("Odette Quillfeather").await;
    let doctor = app.practitioner("Dr Reader", &[]).await;
    clock.advance_ms(6 * 60_000);
    let form = json!({ "doctor": doctor.id, "kinds": null, "days": 1 });
    assert_eq!(app.post(PATH, &patient, form.clone()).await.expect(401).json()["kind"], "step-up");
    let patient = app.confirmed(&patient).await;
    app.post(PATH, &patient, form).await.expect(201);
}
