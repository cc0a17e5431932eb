//! A stolen database names nobody: unmistakable words go in through every door, and then every byte that the server left
//! behind is searched for them, as they are and in each form in which bytes are usually written down.

mod care;
mod doors;
mod papers;
mod scan;

use crate::process::{AGENT, Place, Running, Wire};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ledger::House;
use scan::{Haystack, finds};
use serde_json::{Value, json};
use std::path::Path;

/// Words that stand nowhere else. The short ones are long enough that chance does not write them.
const ID: &str = "quibblethorpe-4471";
const OBSERVATION: &str = "snazzlewick-8812";
const FAMILY: &str = "Wexlerbrandt";
const GIVEN: &str = "Oddvarlind";
const FORMER: &str = "Plumfordite";
const IDENTIFIER: &str = "MRN-90417735526";
const STREET: &str = "17 Grumblebarrow Lane";
const CITY: &str = "Fenwickhollow";
const PHONE: &str = "+15550199447731";
const EMAIL: &str = "kestrelvane@mudflatharbour.example";
const USERNAME: &str = "glimmerstoat77";
const PASSWORD: &str = "Trombonistic-Heron-55";
const DIAGNOSIS: &str = "Zubenelgenubi fever";
const CODE: &str = "774411882003";
const DISPLAY: &str = "Marzipanosis";
const UNIT: &str = "flurbles";
const NOTE: &str = "She said that her parakeet Ignatzius had died";
const CORRECTED: &str = "Bandersnatchian rhythm";
const LETTER: &str = "Dear colleague, the Vorpalsteen graft took";
const TITLE: &str = "Letter about Mrs Jabberling";
const MESSAGE: &str = "Please call back, Thistledownish pain again";
const GRANT_NOTE: &str = "For my Cloudberrian check-up";
const EMERGENCY: &str = "Found unconscious beside a Sprocketwhistle";
const PROPOSED: &str = "Wafflethistle syndrome";
const PROPOSAL: &str = "Because of the Quagmirian scan";
const REASON: &str = "I am your new Pondicherrian cardiologist";
const TYPED: &str = "ignominious.ferret@nowhere.example";
const DOCTOR: &str = "Dr Halcyonetta Birch";
const SEARCHED: &str = "Xylographer";
const REGISTERED: &str = "Umbriel-Castellane";
const REGISTERED_EMAIL: &str = "umbriel.c@mudflatharbour.example";
const WRONG_PASSWORD: &str = "Not-My-Heron-66";
const APPLICANT: &str = "Dr Peregrinette Ashgrove";
const APPLICANT_EMAIL: &str = "ashgrove@mudflatharbour.example";
const REGISTRATION: &str = "QX-8841-ZWR-3307";
const LICENCE: &str = "This licence names Peregrinette as a surgeon";
const LICENCE_NAME: &str = "thimblewort-licence.pdf";
const IMPORTED: &str = "Tarantellatic gait";
const LINK: &str = "For my Wigglesworthian dentist";
const PASSCODE: &str = "Quaggaphone-3391";
const WRONG_PASSCODE: &str = "Quaggaphone-3392";
const RECIPIENT: &str = "Dr Fennimorean Stoat";
const CARD_NOTE: &str = "Faints at Brindlewhortle tape";
const CONTACT: &str = "Auntie Squabblethwaite";

fn words() -> Vec<&'static str> {
    [
        ID,
        OBSERVATION,
        FAMILY,
        GIVEN,
        FORMER,
        IDENTIFIER,
        STREET,
        CITY,
        PHONE,
        EMAIL,
        USERNAME,
        PASSWORD,
        DIAGNOSIS,
        CODE,
        DISPLAY,
        UNIT,
        NOTE,
        CORRECTED,
        LETTER,
        TITLE,
        MESSAGE,
        GRANT_NOTE,
        REASON,
        EMERGENCY,
        PROPOSED,
        PROPOSAL,
        TYPED,
        DOCTOR,
        SEARCHED,
        REGISTERED,
        REGISTERED_EMAIL,
        WRONG_PASSWORD,
        APPLICANT,
        APPLICANT_EMAIL,
        REGISTRATION,
        LICENCE,
        LICENCE_NAME,
        IMPORTED,
        LINK,
        PASSCODE,
        WRONG_PASSCODE,
        RECIPIENT,
        CARD_NOTE,
        CONTACT,
        AGENT,
    ]
    .into_iter()
    .chain(care::WORDS)
    .chain(papers::WORDS)
    .collect()
}

