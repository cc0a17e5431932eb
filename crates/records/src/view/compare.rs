//! What a record said on one day and what it says on another: values side by side, and what began and ended in between.
//!
//! Only what the record tells is told. A medicine that was finished without anybody writing down when is neither running nor over
//! on a day in the past: it is unclear.

use super::found::{self, Found};
use super::timeline::filter::period;
use super::{Entry, Look, describe, look, words};
use crate::error::Error;
use crate::model::Stored;
use consent::{Category, UNDATED};
use db::Tx;
use fhir::search::param;
use fhir::search::query::fold;
use fhir::{Kind, Node};
use kernel::{Ctx, Issue, Problem};
use ledger::{Action, Disclosure, House};
use serde::Serialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use utoipa::ToSchema;

/// Medicines, problems and allergies that are looked at, newest first.
const COURSES_MOST: usize = 4_000;
/// Bodies that are in memory at once.
const STRETCH: usize = 512;

/// A result or vital sign on the two days: what was measured last until then.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ComparedReading)]
pub struct Reading {
    pub title: String,
    pub category: Category,
    #[schema(required = true)]
    pub before: Option<Entry>,
    #[schema(required = true)]
    pub after: Option<Entry>,
}

/// Whether something was going on on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    No,
    /// It is over, and nobody wrote down since when.
    Unclear,
    Yes,
}

/// A medicine, a problem or an allergy on the two days.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[schema(as = ComparedCourse)]
pub struct Course {
    pub title: String,
    pub category: Category,
    /// The newest entry of it until the later day.
    pub entry: Entry,
    pub before: Standing,
    pub after: Standing,
}

#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Comparison {
    /// What was measured on or before both days; what changed comes first.
    pub readings: Vec<Reading>,
    /// Only what is not over on both days.
    pub courses: Vec<Course>,
}

/// Compares the record as it stood at the end of two days.
pub async fn read(
    house: &House,
    ctx: &Ctx,
    id: &str,
    days: (Option<&str>, Option<&str>),
) -> Result<Disclosure<Comparison>, Problem> {
    let missing =
        |name: &str| Problem::bad_request("Name two days.").with_issues(vec![Issue::new("value", name, "Name a day.")]);
    let end = |name, day: Option<&str>| period(None, day)?.1.ok_or_else(|| missing(name));
    let (before, after) = (end("before", days.0)?, end("after", days.1)?);
    if before >= after {
        let issue = Issue::new("value", "after", "The second day comes after the first.");
        return Err(Problem::bad_request("Name the earlier day first.").with_issues(vec![issue]));
    }
    look(house, ctx, id, move |tx, look| {
        let readings = readings(tx, look, before, after)?;
        let courses = courses(tx, look, before, after)?;
        let shown = readings.iter().map(|r| r.before.iter().chain(&r.after).count()).sum::<usize>() + courses.len();
        look.disclose(tx, Action::Read, "Timeline", shown, Comparison { readings, courses })
    })
    .await
}

/// The last of each code until each of the two ends.
fn readings(tx: &mut Tx<'_>, look: &mut Look<'_>, before: i64, after: i64) -> Result<Vec<Reading>, Error> {
    let code = param(Kind::Observation, "code").map_or(-1, |param| param.code);
    let mut last: BTreeMap<i64, [Option<Found>; 2]> = BTreeMap::new();
    let measured = |found: &Found| matches!(found.category, Category::Result | Category::Vital) && found.time > UNDATED;
    for (hash, found) in found::coded(tx, look, code)?.into_iter().filter(|(_, found)| measured(found)) {
        let ends = last.entry(hash).or_default();
        for (kept, end) in ends.iter_mut().zip([before, after]) {
            let newer = kept.is_none_or(|old| (old.time, old.rid) < (found.time, found.rid));
            if found.time < end && newer {
                *kept = Some(found);
            }
        }
    }
    // An entry with two codes is two series that are one.
    let mut pairs: Vec<[Option<Found>; 2]> = last.into_values().filter(|pair| pair[1].is_some()).collect();
    let mut seen = HashSet::new();
    pairs.retain(|pair| seen.insert(pair.map(|found| found.map(|found| found.rid))));
    let rids: Vec<i64> = pairs.iter().flatten().flatten().map(|found| found.rid).collect();
    let opened = found::open(tx, look, &rids)?;
    let mut out = Vec::new();
    for pair in pairs {
        let [before, after] = [entry_of(tx, look, &opened, pair[0])?, entry_of(tx, look, &opened, pair[1])?];
        if let Some(last) = &after
            && (last.value.is_some() || before.as_ref().is_some_and(|before| before.value.is_some()))
        {
            out.push(Reading { title: last.title.clone(), category: last.category, before, after });
        }
    }
    out.sort_by_cached_key(|reading| {
        let same = reading.before.as_ref().map(|entry| &entry.id) == reading.after.as_ref().map(|entry| &entry.id);
        (
            reading.category != Category::Vital,
            same,
            fold(&reading.title),
            reading.after.as_ref().map(|entry| entry.id.clone()),
        )
    });
    Ok(out)
}

fn entry_of(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    opened: &HashMap<i64, Stored>,
    found: Option<Found>,
) -> Result<Option<Entry>, Error> {
    let Some((stored, found)) = found.and_then(|found| Some((opened.get(&found.rid)?, found))) else { return Ok(None) };
    let node = found::parse(stored)?;
    if describe::withdrawn(&node) {
        return Ok(None);
    }
    describe::entry(tx, look, stored, &node, found.category).map(Some)
}

