//! `/api/grants`

use crate::error::ConsentError;
use crate::model::{ExtendForm, Grant, GrantForm};
use crate::step::step;
use crate::{service, store};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use kernel::http::JsonBody;
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Grants {
    /// Newest first.
    grants: Vec<Grant>,
}

/// The grants I gave, or those that let me read.
#[utoipa::path(get, path = "/api/grants", tag = "consent", responses(
    (status = 200, body = Grants), (status = 401, description = "Not signed in"),
    (status = 404, description = "This role neither gives nor receives grants")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Grants>, Problem> {
    let inside = house.clone();
    // A clinic may hold thousands: opening them is not for the threads that answer requests.
    let grants = house.db.scan(move |tx| service::list(&ctx, &inside, tx)).await?;
    Ok(Json(Grants { grants }))
}

/// Gives a practitioner or an organization access to my record.
#[utoipa::path(post, path = "/api/grants", tag = "consent", request_body = GrantForm, responses(
    (status = 201, body = Grant), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not a patient"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<GrantForm>,
) -> Result<(StatusCode, Json<Grant>), Problem> {
    service::may_grant(&ctx)?;
    ctx.confirmed()?;
    let inside = house.clone();
    let write = move |tx: &mut db::Tx<'_>| {
        let grantee = store::resolve(tx, &inside, form.grantee.r#type, &form.grantee.id)?;
        let unknown = || Issue::new("not-found", "grantee.id", "The directory has nobody with this id.");
        service::grant(&ctx, &inside, tx, &form, grantee.ok_or_else(unknown)?)
    };
    let grant: Result<Grant, ConsentError> = house.db.write(write).await;
    Ok((StatusCode::CREATED, Json(grant?)))
}

/// Ends access at once.
#[utoipa::path(post, path = "/api/grants/{id}/revoke", tag = "consent",
    params(("id" = i64, Path, description = "The grant")), responses(
    (status = 200, body = Grant), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a grant of mine")))]
pub async fn revoke(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Grant>, Problem> {
    Ok(Json(step(&house, ctx, &id, service::revoke).await?))
}

/// Changes when access ends.
#[utoipa::path(post, path = "/api/grants/{id}/extend", tag = "consent", request_body = ExtendForm,
    params(("id" = i64, Path, description = "The grant")), responses(
    (status = 200, body = Grant), (status = 401, description = "Not signed in"),
    (status = 404, description = "Not a grant of mine"), (status = 409, description = "It was revoked"),
    (status = 422, description = "Not a time at which access can end")))]
pub async fn extend(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    JsonBody(form): JsonBody<ExtendForm>,
) -> Result<Json<Grant>, Problem> {
    ctx.confirmed()?;
    Ok(Json(step(&house, ctx, &id, move |ctx, house, tx, id| service::extend(ctx, house, tx, id, &form)).await?))
}
