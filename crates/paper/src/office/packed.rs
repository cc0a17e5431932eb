//! The archive that a DOCX is: unpacked while counting, whatever its heads promise.

use super::inner::HEAD;
use crate::refusal::{Reason, Refusal, refuse};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// More parts than any document has.
const MANY_PARTS: usize = 4_000;

/// What all parts may unpack to, and how many times their size one part may grow once it is large.
const UNPACKED: u64 = 192 << 20;
const GROWTH: u64 = 200;
const LARGE: u64 = 4 << 20;

/// What the parts of a document, and of archives inside it, may still unpack to.
pub struct Left(u64);

impl Default for Left {
    fn default() -> Self {
        Self(UNPACKED)
    }
}

/// The parts of the archive that are kept (`wanted`), all of them counted.
pub fn parts(bytes: &[u8], wanted: impl Fn(&str) -> bool) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
    parts_within(bytes, &mut Left::default(), |name, _| Ok(wanted(name)))
}

/// As `parts`; whether a part is kept is judged by its name and how it begins, and it may be refused by them.
pub fn parts_within(
    bytes: &[u8],
    left: &mut Left,
    mut wanted: impl FnMut(&str, &[u8]) -> Result<bool, Refusal>,
) -> Result<BTreeMap<String, Vec<u8>>, Refusal> {
    let damaged = || Refusal::new(Reason::Damaged, "This document is damaged or incomplete.");
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    if archive.offset() != 0 || !archive.comment().is_empty() || !ends_with_directory(bytes) {
        return refuse(Reason::Polyglot, "This document has something else in front of it or behind it.");
    }
    if archive.len() > MANY_PARTS {
        return refuse(Reason::Bomb, "This document has far more parts than a document does.");
    }
    let (mut names, mut kept) = (BTreeSet::new(), BTreeMap::new());
    for number in 0..archive.len() {
        let mut part = archive.by_index(number).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => {
                Refusal::new(Reason::Protected, "This document is protected, or packed in a way that is not read here.")
            }
            _ => damaged(),
        })?;
        let name = part.name().map_err(|_| damaged())?.into_owned();
        if !names.insert(name.to_ascii_lowercase()) {
            return refuse(Reason::Polyglot, "This document has two parts of one name.");
        }
        let packed = part.compressed_size().max(1);
        let allowed = left.0.min((packed.saturating_mul(GROWTH)).max(LARGE));
        let mut unpacked = Vec::new();
        (&mut part).take(HEAD as u64).read_to_end(&mut unpacked).map_err(|_| damaged())?;
        let (keep, head) = (wanted(&name, &unpacked)?, unpacked.len() as u64);
        let rest = (allowed + 1).saturating_sub(head);
        let length = if keep {
            (&mut part).take(rest).read_to_end(&mut unpacked).map(|length| length as u64)
        } else {
            std::io::copy(&mut (&mut part).take(rest), &mut std::io::sink())
        };
        let length = head + length.map_err(|_| damaged())?;
        if length > allowed {
            return refuse(Reason::Bomb, "This document unpacks to far more than a document does.");
        }
        left.0 -= length;
        if keep {
            kept.insert(name, unpacked);
        }
    }
    Ok(kept)
}

/// The archive's list of parts ends the file: nothing hides behind it.
fn ends_with_directory(bytes: &[u8]) -> bool {
    bytes.len().checked_sub(22).and_then(|at| bytes.get(at..at + 4)) == Some(b"PK\x05\x06")
}
