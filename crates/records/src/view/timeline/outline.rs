//! How much of a record there is and when, without opening any of it: what a page needs to draw a scroll bar over fifty thousand
//! entries before it fetches the first.

use super::filter::Filter;
use super::{DAY_MS, ENTRIES, picked};
use crate::error::Error;
use crate::index::WHOLE_RECORD;
use crate::view::digest::{self, FROM_PATIENT};
use crate::view::{Look, found, look, names};
use consent::{Category, Label, UNDATED};
use db::Tx;
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A window is closed at the end of the day on which it has this many entries, and before one that would make it this much longer.
const WINDOW: i64 = 80;
const WINDOW_MOST: i64 = 160;
/// Sources that are offered to choose from.
const SOURCES_MOST: usize = 60;

/// Some days of a record: small enough to be fetched at once, unless one day alone is longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineWindow)]
pub struct Window {
    /// First and last day on which there is something.
    #[schema(format = Date)]
    pub from: String,
    #[schema(format = Date)]
    pub to: String,
    pub count: i64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineMonth)]
pub struct Month {
    /// `2024-03`
    pub month: String,
    pub count: i64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineOutline)]
pub struct Outline {
    /// Entries under these conditions.
    pub total: i64,
    /// Newest first.
    pub windows: Vec<Window>,
    /// Newest first; only months in which there is something.
    pub months: Vec<Month>,
    /// Entries that say no date.
    pub undated: i64,
    /// Over all that can be seen, whatever was asked for.
    pub all: i64,
    pub categories: BTreeMap<Category, i64>,
    pub labels: BTreeMap<Label, i64>,
}

/// The outline of a record's timeline.
pub async fn read(house: &House, ctx: &Ctx, id: &str, filter: Filter) -> Result<Disclosure<Outline>, Problem> {
    look(house, ctx, id, move |tx, look| {
        let outline = outline(tx, look, &filter)?;
        look.disclose(tx, Action::Read, "Counts", 0, outline)
    })
    .await
}

fn outline(tx: &mut Tx<'_>, look: &Look<'_>, filter: &Filter) -> Result<Outline, Error> {
    let mut out = Outline::default();
    let mut days = Days::default();
    // Only what is asked for by words or sources needs more than the index.
    let mut sql = found::range(look, "pt.lo, pt.marks", WHOLE_RECORD, Some(0));
    sql.push(" AND (pt.marks & ").int(ENTRIES).push(") <> 0 ORDER BY pt.lo DESC");
    tx.for_each(sql.text(), &sql.params(), |row| {
        let (time, marks) = (row.int(0)?, row.int(1)?);
        out.all += 1;
        *out.categories.entry(Category::of_marks(marks)).or_default() += 1;
        for label in Label::ALL.into_iter().filter(|label| marks & label.bit() != 0) {
            *out.labels.entry(label).or_default() += 1;
        }
        if !filter.pick.asks() && filter.takes(time, marks) {
            days.add(time);
        }
        Ok::<_, Error>(true)
    })?;
    if filter.pick.asks() {
        picked(tx, look, filter)?.iter().for_each(|row| days.add(row.time));
    }
    days.close();
    Ok(Outline { total: days.total, windows: days.windows, months: days.months, undated: days.undated, ..out })
}

/// Days come newest first and are put together to windows and months.
#[derive(Default)]
struct Days {
    day: Option<(i64, i64)>,
    /// First and last day, and entries.
    window: Option<(i64, i64, i64)>,
    windows: Vec<Window>,
    months: Vec<Month>,
    undated: i64,
    total: i64,
}

impl Days {
    fn add(&mut self, time: i64) {
        self.total += 1;
        if time == UNDATED {
            self.undated += 1;
            return;
        }
        let day = time.div_euclid(DAY_MS);
        match &mut self.day {
            Some((current, count)) if *current == day => *count += 1,
            _ => {
                self.end_day();
                self.day = Some((day, 1));
            }
        }
    }

