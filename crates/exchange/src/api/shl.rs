//! `/shl`: SMART Health Links for whoever holds them. No credentials are looked at here, so pages of any origin may ask.

use crate::error::ExchangeError;
use crate::links::{self, Asked, Manifest};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use identity::Peer;
use identity::oauth::issuer;
use kernel::http::{JsonBody, Params};
use kernel::{Ctx, Problem};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DirectQuery {
    /// Who opens it; the patient reads this.
    recipient: String,
}

/// What the protocol says to a wrong passcode.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = HealthLinkDenied)]
pub struct Denied {
    /// Tries that are left in the whole life of the link.
    remaining_attempts: i64,
}

/// A refusal in the protocol's words where it has some.
pub struct Refusal(ExchangeError);

impl From<ExchangeError> for Refusal {
    fn from(error: ExchangeError) -> Self {
        Self(error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        match self.0 {
            ExchangeError::WrongPasscode(left) => {
                (StatusCode::UNAUTHORIZED, Json(Denied { remaining_attempts: left })).into_response()
            }
            other => Problem::from(other).into_response(),
        }
    }
}

fn address(peer: Option<Extension<Peer>>) -> Option<IpAddr> {
    peer.map(|Extension(Peer(address))| address)
}

fn jose(file: String) -> Response {
    ([(header::CONTENT_TYPE, "application/jose"), (header::CACHE_CONTROL, "no-store")], file).into_response()
}

/// The manifest of a health link.
#[utoipa::path(post, path = "/shl/{secret}", tag = "exchange", request_body = Asked, security(()),
    params(("secret" = String, Path, description = "What the address of the link ends with")), responses(
    (status = 200, body = Manifest), (status = 400, description = "Not what this address takes"),
    (status = 401, body = Denied, description = "The passcode is wrong or missing"),
    (status = 404, description = "There is no such link, or not any more"),
    (status = 429, description = "Too often; Retry-After says how long to wait")))]
pub async fn manifest(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    Path(secret): Path<String>,
    headers: HeaderMap,
    asked: Result<JsonBody<Asked>, Problem>,
) -> Result<Json<Manifest>, Refusal> {
    let JsonBody(asked) = asked.map_err(ExchangeError::from)?;
    let base = issuer(&house, &headers);
    Ok(Json(links::manifest(&house, &ctx, address(peer), &secret, asked, &base).await?))
}

/// The file of a health link that opens with a plain request (flag `U`), as a JWE.
#[utoipa::path(get, path = "/shl/{secret}", tag = "exchange", security(()),
    params(("secret" = String, Path, description = "What the address of the link ends with"), DirectQuery), responses(
    (status = 200, body = String, content_type = "application/jose"),
    (status = 400, description = "Not what this address takes"),
    (status = 404, description = "There is no such link, or not any more"),
    (status = 429, description = "Too often; Retry-After says how long to wait")))]
pub async fn direct(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    Path(secret): Path<String>,
    query: Result<Params<DirectQuery>, Problem>,
) -> Result<Response, Refusal> {
    let Params(query) = query.map_err(ExchangeError::from)?;
    Ok(jose(links::direct(&house, &ctx, address(peer), &secret, &query.recipient).await?))
}

/// A file that a manifest gave the address of, as a JWE.
#[utoipa::path(get, path = "/shl/{secret}/file/{ticket}", tag = "exchange", security(()),
    params(("secret" = String, Path, description = "What the address of the link ends with"),
        ("ticket" = String, Path, description = "From the manifest; good for an hour")), responses(
    (status = 200, body = String, content_type = "application/jose"),
    (status = 404, description = "There is no such link or file, or not any more"),
    (status = 429, description = "Too often; Retry-After says how long to wait")))]
pub async fn file(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    Path((secret, ticket)): Path<(String, String)>,
) -> Result<Response, Refusal> {
    Ok(jose(links::file(&house, &ctx, address(peer), &secret, &ticket).await?))
}
