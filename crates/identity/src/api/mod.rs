//! The HTTP side of identity.

pub mod apps;
mod auth;
mod codes;
mod events;
mod external;
mod face;
pub mod invitations;
mod methods;
mod narrowing;
mod oauth;
mod passkeys;
pub mod registered_apps;
mod sessions;
mod users;
mod verification;
mod verifications;

use axum::Router;
use axum::routing::{get, post};
use ledger::House;
use utoipa::OpenApi;

pub use auth::{LoginAnswer, login_answer};
pub use passkeys::{Ceremony, FinishForm};
pub use users::{User, UserState};

pub fn routes() -> Router<House> {
    Router::new()
        .route("/api/auth/login", post(auth::login))
        .route("/api/auth/logout", post(auth::logout))
        .route("/api/auth/session", get(auth::session))
        .route("/api/auth/sessions", get(sessions::list))
        .route("/api/auth/sessions/{id}/revoke", post(sessions::revoke))
        .route("/api/auth/sessions/revoke-others", post(sessions::revoke_others))
        .route("/api/auth/sessions/revoke-all", post(sessions::revoke_all))
        .route("/api/auth/options", get(passkeys::options))
        .route("/api/auth/passkey/start", post(passkeys::sign_in_start))
        .route("/api/auth/passkey/finish", post(passkeys::sign_in_finish))
        .route("/api/auth/passkeys/start", post(passkeys::add_start))
        .route("/api/auth/passkeys/finish", post(passkeys::add_finish))
        .route("/api/auth/passkeys/{id}/rename", post(passkeys::rename))
        .route("/api/auth/passkeys/{id}/revoke", post(passkeys::revoke))
        .route("/api/auth/code/start", post(codes::start))
        .route("/api/auth/code/finish", post(codes::finish))
        .route("/api/auth/recovery-code", post(codes::recover))
        .route("/api/auth/recovery-codes", post(codes::make_recovery_codes))
        .route("/api/auth/methods", get(methods::list))
        .route("/api/auth/password", post(methods::set_password))
        .route("/api/auth/password/cancel", post(methods::cancel_password))
        .route("/api/auth/password/remove", post(methods::remove_password))
        .route("/api/auth/confirm/start", post(methods::confirm_start))
        .route("/api/auth/confirm", post(methods::confirm))
        .route("/api/auth/face", get(face::check))
        .route("/api/auth/face/challenge", post(face::challenge))
        .route("/api/auth/face/look", post(face::look))
        .route("/api/auth/face/login", post(face::login))
        .route("/api/auth/face/devices", get(face::devices).post(face::enrol))
        .route("/api/auth/face/devices/{id}/delete", post(face::delete))
        .route("/api/admin/face", get(face::state).post(face::switch))
        .route("/api/events", get(events::events))
        .route("/api/apps", get(apps::list))
        .route("/api/apps/launchable", get(apps::launchable))
        .route("/api/apps/refused", get(apps::refused))
        .route("/api/apps/{id}/change", post(narrowing::change))
        .route("/api/apps/{id}/revoke", post(apps::revoke))
        .route("/api/apps/requests/{id}", get(apps::request))
        .route("/api/apps/requests/{id}/deny", post(apps::deny))
        .route("/api/admin/apps", get(registered_apps::registered))
        .route("/api/admin/apps/{id}/confirm", post(registered_apps::confirm))
        .route("/api/admin/apps/{id}/revoke", post(registered_apps::strike))
        .route("/api/auth/external", get(external::offered))
        .route("/api/auth/external/links", get(external::links))
        .route("/api/auth/external/links/{id}/remove", post(external::unlink))
        .route("/api/auth/external/{provider}/link", post(external::link))
        .route("/oauth/external/{provider}", get(external::start))
        .route("/oauth/external/{provider}/back", get(external::back))
        .merge(oauth::routes())
        .route("/api/admin/users", get(users::list))
        .route("/api/admin/users/{id}/lock", post(users::lock))
        .route("/api/admin/users/{id}/unlock", post(users::unlock))
        .route("/api/admin/users/{id}/role", post(users::change_role))
        .merge(of_clinicians())
}

fn of_clinicians() -> Router<House> {
    Router::new()
        .route("/api/auth/register/clinician", post(verification::register))
        .route("/api/auth/invitation", post(verification::accept))
        .route("/api/verification", get(verification::own).post(verification::describe))
        .route("/api/verification/submit", post(verification::submit))
        .route("/api/verification/documents", post(verification::add_document))
        .route("/api/verification/documents/{id}", get(verification::document))
        .route("/api/verification/documents/{id}/remove", post(verification::remove_document))
        .route("/api/admin/invitations", get(invitations::list))
        .route("/api/admin/invitations/{account}/resend", post(invitations::resend))
        .route("/api/admin/invitations/{account}/withdraw", post(invitations::withdraw))
        .route("/api/admin/verifications", get(verifications::list))
        .route("/api/admin/verifications/{account}", get(verifications::one))
        .route("/api/admin/verifications/{account}/documents/{id}", get(verifications::document))
        .route("/api/admin/verifications/{account}/return", post(verifications::send_back))
}

#[derive(OpenApi)]
#[openapi(paths(
    verification::register,
    verification::accept,
    verification::own,
    verification::describe,
    verification::submit,
    verification::add_document,
    verification::document,
    verification::remove_document,
    verifications::list,
    verifications::one,
    verifications::document,
    verifications::send_back,
    auth::login,
    auth::logout,
    auth::session,
    sessions::list,
    sessions::revoke,
    sessions::revoke_others,
    sessions::revoke_all,
    passkeys::options,
    passkeys::sign_in_start,
    passkeys::sign_in_finish,
    passkeys::add_start,
    passkeys::add_finish,
    passkeys::rename,
    passkeys::revoke,
    codes::start,
    codes::finish,
    codes::recover,
    codes::make_recovery_codes,
    methods::list,
    methods::set_password,
    methods::cancel_password,
    methods::remove_password,
    methods::confirm_start,
    methods::confirm,
    face::check,
    face::challenge,
    face::look,
    face::login,
    face::devices,
    face::enrol,
    face::delete,
    face::state,
    face::switch,
    events::events,
    external::offered,
    external::links,
    external::link,
    external::unlink,
    apps::list,
    apps::launchable,
    apps::refused,
    apps::revoke,
    narrowing::change,
    apps::request,
    apps::deny,
    registered_apps::registered,
    registered_apps::confirm,
    registered_apps::strike,
    users::list,
    users::lock,
    users::unlock,
    users::change_role,
    invitations::list,
    invitations::resend,
    invitations::withdraw
))]
struct Api;

pub fn openapi() -> utoipa::openapi::OpenApi {
    Api::openapi()
}

/// The number in a path; what is no number names nothing.
fn number(text: &str) -> Result<i64, kernel::Problem> {
    text.parse().map_err(|_| kernel::Problem::not_found())
}

/// Where a request came from.
fn place(peer: Option<axum::Extension<crate::Peer>>) -> Option<std::net::IpAddr> {
    peer.map(|axum::Extension(crate::Peer(address))| address)
}

/// The hash of the token that an authenticated request came with.
fn token(house: &House, headers: &http::HeaderMap) -> Result<crate::caller::Token, crate::IdentityError> {
    crate::caller::token_of(house, headers).ok_or(crate::IdentityError::NotSignedIn)
}

fn user_agent(headers: &http::HeaderMap) -> &str {
    headers.get(http::header::USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default()
}
