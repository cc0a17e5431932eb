//! `/api/auth/face`: enrolment and sign-in by the camera, with films made of real portraits.
//!
//! They need the portraits (`../shared/data/faces`) and models in the build (`scripts/npm-ci web`); without them each
//! test says so and ends.

use super::camera::{Phone, Scene, challenge, enrol, frames, login, scene, scene_of_faces};
use face::Gesture;
use serde_json::{Value, json};

/// Enrols the scene's first person, a patient, on a phone.
async fn enrolled(scene: &Scene) -> Phone {
    let phone = Phone::new();
    let asked = challenge(scene).await;
    let shown = frames(&scene.one, &asked);
    enrol(scene, &phone, &asked, &shown).await.expect(201);
    phone
}

#[tokio::test(flavor = "multi_thread")]
async fn an_enrolled_face_signs_in_on_its_device_and_reads_its_own_record() {
    let Some(scene) = scene().await else { return };
    let phone = enrolled(&scene).await;
    let asked = challenge(&scene).await;
    let answer = login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(200).json();
    assert_eq!(answer["account"]["patient"], scene.patient.id.as_str());
    let token = answer["token"].as_str().unwrap().to_owned();
    let me = testkit::Person { token, ..scene.patient.clone() };
    scene.app.get(&format!("/fhir/Patient/{}", me.id), &me).await.expect(200);

    let devices = scene.app.get("/api/auth/face/devices", &me).await.expect(200).json();
    assert_eq!(
        (&devices["devices"][0]["name"], devices["devices"][0]["lastUsed"].is_string()),
        (&json!("Phone"), true)
    );
    let inbox = scene.app.get("/api/inbox", &me).await.expect(200).json().to_string();
    assert!(inbox.contains("Face check set up"), "{inbox}");
    let ledger = scene.app.get("/api/ledger/entries", &me).await.expect(200).json().to_string();
    assert!(ledger.contains("face check enrolled"), "{ledger}");

    // Deleted, it opens nothing any more.
    let path = format!("/api/auth/face/devices/{}/delete", devices["devices"][0]["id"]);
    let stranger = scene.app.patient("Vik Stone").await;
    scene.app.post(&path, &stranger, Value::Null).await.expect(404);
    scene.app.post(&path, &scene.patient, Value::Null).await.expect(204);
    scene.app.post(&path, &scene.patient, Value::Null).await.expect(404);
    // Nor does what it opened go on; what was opened otherwise does.
    scene.app.get("/api/auth/sessions", &me).await.expect(401);
    scene.app.get("/api/auth/sessions", &scene.patient).await.expect(200);
    let asked = challenge(&scene).await;
    login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_portrait_of_the_same_person_signs_in_as_well() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    let asked = challenge(&scene).await;
    login(&scene, &phone, &asked, &frames(&scene.one_later(), &asked)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_person_a_photo_a_replay_and_another_device_are_refused_in_the_same_words() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = Phone::new();
    let recorded_for = challenge(&scene).await;
    let recording = frames(&scene.one, &recorded_for);
    enrol(&scene, &phone, &recorded_for, &recording).await.expect(201);
    let mut said = Vec::new();

    let asked = challenge(&scene).await;
    said.push(login(&scene, &phone, &asked, &frames(&scene.other(), &asked)).await.expect(401).json());

    let asked = challenge(&scene).await;
    let still = scene.one.frames(&asked, |_, _| (Gesture::Blink, 0.0));
    said.push(login(&scene, &phone, &asked, &still).await.expect(401).json());

    // The recording shows its gestures at the very moments, but others were asked for.
    let asked = loop {
        let asked = challenge(&scene).await;
        if asked["prompts"][0]["gesture"] != recorded_for["prompts"][0]["gesture"] {
            break asked;
        }
    };
    let moments = asked["frames"].as_array().unwrap().iter().map(|at| at.as_u64().unwrap() as u32);
    let replayed: Vec<(u32, Vec<u8>)> = moments.zip(&recording).map(|(at, (_, jpeg))| (at, jpeg.clone())).collect();
    said.push(login(&scene, &phone, &asked, &replayed).await.expect(401).json());

    // The right face on a device that was never enrolled, and one that knows the key but not the secret.
    let asked = challenge(&scene).await;
    let shown = frames(&scene.one, &asked);
    said.push(login(&scene, &Phone::new(), &asked, &shown).await.expect(401).json());
    let asked = challenge(&scene).await;
    let shown = frames(&scene.one, &asked);
    said.push(login(&scene, &phone.with_another_secret(), &asked, &shown).await.expect(401).json());

    assert!(said.iter().all(|one| one == &said[0]), "{said:?}");
    assert_eq!(said[0]["kind"], "login-failed");
    // Five failures in a row from one place cost thirty seconds.
    scene.clock.advance_ms(31_000);
    let asked = challenge(&scene).await;
    login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_account_hears_the_same_as_a_known_one() {
    let Some(mut scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    let asked = challenge(&scene).await;
    let wrong = login(&scene, &phone, &asked, &frames(&scene.other(), &asked)).await.expect(401).json();
    scene.patient.username = "nobody-at-all".to_owned();
    let asked = challenge(&scene).await;
    let unknown = login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(401).json();
    assert_eq!(wrong, unknown);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_challenge_is_good_once_for_a_minute_and_only_as_signed() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    let asked = challenge(&scene).await;
    let shown = frames(&scene.one, &asked);
    login(&scene, &phone, &asked, &shown).await.expect(200);
    let again = login(&scene, &phone, &asked, &shown).await.expect(401).json();
    assert_eq!(again["kind"], "face-over");

    let asked = challenge(&scene).await;
    scene.clock.advance_ms(61_000);
    let late = login(&scene, &phone, &asked, &shown).await.expect(401).json();
    assert_eq!(late["kind"], "face-over");

    // Too early: frames that cannot have been taken yet.
    let asked = super::camera::challenge_at_once(&scene).await;
    let early = login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(401).json();
    assert_eq!(early["kind"], "login-failed");

    // A frame that is not the one that was signed.
    let asked = challenge(&scene).await;
    let mut form = phone.form("login", &scene.patient.username, &asked, &frames(&scene.one, &asked));
    form["frames"][3]["picture"] = form["frames"][4]["picture"].clone();
    form["username"] = json!(scene.patient.username);
    scene.app.post("/api/auth/face/login", None, form).await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn descriptions_instead_of_pictures_are_refused() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    let asked = challenge(&scene).await;
    let numbers: Vec<(u32, Vec<u8>)> =
        frames(&scene.one, &asked).into_iter().map(|(at, _)| (at, [0.1f32.to_le_bytes(); 128].concat())).collect();
    let said = login(&scene, &phone, &asked, &numbers).await.expect(422).json();
    assert_eq!(said["issues"][0]["path"], "frames[0].picture");
    let mut form = phone.form("login", &scene.patient.username, &asked, &[]);
    form["username"] = json!(scene.patient.username);
    form["descriptor"] = json!([0.1, 0.2]);
    scene.app.post("/api/auth/face/login", None, form).await.expect(400);
}

#[tokio::test(flavor = "multi_thread")]
async fn enrolling_needs_consent_and_a_living_face_and_says_what_to_do_better() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = Phone::new();
    let asked = challenge(&scene).await;
    let mut form = phone.form("enrol", "", &asked, &frames(&scene.one, &asked));
    form["name"] = json!("Phone");
    form["consent"] = json!(false);
    scene.app.post("/api/auth/face/devices", &scene.patient, form).await.expect(422);
    let still = scene.one.frames(&asked, |_, _| (Gesture::Blink, 0.0));
    let said = enrol(&scene, &phone, &asked, &still).await.expect(422).json();
    assert_eq!(said["kind"], "face-unclear");
    assert_eq!(said["issues"][0]["code"], asked["prompts"][0]["gesture"]);
    let devices = scene.app.get("/api/auth/face/devices", &scene.patient).await.expect(200).json();
    assert_eq!(devices["devices"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_slow_down_the_face_check_of_the_device_and_nothing_else() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    for _ in 0..5 {
        let asked = challenge(&scene).await;
        let still = scene.one.frames(&asked, |_, _| (Gesture::Blink, 0.0));
        login(&scene, &phone, &asked, &still).await.expect(401);
    }
    let asked = super::camera::challenge_at_once(&scene).await;
    scene.clock.advance_ms(13_000);
    login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(429);
    // A password is another method.
    let form = json!({ "username": scene.patient.username, "password": testkit::PASSWORD });
    scene.app.post("/api/auth/login", None, form).await.expect(200);
    let inbox = scene.app.get("/api/inbox", &scene.patient).await.expect(200).json().to_string();
    assert!(inbox.contains("Failed face checks"), "{inbox}");
    scene.clock.advance_ms(31_000);
    let asked = challenge(&scene).await;
    login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_switches_it_off_and_on() {
    let Some(scene) = scene().await else { return };
    let admin = scene.app.administrator("Ada").await;
    let phone = enrolled(&scene).await;
    scene.app.post("/api/admin/face", &scene.patient, json!({ "enabled": false })).await.expect(403);
    let asked = challenge(&scene).await;
    scene.app.post("/api/admin/face", &admin, json!({ "enabled": false })).await.expect(200);
    assert_eq!(scene.app.get("/api/auth/face", None).await.expect(200).json(), json!({ "available": false }));
    let said = login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(409).json();
    assert_eq!(said["kind"], "face-off");
    scene.app.post("/api/auth/face/challenge", None, json!({})).await.expect(409);
    scene.app.post("/api/admin/face", &admin, json!({ "enabled": true })).await.expect(200);
    let asked = challenge(&scene).await;
    login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_counts_only_for_what_it_was_signed_for() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    for (purpose, path, username, more) in [
        ("enrol", "/api/auth/face/login", scene.patient.username.as_str(), "username"),
        ("login", "/api/auth/face/devices", "", "name"),
    ] {
        let asked = challenge(&scene).await;
        let mut form = phone.form(purpose, username, &asked, &frames(&scene.one, &asked));
        form[more] = json!(scene.patient.username);
        if path.ends_with("devices") {
            form["consent"] = json!(true);
        }
        let refused = scene.app.post(path, &scene.patient, form).await.expect(401).json();
        assert_eq!(refused["kind"], "login-failed", "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_failed_checks_switch_it_off() {
    let Some(scene) = scene_of_faces().await else { return };
    let phone = enrolled(&scene).await;
    let account = scene.patient.account;
    for (failures, status) in [(99, 200), (100, 401)] {
        let sql = "INSERT INTO face_failure (account, count) VALUES (?1, ?2)";
        let failed = scene.app.house.db.write(move |tx| tx.execute(sql, &[account.into(), failures.into()]));
        assert_eq!(failed.await.unwrap(), 1, "a check that was passed forgets them");
        let asked = challenge(&scene).await;
        login(&scene, &phone, &asked, &frames(&scene.one, &asked)).await.expect(status);
    }
}
