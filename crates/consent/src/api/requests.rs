//! `/api/access-requests` and `/api/share-code`

use crate::model::{AccessRequest, RequestForm};
use crate::requests;
use crate::step::step;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct AccessRequests {
    /// Newest first, at most 200.
    requests: Vec<AccessRequest>,
}

#[derive(Serialize, ToSchema)]
pub struct Sent {
    /// Always `sent`: whether it reached anybody is not said.
    status: &'static str,
}

#[derive(Serialize, ToSchema)]
pub struct ShareCode {
    /// Eight letters and digits, to be told to whoever is to ask.
    code: String,
}

/// What I was asked, or what I asked.
#[utoipa::path(get, path = "/api/access-requests", tag = "consent", responses(
    (status = 200, body = AccessRequests), (status = 401, description = "Not signed in"),
    (status = 404, description = "This role neither asks nor is asked")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<AccessRequests>, Problem> {
    let inside = house.clone();
    let requests = house.db.read(move |tx| requests::list(&ctx, &inside, tx)).await?;
    Ok(Json(AccessRequests { requests }))
}

/// Asks a patient for access.
#[utoipa::path(post, path = "/api/access-requests", tag = "consent", request_body = RequestForm, responses(
    (status = 202, body = Sent), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Not a practitioner"),
    (status = 422, description = "A rule is broken; the issues say which"),
    (status = 429, description = "Asked too often; Retry-After says how long to wait")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<RequestForm>,
) -> Result<(StatusCode, Json<Sent>), Problem> {
    let inside = house.clone();
    house.db.write(move |tx| requests::request(&ctx, &inside, tx, &form)).await?;
    Ok((StatusCode::ACCEPTED, Json(Sent { status: "sent" })))
}

/// Says no to a request.
#[utoipa::path(post, path = "/api/access-requests/{id}/decline", tag = "consent",
    params(("id" = i64, Path, description = "The request")), responses(
    (status = 204), (status = 401, description = "Not signed in"), (status = 404, description = "I was not asked this"),
    (status = 409, description = "It was granted")))]
pub async fn decline(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    step(&house, ctx, &id, requests::decline).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The code by which a practitioner can ask me for access.
#[utoipa::path(get, path = "/api/share-code", tag = "consent", responses(
    (status = 200, body = ShareCode), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a patient")))]
pub async fn share_code(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<Json<ShareCode>, Problem> {
    let inside = house.clone();
    let code = house.db.write(move |tx| requests::share_code(&ctx, &inside, tx)).await?;
    Ok(Json(ShareCode { code }))
}
