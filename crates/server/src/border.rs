//! What every request passes on its way in and every answer on its way out.
//!
//! One middleware instead of a tower of layers: at thousands of requests a second each layer's boxed future costs.

use crate::apps;
use crate::desk::Desk;
use crate::listen::Peer;
use crate::{deputy, say, web};
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::FutureExt;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use http_body::Body as _;
use http_body_util::Limited;
use kernel::{Actor, Ctx, Pass, Problem, Purpose};
use std::io::Write;
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Which of the three worlds an address belongs to: they differ in how errors look and what bodies they take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    Fhir,
    Api,
    /// Where apps ask for tokens: they speak the words of OAuth, and establish themselves who is calling.
    OAuth,
    /// Health links, for whoever holds one: no credentials are looked at, so a page of any origin may ask.
    Link,
    /// The web app's files.
    Web,
}

impl World {
    pub fn of(path: &str) -> Self {
        let within = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        match path {
            _ if within("/fhir") => Self::Fhir,
            _ if within("/api") => Self::Api,
            _ if within("/oauth") || within("/.well-known") => Self::OAuth,
            _ if within("/shl") => Self::Link,
            _ => Self::Web,
        }
    }
}

/// Where an old cookie must not be in the way: a session that has ended is no reason to refuse signing in.
const OPEN: [&str; 24] = [
    "/api/auth/login",
    "/api/auth/register",
    "/api/auth/register/start",
    "/api/auth/register/finish",
    "/api/auth/register/clinician",
    "/api/auth/invitation",
    "/api/auth/passkey/start",
    "/api/auth/passkey/finish",
    "/api/auth/code/start",
    "/api/auth/code/finish",
    "/api/auth/external",
    "/api/auth/face",
    "/api/auth/face/challenge",
    "/api/auth/face/look",
    "/api/auth/face/login",
    "/api/auth/options",
    "/api/auth/session",
    "/api/auth/logout",
    "/api/apps/refused",
    "/api/health",
    "/api/demo",
    "/api/demo/outbox",
    "/fhir/metadata",
    "/fhir/.well-known/smart-configuration",
];

/// The address of `/api` that takes a clinician's papers; those of documents are for their room to say.
const FILES: &str = "/api/verification/documents";

/// The room of documents itself says what is too large; this much later the border breaks off.
const FILE_SLACK: u64 = 1 << 20;

/// All that a limited session opens: its own account.
const LIMITED: [&str; 2] = ["/api/auth/", "/api/events"];

/// The middleware.
pub async fn guard(State(desk): State<Arc<Desk>>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let number = desk.next_request();
    let world = World::of(request.uri().path());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let packs = world != World::Web && web::accepts_gzip(request.headers());
    let limit = Duration::from_secs(desk.request_seconds);
    let inside = AssertUnwindSafe(pass(&desk, world, number, request, next)).catch_unwind();
    let mut response = match tokio::time::timeout(limit, inside).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(problem))) => say::problem(world, problem),
        Ok(Err(_)) => {
            tracing::error!(request = %format_args!("{number:016x}"), "a handler panicked");
            say::problem(world, Problem::internal())
        }
        Err(_) => {
            say::problem(world, Problem::unavailable("This took too long and was given up. Ask for less at once."))
        }
    };
    response = say::in_the_words_of(world, response).await;
    if packs {
        response = packed(response).await;
    }
    if world == World::Fhir {
        apps::challenge(&mut response);
    }
    dress(&desk, world, number, &mut response);
    let status = response.status();
    if status.is_server_error() {
        desk.counted.failed();
        if let Some(problem) = response.extensions().get::<Problem>() {
            tracing::error!(request = %format_args!("{number:016x}"), status = status.as_u16(), kind = problem.kind, "failed");
        }
    }
    // The route and never the path: an id in a log is a trace of a patient.
    tracing::info!(
        target: "access",
        request = %format_args!("{number:016x}"),
        method = method.as_str(),
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = status.as_u16(),
        ms = begun.elapsed().as_secs_f64() * 1e3,
        bytes = response.body().size_hint().exact().unwrap_or_default(),
    );
    response
}

/// Answers from this size on are packed for those who take it: below it, the time costs more than the bytes.
const WORTH_PACKING: u64 = 64 << 10;

