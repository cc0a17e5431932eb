//! The plain API: what a small clinic's script asks for, in JSON as one would guess it.
//!
//! Always holds: nothing here is a second way to the data. Each address calls the rooms' own use cases, which authorise by the
//! same `Access` and leave the same traces as the pages and FHIR do. Deliberately absent: SQL, rules of who may see what, and
//! anything that only works here. Signing in and registering are `identity`'s own (`/api/auth`).

mod appointments;
mod doctors;
mod metrics;
mod records;
mod sharing;
mod upload;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/records/upload", post(upload::upload))
        .route("/api/records/my-records", get(records::mine))
        .route("/api/records/grant-access", post(sharing::grant))
        .route("/api/appointments/create", post(appointments::create))
        .route("/api/appointments/my-appointments", get(appointments::mine))
        .route("/api/health-metrics/add", post(metrics::add))
        .route("/api/health-metrics/analysis", get(metrics::analysis))
        .route("/api/doctors/search-patients", get(doctors::search))
        .route("/api/doctors/patient-records/{patient_id}", get(records::of_patient))
}

#[derive(OpenApi)]
#[openapi(paths(
    upload::upload,
    records::mine,
    records::of_patient,
    sharing::grant,
    appointments::create,
    appointments::mine,
    metrics::add,
    metrics::analysis,
    doctors::search
))]
struct Docs;

/// The operations of the plain API, for `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}
