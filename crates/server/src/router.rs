//! The whole HTTP interface on one page.

use crate::api;
use crate::border;
use crate::desk::Desk;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use std::sync::Arc;

pub fn router(desk: &Arc<Desk>) -> Router {
    let rooms = Router::new()
        .merge(identity::routes()) //  /api/auth/**, /api/admin/users/**, /api/admin/organizations/{id}/members
        .merge(notify::api::routes()) //    /api/inbox/**, /api/events
        .merge(consent::api::routes()) //   /api/grants/**, /api/access-requests/**, /api/ledger/**, /api/admin/ledger/**
        .merge(records::routes()) //   /fhir/**, /api/patients/**, /api/my-patients, /api/directory, /api/grants/preview
        .merge(documents::routes()) // /api/documents/**, /api/uploads/**, /api/patients/{id}/documents, /api/lab-codes
        .merge(crate::plain::routes()) // /api/records/**, /api/appointments/**, /api/health-metrics/**, /api/doctors/**
        .merge(exchange::routes()); // /fhir/Patient/{id}/$summary, /api/health-links/**, /api/emergency-card, /shl/**
    let own = api::routes() //         /api/health, /api/demo, /api/auth/register, /api/admin/**
        .route("/openapi.json", get(crate::openapi::serve));
    Router::new()
        .merge(rooms.with_state(desk.house.clone()))
        .merge(own.with_state(Arc::clone(desk)))
        .fallback(border::nowhere) //  everything else: the web app
        .method_not_allowed_fallback(border::wrong_method)
        // The border limits every body itself, by what its world takes.
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn_with_state(Arc::clone(desk), border::guard))
}
