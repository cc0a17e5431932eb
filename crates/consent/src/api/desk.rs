//! `/api/desk`

use crate::desk::{self, CodeForm, GiveForm, Meeting, Shown};
use crate::{number, step};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::http::JsonBody;
use kernel::{Actor, Ctx, Problem};
use ledger::House;

/// A patient's code leads to a grant with one tap, so it takes the proof that a grant takes.
fn ready(ctx: &Ctx) -> Result<(), Problem> {
    match ctx.actor {
        Actor::Patient { .. } => ctx.confirmed(),
        _ => ctx.full(),
    }
}

/// A code to show at the desk, good for five minutes and once.
#[utoipa::path(post, path = "/api/desk", tag = "consent", responses(
    (status = 201, body = Shown), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Neither a patient nor a practitioner")))]
pub async fn show(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<(StatusCode, Json<Shown>), Problem> {
    ready(&ctx)?;
    let inside = house.clone();
    Ok((StatusCode::CREATED, Json(house.db.write(move |tx| desk::show(&ctx, &inside, tx)).await?)))
}

/// I was shown this code: now both of us are there.
#[utoipa::path(post, path = "/api/desk/meet", tag = "consent", request_body = CodeForm, responses(
    (status = 200, body = Meeting), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Neither a patient nor a practitioner"),
    (status = 422, description = "No code that is good"),
    (status = 429, description = "Too many wrong codes; Retry-After says how long to wait")))]
pub async fn meet(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<CodeForm>,
) -> Result<Json<Meeting>, Problem> {
    ctx.full()?;
    let inside = house.clone();
    let tried = house.db.write(move |tx| desk::meet(&ctx, &inside, tx, &form)).await?;
    Ok(Json(tried.met()?))
}

/// Who is there, and what came of it.
#[utoipa::path(get, path = "/api/desk/{id}", tag = "consent",
    params(("id" = i64, Path, description = "The meeting")), responses(
    (status = 200, body = Meeting), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a meeting of mine")))]
pub async fn find(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Meeting>, Problem> {
    ctx.full()?;
    let id = number(&id)?;
    let inside = house.clone();
    Ok(Json(house.db.read(move |tx| desk::find(&ctx, &inside, tx, id)).await?))
}

/// Gives access to the practitioner who is there.
#[utoipa::path(post, path = "/api/desk/{id}/give", tag = "consent", request_body = GiveForm,
    params(("id" = i64, Path, description = "The meeting")), responses(
    (status = 200, body = Meeting), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not a meeting of mine"), (status = 409, description = "It is over"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn give(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<GiveForm>,
) -> Result<Json<Meeting>, Problem> {
    ctx.confirmed()?;
    Ok(Json(step(&house, ctx, &id, move |ctx, house, tx, id| desk::give(ctx, house, tx, id, &form)).await?))
}

/// Ends it before anything was given.
#[utoipa::path(post, path = "/api/desk/{id}/end", tag = "consent",
    params(("id" = i64, Path, description = "The meeting")), responses(
    (status = 204), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a meeting of mine"), (status = 409, description = "Access was given")))]
pub async fn end(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    step(&house, ctx, &id, desk::end).await?;
    Ok(StatusCode::NO_CONTENT)
}
