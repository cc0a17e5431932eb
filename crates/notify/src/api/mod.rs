//! The inbox over HTTP. The live stream's address is identity's, which knows whether a session still stands.

mod inbox;
mod wishes;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/inbox", get(inbox::list))
        .route("/api/inbox/read-all", post(inbox::read_all))
        .route("/api/inbox/wishes", get(wishes::find).put(wishes::keep))
        .route("/api/inbox/{id}/read", post(inbox::read_one))
}

#[derive(OpenApi)]
#[openapi(paths(inbox::list, inbox::read_all, inbox::read_one, wishes::find, wishes::keep))]
struct Api;

/// The operations of this room, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}
