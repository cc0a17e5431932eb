//! Reading and searching on the filled database, as the patient and as a practitioner with a grant.

use super::{Bench, ROWS};
use crate::http::{Load, drive, request};
use crate::limit;
use crate::report::{Row, Target};
use crate::server::{Place, Server};
use serde_json::{Value, json};

/// Readings of the patient whose record is searched.
const READINGS: u32 = 20_000;
const CONNECTIONS: usize = 16;
const PASSWORD: &str = "for this run only";

/// Who asks.
pub struct People {
    pub service: String,
    pub owner: String,
    pub practitioner: String,
    pub administrator: String,
    /// The patient who owns the record and gave the grant.
    pub patient: String,
    /// Everybody's.
    pub patients: Vec<String>,
}

/// Gives one patient twenty thousand readings, an account, and a practitioner whom they let read.
pub async fn people(place: &Place, server: &Server) -> Result<People, String> {
    let service = place.token()?;
    let found = server.json("GET", "/fhir/Patient?_count=100", &service, b"", 200).await?;
    let patients: Vec<String> = resources(&found).filter_map(|r| r["id"].as_str().map(str::to_owned)).collect();
    let patient = patients.first().ok_or("there is no patient")?.clone();
    for bundle in crate::load::heart_rates(&patient, READINGS)? {
        server.ask("POST", "/fhir", &service, &bundle, 200).await?;
    }
    let add = |username: &str, more: &[&str]| {
        place.run(&[&["user", "add", "--username", username, "--password", PASSWORD], more].concat())
    };
    add("bench-owner", &["--role", "patient", "--patient", &patient])?;
    add("bench-doctor", &["--role", "practitioner", "--name", "Dr Load Test"])?;
    add("bench-admin", &["--role", "administrator"])?;
    let (owner, _) = sign_in(server, "bench-owner").await?;
    let (practitioner, account) = sign_in(server, "bench-doctor").await?;
    let (administrator, _) = sign_in(server, "bench-admin").await?;
    let grant = json!({
        "grantee": { "type": "practitioner", "id": account["practitioner"] },
        "categories": null, "from": null, "to": null, "labels": [], "purpose": "treatment", "until": null, "note": null,
    });
    server.ask("POST", "/api/grants", &owner, grant.to_string().as_bytes(), 201).await?;
    Ok(People { service, owner, practitioner, administrator, patient, patients })
}

async fn sign_in(server: &Server, username: &str) -> Result<(String, Value), String> {
    let form = json!({ "username": username, "password": PASSWORD }).to_string();
    let login = server.json("POST", "/api/auth/login", "", form.as_bytes(), 200).await?;
    let token = login["token"].as_str().ok_or("signing in gave no token")?;
    Ok((token.to_owned(), login["account"].clone()))
}

fn resources(bundle: &Value) -> impl Iterator<Item = &Value> {
    bundle["entry"].as_array().map_or(&[][..], Vec::as_slice).iter().map(|entry| &entry["resource"])
}

pub async fn read(bench: &Bench, place: &Place, server: &Server, people: &People) -> Result<Vec<Row>, String> {
    let path = format!("/fhir/Patient/{}", people.patient);
    let target = Target::AtLeast(10_000.0);
    let what = format!("read a Patient, traced, from {CONNECTIONS} connections");
    as_both(bench, place, server, people, &what, &path, target).await
}

pub async fn search(bench: &Bench, place: &Place, server: &Server, people: &People) -> Result<Vec<Row>, String> {
    let path =
        format!("/fhir/Observation?patient={}&code=http://loinc.org%7C8867-4&_sort=-date&_count=20", people.patient);
    for token in [&people.owner, &people.practitioner] {
        newest_twenty(&server.json("GET", &path, token, b"", 200).await?)?;
    }
    let target = Target::AtLeast(2000.0);
    let what = format!("newest 20 of {READINGS} Observations by patient and code, from {CONNECTIONS}");
    as_both(bench, place, server, people, &what, &path, target).await
}

/// A wrong answer that comes fast is no result.
fn newest_twenty(page: &Value) -> Result<(), String> {
    let dates: Vec<&str> = resources(page).filter_map(|r| r["effectiveDateTime"].as_str()).collect();
    if dates.len() != 20 || !dates.is_sorted_by(|a, b| a >= b) {
        return Err(format!("the search did not find the newest twenty but {dates:?}"));
    }
    Ok(())
}

/// As the patient, and as the practitioner; the limit is storing the trace.
async fn as_both(
    bench: &Bench,
    place: &Place,
    server: &Server,
    people: &People,
    what: &str,
    path: &str,
    target: Target,
) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    for (who, token) in [("the patient", &people.owner), ("a practitioner with a grant", &people.practitioner)] {
        let mut row = Row::new(format!("{what}, as {who}"), "/s", Some(target));
        for round in 0..bench.rounds {
            let before = limit::mark(&place.database())?;
            let load: Load = bench.repeated(CONNECTIONS, vec![request("GET", path, token, b"")], 200);
            let driven = drive(server.address, server.pid(), &load).await?;
            let after = limit::mark(&place.database())?;
            let staged =
                limit::stage(&place.database(), &bench.scratch, &format!("trace-{round}"), before, after, ROWS)?;
            if (staged.entries() as u64) < driven.requests.min(ROWS as u64) {
                return Err(format!("{} answers left only {} traces", driven.requests, staged.entries()));
            }
            row.add(&driven, 1.0);
            let seconds = staged.store(&bench.scratch, staged.entries() / CONNECTIONS as i64)?;
            row.add_limit(staged.entries() as f64 / seconds);
        }
        rows.push(row);
    }
    Ok(rows)
}

/// The driver against an address that touches no record: what HTTP alone allows on this machine.
pub async fn nothing(bench: &Bench, server: &Server) -> Result<Row, String> {
    let mut row = Row::new(format!("`/api/health`, no record and no trace, from {CONNECTIONS}"), "/s", None);
    for _ in 0..bench.rounds {
        let load = bench.repeated(CONNECTIONS, vec![request("GET", "/api/health", "", b"")], 200);
        row.add(&drive(server.address, server.pid(), &load).await?, 1.0);
    }
    Ok(row)
}
