//! What each grant said at each time. A version is written once and never changed.

use super::broken;
use super::grants::Row;
use crate::error::ConsentError;
use crate::model::Act;
use crate::texts;
use db::Tx;
use kernel::{Purpose, Timestamp};
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

/// The sealed part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    pub act: Act,
    /// Who did it, as they were named then; nobody, when a grant ended by its date.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub by: Option<String>,
    pub categories: i64,
    pub labels: i64,
    pub lo: i64,
    pub hi: i64,
    pub purpose: String,
    pub until: i64,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub note: Option<String>,
    /// The version of the words that the patient agreed to; none, where nobody agreed, or before the words had versions.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub text: Option<i64>,
}

#[derive(Clone, Debug)]
pub struct Version {
    pub version: i64,
    pub time: i64,
    pub said: Said,
}

/// The version stands in the place, so that none can be put back as another.
const fn place(grant: i64, patient: i64, version: i64) -> Aad {
    Aad::new("grant_version", grant, patient, version)
}

/// Keeps what a grant says from now on.
pub fn keep(
    tx: &mut Tx<'_>,
    house: &House,
    row: &Row,
    act: Act,
    by: Option<&str>,
    now: Timestamp,
) -> Result<(), ConsentError> {
    let count = "SELECT COUNT(*) FROM grant_version WHERE grant_id = ?1";
    let version = tx.count(count, &[row.id.into()])? + 1;
    // In an emergency nobody agreed to anything.
    let agreed = matches!(act, Act::Given | Act::Changed | Act::Renewed) && row.purpose != Purpose::Emergency.as_str();
    let said = Said {
        act,
        by: by.map(str::to_owned),
        categories: row.terms.categories,
        labels: row.terms.labels,
        lo: row.terms.lo,
        hi: row.terms.hi,
        purpose: row.purpose.clone(),
        until: row.until,
        note: row.detail.note.clone(),
        text: agreed.then_some(texts::CURRENT),
    };
    let json = serde_json::to_vec(&said).map_err(|e| broken(&e))?;
    let sealed = house.vault.key(tx, row.patient)?.seal(&*house.rng, &place(row.id, row.patient, version), &json)?;
    tx.execute(
        "INSERT INTO grant_version (grant_id, version, patient, time, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[row.id.into(), version.into(), row.patient.into(), now.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// The number of a grant's last version, and when it was said; the first, where none was kept.
pub fn last(tx: &mut Tx<'_>, grant: &Row) -> Result<(i64, i64), ConsentError> {
    let found = tx.query_opt(
        "SELECT version, time FROM grant_version WHERE grant_id = ?1 ORDER BY version DESC LIMIT 1",
        &[grant.id.into()],
        |row| Ok::<_, ConsentError>((row.int(0)?, row.int(1)?)),
    )?;
    Ok(found.unwrap_or((1, grant.created)))
}

/// Every version of a grant, newest first.
pub fn versions(tx: &mut Tx<'_>, house: &House, grant: &Row) -> Result<Vec<Version>, ConsentError> {
    let sealed = tx.query(
        "SELECT version, time, detail FROM grant_version WHERE grant_id = ?1 ORDER BY version DESC",
        &[grant.id.into()],
        |row| Ok::<_, ConsentError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec())),
    )?;
    let key = house.vault.key(tx, grant.patient)?;
    let mut out = Vec::with_capacity(sealed.len());
    for (version, time, detail) in sealed {
        let json = key.open(&place(grant.id, grant.patient, version), &detail)?;
        out.push(Version { version, time, said: serde_json::from_slice(&json).map_err(|e| broken(&e))? });
    }
    Ok(out)
}
