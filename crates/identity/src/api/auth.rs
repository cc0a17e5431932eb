//! `/api/auth/login`, `/logout`, `/session`

use super::user_agent;
use crate::caller::{cookie_name, live, token_of};
use crate::memory::{Memory, Peer};
use crate::model::{Account, SessionKind};
use crate::session::SignedIn;
use crate::{IdentityError, access, service, store};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use kernel::http::JsonBody;
use kernel::{Ctx, Problem};
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
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Session {
    account: Account,
    #[schema(format = DateTime)]
    expires: String,
    idle_seconds: i64,
}

/// The answer to whoever just signed in or registered: the secret in a cookie or in the body, never in both.
pub fn login_answer(house: &House, status: StatusCode, signed_in: SignedIn) -> Response {
    let SignedIn { account, session } = signed_in;
    let in_cookie = session.kind == SessionKind::Cookie;
    let answer = LoginAnswer {
        account,
        token: (!in_cookie).then(|| session.token.clone()),
        expires: session.expires.to_rfc3339(),
        idle_seconds: session.idle_seconds,
    };
    let mut response = (status, Json(answer)).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if in_cookie {
        let age = (session.expires.0 - house.clock.now().0) / 1000;
        set_cookie(house, &mut response, &session.token, age);
    }
    response
}

fn set_cookie(house: &House, response: &mut Response, token: &str, age_seconds: i64) {
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
    let peer = peer.map(|Extension(Peer(address))| address);
    let credentials = (form.username.as_str(), form.password.as_str());
    let signed_in = service::login(&house, &ctx, peer, credentials, form.session, user_agent(&headers)).await?;
    Ok(login_answer(&house, StatusCode::OK, signed_in))
}

/// Ends this session. It is no error to be signed out already.
#[utoipa::path(post, path = "/api/auth/logout", tag = "auth", responses((status = 204)))]
pub async fn logout(State(house): State<House>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = token_of(&house, &headers) {
        house
            .db
            .write(move |tx| match store::find_session(tx, &token)? {
                Some(row) => store::end_session(tx, row.account, row.id).map(drop),
                None => Ok(()),
            })
            .await?;
    }
    let mut response = StatusCode::NO_CONTENT.into_response();
    set_cookie(&house, &mut response, "", 0);
    Ok(response)
}

/// Who is signed in, and for how long.
#[utoipa::path(get, path = "/api/auth/session", tag = "auth",
    responses((status = 200, body = Session), (status = 401, description = "Not signed in")))]
pub async fn session(
    State(house): State<House>,
    Extension(ctx): Extension<Ctx>,
    headers: HeaderMap,
) -> Result<Json<Session>, Problem> {
    let account = access::signed_in(&ctx)?;
    let token = token_of(&house, &headers).ok_or(IdentityError::NotSignedIn)?;
    let live = live(&house, &house.memory::<Memory>(), token).await?.ok_or(IdentityError::NotSignedIn)?;
    let vault = Arc::clone(&house.vault);
    let stored = house.db.read(move |tx| store::find(tx, &vault, account.get())).await?;
    let stored = stored.ok_or(IdentityError::NotSignedIn)?;
    Ok(Json(Session {
        account: Account::new(stored.id, stored.profile),
        expires: live.row.expires.to_rfc3339(),
        idle_seconds: live.idle_ms / 1000,
    }))
}
