//! The record as it happened, newest first, by visits and days.

pub mod filter;
pub mod outline;

use super::digest;
use super::found::{self, Tally};
use super::visit::{self, Known};
use super::{ENTRIES, Entry, Group, Look, describe, look, names, words};
use crate::error::Error;
use crate::index::WHOLE_RECORD;
use crate::model::Stored;
use crate::{search, store};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use consent::Category;
use db::{Sql, Tx};
use fhir::Kind;
use filter::{Filter, Slice, refuse};
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;
use utoipa::ToSchema;

/// A page is this much longer at most, so that a day stays whole.
const SLACK: usize = 80;

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Timeline {
    /// Newest first. A visit that is longer than a page is on the next page again.
    pub groups: Vec<Group>,
    /// Where the next page begins.
    #[schema(required = true)]
    pub next: Option<String>,
    /// Over all that can be seen, whatever was asked for; on the first page only. Newest first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub years: Option<Vec<Year>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub counts: Option<BTreeMap<Category, i64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Year {
    pub year: i64,
    pub count: i64,
}

/// One page of a record's timeline.
pub async fn read(
    house: &House,
    ctx: &Ctx,
    id: &str,
    filter: Filter,
    slice: Slice,
) -> Result<Disclosure<Timeline>, Problem> {
    look(house, ctx, id, move |tx, look| {
        let page = page(tx, look, &filter, &slice)?;
        let shown = page.groups.iter().map(|group| group.entries.len()).sum();
        look.disclose(tx, Action::Read, "Timeline", shown, page)
    })
    .await
}

/// How many resources there are of each type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RecordCounts)]
pub struct Counts {
    /// All of them, the Patient resource included.
    pub total: i64,
    /// By FHIR type.
    pub kinds: BTreeMap<&'static str, i64>,
}

pub async fn counts(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Counts>, Problem> {
    look(house, ctx, id, |tx, look| {
        let kinds = found::kinds(tx, look)?;
        let counts = Counts { total: kinds.values().sum(), kinds };
        look.disclose(tx, Action::Read, "Counts", 0, counts)
    })
    .await
}

pub(crate) fn page(tx: &mut Tx<'_>, look: &mut Look<'_>, filter: &Filter, slice: &Slice) -> Result<Timeline, Error> {
    let (rows, more) =
        if filter.pick.asks() { picked_rows(tx, look, filter, slice)? } else { rows(tx, look, filter, slice)? };
    let next = match rows.last() {
        Some((last, _)) if more => Some(cursor(look, last.time, last.rid)),
        _ => None,
    };
    let groups = groups(tx, look, &rows)?;
    if slice.before.is_some() || !slice.totals {
        return Ok(Timeline { groups, next, years: None, counts: None, total: None });
    }
    let Tally { categories, years, total } = found::tally(tx, look)?;
    let years = years.into_iter().map(|(year, count)| Year { year, count }).collect();
    Ok(Timeline { groups, next, years: Some(years), counts: Some(categories), total: Some(total) })
}

const DAY_MS: i64 = 86_400_000;

/// Entries in order are taken up to the count, and then to the end of the day.
struct Cut<'s> {
    slice: &'s Slice,
    taken: usize,
    day: Option<i64>,
}

impl Cut<'_> {
    /// Whether this one is still on the page.
    fn takes(&mut self, time: i64) -> bool {
        let day = Some(time.div_euclid(DAY_MS));
        let full = self.taken >= self.slice.count && self.day != day;
        if full || self.taken >= self.slice.count + SLACK {
            return false;
        }
        self.taken += 1;
        self.day = day;
        true
    }
}

type Rows = (Vec<(Stored, Category)>, bool);

/// The resources of a page, and whether there are more.
fn rows(tx: &mut Tx<'_>, look: &Look<'_>, filter: &Filter, slice: &Slice) -> Result<Rows, Error> {
    let sql = statement(look, filter, slice)?;
    let (mut heads, mut more) = (Vec::new(), false);
    let mut cut = Cut { slice, taken: 0, day: None };
    tx.for_each(sql.text(), &sql.params(), |row| {
        let head = store::head(row)?;
        more = !cut.takes(head.time);
        if !more {
            let category = Category::of_marks(row.int(store::BODY + 1)?);
            heads.push((head, row.blob(store::BODY)?.to_vec(), category));
        }
        Ok::<_, Error>(!more)
    })?;
    let open = |(head, sealed, category): (store::Head, Vec<u8>, Category)| {
        let stored = store::open(tx, look.house, &head, &sealed)?;
        look.seen.borrow_mut().push(stored.marked());
        Ok::<_, Error>((stored, category))
    };
    Ok((heads.into_iter().map(open).collect::<Result<_, _>>()?, more))
}

/// What the index knows nothing of is picked by the digest, out of what the caller can see.
fn picked(tx: &mut Tx<'_>, look: &Look<'_>, filter: &Filter) -> Result<Vec<digest::Row>, Error> {
    let all = digest::rows(tx, look, &|sql| {
        sql.push(" AND (pt.marks & ").int(ENTRIES).push(") <> 0");
    })?;
    let mut rows = digest::picked(tx, look, &all, &filter.pick)?;
    rows.retain(|row| filter.takes(row.time, row.marks));
    Ok(rows)
}

