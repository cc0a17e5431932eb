//! Use cases of documents. Line 1 of each authorises; what is read comes with its trace.

use crate::error::{DocumentError, records};
use crate::model::{Document, DocumentChange, Documents, Kind, KindCount, State, TagCount, YearCount};
use crate::reading::index;
use crate::resource;
use crate::rules::{self, Said};
use crate::settings::settings;
use crate::shown::{self, Around, Found, KIND};
use crate::{jobs, store, values};
use consent::Access;
use db::Tx;
use fhir::search::query::fold;
use kernel::{Ctx, Issue, Problem};
use ledger::{Action, Disclosure, House};
use records::beside;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// What is asked for of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Words, in the text or in what is said of it.
    pub q: Option<String>,
    /// The code of a kind.
    pub kind: Option<String>,
    pub tag: Option<String>,
    /// A media type.
    pub r#type: Option<String>,
    /// The first day.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// A part of the name of the clinic or laboratory.
    pub organization: Option<String>,
    /// Those that can be brought back.
    pub deleted: Option<bool>,
    pub sort: Sort,
    /// What `next` of the page before said.
    pub before: Option<String>,
    /// At most 200; 50 by default.
    pub count: Option<usize>,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = DocumentSort)]
pub enum Sort {
    /// What was added last comes first.
    #[default]
    Added,
    /// By the day that they are of, the newest first; those without one last.
    Date,
    /// From A to Z.
    Title,
}

const COUNT: usize = 50;
const COUNT_MOST: usize = 200;

/// One document.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<Document>, Problem> {
    let access = Access::open(ctx)?;
    shown::look(house, ctx, id, move |tx, house, found| shown::shown(tx, house, &access, found)).await
}

fn makes_sense(query: &Query) -> Result<(), Problem> {
    let refuse =
        |path: &str, text: &str| Err(Problem::bad_request(text).with_issues(vec![Issue::new("value", path, text)]));
    for (path, day) in [("from", &query.from), ("to", &query.to)] {
        if day.as_deref().is_some_and(|day| day.len() > 10 || fhir::date::span(day).is_none()) {
            return refuse(path, "from and to are days, such as 2026-03-04.");
        }
    }
    if query.count.is_some_and(|count| !(1..=COUNT_MOST).contains(&count)) {
        return refuse("count", "A page has 1 to 200 documents.");
    }
    Ok(())
}

/// The documents of a record.
pub async fn list(house: &House, ctx: &Ctx, patient: &str, query: Query) -> Result<Disclosure<Documents>, Problem> {
    let access = Access::open(ctx)?;
    makes_sense(&query)?;
    let max_bytes = settings(house)?.max_bytes;
    let (inside, asker, named) = (house.clone(), ctx.clone(), patient.to_owned());
    let found = house.db.scan(move |tx| {
        let of = records::resolve::patient(tx, &inside, &access, &named).map_err(records)?.get();
        let all = shown::all(tx, &inside, &asker, &access, of)?;
        let seen: Vec<_> = all.iter().map(Found::marked).collect();
        let (there, deleted): (Vec<Found>, Vec<Found>) = all.into_iter().partition(|found| !found.deleted());
        let ((kinds, tags), years) = (facets(&there), years(&there));
        let matches = match query.q.as_deref() {
            Some(q) => index::find(tx, &inside, of, q)?,
            None => None,
        };
        let mut picked: Vec<&Found> = if query.deleted == Some(true) { &deleted } else { &there }
            .iter()
            .filter(|found| matches.as_ref().is_none_or(|rids| rids.contains(&found.row.rid)))
            .filter(|found| asked_for(found, &query))
            .collect();
        picked.sort_by_cached_key(|found| place(found, query.sort));
        if let Some(before) = query.before.as_deref() {
            let last = there.iter().chain(&deleted).find(|found| found.id() == before);
            let last = place(last.ok_or_else(begin_anew)?, query.sort);
            picked.retain(|found| place(found, query.sort) > last);
        }
        let most = query.count.unwrap_or(COUNT);
        let next = (picked.len() > most).then(|| picked.get(most - 1).map(|last| last.id().to_owned()));
        picked.truncate(most);
        let items = items(tx, (of, &named), &there, &picked)?;
        let next = next.flatten();
        let entry = beside::trace(tx, &asker, &access, Action::Search, (of, items.len() as i64), &seen);
        let entry = entry.map_err(records)?;
        Ok::<_, DocumentError>(Disclosure::new(Documents { items, next, kinds, tags, years, max_bytes }, vec![entry]))
    });
    match found.await.map_err(Problem::from) {
        Err(problem) if problem.status == 404 => Err(beside::refused(house, ctx, fhir::Kind::Patient, patient).await),
        found => found,
    }
}

