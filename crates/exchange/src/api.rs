//! The room over HTTP: a patient's own under `/api`, the summary under `/fhir`, and links for whoever holds them under `/shl`.

mod card;
mod links;
mod shl;
mod summary;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/fhir/{kind}/{id}/$summary", get(summary::read))
        .route("/api/emergency-card", get(card::read).put(card::change))
        .route("/api/health-links", get(links::list).post(links::create))
        .route("/api/health-links/{id}/revoke", post(links::revoke))
        .route("/shl/{secret}", get(shl::direct).post(shl::manifest))
        .route("/shl/{secret}/file/{ticket}", get(shl::file))
}

#[derive(OpenApi)]
#[openapi(paths(
    card::read,
    card::change,
    links::list,
    links::create,
    links::revoke,
    shl::direct,
    shl::manifest,
    shl::file
))]
struct Docs;

/// The operations of this room outside of `/fhir`, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}
