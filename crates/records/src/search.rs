//! FHIR search over the blind index: a query becomes one statement, with the consent condition in it.

mod criteria;
mod cursor;
mod params;
mod plan;

pub(crate) use cursor::cover;
pub use params::{Query, Sort, Total, only_format, only_format_and_count};

use crate::error::Error;
use crate::model::Stored;
use crate::store;
use consent::Access;
use db::{Sql, Tx};
use fhir::Kind;
use ledger::House;

/// One page of matches.
#[derive(Debug)]
pub struct Page {
    pub kind: Kind,
    pub matches: Vec<Stored>,
    /// Where the next page begins, if there is one.
    pub next: Option<String>,
    /// How many match in all, when it was asked for or is known anyway.
    pub total: Option<i64>,
    /// The patients whose entries the total counts, shown on this page or not.
    pub counted: Vec<i64>,
}

/// The pairs of a query string, decoded.
pub fn pairs(query: &str) -> Vec<(String, String)> {
    crate::bundle::pairs(query)
}

/// Reads a query string for a type.
pub fn parse(kind: Kind, pairs: &[(String, String)]) -> Result<Query, kernel::Problem> {
    params::parse(kind, pairs)
}

/// The same pairs, with what this server calls by its own address named as it is kept: `BASE/Patient/1` is `Patient/1`.
pub fn from_here(kind: Kind, base: &str, mut pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in &mut pairs {
        let plain = name.split([':', '.']).next().unwrap_or_default();
        let refers = fhir::search::param(kind, plain).is_some_and(|p| p.kind == fhir::search::ParamKind::Reference);
        if refers && value.contains(base) {
            let own = |one: &str| match one.strip_prefix(base).and_then(|rest| rest.strip_prefix('/')) {
                Some(rest) => rest.to_owned(),
                None => one.to_owned(),
            };
            let all: Vec<String> = fhir::search::query::split_values(value).into_iter().map(own).collect();
            *value = all.join(",");
        }
    }
    pairs
}

/// A text as the value of a parameter: what would separate values stands for itself.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '|' | '$' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// Runs a search on a snapshot.
pub fn run(tx: &mut Tx<'_>, house: &House, access: &Access, query: &Query) -> Result<Page, Error> {
    let plan = plan::plan(tx, house, access, query)?;
    let mut total = None;
    let mut counted = Vec::new();
    if query.total == Total::Accurate {
        let counts = tx.rows(&plan.count, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
        total = Some(counts.iter().map(|(_, count)| count).sum());
        counted = counts.into_iter().map(|(patient, _)| patient).collect();
    }
    if query.count == 0 {
        return Ok(Page { kind: query.kind, matches: Vec::new(), next: None, total, counted });
    }
    let rows = tx.rows(&plan.page, |row| Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec())))?;
    let more = rows.len() as i64 > query.count;
    let mut matches = Vec::with_capacity(rows.len());
    for (head, sealed) in rows.iter().take(usize::try_from(query.count).unwrap_or(0)) {
        matches.push(store::open(tx, house, head, sealed)?);
    }
    if total.is_none() && !more && query.after.is_none() {
        total = Some(matches.len() as i64);
    }
    let next = match matches.last() {
        Some(last) if more => Some(cursor::write(house, query, last, plan.snapshot)),
        _ => None,
    };
    Ok(Page { kind: query.kind, matches, next, total, counted })
}

/// The row numbers of the matches of a condition such as `identifier=system|value`, at most `limit`.
pub fn matching(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    query: &Query,
    limit: i64,
) -> Result<Vec<(i64, Vec<u8>, store::Head)>, Error> {
    let mut query = query.clone();
    query.count = limit;
    let plan = plan::plan(tx, house, access, &query)?;
    tx.rows(&plan.page, |row| {
        let head = store::head(row)?;
        Ok::<_, Error>((head.rid, row.blob(store::BODY)?.to_vec(), head))
    })
}

/// For explaining a query to developers and tests.
pub fn explain(tx: &mut Tx<'_>, house: &House, access: &Access, query: &Query) -> Result<Sql, Error> {
    Ok(plan::plan(tx, house, access, query)?.page)
}
