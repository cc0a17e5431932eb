//! All SQL of sealed documents and of the keys for them. Which rows somebody may have is asked by the condition of their access.

mod documents;
mod openings;
mod vaults;
mod wraps;

pub use documents::{
    SealedRow, Which, blobs, count, documents, id_of, insert_document, is_known, patient_of, remove_document,
    update_document,
};
pub use openings::{
    AnswerDetail, GuardianRow, OpeningDetail, OpeningRow, ShareDetail, answers, guarded_by, guardians, how_many_guard,
    insert_guardian, insert_opening, opening_owner, openings, put_answer, remove_guardians, remove_opening,
    sweep_openings,
};
pub use vaults::{
    VaultDetail, VaultRow, WayDetail, WayRow, insert_vault, insert_way, remove_vault, remove_way, vault, vault_of_code,
    vault_of_patient, vault_of_practitioner, ways,
};
pub use wraps::{WrapDetail, WrapRow, epoch, holders, put_wrap, remove_holder, wraps};

use crate::error::DocumentError;
use crate::store::broken;
use db::{DbError, Tx};
use ledger::House;
use serde::Serialize;
use serde::de::DeserializeOwned;
use vault::Aad;

/// Whom a vault belongs to: what is kept of it is sealed with the key of the patient, or of the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub account: i64,
    /// 0 for staff.
    pub patient: i64,
    /// 0 for patients.
    pub practitioner: i64,
}

fn seal(
    tx: &mut Tx<'_>,
    house: &House,
    (owner, place): (i64, Aad),
    detail: &impl Serialize,
) -> Result<Vec<u8>, DocumentError> {
    let json = serde_json::to_vec(detail).map_err(|e| broken("keys", &e))?;
    Ok(house.vault.key(tx, owner)?.seal(&*house.rng, &place, &json)?)
}

fn open<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    house: &House,
    (owner, place): (i64, Aad),
    sealed: &[u8],
) -> Result<T, DocumentError> {
    let json = house.vault.key(tx, owner)?.open(&place, sealed)?;
    serde_json::from_slice(&json).map_err(|e| broken("keys", &e))
}

/// Whose vaults are this patient's.
pub fn accounts_of_patient(tx: &mut Tx<'_>, patient: i64) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT account FROM seal_vault WHERE patient = ?1", &[patient.into()], |row| row.int(0))
}

/// Removes what is kept of a patient who is being erased; the files are for the caller.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    for account in accounts_of_patient(tx, patient)? {
        remove_vault(tx, Owner { account, patient, practitioner: 0 })?;
    }
    for table in ["seal_wrap", "sealed_document"] {
        tx.execute(&format!("DELETE FROM {table} WHERE patient = ?1"), &[patient.into()])?;
    }
    Ok(())
}