fn subject() -> Value {
    json!({ "reference": format!("Patient/{ID}") })
}

fn patient(family: &str) -> Value {
    json!({
        "resourceType": "Patient", "id": ID, "name": [{ "family": family, "given": [GIVEN] }], "birthDate": "1951-04-17",
        "identifier": [{ "system": "urn:mrn", "value": IDENTIFIER }],
        "address": [{ "line": [STREET], "city": CITY }],
        "telecom": [{ "system": "phone", "value": PHONE }, { "system": "email", "value": EMAIL }],
    })
}

fn observation(text: &str) -> Value {
    json!({
        "resourceType": "Observation", "id": OBSERVATION, "status": "final", "subject": subject(),
        "code": { "coding": [{ "system": "http://snomed.info/sct", "code": CODE, "display": DISPLAY }], "text": text },
        "valueQuantity": { "value": 4.5, "unit": UNIT }, "note": [{ "text": NOTE }],
        "effectiveDateTime": "2026-01-05T08:00:00Z",
    })
}

/// Puts a record in and works with it: writes, corrections, deletions, searches, and requests that fail.
fn write(wire: &mut Wire) {
    wire.put(&format!("/fhir/Patient/{ID}"), &patient(FORMER)).expect(201);
    wire.put(&format!("/fhir/Patient/{ID}"), &patient(FAMILY)).expect(200);
    wire.put(&format!("/fhir/Observation/{OBSERVATION}"), &observation(DISPLAY)).expect(201);
    wire.put(&format!("/fhir/Observation/{OBSERVATION}"), &observation(CORRECTED)).expect(200);
    let condition = json!({ "resourceType": "Condition", "subject": subject(), "code": { "text": DIAGNOSIS } });
    let made = wire.post("/fhir/Condition", &condition).expect(201).json();
    wire.post("/fhir/Condition", &condition).expect(201);
    let data = scan::base64(LETTER.as_bytes());
    let content = json!([{ "attachment": { "contentType": "text/plain", "data": data, "title": TITLE } }]);
    let letter = json!({ "status": "current", "subject": subject(), "content": content });
    let message = json!({ "status": "completed", "subject": subject(), "payload": [{ "contentString": MESSAGE }] });
    let entry = |kind: &str, mut body: Value| {
        body["resourceType"] = kind.into();
        json!({ "resource": body, "request": { "method": "POST", "url": kind } })
    };
    let entries = [entry("DocumentReference", letter), entry("Communication", message)];
    wire.post("/fhir", &json!({ "resourceType": "Bundle", "type": "transaction", "entry": entries })).expect(200);
    wire.send("DELETE", &format!("/fhir/Condition/{}", made["id"].as_str().unwrap()), "").unwrap().expect(204);
    for query in [
        format!("Patient?family={FAMILY}&identifier=urn:mrn%7C{IDENTIFIER}&address-city={CITY}"),
        format!("Patient?name={SEARCHED}&_total=accurate"),
        format!("Observation?subject=Patient/{ID}&code={CODE}&_sort=-date"),
        format!("Observation?code:text={SEARCHED}"),
        format!("Observation?nonsense={SEARCHED}"),
        format!("Observation/{OBSERVATION}/_history"),
    ] {
        wire.get(&format!("/fhir/{query}"));
    }
    wire.send("PUT", &format!("/fhir/Patient/{ID}"), &format!("{{\"name\": \"{SEARCHED}")).unwrap().expect(400);
    let wrong = json!({ "resourceType": "Patient", "id": ID, "birthDate": SEARCHED, "xylo": SEARCHED });
    wire.put(&format!("/fhir/Patient/{ID}"), &wrong).expect(422);
    let nowhere = json!({ "resourceType": "Condition", "subject": { "reference": format!("Patient/{SEARCHED}") } });
    wire.post("/fhir/Condition", &nowhere).expect(422);
}

