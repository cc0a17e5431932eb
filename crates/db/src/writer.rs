//! The one queue of writes: whatever waits is committed together, with one flush to disk for all of it.

use crate::DbError;
use crate::engine::Flush;
use crate::postgres::Session;
use crate::tx::{Conn, Tx};
use crossbeam_channel::Receiver;
use rusqlite::Connection;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// Writes that may wait before callers are held back.
pub const QUEUE: usize = 4096;

/// A group ends after this many jobs or this long, so that nobody waits for the whole queue, and the callers of one group
/// are busy while the next is written: with 64 of them, 6 ms gave a quarter more creates a second than 40 ms.
const GROUP_JOBS: usize = 512;
const GROUP_TIME: Duration = Duration::from_millis(6);

/// Called once the group is durable or has failed.
pub type Reply = Box<dyn FnOnce(Result<(), DbError>) + Send>;

/// What a write does: says whether it stands, and how to answer its caller.
pub type Run = Box<dyn FnOnce(&mut Tx<'_>) -> (bool, Reply) + Send>;

/// A write that waits for its turn.
pub struct Job {
    pub run: Run,
    /// The runtime whose task waits for the answer; `None` when a thread does.
    pub home: Option<Handle>,
}

pub fn run_sqlite(c: &Connection, queue: &Receiver<Job>, flush: &Flush) {
    while let Ok(first) = queue.recv() {
        group(Conn::Sqlite(c), "BEGIN IMMEDIATE", first, queue, flush);
    }
}

pub fn run_postgres(url: &str, queue: &Receiver<Job>, flush: &Flush) {
    let mut session = None;
    while let Ok(first) = queue.recv() {
        if session.is_none() {
            match Session::connect(url) {
                Ok(fresh) => session = Some(fresh),
                Err(error) => {
                    refuse(first, &error);
                    continue;
                }
            }
        }
        let Some(open) = session.as_mut() else { continue };
        if !group(Conn::Postgres(open), "BEGIN", first, queue, flush) {
            session = None;
        }
    }
}

/// A job that cannot even begin is answered with the reason; its closure is dropped unrun.
fn refuse(job: Job, error: &DbError) {
    tracing::error!(%error, "a write could not begin");
    drop(job);
}

/// Runs one group; `false` when the connection should be given up.
fn group(conn: Conn<'_>, begin: &str, first: Job, queue: &Receiver<Job>, flush: &Flush) -> bool {
    let postgres = matches!(conn, Conn::Postgres(_));
    let mut tx = Tx::new(conn, true);
    let start = |tx: &mut Tx<'_>| {
        tx.batch(begin)?;
        // Replicas take turns, so that the ledger has one order and a precondition checked in a group still holds at its end.
        if postgres { tx.batch("SELECT pg_advisory_xact_lock(4851)") } else { Ok(()) }
    };
    if let Err(error) = start(&mut tx) {
        refuse(first, &error);
        return false;
    }
    let deadline = Instant::now() + GROUP_TIME;
    // The first job needs no savepoint: what fails with nothing before it is undone by starting again. A large bundle
    // is mostly alone in its group, and a savepoint would copy every page it touches.
    let mut replies = Replies::default();
    let stands = replies.of(&mut tx, first, false);
    if !stands && tx.batch("ROLLBACK").and_then(|()| start(&mut tx)).is_err() {
        replies.send(&Ok(()));
        return false;
    }
    while replies.len() < GROUP_JOBS && Instant::now() < deadline {
        let Ok(job) = queue.try_recv() else { break };
        replies.of(&mut tx, job, true);
    }
    tx.savepoint_due = false;
    let pending = std::mem::take(&mut tx.pending);
    let outcome = if pending.is_empty() { Ok(()) } else { flush.run(&mut tx, pending) };
    let news = std::mem::take(&mut tx.news);
    let outcome = outcome.and_then(|()| notify(&mut tx, flush, &news)).and_then(|()| tx.batch("COMMIT"));
    if let Err(error) = &outcome {
        tracing::error!(%error, jobs = replies.len(), "a group of writes was rolled back");
        let _ = tx.batch("ROLLBACK");
        flush.failed();
    } else {
        for then in std::mem::take(&mut tx.after) {
            then();
        }
        if !postgres {
            flush.tell(news);
        }
    }
    replies.send(&outcome);
    outcome.is_ok()
}

/// How to answer the callers of one group.
#[derive(Default)]
struct Replies {
    /// To threads that wait.
    here: Vec<Reply>,
    /// To tasks, by runtime: there is one, except in tests. One task answers them all, so that a group wakes a sleeping
    /// worker once and not once for each caller.
    there: Vec<(Handle, Vec<Reply>)>,
}

impl Replies {
    /// Runs a job and keeps its reply; says whether it stands.
    fn of(&mut self, tx: &mut Tx<'_>, job: Job, savepoint: bool) -> bool {
        let (stands, reply) = run_job(tx, job.run, savepoint);
        match job.home {
            None => self.here.push(reply),
            Some(home) => match self.there.iter_mut().find(|(known, _)| known.id() == home.id()) {
                Some((_, replies)) => replies.push(reply),
                None => self.there.push((home, vec![reply])),
            },
        }
        stands
    }

    fn len(&self) -> usize {
        self.here.len() + self.there.iter().map(|(_, replies)| replies.len()).sum::<usize>()
    }

    fn send(self, outcome: &Result<(), DbError>) {
        for (home, replies) in self.there {
            let outcome = outcome.clone();
            home.spawn(async move { replies.into_iter().for_each(|reply| reply(outcome.clone())) });
        }
        self.here.into_iter().for_each(|reply| reply(outcome.clone()));
    }
}

/// PostgreSQL carries the news to every replica, this one included; SQLite has only this process.
fn notify(tx: &mut Tx<'_>, flush: &Flush, news: &[String]) -> Result<(), DbError> {
    if let Conn::Postgres(session) = &mut tx.conn {
        for item in news.iter().filter_map(|item| flush.closed(item)) {
            session.execute("SELECT pg_notify('healthsync', ?1)", &[(&item).into()])?;
        }
    }
    Ok(())
}

/// Runs one job, in its own savepoint if others went before it: if it fails, only it is undone.
fn run_job(tx: &mut Tx<'_>, run: Run, savepoint: bool) -> (bool, Reply) {
    let (pending, after, news) = (tx.pending.len(), tx.after.len(), tx.news.len());
    tx.savepoint_due = savepoint;
    tx.savepoint_open = false;
    // A defect in one job must not end the thread that all writes depend on; its caller hears that it was dropped.
    let (stands, reply) = catch_unwind(AssertUnwindSafe(|| run(tx))).unwrap_or_else(|_| (false, Box::new(|_| {})));
    let closed = match (tx.savepoint_open, stands) {
        (false, _) => Ok(()),
        (true, true) => tx.batch("RELEASE job"),
        (true, false) => tx.batch("ROLLBACK TO job").and_then(|()| tx.batch("RELEASE job")),
    };
    tx.savepoint_open = false;
    if !stands {
        tx.pending.truncate(pending);
        tx.after.truncate(after);
        tx.news.truncate(news);
    }
    match closed {
        Ok(()) => (stands, reply),
        Err(error) => (false, Box::new(move |_| reply(Err(error)))),
    }
}
