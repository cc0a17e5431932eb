//! From the terms of a resource to rows of the blind index, and back to the rows that an update must delete.

use db::{Column, DbError, Tx};
use fhir::search::{ParamKind, Term, Value, param, params, query::fold};
use fhir::{Kind, Node, reference};
use vault::Terms;

/// Names are found by their first letters: prefixes up to this length are hashed, longer searches compare this much.
pub const PREFIX_MAX: usize = 16;

/// Parameters that lead into the patient-first index: patient + code + date becomes one range.
pub const PATIENT_PARAMS: [&str; 7] =
    ["code", "component-code", "category", "encounter", "type", "vaccine-code", "class"];

/// The rows of one resource, without its number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub tok: Vec<(i64, i64)>,
    pub dat: Vec<(i64, i64, i64)>,
    pub qty: Vec<(i64, i64, f64)>,
    pub str: Vec<(i64, i64)>,
    /// (parameter, hash) of the patient-first index; the patient and the date are the resource's own.
    pub pt: Vec<(i64, i64)>,
}

/// The logical id of a resource as the database knows it; the same hash stands for references to it.
pub fn id_hash(terms: &Terms, kind: Kind, id: &str) -> i64 {
    terms.hash(b"id", &[kind.name().as_bytes(), id.as_bytes()])
}

/// A token whatever its system.
pub fn code_hash(terms: &Terms, param: i64, code: &str) -> i64 {
    terms.code(param, code)
}

/// A token of one system.
pub fn token_hash(terms: &Terms, param: i64, system: &str, code: &str) -> i64 {
    terms.token(param, system, code)
}

/// A URI, or a reference to something outside.
pub fn uri_hash(terms: &Terms, param: i64, uri: &str) -> i64 {
    terms.hash(&param.to_le_bytes(), &[b"u", uri.as_bytes()])
}

/// A unit of measure; 0 stands for any.
pub fn unit_hash(terms: &Terms, unit: &str) -> i64 {
    terms.hash(b"unit", &[unit.as_bytes()])
}

/// The first `PREFIX_MAX` letters or fewer of a folded name.
pub fn prefix_hash(terms: &Terms, param: i64, folded: &str) -> i64 {
    terms.hash(&param.to_le_bytes(), &[b"p", folded.as_bytes()])
}

/// A name exactly as written.
pub fn exact_hash(terms: &Terms, param: i64, text: &str) -> i64 {
    terms.hash(&param.to_le_bytes(), &[b"e", text.as_bytes()])
}

/// The row of the patient-first index under which every resource of a type stands.
pub const fn whole_kind(kind: Kind) -> i64 {
    -(kind.code() + 1)
}

/// The row of the patient-first index under which every resource stands: with 0 as its hash what is an entry of the record, with
/// [`BESIDE`] what only tells of entries.
pub const WHOLE_RECORD: i64 = 0;

/// What is no line of a timeline and counts in none, and yet goes along with a download.
pub const BESIDE: i64 = 1;

/// Where a resource of this type stands in the whole record.
const fn standing(kind: Kind) -> i64 {
    if matches!(kind, Kind::Provenance) { BESIDE } else { 0 }
}

/// The row of the dates that says how long an appointment takes somebody's time: R4 has no search parameter for its end.
pub const BUSY: i64 = -1;

