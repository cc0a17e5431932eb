//! The ledger alone: searches that touch every record leave one entry per patient, all in one commit; and reads by many
//! callers at once, each of whom waits for an entry of their own.

use super::filled::People;
use super::{Bench, ROWS};
use crate::http::{drive, request};
use crate::limit;
use crate::report::{Row, Target};
use crate::server::{Place, Server};

pub async fn batched(bench: &Bench, place: &Place, server: &Server, people: &People) -> Result<Row, String> {
    const CONNECTIONS: usize = 4;
    let patients = people.patients.len();
    let what = format!("ledger entries, durable, {patients} per request from {CONNECTIONS} connections");
    let mut row = Row::new(what, "entries/s", Some(Target::AtLeast(20_000.0)));
    let path = format!("/fhir/Patient?_count={patients}");
    for round in 0..bench.rounds {
        let (before, size) = (limit::mark(&place.database())?, size(server, people).await?);
        let load = bench.repeated(CONNECTIONS, vec![request("GET", &path, &people.service, b"")], 200);
        let driven = drive(server.address, server.pid(), &load).await?;
        let written = self::size(server, people).await? - size;
        if written < driven.requests * patients as u64 {
            return Err(format!("{} answers of {patients} records left only {written} entries", driven.requests));
        }
        row.add(&driven, patients as f64);
        let after = limit::mark(&place.database())?;
        let staged = limit::stage(&place.database(), &bench.scratch, &format!("ledger-{round}"), before, after, ROWS)?;
        let groups = staged.entries() / (CONNECTIONS * patients) as i64;
        let seconds = staged.store(&bench.scratch, groups.max(1))?;
        row.add_limit(staged.entries() as f64 / seconds);
    }
    Ok(row)
}

/// One entry for each answer, durable before it leaves: what 64 callers wait for at once. The speed, and the time within
/// which 95 of 100 had theirs.
pub async fn single(bench: &Bench, place: &Place, server: &Server, people: &People) -> Result<Vec<Row>, String> {
    const CALLERS: usize = 64;
    let what = format!("ledger entries, durable, one at a time, by {CALLERS} callers");
    let mut speed = Row::new(what.as_str(), "entries/s", Some(Target::AtLeast(2_000.0)));
    let mut wait = Row::new(format!("{what}: 95 of 100 within"), "ms", Some(Target::AtMost(20.0)));
    let path = format!("/fhir/Patient/{}", people.patient);
    for round in 0..bench.rounds {
        let (before, size) = (limit::mark(&place.database())?, size(server, people).await?);
        let load = bench.repeated(CALLERS, vec![request("GET", &path, &people.practitioner, b"")], 200);
        let driven = drive(server.address, server.pid(), &load).await?;
        let written = self::size(server, people).await? - size;
        if written < driven.requests {
            return Err(format!("{} answers left only {written} entries", driven.requests));
        }
        speed.add(&driven, 1.0);
        wait.add_value(driven.percentile(0.95));
        let after = limit::mark(&place.database())?;
        let staged = limit::stage(&place.database(), &bench.scratch, &format!("single-{round}"), before, after, ROWS)?;
        let seconds = staged.store(&bench.scratch, (staged.entries() / CALLERS as i64).max(1))?;
        speed.add_limit(staged.entries() as f64 / seconds);
    }
    Ok(vec![speed, wait])
}

/// How many entries the server says its ledger has.
async fn size(server: &Server, people: &People) -> Result<u64, String> {
    let state = server.json("GET", "/api/admin/ledger", &people.administrator, b"", 200).await?;
    state["size"].as_u64().ok_or_else(|| "the ledger does not say its size".to_owned())
}
