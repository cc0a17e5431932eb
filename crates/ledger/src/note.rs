//! Signed notes of C2SP: keys as they are written down, checkpoints as they are signed, and lines of signatures.

use crate::tree::Hash;
use base64::{Engine, engine::general_purpose::STANDARD};
use ring::digest::{SHA256, digest};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use std::fmt;

/// What a key signs; the numbers are those of signed-note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A log and its checkpoints.
    Log = 0x01,
    /// A witness and its co-signatures (tlog-cosignature, `cosignature/v1`).
    Witness = 0x04,
}

/// A name and a public key, written `name+12345678+base64`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vkey {
    pub name: String,
    pub kind: KeyKind,
    pub key: [u8; 32],
}

impl Vkey {
    pub fn new(name: &str, kind: KeyKind, key: &[u8]) -> Option<Self> {
        is_name(name).then_some(())?;
        Some(Self { name: name.to_owned(), kind, key: key.try_into().ok()? })
    }

    /// Refuses a key whose number does not fit: one that was mistyped.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '+');
        let (name, number, encoded) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = STANDARD.decode(encoded).ok()?;
        let (kind, key) = bytes.split_first()?;
        let kind = [KeyKind::Log, KeyKind::Witness].into_iter().find(|one| *one as u8 == *kind)?;
        let read = Self::new(name, kind, key)?;
        (number == format!("{:08x}", u32::from_be_bytes(read.id()))).then_some(read)
    }

    /// The first four bytes of SHA-256(name, newline, kind, key).
    pub fn id(&self) -> [u8; 4] {
        let mut content = self.name.as_bytes().to_vec();
        content.extend_from_slice(&[b'\n', self.kind as u8]);
        content.extend_from_slice(&self.key);
        let mut out = [0; 4];
        out.copy_from_slice(&digest(&SHA256, &content).as_ref()[..4]);
        out
    }

    /// What stands behind this key's number in one of these lines.
    fn signatures<'l>(&self, lines: &'l str) -> impl Iterator<Item = Vec<u8>> + use<'_, 'l> {
        let lines = lines.lines().filter_map(|line| line.strip_prefix("\u{2014} ")?.split_once(' '));
        lines.filter(|(name, _)| *name == self.name).filter_map(|(_, encoded)| {
            let bytes = STANDARD.decode(encoded).ok()?;
            bytes.strip_prefix(&self.id()).map(<[u8]>::to_vec)
        })
    }

    /// Whether this key made this signature.
    pub fn signed(&self, text: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, self.key).verify(text, signature).is_ok()
    }
}

impl fmt::Display for Vkey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = vec![self.kind as u8];
        bytes.extend_from_slice(&self.key);
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), STANDARD.encode(bytes))
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.len() <= 200 && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

/// A checkpoint with its signatures, taken apart; nothing in it is believed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub origin: String,
    pub size: u64,
    pub root: Hash,
    /// What is signed: every line before the empty one, with its end.
    pub body: String,
    pub lines: String,
}

impl Note {
    pub fn parse(text: &str) -> Option<Self> {
        let at = text.rfind("\n\n")?;
        let (body, lines) = (&text[..=at], &text[at + 2..]);
        let mut parts = body.split('\n');
        let (origin, size, root) = (parts.next()?, parts.next()?, parts.next()?);
        let plain = size == "0" || (!size.starts_with('0') && size.bytes().all(|b| b.is_ascii_digit()));
        let root = Hash::try_from(STANDARD.decode(root).ok()?).ok()?;
        let fits = plain && !origin.is_empty() && lines.ends_with('\n') && !lines.starts_with('\n');
        fits.then_some(())?;
        Some(Self {
            origin: origin.to_owned(),
            size: size.parse().ok()?,
            root,
            body: body.to_owned(),
            lines: lines.to_owned(),
        })
    }

    /// Whether the log with this key signed it.
    pub fn signed_by(&self, log: &Vkey) -> bool {
        log.kind == KeyKind::Log
            && log.name == self.origin
            && log.signatures(&self.lines).any(|signature| log.signed(self.body.as_bytes(), &signature))
    }

    /// When this witness co-signed it, in seconds since 1970, if it did.
    pub fn cosigned_by(&self, witness: &Vkey) -> Option<u64> {
        if witness.kind != KeyKind::Witness {
            return None;
        }
        witness.signatures(&self.lines).find_map(|bytes| {
            let (time, signature) = bytes.split_at_checked(8)?;
            let time = u64::from_be_bytes(time.try_into().ok()?);
            witness.signed(cosigned(time, &self.body).as_bytes(), signature).then_some(time)
        })
    }

    /// The whole text with further lines.
    pub fn with(&self, lines: &str) -> String {
        format!("{}\n{}{lines}", self.body, self.lines)
    }
}

/// What a co-signature signs: tlog-cosignature, `cosignature/v1`.
fn cosigned(time: u64, body: &str) -> String {
    format!("cosignature/v1\ntime {time}\n{body}")
}

/// The line that a witness adds to a checkpoint.
pub fn cosign(name: &str, key: &Ed25519KeyPair, time: u64, body: &str) -> Option<String> {
    let vkey = Vkey::new(name, KeyKind::Witness, key.public_key().as_ref())?;
    let mut bytes = vkey.id().to_vec();
    bytes.extend_from_slice(&time.to_be_bytes());
    bytes.extend_from_slice(key.sign(cosigned(time, body).as_bytes()).as_ref());
    Some(format!("\u{2014} {name} {}\n", STANDARD.encode(bytes)))
}
