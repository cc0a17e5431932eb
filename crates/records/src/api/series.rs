//! `/api/patients/{id}/series`

use crate::service::out;
use crate::view::series::{self, Series, SeriesList};
use crate::view::timeline::filter::period;
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
    /// First day.
    #[serde(default)]
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[serde(default)]
    #[param(format = Date)]
    to: Option<String>,
}

/// Every kind of reading that is a number, with its latest value.
#[utoipa::path(get, path = "/api/patients/{id}/series", tag = "record",
    params(("id" = String, Path, description = "The Patient's logical id")),
    responses((status = 200, body = SeriesList), (status = 404, description = "No record that you can see")))]
pub async fn list(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<Json<SeriesList>, Problem> {
    Ok(Json(out(&house, series::list(&house, &ctx, &id).await?).await?))
}

/// All readings of one code. Blood pressure is two: 8480-6 and 8462-4.
#[utoipa::path(get, path = "/api/patients/{id}/series/{code}", tag = "record",
    params(
        ("id" = String, Path, description = "The Patient's logical id"),
        ("code" = String, Path, description = "LOINC code"),
        Query
    ),
    responses((status = 200, body = Series), (status = 404, description = "No such readings that you can see")))]
pub async fn read(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path((id, code)): Path<(String, String)>,
    Params(query): Params<Query>,
) -> Result<Json<Series>, Problem> {
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    Ok(Json(out(&house, series::read(&house, &ctx, &id, code, period).await?).await?))
}
