//! What people write when they meet at a desk, ask why somebody read, look after each other, or review an emergency.

use super::{PASSWORD, Place, Running, Wire};
use serde_json::{Value, json};

const QUESTION: &str = "Was it because of my Ruritanian cough";
const ANSWERED: &str = "I looked for the Syldavian vaccine";
const WRONG: &str = "Nobody in Graustark ever coughed";
const PROPOSAL: &str = "Ruritanian hiccups, once";
const STAYS: &str = "The Grand Fenwick laboratory was certain";
const OBJECTION: &str = "No Bordurian was ever ill";
const CHILD: &str = "Zephyrinella";
const CHILD_FAMILY: &str = "Ottenschlager-Krumm";
const RELATIVE: &str = "aunt.gwendolyth@mudflatharbour.example";
const GODPARENT: &str = "godparent.osric@mudflatharbour.example";
const LINKED: &str = "Birth certificate from Lower Puddlecombe";
const UNLINKED: &str = "The court at Lesser Wobbleford decided otherwise";
const REVIEWED: &str = "The Quillonian patient could be asked";

pub const WORDS: [&str; 13] = [
    QUESTION,
    ANSWERED,
    OBJECTION,
    WRONG,
    PROPOSAL,
    STAYS,
    CHILD,
    CHILD_FAMILY,
    RELATIVE,
    GODPARENT,
    LINKED,
    UNLINKED,
    REVIEWED,
];

/// Does all of it; returns the codes that were shown.
pub fn write(place: &Place, server: &Running, patient: &mut Wire, doctor: &mut Wire, username: &str) -> Vec<String> {
    let admin = ["user", "add", "--username", "canary-admin", "--password", PASSWORD, "--role", "administrator"];
    place.run(&admin);
    let mut admin = server.sign_in("canary-admin", PASSWORD);
    ask(patient, doctor);
    correct(patient, &mut admin);
    look_after(patient, &mut admin, username);
    let emergencies = admin.get("/api/admin/emergencies").expect(200).json();
    let found = json!({ "finding": "unjustified", "note": REVIEWED });
    let path = format!("/api/admin/emergencies/{}/review", emergencies["emergencies"][0]["id"]);
    admin.post(&path, &found).expect(200);
    let shown = patient.post("/api/desk", &Value::Null).expect(201).json();
    let code = shown["code"].as_str().unwrap().to_owned();
    doctor.post("/api/desk/meet", &json!({ "code": code })).expect(200);
    let form = json!({ "categories": null, "hours": 4 });
    patient.post(&format!("/api/desk/{}/give", shown["id"]), &form).expect(200);
    let unused = doctor.post("/api/desk", &Value::Null).expect(201).json();
    vec![code, unused["code"].as_str().unwrap().to_owned()]
}

/// Why did you read my record?
fn ask(patient: &mut Wire, doctor: &mut Wire) {
    let log = patient.get("/api/ledger/entries?reads=others&count=200").expect(200).json();
    let read = |entry: &&Value| entry["action"] == "read" && entry["actor"]["role"] == "practitioner";
    let seq = log["entries"].as_array().unwrap().iter().find(read).unwrap()["seq"].clone();
    let case = patient.post("/api/cases", &json!({ "entry": seq, "question": QUESTION })).expect(201).json();
    let path = format!("/api/cases/{}", case["id"]);
    doctor.post(&format!("{path}/messages"), &json!({ "text": ANSWERED })).expect(200);
    patient.post(&format!("{path}/object"), &json!({ "text": OBJECTION })).expect(200);
}

/// This entry is wrong.
fn correct(patient: &mut Wire, admin: &mut Wire) {
    let found = patient.get("/fhir/Condition?_count=1").expect(200).json();
    let id = &found["entry"][0]["resource"]["id"];
    let form = json!({ "type": "Condition", "id": id, "reason": WRONG, "proposal": PROPOSAL });
    let case = patient.post("/api/corrections", &form).expect(201).json();
    admin.post(&format!("/api/cases/{}/decline", case["id"]), &json!({ "text": STAYS })).expect(200);
}

/// A child with its guardian, people who were asked and are nobody here, and an administrator's reasons.
fn look_after(patient: &mut Wire, admin: &mut Wire, username: &str) {
    let child = json!({ "given": CHILD, "family": CHILD_FAMILY, "birthDate": "2020-02-29", "gender": "female" });
    let child = patient.post("/api/family/children", &child).expect(201).json()["patient"]["id"].clone();
    let form = json!({ "person": RELATIVE, "acts": true, "categories": null, "labels": [], "until": null });
    patient.post("/api/family/delegations", &form).expect(202);
    patient.post("/api/family/guardians", &json!({ "patient": child, "person": GODPARENT })).expect(202);
    let end = json!({ "reason": UNLINKED });
    let held = patient.get("/api/family").expect(200).json();
    let held = held["delegations"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["kind"] == "guardianship" && one["mine"] == true)
        .unwrap();
    admin.post(&format!("/api/admin/guardians/{}/end", held["id"]), &end).expect(204);
    let link = json!({ "patient": child, "person": username, "reason": LINKED });
    admin.post("/api/admin/guardians", &link).expect(201);
}
