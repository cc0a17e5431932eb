//! FHIR over HTTP, and the data of the pages.

mod fhir;
mod people;
mod preview;
pub mod respond;
mod series;
mod summary;
mod timeline;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    fhir::routes()
        .route("/api/patients/{id}/timeline", get(timeline::read))
        .route("/api/patients/{id}/counts", get(timeline::counts))
        .route("/api/patients/{id}/summary", get(summary::read))
        .route("/api/patients/{id}/series", get(series::list))
        .route("/api/patients/{id}/series/{code}", get(series::read))
        .route("/api/my-patients", get(people::my_patients))
        .route("/api/directory", get(people::directory))
        .route("/api/grants/preview", post(preview::read))
}

#[derive(OpenApi)]
#[openapi(paths(
    timeline::read,
    timeline::counts,
    summary::read,
    series::list,
    series::read,
    people::my_patients,
    people::directory,
    preview::read
))]
struct Api;

/// The operations of this room on `/api`, for the server's `openapi.json`. FHIR describes itself.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}
