//! The room over HTTP.

mod documents;
mod files;
mod uploads;
mod values;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/uploads", post(uploads::create).options(uploads::options))
        .route("/api/uploads/{id}", axum::routing::head(uploads::standing).patch(uploads::append).delete(uploads::end))
        .route("/api/documents", post(uploads::whole))
        .route("/api/patients/{id}/documents", get(documents::list))
        .route("/api/document-kinds", get(documents::kinds))
        .route("/api/lab-codes", get(values::codes))
        .route("/api/documents/{id}", get(documents::read))
        .route("/api/documents/{id}/change", post(documents::change))
        .route("/api/documents/{id}/delete", post(documents::delete))
        .route("/api/documents/{id}/restore", post(documents::restore))
        .route("/api/documents/{id}/read", post(documents::read_again))
        .route("/api/documents/{id}/content", get(files::content))
        .route("/api/documents/{id}/thumbnail", get(files::thumbnail))
        .route("/api/documents/{id}/pages/{n}", get(files::page))
        .route("/api/documents/{id}/text", get(documents::text))
        .route("/api/documents/{id}/values", get(values::list))
        .route("/api/documents/{id}/values/{n}/confirm", post(values::confirm))
        .route("/api/documents/{id}/values/{n}/skip", post(values::skip))
        .route("/api/documents/{id}/values/{n}/reopen", post(values::reopen))
}

#[derive(OpenApi)]
#[openapi(paths(
    uploads::create,
    uploads::standing,
    uploads::append,
    uploads::end,
    uploads::whole,
    documents::list,
    documents::kinds,
    documents::read,
    documents::change,
    documents::delete,
    documents::restore,
    documents::read_again,
    documents::text,
    files::content,
    files::thumbnail,
    files::page,
    values::codes,
    values::list,
    values::confirm,
    values::skip,
    values::reopen
))]
struct Docs;

/// The operations of this room, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}
