//! All SQL of the desk.

use super::model::MeetingState;
use crate::error::ConsentError;
use db::{DbError, Row as DbRow, Tx};
use kernel::Timestamp;
use ledger::House;
use vault::{Aad, DIRECTORY};

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub account: i64,
    pub other: Option<i64>,
    pub patient: Option<i64>,
    pub practitioner: Option<i64>,
    pub state: i64,
    pub until: i64,
    pub grant: Option<i64>,
    /// Where the practitioner works.
    pub organization: Option<String>,
}

const COLUMNS: &str = "desk_id, account, other, patient, practitioner, state, until, grant_id, detail";

/// Nobody asks for a meeting of yesterday.
const KEPT_MS: i64 = 86_400_000;

const fn place(id: i64) -> Aad {
    Aad::new("desk", id, DIRECTORY, 0)
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(&row.organization).map_err(|e| DbError::Failed(e.to_string()))?;
    Ok(house.vault.key(tx, DIRECTORY)?.seal(&*house.rng, &place(row.id), &json)?)
}

fn read(row: &DbRow<'_, '_>) -> Result<(Row, Vec<u8>), DbError> {
    let found = Row {
        id: row.int(0)?,
        account: row.int(1)?,
        other: row.opt_int(2)?,
        patient: row.opt_int(3)?,
        practitioner: row.opt_int(4)?,
        state: row.int(5)?,
        until: row.int(6)?,
        grant: row.opt_int(7)?,
        organization: None,
    };
    Ok((found, row.blob(8)?.to_vec()))
}

fn open(tx: &mut Tx<'_>, house: &House, found: Option<(Row, Vec<u8>)>) -> Result<Option<Row>, ConsentError> {
    let Some((mut row, sealed)) = found else { return Ok(None) };
    let json = house.vault.key(tx, DIRECTORY)?.open(&place(row.id), &sealed)?;
    row.organization = serde_json::from_slice(&json).map_err(|e| DbError::Failed(format!("a meeting: {e}")))?;
    Ok(Some(row))
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row, h: i64) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "INSERT INTO desk (desk_id, h, account, patient, practitioner, state, until, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            row.id.into(),
            h.into(),
            row.account.into(),
            row.patient.into(),
            row.practitioner.into(),
            row.state.into(),
            row.until.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// Keeps what became of a meeting. Its code is spent with the first change.
pub fn update(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "UPDATE desk SET h = NULL, other = ?2, patient = ?3, practitioner = ?4, state = ?5, until = ?6, grant_id = ?7,
         detail = ?8 WHERE desk_id = ?1",
        &[
            row.id.into(),
            row.other.into(),
            row.patient.into(),
            row.practitioner.into(),
            row.state.into(),
            row.until.into(),
            row.grant.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

pub fn by_code(tx: &mut Tx<'_>, house: &House, h: i64) -> Result<Option<Row>, ConsentError> {
    let found = tx.query_opt(&format!("SELECT {COLUMNS} FROM desk WHERE h = ?1"), &[h.into()], read)?;
    open(tx, house, found)
}

/// A meeting of this account, on either side.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64, account: i64) -> Result<Option<Row>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM desk WHERE desk_id = ?1 AND (account = ?2 OR other = ?2)");
    let found = tx.query_opt(&sql, &[id.into(), account.into()], read)?;
    open(tx, house, found)
}

/// The meetings of these two in which the patient has not decided.
pub fn met(tx: &mut Tx<'_>, house: &House, patient: i64, practitioner: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM desk WHERE patient = ?1 AND practitioner = ?2 AND state = ?3");
    let params = [patient.into(), practitioner.into(), MeetingState::Met.code().into()];
    let found = tx.query(&sql, &params, read)?;
    found.into_iter().filter_map(|found| open(tx, house, Some(found)).transpose()).collect()
}

/// Whether a code is on show already; one whose time is over gives its place up.
pub fn is_taken(tx: &mut Tx<'_>, h: i64, now: Timestamp) -> Result<bool, DbError> {
    tx.execute("UPDATE desk SET h = NULL WHERE h = ?1 AND until <= ?2", &[h.into(), now.into()])?;
    Ok(tx.count("SELECT COUNT(*) FROM desk WHERE h = ?1", &[h.into()])? > 0)
}

/// Somebody shows a new code: their former one is good no longer. What is long over goes.
pub fn clear(tx: &mut Tx<'_>, account: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE desk SET h = NULL, state = 3 WHERE account = ?1 AND state < 2", &[account.into()])?;
    tx.execute("DELETE FROM desk WHERE until < ?1", &[now.plus_ms(-KEPT_MS).into()])?;
    Ok(())
}

/// When an account typed what was no code, since a time; oldest first.
pub fn misses(tx: &mut Tx<'_>, account: i64, since: Timestamp) -> Result<Vec<i64>, DbError> {
    tx.execute("DELETE FROM desk_try WHERE at <= ?1", &[since.into()])?;
    tx.query("SELECT at FROM desk_try WHERE account = ?1 ORDER BY at", &[account.into()], |row| row.int(0))
}

pub fn miss(tx: &mut Tx<'_>, account: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("INSERT INTO desk_try (account, at) VALUES (?1, ?2)", &[account.into(), now.into()])?;
    Ok(())
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM desk WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
