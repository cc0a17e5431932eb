//! `/api/appointments/create` and `/my-appointments`.

use ::records::service::out;
use axum::extract::State;
use axum::{Extension, Json};
use http::StatusCode;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Issue, Problem};
use ledger::House;
use scheduling::service::{self, Wanted};
use scheduling::{Appointment, Appointments, Booking, Status};
use serde::Deserialize;
use utoipa::IntoParams;

/// Asks for an appointment (a patient), or books one (a doctor, a clinic's software). The same again is the same appointment,
/// with the new reason where a patient's wish still waits; another length, way or reason of what stands is refused (422). A doctor who books the time that a patient proposed says yes to it.
#[utoipa::path(post, path = "/api/appointments/create", tag = "plain", request_body = Booking, responses(
    (status = 201, body = Appointment),
    (status = 200, body = Appointment, description = "It was there already, or was confirmed by this"),
    (status = 400, description = "Not what this address takes"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Nobody who books appointments"),
    (status = 404, description = "No patient whose visits you can see"),
    (status = 409, description = "The time is taken, or the doctor may not see the visits of this record (kind says which)"),
    (status = 422, description = "A rule is broken; the issues say which")))]
pub async fn create(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    JsonBody(form): JsonBody<Booking>,
) -> Result<(StatusCode, Json<Appointment>), Problem> {
    let booked = service::book(&house, &ctx, form).await?;
    Ok((if booked.created { StatusCode::CREATED } else { StatusCode::OK }, Json(booked.appointment)))
}

/// Appointments of a page.
const MOST: usize = 200;

#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct Query {
    /// First day.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day.
    #[param(format = Date)]
    to: Option<String>,
    #[param(value_type = Option<Status>)]
    status: Option<Status>,
    /// `next` of the page before.
    after: Option<String>,
    /// Appointments of a page: 1 to 200, 50 when left out.
    #[param(minimum = 1, maximum = 200)]
    count: Option<usize>,
}

/// My appointments, by their time; a doctor's are those with patients who let them see visits.
#[utoipa::path(get, path = "/api/appointments/my-appointments", tag = "plain", params(Query), responses(
    (status = 200, body = Appointments),
    (status = 400, description = "A parameter that is not understood, or a page of less than 1 or more than 200"),
    (status = 401, description = "Not signed in"),
    (status = 403, description = "Neither a patient nor a doctor")))]
pub async fn mine(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Params(query): Params<Query>,
) -> Result<Json<Appointments>, Problem> {
    let Query { from, to, status, after, count } = query;
    let count = count.unwrap_or(50);
    if !(1..=MOST).contains(&count) {
        let text = "A page has 1 to 200 appointments.";
        return Err(Problem::bad_request(text).with_issues(vec![Issue::new("value", "count", text)]));
    }
    let after = after.filter(|after| !after.is_empty());
    let wanted = Wanted { from, to, status, after, count };
    Ok(Json(out(&house, service::list(&house, &ctx, wanted).await?).await?))
}
