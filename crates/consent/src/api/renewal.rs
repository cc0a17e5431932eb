//! `/api/grants/{id}`: renewing, and what it said before.

use crate::model::{Grant, GrantVersion};
use crate::renewal;
use crate::{number, step};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct GrantHistory {
    /// Newest first. A grant that is older than this history begins with its first change since.
    versions: Vec<GrantVersion>,
}

/// Gives the same access for as long as it was given last, from now on.
#[utoipa::path(post, path = "/api/grants/{id}/renew", tag = "consent",
    params(("id" = i64, Path, description = "The grant")), responses(
    (status = 200, body = Grant), (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not a grant of mine"),
    (status = 409, description = "It was revoked, or does not end by itself")))]
pub async fn renew(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Grant>, Problem> {
    ctx.confirmed()?;
    Ok(Json(step(&house, ctx, &id, renewal::renew).await?))
}

/// Asks the patient to renew what I read under.
#[utoipa::path(post, path = "/api/grants/{id}/ask-renewal", tag = "consent",
    params(("id" = i64, Path, description = "The grant")), responses(
    (status = 204, description = "The patient knows; once a day is enough"),
    (status = 401, description = "Not signed in"), (status = 404, description = "I do not read under this grant"),
    (status = 409, description = "It does not end by itself")))]
pub async fn ask(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    ctx.full()?;
    step(&house, ctx, &id, renewal::ask).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What a grant of mine said from the first day on, and who said it.
#[utoipa::path(get, path = "/api/grants/{id}/history", tag = "consent",
    params(("id" = i64, Path, description = "The grant")), responses(
    (status = 200, body = GrantHistory), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a grant of mine")))]
pub async fn history(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<GrantHistory>, Problem> {
    ctx.full()?;
    let grant = number(&id)?;
    let inside = house.clone();
    let versions = house.db.read(move |tx| renewal::history(&ctx, &inside, tx, grant)).await?;
    Ok(Json(GrantHistory { versions }))
}