impl Rows {
    /// Extracts what a resource is found by. References must be resolved already.
    pub fn of(terms: &Terms, kind: Kind, resource: &Node<'_>) -> Self {
        let mut found = Vec::new();
        fhir::search::extract(kind, resource, &mut found);
        let patient_params: Vec<i64> = PATIENT_PARAMS.iter().filter_map(|n| param(kind, n)).map(|p| p.code).collect();
        let mut rows = Self { pt: vec![(WHOLE_RECORD, standing(kind)), (whole_kind(kind), 0)], ..Self::default() };
        if kind == Kind::Appointment
            && let Some((lo, hi)) = crate::busy::span(resource)
        {
            rows.dat.push((BUSY, lo, hi));
        }
        for term in &found {
            rows.add(terms, term, patient_params.contains(&term.param));
        }
        rows.str.extend(crate::by_word::hashes(terms, kind, &found));
        rows.tok.sort_unstable();
        rows.tok.dedup();
        rows.dat.sort_unstable();
        rows.dat.dedup();
        rows.qty.sort_unstable_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then(a.2.total_cmp(&b.2)));
        rows.qty.dedup();
        rows.str.sort_unstable();
        rows.str.dedup();
        rows.pt.sort_unstable();
        rows.pt.dedup();
        rows
    }

    fn add(&mut self, terms: &Terms, term: &Term<'_>, patient_first: bool) {
        let p = term.param;
        let first = match &term.value {
            Value::Token { system, code } => {
                let code_only = code_hash(terms, p, code);
                self.tok.push((p, code_only));
                if let Some(system) = system {
                    self.tok.push((p, token_hash(terms, p, system, code)));
                }
                code_only
            }
            Value::Reference(text) => {
                let hash = match reference::target(text) {
                    Some(reference::Target::Literal { kind, id, absolute: false }) => id_hash(terms, kind, id),
                    _ => uri_hash(terms, p, text),
                };
                self.tok.push((p, hash));
                hash
            }
            Value::Uri(uri) => {
                let hash = uri_hash(terms, p, uri);
                self.tok.push((p, hash));
                hash
            }
            Value::Date { lo, hi } => return self.dat.push((p, *lo, *hi)),
            Value::Number(value) => return self.qty.push((p, 0, *value)),
            Value::Quantity { unit, value, .. } => {
                self.qty.push((p, 0, *value));
                if let Some(unit) = unit {
                    self.qty.push((p, unit_hash(terms, unit), *value));
                }
                return;
            }
            Value::Text(text) => return self.add_text(terms, p, text),
        };
        if patient_first {
            self.pt.push((p, first));
        }
    }

    fn add_text(&mut self, terms: &Terms, p: i64, text: &str) {
        let folded = fold(text);
        for (letters, (at, c)) in folded.char_indices().enumerate() {
            if letters >= PREFIX_MAX {
                break;
            }
            self.str.push((p, prefix_hash(terms, p, &folded[..at + c.len_utf8()])));
        }
        self.str.push((p, exact_hash(terms, p, text)));
    }

    /// Packs the rows for the resource's own row, so that an update deletes exactly these.
    pub fn to_keys(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(16 + 11 * (self.tok.len() + self.str.len() + self.pt.len()));
        for list in [&self.tok, &self.str, &self.pt] {
            put(&mut out, list.len() as u64);
            for (p, h) in list {
                put_signed(&mut out, *p);
                out.extend_from_slice(&h.to_le_bytes());
            }
        }
        put(&mut out, self.dat.len() as u64);
        for (p, lo, hi) in &self.dat {
            put_signed(&mut out, *p);
            out.extend_from_slice(&lo.to_le_bytes());
            out.extend_from_slice(&hi.to_le_bytes());
        }
        put(&mut out, self.qty.len() as u64);
        for (p, unit, value) in &self.qty {
            put_signed(&mut out, *p);
            out.extend_from_slice(&unit.to_le_bytes());
            out.extend_from_slice(&value.to_le_bytes());
        }
        out
    }

    pub fn from_keys(bytes: &[u8]) -> Option<Self> {
        let mut at = bytes;
        let mut rows = Self::default();
        for list in [&mut rows.tok, &mut rows.str, &mut rows.pt] {
            for _ in 0..take(&mut at)? {
                list.push((take_signed(&mut at)?, take_word(&mut at)?));
            }
        }
        for _ in 0..take(&mut at)? {
            rows.dat.push((take_signed(&mut at)?, take_word(&mut at)?, take_word(&mut at)?));
        }
        for _ in 0..take(&mut at)? {
            let (p, unit) = (take_signed(&mut at)?, take_word(&mut at)?);
            rows.qty.push((p, unit, f64::from_bits(take_word(&mut at)? as u64)));
        }
        at.is_empty().then_some(rows)
    }

    /// Deletes these rows of one resource.
    pub fn delete(&self, tx: &mut Tx<'_>, rid: i64, patient: i64, time: i64) -> Result<(), DbError> {
        for (table, list) in [("tok", &self.tok), ("str", &self.str)] {
            let (p, h): (Vec<i64>, Vec<i64>) = list.iter().copied().unzip();
            tx.delete_many(table, &[("p", Column::Int(&p)), ("h", Column::Int(&h)), ("rid", Column::Const(rid))])?;
        }
        let p: Vec<i64> = self.dat.iter().map(|r| r.0).collect();
        let lo: Vec<i64> = self.dat.iter().map(|r| r.1).collect();
        let hi: Vec<i64> = self.dat.iter().map(|r| r.2).collect();
        tx.delete_many(
            "dat",
            &[("p", Column::Int(&p)), ("lo", Column::Int(&lo)), ("hi", Column::Int(&hi)), ("rid", Column::Const(rid))],
        )?;
        let p: Vec<i64> = self.qty.iter().map(|r| r.0).collect();
        let unit: Vec<i64> = self.qty.iter().map(|r| r.1).collect();
        let value: Vec<f64> = self.qty.iter().map(|r| r.2).collect();
        tx.delete_many(
            "qty",
            &[
                ("p", Column::Int(&p)),
                ("unit", Column::Int(&unit)),
                ("value", Column::Real(&value)),
                ("rid", Column::Const(rid)),
            ],
        )?;
        if patient != 0 {
            // What was written before there was a place beside the record says that it stands in it.
            let moved = self.pt.contains(&(whole_kind(Kind::Provenance), 0)).then_some((WHOLE_RECORD, BESIDE));
            let (p, h): (Vec<i64>, Vec<i64>) = self.pt.iter().copied().chain(moved).unzip();
            tx.delete_many(
                "pt",
                &[
                    ("patient", Column::Const(patient)),
                    ("p", Column::Int(&p)),
                    ("h", Column::Int(&h)),
                    ("lo", Column::Const(time)),
                    ("rid", Column::Const(rid)),
                ],
            )?;
        }
        Ok(())
    }
}

