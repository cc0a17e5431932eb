//! `/api/auth/passkey/**` (signing in), `/api/auth/passkeys/**` (mine), `/api/auth/options`

use super::auth::{LoginAnswer, login_answer};
use super::{number, place, user_agent};
use crate::memory::{Memory, Peer};
use crate::model::{Method, SessionKind};
use crate::passkey::{self, Begun, Credential, Finished};
use crate::{Entrance, store};
use axum::extract::{Path, State};
use axum::response::Response;
use axum::{Extension, Json};
use http::{HeaderMap, StatusCode, header};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem, Timestamp};
use ledger::House;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a page begins with.
#[derive(Serialize, ToSchema)]
pub struct Ceremony {
    /// Opaque; goes back with the result, within five minutes, once.
    ceremony: String,
    /// For `navigator.credentials`: `{"publicKey": …}` as JSON.
    #[schema(value_type = Object)]
    options: serde_json::Value,
}

impl From<Begun> for Ceremony {
    fn from(Begun { ceremony, options }: Begun) -> Self {
        Self { ceremony, options }
    }
}

/// What a ceremony ended with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FinishedCeremony)]
pub struct FinishForm {
    ceremony: String,
    /// `credential.toJSON()`, without what `prf` derived.
    credential: Credential,
    /// What its owner calls the device; only when a passkey is made.
    pub name: Option<String>,
    #[serde(default)]
    pub session: SessionKind,
}

impl FinishForm {
    pub fn finished(self) -> Finished {
        Finished { ceremony: self.ceremony, credential: self.credential }
    }
}

/// A body without fields.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Options {
    passkey: PasskeyOptions,
    /// Codes by e-mail, and with them recovery, are to be had.
    email_code: bool,
    password: bool,
    register: bool,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PasskeyOptions {
    /// The name that passkeys are bound to; null where this server has none.
    #[schema(required = true)]
    rp_id: Option<String>,
    /// They work at the address this was asked at.
    here: bool,
    /// The address of this server at which they do.
    #[schema(required = true)]
    open_at: Option<String>,
}

/// What a sign-in page may offer.
#[utoipa::path(get, path = "/api/auth/options", tag = "auth", security(()), responses((status = 200, body = Options)))]
pub async fn options(State(house): State<House>, headers: HeaderMap) -> Json<Options> {
    let settings = house.memory::<Memory>().settings();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let passkey = match &settings.party {
        Some(party) => {
            let passkey::Where { here, open_at } = party.at(host, settings.secure);
            PasskeyOptions { rp_id: Some(party.id.clone()), here, open_at }
        }
        None => PasskeyOptions { rp_id: None, here: false, open_at: None },
    };
    Json(Options { passkey, email_code: notify::can_mail(&house), password: true, register: true })
}

/// Begins signing in with a passkey. Nobody is named.
#[utoipa::path(post, path = "/api/auth/passkey/start", tag = "auth", request_body = Nothing, security(()), responses(
    (status = 200, body = Ceremony),
    (status = 403, description = "This server's address has no name, so it has no passkeys")))]
pub async fn sign_in_start(State(house): State<House>, _: JsonBody<Nothing>) -> Result<Json<Ceremony>, Problem> {
    Ok(Json(passkey::sign_in_start(&house).await?.into()))
}

