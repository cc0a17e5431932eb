//! What people say of their papers, and what stands in them; what scripts of small clinics send.

use super::{ID, SEARCHED, Wire};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

const FILE: &str = "snickerdoodle-scan-88104.txt";
const TEXT: &str = "The Gallimaufrian spleen was enlarged";
const TITLE: &str = "Report of Dr Flapdoodlestone";
const RENAMED: &str = "Second report from Upper Wimblethorpe";
const TAG: &str = "hobgoblinitis";
const CLINIC: &str = "Clinic at Lower Snodbury";
const VISIT: &str = "Talk about the Brobdingnagian knee";

pub const WORDS: [&str; 7] = [FILE, TEXT, TITLE, RENAMED, TAG, CLINIC, VISIT];

/// Adds a document, waits until it is read, looks for its words, renames it; asks for an appointment and adds a reading.
pub fn write(patient: &mut Wire, doctor: &mut Wire) {
    let said = [("patient", ID), ("name", FILE), ("title", TITLE), ("tags", TAG), ("organization", CLINIC)];
    let said: Vec<String> = said.iter().map(|(name, value)| format!("{name}={}", value.replace(' ', "%20"))).collect();
    let path = format!("/api/documents?{}", said.join("&"));
    let made = patient.send("POST", &path, TEXT).unwrap().expect(201).json();
    let address = format!("/api/documents/{}", made["id"].as_str().unwrap());
    let until = Instant::now() + Duration::from_secs(30);
    while patient.get(&address).expect(200).json()["state"] != "read" {
        assert!(Instant::now() < until, "nobody reads the document");
        std::thread::sleep(Duration::from_millis(100));
    }
    for query in [TEXT, TAG, SEARCHED] {
        let path = format!("/api/patients/{ID}/documents?q={}", query.replace(' ', "%20"));
        let found = patient.get(&path).expect(200).json();
        assert_eq!(found["items"].as_array().unwrap().is_empty(), query == SEARCHED, "{query}");
    }
    let change = json!({ "title": RENAMED, "kind": null, "date": null, "organization": CLINIC, "tags": [TAG] });
    patient.post(&format!("{address}/change"), &change).expect(200);
    assert!(doctor.get(&format!("{address}/text")).expect(200).body.contains("Gallimaufrian"));
    let visit = json!({ "doctor": "dr-birch", "start": "2030-05-02T09:00:00Z", "reason": VISIT });
    patient.post("/api/appointments/create", &visit).expect(201);
    let reading = json!({ "type": "weight", "value": 70.25, "unit": "kg", "time": "2026-05-02T09:00:00Z" });
    patient.post("/api/health-metrics/add", &reading).expect(201);
    let listed = doctor.get(&format!("/api/doctors/patient-records/{ID}")).expect(200);
    assert!(listed.body.contains(VISIT));
    let path = format!("/api/doctors/search-patients?condition={SEARCHED}");
    assert_eq!(doctor.get(&path).expect(200).json()["patients"], Value::Array(Vec::new()));
}
