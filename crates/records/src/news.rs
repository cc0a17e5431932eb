//! Telling that a record changed: open pages, whose, never what; and `consent`, when it says anew who the patient is.

use crate::error::Error;
use crate::model::Changed;
use crate::store;
use consent::{Columns, Marked};
use db::{Sql, Tx};
use kernel::Ctx;
use ledger::House;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The logical ids of patients whose record changed lately.
#[derive(Default)]
struct PatientIds(Mutex<HashMap<i64, String>>);

/// As many as change between two looks at the same page.
const REMEMBERED: usize = 20_000;

/// Announces the changes of one record. Until when guardians stand depends on the date of birth that it says, and what was said
/// to be wrong may have been put right.
pub fn changed(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (patient, rows): (i64, &[Marked]),
    changes: &[Changed],
) -> Result<(), Error> {
    if changes.iter().any(|changed| changed.corrected && changed.patient == patient) {
        consent::family::corrected(ctx, house, tx, patient).map_err(kernel::Problem::from)?;
    }
    let of_patient = changes.iter().filter(|changed| changed.patient == patient);
    let replaced: Vec<(i64, i64)> = of_patient.filter_map(|changed| changed.replaced).collect();
    consent::cases::changed(ctx, house, tx, patient, &replaced).map_err(kernel::Problem::from)?;
    record(tx, house, patient, rows)
}

/// Announces a change to the patient and to everybody who can see one of the rows that changed.
pub fn record(tx: &mut Tx<'_>, house: &House, patient: i64, rows: &[Marked]) -> Result<(), Error> {
    let Some(id) = patient_id(tx, house, patient)? else { return Ok(()) };
    tx.announce(format!("patient:{patient} record:{id}"));
    for reader in consent::readers_of(tx, patient, house.clock.now(), rows)? {
        tx.announce(format!("reader:{reader} record:{id} patients"));
    }
    Ok(())
}

/// The id never changes, so what is remembered stays true; an erased patient has no more changes.
pub fn patient_id(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Option<String>, Error> {
    let memory = house.memory::<PatientIds>();
    if let Some(id) = memory.0.lock().unwrap_or_else(PoisonError::into_inner).get(&patient) {
        return Ok(Some(id.clone()));
    }
    let mut sql = Sql::new("SELECT ");
    sql.push(store::HEAD).push(", r.body FROM resource r WHERE ").push(Columns::RESOURCE.rid).push(" = ").int(patient);
    let found = tx.rows(&sql, |row| Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec())))?.pop();
    let Some((head, sealed)) = found else { return Ok(None) };
    let id = store::open(tx, house, &head, &sealed)?.id().to_owned();
    let mut ids = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    if ids.len() >= REMEMBERED {
        ids.clear();
    }
    ids.insert(patient, id.clone());
    Ok(Some(id).filter(|id| !id.is_empty()))
}
