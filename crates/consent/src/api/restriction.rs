//! `/api/restriction`

use crate::error::ConsentError;
use crate::restriction::{self, Restriction};
use axum::extract::State;
use axum::{Extension, Json};
use kernel::{Ctx, Problem};
use ledger::House;

/// Whether I have paused all sharing.
#[utoipa::path(get, path = "/api/restriction", tag = "consent", responses(
    (status = 200, body = Restriction), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a patient")))]
pub async fn find(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Restriction>, Problem> {
    let found: Result<Restriction, ConsentError> = house.db.read(move |tx| restriction::find(&ctx, tx)).await;
    Ok(Json(found?))
}

/// Pauses all sharing: from now on nobody I gave access to opens my record. An emergency stays possible.
#[utoipa::path(post, path = "/api/restriction/begin", tag = "consent", responses(
    (status = 200, body = Restriction), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a patient")))]
pub async fn begin(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Restriction>, Problem> {
    let inside = house.clone();
    let begun: Result<Restriction, ConsentError> =
        house.db.write(move |tx| restriction::begin(&ctx, &inside, tx)).await;
    Ok(Json(begun?))
}

/// Resumes sharing: what still stands counts again.
#[utoipa::path(post, path = "/api/restriction/lift", tag = "consent", responses(
    (status = 200, body = Restriction), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not a patient")))]
pub async fn lift(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Restriction>, Problem> {
    restriction::patient(&ctx)?;
    ctx.confirmed()?;
    let inside = house.clone();
    let lifted: Result<Restriction, ConsentError> =
        house.db.write(move |tx| restriction::lift(&ctx, &inside, tx)).await;
    Ok(Json(lifted?))
}
