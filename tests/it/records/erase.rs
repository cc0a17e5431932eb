//! `healthsync erase` beside a running server: afterwards nothing of theirs opens, and nobody else lost anything.

use crate::process::{Place, Running, Wire};
use memchr::memmem;
use serde_json::{Value, json};
use testkit::{PASSWORD, sample};

/// A record with old versions, a deletion and an account.
fn fill(place: &Place, lab: &mut Wire, id: &str) {
    let patient =
        |family: &str| json!({ "resourceType": "Patient", "id": id, "name": [{ "family": format!("{family}-{id}") }] });
    lab.put(&format!("/fhir/Patient/{id}"), &patient("Before")).expect(201);
    lab.put(&format!("/fhir/Patient/{id}"), &patient("After")).expect(200);
    for value in [60.0, 61.0, 62.0] {
        let mut reading = sample::heart_rate(id, "2026-01-05T08:00:00Z", value);
        reading["id"] = format!("{id}-reading").into();
        lab.put(&format!("/fhir/Observation/{id}-reading"), &reading);
    }
    let mut condition = sample::condition(id, "Hypertension");
    for end in ["problem", "mistake"] {
        condition["id"] = format!("{id}-{end}").into();
        lab.put(&format!("/fhir/Condition/{id}-{end}"), &condition).expect(201);
    }
    lab.send("DELETE", &format!("/fhir/Condition/{id}-mistake"), "").unwrap().expect(204);
    let email = format!("{id}@example.org");
    let user = ["user", "add", "--username", id, "--password", PASSWORD, "--role", "patient", "--patient", id];
    place.run(&[&user[..], &["--email", &email]].concat());
}

/// Everything there is to ask about a record.
fn paths(id: &str) -> Vec<String> {
    let mut all: Vec<String> =
        ["timeline", "timeline/outline", "timeline/choices", "counts", "summary", "series", "series/8867-4", "photo"]
            .iter()
            .map(|view| format!("/api/patients/{id}/{view}"))
            .collect();
    for resource in [
        format!("Patient/{id}"),
        format!("Observation/{id}-reading"),
        format!("Condition/{id}-problem"),
        format!("Condition/{id}-mistake"),
    ] {
        all.extend(["", "/_history", "/_history/1", "/_history/2"].map(|end| format!("/fhir/{resource}{end}")));
    }
    for query in ["Observation?subject=", "Observation?patient=", "Condition?patient=Patient/", "Patient?_id="] {
        all.push(format!("/fhir/{query}{id}"));
        all.push(format!("/fhir/{query}{id}&_summary=count"));
    }
    all
}

fn answers(wire: &mut Wire, id: &str) -> Vec<(String, u16, String)> {
    paths(id)
        .into_iter()
        .map(|path| {
            let answer = wire.get(&path);
            (path, answer.status, answer.body)
        })
        .collect()
}

fn assert_nothing(wire: &mut Wire, id: &str, who: &str) {
    for (path, status, body) in answers(wire, id) {
        if path.contains('?') {
            let found: Value = serde_json::from_str(&body).unwrap();
            assert_eq!((status, &found["total"], found.get("entry")), (200, &json!(0), None), "{who} {path}: {body}");
        } else {
            assert_eq!(status, 404, "{who} {path}: {body}");
        }
        assert!(!body.contains("Hypertension") && !body.contains("After"), "{who} {path}: {body}");
    }
}

struct Scene {
    place: Place,
    server: Running,
    lab: Wire,
    doctor: Wire,
    leaving: Wire,
    staying: Wire,
}

/// Two patients with the same doctor.
fn set() -> Scene {
    let place = Place::new("error");
    let token = place.run(&["token", "create", "--service", "lab", "--organization", "Riverside"]).trim().to_owned();
    let server = place.serve();
    let mut lab = server.wire(&token);
    fill(&place, &mut lab, "leaving");
    fill(&place, &mut lab, "staying");
    let user = ["user", "add", "--username", "dr-kim", "--password", PASSWORD, "--role", "practitioner"];
    place.run(&[&user[..], &["--name", "Dr Kim Lee"]].concat());
    let mut doctor = server.sign_in("dr-kim", PASSWORD);
    let session = doctor.get("/api/auth/session").expect(200).json();
    let grant = json!({
        "grantee": { "type": "practitioner", "id": session["account"]["practitioner"] }, "categories": null,
        "from": null, "to": null, "labels": [], "purpose": "treatment", "until": null, "note": "Look after me",
    });
    for patient in ["leaving", "staying"] {
        let email = format!("{patient}@example.org");
        let asked = json!({ "patient": email, "reason": "Follow-up", "categories": null, "days": 30 });
        doctor.post("/api/access-requests", &asked).expect(202);
    }
    let (mut leaving, mut staying) = (server.sign_in("leaving", PASSWORD), server.sign_in("staying", PASSWORD));
    leaving.post("/api/grants", &grant).expect(201);
    staying.post("/api/grants", &grant).expect(201);
    Scene { place, server, lab, doctor, leaving, staying }
}