/// Accounts, consent, requests and readings; returns secrets that were handed out.
fn share(place: &Place, server: &Running) -> Vec<String> {
    let user = ["user", "add", "--username", USERNAME, "--password", PASSWORD, "--email", EMAIL];
    place.run(&[&user[..], &["--role", "patient", "--patient", ID]].concat());
    let doctor = ["user", "add", "--username", "dr-birch", "--password", PASSWORD, "--role", "practitioner"];
    place.run(&[&doctor[..], &["--name", DOCTOR, "--organization", "Riverside"]].concat());
    let (mut patient, mut doctor) = (server.sign_in(USERNAME, PASSWORD), server.sign_in("dr-birch", PASSWORD));
    let wrong = json!({ "username": USERNAME, "password": WRONG_PASSWORD });
    server.wire("").post("/api/auth/login", &wrong).expect(401);
    let form = json!({
        "email": REGISTERED_EMAIL, "password": PASSWORD, "given": GIVEN, "family": REGISTERED,
        "birthDate": "1978-07-24", "gender": "female"
    });
    let registered = server.wire("").post("/api/auth/register", &form).expect(201).json();
    let form = json!({ "email": APPLICANT_EMAIL, "password": PASSWORD, "name": APPLICANT });
    let applied = server.wire("").post("/api/auth/register/clinician", &form).expect(201).json();
    let mut applicant = server.wire(applied["token"].as_str().unwrap());
    let details = json!({ "registrationNumber": REGISTRATION, "register": APPLICANT, "profession": "Surgeon" });
    applicant.post("/api/verification", &details).expect(200);
    let path = format!("/api/verification/documents?name={LICENCE_NAME}");
    applicant.send("POST", &path, &format!("%PDF-1.7 {LICENCE}")).unwrap().expect(201);
    applicant.post("/api/verification/submit", &json!({})).expect(200);
    let code = patient.get("/api/share-code").expect(200).json()["code"].as_str().unwrap().to_owned();
    for typed in [EMAIL, TYPED, &code] {
        let form = json!({ "patient": typed, "reason": REASON, "categories": null, "days": 30 });
        doctor.post("/api/access-requests", &form).expect(202);
    }
    let found = doctor.get("/api/auth/session").expect(200).json();
    let id = found["account"]["practitioner"].as_str().unwrap();
    let grant = json!({
        "grantee": { "type": "practitioner", "id": id }, "categories": null, "from": null, "to": null, "labels": [],
        "purpose": "treatment", "until": null, "note": GRANT_NOTE,
    });
    patient.post("/api/grants", &grant).expect(201);
    for path in [format!("/fhir/Patient/{ID}"), format!("/api/patients/{ID}/summary"), "/api/my-patients".to_owned()] {
        assert!(doctor.get(&path).expect(200).body.contains(FAMILY), "{path}");
    }
    let handed = hand_out(&mut patient, server);
    let proposed = json!({
        "resourceType": "Condition", "code": { "text": PROPOSED }, "subject": { "reference": format!("Patient/{ID}") }
    });
    let edit = json!({ "patient": ID, "reason": PROPOSAL, "changes": [{ "act": "add", "resource": proposed }] });
    doctor.post("/api/edits", &edit).expect(201);
    doctor.post("/api/edit-sessions", &json!({ "patient": ID })).expect(201);
    let emergency = json!({ "patient": ID, "reason": EMERGENCY });
    doctor.post("/api/break-glass", &emergency).expect(201);
    let wanted = json!({ "family": FAMILY, "given": GIVEN, "birthDate": "1984-02-29" });
    doctor.post("/api/break-glass/search", &wanted).expect(200);
    papers::write(&mut patient, &mut doctor);
    let shown = care::write(place, server, &mut patient, &mut doctor, USERNAME);
    doctor.get(&format!("/api/patients/{ID}/timeline")).expect(200);
    doctor.get("/api/my-patients?query=wex").expect(200);
    doctor.get("/api/inbox").expect(200);
    patient.get("/api/inbox").expect(200);
    patient.get("/api/ledger/entries").expect(200);
    patient.get("/api/ledger/checkpoint").expect(200);
    let tokens = [patient.token, doctor.token, applicant.token, registered["token"].as_str().unwrap().to_owned()];
    tokens.into_iter().chain([code]).chain(handed).chain(shown).collect()
}