/// Where a document stands: no two at the same place.
fn place(found: &Found, sort: Sort) -> (bool, Option<Reverse<String>>, String, Reverse<i64>) {
    let described = found.described();
    let newest = Reverse(found.row.rid);
    match sort {
        Sort::Added => (false, None, String::new(), newest),
        Sort::Date => (described.date.is_none(), described.date.map(Reverse), String::new(), newest),
        Sort::Title => (false, None, fold(&described.title.unwrap_or_default()), newest),
    }
}

fn begin_anew() -> Problem {
    Problem::bad_request(
        "before is what next of the page before said; it is not there any more. Begin with the first page.",
    )
}

/// The day that a document is of, as exact as it was said; where nobody said one, that on which it was added.
fn day_of(found: &Found) -> String {
    found.described().date.unwrap_or_else(|| found.row.added.to_rfc3339()[..10].to_owned())
}

fn asked_for(found: &Found, query: &Query) -> bool {
    let described = found.described();
    let day = day_of(found);
    let holds = |wanted: &Option<String>, has: Option<&str>| {
        wanted.as_deref().is_none_or(|wanted| has.is_some_and(|has| fold(has).contains(&fold(wanted))))
    };
    let same = |wanted: &Option<String>, has: Option<&str>| wanted.is_none() || wanted.as_deref() == has;
    same(&query.kind, described.kind.as_ref().map(|kind| kind.code.as_str()))
        && same(&query.r#type, Some(&found.row.detail.media_type))
        && query.tag.as_ref().is_none_or(|tag| described.tags.iter().any(|has| fold(has) == fold(tag)))
        && holds(&query.organization, described.organization.as_deref())
        && query.from.as_deref().is_none_or(|from| day.as_str() >= from)
        && query.to.as_deref().is_none_or(|to| day.get(..to.len()).is_some_and(|day| day <= to))
}

fn facets(there: &[Found]) -> (Vec<KindCount>, Vec<TagCount>) {
    let (mut kinds, mut tags): (BTreeMap<String, (String, i64)>, BTreeMap<String, i64>) = Default::default();
    for found in there {
        let described = found.described();
        if let Some(Kind { code, display }) = described.kind {
            kinds.entry(code).or_insert((display, 0)).1 += 1;
        }
        for tag in described.tags {
            *tags.entry(tag).or_default() += 1;
        }
    }
    let kinds = kinds.into_iter().map(|(code, (display, count))| KindCount { code, display, count });
    let tags = tags.into_iter().map(|(tag, count)| TagCount { tag, count });
    (kinds.collect(), tags.collect())
}

fn years(there: &[Found]) -> Vec<YearCount> {
    let mut years: BTreeMap<i64, i64> = BTreeMap::new();
    for found in there {
        if let Some(year) = day_of(found).get(..4).and_then(|year| year.parse().ok()) {
            *years.entry(year).or_default() += 1;
        }
    }
    years.into_iter().rev().map(|(year, count)| YearCount { year, count }).collect()
}

fn items(
    tx: &mut Tx<'_>,
    (patient, name): (i64, &str),
    there: &[Found],
    picked: &[&Found],
) -> Result<Vec<Document>, DocumentError> {
    let proposed = store::proposed(tx, patient)?;
    let mut first: HashMap<i64, &Found> = HashMap::new();
    for found in there {
        let known = first.entry(found.row.hash).or_insert(found);
        if found.row.rid < known.row.rid {
            *known = found;
        }
    }
    let around = |found: &Found| Around {
        patient: name.to_owned(),
        to_confirm: proposed.get(&found.row.rid).copied().unwrap_or(0),
        same_as: first
            .get(&found.row.hash)
            .filter(|same| same.row.rid < found.row.rid)
            .map(|same| same.id().to_owned()),
    };
    Ok(picked.iter().map(|found| shown::document(found, around(found))).collect())
}

/// Changes a document that the caller may change, and shows it.
async fn changing<F>(house: &House, ctx: &Ctx, id: &str, change: F) -> Result<Document, Problem>
where
    F: FnOnce(&mut Tx<'_>, &House, &Ctx, &Found) -> Result<(), DocumentError> + Send + 'static,
{
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), id.to_owned());
    let done = house.db.write(move |tx| {
        let Some(found) = shown::find(tx, &inside, &asker, &access, &named)? else { return Ok(None) };
        may_change(&access, &asker, &found)?;
        change(tx, &inside, &asker, &found)?;
        let found = shown::find(tx, &inside, &asker, &access, &named)?.ok_or_else(Problem::not_found)?;
        Ok::<_, DocumentError>(Some(shown::shown(tx, &inside, &access, &found)?))
    });
    match done.await.map_err(Problem::from)? {
        Some(document) => Ok(document),
        None => Err(beside::refused(house, ctx, KIND, id).await),
    }
}

