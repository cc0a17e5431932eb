//! SQLite: one file, one writer thread, and a pool of readers that run where they are called.

use crate::DbError;
use crate::engine::Flush;
use crate::tx::{Conn, Tx};
use crate::writer::{self, Job};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Statements kept prepared on each connection.
const STATEMENTS: usize = 400;

pub struct Engine {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    pub writes: Sender<Job>,
    /// Dropping it ends the thread that tends the log.
    _tending: Sender<()>,
}

/// How often the log's pages are moved home.
const TEND_EVERY: Duration = Duration::from_millis(500);

pub fn connect(path: &Path, writer: bool) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(path, flags)?;
    c.set_prepared_statement_cache_capacity(STATEMENTS);
    // A plan that does not look at the values it is run with. Otherwise SQLite parses and plans a cached statement anew
    // whenever a parameter it had looked at is bound again: a quarter of the time of a doctor's read.
    c.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    c.busy_timeout(std::time::Duration::from_secs(20))?;
    // FULL: the log is flushed at every commit, so that an answered write survives a power cut.
    c.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;")?;
    // The writer inserts at random places of the index trees: it profits from memory; readers use the system's cache.
    c.execute_batch(if writer {
        "PRAGMA cache_size = -65536"
    } else {
        "PRAGMA cache_size = -8192; PRAGMA query_only = ON"
    })?;
    if writer {
        // What is deleted (an erased patient's key) is overwritten with zeros where that costs no further page.
        c.execute_batch("PRAGMA secure_delete = FAST")?;
        // The log's pages are moved home beside the writer (`tend`); it does so itself only when that cannot keep up,
        // and then the log is reused from its beginning.
        c.execute_batch("PRAGMA wal_autocheckpoint = 8000; PRAGMA journal_size_limit = 67108864;")?;
    }
    Ok(c)
}

/// Moves the log's pages home while the writer goes on, so that no write waits for it. A log in which nothing is new is
/// left alone.
fn tend(path: &Path, ended: &Receiver<()>) {
    let Ok(c) = connect(path, true) else { return };
    let mut wal = path.to_owned().into_os_string();
    wal.push("-wal");
    let changed = || std::fs::metadata(&wal).and_then(|m| m.modified()).ok();
    let mut last = None;
    while ended.recv_timeout(TEND_EVERY) == Err(RecvTimeoutError::Timeout) {
        let now = changed();
        if now == last {
            continue;
        }
        match c.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())) {
            Ok(()) => last = now,
            Err(error) => tracing::debug!(%error, "the log of the database was not moved home this time"),
        }
    }
}

/// A database that nobody else opens for as long as this is kept.
pub struct Alone {
    _connection: Connection,
}

impl std::fmt::Debug for Alone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Alone")
    }
}

/// How long whoever is just about to close the file is waited for.
const CLOSES_WITHIN: Duration = Duration::from_millis(500);

/// Takes a file for oneself; `None` while anybody has it open, in this process or another. What is no database is nobody's.
pub fn alone(path: &Path) -> Result<Option<Alone>, DbError> {
    let c = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    c.busy_timeout(CLOSES_WITHIN)?;
    // Whoever has it open reads the log, and SQLite leaves no log that somebody reads.
    match c.execute_batch("PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE") {
        Err(error)
            if matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)) =>
        {
            Ok(None)
        }
        Err(error) if error.sqlite_error_code() != Some(ErrorCode::NotADatabase) => Err(error.into()),
        _ => Ok(Some(Alone { _connection: c })),
    }
}

impl Engine {
    pub fn open(path: &Path, flush: Arc<Flush>) -> Result<Self, DbError> {
        let connection = connect(path, true)?;
        let (writes, queue) = crossbeam_channel::bounded(writer::QUEUE);
        std::thread::Builder::new()
            .name("db-writer".into())
            .spawn(move || writer::run_sqlite(&connection, &queue, &flush))
            .map_err(|e| DbError::Unavailable(format!("no thread for the database: {e}")))?;
        let (tending, ended) = crossbeam_channel::bounded(0);
        let tended = path.to_owned();
        std::thread::Builder::new()
            .name("db-log".into())
            .spawn(move || tend(&tended, &ended))
            .map_err(|e| DbError::Unavailable(format!("no thread for the database: {e}")))?;
        Ok(Self { path: path.to_owned(), idle: Mutex::new(Vec::new()), writes, _tending: tending })
    }

    /// Runs a read on a snapshot, in the calling thread.
    pub fn read<T, E: From<DbError>>(&self, run: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let kept = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let c = match kept {
            Some(c) => c,
            None => connect(&self.path, false)?,
        };
        c.prepare_cached("BEGIN").and_then(|mut s| s.execute([])).map_err(DbError::from)?;
        let result = run(&mut Tx::new(Conn::Sqlite(&c), false));
        // A connection that cannot end its snapshot is dropped, which ends it.
        if c.prepare_cached("COMMIT").and_then(|mut s| s.execute([])).is_ok() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(c);
        }
        result
    }

    pub fn own_connection(&self) -> Result<Connection, DbError> {
        connect(&self.path, true)
    }

    /// The size of the database and its log on disk.
    pub fn bytes(&self) -> u64 {
        let mut wal = self.path.clone().into_os_string();
        wal.push("-wal");
        [self.path.clone(), PathBuf::from(wal)].iter().filter_map(|p| std::fs::metadata(p).ok()).map(|m| m.len()).sum()
    }
}
