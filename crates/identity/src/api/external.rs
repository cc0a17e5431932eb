//! Signing in with a hospital's own provider: there, and back with a session; and the connections of one's account. The
//! browser goes through addresses under `/oauth`, because nothing of this server's own is known yet when it comes back.

use super::auth::{end_replaced, set_cookie};
use super::passkeys::Nothing;
use super::{number, place, user_agent};
use crate::caller::{context, session_of};
use crate::entrance::Entrance;
use crate::external::{self, Arrival, Begun, Brought, Came};
use crate::memory::{Memory, Peer};
use crate::model::{Method, SessionKind};
use crate::oauth::{self, Form};
use crate::{IdentityError, access};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::http::JsonBody;
use kernel::{Actor, Ctx, Problem, Timestamp};
use ledger::House;
use serde::Serialize;
use std::sync::Arc;
use utoipa::ToSchema;

/// How long the browser may be away, in seconds.
const AWAY: i64 = 600;

#[derive(Serialize, ToSchema)]
#[schema(as = SignInProvider)]
pub struct Offered {
    /// What it is called in addresses.
    id: String,
    name: String,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SignInProviders)]
pub struct AllOffered {
    providers: Vec<Offered>,
}

/// The providers with which staff can sign in: a browser goes to `/oauth/external/{id}`.
#[utoipa::path(get, path = "/api/auth/external", tag = "auth", security(()), responses((status = 200, body = AllOffered)))]
pub async fn offered(State(house): State<House>) -> Json<AllOffered> {
    let all = external::providers(&house);
    let one = |each: &Arc<external::Provider>| Offered { id: each.ident.clone(), name: each.name.clone() };
    Json(AllOffered { providers: all.iter().map(one).collect() })
}

/// Somebody of a provider's as whom I can sign in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignInConnection)]
pub struct Connection {
    id: i64,
    /// What the provider is called.
    provider: String,
    /// The address that the provider has of me.
    #[schema(required = true)]
    email: Option<String>,
    #[schema(format = DateTime)]
    created: String,
    #[schema(required = true, format = DateTime)]
    last_used: Option<String>,
    /// Whether the provider can be used now: the operator may have taken it out of the settings.
    available: bool,
}

#[derive(Serialize, ToSchema)]
#[schema(as = SignInConnections)]
pub struct Connections {
    links: Vec<Connection>,
}

/// The providers by whose word my account is opened.
#[utoipa::path(get, path = "/api/auth/external/links", tag = "auth", responses(
    (status = 200, body = Connections), (status = 401, description = "Not signed in")))]
pub async fn links(State(house): State<House>, Extension(ctx): Extension<Ctx>) -> Result<Json<Connections>, Problem> {
    let found = external::links(&house, &ctx).await?;
    let all = external::providers(&house);
    let one = |link: external::Link| Connection {
        id: link.id,
        available: all.iter().any(|provider| provider.issuer == link.detail.issuer),
        provider: link.detail.name,
        email: link.detail.email,
        created: link.created.to_rfc3339(),
        last_used: link.used.map(Timestamp::to_rfc3339),
    };
    Ok(Json(Connections { links: found.into_iter().map(one).collect() }))
}

#[derive(Serialize, ToSchema)]
#[schema(as = SignInThere)]
pub struct There {
    /// Where to send the browser.
    address: String,
}

/// Begins connecting my account with a provider: the browser goes there, and comes back to the account page.
#[utoipa::path(post, path = "/api/auth/external/{provider}/link", tag = "auth", request_body = Nothing,
    params(("provider" = String, Path, description = "The provider")), responses(
    (status = 200, body = There),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 403, description = "Only staff signs in this way"),
    (status = 404, description = "There is no such provider"),
    (status = 503, description = "The provider cannot be reached")))]
pub async fn link(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(provider): Path<String>,
    headers: HeaderMap,
    form: Result<JsonBody<Nothing>, Problem>,
) -> Result<Response, Problem> {
    access::signed_in(&ctx)?;
    form?;
    let provider = external::named(&house, &provider)?;
    let session = session_of(&house, &headers).await?;
    let back = way_back(&house, &headers, &provider.ident);
    let begun = external::begin_link(&house, &ctx, &session, &provider, back).await?;
    let mut response = Json(There { address: begun.address }).into_response();
    remember(&house, &mut response, &begun.state, AWAY);
    Ok(response)
}

/// Ends such a connection, and signs out every device that came by a provider.
#[utoipa::path(post, path = "/api/auth/external/links/{id}/remove", tag = "auth",
    params(("id" = i64, Path, description = "The connection")), responses(
    (status = 204),
    (status = 401, description = "Not signed in, or not lately: confirm first"),
    (status = 404, description = "Not mine"),
    (status = 409, description = "It is the last way to sign in")))]
