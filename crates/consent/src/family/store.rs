//! All SQL of guardianships and delegations.

use crate::access::Terms;
use crate::error::ConsentError;
use crate::marks::UNDATED;
use crate::model::Party;
use db::{DbError, Row as DbRow, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

pub const WAITING: i64 = 0;
pub const ACTIVE: i64 = 1;
pub const ENDED: i64 = 2;

/// The sealed part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    /// What was typed, and after it was accepted what the person is called.
    pub person: String,
    /// Who asked them.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub asker: Option<String>,
    /// The child's date of birth when it began, or as whoever else keeps the record corrected it: what a guardian or the
    /// patient makes of it later shortens a guardianship and never lengthens it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub birth: Option<String>,
    /// Why an administrator began or ended it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    /// It ended because the child came of age, and not because somebody ended it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub came_of_age: bool,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub patient: i64,
    /// 0 when what was typed names nobody.
    pub account: i64,
    pub author: i64,
    pub guardian: bool,
    pub acts: bool,
    pub categories: i64,
    pub labels: i64,
    pub until: i64,
    pub state: i64,
    pub created: i64,
    pub whose: Party,
    pub detail: Detail,
}

impl Row {
    pub const fn terms(&self) -> Terms {
        Terms { categories: self.categories, labels: self.labels, lo: UNDATED, hi: i64::MAX }
    }
}

/// While the patient pauses all sharing, only a guardian goes on.
const AWAKE: &str = "(guardian = 1 OR patient NOT IN (SELECT x.patient FROM restriction x))";

const COLUMNS: &str =
    "delegation_id, patient, account, author, guardian, acts, categories, labels, until, state, created,
    whose, detail";

/// A page shows so many; older ones are history.
const SHOWN: i64 = 200;

const fn place(id: i64, patient: i64) -> Aad {
    Aad::new("delegation", id, patient, 0)
}

/// The same place as in `notify`, which reads it.
const fn whose_place(id: i64, patient: i64) -> Aad {
    Aad::new("delegation whose", id, patient, 0)
}

type Sealed = (Row, Vec<u8>, Vec<u8>);

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, ConsentError> {
    let kept = Row {
        id: row.int(0)?,
        patient: row.int(1)?,
        account: row.int(2)?,
        author: row.int(3)?,
        guardian: row.int(4)? != 0,
        acts: row.int(5)? != 0,
        categories: row.int(6)?,
        labels: row.int(7)?,
        until: row.int(8)?,
        state: row.int(9)?,
        created: row.int(10)?,
        whose: Party { id: String::new(), name: String::new() },
        detail: Detail::default(),
    };
    Ok((kept, row.blob(11)?.to_vec(), row.blob(12)?.to_vec()))
}

fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("a delegation's detail: {error}"))
}

/// Opens what can be opened: what was arranged for an erased patient is gone with them.
fn open_all(tx: &mut Tx<'_>, house: &House, sealed: Vec<Sealed>) -> Result<Vec<Row>, ConsentError> {
    let mut rows = Vec::with_capacity(sealed.len());
    for (mut row, whose, detail) in sealed {
        let key = match house.vault.key(tx, row.patient) {
            Err(VaultError::NoKey) => continue,
            key => key?,
        };
        let (id, patient) = (row.id, row.patient);
        row.whose = serde_json::from_slice(&key.open(&whose_place(id, patient), &whose)?).map_err(|e| broken(&e))?;
        row.detail = serde_json::from_slice(&key.open(&place(id, patient), &detail)?).map_err(|e| broken(&e))?;
        rows.push(row);
    }
    Ok(rows)
}

fn sealed_detail(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<Vec<u8>, ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| broken(&e))?;
    Ok(house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?)
}

pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let detail = sealed_detail(tx, house, row)?;
    let whose = serde_json::to_vec(&row.whose).map_err(|e| broken(&e))?;
    let whose = house.vault.key(tx, row.patient)?.seal(&*house.rng, &whose_place(row.id, row.patient), &whose)?;
    tx.execute(
        "INSERT INTO delegation (delegation_id, patient, account, author, guardian, acts, categories, labels, whole,
         until, state, created, whose, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &[
            row.id.into(),
            row.patient.into(),
            row.account.into(),
            row.author.into(),
            i64::from(row.guardian).into(),
            i64::from(row.acts).into(),
            row.categories.into(),
            row.labels.into(),
            i64::from(super::rules::is_whole(row.categories, row.labels)).into(),
            row.until.into(),
            row.state.into(),
            row.created.into(),
            (&whose).into(),
            (&detail).into(),
        ],
    )?;
    Ok(())
}

