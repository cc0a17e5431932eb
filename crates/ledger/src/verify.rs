//! The whole log, checked from its first entry: what `healthsync ledger verify` and the administrator's page run.

use crate::note::{Note, Vkey};
use crate::tree::{Frontier, Hash, leaf_hash};
use crate::{Action, Entry, Ledger, LedgerError, log, store};
use db::Tx;
use std::collections::{HashMap, HashSet};
use vault::VaultError;

/// What a verification found. It is only made when everything holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub size: u64,
    pub root: Hash,
    /// Signed checkpoints whose root was recomputed.
    pub checkpoints: u64,
    /// Lines of witnesses under them that are right.
    pub cosignatures: u64,
    /// Entries whose content can no longer be opened because the patient was erased.
    pub erased: u64,
}

/// Rows read at a time: memory stays flat however long the log is.
const PAGE: i64 = 4096;

struct Row {
    seq: i64,
    leaf: Vec<u8>,
    patient: i64,
    number: i64,
    sealed: Vec<u8>,
}

/// Recomputes every leaf, every node, every patient's sequence and every checkpoint.
pub fn verify(tx: &mut Tx<'_>, ledger: &Ledger, progress: impl FnMut(u64)) -> Result<Report, LedgerError> {
    verify_against(tx, ledger, &[], progress)
}

/// As `verify`, and that the log continues what was signed for it once and kept elsewhere: nothing inside a database
/// contradicts whoever has the log's own key and forges all of it, or who puts back an older copy.
pub fn verify_against(
    tx: &mut Tx<'_>,
    ledger: &Ledger,
    kept: &[Note],
    mut progress: impl FnMut(u64),
) -> Result<Report, LedgerError> {
    let altered = |text: String| Err(LedgerError::Altered(text));
    let notes: HashMap<u64, String> = tx
        .query("SELECT size, note FROM checkpoint", &[], |row| {
            Ok::<_, LedgerError>((row.int(0)? as u64, row.text(1)?.to_owned()))
        })?
        .into_iter()
        .collect();
    let cosignatures = check_cosignatures(tx, &notes)?;
    let mut nodes: HashMap<(u32, u64), Hash> = HashMap::new();
    let mut next: HashMap<i64, i64> = HashMap::new();
    let mut frontier = Frontier::default();
    let mut erasures = Erasures::default();
    let mut checked = 0;
    check_note(ledger, &notes, &frontier, &mut checked)?;
    check_kept(kept, &frontier)?;
    loop {
        let rows = page(tx, frontier.size as i64)?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            if row.seq as u64 != frontier.size {
                return altered(format!("entry {} is missing", frontier.size));
            }
            let expected = next.entry(row.patient).or_insert(0);
            if row.number != *expected {
                return altered(format!("entry {}: number {expected} of its patient is missing", row.seq));
            }
            *expected += 1;
            erasures.note(&row, open(tx, ledger, &row)?)?;
            frontier.push(leaf_hash(&row.leaf), |level, index, hash| {
                nodes.insert((level, index), hash);
            });
            check_note(ledger, &notes, &frontier, &mut checked)?;
            check_kept(kept, &frontier)?;
        }
        progress(frontier.size);
    }
    if store::frontier(tx)? != frontier {
        return altered(format!("the head does not match the {} entries", frontier.size));
    }
    if checked != notes.len() as u64 {
        return altered("a checkpoint was signed for more entries than there are".into());
    }
    if let Some(longer) = kept.iter().find(|note| note.size > frontier.size) {
        let text = format!(
            "there were {} entries once, says what was kept elsewhere: here are {}",
            longer.size, frontier.size
        );
        return altered(text);
    }
    check_nodes(tx, &nodes)?;
    let (size, root) = (frontier.size, frontier.root());
    Ok(Report { size, root, checkpoints: checked, cosignatures, erased: erasures.end()? })
}

/// Entries that do not open any more. Each must be followed, in its patient's sequence, by the entry that tells of the
/// erasure: otherwise an entry could be hidden from its patient by giving it to a patient who never was.
#[derive(Default)]
struct Erasures {
    /// For each patient whose erasure is still to come: the first entry that does not open, and how many.
    pending: HashMap<i64, (i64, u64)>,
    told: HashSet<i64>,
    erased: u64,
}

impl Erasures {
    fn note(&mut self, row: &Row, entry: Option<Entry>) -> Result<(), LedgerError> {
        match entry {
            Some(entry) if entry.action == Action::Erase => {
                self.told.insert(row.patient);
                self.erased += self.pending.remove(&row.patient).map_or(0, |(_, count)| count);
            }
            Some(_) => {}
            None if self.told.contains(&row.patient) => return Err(unexplained(row.seq)),
            None => self.pending.entry(row.patient).or_insert((row.seq, 0)).1 += 1,
        }
        Ok(())
    }

