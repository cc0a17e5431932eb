//! What is asked for of a timeline: read from a request, and put into the statement.

use super::ENTRIES;
use crate::view::digest::Pick;
use consent::{Category, Label, UNDATED};
use db::Sql;
use kernel::{Issue, Problem};

/// Entries of a page when nothing else is asked for.
pub const COUNT: usize = 40;
const COUNT_MAX: usize = 200;
const WORDS_MOST: usize = 200;
const SOURCE_MOST: usize = 200;

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Category bits; 0 for all.
    pub categories: i64,
    /// Bits of sensitive areas; 0 for all entries, in whatever area.
    pub labels: i64,
    /// First instant.
    pub from: Option<i64>,
    /// The instant after the last.
    pub to: Option<i64>,
    /// Only what has no date.
    pub undated: bool,
    pub pick: Pick,
}

/// The conditions of a request, as they come.
#[derive(Debug, Default)]
pub struct Asked<'q> {
    pub category: Option<&'q str>,
    pub label: Option<&'q str>,
    pub from: Option<&'q str>,
    pub to: Option<&'q str>,
    pub undated: bool,
    pub abnormal: bool,
    pub by: Option<String>,
    pub words: Option<String>,
}

impl Filter {
    /// Reads the parameters of a request.
    pub fn read(asked: Asked<'_>) -> Result<Self, Problem> {
        let mut categories = 0;
        for name in names(asked.category) {
            match Category::parse(name).filter(|c| *c != Category::Person) {
                Some(category) => categories |= category.bit(),
                None => return Err(refuse("category", "Name categories such as result,medicine.")),
            }
        }
        let mut labels = 0;
        for name in names(asked.label) {
            let known = serde_json::from_value::<Label>(serde_json::Value::String(name.to_owned()));
            labels |= known.map_err(|_| refuse("label", "Name sensitive areas such as mental-health."))?.bit();
        }
        let (from, to) = period(asked.from, asked.to)?;
        if asked.undated && (from.is_some() || to.is_some()) {
            return Err(refuse("undated", "What has no date lies in no period: leave out `from` and `to`."));
        }
        let short = |name: &str, text: Option<String>, most: usize| match text.filter(|text| !text.trim().is_empty()) {
            Some(text) if text.chars().count() > most => Err(refuse(name, "This is longer than it can be.")),
            text => Ok(text),
        };
        let pick = Pick {
            unusual: asked.abnormal,
            by: short("by", asked.by, SOURCE_MOST)?,
            words: short("q", asked.words, WORDS_MOST)?,
        };
        Ok(Self { categories, labels, from, to, undated: asked.undated, pick })
    }

    /// Appends what the index can compare.
    pub(super) fn restrict(&self, sql: &mut Sql) {
        let bits = if self.categories == 0 { ENTRIES } else { self.categories & ENTRIES };
        sql.push(" AND (pt.marks & ").int(bits).push(") <> 0");
        if self.labels != 0 {
            sql.push(" AND (pt.marks & ").int(self.labels).push(") <> 0");
        }
        if self.undated {
            sql.push(" AND pt.lo = ").int(UNDATED);
        }
        if let Some(from) = self.from {
            sql.push(" AND pt.lo >= ").int(from);
        }
        if let Some(to) = self.to {
            // What has no date lies in no period.
            sql.push(" AND pt.lo < ").int(to).push(" AND pt.lo > ").int(UNDATED);
        }
    }

    /// The same for a row that was read.
    pub(super) const fn takes(&self, time: i64, marks: i64) -> bool {
        let bits = if self.categories == 0 { ENTRIES } else { self.categories & ENTRIES };
        let from = match self.from {
            Some(from) => time >= from,
            None => true,
        };
        let to = match self.to {
            Some(to) => time < to && time > UNDATED,
            None => true,
        };
        marks & bits != 0
            && (self.labels == 0 || marks & self.labels != 0)
            && (!self.undated || time == UNDATED)
            && from
            && to
    }
}

/// How much of it is wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Slice {
    pub before: Option<String>,
    /// Entries of a page, about: a day is not cut unless it is long.
    pub count: usize,
    /// Whether the first page tells the totals too.
    pub totals: bool,
}

impl Slice {
    pub fn read(before: Option<String>, count: Option<usize>, totals: bool) -> Result<Self, Problem> {
        let count = match count {
            Some(0) => return Err(refuse("count", "A page has at least one entry.")),
            count => count.unwrap_or(COUNT).min(COUNT_MAX),
        };
        Ok(Self { before: before.filter(|b| !b.is_empty()), count, totals })
    }

    /// The first page as it comes when nothing else is said.
    pub const fn first() -> Self {
        Self { before: None, count: COUNT, totals: true }
    }
}

fn names(list: Option<&str>) -> impl Iterator<Item = &str> {
    list.unwrap_or_default().split(',').filter(|name| !name.is_empty())
}

/// First instant and end of a period given by its first and last day.
pub fn period(from: Option<&str>, to: Option<&str>) -> Result<(Option<i64>, Option<i64>), Problem> {
    let day = |name: &'static str, text: Option<&str>| match text.filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => match fhir::date::span(text) {
            Some(span) => Ok(Some(span)),
            None => Err(refuse(name, "Write a day as year-month-day, such as 2024-02-29.")),
        },
    };
    Ok((day("from", from)?.map(|(lo, _)| lo), day("to", to)?.map(|(_, hi)| hi)))
}

pub(super) fn refuse(name: &str, text: &str) -> Problem {
    Problem::bad_request(text).with_issues(vec![Issue::new("value", name, text)])
}