/// Index rows of many resources, gathered to be inserted at once.
#[derive(Default)]
pub struct Batch {
    tok: Vec<(i64, i64, i64)>,
    dat: Vec<(i64, i64, i64, i64)>,
    qty: Vec<(i64, i64, f64, i64)>,
    str: Vec<(i64, i64, i64)>,
    pt: Vec<[i64; 6]>,
}

impl Batch {
    pub fn add(&mut self, rows: &Rows, rid: i64, patient: i64, time: i64, marks: i64) {
        self.tok.extend(rows.tok.iter().map(|(p, h)| (*p, *h, rid)));
        self.dat.extend(rows.dat.iter().map(|(p, lo, hi)| (*p, *lo, *hi, rid)));
        self.qty.extend(rows.qty.iter().map(|(p, unit, value)| (*p, *unit, *value, rid)));
        self.str.extend(rows.str.iter().map(|(p, h)| (*p, *h, rid)));
        if patient != 0 {
            self.pt.extend(rows.pt.iter().map(|(p, h)| [patient, *p, *h, time, rid, marks]));
        }
    }

    /// Inserts in key order, which keeps the pages of the trees warm.
    pub fn insert(mut self, tx: &mut Tx<'_>) -> Result<(), DbError> {
        for (table, list) in [("tok", &mut self.tok), ("str", &mut self.str)] {
            list.sort_unstable();
            let column = |i: usize| list.iter().map(|r| [r.0, r.1, r.2][i]).collect::<Vec<i64>>();
            let (p, h, rid) = (column(0), column(1), column(2));
            tx.insert_many(table, &[("p", Column::Int(&p)), ("h", Column::Int(&h)), ("rid", Column::Int(&rid))])?;
        }
        self.dat.sort_unstable();
        let column = |i: usize| self.dat.iter().map(|r| [r.0, r.1, r.2, r.3][i]).collect::<Vec<i64>>();
        let (p, lo, hi, rid) = (column(0), column(1), column(2), column(3));
        tx.insert_many(
            "dat",
            &[("p", Column::Int(&p)), ("lo", Column::Int(&lo)), ("hi", Column::Int(&hi)), ("rid", Column::Int(&rid))],
        )?;
        let p: Vec<i64> = self.qty.iter().map(|r| r.0).collect();
        let unit: Vec<i64> = self.qty.iter().map(|r| r.1).collect();
        let value: Vec<f64> = self.qty.iter().map(|r| r.2).collect();
        let rid: Vec<i64> = self.qty.iter().map(|r| r.3).collect();
        tx.insert_many(
            "qty",
            &[
                ("p", Column::Int(&p)),
                ("unit", Column::Int(&unit)),
                ("value", Column::Real(&value)),
                ("rid", Column::Int(&rid)),
            ],
        )?;
        self.pt.sort_unstable();
        let column = |i: usize| self.pt.iter().map(|r| r[i]).collect::<Vec<i64>>();
        let columns = [column(0), column(1), column(2), column(3), column(4), column(5)];
        let names = ["patient", "p", "h", "lo", "rid", "marks"];
        let columns: Vec<(&str, Column<'_>)> = names.into_iter().zip(columns.iter().map(|c| Column::Int(c))).collect();
        tx.insert_many("pt", &columns)
    }
}

/// The date parameter whose span is a resource's clinical date, which the patient-first index is ordered by.
pub fn primary_param(kind: Kind) -> Option<&'static fhir::search::Param> {
    const NAMES: [&str; 12] = [
        "date",
        "authoredon",
        "onset-date",
        "created",
        "started",
        "effective-time",
        "effective",
        "period",
        "recorded-date",
        "whenhandedover",
        "authored",
        "sent",
    ];
    NAMES
        .iter()
        .find_map(|name| param(kind, name).filter(|p| p.kind == ParamKind::Date))
        .or_else(|| params(kind).iter().find(|p| p.kind == ParamKind::Date && p.name != "_lastUpdated"))
}