/// Refuses those who can see a document and not change it, in the words of why.
pub fn may_change(access: &Access, ctx: &Ctx, found: &Found) -> Result<(), Problem> {
    access.writer(ctx)?.may_change(KIND, found.beside.row)
}

pub fn not_deleted(found: &Found) -> Result<(), Problem> {
    if found.deleted() { Err(Problem::conflict("This document is deleted. Bring it back first.")) } else { Ok(()) }
}

/// Says something else of a document.
pub async fn change(house: &House, ctx: &Ctx, id: &str, form: DocumentChange) -> Result<Document, Problem> {
    changing(house, ctx, id, move |tx, house, ctx, found| {
        not_deleted(found)?;
        let described = found.described();
        let file_name = described.file_name.clone().unwrap_or_default();
        let old = described.said();
        let said = Said {
            title: form.title.or(old.title),
            kind: form.kind.unwrap_or(old.kind),
            date: form.date.unwrap_or(old.date),
            organization: form.organization.unwrap_or(old.organization),
            tags: form.tags.unwrap_or(old.tags),
        };
        let mut said = rules::check(said, &ctx.now().to_rfc3339()[..10])?;
        said.title = said.title.or_else(|| Some(rules::title_of(&file_name)));
        let json =
            resource::changed(&found.beside.stored.json, &said, found.row.added).ok_or_else(Problem::internal)?;
        beside::update(tx, house, ctx, (KIND, found.id()), &json).map_err(records)?;
        index::say(tx, house, &found.row, &said, &file_name)
    })
    .await
}

/// Deletes a document; for 30 days it can be brought back.
pub async fn delete(house: &House, ctx: &Ctx, id: &str) -> Result<Document, Problem> {
    changing(house, ctx, id, |tx, house, ctx, found| {
        if found.row.deleted.is_none() {
            beside::delete(tx, house, ctx, (KIND, found.id())).map_err(records)?;
            store::set_deleted(tx, found.row.rid, Some(ctx.now()))?;
        }
        Ok(())
    })
    .await
}

/// Brings a deleted document back.
pub async fn restore(house: &House, ctx: &Ctx, id: &str) -> Result<Document, Problem> {
    changing(house, ctx, id, |tx, house, ctx, found| {
        if found.beside.deleted {
            beside::update(tx, house, ctx, (KIND, found.id()), &found.beside.stored.json).map_err(records)?;
        }
        store::set_deleted(tx, found.row.rid, None)?;
        // Whoever reads drops the work on what is deleted.
        if matches!(found.row.state, State::Waiting | State::Reading) {
            let row = store::Row { state: State::Waiting, ..found.row.clone() };
            store::update(tx, house, &row)?;
            jobs::read(tx, row.rid, ctx.now())?;
        }
        Ok(())
    })
    .await
}

/// Has a document read again. What was confirmed or skipped stays.
pub async fn read_again(house: &House, ctx: &Ctx, id: &str) -> Result<Document, Problem> {
    changing(house, ctx, id, |tx, house, ctx, found| {
        not_deleted(found)?;
        if matches!(found.row.state, State::Waiting | State::Reading) {
            return Ok(());
        }
        let mut row = found.row.clone();
        row.state = State::Waiting;
        row.detail.reason = None;
        index::forget_text(tx, row.rid)?;
        values::forget_proposed(tx, row.rid)?;
        store::update(tx, house, &row)?;
        jobs::read(tx, row.rid, ctx.now())?;
        beside::announce(tx, house, row.rid).map_err(records)
    })
    .await
}
