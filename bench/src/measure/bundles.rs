//! Whole histories coming in, over HTTP and by the command line.

use super::{Bench, ROWS};
use crate::http::{Lasting, Load, drive, request};
use crate::limit;
use crate::machine;
use crate::report::{Row, Target};
use crate::server::{ORGANIZATION, Place, Server};
use std::sync::Arc;
use std::time::Instant;

const CONNECTIONS: usize = 4;

/// Fills one empty server per round. The last one stays, for what is measured on a filled database.
pub async fn over_http(bench: &Bench, rows: &mut Vec<Row>) -> Result<Place, String> {
    let what = &bench.bundles.what;
    let mut speed =
        Row::new(format!("{what} over {CONNECTIONS} connections"), "entries/s", Some(Target::AtLeast(4000.0)));
    let mut disk = Row::new("… on disk, per entry, log included", "bytes", Some(Target::AtMost(4000.0)));
    let mut memory = Row::new("… the server's memory at most", "MB", Some(Target::AtMost(250.0)));
    let rounds = if bench.wants("bundles") { bench.rounds } else { 1 };
    let mut place = None;
    for round in 0..rounds {
        let at = Place::new(bench.binary.clone(), bench.scratch.join(format!("http-{round}")));
        fill(bench, &at, [&mut speed, &mut disk, &mut memory]).await?;
        if round + 1 == rounds {
            place = Some(at);
        } else {
            std::fs::remove_dir_all(&at.data).map_err(|e| e.to_string())?;
        }
    }
    if bench.wants("bundles") {
        rows.extend([speed, disk, memory]);
    }
    place.ok_or_else(|| "at least one round is needed".to_owned())
}

/// Everything that is in the database: the directory too.
fn all_entries(bench: &Bench) -> usize {
    bench.bundles.directory.iter().chain(&bench.bundles.patients).map(|bundle| bundle.entries).sum()
}

async fn fill(bench: &Bench, place: &Place, [speed, disk, memory]: [&mut Row; 3]) -> Result<(), String> {
    let server = Server::start(place)?;
    let token = place.token()?;
    for bundle in &bench.bundles.directory {
        server.ask("POST", "/fhir", &token, &bundle.json, 200).await?;
    }
    let before = limit::mark(&place.database())?;
    let requests = bench.bundles.patients.iter().map(|b| request("POST", "/fhir", &token, &b.json)).collect();
    let load = Load { connections: CONNECTIONS, requests: Arc::new(requests), expect: 200, lasting: Lasting::Once };
    let driven = drive(server.address, server.pid(), &load).await?;
    let after = limit::mark(&place.database())?;
    memory.add_value(machine::peak_memory(server.pid())? / 1e6);
    // While the server runs, so that the database's log counts too.
    disk.add_value(machine::size(&place.data)? as f64 / all_entries(bench) as f64);
    let entries: usize = bench.bundles.patients.iter().map(|bundle| bundle.entries).sum();
    speed.add(&driven, entries as f64 / driven.requests as f64);
    if bench.wants("bundles") {
        let staged = limit::stage(&place.database(), &bench.scratch, "bundles", before, after, i64::MAX / 2)?;
        if usize::try_from(staged.resources()) != Ok(entries) {
            return Err(format!("{entries} entries went in and {} resources are there", staged.resources()));
        }
        let seconds = staged.store(&bench.scratch, bench.bundles.patients.len() as i64)?;
        speed.add_limit(entries as f64 / seconds);
    }
    server.stop()
}

/// The same bundles by `healthsync import`, from compressed files to the closing report.
pub fn by_command_line(bench: &Bench, rows: &mut Vec<Row>) -> Result<(), String> {
    let mut row = Row::new(format!("{} by `healthsync import`", bench.bundles.what), "entries/s", None);
    for round in 0..bench.rounds {
        let place = Place::new(bench.binary.clone(), bench.scratch.join(format!("import-{round}")));
        let begun = Instant::now();
        let said = place.run(&["import", "--organization", ORGANIZATION, &bench.bundles.folder.to_string_lossy()])?;
        let seconds = begun.elapsed().as_secs_f64();
        let created = said.lines().find_map(|line| line.strip_prefix("created")?.trim().parse::<usize>().ok());
        // The directory's bundles hold what is created once, however often it is named.
        if created.is_none_or(|n| n == 0 || n > all_entries(bench)) {
            return Err(format!("the import said: {said}"));
        }
        row.add_value(all_entries(bench) as f64 / seconds);
        std::fs::remove_dir_all(&place.data).map_err(|e| e.to_string())?;
    }
    rows.push(row);
    Ok(())
}

/// Single Observations, each durable before it is answered.
pub async fn one_by_one(
    bench: &Bench,
    place: &Place,
    server: &Server,
    token: &str,
    patients: &[String],
) -> Result<Row, String> {
    const WRITERS: usize = 64;
    let what = format!("create one Observation, durable, from {WRITERS} connections");
    let mut row = Row::new(what, "/s", Some(Target::AtLeast(3000.0)));
    let bodies = crate::load::observations(patients, 200)?;
    let requests: Vec<Vec<u8>> = bodies.iter().map(|b| request("POST", "/fhir/Observation", token, b)).collect();
    for round in 0..bench.rounds {
        let before = limit::mark(&place.database())?;
        let load = bench.repeated(WRITERS, requests.clone(), 201);
        row.add(&drive(server.address, server.pid(), &load).await?, 1.0);
        let after = limit::mark(&place.database())?;
        let staged = limit::stage(&place.database(), &bench.scratch, &format!("create-{round}"), before, after, ROWS)?;
        let seconds = staged.store(&bench.scratch, staged.resources() / WRITERS as i64)?;
        row.add_limit(staged.resources() as f64 / seconds);
    }
    Ok(row)
}
