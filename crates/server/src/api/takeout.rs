//! A record taken along in one file, for people and for programs: by the patient whose it is.

use super::pieces;
use crate::desk::Desk;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use exchange::takeout::{self, Archive};
use http::HeaderMap;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use identity::Standing;
use kernel::{Ctx, Problem};
use records::service::out;
use std::sync::Arc;

fn file(ctx: &Ctx, kind: &'static str, ending: &str, content: impl IntoResponse) -> Response {
    let day = ctx.now().to_rfc3339();
    let name = format!("attachment; filename=\"health-record-{}.{ending}\"", day.get(..10).unwrap_or_default());
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], content).into_response()
}

/// My record as one ZIP: `record.pdf` to read, `record.json` (FHIR), `ledger.json` (with proofs), `documents/`
/// (its files), `read-me.txt`.
#[utoipa::path(get, path = "/api/patients/{id}/export/archive", tag = "record",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, description = "The file", content_type = "application/zip"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not my record")))]
pub async fn archive(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    ctx.confirmed()?;
    let standing = Standing::of(&desk.house, &ctx, &headers).await?;
    let readable = out(&desk.house, takeout::read(&desk.house, &ctx, &id).await?).await?;
    let mut files = out(&desk.house, documents::taken(&desk.house, &ctx, &id).await?).await?.into_iter();
    let house = desk.house.clone();
    let more = move || {
        let (next, house) = (files.next(), house.clone());
        async move {
            let Some(taken) = next else { return Ok(None) };
            let content = taken.open(&house).await?;
            Ok(Some((format!("documents/{}", taken.name), content)))
        }
    };
    let archive = takeout::archive(&desk.house, &ctx, readable, more);
    Ok(file(&ctx, "application/zip", "zip", pieces::body(standing, archive, Archive::next)))
}

/// My record as a PDF that prints.
#[utoipa::path(get, path = "/api/patients/{id}/export/pdf", tag = "record",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, description = "The file", content_type = "application/pdf"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not my record")))]
pub async fn pdf(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    ctx.confirmed()?;
    let readable = out(&desk.house, takeout::read(&desk.house, &ctx, &id).await?).await?;
    Ok(file(&ctx, "application/pdf", "pdf", readable.pdf))
}
