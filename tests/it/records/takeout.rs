//! The record in one file: whole, provable, readable, and for nobody but the patient.

use flate2::read::DeflateDecoder;
use serde_json::json;
use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use testkit::{Person, TestApp, sample};

/// The files of a ZIP, read from its list at the end (APPNOTE 4.3.12), apart from the code that wrote it.
fn unzipped(zip: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let half = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    let word = |at: usize| u32::from_le_bytes(zip[at..at + 4].try_into().unwrap());
    let end = zip.len() - 22;
    assert_eq!(&zip[end..end + 4], b"PK\x05\x06");
    let (mut files, mut at) = (BTreeMap::new(), word(end + 16) as usize);
    for _ in 0..half(end + 10) {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let (crc, packed, size, name) = (word(at + 16), word(at + 20) as usize, word(at + 24), half(at + 28));
        let place = word(at + 42) as usize;
        assert_eq!(&zip[place..place + 4], b"PK\x03\x04");
        let body = place + 30 + half(place + 26) + half(place + 28);
        let mut content = Vec::new();
        DeflateDecoder::new(&zip[body..body + packed]).read_to_end(&mut content).unwrap();
        let mut sum = flate2::Crc::new();
        sum.update(&content);
        assert_eq!((sum.sum(), content.len() as u32), (crc, size));
        files.insert(String::from_utf8(zip[at + 46..at + 46 + name].to_vec()).unwrap(), content);
        at += 46 + name + half(at + 30) + half(at + 32);
    }
    files
}

