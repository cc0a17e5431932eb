//! Whether the server lives, for scripts, and how it is, for administrators.

use crate::desk::Desk;
use axum::extract::State;
use axum::{Extension, Json};
use db::DbError;
use fhir::Kind;
use kernel::{Ctx, Problem};
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// A read of a table that is always there: it needs the file or the connection, and takes microseconds.
const A_ROW: &str = "SELECT value FROM counter WHERE name = 'epoch'";

#[derive(Serialize, ToSchema)]
pub struct Alive {
    /// `ok`
    pub status: &'static str,
}

/// Answers as long as the database can be read. Says nothing about it: anybody may ask.
#[utoipa::path(get, path = "/api/health", tag = "server", responses((status = 200, body = Alive), (status = 503)))]
pub async fn alive(State(desk): State<Arc<Desk>>) -> Result<Json<Alive>, Problem> {
    desk.house.db.read(|tx| tx.count(A_ROW, &[])).await?;
    Ok(Json(Alive { status: "ok" }))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Health {
    pub version: &'static str,
    /// When this process started.
    pub started: String,
    pub database: Database,
    pub process: Process,
    pub counts: Counts,
    pub requests: Requests,
    pub checks: Vec<Check>,
}

#[derive(Serialize, ToSchema)]
pub struct Database {
    pub engine: &'static str,
    pub bytes: u64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    pub memory_bytes: u64,
}

#[derive(Serialize, ToSchema)]
pub struct Counts {
    pub accounts: i64,
    pub patients: i64,
    pub resources: i64,
    pub grants: i64,
}

/// Since the start.
#[derive(Serialize, ToSchema)]
pub struct Requests {
    pub total: u64,
    pub errors: u64,
}

#[derive(Serialize, ToSchema)]
pub struct Check {
    pub name: &'static str,
    pub state: State3,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum State3 {
    Ok,
    Warn,
    Error,
}

/// Sizes, counts and checks of this server.
#[utoipa::path(get, path = "/api/admin/health", tag = "admin",
    responses((status = 200, body = Health), (status = 401), (status = 403)))]
pub async fn report(State(desk): State<Arc<Desk>>, Extension(ctx): Extension<Ctx>) -> Result<Json<Health>, Problem> {
    super::people::only_administrators(&ctx)?;
    let house = &desk.house;
    let counts = house.db.scan(counts).await?;
    let db = house.db.clone();
    let bytes = tokio::task::spawn_blocking(move || db.bytes()).await.map_err(|_| Problem::internal())??;
    let (total, errors) = desk.counted.so_far();
    let checks = checks(&desk).await;
    Ok(Json(Health {
        version: env!("CARGO_PKG_VERSION"),
        started: desk.started.to_rfc3339(),
        database: Database { engine: house.db.name(), bytes },
        process: Process { memory_bytes: memory().unwrap_or(0) },
        counts,
        requests: Requests { total, errors },
        checks,
    }))
}

fn counts(tx: &mut db::Tx<'_>) -> Result<Counts, DbError> {
    let patient = Kind::Patient.code();
    Ok(Counts {
        accounts: tx.count("SELECT COUNT(*) FROM account", &[])?,
        patients: tx.count("SELECT COUNT(*) FROM resource WHERE kind = ?1 AND state = 0", &[patient.into()])?,
        // Numbers are handed out without gaps but for writes that failed; counting millions of rows takes seconds.
        resources: tx.count("SELECT value FROM counter WHERE name = 'rid'", &[])?,
        grants: tx.count("SELECT COUNT(*) FROM reach WHERE grantee > 0", &[])?,
    })
}

async fn checks(desk: &Desk) -> Vec<Check> {
    let house = &desk.house;
    let now = house.clock.now();
    let ledger = Arc::clone(&house.ledger);
    let database = match house.db.read(|tx| tx.count(A_ROW, &[])).await {
        Ok(_) => check("database", State3::Ok, "It can be read."),
        Err(error) => check("database", State3::Error, error.to_string()),
    };
    let checkpoint =
        house.db.read(move |tx| Ok::<_, ledger::LedgerError>((ledger::latest(tx, &ledger)?, ledger::head(tx)?.0)));
    let checkpoint = match checkpoint.await {
        Err(error) => check("ledger", State3::Error, error.to_string()),
        Ok((Some(last), size)) if last.size == size || now.0 - last.time.0 < 10 * 60_000 => {
            check("ledger", State3::Ok, format!("{size} entries, signed up to {}.", last.size))
        }
        Ok((Some(last), size)) => {
            check("ledger", State3::Warn, format!("{size} entries, but none signed since {}.", last.time.to_rfc3339()))
        }
        Ok((None, size)) => check("ledger", State3::Warn, format!("{size} entries, none signed yet.")),
    };
    let transport = if desk.secure {
        check("transport", State3::Ok, "Browsers come by TLS.")
    } else {
        check("transport", State3::Warn, "No TLS: fit for this machine only.")
    };
    let demonstration = if desk.demo.is_some() {
        check("demonstration", State3::Warn, "The passwords of this server are public. Put no real data in it.")
    } else {
        check("demonstration", State3::Ok, "This is no demonstration.")
    };
    vec![database, checkpoint, transport, demonstration]
}

fn check(name: &'static str, state: State3, detail: impl Into<String>) -> Check {
    Check { name, state, detail: detail.into() }
}

/// Resident memory of this process, where the system tells.
fn memory() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}
