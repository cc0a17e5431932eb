//! Whose record a request is about: the caller's own, or one that they look after and name in a header; and why a
//! practitioner reads.

use crate::desk::Desk;
use axum::extract::Request;
use consent::family;
use http::{HeaderName, HeaderValue, Method};
use kernel::{Actor, Ctx, Problem, Purpose};

/// The header that says whose record is open, when it is not one's own: the id of a Patient.
const RECORD: HeaderName = HeaderName::from_static("x-record");

/// The header in which a practitioner says why they read, when it is not to treat.
const PURPOSE: HeaderName = HeaderName::from_static("x-purpose");

/// What is about the caller's own account and nobody's record, with all that lies under it: there the header says nothing.
const ACCOUNT: [&str; 13] = [
    "/api/auth",
    "/api/inbox",
    "/api/events",
    "/api/family",
    "/api/apps",
    "/api/verification",
    "/api/vault",
    "/api/admin",
    "/api/demo",
    "/api/health",
    "/api/break-glass",
    "/fhir/metadata",
    "/fhir/.well-known",
];

/// What lies there and is about a record all the same: one's own is given into nobody's hands while another's is open.
const OF_A_RECORD: &str = "/api/family/delegations";

/// What a request says of whose record it is about.
pub struct Asked {
    path: String,
    reads: bool,
    record: Option<HeaderValue>,
    purpose: Option<HeaderValue>,
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD) || path.ends_with("/_search");
        let said = |name: &HeaderName| request.headers().get(name).cloned();
        Self { path: path.to_owned(), reads, record: said(&RECORD), purpose: said(&PURPOSE) }
    }
}

/// The caller in the record that they opened: their own, or one that they look after.
pub async fn enter(desk: &Desk, ctx: Ctx, asked: Asked) -> Result<Ctx, Problem> {
    let ctx = purpose(ctx, &asked)?;
    let Asked { path, reads, record: Some(record), .. } = asked else { return Ok(ctx) };
    let under = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let account = path != OF_A_RECORD && ACCOUNT.into_iter().any(under);
    if account || matches!(ctx.actor, Actor::Nobody) {
        return Ok(ctx);
    }
    // Never the caller's own record instead of the one that was meant.
    let record = record.to_str().map_err(|_| Problem::not_found())?;
    let ctx = family::enter(&desk.house, ctx, record).await?;
    family::deputies(&ctx, reads, &path)?;
    Ok(ctx)
}

/// The caller with the purpose that they say. Grants are given for one purpose, and show nothing to whoever reads for another.
fn purpose(ctx: Ctx, asked: &Asked) -> Result<Ctx, Problem> {
    let Some(said) = asked.purpose.as_ref().filter(|_| !matches!(ctx.actor, Actor::Nobody)) else { return Ok(ctx) };
    if !matches!(ctx.actor, Actor::Practitioner { .. }) {
        return Err(Problem::bad_request("Only a practitioner says with X-Purpose why they read."));
    }
    let known = [Purpose::Treatment, Purpose::Research, Purpose::Operations];
    let purpose = said.to_str().ok().and_then(|said| known.into_iter().find(|one| one.as_str() == said));
    let unknown = || Problem::bad_request("X-Purpose says treatment, research or operations.");
    let purpose = purpose.ok_or_else(unknown)?;
    if purpose != Purpose::Treatment && !asked.reads {
        return Err(Problem::bad_request("X-Purpose says why something is read; what is changed is for treatment."));
    }
    Ok(Ctx { purpose, ..ctx })
}
