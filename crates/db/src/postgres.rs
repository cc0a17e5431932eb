//! PostgreSQL: sessions with prepared statements, each owned by one thread.

use crate::engine::Flush;
use crate::tx::{Conn, Tx};
use crate::writer::{self, Job};
use crate::{DbError, Value};
use crossbeam_channel::{Receiver, Sender};
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// Readers of one process; PostgreSQL allows a hundred connections by default, shared by all replicas.
const READERS: usize = 6;

/// A prepared statement costs memory on both sides: past this many, the least is forgotten all at once.
const STATEMENTS: usize = 400;

pub struct Session {
    client: Client,
    statements: HashMap<String, Statement>,
}

pub type ReadJob = Box<dyn FnOnce(Result<&mut Tx<'_>, DbError>) + Send>;

pub struct Engine {
    url: String,
    reads: Sender<ReadJob>,
    pub writes: Sender<Job>,
}

impl Session {
    pub fn connect(url: &str) -> Result<Self, DbError> {
        // UTC and plain settings: nothing of the server's configuration may change what a statement means.
        let mut client = Client::connect(url, NoTls).map_err(|e| DbError::Unavailable(e.to_string()))?;
        client.batch_execute("SET TIME ZONE 'UTC'; SET synchronous_commit = on")?;
        Ok(Self { client, statements: HashMap::new() })
    }

    fn prepared(&mut self, sql: &str) -> Result<Statement, DbError> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        if self.statements.len() >= STATEMENTS {
            self.statements.clear();
        }
        let statement = self.client.prepare(&dollars(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<postgres::Row>, DbError> {
        let statement = self.prepared(sql)?;
        Ok(self.client.query(&statement, &refs(params))?)
    }

    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, DbError> {
        let statement = self.prepared(sql)?;
        Ok(self.client.execute(&statement, &refs(params))?)
    }

    pub fn execute_raw(&mut self, sql: &str, params: &[&(dyn postgres::types::ToSql + Sync)]) -> Result<u64, DbError> {
        let statement = self.prepared(sql)?;
        Ok(self.client.execute(&statement, params)?)
    }

    pub fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        Ok(self.client.batch_execute(sql)?)
    }
}

fn refs<'a>(params: &'a [Value<'a>]) -> Vec<&'a (dyn postgres::types::ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn postgres::types::ToSql + Sync)).collect()
}

/// `?1` is SQLite's way of naming a parameter, `$1` PostgreSQL's. Our statements hold no other question mark.
pub fn dollars(sql: &str) -> String {
    sql.replace('?', "$")
}

impl Engine {
    pub fn open(url: &str, flush: Arc<Flush>) -> Result<Self, DbError> {
        let (reads, inbox) = crossbeam_channel::unbounded();
        for n in 0..READERS {
            let (url, inbox) = (url.to_owned(), inbox.clone());
            spawn(format!("pg-reader-{n}"), move || serve_reads(&url, &inbox))?;
        }
        let (listen_url, heard) = (url.to_owned(), Arc::clone(&flush));
        spawn("pg-listener".into(), move || listen(&listen_url, &heard))?;
        let (writes, queue) = crossbeam_channel::bounded(writer::QUEUE);
        let write_url = url.to_owned();
        spawn("pg-writer".into(), move || writer::run_postgres(&write_url, &queue, &flush))?;
        Ok(Self { url: url.to_owned(), reads, writes })
    }

    pub fn submit_read(&self, job: ReadJob) -> Result<(), DbError> {
        self.reads.send(job).map_err(|_| DbError::Unavailable("the reader threads have stopped".into()))
    }

    /// Runs statements outside of the queues, on a connection of their own: for migrations and size.
    pub fn own_session<T>(&self, run: impl FnOnce(&mut Session) -> Result<T, DbError> + Send) -> Result<T, DbError>
    where
        T: Send,
    {
        // The driver's own runtime must not start inside ours.
        std::thread::scope(|scope| {
            let handle = scope.spawn(|| run(&mut Session::connect(&self.url)?));
            handle.join().unwrap_or_else(|_| Err(DbError::Failed("a database thread panicked".into())))
        })
    }
}

fn spawn(name: String, run: impl FnOnce() + Send + 'static) -> Result<(), DbError> {
    std::thread::Builder::new()
        .name(name)
        .spawn(run)
        .map(drop)
        .map_err(|e| DbError::Unavailable(format!("no thread for the database: {e}")))
}

fn serve_reads(url: &str, inbox: &Receiver<ReadJob>) {
    let mut session = None;
    for job in inbox {
        if session.is_none() {
            match Session::connect(url) {
                Ok(fresh) => session = Some(fresh),
                Err(error) => {
                    job(Err(error));
                    continue;
                }
            }
        }
        let Some(open) = session.as_mut() else { continue };
        if let Err(error) = open.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
            session = None;
            job(Err(error));
            continue;
        }
        job(Ok(&mut Tx::new(Conn::Postgres(open), false)));
        if open.batch("COMMIT").is_err() {
            session = None;
        }
    }
}

/// Passes on what any replica announces; connects again when the connection is lost.
fn listen(url: &str, flush: &Flush) {
    use postgres::fallible_iterator::FallibleIterator;
    loop {
        if let Ok(mut session) = Session::connect(url)
            && session.batch("LISTEN healthsync").is_ok()
        {
            let mut notifications = session.client.notifications();
            let mut heard = notifications.blocking_iter();
            while let Ok(Some(notification)) = heard.next() {
                flush.tell(flush.opened(notification.payload()).into_iter().collect());
            }
        }
        std::thread::sleep(std::time::Duration::from_secs(1));
    }
}
