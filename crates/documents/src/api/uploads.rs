//! `/api/uploads`: the tus protocol 1.0.0 with creation, termination and expiration; `/api/documents`: the same in one step.

use crate::error::DocumentError;
use crate::model::{Document, Unfinished};
use crate::settings::settings;
use crate::uploads::metadata::Wishes;
use crate::uploads::service::{self, Standing};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use kernel::http::Params;
use kernel::{Ctx, Problem};
use ledger::House;
use records::service::out;
use serde::Deserialize;

const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    value.ok_or_else(|| Problem::bad_request(format!("The header {name} must be a number.")))
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A client that speaks another version could misread the answers.
fn speaks(headers: &HeaderMap) -> Result<(), Problem> {
    match headers.get(RESUMABLE) {
        Some(version) if *version == VERSION => Ok(()),
        _ => Err(Problem::precondition("Send the header Tus-Resumable: 1.0.0.")),
    }
}

fn told(status: StatusCode, standing: &Standing) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, VERSION);
    headers.insert(OFFSET, HeaderValue::from(standing.offset));
    headers.insert(LENGTH, HeaderValue::from(standing.size));
    if let Ok(time) = HeaderValue::try_from(standing.expires.to_http()) {
        headers.insert(EXPIRES, time);
    }
    if let Some(document) = &standing.document
        && let Ok(address) = HeaderValue::try_from(document)
    {
        headers.insert(header::CONTENT_LOCATION, address);
    }
    response
}

/// What is spoken here.
pub async fn options(State(house): State<House>) -> Result<Response, Problem> {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(RESUMABLE, VERSION);
    headers.insert(HeaderName::from_static("tus-version"), VERSION);
    let extensions = HeaderValue::from_static("creation,termination,expiration");
    headers.insert(HeaderName::from_static("tus-extension"), extensions);
    headers.insert(HeaderName::from_static("tus-max-size"), HeaderValue::from(settings(&house)?.max_bytes));
    Ok(response)
}

/// Begins an upload: headers `Tus-Resumable`, `Upload-Length` and `Upload-Metadata` (filename, patient, title, kind, date,
/// organization, tags with commas; fingerprint, by which whoever sends it knows the file again;
/// sealed, for a file that the browser sealed).
#[utoipa::path(post, path = "/api/uploads", tag = "documents", responses(
    (status = 201, description = "Location is where the pieces go"),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "There is no such patient that the caller can see"),
    (status = 412, description = "Not tus 1.0.0"),
    (status = 413, description = "Larger than is taken here"),
    (status = 422, description = "A rule is broken; the issues say which"),
    (status = 429, description = "Very many are under way")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    speaks(&headers)?;
    let begun = service::create(&house, &ctx, number(&headers, &LENGTH)?, text(&headers, &METADATA)).await?;
    let mut response = told(StatusCode::CREATED, &begun);
    if let Ok(address) = HeaderValue::try_from(format!("/api/uploads/{}", begun.id)) {
        response.headers_mut().insert(header::LOCATION, address);
    }
    Ok(response)
}

/// The caller's own uploads into this record that came in part: what a window that was closed left behind.
#[utoipa::path(get, path = "/api/patients/{id}/uploads", tag = "documents",
    params(("id" = String, Path, description = "The id of the Patient")), responses(
    (status = 200, body = Unfinished),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "There is no such patient that the caller can see")))]
pub async fn unfinished(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Unfinished>, Problem> {
    Ok(Json(out(&house, service::unfinished(&house, &ctx, &id).await?).await?))
}

/// How far an upload is: `Upload-Offset`; `Content-Location` once it is a document.
#[utoipa::path(head, path = "/api/uploads/{id}", tag = "documents",
    params(("id" = i64, Path, description = "The upload")), responses(
    (status = 204, description = "Upload-Offset says how far"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "Not mine, over, or expired")))]
pub async fn standing(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    Ok(told(StatusCode::NO_CONTENT, &service::standing(&house, &ctx, consent::number(&id)?).await?))
}

/// The next piece: `Upload-Offset` and `application/offset+octet-stream`. The last one makes the document.
#[utoipa::path(patch, path = "/api/uploads/{id}", tag = "documents",
    params(("id" = i64, Path, description = "The upload")), responses(
    (status = 204, description = "Upload-Offset says how far; Content-Location names the document after the last piece"),
    (status = 400, description = "The piece did not arrive whole; what came is kept"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "Not mine, over, or expired"),
    (status = 409, description = "It stands elsewhere: ask how far it is"),
    (status = 412, description = "Not tus 1.0.0"),
    (status = 413, description = "More than was announced"),
    (status = 415, description = "Not application/offset+octet-stream"),
    (status = 422, description = "The file was refused, and the upload is gone; kind says why")))]
pub async fn append(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    speaks(&headers)?;
    if text(&headers, &header::CONTENT_TYPE) != "application/offset+octet-stream" {
        return Err(Problem::new(415, "invalid", "Send pieces as application/offset+octet-stream."));
    }
    let offset = i64::try_from(number(&headers, &OFFSET)?).map_err(|_| Problem::bad_request("That is too far."))?;
    let id = consent::number(&id)?;
    // In a task of its own: what came before the sender hung up is kept.
    let work = tokio::spawn(async move { service::append(&house, &ctx, id, offset, body).await });
    let standing = work.await.map_err(|_| Problem::internal())??;
    Ok(told(StatusCode::NO_CONTENT, &standing))
}

/// Ends an upload, and removes what came of it.
#[utoipa::path(delete, path = "/api/uploads/{id}", tag = "documents",
    params(("id" = i64, Path, description = "The upload")), responses(
    (status = 204, description = "It is over"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "Not mine, over, or expired")))]
pub async fn end(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    service::end(&house, &ctx, consent::number(&id)?).await?;
    Ok(([(RESUMABLE, VERSION)], StatusCode::NO_CONTENT).into_response())
}

/// What is said of a file that comes in one step.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Whole {
    /// The id of the Patient.
    patient: String,
    /// The name of the file.
    name: String,
    title: Option<String>,
    kind: Option<String>,
    /// The day it is of.
    date: Option<String>,
    organization: Option<String>,
    /// With commas between.
    tags: Option<String>,
}

/// Adds a document in one step: the body is the file, whatever its media type says.
#[utoipa::path(post, path = "/api/documents", tag = "documents", params(Whole),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 201, body = Document),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who may add documents"),
    (status = 404, description = "There is no such patient that the caller can see"),
    (status = 413, description = "Larger than is taken here"),
    (status = 422, description = "The file was refused, or a rule is broken; kind says why")))]
pub async fn whole(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(said): Params<Whole>,
    body: Body,
) -> Result<Response, Problem> {
    consent::Access::open(&ctx)?;
    let Whole { patient, name, title, kind, date, organization, tags } = said;
    let tags = tags.map_or_else(Vec::new, |tags| tags.split(',').map(str::to_owned).collect());
    let wishes = Wishes { file_name: name, title, kind, date, organization, tags, ..Wishes::default() };
    let id = service::whole(&house, &ctx, &patient, wishes, body).await.map_err(|e: DocumentError| Problem::from(e))?;
    let document = out(&house, crate::service::read(&house, &ctx, &id).await?).await?;
    let address = format!("/api/documents/{id}");
    Ok((StatusCode::CREATED, [(header::LOCATION, address)], Json(document)).into_response())
}