/// Begins one that waited, or ends one; what is said of it may have changed.
pub fn set_state(tx: &mut Tx<'_>, house: &House, row: &Row, now: Timestamp) -> Result<(), ConsentError> {
    let detail = sealed_detail(tx, house, row)?;
    let ended = (row.state == ENDED).then_some(now.0);
    tx.execute(
        "UPDATE delegation SET state = ?2, ended = ?3, detail = ?4 WHERE delegation_id = ?1",
        &[row.id.into(), row.state.into(), ended.into(), (&detail).into()],
    )?;
    Ok(())
}

/// Moves the end of one, which may let it stand again.
pub fn move_end(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let detail = sealed_detail(tx, house, row)?;
    let again = if row.state == ACTIVE { ", state = 1, ended = NULL" } else { "" };
    let sql = format!("UPDATE delegation SET until = ?2, detail = ?3{again} WHERE delegation_id = ?1");
    tx.execute(&sql, &[row.id.into(), row.until.into(), (&detail).into()])?;
    Ok(())
}

/// The guardianships of a child that stand, wait or came to their end by themselves: `detail` tells those from the ones
/// that were ended late.
pub fn guardianships(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delegation WHERE patient = ?1 AND guardian = 1 AND (state < 2 OR ended >= until)
         ORDER BY delegation_id DESC"
    );
    let found = tx.query(&sql, &[patient.into()], read)?;
    open_all(tx, house, found)
}

/// One of them, whoever it concerns: the caller decides.
pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Row>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM delegation WHERE delegation_id = ?1");
    let found = tx.query_opt(&sql, &[id.into()], read)?;
    Ok(open_all(tx, house, found.into_iter().collect())?.pop())
}

/// What lets this account into this record now: a guardianship before a delegation, and of several the newest.
pub fn live(tx: &mut Tx<'_>, house: &House, whose: (i64, i64), now: Timestamp) -> Result<Option<Row>, ConsentError> {
    newest(tx, house, whose, now, AWAKE)
}

/// The same, also while it sleeps because the patient paused sharing: whether there is one at all.
pub fn any_live(
    tx: &mut Tx<'_>,
    house: &House,
    whose: (i64, i64),
    now: Timestamp,
) -> Result<Option<Row>, ConsentError> {
    newest(tx, house, whose, now, "1 = 1")
}

fn newest(
    tx: &mut Tx<'_>,
    house: &House,
    (account, patient): (i64, i64),
    now: Timestamp,
    condition: &str,
) -> Result<Option<Row>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delegation WHERE account = ?1 AND patient = ?2 AND state = 1 AND until > ?3
         AND {condition} ORDER BY guardian DESC, delegation_id DESC LIMIT 1"
    );
    let found = tx.query_opt(&sql, &[account.into(), patient.into(), now.into()], read)?;
    Ok(open_all(tx, house, found.into_iter().collect())?.pop())
}

/// Those that let this account look after others, or would: newest first.
pub fn held_by(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delegation WHERE account = ?1 AND state < 2 AND {AWAKE}
         ORDER BY delegation_id DESC LIMIT {SHOWN}"
    );
    let found = tx.query(&sql, &[account.into()], read)?;
    open_all(tx, house, found)
}

/// Who looks after a record, then who was asked, or did; newest first. However many are asked, nobody who looks after it is
/// left out.
pub fn of_patient(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delegation WHERE patient = ?1
         ORDER BY CASE state WHEN 1 THEN 0 ELSE 1 END, delegation_id DESC LIMIT {SHOWN}"
    );
    let found = tx.query(&sql, &[patient.into()], read)?;
    open_all(tx, house, found)
}

