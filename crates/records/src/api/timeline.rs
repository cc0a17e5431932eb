//! `/api/patients/{id}/timeline`, `/timeline/outline`, `/timeline/choices`, `/compare` and `/counts`

use crate::service::out;
use crate::view::compare::{self, Comparison};
use crate::view::timeline::filter::{Asked, Filter, Slice};
use crate::view::timeline::outline::{self, Choices, Outline};
use crate::view::timeline::{self, Counts, Timeline};
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
    /// Sensitive areas between commas: only entries of these.
    #[serde(default)]
    label: Option<String>,
    /// First day.
    #[serde(default)]
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[serde(default)]
    #[param(format = Date)]
    to: Option<String>,
    /// Only what says no date.
    #[serde(default)]
    undated: bool,
    /// Only values out of the usual range.
    #[serde(default)]
    abnormal: bool,
    /// Only what is from here: a reference into the directory such as `Organization/12`, or `patient`.
    #[serde(default)]
    by: Option<String>,
    /// Only entries that say all of these words, or have such a code.
    #[serde(default)]
    q: Option<String>,
    /// `next` of the page before.
    #[serde(default)]
    before: Option<String>,
    /// Entries of a page, at most 200. A day is not cut unless it is long.
    #[serde(default)]
    count: Option<usize>,
    /// Whether the first page tells the totals of the whole record.
    #[serde(default = "yes")]
    #[param(default = true)]
    totals: bool,
}

const fn yes() -> bool {
    true
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
    let slice = Slice::read(query.before, query.count, query.totals)?;
    let filter = Filter::read(Asked {
        category: query.category.as_deref(),
        label: query.label.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        undated: query.undated,
        abnormal: query.abnormal,
        by: query.by,
        words: query.q,
    })?;
    Ok(Json(out(&house, timeline::read(&house, &ctx, &id, filter, slice).await?).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OutlineQuery {
    /// Categories between commas; all when left out.
    #[serde(default)]
    category: Option<String>,
    /// Sensitive areas between commas: only entries of these.
    #[serde(default)]
    label: Option<String>,
    /// First day.
    #[serde(default)]
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[serde(default)]
    #[param(format = Date)]
    to: Option<String>,
    /// Only values out of the usual range.
    #[serde(default)]
    abnormal: bool,
    /// Only what is from here: a reference into the directory such as `Organization/12`, or `patient`.
    #[serde(default)]
    by: Option<String>,
    /// Only entries that say all of these words, or have such a code.
    #[serde(default)]
    q: Option<String>,
}

/// How much of the record there is, and when: in windows that are small enough to be fetched at once.
#[utoipa::path(get, path = "/api/patients/{id}/timeline/outline", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id"), OutlineQuery),
    responses((status = 200, body = Outline), (status = 404, description = "No record that you can see")))]
pub async fn outline(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(query): Params<OutlineQuery>,
) -> Result<Json<Outline>, Problem> {
    let filter = Filter::read(Asked {
        category: query.category.as_deref(),
        label: query.label.as_deref(),
        from: query.from.as_deref(),
        to: query.to.as_deref(),
        undated: false,
        abnormal: query.abnormal,
        by: query.by,
        words: query.q,
    })?;
    Ok(Json(out(&house, outline::read(&house, &ctx, &id, filter).await?).await?))
}

/// What a timeline can be narrowed to: who and where its entries are from, and how many are out of the usual.
#[utoipa::path(get, path = "/api/patients/{id}/timeline/choices", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 200, body = Choices), (status = 404, description = "No record that you can see")))]
pub async fn choices(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<Choices>, Problem> {
    Ok(Json(out(&house, outline::choices(&house, &ctx, &id).await?).await?))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Days {
    /// The earlier day.
    #[serde(default)]
    #[param(format = Date, required = true)]
    before: Option<String>,
    /// The later day.
    #[serde(default)]
    #[param(format = Date, required = true)]
    after: Option<String>,
}

/// The record at the end of two days: values side by side, and what began and ended in between.
#[utoipa::path(get, path = "/api/patients/{id}/compare", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id"), Days),
    responses((status = 200, body = Comparison), (status = 400, description = "Not two days, the earlier one first"),
        (status = 404, description = "No record that you can see")))]
pub async fn compare(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    Params(Days { before, after }): Params<Days>,
) -> Result<Json<Comparison>, Problem> {
    let found = compare::read(&house, &ctx, &id, (before.as_deref(), after.as_deref())).await?;
    Ok(Json(out(&house, found).await?))
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
