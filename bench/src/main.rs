//! The load driver: starts the release binary on an empty folder, fills it and drives it over HTTP, with consent, ledger
//! and encryption on, and measures in the same run what a bare program reaches with the same rows.
//!
//! Deliberately absent: any knowledge of the server's inside. It talks HTTP and the command line like any stranger; only
//! the limit looks into the database file, to store the very same rows again.

mod http;
mod limit;
mod load;
mod machine;
mod measure;
mod report;
mod server;

use measure::Bench;
use report::{Row, number};
use server::{Scratch, Server};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const HELP: &str = "Measures the release build of HealthSync under load and prints a table in Markdown.

make bench measures everything; scripts/bench does the same and takes these:
  --write          put the table into docs/performance.md
  --rounds N       how often each measure is repeated; the middle counts [default: 3]
  --seconds N      how long a load is counted, after one second of warming up [default: 5]
  --only NAMES     some of: bundles,import,create,read,search,ledger,nothing,start,uploads
  --help           this text

HEALTHSYNC_BIN names the binary [default: target/release/healthsync]. HEALTHSYNC_SHARED_DATA names a folder that may hold
synthea/*.json.bz2 [default: ../shared/data]; without them invented histories are used. TEST_S3_URL names an object store
that uploads go to instead of a folder (scripts/objects starts one).";

const MEASURES: [&str; 9] = ["bundles", "import", "create", "read", "search", "ledger", "nothing", "start", "uploads"];

struct Arguments {
    write: bool,
    rounds: u32,
    seconds: u64,
    only: Vec<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|a| a == "--help" || a == "-h") {
        println!("{HELP}");
        return ExitCode::SUCCESS;
    }
    let arguments = match parse(&arguments) {
        Ok(arguments) => arguments,
        Err(why) => {
            eprintln!("bench: {why}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    // One thread: the driver must not take more of the machine than it needs.
    let done = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(run(&arguments)),
        Err(error) => Err(error.to_string()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("bench: {why}");
            ExitCode::FAILURE
        }
    }
}

fn parse(arguments: &[String]) -> Result<Arguments, String> {
    let mut out = Arguments { write: false, rounds: 3, seconds: 5, only: Vec::new() };
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        let mut value = || rest.next().ok_or_else(|| format!("{argument} needs a value"));
        let positive = |text: &String| text.parse().ok().filter(|n| *n > 0).ok_or(format!("{text} is no number"));
        match argument.as_str() {
            "--write" => out.write = true,
            "--rounds" => out.rounds = positive(value()?)?,
            "--seconds" => out.seconds = u64::from(positive(value()?)?),
            "--only" => out.only = value()?.split(',').map(str::to_owned).collect(),
            other => return Err(format!("{other} is no option")),
        }
    }
    match out.only.iter().find(|name| !MEASURES.contains(&name.as_str())) {
        Some(unknown) => Err(format!("{unknown} is no measure")),
        None if out.write && !out.only.is_empty() => Err("--write takes the whole table, not some of it".to_owned()),
        None => Ok(out),
    }
}

async fn run(arguments: &Arguments) -> Result<(), String> {
    let named = std::env::var_os("HEALTHSYNC_BIN").map_or("target/release/healthsync".into(), PathBuf::from);
    let beside = named.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let scratch = Scratch::make(beside)?;
    // A copy: a build in between must not change what is measured.
    let binary = scratch.0.join("healthsync");
    std::fs::copy(&named, &binary).map_err(|e| format!("{}: {e}", named.display()))?;
    let bundles = load::bundles(&scratch.0)?;
    let only = arguments.only.clone();
    let (rounds, seconds) = (arguments.rounds, arguments.seconds);
    let bench = Bench { binary, scratch: scratch.0.clone(), rounds, seconds, only, bundles };
    let (before, rate) = machine::flushes(&scratch.0)?;
    let rows = measured(&bench).await?;
    let (after, later) = machine::flushes(&scratch.0)?;
    let text = format!(
        "Machine: {}. Flushing one 4 KiB page to disk (fdatasync): {} µs in the middle, {} a second before the run; \
         {} µs, {} a second after it.\n\nRounds: {rounds}, of {seconds} s where a load is repeated.\n\n{}",
        machine::description()?,
        number(before),
        number(rate),
        number(after),
        number(later),
        report::table(&rows)
    );
    println!("{text}");
    if arguments.write {
        report::write(Path::new("docs/performance.md"), &text)?;
    }
    Ok(())
}

async fn measured(bench: &Bench) -> Result<Vec<Row>, String> {
    let mut rows = Vec::new();
    if bench.wants("uploads") {
        rows.extend(measure::uploads::all(bench).await?);
    }
    // They need nothing of what the others are measured on.
    if bench.only == ["uploads"] {
        return Ok(rows);
    }
    let place = measure::bundles::over_http(bench, &mut rows).await?;
    if bench.wants("import") {
        measure::bundles::by_command_line(bench, &mut rows)?;
    }
    let server = Server::start(&place)?;
    let people = measure::filled::people(&place, &server).await?;
    if bench.wants("create") {
        let (token, patients) = (&people.service, &people.patients);
        rows.push(measure::bundles::one_by_one(bench, &place, &server, token, patients).await?);
    }
    if bench.wants("read") {
        rows.extend(measure::filled::read(bench, &place, &server, &people).await?);
    }
    if bench.wants("search") {
        rows.extend(measure::filled::search(bench, &place, &server, &people).await?);
    }
    if bench.wants("ledger") {
        rows.push(measure::ledger::batched(bench, &place, &server, &people).await?);
        rows.extend(measure::ledger::single(bench, &place, &server, &people).await?);
    }
    if bench.wants("nothing") {
        rows.push(measure::filled::nothing(bench, &server).await?);
    }
    server.stop()?;
    if bench.wants("start") {
        rows.extend(measure::start::first_answer(bench, &place, &people).await?);
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> Result<Arguments, String> {
        parse(&text.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn arguments_are_read_and_mistakes_are_named() {
        let arguments = parsed("--rounds 5 --only read,search").unwrap();
        assert_eq!((arguments.rounds, arguments.seconds, arguments.only.len()), (5, 5, 2));
        for wrong in ["--round 5", "--rounds", "--rounds none", "--rounds 0", "--only reading", "--write --only read"] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }
}
