//! Answers in `application/fhir+json`.

use crate::model::Stored;
use crate::search::Page;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use kernel::Problem;

pub const FHIR_JSON: &str = "application/fhir+json; charset=utf-8";

/// A problem on `/fhir` is an OperationOutcome.
pub struct Outcome(pub Problem);

impl From<Problem> for Outcome {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl From<ledger::LedgerError> for Outcome {
    fn from(error: ledger::LedgerError) -> Self {
        tracing::error!(%error, "the ledger could not be written");
        Self(error.into())
    }
}

impl IntoResponse for Outcome {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json(status, fhir::outcome::from_problem(&self.0));
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        // The border adds what an app must be told in the headers, and writes failures to the log.
        response.extensions_mut().insert(self.0);
        response
    }
}

pub fn json(status: StatusCode, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(FHIR_JSON));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// One version, with its tag and time in the headers.
pub fn version(status: StatusCode, stored: Stored) -> Response {
    let (tag, time) = (stored.version, stored.updated);
    let mut response = json(status, stored.json);
    let headers = response.headers_mut();
    if let Ok(tag) = HeaderValue::from_str(&format!("W/\"{tag}\"")) {
        headers.insert(header::ETAG, tag);
    }
    if let Ok(time) = HeaderValue::from_str(&http_date(time.0)) {
        headers.insert(header::LAST_MODIFIED, time);
    }
    response
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
fn http_date(ms: i64) -> String {
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let (days, seconds) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000) / 1000);
    // Days to a civil date: Howard Hinnant's algorithm, counted from 0000-03-01.
    let z = days + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let (day, month) = (doy - (153 * mp + 2) / 5 + 1, if mp < 10 { mp + 3 } else { mp - 9 });
    let year = yoe + era * 400 + i64::from(month <= 2);
    format!(
        "{}, {day:02} {} {year} {:02}:{:02}:{:02} GMT",
        DAYS[days.rem_euclid(7) as usize],
        MONTHS[(month - 1) as usize],
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The address the caller used, so that links lead back the same way.
pub fn base(headers: &HeaderMap) -> String {
    let host = headers.get(header::HOST).and_then(|h| h.to_str().ok()).unwrap_or("localhost");
    let safe = host.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b':' | b'-' | b'[' | b']'));
    let scheme = match headers.get("x-forwarded-proto").and_then(|h| h.to_str().ok()) {
        Some("https") => "https",
        _ => "http",
    };
    format!("{scheme}://{}/fhir", if safe { host } else { "localhost" })
}

/// Appends a JSON string.
pub fn string(out: &mut Vec<u8>, text: &str) {
    fhir::Node::String(text.into()).write(out);
}

/// A page of matches as a searchset; the bodies are copied as they are stored.
pub fn searchset(base: &str, pairs: &[(String, String)], page: &Page) -> Vec<u8> {
    let size: usize = page.matches.iter().map(|m| m.json.len() + 200).sum();
    let mut out = Vec::with_capacity(size + 400);
    out.extend_from_slice(br#"{"resourceType":"Bundle","type":"searchset""#);
    if let Some(total) = page.total {
        out.extend_from_slice(format!(r#","total":{total}"#).as_bytes());
    }
    out.extend_from_slice(br#","link":[{"relation":"self","url":"#);
    string(&mut out, &address(base, page.kind, pairs, None));
    if let Some(cursor) = &page.next {
        out.extend_from_slice(br#"},{"relation":"next","url":"#);
        string(&mut out, &address(base, page.kind, pairs, Some(cursor)));
    }
    out.extend_from_slice(b"}]");
    let mut first = true;
    for stored in &page.matches {
        out.extend_from_slice(if first { br#","entry":[{"fullUrl":"# } else { br#"},{"fullUrl":"# });
        first = false;
        string(&mut out, &format!("{base}/{}/{}", stored.kind.name(), stored.id()));
        out.extend_from_slice(br#","resource":"#);
        out.extend_from_slice(&stored.json);
        out.extend_from_slice(br#","search":{"mode":"match"}"#);
    }
    if !first {
        out.extend_from_slice(b"}]");
    }
    out.push(b'}');
    out
}

fn address(base: &str, kind: fhir::Kind, pairs: &[(String, String)], cursor: Option<&str>) -> String {
    let mut out = format!("{base}/{}", kind.name());
    let cursor = cursor.map(|c| ("_cursor".to_owned(), c.to_owned()));
    for (i, (name, value)) in pairs.iter().chain(cursor.iter()).enumerate() {
        out.push(if i == 0 { '?' } else { '&' });
        encode(&mut out, name);
        out.push('=');
        encode(&mut out, value);
    }
    out
}

fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~:,/|".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
}

/// The versions of a resource, newest first.
/// The newest `count` versions; the total counts all.
pub fn history(base: &str, id: &str, versions: &[Stored], count: usize) -> Vec<u8> {
    let mut out = Vec::new();
    out.extend_from_slice(
        format!(r#"{{"resourceType":"Bundle","type":"history","total":{}"#, versions.len()).as_bytes(),
    );
    let versions = versions.get(..count).unwrap_or(versions);
    for (i, stored) in versions.iter().enumerate() {
        out.extend_from_slice(if i == 0 { br#","entry":[{"fullUrl":"# } else { br#",{"fullUrl":"# });
        string(&mut out, &format!("{base}/{}/{id}", stored.kind.name()));
        let (method, status) = match (stored.json.is_empty(), stored.version) {
            (true, _) => ("DELETE", "204"),
            (false, 1) => ("POST", "201"),
            _ => ("PUT", "200"),
        };
        if !stored.json.is_empty() {
            out.extend_from_slice(br#","resource":"#);
            out.extend_from_slice(&stored.json);
        }
        let url = if method == "POST" { stored.kind.name().to_owned() } else { format!("{}/{id}", stored.kind.name()) };
        out.extend_from_slice(
            format!(
                r#","request":{{"method":"{method}","url":"{url}"}},"response":{{"status":"{status}","etag":"W/\"{}\"","lastModified":"{}"}}}}"#,
                stored.version,
                stored.updated.to_rfc3339()
            )
            .as_bytes(),
        );
    }
    out.extend_from_slice(if versions.is_empty() { b"}" } else { b"]}" });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_written_as_http_wants_them() {
        assert_eq!(http_date(784_111_777_000), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(http_date(0), "Thu, 01 Jan 1970 00:00:00 GMT");
        assert_eq!(http_date(1_709_164_800_000), "Thu, 29 Feb 2024 00:00:00 GMT");
    }

    #[test]
    fn a_link_holds_its_parameters_escaped() {
        let pairs = [("identifier".to_owned(), "a b|c&d".to_owned())];
        let url = address("http://h/fhir", fhir::Kind::Patient, &pairs, Some("x"));
        assert_eq!(url, "http://h/fhir/Patient?identifier=a%20b|c%26d&_cursor=x");
    }
}
