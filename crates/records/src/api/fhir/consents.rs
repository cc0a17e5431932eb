//! `/fhir/Consent`: the grants that a patient gave, and those that let the caller read, as FHIR Consents; and one more
//! way to give access. What clinics keep as Consents in their own charts stays what it is.

use super::super::respond::{Outcome, base, version};
use crate::model::Stored;
use crate::search::{self, Page};
use crate::service::{self, out};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use consent::{Access, Grant, resource};
use fhir::Kind;
use kernel::app::Operation;
use kernel::{Actor, Ctx, Issue, Problem, Timestamp};
use ledger::{Action, Disclosure, House};

/// Whoever gives or receives grants.
pub fn concerns(ctx: &Ctx, kind: Kind) -> bool {
    kind == Kind::Consent && matches!(ctx.actor, Actor::Patient { .. } | Actor::Practitioner { .. })
}

fn stored(found: consent::renewal::Current) -> Stored {
    let consent::renewal::Current { grant, patient, version, updated } = found;
    let json = resource::of_grant(&grant, version, &updated.to_rfc3339());
    Stored { rid: 0, kind: Kind::Consent, patient, version, updated, time: updated.0, marks: 0, json }
}

/// Some of the caller's grants, newest first.
struct Found {
    shown: Vec<Stored>,
    /// How many match, shown or not.
    total: i64,
    /// Where the next page begins, if there is one.
    next: Option<String>,
}

