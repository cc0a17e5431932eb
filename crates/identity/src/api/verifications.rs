//! `/api/admin/verifications`: who waits to be verified. Finding one good is the server's, which also makes the Practitioner.

use super::number;
use super::verification::file;
use crate::verification::model::State as Step;
use crate::verification::{Verification, service};
use crate::{IdentityError, access};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// `draft`, `waiting`, `checked`, `returned` or `verified`; `waiting` if left out.
    state: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct Verifications {
    /// The longest waiting first.
    verifications: Vec<Verification>,
    /// How many wait for an administrator, whatever was asked for.
    waiting: i64,
}

/// The clinicians in one state of verification.
#[utoipa::path(get, path = "/api/admin/verifications", tag = "admin", params(Which), responses(
    (status = 200, body = Verifications),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    which: Result<Params<Which>, Problem>,
) -> Result<Json<Verifications>, Problem> {
    access::administrator(&ctx)?;
    let Params(which) = which?;
    let state = Step::parse(which.state.as_deref().unwrap_or("waiting"))
        .ok_or_else(|| Problem::bad_request("The state is draft, waiting, checked, returned or verified."))?;
    let db = house.db.clone();
    // Every detail is sealed: opening many stays off the request threads.
    let (verifications, waiting) = db.scan(move |tx| service::list(tx, &house, &ctx, state)).await?;
    Ok(Json(Verifications { verifications, waiting }))
}

/// One clinician's verification.
#[utoipa::path(get, path = "/api/admin/verifications/{account}", tag = "admin",
    params(("account" = i64, Path, description = "The clinician's account")), responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such verification")))]
pub async fn one(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(account): Path<String>,
) -> Result<Json<Verification>, Problem> {
    access::administrator(&ctx)?;
    let account = number(&account)?;
    let db = house.db.clone();
    Ok(Json(db.read(move |tx| service::one(tx, &house, &ctx, account)).await?))
}

/// A document of a clinician. That it was looked at is written in the ledger.
#[utoipa::path(get, path = "/api/admin/verifications/{account}/documents/{id}", tag = "admin", params(
    ("account" = i64, Path, description = "The clinician's account"),
    ("id" = i64, Path, description = "The document")), responses(
    (status = 200, content_type = "application/octet-stream", body = Vec<u8>),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such document")))]
pub async fn document(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((account, id)): Path<(String, String)>,
) -> Result<Response, Problem> {
    access::administrator(&ctx)?;
    let (account, id) = (number(&account)?, number(&id)?);
    let db = house.db.clone();
    // A change, because the entry must be durable before the content leaves.
    let paper = db.write(move |tx| service::paper(tx, &house, &ctx, account, id)).await;
    Ok(file(paper.map_err(|error: IdentityError| Problem::from(error))?))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Objection {
    /// The version that was looked at.
    version: i64,
    /// What is missing, in 3 to 500 characters: the clinician reads it.
    reason: String,
}

/// Asks a clinician for more.
#[utoipa::path(post, path = "/api/admin/verifications/{account}/return", tag = "admin", request_body = Objection,
    params(("account" = i64, Path, description = "The clinician's account")), responses(
    (status = 200, body = Verification),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Not an administrator"),
    (status = 404, description = "No such verification"),
    (status = 409, description = "It changed meanwhile, or waits for nobody"),
    (status = 422, description = "The reason is too short or too long")))]
pub async fn send_back(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(account): Path<String>,
    form: Result<JsonBody<Objection>, Problem>,
) -> Result<Json<Verification>, Problem> {
    access::administrator(&ctx)?;
    let JsonBody(form) = form?;
    let which = (number(&account)?, form.version);
    let db = house.db.clone();
    Ok(Json(db.write(move |tx| service::send_back(tx, &house, &ctx, which, &form.reason)).await?))
}
