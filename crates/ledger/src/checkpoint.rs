//! Signed tree heads in the C2SP formats tlog-checkpoint and signed-note.

use crate::note::{KeyKind, Note, Vkey};
use crate::tree::Hash;
use crate::{Ledger, LedgerError, store};
use base64::{Engine, engine::general_purpose::STANDARD};
use db::Tx;
use kernel::Timestamp;
use ring::signature::KeyPair;

#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub size: u64,
    pub root: Hash,
    pub time: Timestamp,
    /// The signed note.
    pub note: String,
}

impl Ledger {
    pub fn public_key(&self) -> &[u8] {
        self.signer.public_key().as_ref()
    }

    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Signs what is no checkpoint: the text begins with what it is for, so that it can never pass for one.
    pub fn sign_bytes(&self, text: &[u8]) -> Vec<u8> {
        self.signer.sign(text).as_ref().to_vec()
    }

    /// `origin\nsize\nroot\n\n— origin signature\n`
    pub(crate) fn sign(&self, size: u64, root: &Hash) -> String {
        let body = format!("{}\n{size}\n{}\n", self.origin, STANDARD.encode(root));
        let mut line = self.vkey().map_or([0; 4], |key| key.id()).to_vec();
        line.extend_from_slice(self.signer.sign(body.as_bytes()).as_ref());
        format!("{body}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(line))
    }

    /// The key that others check this ledger's checkpoints with.
    pub fn vkey(&self) -> Option<Vkey> {
        Vkey::new(&self.origin, KeyKind::Log, self.public_key())
    }

    /// The size and root that a note states, if this ledger's key signed it.
    pub(crate) fn read_note(&self, note: &str) -> Option<(u64, Hash)> {
        let note = Note::parse(note)?;
        note.signed_by(&self.vkey()?).then_some((note.size, note.root))
    }
}

/// The checkpoint of the tree as it is now: signed and kept, so that what was promised can be checked later.
pub fn checkpoint(tx: &mut Tx<'_>, ledger: &Ledger, now: Timestamp) -> Result<Checkpoint, LedgerError> {
    let (size, root) = store::head(tx)?;
    if let Some(kept) = latest(tx, ledger)?
        && kept.size == size
    {
        return Ok(kept);
    }
    let note = ledger.sign(size, &root);
    tx.execute(
        "INSERT INTO checkpoint (size, time, note) VALUES (?1, ?2, ?3)",
        &[(size as i64).into(), now.into(), (&note).into()],
    )?;
    Ok(Checkpoint { size, root, time: now, note })
}

/// The last checkpoint that was signed.
pub fn latest(tx: &mut Tx<'_>, ledger: &Ledger) -> Result<Option<Checkpoint>, LedgerError> {
    let row = tx.query_opt("SELECT time, note FROM checkpoint ORDER BY size DESC LIMIT 1", &[], |row| {
        Ok::<_, LedgerError>((Timestamp(row.int(0)?), row.text(1)?.to_owned()))
    })?;
    let Some((time, note)) = row else { return Ok(None) };
    let (size, root) =
        ledger.read_note(&note).ok_or_else(|| LedgerError::Altered("a checkpoint's signature is wrong".into()))?;
    Ok(Some(Checkpoint { size, root, time, note }))
}
