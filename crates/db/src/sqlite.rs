//! SQLite: one file, one writer thread, and a pool of readers that run where they are called.

use crate::DbError;
use crate::engine::Flush;
use crate::tx::{Conn, Tx};
use crate::writer::{self, Job};
use crossbeam_channel::Sender;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Statements kept prepared on each connection.
const STATEMENTS: usize = 400;

pub struct Engine {
    path: PathBuf,
    idle: Mutex<Vec<Connection>>,
    pub writes: Sender<Job>,
}

pub fn connect(path: &Path, writer: bool) -> Result<Connection, DbError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let c = Connection::open_with_flags(path, flags)?;
    c.set_prepared_statement_cache_capacity(STATEMENTS);
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
        // 16 MB of log before its pages are moved home: fewer pauses, and the log file is reused, never grown.
        c.execute_batch("PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864;")?;
    }
    Ok(c)
}

impl Engine {
    pub fn open(path: &Path, flush: Arc<Flush>) -> Result<Self, DbError> {
        let connection = connect(path, true)?;
        let (writes, queue) = crossbeam_channel::bounded(writer::QUEUE);
        std::thread::Builder::new()
            .name("db-writer".into())
            .spawn(move || writer::run_sqlite(&connection, &queue, &flush))
            .map_err(|e| DbError::Unavailable(format!("no thread for the database: {e}")))?;
        Ok(Self { path: path.to_owned(), idle: Mutex::new(Vec::new()), writes })
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
