//! All SQL of cases.

use super::model::{CaseAbout, CaseEntry, CaseKind, CaseReader, Message, Outcome};
use crate::access::Marked;
use crate::error::ConsentError;
use db::{DbError, Row as DbRow, Sql, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use vault::{Aad, VaultError};

/// The sealed part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub patient: String,
    /// The id of the Patient.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub record: Option<String>,
    pub reader: CaseReader,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub entry: Option<CaseEntry>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub about: Option<CaseAbout>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub proposal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<Outcome>,
    pub messages: Vec<Message>,
}

const MOST_MESSAGES: usize = 100;

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub kind: CaseKind,
    pub patient: i64,
    /// The entry of the ledger; 0 for a correction.
    pub seq: i64,
    /// The entry of the record, of a correction.
    pub rid: Option<i64>,
    /// Whose people answer, besides or instead of the reader.
    pub organization: Option<i64>,
    pub reader: Option<i64>,
    pub opened: i64,
    pub due: i64,
    pub state: i64,
    pub detail: Detail,
}

impl Row {
    /// Whether nothing more can be said in it.
    pub const fn is_full(&self) -> bool {
        self.detail.messages.len() >= MOST_MESSAGES
    }
}

/// Whose cases.
#[derive(Clone, Debug)]
pub enum Of {
    Patient(i64),
    /// An account, and the organizations where its owner works.
    Reader(i64, Vec<i64>),
    Everybody,
}

/// Who an account is, for what it wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    Patient,
    /// The number of the Practitioner.
    Practitioner(i64),
    Other,
}

const COLUMNS: &str = "case_id, patient, seq, reader, opened, due, state, detail, kind, rid, organization";

/// A list shows so many.
const SHOWN: i64 = 200;

const fn place(id: i64, patient: i64) -> Aad {
    Aad::new("case", id, patient, 0)
}

fn seal(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| DbError::Failed(e.to_string()))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?)
}

