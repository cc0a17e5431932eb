//! Readings of one kind over time: vital signs and results that are numbers.

mod alike;
mod reading;
mod thin;
mod whole;

use super::digest::entered_by_patient;
use super::found::{self, range};
use super::{Flag, Look, look, words};
use crate::error::Error;
use crate::index::code_hash;
use crate::model::Stored;
use consent::Category;
use db::{Sql, Tx};
use fhir::search::param;
use fhir::{Kind, Node};
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Disclosure, House};
use reading::{called, leading, reading};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use utoipa::ToSchema;
pub(super) use whole::one;

/// Points of the small picture of a series.
const SPARK: usize = 30;

/// Points of a whole series; of more, the lowest and the highest of each stretch are sent.
const POINTS_MAX: usize = 5_000;

/// Bodies that are in memory at once while a long series is read.
const STRETCH: usize = 2_048;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SeriesCategory {
    Vital,
    Result,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesList {
    /// Vital signs first; within each, what was measured last comes first.
    pub series: Vec<SeriesHead>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SeriesHead {
    pub code: String,
    pub display: String,
    #[schema(required = true)]
    pub unit: Option<String>,
    pub category: SeriesCategory,
    /// Entries of this code, by the index.
    pub count: usize,
    #[schema(format = DateTime)]
    pub first: String,
    /// The newest that is in a unit; where none is, the newest.
    pub latest: Latest,
    /// The last readings in the unit of the latest, oldest first: milliseconds since 1970 and the number.
    pub spark: Vec<(i64, f64)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Latest {
    /// As exact as it was written: a day, or a moment.
    pub date: String,
    /// `<`, `<=`, `>=` or `>`, where the number is only a limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparator: Option<String>,
    pub number: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
}

/// A reading that says only that the value was below or above a number: it is no point of a line.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Limit {
    /// Milliseconds since 1970.
    pub time: i64,
    /// `<`, `<=`, `>=` or `>`
    pub comparator: String,
    pub number: f64,
    /// The id of the Observation.
    pub id: String,
}

/// The usual range, as the sender of the latest reading gave it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Reference {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Series {
    pub code: String,
    pub display: String,
    #[schema(required = true)]
    pub unit: Option<String>,
    #[schema(required = true)]
    pub reference: Option<Reference>,
    /// Oldest first: milliseconds since 1970, the number, and the id of the Observation.
    pub points: Vec<(i64, f64, String)>,
    /// Readings that say only a limit, oldest first: they are not among the points.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// Those of these milliseconds that are the beginning, in UTC, of a day without a time of day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub days: Vec<i64>,
    /// The ids of those points and limits that the patient entered, or a program for them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by_patient: Vec<String>,
    /// How many readings there are in the period, when not all of them are among the points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinned: Option<usize>,
    /// Readings in another unit than the points that is no exact multiple of theirs, or in none: they are not among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_units: Option<usize>,
}

/// All series of a record.
pub async fn list(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<SeriesList>, Problem> {
    look(house, ctx, id, |tx, look| {
        let series = heads(tx, look)?;
        let shown = series.iter().map(|head| head.spark.len()).sum();
        look.disclose(tx, Action::Read, "Series", shown, SeriesList { series })
    })
    .await
}

/// One series, by its LOINC code.
pub async fn read(
    house: &House,
    ctx: &Ctx,
    id: &str,
    code: String,
    period: (Option<i64>, Option<i64>),
) -> Result<Disclosure<Series>, Problem> {
    look(house, ctx, id, move |tx, look| {
        let series = one(tx, look, &code, period, POINTS_MAX)?.ok_or_else(Problem::not_found)?;
        let shown = series.thinned.unwrap_or(series.points.len()) + series.limits.len();
        look.disclose(tx, Action::Read, "Series", shown, series)
    })
    .await
}

/// Where codes of readings are kept: the Observation's own, and those of its components.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Part {
    Whole,
    Component,
}

impl Part {
    const ALL: [Self; 2] = [Self::Whole, Self::Component];

    fn param(self) -> i64 {
        let name = match self {
            Self::Whole => "code",
            Self::Component => "component-code",
        };
        param(Kind::Observation, name).map_or(-1, |param| param.code)
    }
}

/// The elements that can carry a code and a number.
fn elements<'n, 'a>(part: Part, observation: &'n Node<'a>) -> &'n [Node<'a>] {
    match part {
        Part::Whole => std::slice::from_ref(observation),
        Part::Component => observation.array_of("component"),
    }
}