fn picked_rows(tx: &mut Tx<'_>, look: &Look<'_>, filter: &Filter, slice: &Slice) -> Result<Rows, Error> {
    let mut rows = picked(tx, look, filter)?;
    if let Some(text) = &slice.before {
        let place = read_cursor(look, text)?;
        rows.retain(|row| (row.time, row.rid) < place);
    }
    let mut cut = Cut { slice, taken: 0, day: None };
    let page: Vec<digest::Row> = rows.iter().copied().take_while(|row| cut.takes(row.time)).collect();
    let rids: Vec<i64> = page.iter().map(|row| row.rid).collect();
    let mut opened = found::open(tx, look, &rids)?;
    let take = |row: &digest::Row| Some((opened.remove(&row.rid)?, Category::of_marks(row.marks)));
    let shown = page.iter().filter_map(take).collect();
    Ok((shown, page.len() < rows.len()))
}

pub(super) fn statement(look: &Look<'_>, filter: &Filter, slice: &Slice) -> Result<Sql, Problem> {
    let mut sql = Sql::new("SELECT ");
    sql.push(store::HEAD).push(", r.body, pt.marks FROM pt JOIN resource r ON r.rid = pt.rid WHERE pt.patient = ");
    sql.int(look.patient).push(" AND pt.p = ").int(WHOLE_RECORD).push(" AND pt.h = 0 AND ");
    look.access.restrict(&mut sql, &consent::Columns::PATIENT_INDEX);
    filter.restrict(&mut sql);
    if let Some(text) = &slice.before {
        let (time, rid) = read_cursor(look, text)?;
        sql.push(" AND pt.lo <= ").int(time);
        sql.push(" AND (pt.lo < ").int(time).push(" OR pt.rid < ").int(rid).push(")");
    }
    sql.push(" ORDER BY pt.lo DESC, pt.rid DESC LIMIT ").int((slice.count + SLACK + 1) as i64);
    Ok(sql)
}

/// Where a page ended, covered and sealed against this record.
pub(super) fn cursor(look: &Look<'_>, time: i64, rid: i64) -> String {
    let mut out = [time.to_le_bytes(), rid.to_le_bytes()].concat();
    let mac = mac(look, &out);
    search::cover(look.house, &mac, &mut out);
    out.extend_from_slice(&mac);
    URL_SAFE_NO_PAD.encode(out)
}

fn mac(look: &Look<'_>, place: &[u8]) -> [u8; 16] {
    let content = [place, &look.patient.to_le_bytes()].concat();
    let mut mac = [0; 16];
    mac.copy_from_slice(&look.house.vault.terms().digest(b"timeline", &content)[..16]);
    mac
}

fn read_cursor(look: &Look<'_>, text: &str) -> Result<(i64, i64), Problem> {
    let refused = || refuse("before", "This is no page of this timeline: start again without `before`.");
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
    let (covered, seal) = bytes.split_at_checked(16).ok_or_else(refused)?;
    let mut place = covered.to_vec();
    search::cover(look.house, seal, &mut place);
    let ([time, rid], true) = (place.as_chunks::<8>().0, seal == mac(look, &place)) else { return Err(refused()) };
    Ok((i64::from_le_bytes(*time), i64::from_le_bytes(*rid)))
}

/// What puts entries together.
#[derive(PartialEq, Eq, Hash)]
enum Place {
    Visit(String),
    Day(Option<String>),
}

fn groups(tx: &mut Tx<'_>, look: &mut Look<'_>, rows: &[(Stored, Category)]) -> Result<Vec<Group>, Error> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places: HashMap<Place, usize> = HashMap::new();
    let mut visits: HashMap<String, Option<Rc<Known>>> = HashMap::new();
    for (stored, category) in rows {
        let node = found::parse(stored)?;
        let reference = match stored.kind {
            Kind::Encounter => Some(format!("Encounter/{}", stored.id())),
            _ => visit::reference_of(&node).map(str::to_owned),
        };
        let known = match reference {
            Some(reference) => visit_of(tx, look, &mut visits, reference)?.filter(|known| known.covers(stored.time)),
            None => None,
        };
        let entry = describe::entry(tx, look, stored, &node, *category)?;
        let (place, date) = match &known {
            Some(known) => (Place::Visit(known.visit.id.clone()), Some(known.visit.start.clone())),
            None => (Place::Day(entry.date.as_deref().map(|d| words::day(d).to_owned())), entry.date.clone()),
        };
        let at = *places.entry(place).or_insert_with(|| {
            let date = date.map(|date| words::day(&date).to_owned());
            groups.push(Group { visit: known.map(|known| known.visit.clone()), date, entries: Vec::new() });
            groups.len() - 1
        });
        groups[at].entries.push(entry);
    }
    for group in groups.iter_mut().filter(|group| group.visit.is_some()) {
        in_reading_order(&mut group.entries);
    }
    Ok(groups)
}

fn visit_of(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    visits: &mut HashMap<String, Option<Rc<Known>>>,
    reference: String,
) -> Result<Option<Rc<Known>>, Error> {
    if let Some(known) = visits.get(&reference) {
        return Ok(known.clone());
    }
    let known = match names::read(tx, look, &reference)? {
        Some(stored) => visit::describe(tx, look, &found::parse(&stored)?)?.map(Rc::new),
        None => None,
    };
    visits.insert(reference, known.clone());
    Ok(known)
}

/// Within a visit: why and what was found, then what was done, measured and written; each as it went along, because a
/// laboratory lists a panel in an order that means something.
fn in_reading_order(entries: &mut [Entry]) {
    const ORDER: [Category; 15] = [
        Category::Visit,
        Category::Condition,
        Category::Allergy,
        Category::Procedure,
        Category::Medicine,
        Category::Immunization,
        Category::Result,
        Category::Imaging,
        Category::Vital,
        Category::Observation,
        Category::Document,
        Category::Plan,
        Category::Device,
        Category::Other,
        Category::Billing,
    ];
    entries.reverse();
    entries.sort_by_key(|entry| ORDER.iter().position(|c| *c == entry.category));
}