    fn end(self) -> Result<u64, LedgerError> {
        match self.pending.values().map(|(first, _)| *first).min() {
            Some(first) => Err(unexplained(first)),
            None => Ok(self.erased),
        }
    }
}

fn unexplained(seq: i64) -> LedgerError {
    LedgerError::Altered(format!("entry {seq} does not open, and nothing says that its patient was erased"))
}

fn page(tx: &mut Tx<'_>, from: i64) -> Result<Vec<Row>, LedgerError> {
    tx.query(
        "SELECT seq, leaf, patient, pseq, entry FROM ledger WHERE seq >= ?1 ORDER BY seq LIMIT ?2",
        &[from.into(), PAGE.into()],
        |row| {
            Ok(Row {
                seq: row.int(0)?,
                leaf: row.blob(1)?.to_vec(),
                patient: row.int(2)?,
                number: row.int(3)?,
                sealed: row.blob(4)?.to_vec(),
            })
        },
    )
}

/// Opens an entry and compares it with its leaf; `None` when its key was destroyed.
fn open(tx: &mut Tx<'_>, ledger: &Ledger, row: &Row) -> Result<Option<Entry>, LedgerError> {
    let place = log::place(row.seq, row.patient, row.number);
    let own = match ledger.vault.key(tx, row.patient) {
        Ok(key) => Some(key),
        Err(VaultError::NoKey) => None,
        Err(error) => return Err(error.into()),
    };
    let system = ledger.vault.key(tx, vault::DIRECTORY)?;
    let plain = match own.as_ref().unwrap_or(&system).open(&place, &row.sealed) {
        Ok(plain) => plain,
        Err(_) if own.is_none() => return Ok(None),
        Err(_) => return Err(LedgerError::Altered(format!("entry {} does not open", row.seq))),
    };
    let (r, entry) = plain.split_at(plain.len().min(16));
    if log::leaf_of(r, entry).as_slice() != row.leaf {
        return Err(LedgerError::Altered(format!("entry {} does not match its leaf", row.seq)));
    }
    match serde_json::from_slice::<Entry>(entry) {
        Ok(entry) if entry.seq == row.seq && entry.patient_seq == row.number => Ok(Some(entry)),
        _ => Err(LedgerError::Altered(format!("entry {} says another number", row.seq))),
    }
}

fn check_note(
    ledger: &Ledger,
    notes: &HashMap<u64, String>,
    frontier: &Frontier,
    checked: &mut u64,
) -> Result<(), LedgerError> {
    let Some(note) = notes.get(&frontier.size) else { return Ok(()) };
    match ledger.read_note(note) {
        Some((size, root)) if size == frontier.size && root == frontier.root() => {
            *checked += 1;
            Ok(())
        }
        _ => Err(LedgerError::Altered(format!("the checkpoint of {} entries does not match them", frontier.size))),
    }
}

fn check_kept(kept: &[Note], frontier: &Frontier) -> Result<(), LedgerError> {
    match kept.iter().find(|note| note.size == frontier.size && note.root != frontier.root()) {
        None => Ok(()),
        Some(note) => {
            let text =
                format!("the first {} entries are not those of the checkpoint that was kept elsewhere", note.size);
            Err(LedgerError::Altered(text))
        }
    }
}

/// Each line of a witness must be one under the checkpoint that it is kept for, by the key that it is kept for.
fn check_cosignatures(tx: &mut Tx<'_>, notes: &HashMap<u64, String>) -> Result<u64, LedgerError> {
    let mut found = 0;
    tx.for_each("SELECT size, witness, line FROM cosignature", &[], |row| {
        let (size, line) = (row.int(0)? as u64, row.text(2)?);
        let note = notes.get(&size).and_then(|text| Note::parse(text));
        let right = note.zip(Vkey::parse(row.text(1)?)).is_some_and(|(note, witness)| {
            let whole = line.ends_with('\n') && line.lines().count() == 1;
            whole && Note { lines: line.to_owned(), ..note }.cosigned_by(&witness).is_some()
        });
        if !right {
            return Err(LedgerError::Altered(format!("a co-signature of {size} entries does not fit its checkpoint")));
        }
        found += 1;
        Ok(true)
    })?;
    Ok(found)
}

fn check_nodes(tx: &mut Tx<'_>, nodes: &HashMap<(u32, u64), Hash>) -> Result<(), LedgerError> {
    let mut found = 0;
    tx.for_each("SELECT level, idx, hash FROM ledger_node", &[], |row| {
        let key = (row.int(0)? as u32, row.int(1)? as u64);
        if nodes.get(&key).map(Hash::as_slice) != Some(row.blob(2)?) {
            return Err(LedgerError::Altered(format!("the node at level {} index {} is wrong", key.0, key.1)));
        }
        found += 1;
        Ok(true)
    })?;
    if found == nodes.len() { Ok(()) } else { Err(LedgerError::Altered("inner nodes are missing".into())) }
}