/// The element of a code, by the code's hash.
fn element<'n, 'a>(look: &Look<'_>, part: Part, h: i64, observation: &'n Node<'a>) -> Option<&'n Node<'a>> {
    let is_it = |coding: &Node<'_>| coding.str_of("code").is_some_and(|code| hash(look, part, code) == h);
    elements(part, observation).iter().find(|e| e.get("code").is_some_and(|c| c.array_of("coding").iter().any(is_it)))
}

fn hash(look: &Look<'_>, part: Part, code: &str) -> i64 {
    code_hash(look.house.vault.terms(), part.param(), code)
}

/// The code a series goes by: LOINC's, else the first.
fn main_code<'n>(element: &'n Node<'_>) -> Option<&'n str> {
    let codings = element.get("code")?.array_of("coding");
    let loinc = codings.iter().find(|coding| coding.str_of("system") == Some("http://loinc.org"));
    loinc.or_else(|| codings.first())?.str_of("code")
}

/// The readings of one code in the index: date and resource, oldest first.
struct Line {
    part: Part,
    h: i64,
    category: SeriesCategory,
    rows: Vec<(i64, i64)>,
}

impl Line {
    /// The last of them, as many as the small picture has.
    fn tail(&self) -> &[(i64, i64)] {
        &self.rows[self.rows.len().saturating_sub(SPARK)..]
    }
}

/// A condition that leaves out what was withdrawn.
fn standing(look: &Look<'_>, sql: &mut Sql) {
    let Some(status) = param(Kind::Observation, "status") else { return };
    let hash = |code| code_hash(look.house.vault.terms(), status.code, code);
    sql.push(" AND NOT EXISTS (SELECT 1 FROM tok t WHERE t.p = ").int(status.code).push(" AND t.h IN (");
    sql.ints(&[hash("entered-in-error"), hash("cancelled")]).push(") AND t.rid = pt.rid)");
}

fn measured(sql: &mut Sql) {
    sql.push(" AND (pt.marks & ").int(Category::Vital.bit() | Category::Result.bit()).push(") <> 0");
    sql.push(" AND pt.lo > ").int(consent::UNDATED);
}

fn lines(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = Vec::new();
    for part in Part::ALL {
        let mut sql = range(look, "pt.h, pt.lo, pt.rid, pt.marks", part.param(), None);
        measured(&mut sql);
        standing(look, &mut sql);
        sql.push(" ORDER BY pt.h, pt.lo, pt.rid");
        tx.for_each(sql.text(), &sql.params(), |row| {
            let (h, place) = (row.int(0)?, (row.int(1)?, row.int(2)?));
            let vital = row.int(3)? & Category::Vital.bit() != 0;
            let category = if vital { SeriesCategory::Vital } else { SeriesCategory::Result };
            match lines.last_mut().filter(|line| line.part == part && line.h == h) {
                Some(line) => {
                    line.rows.push(place);
                    line.category = category;
                }
                None => lines.push(Line { part, h, category, rows: vec![place] }),
            }
            Ok::<_, Error>(true)
        })?;
    }
    Ok(lines)
}

