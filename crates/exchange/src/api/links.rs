//! `/api/health-links`: what a patient does with their links.

use crate::links::{self, HealthLink, LinkForm};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::{Extension, Json};
use identity::oauth::issuer;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct HealthLinks {
    /// Newest first, at most 200.
    links: Vec<HealthLink>,
}

/// My health links, with who opened them.
#[utoipa::path(get, path = "/api/health-links", tag = "exchange", responses(
    (status = 200, body = HealthLinks), (status = 401, description = "Not signed in"),
    (status = 403, description = "Not a patient")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<HealthLinks>, Problem> {
    let (inside, base) = (house.clone(), issuer(&house, &headers));
    let links = house.db.read(move |tx| links::list(&ctx, &inside, tx, &base)).await?;
    Ok(Json(HealthLinks { links }))
}

/// Makes a link that opens my summary for whoever holds it.
#[utoipa::path(post, path = "/api/health-links", tag = "exchange", request_body = LinkForm, responses(
    (status = 201, body = HealthLink), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient"),
    (status = 409, description = "Fifty links stand already"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<LinkForm>,
) -> Result<(StatusCode, Json<HealthLink>), Problem> {
    let (inside, base) = (house.clone(), issuer(&house, &headers));
    let link = house.db.write(move |tx| links::create(&ctx, &inside, tx, &form, &base)).await?;
    Ok((StatusCode::CREATED, Json(link)))
}

/// Ends a link at once.
#[utoipa::path(post, path = "/api/health-links/{id}/revoke", tag = "exchange",
    params(("id" = i64, Path, description = "The link")), responses(
    (status = 200, body = HealthLink), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a link of mine")))]
pub async fn revoke(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<Json<HealthLink>, Problem> {
    let link = id.parse().map_err(|_| Problem::not_found())?;
    let (inside, base) = (house.clone(), issuer(&house, &headers));
    Ok(Json(house.db.write(move |tx| links::revoke(&ctx, &inside, tx, link, &base)).await?))
}
