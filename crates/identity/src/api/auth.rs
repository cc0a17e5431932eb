//! `/api/auth/login`, `/logout`, `/session`

use super::{place, user_agent};
use crate::caller::{Token, cookie_name, cookie_of, live, token_of};
use crate::memory::{Memory, Peer};
use crate::model::{Account, Method, SessionKind};
use crate::session::{Renewed, SignedIn, hash};
use crate::{Entrance, IdentityError, store};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::http::JsonBody;
use kernel::{Ctx, FRESH_MS, Problem, Timestamp};
use ledger::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa::ToSchema;

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LoginForm {
    /// The user name, or the e-mail address.
    username: String,
    #[schema(format = Password)]
    password: String,
    #[serde(default)]
    session: SessionKind,
}

/// Signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Login)]
pub struct LoginAnswer {
    account: Account,
    /// For programs; a browser gets a cookie that no script can read instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    #[schema(format = DateTime)]
    expires: String,
    /// The session ends when nothing is asked for this long.
    idle_seconds: i64,
    /// Opened by an e-mail code alone: one's account and devices, no health data.
    limited: bool,
    method: Method,
    /// Until then sensitive acts need no further confirmation.
    #[schema(required = true, format = DateTime)]
    confirmed_until: Option<String>,
}

/// Who is signed in; only `account`, and that null, when nobody is.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    #[schema(required = true)]
    account: Option<Account>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    expires: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    idle_seconds: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limited: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime)]
    confirmed_until: Option<String>,
}

fn confirmed_until(fresh: Option<Timestamp>) -> Option<String> {
    fresh.map(|at| at.plus_ms(FRESH_MS).to_rfc3339())
}

/// The answer to whoever just signed in or registered: the secret in a cookie or in the body, never in both. The session whose
/// cookie is replaced ends: nobody sees it in this browser any more, and nobody would end it.
pub async fn login_answer(
    house: &House,
    headers: &HeaderMap,
    status: StatusCode,
    signed_in: SignedIn,
) -> Result<Response, Problem> {
    if signed_in.session.kind == SessionKind::Cookie {
        end_replaced(house, headers).await?;
    }
    let SignedIn { account, session } = signed_in;
    let in_cookie = session.kind == SessionKind::Cookie;
    let answer = LoginAnswer {
        account,
        token: (!in_cookie).then(|| session.token.clone()),
        expires: session.expires.to_rfc3339(),
        idle_seconds: session.idle_seconds,
        limited: session.limited,
        method: session.method,
        confirmed_until: confirmed_until(session.fresh),
    };
    let mut response = (status, Json(answer)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if in_cookie {
        let age = (session.expires.0 - house.clock.now().0) / 1000;
        set_cookie(house, &mut response, &session.token, age);
    }
    Ok(response)
}

/// Ends the session of the cookie that came along, if it opens one.
pub(super) async fn end_replaced(house: &House, headers: &HeaderMap) -> Result<(), Problem> {
    match cookie_of(house, headers) {
        Some(token) => end(house, token).await,
        None => Ok(()),
    }
}

async fn end(house: &House, token: Token) -> Result<(), Problem> {
    let now = house.clock.now();
    let ended = house.db.write(move |tx| match store::find_session(tx, &token, now)? {
        Some(row) => store::end_session(tx, row.account, row.id).map(drop),
        None => Ok(()),
    });
    Ok(ended.await?)
}

pub(super) fn set_cookie(house: &House, response: &mut Response, token: &str, age_seconds: i64) {
    let secure = house.memory::<Memory>().settings().secure;
    let flag = if secure { "; Secure" } else { "" };
    let name = cookie_name(secure);
    let cookie = format!("{name}={token}; Path=/; Max-Age={age_seconds}; HttpOnly; SameSite=Lax{flag}");
    if let Ok(value) = HeaderValue::try_from(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Signs in with a password.
#[utoipa::path(post, path = "/api/auth/login", tag = "auth", request_body = LoginForm, security(()), responses(
    (status = 200, body = LoginAnswer),
    (status = 401, description = "Unknown name or wrong password: the same words for both"),
    (status = 429, description = "Too many tries; Retry-After says how long to wait")))]
pub async fn login(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    peer: Option<Extension<Peer>>,
    headers: HeaderMap,
    JsonBody(form): JsonBody<LoginForm>,
) -> Result<Response, Problem> {
    let credentials = (form.username.as_str(), form.password.as_str());
    let entrance = Entrance::new(form.session, Method::Password, user_agent(&headers), place(peer));
    let signed_in = crate::login::login(&house, &ctx, credentials, entrance).await?;
    login_answer(&house, &headers, StatusCode::OK, signed_in).await
}

/// Ends this session. It is no error to be signed out already.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204)))]
pub async fn logout(State(house): State<House>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = token_of(&house, &headers) {
        end(&house, token).await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&house, &mut response, "", 0);
    Ok(response)
}

/// Who is signed in, and for how long; nobody is no error. Asking keeps the session alive.
#[utoipa::path(get, path = "/api/auth/session", tag = "auth", security(()), responses((status = 200, body = Session)))]
pub async fn session(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<Session>, Problem> {
    Ok(Json(session_of(&house, &ctx, token_of(&house, &headers)).await?))
}

/// Who is signed in, after proving it again.
#[derive(Serialize, ToSchema)]
pub struct Confirmed {
    #[serde(flatten)]
    session: Session,
    /// For programs: send this from now on. The token they confirmed with opens nothing any more after ten seconds. A browser's
    /// cookie is exchanged in the same way.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// The answer to whoever proved again who they are: the session's new secret travels as its first one did.
pub(super) async fn confirmed(house: &House, ctx: &Ctx, renewed: Renewed) -> Result<Response, IdentityError> {
    let Renewed { row, token } = renewed;
    let session = session_of(house, ctx, Some(hash(&token))).await?;
    let in_cookie = row.kind == SessionKind::Cookie;
    let answer = Confirmed { session, token: (!in_cookie).then(|| token.clone()) };
    let mut response = Json(answer).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if in_cookie {
        set_cookie(house, &mut response, &token, (row.expires.0 - house.clock.now().0) / 1000);
    }
    Ok(response)
}

/// What a page is told about the session with this secret.
async fn session_of(house: &House, ctx: &Ctx, token: Option<Token>) -> Result<Session, IdentityError> {
    const NOBODY: Session = Session {
        account: None,
        expires: None,
        idle_seconds: None,
        limited: None,
        method: None,
        confirmed_until: None,
    };
    let (Some(account), Some(token)) = (ctx.actor.account(), token) else { return Ok(NOBODY) };
    let Some(live) = live(house, &house.memory::<Memory>(), token).await? else { return Ok(NOBODY) };
    let vault = Arc::clone(&house.vault);
    let Some(stored) = house.db.read(move |tx| store::find(tx, &vault, account.get())).await? else {
        return Ok(NOBODY);
    };
    Ok(Session {
        account: Some(Account::new(stored)),
        expires: Some(live.row.expires.to_rfc3339()),
        idle_seconds: Some(live.idle_ms / 1000),
        limited: Some(live.row.limited),
        method: Some(live.row.method),
        confirmed_until: confirmed_until(live.row.fresh),
    })
}
