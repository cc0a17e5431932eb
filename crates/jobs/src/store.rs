//! All SQL of the queue.

use crate::Work;
use crate::rules::LEASE_MS;
use db::{DbError, Tx, Value};
use kernel::Timestamp;

/// Where a job given up rests: never due.
const NEVER: i64 = i64::MAX;

/// The news that wakes the runner.
pub const NEWS: &str = "jobs";

/// A job taken from the queue.
pub struct Claimed {
    pub kind: String,
    pub work: Work,
}

/// Enqueues work in the caller's transaction, to be done at `due` or soon after.
pub fn enqueue(tx: &mut Tx<'_>, kind: &'static str, due: Timestamp, payload: &[u8]) -> Result<i64, DbError> {
    let id = tx.allocate("job", 1)?;
    tx.execute(
        "INSERT INTO job (job_id, kind, due, tries, payload) VALUES (?1, ?2, ?3, 0, ?4)",
        &[id.into(), kind.into(), due.into(), Value::Blob(payload)],
    )?;
    tx.announce(NEWS);
    Ok(id)
}

/// The same, unless such a job waits already: then that one is brought forward if it was to run later.
pub fn enqueue_once(tx: &mut Tx<'_>, kind: &'static str, due: Timestamp) -> Result<(), DbError> {
    let waiting = tx.query_opt(
        "SELECT job_id FROM job WHERE kind = ?1 AND tries = 0 AND failed IS NULL ORDER BY job_id LIMIT 1",
        &[kind.into()],
        |row| row.int(0),
    )?;
    let Some(id) = waiting else { return enqueue(tx, kind, due, &[]).map(drop) };
    if tx.execute("UPDATE job SET due = ?2 WHERE job_id = ?1 AND due > ?2", &[id.into(), due.into()])? > 0 {
        tx.announce(NEWS);
    }
    Ok(())
}

/// Makes sure that there is one row of a kind that runs by the clock.
pub fn ensure(tx: &mut Tx<'_>, kind: &'static str, due: Timestamp) -> Result<(), DbError> {
    match tx.count("SELECT COUNT(*) FROM job WHERE kind = ?1", &[kind.into()])? {
        0 => enqueue(tx, kind, due, &[]).map(drop),
        _ => Ok(()),
    }
}

fn listed(kinds: &[&'static str], from: usize) -> String {
    (0..kinds.len()).map(|i| format!("?{}", i + from)).collect::<Vec<_>>().join(", ")
}

/// When the next job of these kinds is due.
pub fn next_due(tx: &mut Tx<'_>, kinds: &[&'static str]) -> Result<Option<Timestamp>, DbError> {
    let sql = format!("SELECT MIN(due) FROM job WHERE failed IS NULL AND kind IN ({})", listed(kinds, 1));
    let params: Vec<Value<'_>> = kinds.iter().map(|&kind| kind.into()).collect();
    Ok(tx.query_opt(&sql, &params, |row| row.opt_int(0))?.flatten().map(Timestamp))
}

/// Takes up to `most` due jobs: each is out of everybody else's reach until its lease ends.
pub fn claim(tx: &mut Tx<'_>, kinds: &[&'static str], now: Timestamp, most: i64) -> Result<Vec<Claimed>, DbError> {
    let sql = format!(
        "SELECT job_id, kind, tries, payload FROM job WHERE due <= ?1 AND failed IS NULL AND kind IN ({})
         ORDER BY due, job_id LIMIT ?2",
        listed(kinds, 3)
    );
    let mut params: Vec<Value<'_>> = vec![now.into(), most.into()];
    params.extend(kinds.iter().map(|&kind| Value::from(kind)));
    let claimed = tx.query(&sql, &params, |row| {
        let work = Work { id: row.int(0)?, tries: row.int(2)? + 1, payload: row.blob(3)?.to_vec() };
        Ok::<_, DbError>(Claimed { kind: row.text(1)?.to_owned(), work })
    })?;
    for Claimed { work, .. } in &claimed {
        tx.execute(
            "UPDATE job SET due = ?2, tries = ?3 WHERE job_id = ?1",
            &[work.id.into(), now.plus_ms(LEASE_MS).into(), work.tries.into()],
        )?;
    }
    Ok(claimed)
}

/// Ends a job that was done. Nothing happens when another has begun it since.
pub fn done(tx: &mut Tx<'_>, work: &Work) -> Result<(), DbError> {
    tx.execute("DELETE FROM job WHERE job_id = ?1 AND tries = ?2", &[work.id.into(), work.tries.into()])?;
    Ok(())
}

/// Puts a job back, to be begun anew at `due`.
pub fn again(tx: &mut Tx<'_>, work: &Work, due: Timestamp, tries: i64) -> Result<(), DbError> {
    tx.execute(
        "UPDATE job SET due = ?3, tries = ?4 WHERE job_id = ?1 AND tries = ?2",
        &[work.id.into(), work.tries.into(), due.into(), tries.into()],
    )?;
    Ok(())
}

/// Keeps a job as failed; `false` when another has begun it since.
pub fn give_up(tx: &mut Tx<'_>, work: &Work, now: Timestamp) -> Result<bool, DbError> {
    let changed = tx.execute(
        "UPDATE job SET due = ?3, failed = ?4 WHERE job_id = ?1 AND tries = ?2",
        &[work.id.into(), work.tries.into(), NEVER.into(), now.into()],
    )?;
    Ok(changed > 0)
}

/// How the queue is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Waiting for their time, or being worked on.
    pub waiting: i64,
    /// Given up: somebody should look.
    pub failed: i64,
    /// How long the oldest due job has been waiting, in milliseconds.
    pub late_ms: i64,
}

/// For the administrator's health page.
pub fn counts(tx: &mut Tx<'_>, now: Timestamp) -> Result<Counts, DbError> {
    let failed = tx.count("SELECT COUNT(*) FROM job WHERE failed IS NOT NULL", &[])?;
    let waiting = tx.count("SELECT COUNT(*) FROM job WHERE failed IS NULL", &[])?;
    let oldest = tx.query_opt("SELECT MIN(due) FROM job WHERE failed IS NULL", &[], |row| row.opt_int(0))?.flatten();
    Ok(Counts { waiting, failed, late_ms: oldest.map_or(0, |due| (now.0 - due).max(0)) })
}