/// The caller's grants that the query asks for, with the trace of showing them. A number that is not shown but counted tells
/// of the record too.
async fn find(house: &House, ctx: &Ctx, operation: Operation, query: Query) -> Result<Disclosure<Found>, Problem> {
    let access = Access::open(ctx)?.to(operation, Kind::Consent)?;
    let (h, c) = (house.clone(), ctx.clone());
    let action = if operation == Operation::Read { Action::Read } else { Action::Search };
    let found = house.db.read(move |tx| {
        consent::still(tx, &h, &c)?;
        let mut grants = consent::renewal::current(&c, &h, tx).map_err(Problem::from)?;
        grants.retain(|each| query.wants(&each.grant) && access.app_covers(Kind::Consent, each.patient, &[]));
        grants.sort_by_key(|each| std::cmp::Reverse(each.grant.id));
        let total = grants.len() as i64;
        let mut patients: Vec<i64> = grants.iter().map(|each| each.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        let first = query.below.unwrap_or(i64::MAX);
        grants.retain(|each| each.grant.id < first);
        let rest = grants.split_off(grants.len().min(query.room));
        // A number that the caller knows: the grants before it are on pages that they have seen.
        let next = rest.first().map(|each| format!("{PAGE}{}", each.grant.id + 1));
        let shown: Vec<Stored> = grants.into_iter().map(stored).collect();
        let mut entries = Vec::new();
        for patient in patients {
            let count = shown.iter().filter(|each| each.patient == patient).count() as i64;
            entries.push(service::trace_one(tx, &c, &access, action, ("Consent", count), (patient, &[]))?);
        }
        Ok::<_, crate::error::Error>(Disclosure::new(Found { shown, total, next }, entries))
    });
    found.await.map_err(Problem::from)
}

/// How a page link begins that leads into the middle of the grants.
const PAGE: &str = "grants-below-";

#[derive(Default)]
struct Query {
    patient: Option<String>,
    id: Option<String>,
    active: Option<bool>,
    /// Only grants with smaller numbers.
    below: Option<i64>,
    /// How many at most.
    room: usize,
}

impl Query {
    fn wants(&self, grant: &Grant) -> bool {
        let active = grant.state == consent::State::Active;
        self.patient.as_ref().is_none_or(|id| *id == grant.patient.id)
            && self.id.as_ref().is_none_or(|id| resource::number(id) == Some(grant.id))
            && self.active.is_none_or(|wanted| wanted == active)
    }
}

/// One grant; `None` when the id is no grant's.
pub async fn read(house: &House, ctx: &Ctx, id: &str) -> Option<Result<Response, Outcome>> {
    resource::number(id)?;
    let query = Query { id: Some(id.to_owned()), room: 1, ..Query::default() };
    let found = async {
        let all = out(house, find(house, ctx, Operation::Read, query).await?).await?;
        Ok(version(StatusCode::OK, all.shown.into_iter().next().ok_or_else(Problem::not_found)?))
    };
    Some(found.await)
}

/// Entries and the caller's grants in one search: the entries first, then the grants, as many on a page as were asked for.
pub async fn search(house: &House, ctx: &Ctx, query: search::Query) -> Result<Page, Problem> {
    let asked = asked(&query.pairs)?;
    let most = usize::try_from(query.count).unwrap_or(0);
    let below = query.after.as_deref().and_then(|after| after.strip_prefix(PAGE)).map(str::to_owned);
    let mut page = match below {
        Some(_) => Page { kind: query.kind, matches: Vec::new(), next: None, total: None, counted: Vec::new() },
        None => out(house, service::search(house, ctx, query).await?).await?,
    };
    let Some(asked) = asked else { return Ok(page) };
    let refused = || Problem::bad_request("This page link does not belong to this search: start the search again.");
    let below = below.map(|number| number.parse().map_err(|_| refused())).transpose()?;
    // While entries are left the grants wait for a later page, and only count.
    let room = if page.next.is_some() { 0 } else { most.saturating_sub(page.matches.len()) };
    if room == 0 && page.total.is_none() && page.next.is_some() {
        return Ok(page);
    }
    let found = out(house, find(house, ctx, Operation::Search, Query { below, room, ..asked }).await?).await?;
    if let Some(total) = &mut page.total {
        *total += found.total;
    }
    page.matches.extend(found.shown);
    // A page without room for a single one is a question for the number.
    page.next = page.next.or(found.next.filter(|_| most > 0));
    Ok(page)
}

/// What is asked of the grants; `None` when no grant can be meant.
fn asked(pairs: &[(String, String)]) -> Result<Option<Query>, Problem> {
    let mut query = Query::default();
    for (name, value) in pairs {
        match name.as_str() {
            "patient" => query.patient = Some(value.strip_prefix("Patient/").unwrap_or(value).to_owned()),
            "_id" => query.id = Some(value.clone()),
            "status" => query.active = Some(value.rsplit('|').next() == Some("active")),
            "_count" | "_total" => {}
            other => {
                let text = format!("Consents are searched by patient, status and _id here, not by {other}.");
                return Err(Problem::bad_request(text));
            }
        }
    }
    // Entered in error, rejected and the like: no grant is.
    let never =
        |(name, value): &(String, String)| name == "status" && !["active", "inactive"].contains(&value.as_str());
    Ok((!pairs.iter().any(never)).then_some(query))
}

/// A patient's Consent gives access, as the form of the page does.
pub async fn create(house: &House, ctx: &Ctx, headers: &HeaderMap, body: &[u8]) -> Result<Response, Outcome> {
    Access::open(ctx)?.to(Operation::Create, Kind::Consent)?;
    ctx.confirmed()?;
    let (kind, node) = crate::prepare::parse(body)?;
    if kind != Kind::Consent {
        return Err(Problem::bad_request("This address takes a Consent.").into());
    }
    let Actor::Patient { patient, .. } = ctx.actor else { return Err(Problem::not_found().into()) };
    let (h, own) = (house.clone(), patient.get());
    let whose = house.db.read(move |tx| consent::renewal::id_of(&h, tx, own)).await.map_err(Problem::from)?;
    let form = resource::to_form(&node, &whose, ctx.now()).map_err(Problem::unprocessable)?;
    let (h, c) = (house.clone(), ctx.clone());
    let made = house.db.write(move |tx| {
        let grantee = consent::resolve(tx, &h, form.grantee.r#type, &form.grantee.id)?;
        let path = "Consent.provision.actor[0].reference";
        let unknown = || Issue::new("not-found", path, "The directory has nobody with this id.");
        let grant = consent::service::grant(&c, &h, tx, &form, grantee.ok_or_else(unknown)?)?;
        Ok::<_, consent::ConsentError>(consent::renewal::Current {
            grant,
            patient: own,
            version: 1,
            updated: Timestamp(c.now().0),
        })
    });
    let made = made.await.map_err(|error| match error {
        consent::ConsentError::Invalid(issues) => {
            Problem::unprocessable(issues.into_iter().map(resource::place).collect())
        }
        other => other.into(),
    });
    let stored = stored(made?);
    // What a grant said before is told under the grant itself, not as versions of a resource.
    let location = format!("{}/Consent/{}", base(headers), stored.id());
    let mut response = version(StatusCode::CREATED, stored);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
