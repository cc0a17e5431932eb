//! `/api/patients/{id}/timeline` and `/counts`

use crate::service::out;
use crate::view::timeline::{self, Counts, Filter, Timeline};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use kernel::http::Params;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Categories between commas; all when left out.
    #[serde(default)]
    category: Option<String>,
    /// First day.
    #[serde(default)]
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[serde(default)]
    #[param(format = Date)]
    to: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    before: Option<String>,
    /// Entries of a page, at most 200. A day is not cut unless it is long.
    #[serde(default)]
    count: Option<usize>,
}

/// The record as it happened, newest first.
#[utoipa::path(get, path = "/api/patients/{id}/timeline", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id"), Query),
    responses((status = 200, body = Timeline), (status = 404, description = "No record that you can see")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(query): Params<Query>,
) -> Result<Json<Timeline>, Problem> {
    let Query { category, from, to, before, count } = query;
    let filter = Filter::read(category.as_deref(), from.as_deref(), to.as_deref(), before, count)?;
    Ok(Json(out(&house, timeline::read(&house, &ctx, &id, filter).await?).await?))
}

/// How many resources there are of each type.
#[utoipa::path(get, path = "/api/patients/{id}/counts", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 200, body = Counts), (status = 404, description = "No record that you can see")))]
pub async fn counts(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Counts>, Problem> {
    Ok(Json(out(&house, timeline::counts(&house, &ctx, &id).await?).await?))
}
