//! The database handle: which engine, reading, writing, and the flush before each commit.

use crate::{DbError, Tx, migrate, postgres as pg, sqlite, writer};
use std::any::Any;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use tokio::runtime::Handle;
use tokio::sync::{broadcast, oneshot, watch};

/// Where the database is.
#[derive(Clone, Debug)]
pub struct Options {
    /// `postgres://…`, or the path of an SQLite file.
    pub url: String,
}

type FlushFn = dyn Fn(&mut Tx<'_>, Vec<Box<dyn Any + Send>>) -> Result<(), DbError> + Send + Sync;
type FailedFn = dyn Fn() + Send + Sync;
type RewriteFn = dyn Fn(&str) -> Option<String> + Send + Sync;

/// What runs once per group of writes, just before it commits: the ledger writes its entries here.
pub struct Flush {
    hooks: OnceLock<(Box<FlushFn>, Box<FailedFn>)>,
    envelope: OnceLock<Envelope>,
    news: broadcast::Sender<Arc<str>>,
    /// One for each word that somebody waits for alone: who does is not woken by any other news.
    bells: RwLock<HashMap<&'static str, watch::Sender<()>>>,
}

/// How news travels between replicas: closed here, opened there. PostgreSQL sees neither whose it is nor what.
struct Envelope {
    close: Box<RewriteFn>,
    open: Box<RewriteFn>,
}

/// Listeners that fall this far behind lose the oldest news; they are told so and look afresh.
const NEWS: usize = 1024;

impl Default for Flush {
    fn default() -> Self {
        Self {
            hooks: OnceLock::new(),
            envelope: OnceLock::new(),
            news: broadcast::channel(NEWS).0,
            bells: RwLock::default(),
        }
    }
}

impl Flush {
    pub(crate) fn run(&self, tx: &mut Tx<'_>, pending: Vec<Box<dyn Any + Send>>) -> Result<(), DbError> {
        match self.hooks.get() {
            Some((run, _)) => run(tx, pending),
            None => Err(DbError::Failed("something was deferred, but nothing flushes it".into())),
        }
    }

    pub(crate) fn tell(&self, news: Vec<String>) {
        for item in news {
            if let Some(bell) = self.bells.read().unwrap_or_else(PoisonError::into_inner).get(item.as_str()) {
                bell.send_replace(());
            }
            // Nobody listening is no error.
            let _ = self.news.send(Arc::from(item));
        }
    }

    /// As it may stand in a notification of PostgreSQL; `None` keeps it inside this process.
    pub(crate) fn closed(&self, news: &str) -> Option<String> {
        self.envelope.get().and_then(|envelope| (envelope.close)(news))
    }

    /// What a notification says; one that does not open was not sent by a replica of this server.
    pub(crate) fn opened(&self, closed: &str) -> Option<String> {
        self.envelope.get().and_then(|envelope| (envelope.open)(closed))
    }

    pub(crate) fn failed(&self) {
        if let Some((_, failed)) = self.hooks.get() {
            failed();
        }
    }
}

/// A handle to the database; clones are the same database.
#[derive(Clone)]
pub struct Db {
    engine: Engine,
    flush: Arc<Flush>,
}

#[derive(Clone)]
enum Engine {
    Sqlite(Arc<sqlite::Engine>),
    Postgres(Arc<pg::Engine>),
}

impl Db {
    /// Opens the database and brings its tables up to date.
    pub fn open(options: &Options) -> Result<Self, DbError> {
        let flush = Arc::new(Flush::default());
        let engine = if options.url.starts_with("postgres://") || options.url.starts_with("postgresql://") {
            let engine = pg::Engine::open(&options.url, Arc::clone(&flush))?;
            engine.own_session(migrate::postgres)?;
            Engine::Postgres(Arc::new(engine))
        } else {
            let engine = sqlite::Engine::open(Path::new(&options.url), Arc::clone(&flush))?;
            migrate::sqlite(&engine.own_connection()?)?;
            Engine::Sqlite(Arc::new(engine))
        };
        Ok(Self { engine, flush })
    }

    /// Sets what runs before each commit that has something deferred. Once.
    pub fn on_flush(
        &self,
        run: impl Fn(&mut Tx<'_>, Vec<Box<dyn Any + Send>>) -> Result<(), DbError> + Send + Sync + 'static,
        failed: impl Fn() + Send + Sync + 'static,
    ) -> Result<(), DbError> {
        self.flush
            .hooks
            .set((Box::new(run), Box::new(failed)))
            .map_err(|_| DbError::Failed("the flush is set already".into()))
    }

    /// Sets how news is closed for the way through PostgreSQL, and opened at its end. Once; without it no news travels.
    pub fn on_news(
        &self,
        close: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
        open: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Result<(), DbError> {
        self.flush
            .envelope
            .set(Envelope { close: Box::new(close), open: Box::new(open) })
            .map_err(|_| DbError::Failed("the envelope of news is set already".into()))
    }

    /// What was announced by committed writes from now on, on any replica.
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<str>> {
        self.flush.news.subscribe()
    }

    /// Changes whenever exactly this is announced. Every reading is news to somebody, so who waits for one word among them
    /// would be woken thousands of times a second for nothing.
    pub fn bell(&self, word: &'static str) -> watch::Receiver<()> {
        let mut bells = self.flush.bells.write().unwrap_or_else(PoisonError::into_inner);
        bells.entry(word).or_insert_with(|| watch::channel(()).0).subscribe()
    }

    pub const fn name(&self) -> &'static str {
        match self.engine {
            Engine::Sqlite(_) => "SQLite",
            Engine::Postgres(_) => "PostgreSQL",
        }
    }

    /// Bytes on disk, as far as the engine tells.
    pub fn bytes(&self) -> Result<u64, DbError> {
        match &self.engine {
            Engine::Sqlite(e) => Ok(e.bytes()),
            Engine::Postgres(e) => {
                let n = e.own_session(|s| {
                    let rows = s.query("SELECT pg_database_size(current_database())", &[])?;
                    rows.first().map_or(Ok(0), |row| row.try_get::<_, i64>(0).map_err(DbError::from))
                })?;
                Ok(u64::try_from(n).unwrap_or(0))
            }
        }
    }

    /// Moves the write-ahead log home and empties it, so that what was deleted is not in it either. PostgreSQL does this
    /// by its own rules.
    pub fn settle(&self) -> Result<(), DbError> {
        match &self.engine {
            Engine::Sqlite(e) => {
                e.own_connection()?.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
                Ok(())
            }
            Engine::Postgres(_) => Ok(()),
        }
    }

    /// A short read on one snapshot. On SQLite it runs right here, without a change of thread.
    pub async fn read<T, E, F>(&self, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(e) => e.read(run),
            Engine::Postgres(e) => {
                let (send, receive) = oneshot::channel();
                e.submit_read(Box::new(move |tx| {
                    let _ = send.send(tx.map_err(E::from).and_then(run));
                }))?;
                receive.await.unwrap_or_else(|_| Err(DbError::Unavailable("the read was dropped".into()).into()))
            }
        }
    }

    /// A read that may take long (an export, a whole history): never on the threads that answer requests.
    pub async fn scan<T, E, F>(&self, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(e) => {
                let e = Arc::clone(e);
                let done = tokio::task::spawn_blocking(move || e.read(run)).await;
                done.unwrap_or_else(|_| Err(DbError::Failed("the read panicked".into()).into()))
            }
            Engine::Postgres(_) => self.read(run).await,
        }
    }

    /// A read from a thread that may block: the command line, tests, worker threads.
    pub fn read_blocking<T, E, F>(&self, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        match &self.engine {
            Engine::Sqlite(e) => e.read(run),
            Engine::Postgres(e) => {
                let (send, receive) = std::sync::mpsc::channel();
                e.submit_read(Box::new(move |tx| {
                    let _ = send.send(tx.map_err(E::from).and_then(run));
                }))?;
                receive.recv().unwrap_or_else(|_| Err(DbError::Unavailable("the read was dropped".into()).into()))
            }
        }
    }

    /// A write. It returns when the write is durable, or undone.
    pub async fn write<T, E, F>(&self, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (send, receive) = oneshot::channel();
        self.submit(run, Handle::try_current().ok(), move |result| {
            let _ = send.send(result);
        })?;
        receive.await.unwrap_or_else(|_| Err(DbError::Unavailable("the write was dropped".into()).into()))
    }

    /// A write from a thread that may block.
    pub fn write_blocking<T, E, F>(&self, run: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (send, receive) = std::sync::mpsc::channel();
        self.submit(run, None, move |result| {
            let _ = send.send(result);
        })?;
        receive.recv().unwrap_or_else(|_| Err(DbError::Unavailable("the write was dropped".into()).into()))
    }

    fn submit<T, E, F>(
        &self,
        run: F,
        home: Option<Handle>,
        answer: impl FnOnce(Result<T, E>) + Send + 'static,
    ) -> Result<(), E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let run: writer::Run = Box::new(move |tx| {
            let result = run(tx);
            let stands = result.is_ok();
            let reply: writer::Reply = Box::new(move |committed| {
                answer(match committed {
                    Ok(()) => result,
                    Err(error) if stands => Err(E::from(error)),
                    Err(_) => result,
                });
            });
            (stands, reply)
        });
        let queue = match &self.engine {
            Engine::Sqlite(e) => &e.writes,
            Engine::Postgres(e) => &e.writes,
        };
        queue.try_send(writer::Job { run, home }).map_err(|e| {
            let why = if e.is_full() { "too many writes are waiting" } else { "the writer has stopped" };
            E::from(DbError::Unavailable(why.into()))
        })
    }
}