/// How many guardians a child has now.
pub fn guardians(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<i64, DbError> {
    tx.count(
        "SELECT COUNT(*) FROM delegation WHERE patient = ?1 AND guardian = 1 AND state = 1 AND until > ?2",
        &[patient.into(), now.into()],
    )
}

/// How many children have nobody else than this patient as their guardian.
pub fn alone(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<i64, DbError> {
    tx.count(
        "SELECT COUNT(*) FROM delegation d WHERE d.guardian = 1 AND d.state = 1 AND d.until > ?2
         AND d.account IN (SELECT account FROM account WHERE patient = ?1)
         AND NOT EXISTS (SELECT 1 FROM delegation o WHERE o.patient = d.patient AND o.delegation_id <> d.delegation_id
             AND o.guardian = 1 AND o.state = 1 AND o.until > ?2)",
        &[patient.into(), now.into()],
    )
}

/// How many guardianships an account holds.
pub fn children(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM delegation WHERE account = ?1 AND guardian = 1 AND state = 1", &[account.into()])
}

/// How many an account began since a time: asking is no way to try names.
pub fn begun_since(tx: &mut Tx<'_>, author: i64, since: Timestamp) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM delegation WHERE author = ?1 AND created > ?2", &[author.into(), since.into()])
}

/// Notes a letter to somebody without an account: its secret as a keyed digest, its address as a keyed hash.
pub fn set_letter(tx: &mut Tx<'_>, id: i64, letter: &[u8; 32], typed: i64) -> Result<(), DbError> {
    let sql = "UPDATE delegation SET letter = ?2, typed = ?3 WHERE delegation_id = ?1";
    tx.execute(sql, &[id.into(), letter.into(), typed.into()])?;
    Ok(())
}

/// How many were asked by letters to this address since.
pub fn lettered(tx: &mut Tx<'_>, typed: i64, since: Timestamp) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM delegation WHERE typed = ?1 AND created > ?2", &[typed.into(), since.into()])
}

/// The question in whose newest letter this secret stands, while nobody has taken it up.
pub fn by_letter(tx: &mut Tx<'_>, house: &House, letter: &[u8; 32]) -> Result<Option<Row>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM delegation WHERE letter = ?1 AND account = 0 AND state = 0");
    let found = tx.query_opt(&sql, &[letter.into()], read)?;
    Ok(open_all(tx, house, found.into_iter().collect())?.pop())
}

/// Whoever came with the letter is the one who was asked; the letter is good no more.
pub fn taken_up(tx: &mut Tx<'_>, id: i64, account: i64) -> Result<(), DbError> {
    let sql = "UPDATE delegation SET account = ?2, letter = NULL WHERE delegation_id = ?1";
    tx.execute(sql, &[id.into(), account.into()])?;
    Ok(())
}

/// Counts one more time of asking, if it is not too often; `false` when it is.
pub fn ask_again(tx: &mut Tx<'_>, id: i64, most: i64) -> Result<bool, DbError> {
    let sql = "UPDATE delegation SET asked = asked + 1 WHERE delegation_id = ?1 AND asked < ?2";
    Ok(tx.execute(sql, &[id.into(), most.into()])? > 0)
}

/// Ends what else waits for the same person in the same record: one answer is enough.
pub fn end_waiting(tx: &mut Tx<'_>, (account, patient): (i64, i64), now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE delegation SET state = 2, ended = ?3 WHERE account = ?1 AND patient = ?2 AND state = 0 AND account <> 0",
        &[account.into(), patient.into(), now.into()],
    )?;
    Ok(())
}

/// Whether it still stands, inside the transaction that acts on it.
pub fn stands(tx: &mut Tx<'_>, id: i64, account: i64, now: Timestamp) -> Result<bool, DbError> {
    let sql = format!(
        "SELECT COUNT(*) FROM delegation WHERE delegation_id = ?1 AND account = ?2 AND state = 1 AND until > ?3 AND {AWAKE}"
    );
    Ok(tx.count(&sql, &[id.into(), account.into(), now.into()])? > 0)
}

/// The accounts that the record is open to, or that were asked.
pub fn accounts_of(tx: &mut Tx<'_>, patient: i64) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT DISTINCT account FROM delegation WHERE patient = ?1 AND state < 2 AND account <> 0";
    tx.query(sql, &[patient.into()], |row| row.int(0))
}

/// The accounts of a patient themselves.
pub fn own_accounts(tx: &mut Tx<'_>, patient: i64) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT account FROM account WHERE patient = ?1 ORDER BY account", &[patient.into()], |row| row.int(0))
}

/// Whose account it is, if it is a patient's.
pub fn whose(tx: &mut Tx<'_>, account: i64) -> Result<Option<i64>, DbError> {
    Ok(tx
        .query_opt("SELECT patient FROM account WHERE account = ?1", &[account.into()], |row| row.opt_int(0))?
        .flatten())
}

/// What a patient's accounts hold now.
pub fn held_by_patient(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM delegation WHERE state = 1 AND account IN (SELECT account FROM account WHERE patient = ?1)
         ORDER BY delegation_id"
    );
    let found = tx.query(&sql, &[patient.into()], read)?;
    open_all(tx, house, found)
}

/// What they hold ends with the account of whoever is erased; what was arranged for them is removed.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE delegation SET state = 2, ended = ?2
         WHERE state < 2 AND account IN (SELECT account FROM account WHERE patient = ?1)",
        &[patient.into(), now.into()],
    )?;
    tx.execute("DELETE FROM delegation WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
