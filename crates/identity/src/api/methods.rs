//! `/api/auth/methods`, `/api/auth/password/**`, `/api/auth/confirm/**`

use super::auth::{Confirmed, confirmed};
use super::passkeys::{Ceremony, Nothing, Passkey};
use super::{place, token};
use crate::access;
use crate::memory::Peer;
use crate::methods::{self, Proof};
use crate::passkey::{Credential, Finished};
use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem, Timestamp};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How I can sign in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Methods {
    passkeys: Vec<Passkey>,
    password: PasswordState,
    recovery_codes: RecoveryState,
    /// Where codes are sent.
    #[schema(required = true)]
    email: Option<String>,
    /// Somebody showed that the address is theirs, by a code sent to it together with another way in. Otherwise the first
    /// recovery by it ends every other way in.
    email_proved: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordState {
    set: bool,
    /// A new password was set by recovery and counts from then on.
    #[schema(required = true, format = DateTime)]
    ready_at: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub struct RecoveryState {
    left: i64,
    #[schema(required = true, format = DateTime)]
    created: Option<String>,
}

/// The ways in that my account has.
#[utoipa::path(get, path = "/api/auth/methods", tag = "auth",
    responses((status = 200, body = Methods), (status = 401, description = "Not signed in")))]
pub async fn list(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Methods>, Problem> {
    let found = methods::list(&house, &ctx).await?;
    let now = house.clock.now();
    Ok(Json(Methods {
        passkeys: found.passkeys.into_iter().map(|passkey| Passkey::new(passkey, now)).collect(),
        password: PasswordState { set: found.password, ready_at: found.password_ready.map(Timestamp::to_rfc3339) },
        recovery_codes: RecoveryState {
            left: found.recovery_left,
            created: found.recovery_created.map(Timestamp::to_rfc3339),
        },
        email: found.email,
        email_proved: found.email_proved,
    }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    /// At least 8 characters, and none of the most common ones.
    #[schema(format = Password, min_length = 8)]
    password: String,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasswordSet {
    /// Null: it counts now.
    #[schema(required = true, format = DateTime)]
    ready_at: Option<String>,
}

/// Sets or changes my password and signs my other devices out. In a limited session it counts after 24 hours.
#[utoipa::path(post, path = "/api/auth/password", tag = "auth", request_body = PasswordForm, responses(
    (status = 200, body = PasswordSet),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 422, description = "Too short, too long, or among the most common ones")))]
pub async fn set_password(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<JsonBody<PasswordForm>, Problem>,
) -> Result<Json<PasswordSet>, Problem> {
    access::signed_in(&ctx)?;
    let JsonBody(form) = form?;
    let ready = methods::set_password(&house, &ctx, token(&house, &headers)?, &form.password).await?;
    Ok(Json(PasswordSet { ready_at: ready.map(Timestamp::to_rfc3339) }))
}

/// Stops a new password that waits.
#[utoipa::path(post, path = "/api/auth/password/cancel", tag = "auth",
    responses((status = 204), (status = 401, description = "Not signed in")))]
pub async fn cancel_password(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<StatusCode, Problem> {
    methods::cancel_password(&house, &ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Removes my password: passkeys open my account then.
#[utoipa::path(post, path = "/api/auth/password/remove", tag = "auth", responses(
    (status = 204),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 409, description = "There is no passkey that works")))]
pub async fn remove_password(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<StatusCode, Problem> {
    methods::remove_password(&house, &ctx).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How I can confirm that it is me.
#[derive(Serialize, ToSchema)]
pub struct Ways {
    /// Of `passkey`, `password` and `recovery-code`, the better ones first.
    methods: Vec<&'static str>,
    #[schema(required = true)]
    passkey: Option<Ceremony>,
}

/// Begins confirming that it is me.
#[utoipa::path(post, path = "/api/auth/confirm/start", tag = "auth", request_body = Nothing,
    responses((status = 200, body = Ways), (status = 401, description = "Not signed in")))]
pub async fn confirm_start(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<Nothing>, Problem>,
) -> Result<Json<Ways>, Problem> {
    access::signed_in(&ctx)?;
    form?;
    let ways = methods::confirm_start(&house, &ctx).await?;
    let offered =
        [("passkey", ways.passkey.is_some()), ("password", ways.password), ("recovery-code", ways.recovery_codes)];
    let methods = offered.into_iter().filter(|(_, has)| *has).map(|(name, _)| name).collect();
    Ok(Json(Ways { methods, passkey: ways.passkey.map(Ceremony::from) }))
}

/// One of: a password; a ceremony with its credential; a recovery code.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConfirmForm {
    #[schema(format = Password)]
    password: Option<String>,
    ceremony: Option<String>,
    credential: Option<Credential>,
    recovery_code: Option<String>,
}

/// Confirms that it is me: sensitive acts are possible for the next five minutes, and a limited session is full. The session gets
/// another secret: a browser's cookie is exchanged, a program sends the `token` of the answer from then on.
#[utoipa::path(post, path = "/api/auth/confirm", tag = "auth", request_body = ConfirmForm, responses(
    (status = 200, body = Confirmed),
    (status = 400, description = "Not exactly one way"),
    (status = 401, description = "Not signed in, or not good"),
    (status = 422, description = "The body carries what the passkey derived for the browser alone"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn confirm(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    form: Result<JsonBody<ConfirmForm>, Problem>,
) -> Result<Response, Problem> {
    access::signed_in(&ctx)?;
    let JsonBody(form) = form?;
    let proof = match form {
        ConfirmForm { password: Some(password), ceremony: None, credential: None, recovery_code: None } => {
            Proof::Password(password)
        }
        ConfirmForm { password: None, ceremony: Some(ceremony), credential: Some(credential), recovery_code: None } => {
            Proof::Passkey(Box::new(Finished { ceremony, credential }))
        }
        ConfirmForm { password: None, ceremony: None, credential: None, recovery_code: Some(code) } => {
            Proof::RecoveryCode(code)
        }
        _ => {
            let text = "Confirm in one way: password, or ceremony with credential, or recoveryCode.";
            return Err(Problem::bad_request(text));
        }
    };
    let renewed = methods::confirm(&house, &ctx, token(&house, &headers)?, proof, place(peer)).await?;
    Ok(confirmed(&house, &ctx, renewed).await?)
}
