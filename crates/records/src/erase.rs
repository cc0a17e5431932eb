//! Erasing a record: its key is destroyed, and with it every version of every entry, here and in any copy.

use crate::error::Error;
use crate::index::Rows;
use crate::view::digest;
use crate::{news, photo, resolve, store};
use consent::{Access, Marked};
use db::{DbError, Tx};
use kernel::{Ctx, Id, id};
use ledger::{Action, Entry, House, append};

/// Finds the patient to be erased, if the caller may end their record.
pub fn find(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, patient: &str) -> Result<Id<id::Patient>, Error> {
    let access = Access::open(ctx)?;
    let patient = resolve::patient(tx, house, &access, patient)?;
    access.may_erase(patient)?;
    Ok(patient)
}

/// Destroys the key and removes the rows. The caller removes consents and accounts in the same transaction. Returns
/// how many resources there were.
pub fn erase(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, patient: Id<id::Patient>) -> Result<i64, Error> {
    Access::open(ctx)?.may_erase(patient)?;
    let rows =
        tx.query("SELECT rid, time, marks, keys FROM resource WHERE patient = ?1", &[patient.into()], |row| {
            let marked = Marked { time: row.int(1)?, marks: row.int(2)? };
            Ok::<_, Error>((row.int(0)?, marked, row.blob(3)?.to_vec()))
        })?;
    let marked: Vec<Marked> = rows.iter().map(|(_, marked, _)| *marked).collect();
    news::record(tx, house, patient.get(), &marked)?;
    for (rid, marked, keys) in &rows {
        if !keys.is_empty() {
            let found = Rows::from_keys(keys).ok_or_else(|| DbError::Failed("damaged index keys".into()))?;
            found.delete(tx, *rid, patient.get(), marked.time)?;
        }
    }
    tx.execute("DELETE FROM version WHERE rid IN (SELECT rid FROM resource WHERE patient = ?1)", &[patient.into()])?;
    tx.execute("DELETE FROM pt WHERE patient = ?1", &[patient.into()])?;
    tx.execute("DELETE FROM resource WHERE patient = ?1", &[patient.into()])?;
    photo::forget_patient(tx, patient.get())?;
    house.vault.erase(tx, patient.get())?;
    let memory = house.clone();
    tx.after_commit(move || digest::forget(&memory, patient.get()));
    // In the same transaction: it is what explains that the patient's earlier entries no longer open.
    let count = rows.len() as i64;
    append(tx, Entry::new(ctx, patient, Action::Erase).what(store::RECORD, count));
    Ok(count)
}
