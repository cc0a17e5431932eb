//! A patient's own entries of the ledger, in pages; with or without what they did themselves, or only that.

use db::{DbError, Tx};
use kernel::{Id, id};
use ledger::{Entry, House, LedgerError, Stored};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Which entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    All,
    /// Without those of this account.
    Others(Id<id::Account>),
    /// Only those of this account.
    Own(Id<id::Account>),
}

pub struct Page {
    pub entries: Vec<Stored>,
    /// Where the next page begins, if there is one.
    pub next: Option<i64>,
    pub total: i64,
}

/// Entries opened at a time while looking for those of others.
const STEP: i64 = 500;

/// Of each record, as an account looks at it: how far its entries were counted, and how many were of others. The log only
/// grows, so a count is never wrong, only behind; what was added since is counted on top. Whoever looks after a record has
/// their own beside it.
#[derive(Default)]
struct Counted(Mutex<HashMap<(i64, i64), (i64, i64)>>);

const REMEMBERED: usize = 10_000;

pub fn read(stored: &Stored) -> Result<Entry, LedgerError> {
    let broken = |e: serde_json::Error| DbError::Failed(format!("entry {} of the ledger: {e}", stored.seq));
    Ok(serde_json::from_slice(&stored.entry).map_err(broken)?)
}

/// The entries below `before`, newest first.
pub fn page(
    tx: &mut Tx<'_>,
    house: &House,
    patient: Id<id::Patient>,
    before: Option<i64>,
    count: i64,
    reads: Reads,
) -> Result<Page, LedgerError> {
    let wanted = usize::try_from(count).unwrap_or(0);
    let total = ledger::count(tx, patient)?;
    let (account, own) = match reads {
        Reads::All => {
            let entries = ledger::entries(tx, &house.vault, patient, before, count)?;
            let next = entries.last().map(|last| last.patient_seq).filter(|last| *last > 0);
            return Ok(Page { next, entries, total });
        }
        Reads::Others(account) => (account, false),
        Reads::Own(account) => (account, true),
    };
    let mut entries = Vec::new();
    let mut place = before;
    loop {
        let step = ledger::entries(tx, &house.vault, patient, place, STEP)?;
        let Some(last) = step.last() else { break };
        place = Some(last.patient_seq);
        for stored in step {
            if by_other(&stored, account)? != own {
                entries.push(stored);
                // One more than wanted tells whether there is a next page.
                if entries.len() > wanted {
                    break;
                }
            }
        }
        if entries.len() > wanted || place == Some(0) {
            break;
        }
    }
    let more = entries.len() > wanted;
    entries.truncate(wanted);
    let next = entries.last().map(|last| last.patient_seq).filter(|_| more);
    let others = others(tx, house, patient, account, total)?;
    Ok(Page { next, entries, total: if own { total - others } else { others } })
}

fn by_other(stored: &Stored, account: Id<id::Account>) -> Result<bool, LedgerError> {
    // What an app did for somebody is not what they did themselves.
    let who = read(stored)?.who;
    Ok(who.app.is_some() || who.account != Some(account.get()))
}

/// How many of the `total` entries of a record are of others.
fn others(
    tx: &mut Tx<'_>,
    house: &House,
    patient: Id<id::Patient>,
    account: Id<id::Account>,
    total: i64,
) -> Result<i64, LedgerError> {
    let (memory, whose) = (house.memory::<Counted>(), (account.get(), patient.get()));
    let kept = memory.0.lock().unwrap_or_else(PoisonError::into_inner).get(&whose).copied();
    // A database put back from a copy may be shorter than what was counted.
    let (counted, mut count) = kept.filter(|(counted, _)| *counted <= total).unwrap_or_default();
    let mut place = total;
    while place > counted {
        let step = ledger::entries(tx, &house.vault, patient, Some(place), STEP.min(place - counted))?;
        let last = step.last().map(|last| last.patient_seq);
        place = last.ok_or_else(|| LedgerError::Altered(format!("a record's entries below {place} are missing")))?;
        for stored in &step {
            count += i64::from(by_other(stored, account)?);
        }
    }
    let mut kept = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    if kept.len() >= REMEMBERED {
        kept.clear();
    }
    kept.insert(whose, (total, count));
    Ok(count)
}
