//! A patient's own entries in a file that proves itself: checked without the server, without this database and without
//! any key but the ledger's public one.
//!
//! Always holds: a file that differs in one byte from what was signed is refused. What is written is exactly one text for
//! one content, and the ledger signs the whole of it; the proofs inside lead to a checkpoint that witnesses may have
//! co-signed, so that not even the ledger's own key can make a file of entries that never were.

use crate::note::{KeyKind, Note, Vkey};
use crate::tree::{Hash, leaf_hash};
use crate::{Entry, Ledger, LedgerError, climb, log, proof, store};
use base64::{Engine, engine::general_purpose::STANDARD};
use db::{DbError, Tx};
use kernel::{Id, id};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use vault::Vault;

/// The first member of every such file.
pub const FORMAT: &str = "healthsync-ledger/1";

/// The signature over a file begins with this, so that it can never pass for one over anything else.
const PURPOSE: &str = "healthsync ledger export\n";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Saved {
    pub format: String,
    /// The ledger's public key, written `name+number+base64` (C2SP signed-note).
    pub key: String,
    /// Public keys of the witnesses that the server asks.
    pub witnesses: Vec<String>,
    pub saved: String,
    /// A C2SP signed note: the head of the tree that the proofs lead to, with the signatures of ledger and witnesses.
    pub checkpoint: String,
    /// All entries of the record up to then, oldest first: their numbers have no gap.
    pub entries: Vec<Proven>,
    /// By the ledger's key, over the file with nothing here.
    pub signature: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Proven {
    pub seq: u64,
    pub patient_seq: u64,
    /// The exact bytes that were logged, and the key of their HMAC, in base64.
    pub entry: String,
    pub r: String,
    /// RFC 6962 audit path, from the leaf upwards, in base64.
    pub proof: Vec<String>,
}

/// What was found in a file that is right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    pub key: Vkey,
    pub size: u64,
    pub entries: Vec<Entry>,
    /// The witnesses that co-signed the checkpoint, of those that were asked for.
    pub cosigned: Vec<String>,
    pub saved: String,
}

impl Saved {
    fn text(&self) -> Result<Vec<u8>, LedgerError> {
        let mut text = serde_json::to_vec_pretty(self).map_err(|e| LedgerError::Db(DbError::Failed(e.to_string())))?;
        text.push(b'\n');
        Ok(text)
    }

    fn signed_text(&self) -> Result<Vec<u8>, LedgerError> {
        let mut signed = PURPOSE.as_bytes().to_vec();
        signed.extend(Self { signature: String::new(), ..self.clone() }.text()?);
        Ok(signed)
    }
}

/// Writes the file: the patient's entries in the tree of `note`.
pub fn save(
    tx: &mut Tx<'_>,
    ledger: &Ledger,
    vault: &Vault,
    patient: Id<id::Patient>,
    (note, witnesses, now): (&str, Vec<String>, String),
) -> Result<Vec<u8>, LedgerError> {
    let size = Note::parse(note).ok_or_else(|| LedgerError::Altered("a checkpoint cannot be read".into()))?.size;
    let mut entries = Vec::new();
    let mut before = None;
    loop {
        let page = store::entries(tx, vault, patient, before, 1000)?;
        let Some(last) = page.last() else { break };
        before = Some(last.patient_seq);
        for stored in page {
            let seq = stored.seq as u64;
            // What was written after the checkpoint is not in its tree.
            if seq >= size {
                continue;
            }
            let path = proof::inclusion(tx, seq, size)?;
            entries.push(Proven {
                seq,
                patient_seq: stored.patient_seq as u64,
                entry: STANDARD.encode(&stored.entry),
                r: STANDARD.encode(&stored.r),
                proof: path.iter().map(|hash| STANDARD.encode(hash)).collect(),
            });
        }
        if before == Some(0) {
            break;
        }
    }
    entries.reverse();
    let key = ledger.vkey().map(|key| key.to_string()).unwrap_or_default();
    let mut saved = Saved {
        format: FORMAT.to_owned(),
        key,
        witnesses,
        saved: now,
        checkpoint: note.to_owned(),
        entries,
        signature: String::new(),
    };
    saved.signature = STANDARD.encode(ledger.sign_bytes(&saved.signed_text()?));
    saved.text()
}

/// Checks a file; why it is refused is said in words. `trusted` are the witnesses whose co-signatures count; without any,
/// those that the file names.
pub fn check(text: &[u8], key: Option<&Vkey>, trusted: &[Vkey]) -> Result<Checked, String> {
    let saved: Saved = serde_json::from_slice(text).map_err(|e| format!("this is no file of a ledger: {e}"))?;
    if saved.format != FORMAT {
        return Err(format!("the format is {:?}, and {FORMAT} is what can be checked", saved.format));
    }
    let written = saved.text().map_err(|e| e.to_string())?;
    if written != text {
        return Err("the file was changed: it is not written as it was saved".to_owned());
    }
    let own = Vkey::parse(&saved.key).filter(|key| key.kind == KeyKind::Log).ok_or("the ledger's key is none")?;
    if key.is_some_and(|key| *key != own) {
        return Err("another key signed this file than the one that was named".to_owned());
    }
    let signature = STANDARD.decode(&saved.signature).map_err(|_| "the signature of the file is none".to_owned())?;
    let signed = saved.signed_text().map_err(|e| e.to_string())?;
    UnparsedPublicKey::new(&ED25519, own.key)
        .verify(&signed, &signature)
        .map_err(|_| "the file was changed: the ledger's signature does not fit it".to_owned())?;
    let note = Note::parse(&saved.checkpoint).filter(|note| note.signed_by(&own));
    let note = note.ok_or("the ledger's signature under the checkpoint is wrong")?;
    let mut entries = Vec::with_capacity(saved.entries.len());
    for (number, proven) in saved.entries.iter().enumerate() {
        let entry = read(proven, &note).ok_or_else(|| format!("entry {} is not in the ledger's tree", proven.seq))?;
        if proven.patient_seq != number as u64 {
            return Err(format!("the record's entry number {number} is missing"));
        }
        entries.push(entry);
    }
    let named: Vec<Vkey> = saved.witnesses.iter().filter_map(|text| Vkey::parse(text)).collect();
    let asked = if trusted.is_empty() { &named } else { trusted };
    let cosigned = asked.iter().filter(|key| note.cosigned_by(key).is_some()).map(|key| key.name.clone()).collect();
    Ok(Checked { key: own, size: note.size, entries, cosigned, saved: saved.saved })
}

/// The entry, if its bytes give a leaf whose path leads to the checkpoint's root, and say the same numbers.
fn read(proven: &Proven, note: &Note) -> Option<Entry> {
    let decoded = |text: &String| STANDARD.decode(text).ok();
    let (bytes, r) = (decoded(&proven.entry)?, decoded(&proven.r)?);
    let path = proven.proof.iter().map(|hash| Hash::try_from(decoded(hash)?).ok()).collect::<Option<Vec<Hash>>>()?;
    let leaf = leaf_hash(&log::leaf_of(&r, &bytes));
    (climb::root_of(leaf, proven.seq, note.size, &path)? == note.root).then_some(())?;
    let entry: Entry = serde_json::from_slice(&bytes).ok()?;
    (entry.seq as u64 == proven.seq && entry.patient_seq as u64 == proven.patient_seq).then_some(entry)
}
