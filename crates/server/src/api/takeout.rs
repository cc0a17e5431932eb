//! A record taken along in one file, for people and for programs: by the patient whose it is.

use crate::desk::Desk;
use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use exchange::takeout;
use futures_util::stream;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;
use std::sync::Arc;

fn file(ctx: &Ctx, kind: &'static str, ending: &str, content: impl Into<Body>) -> Response {
    let day = ctx.now().to_rfc3339();
    let name = format!("attachment; filename=\"health-record-{}.{ending}\"", day.get(..10).unwrap_or_default());
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], content.into()).into_response()
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
) -> Result<Response, Problem> {
    ctx.confirmed()?;
    let readable = out(&desk.house, takeout::read(&desk.house, &ctx, &id).await?).await?;
    let files = out(&desk.house, documents::taken(&desk.house, &ctx, &id).await?).await?;
    // After the entry of this very reading is durable, so that the file tells of it.
    let ledger = consent::api::saved_file(&desk.house, &ctx).await?;
    let asker = ctx.clone();
    let packed = tokio::task::spawn_blocking(move || takeout::archive(&readable, &ledger, &asker)).await;
    let (zip, packed) = packed.map_err(|_| Problem::internal())??;
    let packing = Packing { house: desk.house.clone(), zip, ready: Some(packed), files: files.into_iter() };
    let body = Body::from_stream(stream::try_unfold(Some(packing), next));
    Ok(file(&ctx, "application/zip", "zip", body))
}

/// A ZIP on its way: one file of it is in memory at a time.
struct Packing {
    house: House,
    zip: takeout::Zip,
    ready: Option<Vec<u8>>,
    files: std::vec::IntoIter<documents::Taken>,
}

/// The next bytes. What fails breaks the answer off in its middle, and never as if it were whole.
async fn next(packing: Option<Packing>) -> Result<Option<(Bytes, Option<Packing>)>, std::io::Error> {
    let Some(mut packing) = packing else { return Ok(None) };
    let failed = || std::io::Error::other("the record could not be packed");
    if let Some(ready) = packing.ready.take() {
        return Ok(Some((ready.into(), Some(packing))));
    }
    let Some(taken) = packing.files.next() else {
        return Ok(Some((packing.zip.end().ok_or_else(failed)?.into(), None)));
    };
    let content = taken.open(&packing.house).await.map_err(|problem| {
        tracing::error!(%problem, "a file of a record could not be taken along");
        failed()
    })?;
    let packed = tokio::task::spawn_blocking(move || {
        let bytes = packing.zip.file(&format!("documents/{}", taken.name), &content);
        bytes.map(|bytes| (Bytes::from(bytes), Some(packing)))
    });
    packed.await.map_err(|_| failed())?.ok_or_else(failed).map(Some)
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
