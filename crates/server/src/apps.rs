//! What the border does for apps: their tokens on `/fhir`, their challenges, and pages of other origins, which browsers
//! let read only what says that it may be.

use crate::border::World;
use crate::desk::Desk;
use crate::listen::Here;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use identity::oauth::presents_app;
use kernel::{Ctx, Problem};
use std::net::IpAddr;

/// Who is calling, when it is an app. A token of an app is good on `/fhir` only: that is its audience.
pub async fn caller(desk: &Desk, number: u64, method: &Method, uri: &Uri, headers: &HeaderMap) -> Result<Ctx, Problem> {
    identity::oauth::authenticate(&desk.house, method, uri, headers, number).await
}

/// Pages of other origins may read what is asked for with a token. A cookie never comes with such a request, because the
/// answer is for everybody and so for nobody who is signed in.
pub const fn may_share(world: World) -> bool {
    matches!(world, World::Fhir | World::OAuth | World::Link)
}

/// Whether the answer says, or asks, by which address apps know this server: what they sign is meant for it alone.
pub fn ask_who_this_is(world: World, path: &str, headers: &HeaderMap) -> bool {
    world == World::OAuth
        || (world == World::Fhir && (path.ends_with("/.well-known/smart-configuration") || presents_app(headers)))
}

/// Whether a Host that is an address is one of this machine: any other would be the caller's own choice, and so would be what the
/// statement of an app is good for.
pub fn is_here(host: &str, listen: IpAddr, here: Option<&Here>) -> bool {
    let name = without_port(host).trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
    let address = match name.parse::<IpAddr>() {
        Ok(address) => address.to_canonical(),
        Err(_) => return name == "localhost",
    };
    address.is_loopback()
        || address == listen.to_canonical()
        || here.is_some_and(|here| address == here.0.ip().to_canonical())
}

/// The name of a Host.
pub fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_here_when_this_machine_listens_at_it() {
        let any: IpAddr = "0.0.0.0".parse().unwrap();
        let here = Here("192.0.2.7:8080".parse().unwrap());
        for host in
            ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]", "[::1]:8080", "192.0.2.7", "192.0.2.7:80"]
        {
            assert!(is_here(host, any, Some(&here)), "{host}");
        }
        for host in ["203.0.113.9", "203.0.113.9:8080", "[2001:db8::1]", "192.0.2.7.example", "health.example.org", ""]
        {
            assert!(!is_here(host, any, Some(&here)), "{host}");
        }
        assert!(is_here("203.0.113.9", "203.0.113.9".parse().unwrap(), None));
        assert!(!is_here("192.0.2.7", any, None));
    }
}
