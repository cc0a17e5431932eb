//! Consents and the ledger over HTTP.

mod cases;
mod desk;
mod grants;
mod ledger;
mod renewal;
mod requests;
mod restriction;
mod saved;
mod texts;

pub use saved::file as saved_file;
mod witnessed;

use ::ledger::House;
use axum::Router;
use axum::routing::{get, post};
use utoipa::OpenApi;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/grants", get(grants::list).post(grants::create))
        .route("/api/grants/{id}/revoke", post(grants::revoke))
        .route("/api/grants/{id}/extend", post(grants::extend))
        .route("/api/grants/{id}/renew", post(renewal::renew))
        .route("/api/grants/{id}/ask-renewal", post(renewal::ask))
        .route("/api/grants/{id}/history", get(renewal::history))
        .route("/api/consent-texts", get(texts::list))
        .route("/api/consent-texts/{version}", get(texts::find))
        .route("/api/restriction", get(restriction::find))
        .route("/api/restriction/begin", post(restriction::begin))
        .route("/api/restriction/lift", post(restriction::lift))
        .route("/api/desk", post(desk::show))
        .route("/api/desk/meet", post(desk::meet))
        .route("/api/desk/{id}", get(desk::find))
        .route("/api/desk/{id}/give", post(desk::give))
        .route("/api/desk/{id}/end", post(desk::end))
        .route("/api/access-requests", get(requests::list).post(requests::create))
        .route("/api/access-requests/{id}/decline", post(requests::decline))
        .route("/api/share-code", get(requests::share_code))
        .route("/api/cases", get(cases::list).post(cases::create))
        .route("/api/cases/{id}/messages", post(cases::say))
        .route("/api/cases/{id}/decline", post(cases::decline))
        .route("/api/cases/{id}/object", post(cases::object))
        .route("/api/cases/{id}/close", post(cases::close))
        .route("/api/ledger/entries", get(ledger::entries))
        .route("/api/ledger/export", get(saved::export))
        .route("/api/ledger/checkpoint", get(ledger::checkpoint))
        .route("/api/ledger/proof", get(ledger::proof))
        .route("/api/ledger/consistency", get(ledger::consistency))
        .route("/api/admin/ledger", get(ledger::state))
        .route("/api/admin/ledger/verify", post(ledger::verify))
}

#[derive(OpenApi)]
#[openapi(paths(
    grants::list,
    grants::create,
    grants::revoke,
    grants::extend,
    renewal::renew,
    renewal::ask,
    renewal::history,
    texts::list,
    texts::find,
    restriction::find,
    restriction::begin,
    restriction::lift,
    desk::show,
    desk::meet,
    desk::find,
    desk::give,
    desk::end,
    requests::list,
    requests::create,
    requests::decline,
    requests::share_code,
    cases::list,
    cases::create,
    cases::say,
    cases::decline,
    cases::object,
    cases::close,
    ledger::entries,
    saved::export,
    ledger::checkpoint,
    ledger::proof,
    ledger::consistency,
    ledger::state,
    ledger::verify
))]
pub struct Docs;

/// The operations of this room, for the server's `openapi.json`.
pub fn openapi() -> utoipa::openapi::OpenApi {
    Docs::openapi()
}
