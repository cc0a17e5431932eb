//! Which entries stand for their code in a summary, decided by the index: status, code and date.

use super::Source;
use crate::error::Error;
use crate::index::{code_hash, whole_kind};
use crate::model::Stored;
use crate::view::found::{self, Found};
use crate::view::{Look, describe};
use db::Tx;
use fhir::Kind;
use fhir::search::param;
use std::collections::{HashMap, HashSet};

/// A resource with the hashes of its codes.
type Coded = (Found, Vec<i64>);

/// What the index knows of each type, read once: newest first.
#[derive(Default)]
pub struct Index(HashMap<(Kind, i64), Vec<Coded>>);

#[derive(Clone, Copy)]
struct Candidate {
    found: Found,
    active: Option<bool>,
}

/// The entries of one code, the one to be shown first.
pub struct Chosen(Vec<Candidate>);

/// An entry that will be shown.
pub struct Standing {
    pub stored: Stored,
    pub active: Option<bool>,
    /// How many entries of its code there are, itself included.
    pub times: usize,
}

fn rows<'i>(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    index: &'i mut Index,
    kind: Kind,
    code: Option<i64>,
) -> Result<&'i [Coded], Error> {
    let key = (kind, code.unwrap_or(0));
    if let std::collections::hash_map::Entry::Vacant(slot) = index.0.entry(key) {
        let mut rows: HashMap<i64, Coded> = HashMap::new();
        if let Some(code) = code {
            for (h, found) in found::coded(tx, look, code)? {
                rows.entry(found.rid).or_insert_with(|| (found, Vec::new())).1.push(h);
            }
        }
        // Of these types R4 requires a code: the rows without one, which are none, need not be looked for.
        if code.is_none() || !matches!(kind, Kind::Observation | Kind::DiagnosticReport) {
            for found in found::of_kind(tx, look, kind)? {
                rows.entry(found.rid).or_insert_with(|| (found, Vec::new()));
            }
        }
        let mut rows: Vec<_> = rows.into_values().collect();
        rows.sort_unstable_by_key(|(found, _)| std::cmp::Reverse((found.time, found.rid)));
        slot.insert(rows);
    }
    Ok(index.0.get(&key).map_or(&[], Vec::as_slice))
}

/// Of each code the newest that goes on and, when none does, the newest.
pub fn choose(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    index: &mut Index,
    source: &Source,
    out: &mut Vec<Chosen>,
) -> Result<(), Error> {
    let code = source.code.and_then(|name| param(source.kind, name)).map(|param| param.code);
    let rows = rows(tx, look, index, source.kind, code)?;
    let mut rows: Vec<&Coded> =
        rows.iter().filter(|(found, _)| source.only.is_none_or(|only| found.category == only)).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let running = match source.active {
        Some((name, on)) => Some(with_status(tx, look, source.kind, name, on)?),
        None => None,
    };
    let active = |found: &Found| running.as_ref().map(|running| running.contains(&found.rid));
    rows.sort_by_key(|(found, _)| active(found) != Some(true));
    let mut shown: HashMap<i64, usize> = HashMap::new();
    for (found, hashes) in rows {
        let active = active(found);
        // Two fractures that both go on are two problems; two orders of one medicine are one medicine.
        let alone = active == Some(true) && stands_alone(source.kind);
        let known = hashes.iter().filter(|_| !alone).find_map(|h| shown.get(h).copied());
        let at = known.unwrap_or(out.len());
        let candidate = Candidate { found: *found, active };
        match out.get_mut(at) {
            Some(same) => same.0.push(candidate),
            None => out.push(Chosen(vec![candidate])),
        }
        shown.extend(hashes.iter().map(|h| (*h, at)));
    }
    Ok(())
}

const fn stands_alone(kind: Kind) -> bool {
    !matches!(kind, Kind::MedicationRequest | Kind::MedicationStatement)
}

/// The resources of this record whose status is one of these.
fn with_status(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    kind: Kind,
    name: &str,
    values: &[&str],
) -> Result<HashSet<i64>, Error> {
    let Some(param) = param(kind, name) else { return Ok(HashSet::new()) };
    let terms = look.house.vault.terms();
    let hashes: Vec<i64> = values.iter().map(|value| code_hash(terms, param.code, value)).collect();
    let mut sql = found::range(look, "pt.rid", whole_kind(kind), Some(0));
    sql.push(" AND EXISTS (SELECT 1 FROM tok t WHERE t.p = ").int(param.code).push(" AND t.h IN (").ints(&hashes);
    sql.push(") AND t.rid = pt.rid)");
    Ok(tx.rows(&sql, |row| Ok::<_, Error>(row.int(0)?))?.into_iter().collect())
}

/// Opens what is to be shown. What turns out to have been a mistake gives its place to the next of its code.
pub fn settle(tx: &mut Tx<'_>, look: &Look<'_>, chosen: Vec<Chosen>) -> Result<Vec<Standing>, Error> {
    let mut out: Vec<(Candidate, Standing)> = Vec::with_capacity(chosen.len());
    let mut waiting: Vec<_> = chosen.into_iter().map(|chosen| chosen.0.into_iter()).collect();
    while !waiting.is_empty() {
        let first: Vec<i64> = waiting.iter().filter_map(|c| c.as_slice().first()).map(|c| c.found.rid).collect();
        let mut open = found::open(tx, look, &first)?;
        let mut next = Vec::new();
        for mut candidates in waiting {
            let times = candidates.len();
            let Some(candidate) = candidates.next() else { continue };
            match open.remove(&candidate.found.rid) {
                Some(stored) => match verdict(&stored)? {
                    Verdict::Show => out.push((candidate, Standing { stored, active: candidate.active, times })),
                    Verdict::Mistake => next.push(candidates),
                    Verdict::Panel => {}
                },
                None => next.push(candidates),
            }
        }
        waiting = next;
    }
    out.sort_by_key(|(c, _)| (c.active != Some(true), std::cmp::Reverse((c.found.time, c.found.rid))));
    Ok(out.into_iter().map(|(_, standing)| standing).collect())
}

enum Verdict {
    Show,
    Mistake,
    /// A report that only bundles its results says nothing that they do not say, and its like neither.
    Panel,
}

fn verdict(stored: &Stored) -> Result<Verdict, Error> {
    let node = found::parse(stored)?;
    let measured = matches!(stored.kind, Kind::Observation | Kind::DiagnosticReport);
    if describe::withdrawn(&node) || (measured && describe::status(&node) == Some("cancelled")) {
        return Ok(Verdict::Mistake);
    }
    let bundles = stored.kind == Kind::DiagnosticReport && !node.array_of("result").is_empty();
    Ok(if bundles { Verdict::Panel } else { Verdict::Show })
}