/// Packs a large JSON answer. Streams have no size and are left alone.
async fn packed(response: Response) -> Response {
    let json = text(response.headers(), &header::CONTENT_TYPE).is_some_and(|t| t.contains("json"));
    let size = response.body().size_hint().exact().unwrap_or(0);
    if !json || size < WORTH_PACKING || response.headers().contains_key(header::CONTENT_ENCODING) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(plain) = axum::body::to_bytes(body, usize::MAX).await else {
        return say::problem(World::Api, Problem::internal());
    };
    // A few milliseconds for a megabyte, but not on a thread that answers others.
    let same = plain.clone();
    let packed = tokio::task::spawn_blocking(move || {
        let mut encoder = GzEncoder::new(Vec::with_capacity(same.len() / 4), Compression::fast());
        encoder.write_all(&same).and_then(|()| encoder.finish())
    });
    let Ok(Ok(packed)) = packed.await else { return Response::from_parts(parts, Body::from(plain)) };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    parts.headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    Response::from_parts(parts, Body::from(packed))
}

async fn pass(desk: &Desk, world: World, number: u64, mut request: Request, next: Next) -> Result<Response, Problem> {
    let host = request.uri().authority().map(|a| a.as_str()).or_else(|| text(request.headers(), &header::HOST));
    if !host.is_some_and(|host| may_address(host, desk.public_host.as_deref())) {
        return Err(Problem::new(
            421,
            "misdirected",
            "This server does not answer under that name. Set server.public_url to the address people use.",
        ));
    }
    if world == World::Web {
        return Ok(next.run(request).await);
    }
    if desk.public_host.is_none()
        && apps::ask_who_this_is(world, request.uri().path(), request.headers())
        && !host.is_some_and(|host| apps::is_here(host, desk.listen, request.extensions().get()))
    {
        return Err(Problem::new(
            421,
            "misdirected",
            "Apps know this server by server.public_url, which is not set. Without it they reach it on this machine only.",
        ));
    }
    if apps::may_share(world) && apps::is_preflight(&request) {
        return Ok(apps::preflight());
    }
    let most = match world {
        World::Fhir => desk.fhir_body_bytes,
        _ if request.uri().path() == FILES => identity::verification::CREDENTIAL_BYTES,
        _ if documents::takes_file(request.uri().path()) => desk.document_bytes + FILE_SLACK,
        _ => crate::config::API_BODY_BYTES,
    };
    let announced = text(request.headers(), &header::CONTENT_LENGTH).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0);
    if announced > most {
        return Err(too_large(most));
    }
    let socket = request.extensions().get::<Peer>().map(|peer| peer.0.ip());
    let peer = socket.map(|peer| crate::proxies::origin(peer, request.headers(), &desk.proxies));
    let open = OPEN.contains(&request.uri().path());
    if world == World::Link {
        request.extensions_mut().insert(nobody(desk, number));
    } else if world != World::OAuth {
        let app = world == World::Fhir && identity::oauth::presents_app(request.headers());
        let ctx = match app {
            true if !open => apps::caller(desk, number, request.method(), request.uri(), request.headers()).await?,
            _ => caller(desk, number, peer, open, request.method(), request.headers()).await?,
        };
        if ctx.pass.limited && !open && !LIMITED.iter().any(|root| request.uri().path().starts_with(root)) {
            return Err(Problem::limited());
        }
        let ctx = deputy::enter(desk, ctx, deputy::Asked::of(&request)).await?;
        request.extensions_mut().insert(ctx);
    }
    let extensions = request.extensions_mut();
    if let Some(peer) = peer {
        extensions.insert(identity::Peer(peer));
    }
    forwarded(desk, request.headers_mut());
    let request = request.map(|body| match body.is_end_stream() {
        true => body,
        false => Body::new(Limited::new(body, usize::try_from(most).unwrap_or(usize::MAX))),
    });
    Ok(next.run(request).await)
}

pub fn too_large(most: u64) -> Problem {
    Problem::new(413, "too-large", format!("The body is larger than the {most} bytes taken here."))
}

