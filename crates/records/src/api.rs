//! FHIR over HTTP, and the data of the pages.

mod corrections;
mod edits;
mod fhir;
mod labels;
mod people;
mod photo;
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
        .route("/api/patients/{id}/timeline/outline", get(timeline::outline))
        .route("/api/patients/{id}/timeline/choices", get(timeline::choices))
        .route("/api/patients/{id}/compare", get(timeline::compare))
        .route("/api/patients/{id}/counts", get(timeline::counts))
        .route("/api/patients/{id}/photo", get(photo::read).put(photo::set))
        .route("/api/patients/{id}/photo/remove", post(photo::remove))
        .route("/api/patients/{id}/summary", get(summary::read))
        .route("/api/patients/{id}/series", get(series::list))
        .route("/api/patients/{id}/series/{code}", get(series::read))
        .route("/api/entries/{type}/{id}/labels", get(labels::read).post(labels::set))
        .route("/api/corrections", post(corrections::create))
        .route("/api/my-patients", get(people::my_patients))
        .route("/api/directory", get(people::directory))
        .route("/api/grants/preview", post(preview::read))
        .route("/api/edits", get(edits::list).post(edits::draft))
        .route("/api/edits/{id}", get(edits::read))
        .route("/api/edits/{id}/change", post(edits::redraft))
        .route("/api/edits/{id}/withdraw", post(edits::withdraw))
        .route("/api/edits/{id}/decline", post(edits::decline))
        .route("/api/edits/{id}/code", post(edits::code))
        .route("/api/edits/{id}/land", post(edits::land))
        .route("/api/edit-sessions", get(edits::visits).post(edits::request_visit))
        .route("/api/edit-sessions/{id}/code", post(edits::visit_code))
        .route("/api/edit-sessions/{id}/open", post(edits::open_visit))
        .route("/api/edit-sessions/{id}/end", post(edits::end_visit))
}

#[derive(OpenApi)]
#[openapi(paths(
    timeline::read,
    timeline::outline,
    timeline::choices,
    timeline::compare,
    timeline::counts,
    photo::read,
    photo::set,
    photo::remove,
    summary::read,
    series::list,
    series::read,
    labels::read,
    labels::set,
    corrections::create,
    people::my_patients,
    people::directory,
    preview::read,
    edits::list,
    edits::draft,
    edits::read,
    edits::redraft,
    edits::withdraw,
    edits::decline,
    edits::code,
    edits::land,
    edits::visits,
    edits::request_visit,
    edits::visit_code,
    edits::open_visit,
    edits::end_visit
))]
struct Api;

/// The operations of this room on `/api`, for the server's `openapi.json`. FHIR describes itself.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}