/// The wrapped key of a record, as it stands in the database.
fn key_of(place: &Place, id: &str) -> (i64, Vec<u8>) {
    let house = place.house();
    let idh = house.vault.terms().hash(b"id", &[b"Patient", id.as_bytes()]);
    let found = house.db.read_blocking(move |tx| {
        tx.query(
            "SELECT k.owner, k.wrapped FROM data_key k JOIN resource r ON r.rid = k.owner WHERE r.idh = ?1",
            &[idh.into()],
            |row| Ok::<_, db::DbError>((row.int(0)?, row.blob(1)?.to_vec())),
        )
    });
    found.unwrap().pop().unwrap()
}

#[test]
fn after_erasing_nothing_of_the_record_opens_and_everybody_else_keeps_theirs() {
    let mut scene = set();
    let (owner, key) = key_of(&scene.place, "leaving");
    assert!(scene.place.is_postgres() || is_on_disk(&scene.place, &key), "the key is there to be destroyed");
    for wire in [&mut scene.lab, &mut scene.doctor, &mut scene.leaving] {
        wire.get("/fhir/Condition/leaving-problem").expect(200);
    }
    let patients = scene.doctor.get("/api/my-patients").expect(200).body;
    assert!(patients.contains("\"leaving\"") && patients.contains("\"staying\""), "{patients}");
    let before = answers(&mut scene.staying, "staying");
    let seen_before = answers(&mut scene.doctor, "staying");
    assert!(before.iter().filter(|(_, status, _)| *status == 200).count() > 15, "{before:#?}");

    let told = scene.place.run(&["erase", "leaving", "--yes"]);
    assert!(told.contains("were erased"), "{told}");

    assert_nothing(&mut scene.lab, "leaving", "the clinic");
    assert_nothing(&mut scene.doctor, "leaving", "the doctor");
    scene.leaving.get("/fhir/Patient/leaving").expect(401);
    let form = json!({ "username": "leaving", "password": PASSWORD });
    scene.server.wire("").post("/api/auth/login", &form).expect(401);
    for path in ["/api/my-patients", "/api/grants", "/api/access-requests"] {
        let body = scene.doctor.get(path).expect(200).body;
        assert!(!body.contains("leaving"), "{path}: {body}");
    }
    assert_eq!(answers(&mut scene.staying, "staying"), before, "somebody else's record");
    assert_eq!(answers(&mut scene.doctor, "staying"), seen_before, "what the doctor sees of somebody else");
    let again = scene.place.output(&["erase", "leaving", "--yes"]);
    assert_eq!(again.status.code(), Some(1), "{again:?}");

    let verified = scene.place.run(&["ledger", "verify"]);
    let erased = verified.lines().find_map(|line| line.strip_prefix("erased")).unwrap().trim().parse::<i64>();
    assert!(verified.contains("The ledger verifies.") && erased.clone().unwrap() > 10, "{verified}");
    assert_key_is_gone(&scene.place, owner, &key);
}

/// The id can be used again, for a record that has nothing of the old one.
#[test]
fn a_record_made_anew_under_the_same_id_has_nothing_of_the_old_one() {
    let mut scene = set();
    scene.place.run(&["erase", "leaving", "--yes"]);
    let patient = json!({ "resourceType": "Patient", "id": "leaving" });
    let made = scene.lab.put("/fhir/Patient/leaving", &patient).expect(201).json();
    assert_eq!(made["meta"]["versionId"], "1");
    scene.lab.get("/fhir/Patient/leaving/_history/2").expect(404);
    scene.doctor.get("/fhir/Patient/leaving").expect(404);
    let found = scene.lab.get("/fhir/Observation?patient=leaving").expect(200).json();
    assert_eq!(found["total"], 0);
    let verified = scene.place.run(&["ledger", "verify"]);
    assert!(verified.contains("The ledger verifies."), "{verified}");
}

/// Neither the row nor, where files can be read, its bytes in the file or the write-ahead log.
fn assert_key_is_gone(place: &Place, owner: i64, key: &[u8]) {
    let house = place.house();
    for table in ["data_key WHERE owner", "resource WHERE patient", "pt WHERE patient", "reach WHERE patient"] {
        let sql = format!("SELECT COUNT(*) FROM {table} = ?1");
        let count = house.db.read_blocking(move |tx| tx.count(&sql, &[owner.into()])).unwrap();
        assert_eq!(count, 0, "{table}");
    }
    drop(house);
    assert!(!is_on_disk(place, key), "the key is still in a file");
}

fn is_on_disk(place: &Place, key: &[u8]) -> bool {
    place.files().iter().any(|file| memmem::find(&std::fs::read(file).unwrap(), key).is_some())
}