/// A health link that is opened, and an emergency card; returns the secrets of the link.
fn hand_out(patient: &mut Wire, server: &Running) -> Vec<String> {
    let form = json!({ "label": LINK, "passcode": PASSCODE, "until": null, "sensitive": false, "tell": true });
    let made = patient.post("/api/health-links", &form).expect(201).json();
    let payload = made["link"].as_str().unwrap().strip_prefix("shlink:/").unwrap();
    let payload: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
    let secret = payload["url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
    for (passcode, status) in [(PASSCODE, 200), (WRONG_PASSCODE, 401)] {
        let asked = json!({ "recipient": RECIPIENT, "passcode": passcode });
        server.wire("").post(&format!("/shl/{secret}"), &asked).expect(status);
    }
    let contact = json!({ "name": CONTACT, "phone": PHONE });
    let card = json!({
        "hidden": [], "note": CARD_NOTE, "sensitive": false, "contacts": [contact], "link": made["id"]
    });
    let card = patient.put("/api/emergency-card", &card).expect(200).json();
    assert_eq!(card["link"]["link"], made["link"]);
    patient.get(&format!("/fhir/Patient/{ID}/$summary")).expect(200);
    patient.get("/api/health-links").expect(200);
    vec![secret, payload["key"].as_str().unwrap().to_owned()]
}

/// Every row of every table: as PostgreSQL writes it, and with its bytes as they are.
fn rows(house: &House) -> Vec<(String, Vec<u8>)> {
    let found = house.db.read_blocking(|tx| {
        let sql = "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public'";
        let tables = tx.query(sql, &[], |row| Ok::<_, db::DbError>(row.text(0)?.to_owned()))?;
        let mut all = Vec::new();
        for table in tables {
            let mut text = Vec::new();
            let sql = format!("SELECT t::text FROM \"{table}\" t");
            tx.for_each(&sql, &[], |row| {
                text.extend_from_slice(row.text(0)?.as_bytes());
                text.push(b'\n');
                Ok::<_, db::DbError>(true)
            })?;
            all.push((table, text));
        }
        Ok::<_, db::DbError>(all)
    });
    let mut all = found.unwrap();
    assert!(all.iter().any(|(table, text)| table == "account" && text.len() > 300), "the tables were read");
    let raw: Vec<_> = all.iter().map(|(table, text)| (format!("{table}, bytes"), scan::unhexed(text))).collect();
    all.extend(raw);
    all
}

#[test]
fn nothing_that_the_server_leaves_behind_holds_a_word_of_anybody() {
    // The log says everything it ever says.
    let place = Place::new("trace");
    let token = place.run(&["token", "create", "--service", "lab", "--organization", "Riverside"]).trim().to_owned();
    let server = place.serve();
    write(&mut server.wire(&token));
    let file = tempfile::Builder::new().suffix(".json").tempfile().unwrap();
    let mut imported = observation(IMPORTED);
    imported["id"] = "another".into();
    let request = json!({ "method": "PUT", "url": "Observation/another" });
    let entry = json!([{ "resource": imported, "request": request }]);
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": entry });
    std::fs::write(file.path(), bundle.to_string()).unwrap();
    place.run(&["import", file.path().to_str().unwrap()]);
    let mut secrets = share(&place, &server);
    secrets.push(token);
    // Killed, so that the write-ahead log stays as it is.
    server.kill();

    let mut piles: Vec<Haystack> = Vec::new();
    for path in place.files().into_iter().chain([place.said()]) {
        piles.push(Haystack::new(name(&path), std::fs::read(&path).unwrap()));
    }
    if place.is_postgres() {
        piles.extend(rows(&place.house()).into_iter().map(|(table, bytes)| Haystack::new(table, bytes)));
    }
    let size: usize = piles.iter().map(Haystack::len).sum();
    println!("{size} bytes in {} piles", piles.len());
    assert!(size > 50_000, "there is something to search in");
    let log = std::fs::read_to_string(place.said()).unwrap();
    assert!(log.contains("/fhir/{kind}"), "the log tells of requests");
    let lines = |word: &str| log.lines().filter(|line| line.contains(word)).take(3).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for word in words().into_iter().map(str::to_owned).chain(secrets) {
        found.extend(piles.iter().flat_map(|pile| finds(pile, &word)));
    }
    let told: String = words().into_iter().map(lines).collect();
    assert!(found.is_empty(), "{found:#?}\n{told}");
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}
