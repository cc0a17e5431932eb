//! Appending: entries wait in the transaction and are written once per group, just before it commits.

use crate::store;
use crate::tree::{Frontier, leaf_hash};
use crate::{Action, Entry, LedgerError};
use db::{Column, Db, DbError, Tx};
use kernel::{Rng, rng::bytes};
use ring::hmac;
use ring::signature::Ed25519KeyPair;
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use vault::{Aad, Vault, VaultError};

/// Next numbers of this many patients are remembered; the rest is looked up.
const CACHE: usize = 50_000;

pub struct Ledger {
    pub(crate) vault: Arc<Vault>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) signer: Ed25519KeyPair,
    pub(crate) origin: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    frontier: Frontier,
    next: HashMap<i64, Next>,
}

/// What is remembered of a patient's own sequence, from when the log was last found to have been written elsewhere.
struct Next {
    number: i64,
    /// Another process may have erased the patient while this one still holds the key in memory.
    erased: bool,
}

/// Adds an entry to the transaction: it becomes durable with it, or not at all.
pub fn append(tx: &mut Tx<'_>, entry: Entry) {
    // An open page of the patient shows at once what others did; their own reading is no news to them.
    if entry.patient != vault::DIRECTORY && entry.ground != Some(crate::Ground::OwnRecord) {
        tx.announce(format!("patient:{} ledger", entry.patient));
    }
    tx.defer(Box::new(entry));
}

impl Ledger {
    /// Opens the ledger of this database and makes it write its entries before each commit.
    pub fn open(db: &Db, vault: Arc<Vault>, rng: Arc<dyn Rng>, origin: &str) -> Result<Arc<Self>, LedgerError> {
        let seed = vault.secret(db, "ledger", &rng)?;
        let signer = Ed25519KeyPair::from_seed_unchecked(&seed)
            .map_err(|_| VaultError::Master("the ledger's signing key is damaged".into()))?;
        let ledger = Arc::new(Self { vault, rng, signer, origin: origin.to_owned(), state: Mutex::default() });
        let (flushing, failing) = (Arc::clone(&ledger), Arc::clone(&ledger));
        db.on_flush(move |tx, pending| flushing.flush(tx, pending).map_err(into_db), move || failing.forget())?;
        Ok(ledger)
    }

    /// After a group failed, what is remembered may be ahead of the database.
    fn forget(&self) {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner) = State::default();
    }

    fn flush(&self, tx: &mut Tx<'_>, pending: Vec<Box<dyn Any + Send>>) -> Result<(), LedgerError> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        // Another process (the command line, a replica) may have appended since.
        let stored = store::frontier(tx)?;
        if stored != state.frontier {
            *state = State { frontier: stored, next: HashMap::new() };
        }
        if state.next.len() > CACHE {
            state.next.clear();
        }
        let mut rows = Rows::default();
        for item in pending {
            let entry = item.downcast::<Entry>().map_err(|_| DbError::Failed("not a ledger entry".into()))?;
            self.write(tx, &mut state, *entry, &mut rows)?;
        }
        rows.insert(tx)?;
        store::set_frontier(tx, &state.frontier)?;
        Ok(())
    }

    fn write(&self, tx: &mut Tx<'_>, state: &mut State, mut entry: Entry, rows: &mut Rows) -> Result<(), LedgerError> {
        let patient = entry.patient;
        let next = match state.next.get_mut(&patient) {
            Some(next) => next,
            None => {
                let number = store::last_number(tx, patient)? + 1;
                let erased = !store::has_key(tx, patient)?;
                state.next.entry(patient).or_insert(Next { number, erased })
            }
        };
        entry.patient_seq = next.number;
        next.number += 1;
        let erased = next.erased;
        entry.seq = i64::try_from(state.frontier.size).unwrap_or(i64::MAX);
        // The entry that tells of an erasure, or comes after it, can only be the system's own; so can one before it that is
        // written together with it.
        let owner = if erased { vault::DIRECTORY } else { patient };
        let (key, gone) = match self.vault.key(tx, owner) {
            Err(VaultError::NoKey) => (self.vault.key(tx, vault::DIRECTORY)?, true),
            key => (key?, owner != patient),
        };
        if gone && entry.action != Action::Erase {
            entry.nameless();
        }
        let r: [u8; 16] = bytes(&*self.rng);
        let mut plain = r.to_vec();
        serde_json::to_writer(&mut plain, &entry).map_err(|e| DbError::Failed(e.to_string()))?;
        let leaf = leaf_of(&r, &plain[16..]);
        rows.seq.push(entry.seq);
        rows.patient.push(patient);
        rows.number.push(entry.patient_seq);
        rows.sealed.push(key.seal(&*self.rng, &place(entry.seq, patient, entry.patient_seq), &plain)?);
        rows.leaf.push(leaf);
        state.frontier.push(leaf_hash(&leaf), |level, index, hash| rows.node.push((level, index, hash)));
        Ok(())
    }
}

pub(crate) const fn place(seq: i64, patient: i64, number: i64) -> Aad {
    Aad::new("ledger", seq, patient, number)
}

/// What stands in the tree for an entry: nobody without `r` can test a guess against it.
pub(crate) fn leaf_of(r: &[u8], entry: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, r), entry).as_ref());
    out
}

fn into_db(error: LedgerError) -> DbError {
    match error {
        LedgerError::Db(error) | LedgerError::Vault(VaultError::Db(error)) => error,
        other => DbError::Failed(other.to_string()),
    }
}

/// The rows of one group.
#[derive(Default)]
struct Rows {
    seq: Vec<i64>,
    patient: Vec<i64>,
    number: Vec<i64>,
    leaf: Vec<[u8; 32]>,
    sealed: Vec<Vec<u8>>,
    node: Vec<(u32, u64, [u8; 32])>,
}

impl Rows {
    fn insert(&self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        let leaf: Vec<&[u8]> = self.leaf.iter().map(<[u8; 32]>::as_slice).collect();
        let sealed: Vec<&[u8]> = self.sealed.iter().map(Vec::as_slice).collect();
        tx.insert_many(
            "ledger",
            &[
                ("seq", Column::Int(&self.seq)),
                ("leaf", Column::Blob(&leaf)),
                ("patient", Column::Int(&self.patient)),
                ("pseq", Column::Int(&self.number)),
                ("entry", Column::Blob(&sealed)),
            ],
        )?;
        for (level, index, hash) in &self.node {
            tx.execute(
                "INSERT INTO ledger_node (level, idx, hash) VALUES (?1, ?2, ?3)",
                &[i64::from(*level).into(), (*index as i64).into(), hash.into()],
            )?;
        }
        Ok(())
    }
}
