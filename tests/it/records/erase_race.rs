//! A patient erases the record while their own pages still write: whatever comes too late is refused in words, and never a fault
//! of the server's.

use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use testkit::{Person, Reply, TestApp, sample};

/// Rounds, and how many of the deeds go on at the same time in each: all in turn, and no more than leave the machine to the others.
const ROUNDS: u64 = 6;
const AT_ONCE: usize = 4;

type Deed = (&'static str, String, Option<Value>);

/// What the pages and programs of a patient may have under way.
fn deeds(patient: &str, doctor: &Person) -> Vec<Deed> {
    let reading = sample::heart_rate(patient, "2026-02-01T08:00:00Z", 61.0);
    let itself = json!({ "resourceType": "Patient", "id": patient, "name": [{ "text": "Asha Rao" }] });
    let grant = json!({
        "grantee": { "type": "practitioner", "id": doctor.id }, "categories": null, "from": null, "to": null,
        "labels": [], "purpose": "treatment", "until": null, "note": "A note",
    });
    let post = |path: &str, body: Value| ("POST", path.to_owned(), Some(body));
    vec![
        post("/fhir/Observation", reading.clone()),
        post("/fhir", sample::transaction(std::slice::from_ref(&reading))),
        post("/fhir/Condition", sample::condition(patient, "Hay fever")),
        (
            "PUT",
            format!("/fhir/Observation/own-{patient}"),
            Some({
                let mut own = reading;
                own["id"] = format!("own-{patient}").into();
                own
            }),
        ),
        ("PUT", format!("/fhir/Patient/{patient}"), Some(itself)),
        ("DELETE", format!("/fhir/Observation/own-{patient}"), None),
        ("GET", format!("/fhir/Patient/{patient}/_history"), None),
        ("GET", format!("/api/patients/{patient}/timeline"), None),
        ("GET", "/api/ledger/entries".to_owned(), None),
        ("GET", "/api/inbox".to_owned(), None),
        ("GET", "/api/auth/session".to_owned(), None),
        ("GET", "/api/auth/methods".to_owned(), None),
        post("/api/grants", grant),
        post("/api/health-links", json!({ "label": "A link", "until": null, "sensitive": false, "tell": false })),
        post("/api/cases", json!({ "entry": 0, "question": "Is this mine?" })),
        post("/api/restriction/begin", json!({})),
        post("/api/restriction/lift", json!({})),
        post("/api/desk", json!({})),
        post("/api/inbox/read-all", json!({})),
        post("/api/auth/recovery-codes", json!({})),
        post("/api/auth/passkeys/start", json!({})),
        post("/api/auth/confirm/start", json!({})),
        post("/api/auth/sessions/revoke-others", json!({})),
        post("/api/health-metrics/add", json!({ "type": "heart_rate", "value": 61, "unit": "bpm" })),
    ]
}

/// A refusal is said in the words of its world.
fn assert_said(deed: &Deed, reply: &Reply) {
    let (method, path, _) = deed;
    assert!(reply.status < 500, "{method} {path}: {} {}", reply.status, reply.text());
    if reply.status >= 400 {
        let answer = reply.json();
        let said = match path.starts_with("/fhir") {
            true => answer["resourceType"] == "OperationOutcome",
            false => answer["status"] == reply.status,
        };
        assert!(said, "{method} {path}: {answer}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_erases_the_record_while_their_pages_write_gets_no_fault_of_the_server() {
    let app = Arc::new(TestApp::start());
    let doctor = app.practitioner("Dr Ada Byron", &[]).await;
    for round in 0..ROUNDS {
        let patient = app.patient("Asha Rao").await;
        let (over, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU32::new(0)));
        let mut under_way = Vec::new();
        let deeds = deeds(&patient.id, &doctor).into_iter().skip(round as usize * AT_ONCE).take(AT_ONCE);
        for deed in deeds {
            let (app, patient) = (Arc::clone(&app), patient.clone());
            let (over, done) = (Arc::clone(&over), Arc::clone(&done));
            under_way.push(tokio::spawn(async move {
                let mut late = 0;
                // Until the end, and once more after it.
                while late < 2 {
                    late += u32::from(over.load(Ordering::SeqCst));
                    let reply = app.send(deed.0, &deed.1, &patient, deed.2.clone()).await;
                    assert_said(&deed, &reply);
                    done.fetch_add(u32::from(reply.status / 100 == 2), Ordering::SeqCst);
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
                let last = app.send(deed.0, &deed.1, &patient, deed.2.clone()).await;
                assert!(last.status == 401 || deed.1 == "/api/auth/session", "{}: {}", deed.1, last.status);
            }));
        }
        tokio::time::sleep(Duration::from_millis(20 + round * 15)).await;
        // However slow the machine is, something of theirs was done before it ends.
        let begun = Instant::now();
        while done.load(Ordering::SeqCst) == 0 {
            assert!(begun.elapsed() < Duration::from_secs(30), "nothing was done in round {round}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let path = format!("/api/patients/{}/erase", patient.id);
        let receipt = app.post(&path, &patient, json!({ "confirm": "erase" })).await.expect(200).json();
        assert!(receipt["entries"].as_i64().unwrap() >= 1, "{receipt}");
        over.store(true, Ordering::SeqCst);
        for each in under_way {
            each.await.unwrap();
        }
    }
    app.run_jobs().await;
    let house = app.house.clone();
    let verified = app.house.db.read_blocking(move |tx| ledger::verify(tx, &house.ledger, |_| {}).map(drop));
    verified.unwrap();
}
