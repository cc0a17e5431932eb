//! `/api/health-metrics/add` and `/analysis`: readings in, and what they say together.

mod analysis;
mod kinds;
mod readings;
mod trend;

use self::analysis::Analysis;
use self::kinds::{METRICS, Metric};
use self::readings::{Added, Readings};
use ::records::service::out;
use ::records::view::timeline::filter::period;
use axum::extract::State;
use axum::{Extension, Json};
use http::StatusCode;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use serde::Deserialize;
use utoipa::IntoParams;

/// Adds one reading, or a list of up to 500. The same reading again (of the same patient, type, time, value and unit) is known
/// already and adds nothing.
#[utoipa::path(post, path = "/api/health-metrics/add", tag = "plain", request_body = Readings, responses(
    (status = 201, body = Added),
    (status = 200, body = Added, description = "All of them were known already"),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who adds readings: a doctor changes a record with the patient's code only"),
    (status = 404, description = "No patient that you can see"),
    (status = 422, description = "A type, unit, value or time that makes no sense; the issues say which. Nothing was added")))]
pub async fn add(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(readings): JsonBody<Readings>,
) -> Result<(StatusCode, Json<Added>), Problem> {
    consent::Access::open(&ctx)?.writer(&ctx)?;
    let added = readings::add(&house, &ctx, readings).await?;
    Ok((if added.added > 0 { StatusCode::CREATED } else { StatusCode::OK }, Json(added)))
}

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// Types between commas, such as `heart_rate,blood_pressure`; all when left out.
    r#type: Option<String>,
    /// First day.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[param(format = Date)]
    to: Option<String>,
    /// The id of the Patient. A patient who asks for themselves leaves it out.
    patient: Option<String>,
}

/// What readings say together: how many, the latest, mean, spread, change per day, and how they lie to what is usual.
#[utoipa::path(get, path = "/api/health-metrics/analysis", tag = "plain", params(Query), responses(
    (status = 200, body = Analysis),
    (status = 400, description = "A parameter that is not understood"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "An account without a record of its own that names no patient"),
    (status = 404, description = "No record that you can see")))]
pub async fn analysis(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<Query>,
) -> Result<Json<Analysis>, Problem> {
    consent::Access::open(&ctx)?;
    let wanted = wanted(query.r#type.as_deref())?;
    let period = period(query.from.as_deref(), query.to.as_deref())?;
    let codes = wanted.iter().flat_map(|metric| metric.codes()).collect();
    let found = ::records::view::readings::read(&house, &ctx, query.patient.as_deref(), codes, period).await?;
    Ok(Json(analysis::of(&wanted, out(&house, found).await?)))
}

fn wanted(types: Option<&str>) -> Result<Vec<&'static Metric>, Problem> {
    let names: Vec<&str> =
        types.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() {
        return Ok(METRICS.iter().collect());
    }
    let unknown = || {
        let text = format!("Types are {}.", kinds::names());
        Problem::bad_request(text.clone()).with_issues(vec![Issue::new("value", "type", text)])
    };
    names.into_iter().map(|name| kinds::metric(name).ok_or_else(unknown)).collect()
}
