//! A record taken along in one file, for people and for programs: by the patient whose it is.

use crate::desk::Desk;
use axum::Extension;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use exchange::takeout;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use kernel::{Ctx, Problem};
use records::service::out;
use std::sync::Arc;

fn file(ctx: &Ctx, kind: &'static str, ending: &str, content: Vec<u8>) -> Response {
    let day = ctx.now().to_rfc3339();
    let name = format!("attachment; filename=\"health-record-{}.{ending}\"", day.get(..10).unwrap_or_default());
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], content).into_response()
}

/// My record as one ZIP: `record.pdf` to read, `record.json` (FHIR), `ledger.json` (with proofs), `read-me.txt`.
#[utoipa::path(get, path = "/api/patients/{id}/export/archive", tag = "record",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, description = "The file", content_type = "application/zip"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not my record")))]
pub async fn archive(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    ctx.confirmed()?;
    let readable = out(&desk.house, takeout::read(&desk.house, &ctx, &id).await?).await?;
    // After the entry of this very reading is durable, so that the file tells of it.
    let ledger = consent::api::saved_file(&desk.house, &ctx).await?;
    let asker = ctx.clone();
    let packed = tokio::task::spawn_blocking(move || takeout::archive(&readable, &ledger, &asker)).await;
    let packed = packed.map_err(|_| Problem::internal())??;
    Ok(file(&ctx, "application/zip", "zip", packed))
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
