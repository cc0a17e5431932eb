//! `/api/verification`: a clinician shows that they are one. `/api/auth/register/clinician` and `/api/auth/invitation`: how
//! they get an account.

use super::auth::login_answer;
use super::{number, place, user_agent};
use crate::memory::Peer;
use crate::verification::model::{Details, Paper};
use crate::verification::{Verification, join, service};
use crate::{Entrance, Method};
use axum::body::Body;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use join::{Acceptance, ClinicianRegistration};
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FileName {
    /// The name of the file, at most 120 characters.
    name: String,
}

/// My own verification.
#[utoipa::path(get, path = "/api/verification", tag = "verification", responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is nothing to verify about this account")))]
pub async fn own(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Verification>, Problem> {
    let db = house.db.clone();
    Ok(Json(db.read(move |tx| service::own(tx, &house, &ctx)).await?))
}

/// Says who I am: the number in the register, which register, what I am. It is handed in with `submit`.
#[utoipa::path(post, path = "/api/verification", tag = "verification", request_body = Details, responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is nothing to verify about this account"),
    (status = 409, description = "Verified already"),
    (status = 422, description = "Something does not follow the rules; the issues say what")))]
pub async fn describe(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<Details>,
) -> Result<Json<Verification>, Problem> {
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::describe(tx, &house, &ctx, form)).await?))
}

/// Adds a document: the body is the file itself, a PDF, JPG or PNG of at most 5 MB.
#[utoipa::path(post, path = "/api/verification/documents", tag = "verification", params(FileName),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 201, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is nothing to verify about this account"),
    (status = 409, description = "Verified already, or as many documents as there may be"),
    (status = 413, description = "Larger than 5 MB"),
    (status = 415, description = "Neither a PDF nor a JPG nor a PNG")))]
pub async fn add_document(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(file): Params<FileName>,
    body: Bytes,
) -> Result<(StatusCode, Json<Verification>), Problem> {
    let db = house.db.clone();
    let added = db.write(move |tx| service::add_paper(tx, &house, &ctx, &file.name, body.to_vec())).await?;
    Ok((StatusCode::CREATED, Json(added)))
}

/// A document of mine, as I sent it.
#[utoipa::path(get, path = "/api/verification/documents/{id}", tag = "verification",
    params(("id" = i64, Path, description = "The document")), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "Not mine")))]
pub async fn document(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    crate::signed_in(&ctx)?;
    let id = number(&id)?;
    let db = house.db.clone();
    Ok(file(db.read(move |tx| service::own_paper(tx, &house, &ctx, id)).await?))
}

/// Takes a document away.
#[utoipa::path(post, path = "/api/verification/documents/{id}/remove", tag = "verification",
    params(("id" = i64, Path, description = "The document")), responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "Not mine"),
    (status = 409, description = "Verified already")))]
pub async fn remove_document(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Verification>, Problem> {
    crate::signed_in(&ctx)?;
    let id = number(&id)?;
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::remove_paper(tx, &house, &ctx, id)).await?))
}

/// Hands it in. Any change afterwards takes it back until it is handed in again.
#[utoipa::path(post, path = "/api/verification/submit", tag = "verification", responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "There is nothing to verify about this account"),
    (status = 409, description = "Verified already"),
    (status = 422, description = "Something is missing; the issues say what")))]
pub async fn submit(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Verification>, Problem> {
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::submit(tx, &house, &ctx)).await?))
}

/// A clinician registers: makes an account that reads nothing until it is verified, and signs in.
#[utoipa::path(post, path = "/api/auth/register/clinician", tag = "auth", request_body = ClinicianRegistration,
    security(()), responses(
    (status = 201, body = super::LoginAnswer),
    (status = 409, description = "The e-mail address is taken"),
    (status = 422, description = "Something does not follow the rules; the issues say what"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn register(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<ClinicianRegistration>,
) -> Result<Response, Problem> {
    let entrance = Entrance::new(form.session, Method::Password, user_agent(&headers), place(peer));
    let signed_in = join::register(&house, &ctx, form, entrance).await?;
    login_answer(&house, &headers, StatusCode::CREATED, signed_in).await
}

/// Takes an invitation: chooses a password and signs in.
#[utoipa::path(post, path = "/api/auth/invitation", tag = "auth", request_body = Acceptance, security(()), responses(
    (status = 200, body = super::LoginAnswer),
    (status = 401, description = "Unknown, used or too old: the same words for all"),
    (status = 422, description = "The password does not follow the rules"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn accept(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<Acceptance>,
) -> Result<Response, Problem> {
    let entrance = Entrance::new(form.session, Method::Password, user_agent(&headers), place(peer));
    let signed_in = join::accept(&house, &ctx, form, entrance).await?;
    login_answer(&house, &headers, StatusCode::OK, signed_in).await
}

/// A paper as an answer: to be kept as a file, and shown by a page only as a picture.
pub fn file(paper: Paper) -> Response {
    let mut response = Response::new(Body::from(paper.body));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(paper.media_type));
    // Letters beyond ASCII go in the second form (RFC 6266); the rules let no quotation mark into a name.
    let plain: String = paper.name.chars().map(|c| if c.is_ascii() { c } else { '_' }).collect();
    let coded: String = paper.name.bytes().map(percent).collect();
    let value = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}");
    if let Ok(value) = HeaderValue::try_from(value) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

fn percent(byte: u8) -> String {
    match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    }
}
