//! A resource on its way into the database, and one on its way out.

use crate::index::Rows;
use consent::Marked;
use fhir::Kind;
use kernel::Timestamp;

/// Whose record a resource belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Nobody's: the directory, or what names no patient.
    None,
    Patient(i64),
    /// The patient whose resource stands at this place of the same bundle and has no number yet.
    Entry(usize),
}

/// Validated, stamped, indexed and sealed: all that is left is to insert it.
#[derive(Debug)]
pub struct Prepared {
    pub kind: Kind,
    pub id: String,
    pub idh: i64,
    /// The row it replaces, with the version it was prepared against.
    pub replaces: Option<(i64, i64)>,
    pub version: i64,
    pub updated: Timestamp,
    pub owner: Owner,
    pub time: i64,
    pub marks: i64,
    pub rows: Rows,
    pub sealed: Vec<u8>,
}

/// A row that was written: whoever could see it before or can see it now hears of it.
#[derive(Clone, Copy, Debug)]
pub struct Changed {
    pub patient: i64,
    pub now: Marked,
    pub before: Option<Marked>,
    /// The row and the version that stands now, where there was one before.
    pub replaced: Option<(i64, i64)>,
    /// It is the patient's own entry, which was there before: who they are was corrected.
    pub corrected: bool,
}

/// A stored version, opened.
#[derive(Clone, Debug)]
pub struct Stored {
    pub rid: i64,
    pub kind: Kind,
    pub patient: i64,
    pub version: i64,
    pub updated: Timestamp,
    pub time: i64,
    pub marks: i64,
    /// The JSON as stored; empty when this version is a deletion.
    pub json: Vec<u8>,
}

impl Stored {
    /// What of it is compared with a grant.
    pub const fn marked(&self) -> Marked {
        Marked { marks: self.marks, time: self.time }
    }

    /// The logical id, read from where `prepare` always writes it: `{"resourceType":"X","id":"…"`.
    pub fn id(&self) -> &str {
        let skip = r#"{"resourceType":"","id":""#.len() + self.kind.name().len();
        let rest = self.json.get(skip..).unwrap_or_default();
        let end = rest.iter().position(|b| *b == b'"').unwrap_or(0);
        std::str::from_utf8(&rest[..end]).unwrap_or_default()
    }
}