/// How the caller came, as this server knows it and not as somebody says: links in answers are built from it.
fn forwarded(desk: &Desk, headers: &mut HeaderMap) {
    const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
    if desk.secure {
        headers.insert(PROTO, HeaderValue::from_static("https"));
    } else {
        headers.remove(PROTO);
    }
}

async fn caller(
    desk: &Desk,
    number: u64,
    peer: Option<IpAddr>,
    open: bool,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Ctx, Problem> {
    let house = &desk.house;
    match identity::authenticate(house, method, headers, peer, number).await {
        Err(problem) if problem.status == 401 && open => Ok(nobody(desk, number)),
        known => known,
    }
}

fn nobody(desk: &Desk, number: u64) -> Ctx {
    Ctx {
        actor: Actor::Nobody,
        name: Arc::from(""),
        organization: None,
        workplaces: Arc::default(),
        clock: Arc::clone(&desk.house.clock),
        rng: Arc::clone(&desk.house.rng),
        request: number,
        purpose: Purpose::Operations,
        pass: Pass::default(),
    }
}

/// A page of another site can make a name of its own point here and then talk to this server as if it were its own
/// (DNS rebinding). Plain addresses and `localhost` cannot be taken over in that way, nor can the configured name.
fn may_address(host: &str, public: Option<&str>) -> bool {
    let name = apps::without_port(host).to_ascii_lowercase();
    let bare = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost" || public == Some(name.as_str()) || bare.parse::<IpAddr>().is_ok()
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Pictures of documents are fetched with the name of the open record and shown from memory: that is `blob:`.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'self'; img-src 'self' blob:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; \
     object-src 'none'",
);

/// Headers that every answer carries.
fn dress(desk: &Desk, world: World, number: u64, response: &mut Response) {
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::try_from(format!("{number:016x}")) {
        headers.insert(REQUEST_ID, value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    match world {
        World::Web => {
            headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
            headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
            headers
                .insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
        }
        // Health data stays in no cache, neither the browser's nor one on the way.
        World::Api | World::Fhir | World::OAuth | World::Link => {
            headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
            headers.insert(
                header::CONTENT_SECURITY_POLICY,
                HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"),
            );
        }
    }
    if apps::may_share(world) {
        apps::share(headers);
    }
    if desk.secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
}

/// Answers what no route is there for.
pub async fn nowhere(request: Request) -> Response {
    let (world, method) = (World::of(request.uri().path()), request.method().clone());
    match world {
        World::Web => web::answer(&method, request.uri(), request.headers()),
        _ => say::problem(
            world,
            Problem::new(404, "not-found", format!("There is nothing at this address for {}.", shown(&method))),
        ),
    }
}

/// Only the methods that HTTP names; another could be any text.
fn shown(method: &Method) -> &str {
    match *method {
        Method::GET | Method::POST | Method::PUT | Method::PATCH | Method::DELETE | Method::HEAD | Method::OPTIONS => {
            method.as_str()
        }
        _ => "this method",
    }
}

/// Answers a method that a route does not have.
pub async fn wrong_method(request: Request) -> Response {
    let world = World::of(request.uri().path());
    let mut response =
        say::problem(world, Problem::new(405, "not-supported", "This address does not take this method."));
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_of_one_world() {
        for (path, world) in [
            ("/fhir", World::Fhir),
            ("/fhir/Patient/1", World::Fhir),
            ("/fhirs", World::Web),
            ("/api/auth/login", World::Api),
            ("/apiary", World::Web),
            ("/oauth/token", World::OAuth),
            ("/shl/AAAA", World::Link),
            ("/shlink", World::Web),
            ("/.well-known/openid-configuration", World::OAuth),
            ("/fhir/.well-known/smart-configuration", World::Fhir),
            ("/", World::Web),
        ] {
            assert_eq!(World::of(path), world, "{path}");
        }
    }

    #[test]
    fn a_name_that_somebody_else_could_own_is_not_answered() {
        for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "192.168.1.5", "Health.Example:443"]
        {
            assert!(may_address(host, Some("health.example")), "{host}");
        }
        for host in ["evil.example", "evil.example:8080", "localhost.evil.example", "", "127.0.0.1.evil.example"] {
            assert!(!may_address(host, Some("health.example")), "{host}");
        }
        assert!(!may_address("health.example", None));
    }
}
