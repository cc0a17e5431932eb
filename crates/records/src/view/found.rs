//! Rows of the patient-first index, and the bodies behind them.

use super::Look;
use crate::error::Error;
use crate::index::{WHOLE_RECORD, whole_kind};
use crate::model::Stored;
use crate::store;
use consent::{Category, Columns};
use db::{DbError, Sql, Tx};
use fhir::Kind;
use std::collections::{BTreeMap, HashMap};

/// One resource as the index knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    pub rid: i64,
    /// The clinical date.
    pub time: i64,
    pub category: Category,
}

/// How many bodies one statement fetches: a fixed number, so that it stays one prepared statement.
const AT_ONCE: usize = 64;

/// `SELECT … FROM pt` of one range of the patient's part of the index, with the condition of the access.
pub fn range(look: &Look<'_>, columns: &str, p: i64, h: Option<i64>) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(columns).push(" FROM pt WHERE pt.patient = ").int(look.patient).push(" AND pt.p = ").int(p);
    if let Some(h) = h {
        sql.push(" AND pt.h = ").int(h);
    }
    sql.push(" AND ");
    look.access.restrict(&mut sql, &Columns::PATIENT_INDEX);
    sql
}

/// Everything of one type, newest first.
pub fn of_kind(tx: &mut Tx<'_>, look: &Look<'_>, kind: Kind) -> Result<Vec<Found>, Error> {
    let mut sql = range(look, "pt.rid, pt.lo, pt.marks", whole_kind(kind), Some(0));
    sql.push(" ORDER BY pt.lo DESC, pt.rid DESC");
    tx.rows(&sql, |row| Ok(Found { rid: row.int(0)?, time: row.int(1)?, category: Category::of_marks(row.int(2)?) }))
}

/// Everything with a code in a parameter, once for each of its codes: the code's hash and the resource.
pub fn coded(tx: &mut Tx<'_>, look: &Look<'_>, p: i64) -> Result<Vec<(i64, Found)>, Error> {
    let sql = range(look, "pt.h, pt.rid, pt.lo, pt.marks", p, None);
    tx.rows(&sql, |row| {
        let category = Category::of_marks(row.int(3)?);
        Ok((row.int(0)?, Found { rid: row.int(1)?, time: row.int(2)?, category }))
    })
}

/// Opens the given resources; what the caller cannot see is missing from the answer.
pub fn open(tx: &mut Tx<'_>, look: &Look<'_>, rids: &[i64]) -> Result<HashMap<i64, Stored>, Error> {
    let mut out = HashMap::with_capacity(rids.len());
    for (head, sealed) in sealed(tx, look, rids)? {
        let stored = store::open(tx, look.house, &head, &sealed)?;
        look.seen.borrow_mut().push(stored.marked());
        out.insert(head.rid, stored);
    }
    Ok(out)
}

/// The same, still sealed.
pub fn sealed(tx: &mut Tx<'_>, look: &Look<'_>, rids: &[i64]) -> Result<Vec<(store::Head, Vec<u8>)>, Error> {
    let mut out = Vec::with_capacity(rids.len());
    for some in rids.chunks(AT_ONCE) {
        let mut padded = some.to_vec();
        // No row has this number.
        padded.resize(AT_ONCE, -1);
        let mut sql = Sql::new("SELECT ");
        sql.push(store::HEAD).push(", r.body FROM resource r WHERE r.state = 0 AND r.rid IN (").ints(&padded);
        sql.push(") AND ");
        look.access.restrict(&mut sql, &Columns::RESOURCE);
        out.extend(tx.rows(&sql, |row| Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec())))?);
    }
    Ok(out)
}

/// A stored body as a tree.
pub fn parse(stored: &Stored) -> Result<fhir::Node<'_>, Error> {
    fhir::json::parse(&stored.json).map_err(|_| DbError::Failed(format!("resource {} is not JSON", stored.rid)).into())
}

/// How many entries there are by category and by year, over all that can be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub categories: BTreeMap<Category, i64>,
    /// Newest first.
    pub years: Vec<(i64, i64)>,
    pub total: i64,
}

pub fn tally(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Tally, Error> {
    let mut sql = range(look, "pt.lo, pt.marks", WHOLE_RECORD, Some(0));
    sql.push(" AND (pt.marks & ").int(super::ENTRIES).push(") <> 0 ORDER BY pt.lo DESC");
    let mut tally = Tally::default();
    let mut year = (0, 0, 0);
    tx.for_each(sql.text(), &sql.params(), |row| {
        let (time, category) = (row.int(0)?, Category::of_marks(row.int(1)?));
        *tally.categories.entry(category).or_default() += 1;
        tally.total += 1;
        if time == consent::UNDATED {
            return Ok::<_, Error>(true);
        }
        let (number, lo, hi) = year;
        match tally.years.last_mut() {
            Some((last, count)) if *last == number && (lo..hi).contains(&time) => *count += 1,
            _ => {
                year = year_of(time);
                tally.years.push((year.0, 1));
            }
        }
        Ok(true)
    })?;
    Ok(tally)
}

/// The year of an instant, with its span.
fn year_of(time: i64) -> (i64, i64, i64) {
    let text = kernel::Timestamp(time).to_rfc3339();
    let year = text.get(..4).unwrap_or_default();
    let (lo, hi) = fhir::date::span(year).unwrap_or((time, time + 1));
    (year.parse().unwrap_or(0), lo, hi)
}

/// How many resources there are of each type, the Patient included.
pub fn kinds(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<BTreeMap<&'static str, i64>, Error> {
    let mut sql = Sql::new("SELECT pt.p, COUNT(*) FROM pt WHERE pt.patient = ");
    sql.int(look.patient).push(" AND pt.p < 0 AND ");
    look.access.restrict(&mut sql, &Columns::PATIENT_INDEX);
    sql.push(" GROUP BY pt.p");
    let rows = tx.rows(&sql, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?)))?;
    Ok(rows.into_iter().filter_map(|(p, n)| Some((Kind::from_code(-p - 1)?.name(), n))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_lies_in_the_span_of_its_year() {
        let (year, lo, hi) = year_of(1_700_000_000_000);
        assert_eq!((year, lo, hi), (2023, 1_672_531_200_000, 1_704_067_200_000));
        assert_eq!(year_of(lo).0, 2023);
        assert_eq!(year_of(lo - 1).0, 2022);
    }
}
