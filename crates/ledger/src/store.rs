//! All SQL of the ledger.

use crate::tree::{Frontier, Hash, STEP, leaf_hash, node_hash};
use crate::{Action, Entry, LedgerError, log};
use db::{DbError, Tx, Value};
use kernel::{Id, id};
use vault::Vault;

/// An entry as it was logged, opened.
#[derive(Clone, Debug)]
pub struct Stored {
    pub seq: i64,
    pub patient_seq: i64,
    pub leaf: Vec<u8>,
    pub r: Vec<u8>,
    /// The exact bytes that were hashed.
    pub entry: Vec<u8>,
}

pub(crate) fn frontier(tx: &mut Tx<'_>) -> Result<Frontier, LedgerError> {
    let head = tx.query_opt("SELECT size, frontier FROM ledger_head WHERE id = 1", &[], |row| {
        Frontier::from_parts(row.int(0)? as u64, row.blob(1)?)
            .ok_or_else(|| LedgerError::Altered("the head does not fit its size".into()))
    })?;
    Ok(head.unwrap_or_default())
}

pub(crate) fn set_frontier(tx: &mut Tx<'_>, frontier: &Frontier) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO ledger_head (id, size, frontier) VALUES (1, ?1, ?2)
         ON CONFLICT (id) DO UPDATE SET size = excluded.size, frontier = excluded.frontier",
        &[(frontier.size as i64).into(), (&frontier.to_bytes()).into()],
    )?;
    Ok(())
}

/// Size and root of the tree.
pub fn head(tx: &mut Tx<'_>) -> Result<(u64, Hash), LedgerError> {
    let frontier = frontier(tx)?;
    Ok((frontier.size, frontier.root()))
}

/// The highest number in a patient's own sequence; -1 when it is empty.
pub(crate) fn last_number(tx: &mut Tx<'_>, patient: i64) -> Result<i64, DbError> {
    let last =
        tx.query_opt("SELECT MAX(pseq) FROM ledger WHERE patient = ?1", &[patient.into()], |row| row.opt_int(0))?;
    Ok(last.flatten().unwrap_or(-1))
}

/// Whether a patient has a key in the database, whatever is remembered of it.
pub(crate) fn has_key(tx: &mut Tx<'_>, patient: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM data_key WHERE owner = ?1", &[patient.into()])? > 0)
}

/// How many entries a patient's record has.
pub fn count(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<i64, DbError> {
    Ok(last_number(tx, patient.get())? + 1)
}

/// A patient's entries, newest first, beginning below `before`.
pub fn entries(
    tx: &mut Tx<'_>,
    vault: &Vault,
    patient: Id<id::Patient>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Stored>, LedgerError> {
    let patient = patient.get();
    let rows = tx.query(
        "SELECT seq, pseq, leaf, entry FROM ledger WHERE patient = ?1 AND pseq < ?2 ORDER BY pseq DESC LIMIT ?3",
        &[patient.into(), before.unwrap_or(i64::MAX).into(), Value::Int(limit)],
        |row| Ok::<_, LedgerError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec(), row.blob(3)?.to_vec())),
    )?;
    let key = vault.key(tx, patient)?;
    let mut out = Vec::with_capacity(rows.len());
    for (seq, patient_seq, leaf, sealed) in rows {
        let mut r = key.open(&log::place(seq, patient, patient_seq), &sealed)?;
        let entry = r.split_off(r.len().min(16));
        out.push(Stored { seq, patient_seq, leaf, r, entry });
    }
    Ok(out)
}

/// One entry of a patient's own, by its number in the whole log.
pub fn entry(tx: &mut Tx<'_>, vault: &Vault, patient: Id<id::Patient>, seq: i64) -> Result<Option<Entry>, LedgerError> {
    let sql = "SELECT pseq FROM ledger WHERE seq = ?1 AND patient = ?2";
    let place = tx.query_opt(sql, &[seq.into(), patient.get().into()], |row| row.int(0))?;
    let Some(place) = place else { return Ok(None) };
    let found = entries(tx, vault, patient, Some(place + 1), 1)?.pop();
    let read = |stored: Stored| serde_json::from_slice(&stored.entry);
    found.map(read).transpose().map_err(|e| LedgerError::Altered(format!("entry {seq} cannot be read: {e}")))
}

/// The entry that tells of a patient's erasure. It is sealed with the system's key: theirs is gone. Others may stand behind
/// it, of readings that were under way.
pub fn erasure(tx: &mut Tx<'_>, vault: &Vault, patient: Id<id::Patient>) -> Result<Option<Stored>, LedgerError> {
    const STEP: i64 = 100;
    let key = vault.key(tx, vault::DIRECTORY)?;
    let mut before = i64::MAX;
    loop {
        let rows = tx.query(
            "SELECT seq, pseq, leaf, entry FROM ledger WHERE patient = ?1 AND pseq < ?2 ORDER BY pseq DESC LIMIT ?3",
            &[patient.get().into(), before.into(), Value::Int(STEP)],
            |row| Ok::<_, LedgerError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec(), row.blob(3)?.to_vec())),
        )?;
        if rows.is_empty() {
            return Ok(None);
        }
        for (seq, patient_seq, leaf, sealed) in rows {
            before = patient_seq;
            // What was sealed with the patient's own key is from before.
            let Ok(mut r) = key.open(&log::place(seq, patient.get(), patient_seq), &sealed) else { return Ok(None) };
            let entry = r.split_off(r.len().min(16));
            if serde_json::from_slice::<Entry>(&entry).is_ok_and(|entry| entry.action == Action::Erase) {
                return Ok(Some(Stored { seq, patient_seq, leaf, r, entry }));
            }
        }
    }
}

/// The hash of the perfect subtree `index` at `level`, from the leaves or from the nearest kept level below.
pub(crate) fn subtree(tx: &mut Tx<'_>, level: u32, index: u64) -> Result<Hash, LedgerError> {
    let base = level - level % STEP;
    let first = (index << (level - base)) as i64;
    let count = 1_i64 << (level - base);
    let mut hashes = if base == 0 {
        tx.query(
            "SELECT leaf FROM ledger WHERE seq >= ?1 AND seq < ?2 ORDER BY seq",
            &[first.into(), (first + count).into()],
            |row| Ok::<_, LedgerError>(leaf_hash(row.blob(0)?)),
        )?
    } else {
        tx.query(
            "SELECT hash FROM ledger_node WHERE level = ?1 AND idx >= ?2 AND idx < ?3 ORDER BY idx",
            &[i64::from(base).into(), first.into(), (first + count).into()],
            |row| Hash::try_from(row.blob(0)?).map_err(|_| LedgerError::Altered("a node is damaged".into())),
        )?
    };
    if hashes.len() as i64 != count {
        return Err(LedgerError::Altered(format!("entries are missing below level {level} index {index}")));
    }
    while hashes.len() > 1 {
        hashes = hashes.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    hashes.first().copied().ok_or_else(|| LedgerError::Altered("an empty subtree".into()))
}
