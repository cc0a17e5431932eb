//! What an insider needs to forge with: the whole log taken apart, and put together again as if it had always been so.

use crate::log::{leaf_of, place};
use crate::tree::{Frontier, leaf_hash};
use crate::{Action, Entry, House, LedgerError, store};
use db::{Column, Tx, Value};
use kernel::{Rng, SeededRng, rng::bytes};
use std::collections::HashMap;

/// One entry of the log, opened as far as its key still exists.
#[derive(Clone)]
pub struct Line {
    pub patient: i64,
    /// Whose key sealed it, the key of its HMAC, and what it says. Nobody opens what was sealed for an erased patient.
    pub open: Option<(i64, Vec<u8>, Entry)>,
    pub leaf: Vec<u8>,
    pub sealed: Vec<u8>,
}

/// Somebody with a transaction on the database of a server, who means ill.
pub struct Forger<'a, 't> {
    pub tx: &'a mut Tx<'t>,
    pub house: House,
    pub chance: &'a SeededRng,
    pub lines: Vec<Line>,
}

/// The whole log, in its order.
pub fn lines(tx: &mut Tx<'_>, house: &House) -> Result<Vec<Line>, LedgerError> {
    let rows = tx.query("SELECT seq, patient, pseq, leaf, entry FROM ledger ORDER BY seq", &[], |row| {
        let place = place(row.int(0)?, row.int(1)?, row.int(2)?);
        Ok::<_, LedgerError>((place, row.int(1)?, row.blob(3)?.to_vec(), row.blob(4)?.to_vec()))
    })?;
    let mut lines = Vec::new();
    for (place, patient, leaf, sealed) in rows {
        let mut open = None;
        for owner in [patient, vault::DIRECTORY] {
            if let Ok(key) = house.vault.key(tx, owner)
                && let Ok(plain) = key.open(&place, &sealed)
            {
                open = Some((owner, plain[..16].to_vec(), serde_json::from_slice(&plain[16..]).unwrap()));
            }
        }
        lines.push(Line { patient, open, leaf, sealed });
    }
    Ok(lines)
}

impl Forger<'_, '_> {
    pub fn below(&self, end: usize) -> usize {
        let drawn = u64::from_le_bytes(bytes::<8>(self.chance as &dyn Rng));
        (drawn % end as u64) as usize
    }

    pub fn one_of<T: Copy>(&self, some: &[T]) -> T {
        some[self.below(some.len())]
    }

    /// The place of an entry that somebody can still open.
    pub fn place(&self) -> usize {
        loop {
            let at = self.below(self.lines.len());
            let erase = |line: &Line| line.open.as_ref().is_none_or(|(_, _, entry)| entry.action == Action::Erase);
            if !erase(&self.lines[at]) {
                return at;
            }
        }
    }

    /// Bytes with one bit turned round.
    pub fn bent(&self, content: &[u8]) -> Vec<u8> {
        let mut content = content.to_vec();
        let at = self.below(content.len());
        content[at] ^= 1 << self.below(8);
        content
    }

    pub fn sql(&mut self, sql: &str, params: &[Value<'_>]) -> Result<(), LedgerError> {
        assert!(self.tx.execute(sql, params)? > 0, "nothing was changed by {sql}");
        Ok(())
    }

    pub fn texts(&mut self, sql: &str) -> Result<Vec<(i64, String)>, LedgerError> {
        self.tx.query(sql, &[], |row| Ok((row.int(0)?, row.text(1)?.to_owned())))
    }

    /// Writes the log as if these lines had been all of it, with every node and the head. Places follow from the order;
    /// `sealing` entries for their new places takes the keys of the patients.
    pub fn rewrite(&mut self, sealing: bool) -> Result<(), LedgerError> {
        let (mut patients, mut numbers, mut nodes) = (Vec::new(), Vec::new(), Vec::new());
        let (mut next, mut frontier) = (HashMap::new(), Frontier::default());
        for (seq, line) in (0_i64..).zip(&mut self.lines) {
            let number = next.entry(line.patient).or_insert(0_i64);
            patients.push(line.patient);
            numbers.push(*number);
            if let Some((owner, r, entry)) = &mut line.open
                && sealing
                && (line.leaf.is_empty() || (entry.seq, entry.patient_seq) != (seq, *number))
            {
                (entry.seq, entry.patient_seq) = (seq, *number);
                let content = serde_json::to_vec(entry).unwrap();
                line.leaf = leaf_of(r, &content).to_vec();
                let (key, place) = (self.house.vault.key(self.tx, *owner)?, place(seq, line.patient, *number));
                line.sealed = key.seal(self.chance, &place, &[r.as_slice(), &content].concat())?;
            }
            *number += 1;
            frontier.push(leaf_hash(&line.leaf), |level, index, hash| nodes.push((level, index, hash)));
        }
        for table in ["ledger", "ledger_node", "ledger_head"] {
            self.tx.execute(&format!("DELETE FROM {table}"), &[])?;
        }
        let seq: Vec<i64> = (0_i64..).take(self.lines.len()).collect();
        let leaf: Vec<&[u8]> = self.lines.iter().map(|line| line.leaf.as_slice()).collect();
        let sealed: Vec<&[u8]> = self.lines.iter().map(|line| line.sealed.as_slice()).collect();
        self.tx.insert_many(
            "ledger",
            &[
                ("seq", Column::Int(&seq)),
                ("leaf", Column::Blob(&leaf)),
                ("patient", Column::Int(&patients)),
                ("pseq", Column::Int(&numbers)),
                ("entry", Column::Blob(&sealed)),
            ],
        )?;
        for (level, index, hash) in nodes {
            let sql = "INSERT INTO ledger_node (level, idx, hash) VALUES (?1, ?2, ?3)";
            self.tx.execute(sql, &[i64::from(level).into(), (index as i64).into(), (&hash).into()])?;
        }
        Ok(store::set_frontier(self.tx, &frontier)?)
    }

    /// Takes away what was signed for more entries than there are now.
    pub fn forget_checkpoints(&mut self) -> Result<(), LedgerError> {
        let size = self.lines.len() as i64;
        self.tx.execute("DELETE FROM checkpoint WHERE size > ?1", &[size.into()])?;
        Ok(())
    }

    /// Signs every checkpoint again, as the log stands now: that takes the log's own key.
    pub fn sign_again(&mut self) -> Result<(), LedgerError> {
        self.forget_checkpoints()?;
        let sizes: Vec<i64> =
            self.texts("SELECT size, note FROM checkpoint")?.into_iter().map(|(size, _)| size).collect();
        let mut frontier = Frontier::default();
        for line in &self.lines {
            frontier.push(leaf_hash(&line.leaf), |_, _, _| {});
            if let Some(size) = sizes.iter().find(|size| **size as u64 == frontier.size) {
                let note = self.house.ledger.sign(frontier.size, &frontier.root());
                let sql = "UPDATE checkpoint SET note = ?1 WHERE size = ?2";
                self.tx.execute(sql, &[(&note).into(), (*size).into()])?;
            }
        }
        Ok(())
    }

    pub fn forget_cosignatures(&mut self) -> Result<(), LedgerError> {
        self.tx.execute("DELETE FROM cosignature", &[])?;
        Ok(())
    }
}
