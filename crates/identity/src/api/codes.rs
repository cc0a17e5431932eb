//! `/api/auth/code/**`, `/api/auth/recovery-code`, `/api/auth/recovery-codes`

use super::auth::{Confirmed, LoginAnswer, confirmed, login_answer};
use super::{place, token, user_agent};
use crate::memory::Peer;
use crate::model::{Method, SessionKind};
use crate::{Entrance, access, code};
use axum::extract::State;
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    #[schema(format = "email")]
    email: String,
}

#[derive(Serialize, ToSchema)]
pub struct CodeAsked {
    /// Goes back with the code.
    request: String,
    #[schema(format = DateTime)]
    expires: String,
}

/// Sends a code of eight digits, good for ten minutes. The answer is the same for an address that nobody has.
#[utoipa::path(post, path = "/api/auth/code/start", tag = "auth", request_body = CodeForm, security(()), responses(
    (status = 200, body = CodeAsked),
    (status = 403, description = "This server sends no e-mail"),
    (status = 422, description = "Not an e-mail address"),
    (status = 429, description = "Ten codes in a day, or too many tries; Retry-After says how long to wait")))]
pub async fn start(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    JsonBody(form): JsonBody<CodeForm>,
) -> Result<Json<CodeAsked>, Problem> {
    let asked = code::start(&house, place(peer), &form.email).await?;
    Ok(Json(CodeAsked { request: asked.request, expires: asked.expires.to_rfc3339() }))
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CodeAnswer {
    request: String,
    code: String,
    /// Makes the session a full one.
    recovery_code: Option<String>,
    #[serde(default)]
    session: SessionKind,
}

/// Signs in with the code that was sent: limited, or in full with a recovery code besides.
#[utoipa::path(post, path = "/api/auth/code/finish", tag = "auth", request_body = CodeAnswer, security(()), responses(
    (status = 200, body = LoginAnswer),
    (status = 401, description = "The code, or the recovery code, is not good"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn finish(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<CodeAnswer>,
) -> Result<Response, Problem> {
    let entrance = Entrance::new(form.session, Method::Code, user_agent(&headers), place(peer));
    let answer = (form.request.as_str(), form.code.as_str(), form.recovery_code.as_deref());
    let signed_in = code::finish(&house, &ctx, entrance, answer).await?;
    login_answer(&house, &headers, StatusCode::OK, signed_in).await
}

#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RecoveryForm {
    recovery_code: String,
}

/// Makes a limited session a full one. It gets another secret: a program sends the `token` of the answer from then on.
#[utoipa::path(post, path = "/api/auth/recovery-code", tag = "auth", request_body = RecoveryForm, responses(
    (status = 200, body = Confirmed),
    (status = 401, description = "Not signed in, or not one of my codes"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn recover(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    form: Result<JsonBody<RecoveryForm>, Problem>,
) -> Result<Response, Problem> {
    access::signed_in(&ctx)?;
    let JsonBody(form) = form?;
    let renewed = code::recover(&house, &ctx, token(&house, &headers)?, &form.recovery_code, place(peer)).await?;
    Ok(confirmed(&house, &ctx, renewed).await?)
}

#[derive(Serialize, ToSchema)]
pub struct RecoveryCodes {
    /// Ten, each good once. They are shown this once.
    codes: Vec<String>,
    #[schema(format = DateTime)]
    created: String,
}

/// Makes ten new recovery codes; those made before are worth nothing any more.
#[utoipa::path(post, path = "/api/auth/recovery-codes", tag = "auth", responses(
    (status = 201, body = RecoveryCodes),
    (status = 401, description = "Not signed in, or not lately: confirm first")))]
pub async fn make_recovery_codes(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
) -> Result<(StatusCode, Json<RecoveryCodes>), Problem> {
    let (codes, created) = code::make_recovery_codes(&house, &ctx).await?;
    Ok((StatusCode::CREATED, Json(RecoveryCodes { codes, created: created.to_rfc3339() })))
}