/// The text of a PDF as another program reads it; `None`, said aloud, where that program is not installed.
fn read_by_poppler(pdf: &[u8]) -> Option<String> {
    let started = Command::new("pdftotext").args(["-", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let Ok(mut running) = started else {
        println!("pdftotext is not installed: that another program reads the PDF was left out");
        return None;
    };
    running.stdin.take().unwrap().write_all(pdf).unwrap();
    Some(String::from_utf8(running.wait_with_output().unwrap().stdout).unwrap())
}

/// The strings that the pages show, in their order.
fn shown(pdf: &[u8]) -> String {
    let text: String = pdf.iter().map(|byte| char::from(*byte)).collect();
    let lines = text.lines().filter_map(|line| line.split_once(" Td (")?.1.strip_suffix(") Tj ET"));
    lines.map(|line| line.replace("\\(", "(").replace("\\)", ")")).collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_files_of_documents_come_along_each_under_a_name_of_its_own() {
    let app = TestApp::start();
    let patient = app.patient("Odette Rao").await;
    for text in ["the first", "the second"] {
        crate::documents::added(&app, &patient, "letter.txt", text).await;
    }
    let zip = app.get(&format!("/api/patients/{}/export/archive", patient.id), &patient).await.expect(200);
    let files = unzipped(&zip.body);
    assert_eq!(files["documents/letter.txt"], b"the first");
    assert_eq!(files["documents/letter (2).txt"], b"the second");
    assert_eq!(files.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patient_takes_everything_along_in_one_file_that_people_and_programs_read() {
    let app = TestApp::start();
    let (patient, other) = (app.patient("Ирина Rao").await, app.patient("Somebody else").await);
    let doctor = app.practitioner("Dr Zoe (Byron)", &[]).await;
    app.grant(&patient, &doctor).await;
    for (time, value) in [("2026-01-04T08:00:00Z", 61), ("2026-01-05T08:00:00Z", 72)] {
        let mut reading = sample::heart_rate(&patient.id, time, 1.0);
        reading["valueQuantity"]["value"] = json!(value);
        app.create(&reading).await;
    }
    app.create(&sample::condition(&patient.id, "Hypertension")).await;
    app.create(&json!({
        "resourceType": "AllergyIntolerance", "code": { "text": "Penicillin" },
        "patient": { "reference": format!("Patient/{}", patient.id) }
    }))
    .await;
    app.create(&json!({
        "resourceType": "Encounter", "status": "finished", "class": { "code": "AMB" }, "type": [{ "text": "Check-up" }],
        "period": { "start": "2026-01-05" }, "subject": { "reference": format!("Patient/{}", patient.id) }
    }))
    .await;
    let path = format!("/api/patients/{}/export/archive", patient.id);
    let zip = app.get(&path, &patient).await.expect(200);
    assert!(zip.header("content-disposition").unwrap().ends_with(".zip\""));
    let files = unzipped(&zip.body);
    assert_eq!(files.keys().collect::<Vec<_>>(), ["ledger.json", "read-me.txt", "record.json", "record.pdf"]);

    let bundle: serde_json::Value = serde_json::from_slice(&files["record.json"]).unwrap();
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 6);
    let checked = ledger::saved::check(&files["ledger.json"], None, &[]).unwrap();
    let exports = checked.entries.iter().filter(|entry| entry.action == ledger::Action::Export).count();
    assert_eq!(exports, 1, "one reading, one entry, and the file tells of itself");

    let page = shown(&files["record.pdf"]);
    let told = [
        "Irina Rao",
        "Penicillin",
        "Hypertension",
        "72 /min",
        "Check-up",
        "Dr Zoe (Byron)",
        "written in Latin letters",
    ];
    for word in told {
        assert!(page.contains(word), "{word} in {page}");
    }
    assert!(!page.contains("over\n"), "nobody said that the allergy is over: {page}");
    assert!(!page.contains("61 /min"), "of each result the newest: {page}");
    assert!(page.find("Penicillin") < page.find("Hypertension"), "what kills first");
    if let Some(text) = read_by_poppler(&files["record.pdf"]) {
        for word in told {
            assert!(text.contains(word), "{word} in {text}");
        }
    }

    let pdf = app.get(&format!("/api/patients/{}/export/pdf", patient.id), &patient).await.expect(200);
    assert!(pdf.body.starts_with(b"%PDF-1.7"));
    for part in ["archive", "pdf"] {
        let path = format!("/api/patients/{}/export/{part}", patient.id);
        for stranger in [&other, &doctor] {
            app.get(&path, stranger).await.expect(404);
        }
        app.get(&path, None).await.expect(401);
    }
}

/// A record of more than one piece.
async fn long(app: &TestApp, name: &str) -> Person {
    let patient = app.patient(name).await;
    let readings: Vec<_> = (0..200)
        .map(|day| {
            sample::heart_rate(&patient.id, &format!("2025-{:02}-{:02}T08:00:00Z", day / 28 + 1, day % 28 + 1), 72.0)
        })
        .collect();
    app.import(sample::transaction(&readings).to_string()).await;
    patient
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leaves_in_pieces_is_whole_at_its_end() {
    let app = TestApp::start();
    let patient = long(&app, "Asha Rao").await;
    let path = format!("/api/patients/{}/export", patient.id);
    let (mut slow, mut pieces) = (app.reading(&path, &patient).await, Vec::new());
    while let Some(piece) = slow.piece().await {
        pieces.push(piece.unwrap());
    }
    assert!(pieces.len() > 3, "{} pieces", pieces.len());
    let bundle: serde_json::Value = serde_json::from_slice(&pieces.concat()).unwrap();
    assert_eq!(bundle["entry"].as_array().unwrap().len(), 201);
    let zip = app.get(&format!("{path}/archive"), &patient).await.expect(200);
    let files = unzipped(&zip.body);
    let packed: serde_json::Value = serde_json::from_slice(&files["record.json"]).unwrap();
    assert_eq!(packed["entry"], bundle["entry"]);
    let log = app.get("/api/ledger/entries", &patient).await.expect(200).json();
    let counts: Vec<_> = log["entries"].as_array().unwrap().iter().map(|entry| &entry["count"]).take(2).collect();
    assert_eq!(counts, [&json!(201), &json!(201)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_reader_gets_nothing_more_within_a_second_of_the_end_of_their_access() {
    let app = TestApp::start();
    let admin = app.administrator("Ada Min").await;
    for part in ["export", "export/archive"] {
        for end in ["logout", "lock", "erase"] {
            let patient = long(&app, "Asha Rao").await;
            let mut slow = app.reading(&format!("/api/patients/{}/{part}", patient.id), &patient).await;
            assert!(!slow.piece().await.unwrap().unwrap().is_empty(), "{part}");
            slow.piece().await.unwrap().unwrap();
            let begun = Instant::now();
            match end {
                "logout" => drop(app.post("/api/auth/logout", &patient, json!({})).await.expect(204)),
                "lock" => {
                    let path = format!("/api/admin/users/{}/lock", patient.account);
                    app.post(&path, &admin, json!({})).await.expect(200);
                }
                _ => {
                    let path = format!("/api/patients/{}/erase", patient.id);
                    app.post(&path, &patient, json!({ "confirm": "erase" })).await.expect(200);
                }
            }
            let ended = begun.elapsed();
            let next = slow.piece().await;
            assert!(matches!(next, Some(Err(_))), "{part} {end}: {next:?}");
            assert!(begun.elapsed() - ended < Duration::from_secs(1), "{part} {end}");
            assert!(slow.piece().await.is_none(), "{part} {end}");
        }
    }
}
