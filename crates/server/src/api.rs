//! The server's own routes: health, the demonstration's accounts, and what spans identity and records.

pub mod apps;
pub mod clinicians;
pub mod demo;
pub mod emergency;
pub mod family;
pub mod health;
pub mod organizations;
pub mod people;
mod pieces;
pub mod rights;
pub mod takeout;

use crate::desk::Desk;
use axum::Router;
use axum::routing::{get, post};
use std::sync::Arc;
use utoipa::OpenApi;

pub fn routes() -> Router<Arc<Desk>> {
    Router::new()
        .route("/api/health", get(health::alive))
        .route("/api/demo", get(demo::accounts))
        .route("/api/demo/outbox", get(demo::outbox))
        .route("/api/auth/register", post(people::register))
        .route("/api/auth/register/start", post(people::register_start))
        .route("/api/auth/register/finish", post(people::register_finish))
        .route("/api/admin/users", post(people::create_user))
        .route("/api/admin/organizations", get(organizations::list).post(organizations::create))
        .route("/api/admin/organizations/{id}/members", get(people::members).post(people::add_member))
        .route("/api/admin/organizations/{id}/members/{account}/remove", post(people::remove_member))
        .route("/api/admin/invitations", post(clinicians::invite))
        .route("/api/admin/verifications/{account}/approve", post(clinicians::approve))
        .route("/api/admin/health", get(health::report))
        .route("/api/admin/apps", post(apps::register))
        .route("/api/apps/requests/{id}/allow", post(apps::allow))
        .route("/api/apps/launch", post(apps::launch))
        .route("/api/patients/{id}/export", get(rights::export))
        .route("/api/patients/{id}/export/archive", get(takeout::archive))
        .route("/api/patients/{id}/export/pdf", get(takeout::pdf))
        .route("/api/patients/{id}/erase", post(rights::erase))
        .route("/api/break-glass", post(emergency::open))
        .route("/api/break-glass/search", post(emergency::search))
        .route("/api/break-glass/{id}/whole", post(emergency::whole))
        .route("/api/break-glass/{id}/end", post(emergency::end))
        .route("/api/family", get(family::list))
        .route("/api/family/children", post(family::add_child))
        .route("/api/family/guardians", post(family::invite))
        .route("/api/family/delegations", post(family::delegate))
        .route("/api/family/letter", post(family::letter))
        .route("/api/family/{id}/again", post(family::again))
        .route("/api/family/{id}/accept", post(family::accept))
        .route("/api/family/{id}/decline", post(family::decline))
        .route("/api/family/{id}/end", post(family::end))
        .route("/api/admin/guardians", get(family::guardians).post(family::link))
        .route("/api/admin/guardians/{id}/end", post(family::unlink))
        .route("/api/admin/emergencies", get(emergency::list))
        .route("/api/admin/emergencies/{id}/review", post(emergency::review))
}

#[derive(OpenApi)]
#[openapi(paths(
    health::alive,
    health::report,
    demo::accounts,
    demo::outbox,
    people::register,
    people::register_start,
    people::register_finish,
    people::create_user,
    people::add_member,
    people::members,
    people::remove_member,
    organizations::list,
    organizations::create,
    apps::register,
    apps::allow,
    apps::launch,
    clinicians::invite,
    clinicians::approve,
    emergency::search,
    emergency::open,
    emergency::whole,
    emergency::end,
    emergency::list,
    emergency::review,
    rights::export,
    takeout::archive,
    takeout::pdf,
    rights::erase,
    family::list,
    family::add_child,
    family::invite,
    family::delegate,
    family::letter,
    family::again,
    family::accept,
    family::decline,
    family::end,
    family::guardians,
    family::link,
    family::unlink
))]
pub struct Docs;