/// When something was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    GoesOn,
    /// The first instant after it.
    At(i64),
    NobodySaid,
}

/// Everything that has a course, put together by what it is called.
fn courses(tx: &mut Tx<'_>, look: &mut Look<'_>, before: i64, after: i64) -> Result<Vec<Course>, Error> {
    const KINDS: [Kind; 4] =
        [Kind::Condition, Kind::MedicationRequest, Kind::MedicationStatement, Kind::AllergyIntolerance];
    let today = look.ctx.now().0;
    let mut of_each: BTreeMap<(Category, String), Course> = BTreeMap::new();
    for kind in KINDS {
        let mut found = found::of_kind(tx, look, kind)?;
        found.retain(|found| found.time < after);
        found.truncate(COURSES_MOST);
        for some in found.chunks(STRETCH) {
            let rids: Vec<i64> = some.iter().map(|found| found.rid).collect();
            let opened = found::open(tx, look, &rids)?;
            for found in some {
                let Some(stored) = opened.get(&found.rid) else { continue };
                let node = found::parse(stored)?;
                if describe::withdrawn(&node) {
                    continue;
                }
                let entry = describe::entry(tx, look, stored, &node, found.category)?;
                let end = end_of(kind, &node);
                let standing = |day: i64| standing((found.time, end), day, today);
                let (before, after) = (standing(before), standing(after));
                let title = entry.title.clone();
                // Newest first: what is there already is the newer entry.
                let course = of_each.entry((found.category, fold(&title)));
                let course = course.or_insert(Course { title, category: found.category, entry, before, after });
                course.before = course.before.max(before);
                course.after = course.after.max(after);
            }
        }
    }
    Ok(of_each.into_values().filter(|course| course.before != Standing::No || course.after != Standing::No).collect())
}

/// Whether it was going on at the end of a day.
fn standing((start, end): (i64, End), day: i64, today: i64) -> Standing {
    if start >= day {
        return Standing::No;
    }
    match end {
        End::GoesOn => Standing::Yes,
        End::At(over) if day <= over => Standing::Yes,
        End::At(_) => Standing::No,
        // What is over now is over now, whenever that began.
        End::NobodySaid if day > today => Standing::No,
        End::NobodySaid => Standing::Unclear,
    }
}

fn end_of(kind: Kind, node: &Node<'_>) -> End {
    let said =
        |path: &[&str]| node.at(path).and_then(Node::as_str).and_then(fhir::date::span).map(|(_, hi)| End::At(hi));
    let dated = match kind {
        Kind::Condition => said(&["abatementDateTime"]).or_else(|| said(&["abatementPeriod", "end"])),
        Kind::MedicationRequest => said(&["dispenseRequest", "validityPeriod", "end"]),
        Kind::MedicationStatement => said(&["effectivePeriod", "end"]),
        _ => None,
    };
    let runs = match kind {
        Kind::Condition | Kind::AllergyIntolerance => {
            !matches!(words::code_of(node, "clinicalStatus"), Some("inactive" | "resolved" | "remission"))
        }
        _ => matches!(node.str_of("status"), Some("active" | "on-hold" | "draft" | "intended")),
    };
    dated.unwrap_or(if runs { End::GoesOn } else { End::NobodySaid })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_over_without_a_date_is_unclear_on_a_day_in_the_past_and_over_today() {
        let day = |n: i64| n * 86_400_000;
        let at = |end, on: i64| standing((day(10), end), day(on), day(99));
        assert_eq!((at(End::GoesOn, 9), at(End::GoesOn, 11)), (Standing::No, Standing::Yes));
        assert_eq!((at(End::At(day(20)), 15), at(End::At(day(20)), 21)), (Standing::Yes, Standing::No));
        assert_eq!((at(End::NobodySaid, 15), at(End::NobodySaid, 100)), (Standing::Unclear, Standing::No));
        assert_eq!(at(End::NobodySaid, 5), Standing::No, "it had not begun");
        assert_eq!(standing((UNDATED, End::GoesOn), day(1), day(99)), Standing::Yes, "nobody said since when");
    }

    #[test]
    fn an_end_is_what_the_entry_says() {
        let end = |kind, json: &str| end_of(kind, &fhir::json::parse(json.as_bytes()).unwrap());
        let over = fhir::date::span("2023-05-20").unwrap().1;
        assert_eq!(end(Kind::Condition, r#"{"abatementDateTime":"2023-05-20"}"#), End::At(over));
        assert_eq!(end(Kind::Condition, r#"{"clinicalStatus":{"coding":[{"code":"resolved"}]}}"#), End::NobodySaid);
        assert_eq!(end(Kind::Condition, r#"{"clinicalStatus":{"coding":[{"code":"active"}]}}"#), End::GoesOn);
        assert_eq!(end(Kind::MedicationRequest, r#"{"status":"completed"}"#), End::NobodySaid);
        assert_eq!(end(Kind::MedicationStatement, r#"{"status":"active"}"#), End::GoesOn);
        let period = r#"{"status":"completed","effectivePeriod":{"start":"2020","end":"2023-05-20"}}"#;
        assert_eq!(end(Kind::MedicationStatement, period), End::At(over));
    }
}
