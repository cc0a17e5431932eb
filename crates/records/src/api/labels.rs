//! `/api/entries/{type}/{id}/labels`

use crate::labels::{self, Labelled, LabelsForm};
use crate::service::out;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use fhir::Kind;
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Labels {
    labels: Vec<Labelled>,
}

fn kind_of(name: &str) -> Result<Kind, Problem> {
    Kind::parse(name).ok_or_else(Problem::not_found)
}

/// The sensitive areas that an entry belongs to, and who says so.
#[utoipa::path(get, path = "/api/entries/{type}/{id}/labels", tag = "records",
    params(("type" = String, Path, description = "The FHIR type"), ("id" = String, Path, description = "The entry")),
    responses((status = 200, body = Labels), (status = 401, description = "Not signed in"),
    (status = 404, description = "No entry that you can see")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
) -> Result<Json<Labels>, Problem> {
    let found = labels::read(&house, &ctx, kind_of(&kind)?, &id).await?;
    Ok(Json(Labels { labels: out(&house, found).await? }))
}

/// Sets the labels of an entry by hand.
#[utoipa::path(post, path = "/api/entries/{type}/{id}/labels", tag = "records", request_body = LabelsForm,
    params(("type" = String, Path, description = "The FHIR type"), ("id" = String, Path, description = "The entry")),
    responses((status = 200, body = Labels), (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"), (status = 403, description = "Neither the patient nor in a visit"),
    (status = 404, description = "No entry that you can see"),
    (status = 422, description = "A label of the patient's would go")))]
pub async fn set(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((kind, id)): Path<(String, String)>,
    JsonBody(form): JsonBody<LabelsForm>,
) -> Result<Json<Labels>, Problem> {
    let found = labels::set(&house, &ctx, kind_of(&kind)?, &id, &form).await?;
    Ok(Json(Labels { labels: out(&house, found).await? }))
}