pub(crate) fn heads(tx: &mut Tx<'_>, look: &Look<'_>) -> Result<Vec<SeriesHead>, Error> {
    let lines = lines(tx, look)?;
    let last: HashSet<i64> = lines.iter().filter_map(|line| line.rows.last()).map(|(_, rid)| *rid).collect();
    let mut open = found::open(tx, look, &last.into_iter().collect::<Vec<_>>())?;
    // What is no number in its latest reading may have been one before.
    let mut silent = Vec::new();
    for line in &lines {
        if goes_by(look, line, &open)?.is_none() {
            silent.extend(line.tail().iter().map(|(_, rid)| *rid).filter(|rid| !open.contains_key(rid)));
        }
    }
    silent.sort_unstable();
    silent.dedup();
    open.extend(found::open(tx, look, &silent)?);
    let sizes: HashMap<(Part, i64), usize> = lines.iter().map(|line| ((line.part, line.h), line.rows.len())).collect();
    let mut kept = Vec::with_capacity(lines.len());
    for line in lines {
        let Some(code) = goes_by(look, &line, &open)? else { continue };
        // A second code of the same readings is no second series.
        let main = hash(look, line.part, &code);
        if main == line.h || sizes.get(&(line.part, main)).is_none_or(|size| *size < line.rows.len()) {
            kept.push(line);
        }
    }
    let wanted: HashSet<i64> = kept.iter().flat_map(Line::tail).map(|(_, rid)| *rid).collect();
    let missing: Vec<i64> = wanted.into_iter().filter(|rid| !open.contains_key(rid)).collect();
    open.extend(found::open(tx, look, &missing)?);
    let mut heads = Vec::with_capacity(kept.len());
    for line in &kept {
        heads.extend(head(look, line, &open)?);
    }
    heads.sort_by(|a, b| {
        let key = |head: &SeriesHead| head.category == SeriesCategory::Result;
        key(a).cmp(&key(b)).then_with(|| b.latest.date.cmp(&a.latest.date)).then_with(|| a.display.cmp(&b.display))
    });
    Ok(heads)
}

/// The code that a series goes by, from the newest reading that is a number, of those that are open.
fn goes_by(look: &Look<'_>, line: &Line, open: &HashMap<i64, Stored>) -> Result<Option<String>, Error> {
    for (_, rid) in line.tail().iter().rev() {
        let Some(stored) = open.get(rid) else { continue };
        let node = found::parse(stored)?;
        if let Some(element) = element(look, line.part, line.h, &node).filter(|element| reading(element).is_some()) {
            return Ok(main_code(element).map(str::to_owned));
        }
    }
    Ok(None)
}

/// What is said of a reading beside its number.
struct Said {
    time: i64,
    code: Option<String>,
    display: Option<String>,
    date: Option<String>,
    own: bool,
}

fn head(look: &Look<'_>, line: &Line, open: &HashMap<i64, Stored>) -> Result<Option<SeriesHead>, Error> {
    let mut readings = Vec::with_capacity(SPARK);
    for (time, rid) in line.tail() {
        let Some(stored) = open.get(rid) else { continue };
        let node = found::parse(stored)?;
        let Some(element) = element(look, line.part, line.h, &node) else { continue };
        let Some(reading) = reading(element) else { continue };
        let (code, display) = (code_of(look, line, element), display(element));
        let (date, own) = (words::date(&node, *time), entered_by_patient(&node));
        readings.push((Said { time: *time, code, display, date, own }, reading));
    }
    let (Some((_, unit)), Some((first, _))) = (leading(&readings), line.rows.first()) else { return Ok(None) };
    // The newest is shown in the unit of the line.
    let same = readings.iter().filter_map(|(said, reading)| Some((said, reading, reading.within(&unit.key)?)));
    let same: Vec<_> = same.collect();
    let Some((said, latest, number)) = same.last() else { return Ok(None) };
    let Some(code) = said.code.clone() else { return Ok(None) };
    Ok(Some(SeriesHead {
        display: called(&readings, |(said, _)| (said.own, said.display.as_ref())).unwrap_or_else(|| code.clone()),
        code,
        unit: unit.unit.clone(),
        category: line.category,
        count: line.rows.len(),
        first: Timestamp(*first).to_rfc3339(),
        latest: Latest {
            date: said.date.clone().unwrap_or_else(|| Timestamp(said.time).to_rfc3339()),
            comparator: latest.comparator.clone(),
            number: *number,
            flag: latest.flag,
        },
        spark: same.iter().filter(|(_, one, _)| one.comparator.is_none()).map(|(said, _, n)| (said.time, *n)).collect(),
    }))
}

fn display(element: &Node<'_>) -> Option<String> {
    words::concept_of(element, "code")
}

/// The code whose hash the line has.
fn code_of(look: &Look<'_>, line: &Line, element: &Node<'_>) -> Option<String> {
    let codes = element.get("code")?.array_of("coding").iter().filter_map(|coding| coding.str_of("code"));
    codes.into_iter().find(|code| hash(look, line.part, code) == line.h).map(str::to_owned)
}
