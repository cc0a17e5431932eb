//! All SQL of proposed values.

use crate::error::DocumentError;
use crate::model::{Reading, ValueState};
use crate::store::{Row, broken};
use db::{DbError, Tx};
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// Values of one document; a report of many pages has a few hundred.
const MOST: usize = 2_000;

#[derive(Clone, Debug)]
pub struct Kept {
    pub n: i64,
    pub state: ValueState,
    pub detail: Detail,
}

/// The sealed part of a value.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub reading: Reading,
    pub observation: Option<String>,
}

const fn place(rid: i64, n: i64) -> Aad {
    Aad::new("document-value", rid, n, 0)
}

const fn number(state: ValueState) -> i64 {
    match state {
        ValueState::Proposed => 0,
        ValueState::Confirmed => 1,
        ValueState::Skipped => 2,
    }
}

const fn state_of(number: i64) -> ValueState {
    match number {
        1 => ValueState::Confirmed,
        2 => ValueState::Skipped,
        _ => ValueState::Proposed,
    }
}

fn open(
    tx: &mut Tx<'_>,
    house: &House,
    row: &Row,
    sealed: Vec<(i64, i64, Vec<u8>)>,
) -> Result<Vec<Kept>, DocumentError> {
    let key = house.vault.key(tx, row.patient)?;
    let one = |(n, state, sealed): (i64, i64, Vec<u8>)| {
        let json = key.open(&place(row.rid, n), &sealed)?;
        let detail = serde_json::from_slice(&json).map_err(|e| broken("a value", &e))?;
        Ok(Kept { n, state: state_of(state), detail })
    };
    sealed.into_iter().map(one).collect()
}

pub fn of(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<Kept>, DocumentError> {
    let sql = "SELECT n, state, body FROM document_value WHERE rid = ?1 ORDER BY n";
    let sealed = tx.query(sql, &[row.rid.into()], |found| {
        Ok::<_, DocumentError>((found.int(0)?, found.int(1)?, found.blob(2)?.to_vec()))
    })?;
    open(tx, house, row, sealed)
}

pub fn find(tx: &mut Tx<'_>, house: &House, row: &Row, n: i64) -> Result<Option<Kept>, DocumentError> {
    let sql = "SELECT n, state, body FROM document_value WHERE rid = ?1 AND n = ?2";
    let sealed = tx.query(sql, &[row.rid.into(), n.into()], |found| {
        Ok::<_, DocumentError>((found.int(0)?, found.int(1)?, found.blob(2)?.to_vec()))
    })?;
    Ok(open(tx, house, row, sealed)?.pop())
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Row, n: i64, detail: &Detail) -> Result<Vec<u8>, DocumentError> {
    let json = serde_json::to_vec(detail).map_err(|e| broken("a value", &e))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.rid, n), &json)?)
}

/// What stands in the document.
pub fn printed(reading: &Reading) -> &str {
    reading.printed.as_deref().unwrap_or(&reading.label)
}

/// Whether two values were read at the same place. Without a picture there is none: then it is what was printed, and the value.
pub fn same(a: &Reading, b: &Reading) -> bool {
    (a.page, a.place) == (b.page, b.place) && (a.place.is_some() || (printed(a), &a.value) == (printed(b), &b.value))
}

/// Adds what was read; not again what somebody decided on before the document was read anew.
pub fn propose(tx: &mut Tx<'_>, house: &House, row: &Row, readings: Vec<Reading>) -> Result<(), DocumentError> {
    let known = of(tx, house, row)?;
    let mut n = known.last().map_or(0, |kept| kept.n);
    for reading in readings.into_iter().take(MOST.saturating_sub(known.len())) {
        if known.iter().any(|kept| same(&kept.detail.reading, &reading)) {
            continue;
        }
        n += 1;
        let sealed = seal(tx, house, row, n, &Detail { reading, observation: None })?;
        tx.execute(
            "INSERT INTO document_value (rid, n, state, body) VALUES (?1, ?2, 0, ?3)",
            &[row.rid.into(), n.into(), (&sealed).into()],
        )?;
    }
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, house: &House, row: &Row, kept: &Kept) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, row, kept.n, &kept.detail)?;
    tx.execute(
        "UPDATE document_value SET state = ?3, body = ?4 WHERE rid = ?1 AND n = ?2",
        &[row.rid.into(), kept.n.into(), number(kept.state).into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Forgets what nobody decided on.
pub fn forget_proposed(tx: &mut Tx<'_>, rid: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM document_value WHERE rid = ?1 AND state = 0", &[rid.into()])?;
    Ok(())
}
