//! Telling the owner of a record who reads it: at the first time, and then once a day for each reader. The ledger has every
//! reading; a notice for each would bury what matters.
//!
//! Emergencies and health links have notices of their own, and nobody is told of what they read themselves.

use crate::{Kind, Notice, store};
use db::{DbError, Tx};
use kernel::{Id, Timestamp};
use ledger::{Action, Entry, Ground, House, LedgerError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use vault::VaultError;

const DAY_MS: i64 = 86_400_000;

/// Somebody reads a record, and its owner was not told of it today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    patient: i64,
    account: i64,
    who: String,
}

/// When each was told last, as far as this process knows: most readings find themselves here and write nothing more.
#[derive(Default)]
struct Told(Mutex<HashMap<(i64, i64), Timestamp>>);

const REMEMBERED: usize = 20_000;

fn reading(entry: &Entry) -> Option<Reading> {
    let reads = matches!(entry.action, Action::Read | Action::Search | Action::History | Action::Export);
    let told = reads && matches!(entry.ground, Some(Ground::Grant | Ground::Custody));
    let account = entry.who.account.filter(|_| told && entry.patient != vault::DIRECTORY)?;
    let mut who = entry.who.name.clone();
    if let Some(organization) = entry.who.organization.as_ref().filter(|name| **name != who) {
        who = format!("{who} of {organization}");
    }
    if let Some(app) = &entry.who.app {
        who = format!("{who}, by the app \u{201c}{app}\u{201d},");
    }
    Some(Reading { patient: entry.patient, account, who })
}

/// The readings among these entries that may have to be told of, each reader of a record once.
pub fn untold(house: &House, entries: &[Entry]) -> Vec<Reading> {
    let mut found: Vec<Reading> = entries.iter().filter_map(reading).collect();
    if found.is_empty() {
        return found;
    }
    let since = house.clock.now().plus_ms(-DAY_MS);
    let memory = house.memory::<Told>();
    let told = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    found.retain(|one| told.get(&(one.patient, one.account)).is_none_or(|at| *at <= since));
    drop(told);
    found.sort_by_key(|one| (one.patient, one.account));
    found.dedup_by_key(|one| (one.patient, one.account));
    found
}

/// Tells the owners, in the transaction that writes the entries.
pub fn tell(tx: &mut Tx<'_>, house: &House, readings: &[Reading]) -> Result<(), LedgerError> {
    for one in readings {
        match tell_one(tx, house, one) {
            // Erased meanwhile: nobody is left to be told.
            Err(VaultError::NoKey) => {}
            done => done?,
        }
    }
    Ok(())
}

fn tell_one(tx: &mut Tx<'_>, house: &House, one: &Reading) -> Result<(), VaultError> {
    let now = house.clock.now();
    let row = [one.patient.into(), one.account.into(), now.into()];
    let last = tx.query_opt("SELECT told FROM reader WHERE patient = ?1 AND account = ?2", &row[..2], |row| {
        row.int(0).map(Timestamp)
    })?;
    let (kind, title) = match last {
        Some(at) if at > now.plus_ms(-DAY_MS) => return Ok(()),
        Some(_) => (Kind::Read, format!("{} read your record", one.who)),
        None => (Kind::NewReader, format!("{} read your record for the first time", one.who)),
    };
    let sql = match last {
        Some(_) => "UPDATE reader SET told = ?3 WHERE patient = ?1 AND account = ?2",
        None => "INSERT INTO reader (patient, account, told) VALUES (?1, ?2, ?3)",
    };
    tx.execute(sql, &row)?;
    let body = "You are told once a day for each reader. The page Who read my record shows every reading.";
    store::to_patient(tx, house, Id::new(one.patient), &Notice::new(kind, title, body).link("/ledger"))
}

/// Remembers, once it is durable, that these owners were told.
pub fn remember(house: &House, readings: &[Reading]) {
    if readings.is_empty() {
        return;
    }
    let now = house.clock.now();
    let memory = house.memory::<Told>();
    let mut told = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    if told.len() >= REMEMBERED {
        told.clear();
    }
    told.extend(readings.iter().map(|one| ((one.patient, one.account), now)));
}

pub(crate) fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM reader WHERE patient = ?1", &[patient.into()])?;
    Ok(())
}
