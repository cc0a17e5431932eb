//! All SQL of drafts and of visit sessions.

use super::code::TRIES;
use super::model::{Change, EditState};
use crate::error::ConsentError;
use crate::family;
use crate::model::Party;
use db::{DbError, Row as DbRow, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

/// The sealed part of a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub patient: Party,
    pub author: Party,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<Workplace>,
    pub reason: String,
    pub changes: Vec<Change>,
}

/// Where the author worked when they drafted it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workplace {
    pub rid: i64,
    pub name: String,
}

#[derive(Clone, Debug)]
pub struct Edit {
    pub id: i64,
    pub patient: i64,
    pub account: i64,
    pub state: i64,
    pub created: i64,
    pub version: i64,
    /// Until when a code is good, if one is.
    pub code_until: Option<i64>,
    pub detail: Detail,
}

/// The sealed part of a visit's session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitDetail {
    pub patient: Party,
    pub author: Party,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub organization: Option<Workplace>,
}

#[derive(Clone, Debug)]
pub struct Visit {
    pub id: i64,
    pub patient: i64,
    pub account: i64,
    pub created: i64,
    pub until: Option<i64>,
    pub ended: Option<i64>,
    /// The guardianship or delegation under which its code was made; `None` when the patient made it, or there is none.
    pub code_by: Option<i64>,
    /// Until when a code is good, if one is.
    pub code_until: Option<i64>,
    pub detail: VisitDetail,
}

/// A draft that nobody answered in 90 days counts as withdrawn: it speaks of what was seen at a visit that is long over. No
/// law says how many days; by then a patient with a chronic illness has mostly been seen again.
pub(crate) const WAITS_MS: i64 = 90 * 24 * 3_600_000;

/// Lists show so many.
const SHOWN: i64 = 100;

const EDIT: &str =
    "edit_id, patient, account, state, created, version, detail, CASE WHEN code IS NOT NULL THEN code_until END, tries";
const VISIT: &str = "session_id, patient, account, created, until, ended, code_by, detail,
    CASE WHEN code IS NOT NULL THEN code_until END, tries";

/// Until when the code is good, if there is one that was not tried too often.
fn good(row: &DbRow<'_, '_>, at: usize) -> Result<Option<i64>, DbError> {
    Ok(if row.int(at + 1)? < TRIES { row.opt_int(at)? } else { None })
}

const fn edit_place(id: i64, patient: i64) -> Aad {
    Aad::new("edit", id, patient, 0)
}

const fn visit_place(id: i64, patient: i64) -> Aad {
    Aad::new("edit_session", id, patient, 0)
}

fn seal<T: Serialize>(
    tx: &mut Tx<'_>,
    house: &House,
    patient: i64,
    place: &Aad,
    detail: &T,
) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(detail).map_err(|e| DbError::Failed(e.to_string()))?;
    Ok(house.vault.key(tx, patient)?.seal(&*house.rng, place, &json)?)
}

/// `None` for what belonged to a patient who was erased.
fn open<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    house: &House,
    patient: i64,
    place: &Aad,
    sealed: &[u8],
) -> Result<Option<T>, ConsentError> {
    let key = match house.vault.key(tx, patient) {
        Err(VaultError::NoKey) => return Ok(None),
        key => key?,
    };
    let json = key.open(place, sealed)?;
    Ok(Some(serde_json::from_slice(&json).map_err(|e| DbError::Failed(format!("a draft's detail: {e}")))?))
}

