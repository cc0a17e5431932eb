//! `/fhir/Consent`: the grants that a patient gave, and those that let the caller read, as FHIR Consents; and one more
//! way to give access. What clinics keep as Consents in their own charts stays what it is.

use super::super::respond::{Outcome, base, version};
use crate::model::Stored;
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

/// The caller's grants that the query asks for, newest first, with the trace of showing them.
async fn find(
    house: &House,
    ctx: &Ctx,
    operation: Operation,
    query: Query,
) -> Result<Disclosure<Vec<Stored>>, Problem> {
    let access = Access::open(ctx)?.to(operation, Kind::Consent)?;
    let (h, c) = (house.clone(), ctx.clone());
    let action = if operation == Operation::Read { Action::Read } else { Action::Search };
    let found = house.db.read(move |tx| {
        let mut grants = consent::renewal::current(&c, &h, tx).map_err(Problem::from)?;
        grants.retain(|each| query.wants(&each.grant) && access.app_covers(Kind::Consent, each.patient, &[]));
        let all: Vec<Stored> = grants.into_iter().map(stored).collect();
        let mut entries = Vec::new();
        let mut patients: Vec<i64> = all.iter().map(|each| each.patient).collect();
        patients.sort_unstable();
        patients.dedup();
        for patient in patients {
            let count = all.iter().filter(|each| each.patient == patient).count() as i64;
            entries.push(service::trace_one(tx, &c, &access, action, ("Consent", count), (patient, &[]))?);
        }
        Ok::<_, crate::error::Error>(Disclosure::new(all, entries))
    });
    found.await.map_err(Problem::from)
}

#[derive(Default)]
struct Query {
    patient: Option<String>,
    id: Option<String>,
    active: Option<bool>,
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
    let query = Query { id: Some(id.to_owned()), ..Query::default() };
    let found = async {
        let all = out(house, find(house, ctx, Operation::Read, query).await?).await?;
        Ok(version(StatusCode::OK, all.into_iter().next().ok_or_else(Problem::not_found)?))
    };
    Some(found.await)
}

/// Adds the caller's grants to what was found among entries, so that one search shows both. Pages after the first have them
/// already.
pub async fn add_to(
    house: &House,
    ctx: &Ctx,
    pairs: &[(String, String)],
    page: &mut crate::search::Page,
) -> Result<(), Problem> {
    let mut query = Query::default();
    for (name, value) in pairs {
        match name.as_str() {
            "patient" => query.patient = Some(value.strip_prefix("Patient/").unwrap_or(value).to_owned()),
            "_id" => query.id = Some(value.clone()),
            "status" => query.active = Some(value.rsplit('|').next() == Some("active")),
            "_count" | "_total" => {}
            "_cursor" => return Ok(()),
            other => {
                let text = format!("Consents are searched by patient, status and _id here, not by {other}.");
                return Err(Problem::bad_request(text));
            }
        }
    }
    // Entered in error, rejected and the like: no grant is.
    if pairs.iter().any(|(name, value)| name == "status" && !["active", "inactive"].contains(&value.as_str())) {
        return Ok(());
    }
    let grants = out(house, find(house, ctx, Operation::Search, query).await?).await?;
    if let Some(total) = &mut page.total {
        *total += grants.len() as i64;
    }
    page.matches.extend(grants);
    Ok(())
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
    let form = resource::to_form(&node, &whose).map_err(Problem::unprocessable)?;
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
    let location = format!("{}/Consent/{}/_history/1", base(headers), stored.id());
    let mut response = version(StatusCode::CREATED, stored);
    if let Ok(location) = HeaderValue::from_str(&location) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