    fn end_day(&mut self) {
        let Some((day, count)) = self.day.take() else { return };
        let text = day_text(day);
        let month = text.get(..7).unwrap_or_default();
        match self.months.last_mut().filter(|last| last.month == month) {
            Some(last) => last.count += count,
            None => self.months.push(Month { month: month.to_owned(), count }),
        }
        if self.window.is_some_and(|(_, _, have)| have >= WINDOW || have + count > WINDOW_MOST) {
            self.end_window();
        }
        self.window = Some(match self.window {
            Some((_, to, have)) => (day, to, have + count),
            None => (day, day, count),
        });
    }

    fn end_window(&mut self) {
        if let Some((from, to, count)) = self.window.take() {
            self.windows.push(Window { from: day_text(from), to: day_text(to), count });
        }
    }

    fn close(&mut self) {
        self.end_day();
        self.end_window();
    }
}

fn day_text(day: i64) -> String {
    Timestamp(day * DAY_MS).to_rfc3339().get(..10).unwrap_or_default().to_owned()
}

/// Somebody or some place that entries are from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineSource)]
pub struct Source {
    /// What goes into `by`: a reference into the directory, or `patient`.
    pub source: String,
    /// `null` for the patient.
    #[schema(required = true)]
    pub name: Option<String>,
    pub count: i64,
}

/// What a timeline can be narrowed to beside kinds, areas and days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = TimelineChoices)]
pub struct Choices {
    /// Values out of the usual range.
    pub abnormal: i64,
    /// Those that most entries are from first.
    pub sources: Vec<Source>,
}

/// Who and where the entries are from, and how many are out of the usual.
pub async fn choices(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Choices>, Problem> {
    look(house, ctx, id, |tx, look| {
        let all = digest::rows(tx, look, &|sql| {
            sql.push(" AND (pt.marks & ").int(ENTRIES).push(") <> 0");
        })?;
        let found = digest::found(tx, look, &all)?;
        let mut sources = Vec::new();
        for (source, count) in found.sources {
            if sources.len() >= SOURCES_MOST {
                break;
            }
            if source == FROM_PATIENT {
                sources.push(Source { source, name: None, count });
            } else if let Some(name) = names::named(tx, look, &source)? {
                sources.push(Source { source, name: Some(name), count });
            }
        }
        look.disclose(tx, Action::Read, "Counts", 0, Choices { abnormal: found.unusual, sources })
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outlined(days: &[(i64, i64)]) -> Days {
        let mut out = Days::default();
        for (day, count) in days {
            (0..*count).for_each(|n| out.add(day * DAY_MS + n));
        }
        out.close();
        out
    }

    #[test]
    fn windows_are_whole_days_of_about_the_same_length() {
        let out = outlined(&[(19_800, 30), (19_790, 60), (19_700, 5), (19_699, 500), (19_698, 1)]);
        let windows: Vec<(&str, &str, i64)> =
            out.windows.iter().map(|w| (w.from.as_str(), w.to.as_str(), w.count)).collect();
        assert_eq!(
            windows,
            [
                ("2024-03-08", "2024-03-18", 90),
                ("2023-12-09", "2023-12-09", 5),
                ("2023-12-08", "2023-12-08", 500),
                ("2023-12-07", "2023-12-07", 1)
            ]
        );
        let months: Vec<(&str, i64)> = out.months.iter().map(|m| (m.month.as_str(), m.count)).collect();
        assert_eq!(months, [("2024-03", 90), ("2023-12", 506)]);
        assert_eq!(out.total, 596);
    }

    #[test]
    fn what_has_no_date_is_in_no_window() {
        let mut out = Days::default();
        out.add(UNDATED);
        out.close();
        assert_eq!((out.undated, out.total, out.windows.len(), out.months.len()), (1, 1, 0, 0));
    }
}
