//! Signed tree heads in the C2SP formats tlog-checkpoint and signed-note.

use crate::tree::Hash;
use crate::{Ledger, LedgerError, store};
use base64::{Engine, engine::general_purpose::STANDARD};
use db::Tx;
use kernel::Timestamp;
use ring::digest::{SHA256, digest};
use ring::signature::KeyPair;

#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub size: u64,
    pub root: Hash,
    pub time: Timestamp,
    /// The signed note.
    pub note: String,
}

/// C2SP signed-note: the signature type Ed25519.
const ED25519: u8 = 0x01;

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
        let mut line = key_id(&self.origin, self.public_key()).to_vec();
        line.extend_from_slice(self.signer.sign(body.as_bytes()).as_ref());
        format!("{body}\n\u{2014} {} {}\n", self.origin, STANDARD.encode(line))
    }

    /// The size and root that a note states, if this ledger's key signed it.
    pub(crate) fn read_note(&self, note: &str) -> Option<(u64, Hash)> {
        let (body, signatures) = note.split_once("\n\n")?;
        let mut lines = body.split('\n');
        let origin = lines.next()?;
        let size = lines.next()?.parse().ok()?;
        let root = Hash::try_from(STANDARD.decode(lines.next()?).ok()?).ok()?;
        let signed = format!("{body}\n");
        let key = ring::signature::UnparsedPublicKey::new(&ring::signature::ED25519, self.public_key());
        let ours = signatures.lines().filter_map(|l| l.strip_prefix("\u{2014} ")?.split_once(' ')).any(|(name, s)| {
            name == self.origin
                && STANDARD.decode(s).is_ok_and(|s| s.len() == 68 && key.verify(signed.as_bytes(), &s[4..]).is_ok())
        });
        (origin == self.origin && ours).then_some((size, root))
    }
}

/// The first four bytes of SHA-256(name, newline, type, key).
fn key_id(name: &str, key: &[u8]) -> [u8; 4] {
    let mut content = name.as_bytes().to_vec();
    content.extend_from_slice(&[b'\n', ED25519]);
    content.extend_from_slice(key);
    let mut out = [0; 4];
    out.copy_from_slice(&digest(&SHA256, &content).as_ref()[..4]);
    out
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
