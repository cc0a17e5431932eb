//! Finding the patient of an emergency: by what somebody in need can say or a card in their pocket says.

use super::{Look, summary::header};
use crate::error::Error;
use crate::{search, service};
use consent::Access;
use db::Tx;
use fhir::Kind;
use fhir::search::query::fold;
use kernel::{Ctx, Issue, Problem, Timestamp};
use ledger::{Action, Disclosure, House};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use utoipa::ToSchema;

/// Who is looked for. Family name and date of birth must be whole and right: nobody leafs through patients here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LookupForm {
    pub family: String,
    /// The beginning of a first name.
    #[serde(default)]
    pub given: Option<String>,
    #[schema(format = Date)]
    pub birth_date: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Candidate {
    pub id: String,
    pub name: String,
    #[schema(required = true, format = Date)]
    pub birth_date: Option<String>,
    #[schema(required = true)]
    pub age: Option<i64>,
    #[schema(required = true)]
    pub gender: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Candidates {
    /// By name.
    pub patients: Vec<Candidate>,
    /// More have this name and birthday than are shown: say the first name too.
    pub more: bool,
}

const SHOWN: i64 = 10;
const PER_HOUR: usize = 30;
const HOUR_MS: i64 = 3_600_000;
const LONGEST: usize = 100;

/// When each account searched within the last hour, in this process.
#[derive(Default)]
struct Searches(Mutex<HashMap<i64, Vec<i64>>>);

/// An emergency department does not search so often; somebody who collects people does.
fn pace(house: &House, account: i64, now: Timestamp) -> Result<(), Problem> {
    let memory = house.memory::<Searches>();
    let mut all = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
    all.retain(|_, times| times.last().is_some_and(|last| now.0 - last < HOUR_MS));
    let times = all.entry(account).or_default();
    times.retain(|time| now.0 - time < HOUR_MS);
    if times.len() >= PER_HOUR {
        let wait = times.first().map_or(1, |first| (first + HOUR_MS - now.0 + 999) / 1000);
        let wait = u32::try_from(wait).unwrap_or(1).max(1);
        let detail = format!("You have searched very often. Wait {wait} seconds, or use the patient's share code.");
        return Err(Problem::new(429, "rate-limited", detail).retry_after(wait));
    }
    times.push(now.0);
    Ok(())
}

fn check(form: &LookupForm) -> Result<(), Problem> {
    let mut issues = Vec::new();
    let length = form.family.trim().chars().count();
    if !(1..=LONGEST).contains(&length) {
        issues.push(Issue::new("value", "family", "Say the whole family name."));
    }
    if form.given.as_deref().is_some_and(|given| given.chars().count() > LONGEST) {
        issues.push(Issue::new("value", "given", "A first name has at most 100 characters."));
    }
    if form.birth_date.len() != 10 || fhir::date::span(&form.birth_date).is_none() {
        issues.push(Issue::new("value", "birthDate", "Write the day as year-month-day, such as 1984-02-29."));
    }
    if issues.is_empty() { Ok(()) } else { Err(Problem::unprocessable(issues)) }
}

/// The patients with this family name and date of birth.
pub async fn find(house: &House, ctx: &Ctx, form: &LookupForm) -> Result<Disclosure<Candidates>, Problem> {
    let access = Access::lookup(ctx)?;
    check(form)?;
    pace(house, ctx.actor.account().map_or(0, |account| account.get()), ctx.now())?;
    let mut pairs = vec![
        ("family".to_owned(), search::escaped(form.family.trim())),
        ("birthdate".to_owned(), form.birth_date.clone()),
        ("_count".to_owned(), "100".to_owned()),
    ];
    let given = form.given.as_deref().map(str::trim).filter(|given| !given.is_empty());
    pairs.extend(given.map(|given| ("given".to_owned(), search::escaped(given))));
    let query = search::parse(Kind::Patient, &pairs)?;
    let (h, c, family) = (house.clone(), ctx.clone(), fold(form.family.trim()));
    let found = house.db.scan(move |tx| candidates(tx, &h, &c, &access, &query, &family)).await;
    found.map_err(|error: Error| error.into())
}

fn candidates(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    query: &search::Query,
    family: &str,
) -> Result<Disclosure<Candidates>, Error> {
    let page = search::run(tx, house, access, query)?;
    let (mut patients, mut entries, mut more) = (Vec::new(), Vec::new(), page.next.is_some());
    for stored in &page.matches {
        let node = super::found::parse(stored)?;
        // The index knows beginnings of names; only the whole one counts here.
        let whole = node.array_of("name").iter().filter_map(|name| name.str_of("family")).any(|f| fold(f) == family);
        if !whole {
            continue;
        }
        if patients.len() as i64 >= SHOWN {
            more = true;
            break;
        }
        let mut look = Look::new(house, ctx, access, stored.rid);
        let Some(person) = header(tx, &mut look)? else { continue };
        let seen = [stored.marked()];
        entries.push(service::trace_one(tx, ctx, access, Action::Search, ("Patient", 1), (stored.rid, &seen))?);
        let (birth_date, age, gender) = (person.birth_date, person.age, person.gender);
        patients.push(Candidate { id: person.id, name: person.name, birth_date, age, gender });
    }
    patients.sort_by_cached_key(|patient| (fold(&patient.name), patient.id.clone()));
    Ok(Disclosure::new(Candidates { patients, more }, entries))
}
