//! The resources behind a summary, for documents that are made of it: the same choice as the page's, with the bodies.

use super::choose::{Index, Standing, choose};
use super::{PLANS, PatientHeader, header, stands};
use crate::error::Error;
use crate::index::code_hash;
use crate::model::Stored;
use crate::view::{Entry, Look, describe, found, look_as, names};
use consent::{Access, Category};
use db::Tx;
use fhir::search::param;
use fhir::{Kind, Node};
use kernel::{Ctx, Id, Problem, Timestamp, id};
use ledger::{Action, Disclosure, House};
use std::collections::BTreeMap;

/// Whose record: by the logical id that a caller names, or by the number that the server knows already.
#[derive(Clone, Debug)]
pub enum Whose {
    Named(String),
    Known(Id<id::Patient>),
}

/// A resource with what a person reads of it.
#[derive(Clone, Debug)]
pub struct Item {
    pub entry: Entry,
    /// Whether it is going on; absent where that is no question.
    pub active: Option<bool>,
    /// The clinical date; `consent::UNDATED` where there is none.
    pub time: i64,
    pub updated: Timestamp,
    pub json: Vec<u8>,
}

#[derive(Clone, Debug)]
pub struct Part {
    /// LOINC.
    pub code: &'static str,
    pub title: &'static str,
    /// What an empty section means.
    pub empty: &'static str,
    /// What whoever reads it must know before.
    pub warning: Option<&'static str>,
    /// What is going on first, then the newest.
    pub items: Vec<Item>,
}

/// All that a summary can be made of.
#[derive(Clone, Debug)]
pub struct Gathered {
    pub header: PatientHeader,
    pub patient: Vec<u8>,
    pub updated: Timestamp,
    pub parts: Vec<Part>,
    /// The newest result of each code that was asked for besides.
    pub asked: Vec<Item>,
    /// Medicines and devices that others refer to, by their reference.
    pub named: BTreeMap<String, Vec<u8>>,
}

/// Where a reference says what the entry is about, so that it means nothing without its target.
const TELLING: [(Kind, &str); 3] = [
    (Kind::MedicationRequest, "medicationReference"),
    (Kind::MedicationStatement, "medicationReference"),
    (Kind::DeviceUseStatement, "device"),
];

/// What is not there may only be hidden from this reader, who is told as much of every section of which they may not see all.
const NOT_SHOWN: &str = "Nothing is shown to this reader. There may be entries that they do not see.";

/// What this access sees of a record. `codes` are LOINC codes of results to be had whatever their kind and age. The entry
/// of the reading counts what `shown` lets through, which is what the caller may use of it.
pub async fn gather(
    house: &House,
    ctx: &Ctx,
    access: Access,
    whose: Whose,
    codes: &'static [&'static str],
    shown: impl FnOnce(&mut Gathered) -> usize + Send + 'static,
) -> Result<Disclosure<Gathered>, Problem> {
    look_as(house, ctx, access, whose, move |tx, look| {
        let mut gathered = all(tx, look, codes)?;
        let count = shown(&mut gathered);
        look.disclose(tx, Action::Read, "Summary", count, gathered)
    })
    .await
}

/// The same inside another reading, which traces it.
pub(crate) fn all(tx: &mut Tx<'_>, look: &mut Look<'_>, codes: &[&str]) -> Result<Gathered, Error> {
    let header = header(tx, look)?.ok_or_else(Problem::not_found)?;
    let own = names::by_number(tx, look, look.patient)?.ok_or_else(Problem::not_found)?;
    let mut gathered = Gathered {
        header,
        updated: own.updated,
        patient: own.json,
        parts: Vec::with_capacity(PLANS.len()),
        asked: Vec::new(),
        named: BTreeMap::new(),
    };
    let mut index = Index::default();
    for plan in &PLANS {
        let mut chosen = Vec::new();
        for source in plan.sources {
            choose(tx, look, &mut index, source, &mut chosen)?;
        }
        let mut items = Vec::new();
        let (standing, warning) = stands(tx, look, plan, chosen)?;
        for Standing { stored, active, .. } in standing {
            items.push(item(tx, look, &mut gathered.named, stored, active, plan.category)?);
        }
        let kinds: Vec<Kind> = plan.sources.iter().map(|source| source.kind).collect();
        let all = look.access.sees_all(tx, look.patient, plan.category, &kinds)?;
        let empty = if all { plan.empty } else { NOT_SHOWN };
        gathered.parts.push(Part { code: plan.code, title: plan.title, empty, warning, items });
    }
    for code in codes {
        if let Some(stored) = newest(tx, look, code)? {
            gathered.asked.push(item(tx, look, &mut gathered.named, stored, None, Category::Result)?);
        }
    }
    Ok(gathered)
}

fn item(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    named: &mut BTreeMap<String, Vec<u8>>,
    stored: Stored,
    active: Option<bool>,
    category: Category,
) -> Result<Item, Error> {
    let node = found::parse(&stored)?;
    let entry = describe::entry(tx, look, &stored, &node, category)?;
    let told = TELLING.iter().filter(|(kind, _)| *kind == stored.kind).find_map(|(_, name)| node.get(name));
    if let Some(reference) = told.and_then(|told| told.str_of("reference"))
        && let Some(target) = names::read(tx, look, reference)?
    {
        look.seen.borrow_mut().push(target.marked());
        named.insert(reference.to_owned(), target.json.clone());
    }
    drop(node);
    Ok(Item { entry, active, time: stored.time, updated: stored.updated, json: stored.json })
}

/// Corrections of one result that are looked through for one that stands.
const CORRECTIONS: i64 = 20;

/// The newest result of a code that was not a mistake.
fn newest(tx: &mut Tx<'_>, look: &Look<'_>, code: &str) -> Result<Option<Stored>, Error> {
    let Some(param) = param(Kind::Observation, "code") else { return Ok(None) };
    let hash = code_hash(look.house.vault.terms(), param.code, code);
    let mut sql = found::range(look, "pt.rid", param.code, Some(hash));
    sql.push(" ORDER BY pt.lo DESC, pt.rid DESC LIMIT ").int(CORRECTIONS);
    let rids = tx.rows(&sql, |row| row.int(0).map_err(Error::from))?;
    let mut open = found::open(tx, look, &rids)?;
    for rid in rids {
        let Some(stored) = open.remove(&rid) else { continue };
        let node: Node<'_> = found::parse(&stored)?;
        let stands = !describe::withdrawn(&node) && describe::status(&node) != Some("cancelled");
        drop(node);
        if stands {
            return Ok(Some(stored));
        }
    }
    Ok(None)
}
