//! `kill -9` at any moment: what was acknowledged is there, what was read is in the ledger, nothing is half done.

mod load;

use crate::chance::Dice;
use crate::process::{Place, Wire};
use ledger::{Action, House};
use load::{Memory, Worker};
use serde_json::json;
use std::collections::HashSet;
use std::time::Duration;

const SEED: u64 = 20_261_121;
const KILLS: usize = 20;
const WORKERS: usize = 6;

/// Loads the server until it is killed after this time; every worker comes back with what it was promised.
fn until_killed(place: &Place, token: &str, workers: Vec<Worker>, after: Duration, seed: u64) -> Vec<Worker> {
    let server = place.serve();
    let running: Vec<_> = workers
        .into_iter()
        .map(|mut worker| {
            let (mut wire, dice) = (server.wire(token), Dice::new(seed + worker.name as u64));
            std::thread::spawn(move || {
                worker.work(&mut wire, &dice);
                worker
            })
        })
        .collect();
    std::thread::sleep(after);
    server.kill();
    running.into_iter().map(|thread| thread.join().unwrap()).collect()
}

/// What stands in the ledger as a reading: the numbers of the requests.
fn readings(house: &House) -> HashSet<String> {
    let vault = house.vault.clone();
    let found = house.db.read_blocking(move |tx| {
        let patients = tx.query("SELECT DISTINCT patient FROM ledger WHERE patient <> 0", &[], |row| row.int(0))?;
        let mut all = HashSet::new();
        for patient in patients {
            for stored in ledger::entries(tx, &vault, kernel::Id::new(patient), None, i64::MAX)? {
                let entry: ledger::Entry = serde_json::from_slice(&stored.entry).unwrap();
                if matches!(entry.action, Action::Read | Action::Search) {
                    all.insert(entry.request);
                }
            }
        }
        Ok::<_, ledger::LedgerError>(all)
    });
    found.unwrap()
}

fn get(wire: &mut Wire, place: &str) -> Option<String> {
    let answer = wire.get(&format!("/fhir/{place}"));
    assert!(matches!(answer.status, 200 | 404), "{place}: {} {}", answer.status, answer.body);
    (answer.status == 200).then_some(answer.body)
}

/// Everything that was promised is there, and every transaction is whole or absent.
fn check(memory: &Memory, wire: &mut Wire) {
    for known in &memory.known {
        let body = get(wire, &known.place).unwrap_or_else(|| panic!("{} was acknowledged and is gone", known.place));
        known.check(&body);
    }
    for bundle in &memory.bundles {
        let (own, updated) = bundle.places.split_at(4);
        let there: Vec<bool> = own.iter().map(|place| get(wire, place).is_some()).collect();
        let whole = there.iter().all(|there| *there);
        assert!(whole || !bundle.promised, "{} was acknowledged and is not whole: {there:?}", bundle.word);
        assert!(whole || there.iter().all(|there| !there), "{} is half there: {there:?}", bundle.word);
        for place in updated {
            let history = get(wire, &format!("{place}/_history")).unwrap_or_default();
            assert_eq!(history.contains(&format!("\"{}\"", bundle.word)), whole, "{}: the update in it", bundle.word);
        }
    }
}

#[test]
fn what_was_acknowledged_survives_kill_9_and_what_was_read_is_in_the_ledger() {
    let seed = std::env::var("CRASH_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(SEED);
    println!("CRASH_SEED={seed}");
    let place = Place::new("error");
    let token = place.run(&["token", "create", "--service", "crash", "--organization", "Crash Clinic"]);
    let token = token.trim();
    let server = place.serve();
    let mut wire = server.wire(token);
    let mut workers = Vec::new();
    for name in 0..WORKERS {
        let patient = format!("patient-{}", name % 3);
        let answer =
            wire.put(&format!("/fhir/Patient/{patient}"), &json!({ "resourceType": "Patient", "id": patient }));
        assert!(matches!(answer.status, 200 | 201), "{}", answer.body);
        workers.push(Worker::new(name, patient));
    }
    server.kill();

    let dice = Dice::new(seed);
    for kill in 0..KILLS {
        let after = Duration::from_millis(40 + dice.below(900) as u64);
        workers = until_killed(&place, token, workers, after, seed + 100 * kill as u64);
        let verified = place.run(&["ledger", "verify"]);
        assert!(verified.contains("The ledger verifies."), "{verified}");
    }

    let server = place.serve();
    let mut wire = server.wire(token);
    workers.iter().for_each(|worker| check(&worker.memory, &mut wire));
    server.kill();
    let entries = readings(&place.house());
    let (mut writes, mut bundles, mut reads, mut open) = (0, 0, 0, 0);
    for Worker { memory, .. } in &workers {
        writes += memory.known.len();
        bundles += memory.bundles.len();
        open += memory.bundles.iter().filter(|b| !b.promised).count();
        reads += memory.read.len();
        for request in &memory.read {
            assert!(entries.contains(request), "reading {request} was answered and is not in the ledger");
        }
    }
    println!("{writes} resources, {bundles} transactions ({open} without an answer), {reads} readings");
    // A load that did nothing would prove nothing.
    assert!(writes > 60 && bundles > 20 && reads > 40, "{writes} {bundles} {reads}");
}
