//! Whose record a request is about: the caller's own, or one that they look after and name in a header.

use crate::desk::Desk;
use axum::extract::Request;
use consent::family;
use http::{HeaderName, HeaderValue, Method};
use kernel::{Actor, Ctx, Problem};

/// The header that says whose record is open, when it is not one's own: the id of a Patient.
const RECORD: HeaderName = HeaderName::from_static("x-record");

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
}

impl Asked {
    pub fn of(request: &Request) -> Self {
        let path = request.uri().path();
        let reads = matches!(*request.method(), Method::GET | Method::HEAD) || path.ends_with("/_search");
        Self { path: path.to_owned(), reads, record: request.headers().get(RECORD).cloned() }
    }
}

/// The caller in the record that they opened: their own, or one that they look after.
pub async fn enter(desk: &Desk, ctx: Ctx, asked: Asked) -> Result<Ctx, Problem> {
    let Asked { path, reads, record: Some(record) } = asked else { return Ok(ctx) };
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