pub fn insert(tx: &mut Tx<'_>, house: &House, edit: &Edit) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, edit.patient, &edit_place(edit.id, edit.patient), &edit.detail)?;
    tx.execute(
        "INSERT INTO edit (edit_id, patient, account, state, created, version, tries, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7)",
        &[
            edit.id.into(),
            edit.patient.into(),
            edit.account.into(),
            edit.state.into(),
            edit.created.into(),
            edit.version.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// Replaces what a draft says; its code approves nothing any more.
pub fn rewrite(tx: &mut Tx<'_>, house: &House, edit: &Edit) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, edit.patient, &edit_place(edit.id, edit.patient), &edit.detail)?;
    tx.execute(
        "UPDATE edit SET version = ?2, detail = ?3, code = NULL WHERE edit_id = ?1",
        &[edit.id.into(), edit.version.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// What a draft came to: it waits no longer.
pub fn set_state(tx: &mut Tx<'_>, id: i64, state: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE edit SET state = ?2, ended = ?3, code = NULL WHERE edit_id = ?1",
        &[id.into(), state.into(), now.into()],
    )?;
    Ok(())
}

struct SealedEdit(Edit, Vec<u8>);

fn read_edit(row: &DbRow<'_, '_>) -> Result<SealedEdit, DbError> {
    let nobody = || Party { id: String::new(), name: String::new() };
    let detail =
        Detail { patient: nobody(), author: nobody(), organization: None, reason: String::new(), changes: Vec::new() };
    let edit = Edit {
        id: row.int(0)?,
        patient: row.int(1)?,
        account: row.int(2)?,
        state: row.int(3)?,
        created: row.int(4)?,
        version: row.int(5)?,
        code_until: good(row, 7)?,
        detail,
    };
    Ok(SealedEdit(edit, row.blob(6)?.to_vec()))
}

fn open_edits(tx: &mut Tx<'_>, house: &House, sealed: Vec<SealedEdit>) -> Result<Vec<Edit>, ConsentError> {
    let (mut out, now) = (Vec::with_capacity(sealed.len()), house.clock.now());
    for SealedEdit(mut edit, detail) in sealed {
        if let Some(detail) = open(tx, house, edit.patient, &edit_place(edit.id, edit.patient), &detail)? {
            edit.detail = detail;
            if edit.state == EditState::Waiting.code() && edit.created + WAITS_MS <= now.0 {
                edit.state = EditState::Withdrawn.code();
            }
            edit.code_until = edit.code_until.filter(|until| *until > now.0);
            out.push(edit);
        }
    }
    Ok(out)
}

/// One draft, whoever it belongs to: the caller decides.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Edit>, ConsentError> {
    let sql = format!("SELECT {EDIT} FROM edit WHERE edit_id = ?1");
    let sealed = tx.query_opt(&sql, &[id.into()], read_edit)?;
    Ok(open_edits(tx, house, sealed.into_iter().collect())?.pop())
}

/// The newest drafts of a patient, or by an account.
pub fn edits(tx: &mut Tx<'_>, house: &House, whose: Whose) -> Result<Vec<Edit>, ConsentError> {
    let (column, number) = whose.column();
    let sql = format!("SELECT {EDIT} FROM edit WHERE {column} = ?1 ORDER BY edit_id DESC LIMIT {SHOWN}");
    let sealed = tx.query(&sql, &[number.into()], read_edit)?;
    open_edits(tx, house, sealed)
}

/// By whom a list is asked for.
#[derive(Clone, Copy, Debug)]
pub enum Whose {
    Patient(i64),
    Author(i64),
}

impl Whose {
    const fn column(self) -> (&'static str, i64) {
        match self {
            Self::Patient(number) => ("patient", number),
            Self::Author(number) => ("account", number),
        }
    }
}

/// How many drafts an account made for a patient since then, whatever became of them.
pub fn drafted(tx: &mut Tx<'_>, account: i64, patient: i64, since: Timestamp) -> Result<i64, DbError> {
    tx.count(
        "SELECT COUNT(*) FROM edit WHERE account = ?1 AND patient = ?2 AND created > ?3",
        &[account.into(), patient.into(), since.into()],
    )
}

/// How many drafts of an account wait for the same patient.
pub fn waiting(tx: &mut Tx<'_>, (account, patient): (i64, i64), now: Timestamp) -> Result<i64, DbError> {
    tx.count(
        "SELECT COUNT(*) FROM edit WHERE account = ?1 AND patient = ?2 AND state = 0 AND created > ?3",
        &[account.into(), patient.into(), now.plus_ms(-WAITS_MS).into()],
    )
}

pub fn insert_visit(tx: &mut Tx<'_>, house: &House, visit: &Visit) -> Result<(), ConsentError> {
    let sealed = seal(tx, house, visit.patient, &visit_place(visit.id, visit.patient), &visit.detail)?;
    tx.execute(
        "INSERT INTO edit_session (session_id, patient, account, created, tries, detail)
         VALUES (?1, ?2, ?3, ?4, 0, ?5)",
        &[visit.id.into(), visit.patient.into(), visit.account.into(), visit.created.into(), (&sealed).into()],
    )?;
    Ok(())
}

fn read_visit(row: &DbRow<'_, '_>) -> Result<(Visit, Vec<u8>), DbError> {
    let nobody = || Party { id: String::new(), name: String::new() };
    let visit = Visit {
        id: row.int(0)?,
        patient: row.int(1)?,
        account: row.int(2)?,
        created: row.int(3)?,
        until: row.opt_int(4)?,
        ended: row.opt_int(5)?,
        code_by: row.opt_int(6)?,
        code_until: good(row, 8)?,
        detail: VisitDetail { patient: nobody(), author: nobody(), organization: None },
    };
    Ok((visit, row.blob(7)?.to_vec()))
}

/// Whether whoever opened it still looks after the record: the end of that is the session's end, whether or not somebody
/// wrote it down yet.
fn outlived(tx: &mut Tx<'_>, house: &House, visit: &Visit, now: Timestamp) -> Result<bool, ConsentError> {
    match visit.code_by.filter(|_| visit.until.is_some_and(|until| until > now.0) && visit.ended.is_none()) {
        Some(delegation) => Ok(!family::stands_now(house, tx, delegation, now)?),
        None => Ok(false),
    }
}

fn open_visits(tx: &mut Tx<'_>, house: &House, sealed: Vec<(Visit, Vec<u8>)>) -> Result<Vec<Visit>, ConsentError> {
    let (mut out, now) = (Vec::with_capacity(sealed.len()), house.clock.now());
    for (mut visit, detail) in sealed {
        if let Some(detail) = open(tx, house, visit.patient, &visit_place(visit.id, visit.patient), &detail)? {
            visit.detail = detail;
            if outlived(tx, house, &visit, now)? {
                visit.ended = Some(now.0);
            }
            visit.code_until = visit.code_until.filter(|until| *until > now.0);
            out.push(visit);
        }
    }
    Ok(out)
}

pub fn find_visit(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Visit>, ConsentError> {
    let sql = format!("SELECT {VISIT} FROM edit_session WHERE session_id = ?1");
    let sealed = tx.query_opt(&sql, &[id.into()], read_visit)?;
    Ok(open_visits(tx, house, sealed.into_iter().collect())?.pop())
}

pub fn visits(tx: &mut Tx<'_>, house: &House, whose: Whose) -> Result<Vec<Visit>, ConsentError> {
    let (column, number) = whose.column();
    let sql = format!("SELECT {VISIT} FROM edit_session WHERE {column} = ?1 ORDER BY session_id DESC LIMIT {SHOWN}");
    let sealed = tx.query(&sql, &[number.into()], read_visit)?;
    open_visits(tx, house, sealed)
}

/// The newest session of an account with a patient that waits or is open.
pub fn current_visit(
    tx: &mut Tx<'_>,
    house: &House,
    (account, patient): (i64, i64),
    now: Timestamp,
) -> Result<Option<Visit>, ConsentError> {
    let sql = format!(
        "SELECT {VISIT} FROM edit_session WHERE account = ?1 AND patient = ?2 AND ended IS NULL
         AND (until > ?3 OR (until IS NULL AND created > ?4)) ORDER BY session_id DESC LIMIT 1"
    );
    let asked_after = now.plus_minutes(-super::session::WAITS_MINUTES);
    let sealed = tx.query_opt(&sql, &[account.into(), patient.into(), now.into(), asked_after.into()], read_visit)?;
    let found = open_visits(tx, house, sealed.into_iter().collect())?.pop();
    Ok(found.filter(|visit| visit.ended.is_none()))
}

pub fn open_visit(tx: &mut Tx<'_>, id: i64, now: Timestamp, until: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE edit_session SET opened = ?2, until = ?3 WHERE session_id = ?1",
        &[id.into(), now.into(), until.into()],
    )?;
    Ok(())
}

/// Ends every session of a record that waits or is open: whoever loses access, for whatever reason, writes no more.
pub fn end_visits(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<(), DbError> {
    end_where(tx, patient, ("patient", patient), now)
}

/// Ends those that were opened with a code made under this guardianship or delegation, which is over.
pub fn end_visits_by(tx: &mut Tx<'_>, patient: i64, delegation: i64, now: Timestamp) -> Result<(), DbError> {
    end_where(tx, patient, ("until IS NOT NULL AND code_by", delegation), now)
}

fn end_where(tx: &mut Tx<'_>, patient: i64, (column, number): (&str, i64), now: Timestamp) -> Result<(), DbError> {
    let stand = format!("{column} = ?1 AND ended IS NULL");
    let accounts =
        tx.query(&format!("SELECT DISTINCT account FROM edit_session WHERE {stand}"), &[number.into()], |row| {
            row.int(0)
        })?;
    if accounts.is_empty() {
        return Ok(());
    }
    let sql = format!("UPDATE edit_session SET ended = ?2, code = NULL WHERE {stand}");
    tx.execute(&sql, &[number.into(), now.into()])?;
    tx.announce(format!("patient:{patient} edits"));
    for account in accounts {
        tx.announce(format!("account:{account} edits"));
    }
    Ok(())
}

pub fn end_visit(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE edit_session SET ended = ?2, code = NULL WHERE session_id = ?1", &[id.into(), now.into()])?;
    Ok(())
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    for table in ["edit", "edit_session"] {
        tx.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), &[patient.into()])?;
    }
    Ok(())
}
