//! All SQL of the card: what a patient chose, sealed with their key.

use crate::error::ExchangeError;
use db::{DbError, Tx};
use kernel::{Id, id};
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::Aad;

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Choice {
    pub hidden: Vec<String>,
    pub note: Option<String>,
    pub sensitive: bool,
    pub link: Option<i64>,
    #[serde(skip)]
    pub updated: i64,
}

const fn place(patient: i64) -> Aad {
    Aad::new("emergency_card", patient, 0, 0)
}

fn broken(error: &serde_json::Error) -> DbError {
    DbError::Failed(format!("an emergency card's choice: {error}"))
}

/// What the patient chose; everything is shown until they do.
pub fn choice(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>) -> Result<Choice, ExchangeError> {
    let sql = "SELECT updated, detail FROM emergency_card WHERE patient = ?1";
    let found =
        tx.query_opt(sql, &[patient.into()], |row| Ok::<_, ExchangeError>((row.int(0)?, row.blob(1)?.to_vec())))?;
    let Some((updated, sealed)) = found else { return Ok(Choice::default()) };
    let json = house.vault.key(tx, patient.get())?.open(&place(patient.get()), &sealed)?;
    let choice: Choice = serde_json::from_slice(&json).map_err(|e| broken(&e))?;
    Ok(Choice { updated, ..choice })
}

/// Whether this link is the code on the patient's card.
pub fn is_on(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>, link: i64) -> Result<bool, ExchangeError> {
    Ok(choice(tx, house, patient)?.link == Some(link))
}

pub fn keep(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>, choice: &Choice) -> Result<(), ExchangeError> {
    let json = serde_json::to_vec(choice).map_err(|e| broken(&e))?;
    let sealed = house.vault.key(tx, patient.get())?.seal(&*house.rng, &place(patient.get()), &json)?;
    tx.execute(
        "INSERT INTO emergency_card (patient, updated, detail) VALUES (?1, ?2, ?3)
         ON CONFLICT (patient) DO UPDATE SET updated = excluded.updated, detail = excluded.detail",
        &[patient.into(), choice.updated.into(), (&sealed).into()],
    )?;
    Ok(())
}

pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), DbError> {
    tx.execute("DELETE FROM emergency_card WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
