//! `/oauth/…` and the documents by which apps find their way. They speak the words of the standards, not problem+json,
//! and establish themselves who is calling: no session reaches here.

use super::place;
use crate::memory::Peer;
use crate::oauth::doors::{self, Door};
use crate::oauth::{self, Form, Refusal, authorize, discovery, refused, token};
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Extension, Json, Router};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use ledger::House;
use serde_json::{Map, Value, json};
use std::net::IpAddr;

pub fn routes() -> Router<House> {
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/.well-known/oauth-authorization-server", get(configuration))
        .route("/fhir/.well-known/smart-configuration", get(smart))
        .route("/oauth/jwks", get(jwks))
        .route("/oauth/authorize", get(authorize_get).post(authorize_post))
        .route("/oauth/par", post(push))
        .route("/oauth/token", post(take))
        .route("/oauth/revoke", post(revoke))
        .route("/oauth/introspect", post(introspect))
        .route("/oauth/userinfo", get(userinfo).post(userinfo))
        .route("/oauth/register", post(register))
}

type Answer = Result<Response, Refusal>;

async fn configuration(State(house): State<House>, headers: HeaderMap) -> Json<Value> {
    Json(discovery::configuration(&oauth::issuer(&house, &headers)))
}

async fn smart(State(house): State<House>, headers: HeaderMap) -> Json<Value> {
    Json(discovery::smart(&oauth::issuer(&house, &headers)))
}

async fn jwks(State(house): State<House>) -> Result<Json<Value>, Refusal> {
    Ok(Json(oauth::key_set(&house).await?))
}

/// A form, and nothing else: what a page of another site can send anyway.
fn form(headers: &HeaderMap, body: &Bytes) -> Result<Form, Refusal> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Err(Refusal::request("Send a form: Content-Type: application/x-www-form-urlencoded."));
    }
    Form::read(std::str::from_utf8(body).map_err(|_| Refusal::request("The form is no text."))?)
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    match HeaderValue::try_from(to) {
        Ok(value) => response.headers_mut().insert(header::LOCATION, value),
        Err(_) => return Refusal::request("This cannot be answered.").into_response(),
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn authorize_get(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let form = Form::read(&query.unwrap_or_default());
    asked(&house, place(peer), &headers, form).await
}

async fn authorize_post(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let form = form(&headers, &body);
    asked(&house, place(peer), &headers, form).await
}

/// A person comes with an app's request: on to the page that asks them, or back to the app.
async fn asked(house: &House, place: Option<IpAddr>, headers: &HeaderMap, form: Result<Form, Refusal>) -> Response {
    if let Err(refusal) = doors::at(house, Door::Authorize, place) {
        return refusal.into_response();
    }
    let issuer = oauth::issuer(house, headers);
    let begun = match form {
        Ok(form) => authorize::begin(house, &issuer, &form, place).await,
        Err(refusal) => Err(authorize::Refused::Here(refusal)),
    };
    let accept = headers.get(header::ACCEPT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let page = accept.contains("text/html");
    match begun {
        Ok(handle) => redirect(&format!("/apps/authorize?request={handle}")),
        Err(authorize::Refused::Back(back)) => {
            // Whoever is signed in here came to use an app; anybody else may only be passing through to it.
            if back.is_trusted() || crate::session_of(house, headers).await.is_ok() {
                return redirect(&back.address);
            }
            match refused::close(house, &back).await {
                Ok(shown) if page => redirect(&format!("/apps/refused?what={shown}")),
                Ok(_) => back.refusal.into_response(),
                Err(error) => Refusal::from(error).into_response(),
            }
        }
        // Nobody knows yet that the address in the request is the app's, so the person is told here.
        Err(authorize::Refused::Here(refusal)) if page && refusal.status < 429 => redirect("/apps/refused"),
        Err(authorize::Refused::Here(refusal)) => refusal.into_response(),
    }
}

/// A form of an app, as often as its address may send one.
fn sent(
    house: &House,
    peer: Option<Extension<Peer>>,
    headers: &HeaderMap,
    body: &Bytes,
) -> Result<(String, Form, Option<IpAddr>), Refusal> {
    let place = place(peer);
    doors::at(house, Door::Token, place)?;
    Ok((oauth::issuer(house, headers), form(headers, body)?, place))
}

async fn push(State(house): State<House>, peer: Option<Extension<Peer>>, headers: HeaderMap, body: Bytes) -> Answer {
    let (issuer, form, place) = sent(&house, peer, &headers, &body)?;
    let (uri, seconds) = oauth::push(&house, &issuer, &headers, &form, place).await?;
    Ok((StatusCode::CREATED, secret(json!({ "request_uri": uri, "expires_in": seconds }))).into_response())
}

/// An answer that nothing on the way may keep.
fn secret(json: Value) -> Response {
    let mut response = Json(json).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response.headers_mut().insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    response
}

async fn take(State(house): State<House>, peer: Option<Extension<Peer>>, headers: HeaderMap, body: Bytes) -> Answer {
    let (issuer, form, place) = sent(&house, peer, &headers, &body)?;
    Ok(secret(token::token(&house, &issuer, &headers, &form, place).await?))
}

async fn revoke(State(house): State<House>, peer: Option<Extension<Peer>>, headers: HeaderMap, body: Bytes) -> Answer {
    let (issuer, form, place) = sent(&house, peer, &headers, &body)?;
    token::revoke(&house, &issuer, &headers, &form, place).await?;
    Ok(StatusCode::OK.into_response())
}

async fn introspect(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    let (issuer, form, place) = sent(&house, peer, &headers, &body)?;
    Ok(secret(token::introspect(&house, &issuer, &headers, &form, place).await?))
}

async fn userinfo(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    method: Method,
    headers: HeaderMap,
) -> Answer {
    doors::at(&house, Door::Token, place(peer))?;
    let issuer = oauth::issuer(&house, &headers);
    Ok(secret(token::userinfo(&house, &issuer, method.as_str(), &headers).await?))
}

/// Everybody may register an app, not everybody as often as they like.
async fn register(
    State(house): State<House>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer {
    doors::at(&house, Door::Register, place(peer))?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::request("Send JSON: Content-Type: application/json."));
    }
    let said: Map<String, Value> = serde_json::from_slice(&body)
        .map_err(|_| Refusal::new("invalid_client_metadata", "The registration is a JSON object."))?;
    Ok((StatusCode::CREATED, secret(oauth::register_itself(&house, &said).await?)).into_response())
}
