//! Readings of one kind over time: vital signs and results that are numbers.

mod thin;

use super::found::{self, range};
use super::{Flag, Look, look, value, words};
use crate::error::Error;
use crate::index::code_hash;
use crate::model::Stored;
use consent::Category;
use db::{Sql, Tx};
use fhir::search::param;
use fhir::{Kind, Node};
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use thin::thin;
use utoipa::ToSchema;

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
    pub latest: Latest,
    /// The last readings in the unit of the latest, oldest first: milliseconds since 1970 and the number.
    pub spark: Vec<(i64, f64)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Latest {
    #[schema(format = DateTime)]
    pub date: String,
    pub number: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
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
    /// How many readings there are in the period, when not all of them are among the points.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thinned: Option<usize>,
    /// Readings in another unit than the latest: they are not among the points.
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
        let shown = series.thinned.unwrap_or(series.points.len());
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

/// A reading within an Observation.
struct Reading {
    number: f64,
    unit: Option<String>,
    /// The code of the unit: readings of different units are no one line.
    key: String,
    flag: Option<Flag>,
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

fn reading(element: &Node<'_>) -> Option<Reading> {
    let flag = value::flag(element);
    if let Some(quantity) = element.get("valueQuantity") {
        let number = quantity.get("value").and_then(Node::as_f64)?;
        let unit = value::unit_of(quantity).filter(|unit| !unit.is_empty());
        return Some(Reading { number, unit, key: value::unit_key(quantity).to_owned(), flag });
    }
    let number = element.get("valueInteger").and_then(Node::as_f64)?;
    Some(Reading { number, unit: None, key: String::new(), flag })
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
    let mut lines = lines(tx, look)?;
    let last: HashSet<i64> = lines.iter().filter_map(|line| line.rows.last()).map(|(_, rid)| *rid).collect();
    let mut open = found::open(tx, look, &last.into_iter().collect::<Vec<_>>())?;
    // What is no number in its latest reading is no series: nothing more of it needs to be opened.
    let sizes: HashMap<(Part, i64), usize> = lines.iter().map(|line| ((line.part, line.h), line.rows.len())).collect();
    let mut kept = Vec::with_capacity(lines.len());
    for line in lines.drain(..) {
        let Some(stored) = line.rows.last().and_then(|(_, rid)| open.get(rid)) else { continue };
        let node = found::parse(stored)?;
        let Some(element) = element(look, line.part, line.h, &node).filter(|e| reading(e).is_some()) else { continue };
        let Some(code) = main_code(element) else { continue };
        // A second code of the same readings is no second series.
        let main = hash(look, line.part, code);
        if main == line.h || sizes.get(&(line.part, main)).is_none_or(|size| *size < line.rows.len()) {
            kept.push(line);
        }
    }
    let tail = |line: &Line| line.rows[line.rows.len().saturating_sub(SPARK)..].to_vec();
    let wanted: HashSet<i64> = kept.iter().flat_map(&tail).map(|(_, rid)| rid).collect();
    let missing: Vec<i64> = wanted.into_iter().filter(|rid| !open.contains_key(rid)).collect();
    open.extend(found::open(tx, look, &missing)?);
    let mut heads = Vec::with_capacity(kept.len());
    for line in &kept {
        heads.extend(head(look, line, &tail(line), &open)?);
    }
    heads.sort_by(|a, b| {
        let key = |head: &SeriesHead| head.category == SeriesCategory::Result;
        key(a).cmp(&key(b)).then_with(|| b.latest.date.cmp(&a.latest.date)).then_with(|| a.display.cmp(&b.display))
    });
    Ok(heads)
}

fn head(
    look: &Look<'_>,
    line: &Line,
    tail: &[(i64, i64)],
    open: &HashMap<i64, Stored>,
) -> Result<Option<SeriesHead>, Error> {
    let mut readings = Vec::with_capacity(tail.len());
    let mut called = None;
    for (time, rid) in tail {
        let Some(stored) = open.get(rid) else { continue };
        let node = found::parse(stored)?;
        let Some(element) = element(look, line.part, line.h, &node) else { continue };
        let Some(reading) = reading(element) else { continue };
        called = Some((code_of(look, line, element), display(element)));
        readings.push((*time, reading));
    }
    let (Some((time, latest)), Some((Some(code), display)), Some((first, _))) =
        (readings.last(), called, line.rows.first())
    else {
        return Ok(None);
    };
    let same = readings.iter().filter(|(_, reading)| reading.key == latest.key);
    Ok(Some(SeriesHead {
        display: display.unwrap_or_else(|| code.clone()),
        code,
        unit: latest.unit.clone(),
        category: line.category,
        count: line.rows.len(),
        first: Timestamp(*first).to_rfc3339(),
        latest: Latest { date: Timestamp(*time).to_rfc3339(), number: latest.number, flag: latest.flag },
        spark: same.map(|(time, reading)| (*time, reading.number)).collect(),
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

/// The readings of one code; of more than `most`, only the lowest and the highest of each stretch.
pub(super) fn one(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    code: &str,
    period: (Option<i64>, Option<i64>),
    most: usize,
) -> Result<Option<Series>, Error> {
    let mut rows: Vec<(i64, i64, Part)> = Vec::new();
    for part in Part::ALL {
        let mut sql = range(look, "pt.lo, pt.rid", part.param(), Some(hash(look, part, code)));
        measured(&mut sql);
        standing(look, &mut sql);
        rows.extend(tx.rows(&sql, |row| Ok::<_, Error>((row.int(0)?, row.int(1)?, part)))?);
    }
    rows.sort_unstable();
    let Some(latest) = newest_reading(tx, look, code, &rows)? else { return Ok(None) };
    let within = |time: i64| period.0.is_none_or(|from| time >= from) && period.1.is_none_or(|to| time < to);
    rows.retain(|(time, _, _)| within(*time));
    let (mut points, mut others) = (Vec::with_capacity(rows.len()), 0);
    for stretch in rows.chunks(STRETCH) {
        let rids: Vec<i64> = stretch.iter().map(|(_, rid, _)| *rid).collect();
        let open = found::open(tx, look, &rids)?;
        for (time, rid, part) in stretch {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            match element(look, *part, hash(look, *part, code), &node).and_then(reading) {
                Some(reading) if reading.key == latest.reading.key => {
                    points.push((*time, reading.number, stored.id().to_owned()));
                }
                Some(_) => others += 1,
                None => {}
            }
        }
    }
    let all = points.len();
    let points = if all > most { thin(points, most) } else { points };
    Ok(Some(Series {
        code: code.to_owned(),
        display: latest.display,
        unit: latest.reading.unit,
        reference: latest.reference,
        thinned: (points.len() < all).then_some(all),
        points,
        other_units: (others > 0).then_some(others),
    }))
}

struct Newest {
    reading: Reading,
    display: String,
    reference: Option<Reference>,
}

/// The newest reading that is a number: it gives the series its name, unit and range.
fn newest_reading(
    tx: &mut Tx<'_>,
    look: &Look<'_>,
    code: &str,
    rows: &[(i64, i64, Part)],
) -> Result<Option<Newest>, Error> {
    for some in rows.rchunks(SPARK) {
        let open = found::open(tx, look, &some.iter().map(|(_, rid, _)| *rid).collect::<Vec<_>>())?;
        for (_, rid, part) in some.iter().rev() {
            let Some(stored) = open.get(rid) else { continue };
            let node = found::parse(stored)?;
            let Some(element) = element(look, *part, hash(look, *part, code), &node) else { continue };
            let Some(reading) = reading(element) else { continue };
            let reference = value::reference(element).map(|(low, high)| Reference { low, high });
            let display = display(element).unwrap_or_else(|| code.to_owned());
            return Ok(Some(Newest { reading, display, reference }));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_a_reading_without_a_unit() {
        let node = fhir::json::parse(br#"{"valueInteger":7}"#).unwrap();
        let reading = reading(&node).unwrap();
        assert_eq!((reading.number, reading.unit), (7.0, None));
        assert!(super::reading(&fhir::json::parse(br#"{"valueString":"7"}"#).unwrap()).is_none());
    }
}
