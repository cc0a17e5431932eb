//! Guardians and the devices that ask to be let in.

use super::{Owner, open, seal};
use crate::error::DocumentError;
use crate::sealing::model::OpeningKind;
use db::{DbError, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// The sealed part of a guardian's share.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareDetail {
    pub name: String,
    pub code: String,
    pub wrap: String,
}

#[derive(Clone, Debug)]
pub struct GuardianRow {
    pub guardian: i64,
    pub created: Timestamp,
    pub detail: ShareDetail,
}

const fn guardian_place(owner: Owner, guardian: i64) -> Aad {
    Aad::new("seal_guardian", owner.account, guardian, 0)
}

pub fn insert_guardian(tx: &mut Tx<'_>, house: &House, owner: Owner, row: &GuardianRow) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, (owner.patient, guardian_place(owner, row.guardian)), &row.detail)?;
    tx.execute(
        "INSERT INTO seal_guardian (account, guardian, created, detail) VALUES (?1, ?2, ?3, ?4)",
        &[owner.account.into(), row.guardian.into(), row.created.into(), (&sealed).into()],
    )?;
    Ok(())
}

pub fn guardians(tx: &mut Tx<'_>, house: &House, owner: Owner) -> Result<Vec<GuardianRow>, DocumentError> {
    let sql = "SELECT guardian, created, detail FROM seal_guardian WHERE account = ?1 ORDER BY guardian";
    let rows = tx.query(sql, &[owner.account.into()], |row| {
        Ok::<_, DbError>((row.int(0)?, Timestamp(row.int(1)?), row.blob(2)?.to_vec()))
    })?;
    let one = |(guardian, created, sealed): (i64, Timestamp, Vec<u8>)| {
        let detail = open(tx, house, (owner.patient, guardian_place(owner, guardian)), &sealed)?;
        Ok(GuardianRow { guardian, created, detail })
    };
    rows.into_iter().map(one).collect()
}

pub fn remove_guardians(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM seal_guardian WHERE account = ?1", &[account.into()])?;
    Ok(())
}

/// The accounts whose vaults this one is a guardian of, and since when.
pub fn guarded_by(tx: &mut Tx<'_>, guardian: i64) -> Result<Vec<(i64, Timestamp)>, DbError> {
    let sql = "SELECT account, created FROM seal_guardian WHERE guardian = ?1 ORDER BY account";
    tx.query(sql, &[guardian.into()], |row| Ok((row.int(0)?, Timestamp(row.int(1)?))))
}

/// How many guardians a vault has.
pub fn how_many_guard(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM seal_guardian WHERE account = ?1", &[account.into()])
}

/// The sealed part of an opening.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningDetail {
    pub name: String,
    pub public_key: String,
}

#[derive(Clone, Debug)]
pub struct OpeningRow {
    pub id: i64,
    pub kind: OpeningKind,
    pub created: Timestamp,
    pub expires: Timestamp,
    pub detail: OpeningDetail,
}

const fn opening_place(id: i64, account: i64) -> Aad {
    Aad::new("seal_opening", id, account, 0)
}

pub fn insert_opening(tx: &mut Tx<'_>, house: &House, owner: Owner, row: &OpeningRow) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, (owner.patient, opening_place(row.id, owner.account)), &row.detail)?;
    tx.execute(
        "INSERT INTO seal_opening (opening, account, kind, created, expires, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            row.id.into(),
            owner.account.into(),
            (row.kind as i64).into(),
            row.created.into(),
            row.expires.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// Those of an account that have not expired.
pub fn openings(
    tx: &mut Tx<'_>,
    house: &House,
    owner: Owner,
    now: Timestamp,
) -> Result<Vec<OpeningRow>, DocumentError> {
    let sql = "SELECT opening, kind, created, expires, detail FROM seal_opening
               WHERE account = ?1 AND expires > ?2 ORDER BY opening DESC";
    let rows = tx.query(sql, &[owner.account.into(), now.into()], |row| {
        let times = (Timestamp(row.int(2)?), Timestamp(row.int(3)?));
        Ok::<_, DbError>((row.int(0)?, row.int(1)?, times, row.blob(4)?.to_vec()))
    })?;
    let one = |(id, kind, (created, expires), sealed): (i64, i64, (Timestamp, Timestamp), Vec<u8>)| {
        let kind = if kind == 0 { OpeningKind::Device } else { OpeningKind::Guardians };
        let detail = open(tx, house, (owner.patient, opening_place(id, owner.account)), &sealed)?;
        Ok(OpeningRow { id, kind, created, expires, detail })
    };
    rows.into_iter().map(one).collect()
}

/// Whose opening this is.
pub fn opening_owner(tx: &mut Tx<'_>, opening: i64) -> Result<Option<i64>, DbError> {
    tx.query_opt("SELECT account FROM seal_opening WHERE opening = ?1", &[opening.into()], |row| row.int(0))
}

pub fn remove_opening(tx: &mut Tx<'_>, opening: i64) -> Result<(), DbError> {
    for table in ["seal_answer", "seal_opening"] {
        tx.execute(&format!("DELETE FROM {table} WHERE opening = ?1"), &[opening.into()])?;
    }
    Ok(())
}

/// Removes those that nobody waits for any more.
pub fn sweep_openings(tx: &mut Tx<'_>, now: Timestamp) -> Result<(), DbError> {
    let over = "(SELECT opening FROM seal_opening WHERE expires <= ?1)";
    tx.execute(&format!("DELETE FROM seal_answer WHERE opening IN {over}"), &[now.into()])?;
    tx.execute("DELETE FROM seal_opening WHERE expires <= ?1", &[now.into()])?;
    Ok(())
}

/// The sealed part of an answer.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerDetail {
    pub name: String,
    pub wrap: String,
}

const fn answer_place(opening: i64, account: i64) -> Aad {
    Aad::new("seal_answer", opening, account, 0)
}

pub fn put_answer(
    tx: &mut Tx<'_>,
    house: &House,
    (owner, opening, from): (Owner, i64, i64),
    detail: &AnswerDetail,
    now: Timestamp,
) -> Result<(), DocumentError> {
    let sealed = seal(tx, house, (owner.patient, answer_place(opening, from)), detail)?;
    tx.execute(
        "INSERT INTO seal_answer (opening, account, created, detail) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (opening, account) DO UPDATE SET created = excluded.created, detail = excluded.detail",
        &[opening.into(), from.into(), now.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// What came back, and from which account.
pub fn answers(
    tx: &mut Tx<'_>,
    house: &House,
    owner: Owner,
    opening: i64,
) -> Result<Vec<(i64, AnswerDetail)>, DocumentError> {
    let sql = "SELECT account, detail FROM seal_answer WHERE opening = ?1 ORDER BY account";
    let rows = tx.query(sql, &[opening.into()], |row| Ok::<_, DbError>((row.int(0)?, row.blob(1)?.to_vec())))?;
    let one = |(from, sealed): (i64, Vec<u8>)| {
        Ok((from, open(tx, house, (owner.patient, answer_place(opening, from)), &sealed)?))
    };
    rows.into_iter().map(one).collect()
}