pub async fn unlink(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    access::signed_in(&ctx)?;
    let id = number(&id)?;
    let db = house.db.clone();
    db.write(move |tx| external::unlink(tx, &house, &ctx, id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The address that the provider's operator registers there. Each provider has its own, so that one cannot answer for
/// another.
fn way_back(house: &House, headers: &HeaderMap, ident: &str) -> String {
    format!("{}/oauth/external/{ident}/back", oauth::issuer(house, headers))
}

fn to(address: &str) -> Response {
    let mut response = StatusCode::SEE_OTHER.into_response();
    if let Ok(value) = HeaderValue::try_from(address) {
        response.headers_mut().insert(header::LOCATION, value);
    }
    response
}

/// What ties the way back to the browser that went. With `__Host-` no neighbour under the same domain can set it.
const fn cookie_name(secure: bool) -> &'static str {
    if secure { "__Host-healthsync-external" } else { "healthsync_external" }
}

fn is_secure(house: &House) -> bool {
    house.memory::<Memory>().settings().secure
}

fn remember(house: &House, response: &mut Response, state: &str, seconds: i64) {
    let secure = is_secure(house);
    let (name, flag) = (cookie_name(secure), if secure { "; Secure" } else { "" });
    let cookie = format!("{name}={state}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{flag}");
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn remembered<'h>(house: &House, headers: &'h HeaderMap) -> Option<&'h str> {
    let own = cookie_name(is_secure(house));
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == own).map(|(_, value)| value)
}

fn attempt(house: &House, peer: Option<Extension<Peer>>) -> Result<(), IdentityError> {
    let memory = house.memory::<Memory>();
    memory.doors.attempt(place(peer), house.clock.now(), memory.settings().attempts_per_minute)
}

/// There.
pub async fn start(
    State(house): State<House>,
    Path(provider): Path<String>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
) -> Response {
    match begin(&house, &provider, peer, &headers).await {
        Ok(begun) => {
            let mut response = to(&begun.address);
            remember(&house, &mut response, &begun.state, AWAY);
            response
        }
        Err(error) => {
            tracing::info!(%error, "a sign-in with a provider was not begun");
            to(match error {
                IdentityError::NotFound => "/sign-in?notice=external-failed",
                IdentityError::TooMany(_) => "/sign-in?notice=external-often",
                _ => "/sign-in?notice=external-unavailable",
            })
        }
    }
}

async fn begin(
    house: &House,
    provider: &str,
    peer: Option<Extension<Peer>>,
    headers: &HeaderMap,
) -> Result<Begun, IdentityError> {
    attempt(house, peer)?;
    let provider = external::named(house, provider)?;
    external::begin(house, &provider, way_back(house, headers, &provider.ident)).await
}

/// And back.
pub async fn back(
    State(house): State<House>,
    Path(provider): Path<String>,
    peer: Option<Extension<Peer>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    // Whoever was signed in and comes back went to connect their account: that is where they are told.
    let session = session_of(&house, &headers).await.ok();
    let entrance = Entrance::new(SessionKind::Cookie, Method::Federated, user_agent(&headers), place(peer));
    let came = match attempt(&house, peer) {
        Ok(()) => came(&house, &provider, &query.unwrap_or_default(), &headers, entrance, session.as_ref()).await,
        Err(_) => Err(Came::Failed),
    };
    let mut response = match came {
        Ok(Arrival::SignedIn(signed_in)) => {
            let session = &signed_in.session;
            if let Err(error) = end_replaced(&house, &headers).await {
                tracing::warn!(kind = error.kind, "the session before a sign-in was not ended");
            }
            let mut response = to("/");
            set_cookie(&house, &mut response, &session.token, (session.expires.0 - house.clock.now().0) / 1000);
            response
        }
        Ok(Arrival::Connected) => to("/account?external=connected"),
        Err(why) => {
            let why = match why {
                Came::Unavailable => "unavailable",
                Came::Declined => "declined",
                Came::Failed => "failed",
                Came::Unknown => "unknown",
                Came::Taken => "taken",
            };
            to(&match session {
                Some(_) => format!("/account?external={why}"),
                None => format!("/sign-in?notice=external-{why}"),
            })
        }
    };
    remember(&house, &mut response, "", 0);
    response
}

async fn came(
    house: &House,
    provider: &str,
    query: &str,
    headers: &HeaderMap,
    entrance: Entrance,
    session: Option<&crate::SessionRow>,
) -> Result<Arrival, Came> {
    let provider = external::provider(house, provider).ok_or(Came::Failed)?;
    let form = Form::read(query).map_err(|_| Came::Failed)?;
    let state = form.get("state").filter(|state| remembered(house, headers) == Some(state)).ok_or(Came::Failed)?;
    if let Some(error) = form.get("error") {
        tracing::info!(error, "a sign-in provider said no");
        return Err(Came::Declined);
    }
    let code = form.get("code").ok_or(Came::Failed)?;
    let brought = Brought { state, code, issuer: form.get("iss"), session };
    let ctx = context(house, Actor::Nobody, Arc::from(""), Arc::default(), 0);
    external::finish(house, &ctx, &provider, &brought, entrance).await
}
