//! The room over HTTP.

mod documents;
mod files;
mod sealed;
mod uploads;
mod values;
mod vault;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/uploads", post(uploads::create).options(uploads::options))
        .route("/api/uploads/{id}", axum::routing::head(uploads::standing).patch(uploads::append).delete(uploads::end))
        .route("/api/patients/{id}/uploads", get(uploads::unfinished))
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
        .merge(sealing())
}

/// Sealed documents, and the keys for them.
fn sealing() -> Router<House> {
    Router::new()
        .route("/api/vault", get(vault::read).post(vault::create))
        .route("/api/vault/ways", post(vault::add_way))
        .route("/api/vault/ways/{id}/remove", post(vault::remove_way))
        .route("/api/vault/guardians", post(vault::guardians))
        .route("/api/vault/discard", post(vault::discard))
        .route("/api/vault/keys", get(vault::public_keys))
        .route("/api/vault/openings", get(vault::openings).post(vault::ask))
        .route("/api/vault/openings/{id}/answer", post(vault::answer))
        .route("/api/vault/openings/{id}/end", post(vault::end))
        .route("/api/sealing", get(sealed::overview))
        .route("/api/sealing/{compartment}/keys", post(sealed::hand_over))
        .route("/api/patients/{id}/sealed", get(sealed::list))
        .route("/api/sealed/{id}/content", get(sealed::content))
        .route("/api/sealed/{id}/change", post(sealed::change))
        .route("/api/sealed/{id}/delete", post(sealed::delete))
}

#[derive(OpenApi)]
#[openapi(paths(
    uploads::create,
    uploads::unfinished,
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
    values::reopen,
    vault::read,
    vault::create,
    vault::add_way,
    vault::remove_way,
    vault::guardians,
    vault::discard,
    vault::public_keys,
    vault::openings,
    vault::ask,
    vault::answer,
    vault::end,
    sealed::overview,
    sealed::hand_over,
    sealed::list,
    sealed::content,
    sealed::change,
    sealed::delete
))]
struct Docs;

/// The operations of this room, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}
