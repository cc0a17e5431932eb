//! Many rows at once, given by column: no statement per row on PostgreSQL, few on SQLite.

use crate::{DbError, Value, postgres as pg};
use rusqlite::Connection;
use std::fmt::Write;

/// One column of a bulk statement.
#[derive(Clone, Copy)]
pub enum Column<'a> {
    /// The same number in every row.
    Const(i64),
    Int(&'a [i64]),
    OptInt(&'a [Option<i64>]),
    Real(&'a [f64]),
    Blob(&'a [&'a [u8]]),
}

/// SQLite takes this many rows in one statement; the rest goes one by one. Larger steps gained nothing.
const STEP: usize = 32;

impl Column<'_> {
    const fn len(&self) -> Option<usize> {
        match self {
            Self::Const(_) => None,
            Self::Int(v) => Some(v.len()),
            Self::OptInt(v) => Some(v.len()),
            Self::Real(v) => Some(v.len()),
            Self::Blob(v) => Some(v.len()),
        }
    }

    fn at(&self, i: usize) -> Value<'_> {
        match self {
            Self::Const(v) => Value::Int(*v),
            Self::Int(v) => Value::Int(v[i]),
            Self::OptInt(v) => Value::from(v[i]),
            Self::Real(v) => Value::Real(v[i]),
            Self::Blob(v) => Value::Blob(v[i]),
        }
    }
}

/// How many rows; all columns must agree.
fn rows(columns: &[(&str, Column<'_>)]) -> Result<usize, DbError> {
    let mut lengths = columns.iter().filter_map(|(_, c)| c.len());
    let first = lengths.next().unwrap_or(0);
    if lengths.all(|n| n == first) { Ok(first) } else { Err(DbError::Failed("columns of different length".into())) }
}

fn names(columns: &[(&str, Column<'_>)]) -> String {
    columns.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// `OR FAIL`: a failed row ends the job, which is undone as a whole, so SQLite need not keep a journal per statement.
/// With one, it walked the journal of the open savepoint at every statement: half of the time of a large bundle.
fn insert_text(table: &str, columns: &[(&str, Column<'_>)], rows: usize) -> String {
    let mut sql = format!("INSERT OR FAIL INTO {table} ({}) VALUES ", names(columns));
    let mut n = 0;
    for row in 0..rows {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns.len() {
            n += 1;
            let _ = write!(sql, "{}?{n}", if column == 0 { "" } else { ", " });
        }
        sql.push(')');
    }
    sql
}

pub fn insert_sqlite(c: &Connection, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
    let total = rows(columns)?;
    let mut done = 0;
    let mut values = Vec::with_capacity(STEP * columns.len());
    for step in [STEP, 1] {
        if total - done < step {
            continue;
        }
        let mut statement = c.prepare_cached(&insert_text(table, columns, step))?;
        while total - done >= step {
            values.clear();
            values.extend((done..done + step).flat_map(|i| columns.iter().map(move |(_, column)| column.at(i))));
            statement.execute(rusqlite::params_from_iter(&values))?;
            done += step;
        }
    }
    Ok(())
}

pub fn delete_sqlite(c: &Connection, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
    let total = rows(columns)?;
    let filter: Vec<String> = columns.iter().enumerate().map(|(i, (name, _))| format!("{name} = ?{}", i + 1)).collect();
    let mut statement = c.prepare_cached(&format!("DELETE FROM {table} WHERE {}", filter.join(" AND ")))?;
    for i in 0..total {
        statement.execute(rusqlite::params_from_iter(columns.iter().map(|(_, column)| column.at(i))))?;
    }
    Ok(())
}

/// `unnest($1::bigint[], $2::bytea[])`, with constants spliced in as literals by the caller.
fn unnest(columns: &[(&str, Column<'_>)]) -> String {
    let mut out = String::from("unnest(");
    let mut n = 0;
    for (_, column) in columns {
        let ty = match column {
            Column::Const(_) => continue,
            Column::Int(_) | Column::OptInt(_) => "bigint",
            Column::Real(_) => "double precision",
            Column::Blob(_) => "bytea",
        };
        n += 1;
        let _ = write!(out, "{}${n}::{ty}[]", if n == 1 { "" } else { ", " });
    }
    out.push(')');
    out
}

fn arrays<'a>(columns: &'a [(&str, Column<'a>)]) -> Vec<&'a (dyn postgres::types::ToSql + Sync)> {
    let mut out: Vec<&(dyn postgres::types::ToSql + Sync)> = Vec::new();
    for (_, column) in columns {
        match column {
            Column::Const(_) => {}
            Column::Int(v) => out.push(v),
            Column::OptInt(v) => out.push(v),
            Column::Real(v) => out.push(v),
            Column::Blob(v) => out.push(v),
        }
    }
    out
}

/// The select list over the unnested arrays: `c1`, `c2` or a literal.
fn picked(columns: &[(&str, Column<'_>)]) -> (Vec<String>, Vec<String>) {
    let (mut select, mut aliases) = (Vec::new(), Vec::new());
    for (i, (_, column)) in columns.iter().enumerate() {
        if let Column::Const(v) = column {
            // In brackets: the minus of the smallest number would otherwise be applied after the cast, which then fails.
            select.push(format!("({v})::bigint"));
        } else {
            select.push(format!("k.c{i}"));
            aliases.push(format!("c{i}"));
        }
    }
    (select, aliases)
}

pub fn insert_postgres(s: &mut pg::Session, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
    if rows(columns)? == 0 {
        return Ok(());
    }
    let (select, aliases) = picked(columns);
    let sql = format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {} AS k({})",
        names(columns),
        select.join(", "),
        unnest(columns),
        aliases.join(", ")
    );
    s.execute_raw(&sql, &arrays(columns)).map(drop)
}

pub fn delete_postgres(s: &mut pg::Session, table: &str, columns: &[(&str, Column<'_>)]) -> Result<(), DbError> {
    if rows(columns)? == 0 {
        return Ok(());
    }
    let (select, aliases) = picked(columns);
    let filter: Vec<String> =
        columns.iter().zip(&select).map(|((name, _), value)| format!("t.{name} = {value}")).collect();
    let sql = format!(
        "DELETE FROM {table} AS t USING {} AS k({}) WHERE {}",
        unnest(columns),
        aliases.join(", "),
        filter.join(" AND ")
    );
    s.execute_raw(&sql, &arrays(columns)).map(drop)
}
