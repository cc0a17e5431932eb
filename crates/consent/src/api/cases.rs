//! `/api/cases`

use crate::cases::{self, Case, CaseForm, MessageForm};
use crate::{ConsentError, step};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use db::Tx;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::{Disclosure, House};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct AccessCases {
    /// Those that wait for an answer first, then the newest; at most 200.
    cases: Vec<Case>,
}

/// My questions and corrections, those about what I read or wrote, or, for administrators, all.
#[utoipa::path(get, path = "/api/cases", tag = "ledger", responses(
    (status = 200, body = AccessCases), (status = 401, description = "Not signed in"),
    (status = 404, description = "This role neither asks nor is asked")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<AccessCases>, Problem> {
    let inside = house.clone();
    let found: Result<Disclosure<Vec<Case>>, ConsentError> =
        house.db.scan(move |tx| cases::list(&ctx, &inside, tx)).await;
    Ok(Json(AccessCases { cases: found?.release(&house).await? }))
}

/// Asks about an entry of my ledger: why did they read my record?
#[utoipa::path(post, path = "/api/cases", tag = "ledger", request_body = CaseForm, responses(
    (status = 201, body = Case), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 404, description = "Not a patient"),
    (status = 409, description = "There is an open case about it, or there were many today"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<CaseForm>,
) -> Result<(StatusCode, Json<Case>), Problem> {
    let inside = house.clone();
    let case: Result<Case, ConsentError> = house.db.write(move |tx| cases::open(&ctx, &inside, tx, &form)).await;
    Ok((StatusCode::CREATED, Json(case?)))
}

/// Writes into a case: an answer, or what the patient has to add.
#[utoipa::path(post, path = "/api/cases/{id}/messages", tag = "ledger", request_body = MessageForm,
    params(("id" = i64, Path, description = "The case")), responses(
    (status = 200, body = Case), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a case of mine"),
    (status = 409, description = "It is closed, or somebody else's to answer"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn say(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<MessageForm>,
) -> Result<Json<Case>, Problem> {
    let say = move |ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id| cases::say(ctx, house, tx, id, &form);
    Ok(Json(step(&house, ctx, &id, say).await?))
}

/// Says why an entry that a patient wants corrected stays as it is.
#[utoipa::path(post, path = "/api/cases/{id}/decline", tag = "ledger", request_body = MessageForm,
    params(("id" = i64, Path, description = "The case")), responses(
    (status = 200, body = Case), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a correction of mine to decide"),
    (status = 409, description = "It was decided, or is somebody else's to answer"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn decline(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<MessageForm>,
) -> Result<Json<Case>, Problem> {
    let refuse = move |ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id| cases::refuse(ctx, house, tx, id, &form);
    Ok(Json(step(&house, ctx, &id, refuse).await?))
}

/// Says that the answer is none: the administrators owe one.
#[utoipa::path(post, path = "/api/cases/{id}/object", tag = "ledger", request_body = MessageForm,
    params(("id" = i64, Path, description = "The case")), responses(
    (status = 200, body = Case), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a case of mine"), (status = 409, description = "There is no answer to object to"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn object(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<MessageForm>,
) -> Result<Json<Case>, Problem> {
    let object = move |ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id| cases::dissatisfied(ctx, house, tx, id, &form);
    Ok(Json(step(&house, ctx, &id, object).await?))
}

/// Ends a case of mine.
#[utoipa::path(post, path = "/api/cases/{id}/close", tag = "ledger",
    params(("id" = i64, Path, description = "The case")), responses(
    (status = 200, body = Case), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a case of mine")))]
pub async fn close(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Case>, Problem> {
    Ok(Json(step(&house, ctx, &id, cases::close).await?))
}
