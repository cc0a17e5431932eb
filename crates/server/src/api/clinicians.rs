//! What spans a clinician's account and the directory: inviting, and the check that makes somebody a practitioner.

use super::people::only_administrators;
use crate::desk::Desk;
use crate::people;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use http::StatusCode;
use identity::api::invitations::Invited;
use identity::verification::{Verification, join, service};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use serde::Deserialize;
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    /// As patients will know them, such as `Dr Kim Lee`.
    pub name: String,
    #[schema(format = "email")]
    pub email: String,
    /// FHIR ids of the organizations they will work in once they are verified.
    #[serde(default)]
    pub organizations: Vec<String>,
}

/// Invites a clinician: makes an account whose only way in is the link.
#[utoipa::path(post, path = "/api/admin/invitations", tag = "admin", request_body = Invitation, responses(
    (status = 201, body = Invited),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 409, description = "The e-mail address has an account"),
    (status = 422, description = "Something does not follow the rules; the issues say what")))]
pub async fn invite(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<Invitation>, Problem>,
) -> Result<(StatusCode, Json<Invited>), Problem> {
    only_administrators(&ctx)?;
    let JsonBody(form) = form?;
    let workplaces = people::workplaces(&desk.house, &ctx, &form.organizations).await?;
    let invited = join::invite(&desk.house, &ctx, (form.name, form.email), workplaces).await?;
    Ok((StatusCode::CREATED, Json(invited.into())))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// The version that was looked at.
    pub version: i64,
}

/// Finds a clinician's papers good. The second administrator who does makes them a practitioner of the directory.
#[utoipa::path(post, path = "/api/admin/verifications/{account}/approve", tag = "admin", request_body = Approval,
    params(("account" = i64, Path, description = "The clinician's account")), responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such verification"),
    (status = 409, description = "It changed meanwhile, waits for nobody, the first check was one's own, or the account is locked")))]
pub async fn approve(
    State(desk): State<Arc<Desk>>,
    Extension(ctx): Extension<Ctx>,
    Path(account): Path<String>,
    form: Result<JsonBody<Approval>, Problem>,
) -> Result<Json<Verification>, Problem> {
    only_administrators(&ctx)?;
    let JsonBody(form) = form?;
    let account: i64 = account.parse().map_err(|_| Problem::not_found())?;
    let house = desk.house.clone();
    let db = house.db.clone();
    let done = db.write(move |tx| {
        service::approve(tx, &house, &ctx, (account, form.version), |tx, house, admitted| {
            people::verified_practitioner(tx, house, &ctx, admitted)
        })
    });
    Ok(Json(done.await?))
}
