//! What the border does for apps: their tokens on `/fhir`, their challenges, and pages of other origins, which browsers
//! let read only what says that it may be.

use crate::border::World;
use crate::desk::Desk;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use kernel::{Ctx, Problem};

/// Who is calling, when it is an app. A token of an app is good on `/fhir` only: that is its audience.
pub async fn caller(desk: &Desk, number: u64, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Ctx, Problem> {
    identity::oauth::authenticate(&desk.house, method, uri, headers, number).await
}

/// Pages of other origins may read what is asked for with a token. A cookie never comes with such a request, because the
/// answer is for everybody and so for nobody who is signed in.
pub const fn may_share(world: World) -> bool {
    matches!(world, World::Fhir | World::OAuth | World::Link)
}

const REQUESTED: HeaderName = HeaderName::from_static("access-control-request-method");

/// A browser asks whether a page of another origin may ask.
pub fn is_preflight(request: &Request) -> bool {
    request.method() == Method::OPTIONS && request.headers().contains_key(REQUESTED)
}

pub fn preflight() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, PUT, DELETE, HEAD, OPTIONS"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(
            "authorization, dpop, content-type, accept, prefer, if-match, if-none-exist, x-requested-with",
        ),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}

pub fn share(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static("etag, location, last-modified, www-authenticate, x-request-id"),
    );
}

/// Tells an app what to do about a refusal (RFC 6750 section 3).
pub fn challenge(response: &mut Response) {
    let Some(problem) = response.extensions().get::<Problem>() else { return };
    let text = match (problem.status, problem.kind) {
        (401, "invalid-token") => "Bearer error=\"invalid_token\", DPoP error=\"invalid_token\"",
        (401, _) => "Bearer",
        (403, "insufficient-scope") => "Bearer error=\"insufficient_scope\"",
        _ => return,
    };
    response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(text));
}
