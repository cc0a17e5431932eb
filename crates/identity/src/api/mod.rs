//! The HTTP side of identity.

pub mod apps;
mod auth;
mod events;
mod oauth;
mod sessions;
mod users;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub use auth::{LoginAnswer, login_answer};
pub use users::{User, UserState};

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/logout", post(auth::logout))
        .route("/api/auth/session", get(auth::session))
        .route("/api/auth/sessions", get(sessions::list))
        .route("/api/auth/sessions/{id}/revoke", post(sessions::revoke))
        .route("/api/events", get(events::events))
        .route("/api/apps", get(apps::list))
        .route("/api/apps/launchable", get(apps::launchable))
        .route("/api/apps/{id}/revoke", post(apps::revoke))
        .route("/api/apps/requests/{id}", get(apps::request))
        .route("/api/apps/requests/{id}/deny", post(apps::deny))
        .route("/api/admin/apps", get(apps::registered))
        .route("/api/admin/apps/{id}/revoke", post(apps::strike))
        .merge(oauth::routes())
        .route("/api/admin/users", get(users::list))
        .route("/api/admin/users/{id}/lock", post(users::lock))
        .route("/api/admin/users/{id}/unlock", post(users::unlock))
}

#[derive(OpenApi)]
#[openapi(paths(
    auth::login,
    auth::logout,
    auth::session,
    sessions::list,
    sessions::revoke,
    events::events,
    apps::list,
    apps::launchable,
    apps::revoke,
    apps::request,
    apps::deny,
    apps::registered,
    apps::strike,
    users::list,
    users::lock,
    users::unlock
))]
struct Api;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The number in a path; what is no number names nothing.
fn number(text: &str) -> Result<i64, kernel::Problem> {
    text.parse().map_err(|_| kernel::Problem::not_found())
}

fn user_agent(headers: &http::HeaderMap) -> &str {
    headers.get(http::header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default()
}
