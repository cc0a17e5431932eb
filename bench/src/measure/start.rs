//! From a process that is not there to its first answers, on the filled database.

use super::Bench;
use super::filled::People;
use crate::report::{Row, Target};
use crate::server::{Place, Server};

/// Starts are short: more of them cost little and say more.
const TIMES: u32 = 3;

pub async fn first_answer(bench: &Bench, place: &Place, people: &People) -> Result<Vec<Row>, String> {
    let target = Some(Target::AtMost(0.15));
    let mut alive = Row::new("start to the first answer", "s", target);
    let mut read = Row::new("start to the first traced read", "s", target);
    let path = format!("/fhir/Patient/{}", people.patient);
    for _ in 0..bench.rounds * TIMES {
        let server = Server::start(place)?;
        server.ask("GET", "/api/health", "", b"", 200).await?;
        alive.add_value(server.begun.elapsed().as_secs_f64());
        server.ask("GET", &path, &people.owner, b"", 200).await?;
        read.add_value(server.begun.elapsed().as_secs_f64());
        server.stop()?;
    }
    Ok(vec![alive, read])
}
