//! Grants: every one ever given, and the live ones in the shape that the predicate reads.

use super::broken;
use crate::access::Terms;
use crate::error::ConsentError;
use crate::model::Party;
use db::{DbError, Row as DbRow, Sql, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, VaultError};

/// The sealed part: who the two sides are, as they were named when consent was given, and what was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detail {
    pub patient: Party,
    pub grantee: Party,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub id: i64,
    pub patient: i64,
    pub grantee: i64,
    pub grantee_kind: i64,
    pub terms: Terms,
    pub purpose: String,
    pub created: i64,
    pub until: i64,
    pub revoked: Option<i64>,
    pub last_read: Option<i64>,
    pub detail: Detail,
}

const COLUMNS: &str = "g.grant_id, g.patient, g.grantee, g.grantee_kind, g.categories, g.labels, g.lo, g.hi,
    g.purpose, g.created, g.until, g.revoked, g.last_read, g.detail";

const fn place(id: i64, patient: i64) -> Aad {
    Aad::new("grants", id, patient, 0)
}

/// A row as it is stored: its detail is still sealed.
struct Sealed {
    id: i64,
    patient: i64,
    grantee: i64,
    grantee_kind: i64,
    terms: Terms,
    purpose: String,
    created: i64,
    until: i64,
    revoked: Option<i64>,
    last_read: Option<i64>,
    detail: Vec<u8>,
}

fn read(row: &DbRow<'_, '_>) -> Result<Sealed, ConsentError> {
    Ok(Sealed {
        id: row.int(0)?,
        patient: row.int(1)?,
        grantee: row.int(2)?,
        grantee_kind: row.int(3)?,
        terms: Terms { categories: row.int(4)?, labels: row.int(5)?, lo: row.int(6)?, hi: row.int(7)? },
        purpose: row.text(8)?.to_owned(),
        created: row.int(9)?,
        until: row.int(10)?,
        revoked: row.opt_int(11)?,
        last_read: row.opt_int(12)?,
        detail: row.blob(13)?.to_vec(),
    })
}

fn open(tx: &mut Tx<'_>, house: &House, sealed: Sealed) -> Result<Row, ConsentError> {
    let Sealed { id, patient, grantee, grantee_kind, terms, purpose, created, until, revoked, last_read, detail } =
        sealed;
    let json = house.vault.key(tx, patient)?.open(&place(id, patient), &detail)?;
    let detail = serde_json::from_slice(&json).map_err(|e| broken(&e))?;
    Ok(Row { id, patient, grantee, grantee_kind, terms, purpose, created, until, revoked, last_read, detail })
}

/// Opens what can be opened: a consent of an erased patient is gone with them.
fn open_all(tx: &mut Tx<'_>, house: &House, sealed: Vec<Sealed>) -> Result<Vec<Row>, ConsentError> {
    let mut rows = Vec::with_capacity(sealed.len());
    for one in sealed {
        match open(tx, house, one) {
            Err(ConsentError::Vault(VaultError::NoKey)) => {}
            row => rows.push(row?),
        }
    }
    Ok(rows)
}

/// Keeps a new grant. It gives nothing until `insert_reach`.
pub fn insert(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| broken(&e))?;
    let sealed = house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?;
    tx.execute(
        "INSERT INTO grants (grant_id, patient, grantee, grantee_kind, categories, labels, lo, hi, purpose, created,
         until, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        &[
            row.id.into(),
            row.patient.into(),
            row.grantee.into(),
            row.grantee_kind.into(),
            row.terms.categories.into(),
            row.terms.labels.into(),
            row.terms.lo.into(),
            row.terms.hi.into(),
            (&row.purpose).into(),
            row.created.into(),
            row.until.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

/// Seals anew what is said of a grant.
pub fn set_detail(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<(), ConsentError> {
    let json = serde_json::to_vec(&row.detail).map_err(|e| broken(&e))?;
    let sealed = house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient), &json)?;
    tx.execute("UPDATE grants SET detail = ?2 WHERE grant_id = ?1", &[row.id.into(), (&sealed).into()])?;
    Ok(())
}

/// Makes a grant live, or changes the end of a live one.
pub fn insert_reach(tx: &mut Tx<'_>, row: &Row) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO reach (grantee, patient, grant_id, categories, labels, lo, hi, until, purpose)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (grantee, patient, grant_id) DO UPDATE SET until = excluded.until",
        &[
            row.grantee.into(),
            row.patient.into(),
            row.id.into(),
            row.terms.categories.into(),
            row.terms.labels.into(),
            row.terms.lo.into(),
            row.terms.hi.into(),
            row.until.into(),
            (&row.purpose).into(),
        ],
    )?;
    Ok(())
}

/// Ends a grant's effect; `false` when it had none.
pub fn delete_reach(tx: &mut Tx<'_>, row: &Row) -> Result<bool, DbError> {
    let deleted = tx.execute(
        "DELETE FROM reach WHERE grantee = ?1 AND patient = ?2 AND grant_id = ?3",
        &[row.grantee.into(), row.patient.into(), row.id.into()],
    )?;
    Ok(deleted > 0)
}

pub fn set_revoked(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE grants SET revoked = ?2 WHERE grant_id = ?1", &[id.into(), now.into()])?;
    Ok(())
}

pub fn set_until(tx: &mut Tx<'_>, id: i64, until: i64) -> Result<(), DbError> {
    tx.execute("UPDATE grants SET until = ?2 WHERE grant_id = ?1", &[id.into(), until.into()])?;
    Ok(())
}

/// Remembers when a grant was last used, unless an earlier use within the minute already did.
pub fn mark_read(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute(
        "UPDATE grants SET last_read = ?2 WHERE grant_id = ?1 AND (last_read IS NULL OR last_read <= ?3)",
        &[id.into(), now.into(), now.plus_minutes(-1).into()],
    )?;
    Ok(())
}

/// Tells every cache that somebody can see less than before.
pub fn raise_epoch(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])?;
    Ok(())
}

/// The number that grows with everything that narrows what somebody may see or do, and with an erasure.
pub fn epoch(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.count("SELECT value FROM counter WHERE name = 'epoch'", &[])
}

/// One grant, whoever it belongs to: the caller decides.
pub fn grant(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Row>, ConsentError> {
    let sealed = tx.query_opt(&format!("SELECT {COLUMNS} FROM grants g WHERE g.grant_id = ?1"), &[id.into()], read)?;
    Ok(open_all(tx, house, sealed.into_iter().collect())?.pop())
}

/// Every grant a patient ever gave, newest first.
pub fn given(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Vec<Row>, ConsentError> {
    let sql = format!("SELECT {COLUMNS} FROM grants g WHERE g.patient = ?1 ORDER BY g.grant_id DESC");
    let sealed = tx.query(&sql, &[patient.into()], read)?;
    open_all(tx, house, sealed)
}

/// The live grants to these grantees, newest first.
pub fn received(tx: &mut Tx<'_>, house: &House, grantees: &[i64], now: Timestamp) -> Result<Vec<Row>, ConsentError> {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM reach r JOIN grants g ON g.grant_id = r.grant_id WHERE r.grantee IN (");
    sql.ints(grantees).push(") AND r.until > ").int(now.0);
    crate::restriction::awake(&mut sql, "r");
    sql.push(" ORDER BY g.grant_id DESC");
    let sealed = tx.rows(&sql, read)?;
    open_all(tx, house, sealed)
}
