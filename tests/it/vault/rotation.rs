//! `healthsync keys rotate` beside a running server: what it does goes on, and everything opens with the new key.

use crate::process::{Place, Running};
use serde_json::json;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use testkit::sample;

const ROTATIONS: usize = 4;

fn reading(n: usize) -> serde_json::Value {
    let mut reading = sample::heart_rate(&format!("patient-{n}"), "2026-02-01T08:00:00Z", 61.0);
    reading["id"] = format!("reading-{n}").into();
    reading
}

/// Makes records, each with a key of its own, and reads all that were made, until it is told to stop.
fn work(server: &Running, token: &str, over: &AtomicBool, made: &AtomicUsize) {
    let mut wire = server.wire(token);
    while !over.load(Ordering::SeqCst) {
        let n = made.load(Ordering::SeqCst);
        let patient = json!({ "resourceType": "Patient", "id": format!("patient-{n}") });
        wire.put(&format!("/fhir/Patient/patient-{n}"), &patient).expect(201);
        wire.put(&format!("/fhir/Observation/reading-{n}"), &reading(n)).expect(201);
        made.store(n + 1, Ordering::SeqCst);
        for old in [0, n / 2, n] {
            wire.get(&format!("/fhir/Observation/reading-{old}")).expect(200);
        }
    }
}

#[test]
fn a_server_goes_on_while_the_master_key_is_changed_beside_it() {
    let place = Place::new("error");
    let token = place.run(&["token", "create", "--service", "lab", "--organization", "Riverside"]).trim().to_owned();
    let master = place.files().into_iter().find(|file| file.file_name().is_some_and(|name| name == "master.key"));
    let master = master.expect("the master key is a file");
    let server = place.serve();
    let (over, made) = (AtomicBool::new(false), AtomicUsize::new(0));
    let until = |count: usize| {
        let begun = Instant::now();
        while made.load(Ordering::SeqCst) < count {
            assert!(begun.elapsed() < Duration::from_secs(60), "the server does not go on");
            std::thread::sleep(Duration::from_millis(5));
        }
    };
    std::thread::scope(|scope| {
        let working = scope.spawn(|| work(&server, &token, &over, &made));
        let mut keys = vec![std::fs::read(&master).unwrap()];
        for _ in 0..ROTATIONS {
            until(made.load(Ordering::SeqCst) + 5);
            let said = place.run(&["keys", "rotate"]);
            assert!(said.contains("go on with it") && said.contains("other machines"), "{said}");
            keys.push(std::fs::read(&master).unwrap());
        }
        until(made.load(Ordering::SeqCst) + 5);
        over.store(true, Ordering::SeqCst);
        working.join().expect("every answer was a good one");
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), ROTATIONS + 1, "each was another key");
    });
    server.kill();
    // A process that knows the last key only opens all that was made under whichever.
    let server = place.serve();
    let mut wire = server.wire(&token);
    for n in 0..made.load(Ordering::SeqCst) {
        let found = wire.get(&format!("/fhir/Observation/reading-{n}")).expect(200).json();
        assert_eq!(found["subject"]["reference"], format!("Patient/patient-{n}"));
    }
    server.kill();
    place.run(&["ledger", "verify"]);
}