/// A row with its detail still sealed.
type Sealed = ([i64; 7], [Option<i64>; 3], Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, DbError> {
    let numbers = [row.int(0)?, row.int(1)?, row.int(2)?, row.int(4)?, row.int(5)?, row.int(6)?, row.int(8)?];
    Ok((numbers, [row.opt_int(3)?, row.opt_int(9)?, row.opt_int(10)?], row.blob(7)?.to_vec()))
}

/// Opens what can be opened: the case of an erased patient is gone with them.
fn open(tx: &mut Tx<'_>, house: &House, (numbers, whose, sealed): Sealed) -> Result<Option<Row>, ConsentError> {
    let [id, patient, seq, opened, due, state, kind] = numbers;
    let [reader, rid, organization] = whose;
    let kind = CaseKind::of(kind).ok_or_else(|| DbError::Failed("an unknown kind of case".into()))?;
    let key = match house.vault.key(tx, patient) {
        Err(VaultError::NoKey) => return Ok(None),
        key => key?,
    };
    let json = key.open(&place(id, patient), &sealed)?;
    let detail = serde_json::from_slice(&json).map_err(|e| DbError::Failed(format!("a case's detail: {e}")))?;
    Ok(Some(Row { id, kind, patient, seq, rid, organization, reader, opened, due, state, detail }))
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "INSERT INTO access_case (case_id, patient, seq, reader, opened, due, state, detail, kind, rid, organization)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        &[
            row.id.into(),
            row.patient.into(),
            row.seq.into(),
            row.reader.into(),
            row.opened.into(),
            row.due.into(),
            row.state.into(),
            (&sealed).into(),
            row.kind.code().into(),
            row.rid.into(),
            row.organization.into(),
        ],
    )?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, row)?;
    tx.execute(
        "UPDATE access_case SET due = ?2, state = ?3, detail = ?4 WHERE case_id = ?1",
        &[row.id.into(), row.due.into(), row.state.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// Notes when a case was closed.
pub fn closed(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE access_case SET closed = ?2 WHERE case_id = ?1", &[id.into(), now.into()])?;
    Ok(())
}

/// One case, whoever asks: the caller decides.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Row>, ConsentError> {
    let found = tx.query_opt(&format!("SELECT {COLUMNS} FROM access_case WHERE case_id = ?1"), &[id.into()], read)?;
    found.map_or(Ok(None), |found| open(tx, house, found))
}

/// Whether the patient's question about this entry is not closed.
pub fn is_open(tx: &mut Tx<'_>, patient: i64, seq: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM access_case WHERE patient = ?1 AND kind = 0 AND seq = ?2 AND state <> 3";
    Ok(tx.count(sql, &[patient.into(), seq.into()])? > 0)
}

/// Whether the patient's correction of this entry is not closed.
pub fn is_disputed(tx: &mut Tx<'_>, patient: i64, rid: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM access_case WHERE patient = ?1 AND rid = ?2 AND state <> 3";
    Ok(tx.count(sql, &[patient.into(), rid.into()])? > 0)
}

/// The corrections of a record that are not closed and whose row is wanted. The rows are compared here: an import may change
/// more of them than a statement holds.
pub fn disputes(
    tx: &mut Tx<'_>,
    house: &House,
    patient: i64,
    wanted: impl Fn(i64) -> bool,
) -> Result<Vec<Row>, ConsentError> {
    let sql =
        format!("SELECT {COLUMNS} FROM access_case WHERE patient = ?1 AND kind = 1 AND state <> 3 ORDER BY case_id");
    let found = tx.query(&sql, &[patient.into()], read)?;
    let theirs = found.into_iter().filter(|(_, [_, rid, _], _)| rid.is_some_and(&wanted));
    theirs.filter_map(|found| open(tx, house, found).transpose()).collect()
}

/// Who the author of an entry is; `None` when it was written by no account.
pub fn author(tx: &mut Tx<'_>, account: i64) -> Result<Option<Author>, DbError> {
    tx.query_opt("SELECT role, practitioner FROM account WHERE account = ?1", &[account.into()], |row| {
        Ok(match (row.text(0)?, row.opt_int(1)?) {
            ("patient", _) => Author::Patient,
            (_, Some(practitioner)) => Author::Practitioner(practitioner),
            _ => Author::Other,
        })
    })
}

/// How these entries of records are marked, and of when they are; not those that were removed.
pub fn marked(tx: &mut Tx<'_>, rids: &[i64]) -> Result<HashMap<i64, Marked>, DbError> {
    let mut sql = Sql::new("SELECT rid, marks, time FROM resource WHERE state = 0 AND rid IN (");
    sql.ints(rids).push(")");
    let one = |row: &DbRow<'_, '_>| Ok::<_, DbError>((row.int(0)?, Marked { marks: row.int(1)?, time: row.int(2)? }));
    Ok(tx.rows(&sql, one)?.into_iter().collect())
}

/// The account that acts for a practitioner, if one can be signed in with.
pub fn account_of(tx: &mut Tx<'_>, practitioner: i64) -> Result<Option<i64>, DbError> {
    let sql = "SELECT account FROM account WHERE practitioner = ?1 AND role = 'practitioner' AND state = 0
               ORDER BY account LIMIT 1";
    tx.query_opt(sql, &[practitioner.into()], |row| row.int(0))
}

/// Whether another administrator than this account can be signed in as.
pub fn other_administrator(tx: &mut Tx<'_>, account: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM account WHERE role = 'administrator' AND state = 0 AND account <> ?1";
    Ok(tx.count(sql, &[account.into()])? > 0)
}

/// Whether the owner of an account works in an organization.
pub fn works_in(tx: &mut Tx<'_>, account: i64, organization: i64) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM membership WHERE account = ?1 AND organization = ?2";
    Ok(tx.count(sql, &[account.into(), organization.into()])? > 0)
}

/// How many cases a patient has opened since.
pub fn opened_since(tx: &mut Tx<'_>, patient: i64, since: i64) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM access_case WHERE patient = ?1 AND opened > ?2";
    tx.count(sql, &[patient.into(), since.into()])
}

/// Cases: those that wait first, the longest waiting before the others; then the newest.
pub fn all(tx: &mut Tx<'_>, house: &House, of: Of) -> Result<Vec<Row>, ConsentError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM access_case");
    match of {
        Of::Patient(patient) => sql.push(" WHERE patient = ").int(patient),
        Of::Reader(reader, organizations) => {
            sql.push(" WHERE (reader = ").int(reader);
            if !organizations.is_empty() {
                sql.push(" OR organization IN (").ints(&organizations).push(")");
            }
            sql.push(")")
        }
        Of::Everybody => &mut sql,
    };
    sql.push(" ORDER BY CASE WHEN state IN (0, 2) THEN 0 ELSE 1 END,");
    sql.push(" CASE WHEN state IN (0, 2) THEN due ELSE -case_id END LIMIT ").int(SHOWN);
    let rows = tx.rows(&sql, read)?;
    let mut out = Vec::with_capacity(rows.len());
    for row in rows {
        out.extend(open(tx, house, row)?);
    }
    Ok(out)
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM access_case WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