fn put(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn put_signed(out: &mut Vec<u8>, value: i64) {
    put(out, ((value << 1) ^ (value >> 63)) as u64);
}

fn take(at: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for shift in (0..64).step_by(7) {
        let (byte, rest) = at.split_first()?;
        *at = rest;
        value |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}

fn take_signed(at: &mut &[u8]) -> Option<i64> {
    let value = take(at)?;
    Some((value >> 1) as i64 ^ -((value & 1) as i64))
}

fn take_word(at: &mut &[u8]) -> Option<i64> {
    let (word, rest) = at.split_first_chunk::<8>()?;
    *at = rest;
    Some(i64::from_le_bytes(*word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_number_of_what_stands_beside_a_record_is_the_one_that_the_migration_names() {
        let code = format!("r.kind = {})", Kind::Provenance.code());
        assert!(include_str!("../../../migrations/0034_records_beside.sql").contains(&code));
    }

    proptest! {
        #[test]
        fn keys_say_exactly_which_rows_there_are(
            tok: Vec<(i64, i64)>, dat: Vec<(i64, i64, i64)>, pt: Vec<(i64, i64)>, qty in proptest::collection::vec((any::<i64>(), any::<i64>(), -1e9..1e9_f64), 0..9)
        ) {
            let rows = Rows { tok, dat, qty, str: vec![(1, 2)], pt };
            prop_assert_eq!(Rows::from_keys(&rows.to_keys()), Some(rows));
        }

        #[test]
        fn damaged_keys_are_no_panic(bytes: Vec<u8>) {
            let _ = Rows::from_keys(&bytes);
        }
    }
}
