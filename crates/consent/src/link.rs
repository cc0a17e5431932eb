//! What a health link lets its holder see: a consent whose grantee is the link, and nobody with a name.
//!
//! It stands in the same table as live grants, so that one condition serves both, and ends in the same way: with its row.
//! Numbers of links and of people are counted apart, so a link stands there with its number negated.

use crate::access::Terms;
use db::{DbError, Tx};
use kernel::{Id, Purpose, Timestamp, id};

pub(crate) const fn grantee(link: i64) -> i64 {
    -link
}

/// From the commit on, whoever holds the link sees this much.
pub fn begin(
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    link: i64,
    terms: Terms,
    until: Timestamp,
) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO reach (grantee, patient, grant_id, categories, labels, lo, hi, until, purpose)
         VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            grantee(link).into(),
            patient.into(),
            terms.categories.into(),
            terms.labels.into(),
            terms.lo.into(),
            terms.hi.into(),
            until.into(),
            Purpose::Patient.as_str().into(),
        ],
    )?;
    Ok(())
}

/// From the commit on, nobody sees anything through it.
pub fn end(tx: &mut Tx<'_>, patient: Id<id::Patient>, link: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM reach WHERE grantee = ?1 AND patient = ?2", &[grantee(link).into(), patient.into()])?;
    Ok(())
}
