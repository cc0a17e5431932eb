//! The web app, from inside the binary.

use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use std::io::Write;
use std::sync::OnceLock;

/// One file of the built app.
struct File {
    name: &'static str,
    tag: &'static str,
    plain: &'static [u8],
    /// Made at the first request that asks for it; `None` when it is no smaller.
    packed: OnceLock<Option<Bytes>>,
}

impl File {
    const fn new(name: &'static str, tag: &'static str, plain: &'static [u8]) -> Self {
        Self { name, tag, plain, packed: OnceLock::new() }
    }
}

include!(concat!(env!("OUT_DIR"), "/web.rs"));

/// Answers a GET for anything that is neither `/api` nor `/fhir`: a file, or the app's page for one of its own addresses.
pub fn answer(method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET works here.");
    }
    let name = uri.path().trim_start_matches('/');
    match find(name) {
        Some(file) => send(file, headers),
        // An address of the app has no ending; a missing file has one and must not become a page.
        None if name.rsplit('/').next().is_some_and(|last| last.contains('.')) => {
            plain(StatusCode::NOT_FOUND, "There is no such file.")
        }
        None => find("index.html").map_or_else(|| plain(StatusCode::NOT_FOUND, "No page."), |file| send(file, headers)),
    }
}

fn find(name: &str) -> Option<&'static File> {
    FILES.binary_search_by(|file| file.name.cmp(name)).ok().map(|at| &FILES[at])
}

fn send(file: &'static File, headers: &HeaderMap) -> Response {
    let named = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let known = named.split(',').any(|tag| tag.trim().trim_start_matches("W/") == file.tag);
    let packed = accepts_gzip(headers).then(|| packed(file)).flatten();
    let mut response = Response::new(match (known, &packed) {
        (true, _) => Body::empty(),
        (false, Some(packed)) => Body::from(packed.clone()),
        (false, None) => Body::from(Bytes::from_static(file.plain)),
    });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type(file.name)));
    out.insert(header::ETAG, HeaderValue::from_static(file.tag));
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if packed.is_some() && !known {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    // The names in assets/ carry a hash of what is in them; everything else is asked for again each time.
    let forever = file.name.starts_with("assets/");
    let keep = if forever { "public, max-age=31536000, immutable" } else { "no-cache" };
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response
}

pub fn accepts_gzip(headers: &HeaderMap) -> bool {
    let accepted = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case("gzip") && !matches!(weight.trim(), "q=0" | "q=0.0" | "q=0.00" | "q=0.000")
    })
}

fn packed(file: &'static File) -> Option<Bytes> {
    let make = || {
        // Pictures and fonts of these kinds are packed already.
        if matches!(file.name.rsplit('.').next(), Some("png" | "jpg" | "webp" | "woff2")) {
            return None;
        }
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        let packed = encoder.write_all(file.plain).and_then(|()| encoder.finish()).ok()?;
        (packed.len() < file.plain.len()).then(|| packed.into())
    };
    file.packed.get_or_init(make).clone()
}

fn media_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}

fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
        let headers = headers.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        answer(&Method::GET, &path.parse().unwrap(), &headers)
    }

    #[test]
    fn the_files_are_sorted_so_that_they_are_found() {
        assert!(FILES.is_sorted_by_key(|file| file.name));
        assert!(find("index.html").is_some());
    }

    #[test]
    fn an_address_of_the_app_gets_its_page_and_a_missing_file_does_not() {
        for path in ["/", "/timeline", "/patients/12/results"] {
            let response = get(path, &[]);
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(response.headers()["content-type"], "text/html; charset=utf-8", "{path}");
            assert_eq!(response.headers()["cache-control"], "no-cache", "{path}");
        }
        assert_eq!(get("/assets/old-12345678.js", &[]).status(), 404);
        assert_eq!(answer(&Method::POST, &"/".parse().unwrap(), &HeaderMap::new()).status(), 405);
    }

    #[test]
    fn what_the_browser_has_is_not_sent_again() {
        let tag = get("/", &[]).headers()["etag"].to_str().unwrap().to_owned();
        assert_eq!(get("/", &[(header::IF_NONE_MATCH, &tag)]).status(), 304);
        assert_eq!(get("/", &[(header::IF_NONE_MATCH, "\"0\"")]).status(), 200);
    }

    #[test]
    fn gzip_is_sent_to_those_who_take_it() {
        for (accepted, packed) in [("gzip, deflate, br", true), ("br", false), ("gzip;q=0, br", false)] {
            let response = get("/", &[(header::ACCEPT_ENCODING, accepted)]);
            assert_eq!(response.headers().contains_key("content-encoding"), packed, "{accepted}");
        }
    }
}
