//! A transaction: statements, rows, and what is to happen when it commits.

use crate::{Column, DbError, Sql, Value, bulk, postgres as pg};
use std::any::Any;

pub(crate) enum Conn<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgres(&'c mut pg::Session),
}

/// One transaction. Statements use `?1`, `?2`, … for parameters on both engines.
pub struct Tx<'c> {
    pub(crate) conn: Conn<'c>,
    /// Set when the current job must open its own savepoint before its first statement.
    pub(crate) savepoint_due: bool,
    pub(crate) savepoint_open: bool,
    /// Things to be written once for the whole group, just before it commits (the ledger's entries).
    pub(crate) pending: Vec<Box<dyn Any + Send>>,
    /// Runs after the commit, never after a rollback.
    pub(crate) after: Vec<Box<dyn FnOnce() + Send>>,
    /// Told to everybody who listens, on every replica, once this is durable.
    pub(crate) news: Vec<String>,
    pub(crate) writable: bool,
}

impl<'c> Tx<'c> {
    pub(crate) const fn new(conn: Conn<'c>, writable: bool) -> Self {
        Self {
            conn,
            savepoint_due: false,
            savepoint_open: false,
            pending: Vec::new(),
            after: Vec::new(),
            news: Vec::new(),
            writable,
        }
    }

    /// Runs a query and maps each row.
    pub fn query<T, E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_, '_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        let mut out = Vec::new();
        self.for_each(sql, params, |row| -> Result<bool, E> {
            out.push(map(row)?);
            Ok(true)
        })?;
        Ok(out)
    }

    /// Runs a query and hands over row after row until told `false`.
    pub fn for_each<E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut each: impl FnMut(&Row<'_, '_>) -> Result<bool, E>,
    ) -> Result<(), E> {
        self.enter()?;
        match &mut self.conn {
            Conn::Sqlite(c) => {
                let mut statement = c.prepare_cached(sql).map_err(DbError::from)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(DbError::from)?;
                while let Some(row) = rows.next().map_err(DbError::from)? {
                    if !each(&Row::Sqlite(row))? {
                        break;
                    }
                }
            }
            Conn::Postgres(s) => {
                for row in s.query(sql, params)? {
                    if !each(&Row::Postgres(&row))? {
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// The first row of a query, if there is one.
    pub fn query_opt<T, E: From<DbError>>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_, '_>) -> Result<T, E>,
    ) -> Result<Option<T>, E> {
        let mut out = None;
        self.for_each(sql, params, |row| -> Result<bool, E> {
            out = Some(map(row)?);
            Ok(false)
        })?;
        Ok(out)
    }

    /// The first column of the first row as a number; 0 when there is none.
    pub fn count(&mut self, sql: &str, params: &[Value<'_>]) -> Result<i64, DbError> {
        Ok(self.query_opt(sql, params, |row| Ok::<_, DbError>(row.opt_int(0)?.unwrap_or(0)))?.unwrap_or(0))
    }

    /// Runs a statement; says how many rows it changed.
    pub fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, DbError> {
        self.enter()?;
        match &mut self.conn {
            Conn::Sqlite(c) => {
                let n = c.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
                Ok(n as u64)
            }
            Conn::Postgres(s) => s.execute(sql, params),
        }
    }

    /// Inserts many rows, given by column.
    pub fn insert_many(&mut self, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
        self.enter()?;
        match &mut self.conn {
            Conn::Sqlite(c) => bulk::insert_sqlite(c, table, columns),
            Conn::Postgres(s) => bulk::insert_postgres(s, table, columns),
        }
    }

    /// Deletes the rows whose columns equal the given values, row by row.
    pub fn delete_many(&mut self, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
        self.enter()?;
        match &mut self.conn {
            Conn::Sqlite(c) => bulk::delete_sqlite(c, table, columns),
            Conn::Postgres(s) => bulk::delete_postgres(s, table, columns),
        }
    }

    /// Takes `n` consecutive numbers of a named counter and returns the first.
    pub fn allocate(&mut self, counter: &str, n: i64) -> Result<i64, DbError> {
        let next = self.query_opt(
            "UPDATE counter SET value = value + ?2 WHERE name = ?1 RETURNING value",
            &[Value::Text(counter), Value::Int(n)],
            |row| row.int(0),
        )?;
        match next {
            Some(value) => Ok(value - n + 1),
            None => Err(DbError::Failed(format!("there is no counter {counter}"))),
        }
    }

    /// Keeps something for the flush that runs once before the group commits.
    pub fn defer(&mut self, item: Box<dyn Any + Send>) {
        debug_assert!(self.writable, "only a write can defer");
        self.pending.push(item);
    }

    /// Runs `then` once this transaction is durable, and never if it is not.
    pub fn after_commit(&mut self, then: impl FnOnce() + Send + 'static) {
        self.after.push(Box::new(then));
    }

    /// Tells every listener of `Db::subscribe`, on every replica, once this is durable. Never a health value.
    pub fn announce(&mut self, news: impl Into<String>) {
        let news = news.into();
        if self.news.last() != Some(&news) {
            self.news.push(news);
        }
    }

    /// Runs a query put together by `Sql`.
    pub fn rows<T, E: From<DbError>>(
        &mut self,
        sql: &Sql,
        map: impl FnMut(&Row<'_, '_>) -> Result<T, E>,
    ) -> Result<Vec<T>, E> {
        self.query(sql.text(), &sql.params(), map)
    }

    /// Opens the job's savepoint at its first statement: a job that runs none needs none.
    fn enter(&mut self) -> Result<(), DbError> {
        if self.savepoint_due && !self.savepoint_open {
            self.savepoint_open = true;
            self.batch("SAVEPOINT job")?;
        }
        Ok(())
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), DbError> {
        match &mut self.conn {
            Conn::Sqlite(c) => {
                c.prepare_cached(sql)?.execute([])?;
                Ok(())
            }
            Conn::Postgres(s) => s.batch(sql),
        }
    }
}

/// One row of an answer.
pub enum Row<'r, 's> {
    Sqlite(&'r rusqlite::Row<'s>),
    Postgres(&'r postgres::Row),
}

impl Row<'_, '_> {
    pub fn int(&self, i: usize) -> Result<i64, DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get(i)?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }

    pub fn opt_int(&self, i: usize) -> Result<Option<i64>, DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get(i)?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }

    pub fn real(&self, i: usize) -> Result<f64, DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get(i)?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }

    pub fn text(&self, i: usize) -> Result<&str, DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get_ref(i)?.as_str().map_err(|e| DbError::Failed(e.to_string()))?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }

    pub fn blob(&self, i: usize) -> Result<&[u8], DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get_ref(i)?.as_blob().map_err(|e| DbError::Failed(e.to_string()))?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }

    pub fn opt_blob(&self, i: usize) -> Result<Option<&[u8]>, DbError> {
        match self {
            Self::Sqlite(r) => Ok(r.get_ref(i)?.as_blob_or_null().map_err(|e| DbError::Failed(e.to_string()))?),
            Self::Postgres(r) => Ok(r.try_get(i)?),
        }
    }
}
