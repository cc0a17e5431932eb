//! The rules of a witness (C2SP tlog-witness): it keeps the last checkpoint of each log it knows, and signs a later one
//! only when a proof shows that the log did nothing but grow. Pure: where the last checkpoint is kept, and how requests
//! travel, is the caller's.

use crate::climb::continues;
use crate::note::{Note, Vkey};
use crate::tree::Hash;
use base64::{Engine, engine::general_purpose::STANDARD};

/// The specification allows so many lines of proof.
const LONGEST_PROOF: usize = 63;

/// A request to sign: `old SIZE`, lines of proof, an empty line, the checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub old: u64,
    pub proof: Vec<Hash>,
    pub note: Note,
}

impl Request {
    pub fn parse(text: &str) -> Option<Self> {
        let (head, note) = text.split_once("\n\n")?;
        let mut lines = head.split('\n');
        let old = lines.next()?.strip_prefix("old ")?;
        let plain = old == "0" || (!old.starts_with('0') && old.bytes().all(|b| b.is_ascii_digit()));
        let proof: Option<Vec<Hash>> =
            lines.map(|line| STANDARD.decode(line).ok().and_then(|bytes| Hash::try_from(bytes).ok())).collect();
        let proof = proof.filter(|proof| plain && proof.len() <= LONGEST_PROOF)?;
        Some(Self { old: old.parse().ok()?, proof, note: Note::parse(note)? })
    }

    pub fn text(old: u64, proof: &[Hash], note: &str) -> String {
        let lines: String = proof.iter().map(|hash| format!("{}\n", STANDARD.encode(hash))).collect();
        format!("old {old}\n{lines}\n{note}")
    }
}

/// Why a witness does not sign; each has its own status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// 400: the request is none, or its old size is beyond its new one.
    Malformed,
    /// 404: no log of this name is known here.
    UnknownLog,
    /// 403: no key that is known here signed it.
    UnknownKey,
    /// 409: the last checkpoint that was signed here has another size.
    OtherSize(u64),
    /// 409: there is another tree of the same size.
    OtherRoot(u64),
    /// 422: the proof does not show that the log only grew.
    NotGrown,
}

impl Refusal {
    pub const fn status(self) -> u16 {
        match self {
            Self::Malformed => 400,
            Self::UnknownLog => 404,
            Self::UnknownKey => 403,
            Self::OtherSize(_) | Self::OtherRoot(_) => 409,
            Self::NotGrown => 422,
        }
    }

    /// Whether the log itself is suspected: it is not a mere mistake of the request.
    pub const fn suspicious(self) -> bool {
        matches!(self, Self::OtherRoot(_) | Self::NotGrown)
    }
}

/// Whether the checkpoint may be signed; `last` is what was signed last for its log.
pub fn judge(request: &Request, logs: &[Vkey], last: Option<(u64, Hash)>) -> Result<(), Refusal> {
    let mut known = logs.iter().filter(|log| log.name == request.note.origin).peekable();
    if known.peek().is_none() {
        return Err(Refusal::UnknownLog);
    }
    if !known.any(|log| request.note.signed_by(log)) {
        return Err(Refusal::UnknownKey);
    }
    if request.old > request.note.size {
        return Err(Refusal::Malformed);
    }
    let kept = last.map_or(0, |(size, _)| size);
    if request.old != kept {
        return Err(Refusal::OtherSize(kept));
    }
    let new = (request.note.size, request.note.root);
    match last {
        Some((size, root)) if size == new.0 && root != new.1 => Err(Refusal::OtherRoot(size)),
        Some(last) if !continues(last, new, &request.proof) => Err(Refusal::NotGrown),
        None if !request.proof.is_empty() => Err(Refusal::NotGrown),
        _ => Ok(()),
    }
}