/// Signs in with a passkey.
#[utoipa::path(post, path = "/api/auth/passkey/finish", tag = "auth", request_body = FinishForm, security(()), responses(
    (status = 200, body = LoginAnswer),
    (status = 401, description = "Not a passkey of anybody's here, or not good: the same words for all"),
    (status = 422, description = "The body carries what the passkey derived for the browser alone"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn sign_in_finish(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<FinishForm>,
) -> Result<Response, Problem> {
    let entrance = Entrance::new(form.session, Method::Passkey, user_agent(&headers), place(peer));
    let signed_in = passkey::sign_in_finish(&house, &ctx, entrance, form.finished()).await?;
    login_answer(&house, &headers, StatusCode::OK, signed_in).await
}

/// A passkey of mine.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Passkey {
    id: i64,
    name: String,
    #[schema(format = DateTime)]
    created: String,
    #[schema(required = true, format = DateTime)]
    last_used: Option<String>,
    /// It may be on the owner's other devices too.
    synced: bool,
    /// It can unlock sealed documents in the browser.
    prf: bool,
    /// It was made by recovery and opens nothing before.
    #[schema(required = true, format = DateTime)]
    ready_at: Option<String>,
}

impl Passkey {
    pub fn new(passkey: store::passkey::Passkey, now: Timestamp) -> Self {
        Self {
            id: passkey.id,
            name: passkey.detail.name,
            created: passkey.created.to_rfc3339(),
            last_used: passkey.used.map(Timestamp::to_rfc3339),
            synced: passkey.detail.synced,
            prf: passkey.detail.prf,
            ready_at: (passkey.ready > now).then(|| passkey.ready.to_rfc3339()),
        }
    }
}

/// Begins making a passkey for my account.
#[utoipa::path(post, path = "/api/auth/passkeys/start", tag = "auth", request_body = Nothing, responses(
    (status = 200, body = Ceremony),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 409, description = "There are twenty already")))]
pub async fn add_start(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    form: Result<JsonBody<Nothing>, Problem>,
) -> Result<Json<Ceremony>, Problem> {
    crate::access::signed_in(&ctx)?;
    form?;
    Ok(Json(passkey::add_start(&house, &ctx).await?.into()))
}

/// Keeps the passkey that was made. In a limited session it works after 24 hours, unless it is removed before.
#[utoipa::path(post, path = "/api/auth/passkeys/finish", tag = "auth", request_body = FinishForm, responses(
    (status = 201, body = Passkey),
    (status = 400, description = "Not a passkey that was just made here"),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 409, description = "It is registered already, or there are twenty"),
    (status = 422, description = "The body carries what the passkey derived for the browser alone")))]
pub async fn add_finish(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
    form: Result<JsonBody<FinishForm>, Problem>,
) -> Result<(StatusCode, Json<Passkey>), Problem> {
    crate::access::signed_in(&ctx)?;
    let JsonBody(form) = form?;
    let name = form.name.clone().unwrap_or_else(|| crate::rules::device(user_agent(&headers)));
    let made = passkey::add_finish(&house, &ctx, form.finished(), name).await?;
    Ok((StatusCode::CREATED, Json(Passkey::new(made, house.clock.now()))))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NameForm {
    name: String,
}

/// Gives a passkey of mine another name.
#[utoipa::path(post, path = "/api/auth/passkeys/{id}/rename", tag = "auth", request_body = NameForm,
    params(("id" = i64, Path, description = "The passkey")), responses(
    (status = 200, body = Passkey),
    (status = 401, description = "Not signed in"),
    (status = 404, description = "Not mine"),
    (status = 422, description = "Not a name")))]
pub async fn rename(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
    form: Result<JsonBody<NameForm>, Problem>,
) -> Result<Json<Passkey>, Problem> {
    crate::access::signed_in(&ctx)?;
    let JsonBody(form) = form?;
    let renamed = passkey::rename(&house, &ctx, number(&id)?, form.name).await?;
    Ok(Json(Passkey::new(renamed, house.clock.now())))
}

/// Removes a passkey of mine, and ends what was opened with it.
#[utoipa::path(post, path = "/api/auth/passkeys/{id}/revoke", tag = "auth",
    params(("id" = i64, Path, description = "The passkey")), responses(
    (status = 204),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not mine"),
    (status = 409, description = "It is the last way to sign in")))]
pub async fn revoke(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    crate::access::signed_in(&ctx)?;
    passkey::revoke(&house, &ctx, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
