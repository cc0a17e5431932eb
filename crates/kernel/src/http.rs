//! Problems, bodies and parameters on the wire: the one place where `/api` speaks JSON.
//!
//! A body or a query is read strictly: what is unknown, missing or of the wrong type is a 400 that names the place
//! and never repeats the value.

use crate::named::Named;
use crate::{Issue, Problem};
use axum_core::body::Body;
use axum_core::extract::{FromRequest, FromRequestParts, Request};
use axum_core::response::{IntoResponse, Response};
use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

#[derive(Serialize)]
struct ProblemJson<'a> {
    r#type: &'static str,
    title: &'a str,
    status: u16,
    kind: &'a str,
    detail: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<IssueJson<'a>>,
}

#[derive(Serialize)]
struct IssueJson<'a> {
    path: &'a str,
    code: &'a str,
    text: &'a str,
}

/// The problem as problem+json (RFC 9457).
pub fn problem_json(problem: &Problem) -> Vec<u8> {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let issues = problem.issues.iter().map(|i| IssueJson { path: &i.path, code: i.code, text: &i.text }).collect();
    let json = ProblemJson {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or("Problem"),
        status: status.as_u16(),
        kind: problem.kind,
        detail: &problem.detail,
        issues,
    };
    serde_json::to_vec(&json).unwrap_or_default()
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::from(problem_json(&self)));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        // The border logs the problem it sends, and a page on `/fhir` shows it in FHIR's own form.
        response.extensions_mut().insert(self);
        response
    }
}

/// How long an `Idempotency-Key` is.
const LONGEST_KEY: usize = 200;

/// The `Idempotency-Key` of a request, by which the same sent again is known.
pub fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let text = key.to_str().unwrap_or_default().trim();
    if text.is_empty() || text.len() > LONGEST_KEY {
        return Err(Problem::bad_request("An Idempotency-Key has 1 to 200 plain letters."));
    }
    Ok(Some(text.to_owned()))
}

/// A JSON body. Only `application/json` (or `…+json`) is taken: a form of another site cannot send that.
#[derive(Clone, Copy, Debug)]
pub struct JsonBody<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for JsonBody<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !is_json(request.headers()) {
            let detail = "Send JSON, with the header Content-Type: application/json.";
            return Err(Problem::new(415, "invalid", detail));
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status().as_u16() {
                413 => Problem::new(413, "too-large", "The body is larger than this address takes."),
                _ => Problem::bad_request("The body did not arrive whole."),
            })?;
        let mut json = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(Named(&mut json))
            .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))?;
        json.end().map_err(|_| refused("", "There is more after the end of the JSON."))?;
        Ok(Self(value))
    }
}

/// The parameters behind the question mark.
#[derive(Clone, Copy, Debug)]
pub struct Params<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = serde_urlencoded::Deserializer::new(form_urlencoded::parse(
            parts.uri.query().unwrap_or_default().as_bytes(),
        ));
        serde_path_to_error::deserialize(query)
            .map(Self)
            .map_err(|error| refused(&error.path().to_string(), &error.inner().to_string()))
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

/// A 400 that names the place. What serde says may quote the value, which may be a password: only what was expected
/// is passed on.
fn refused(path: &str, said: &str) -> Problem {
    let said = said.split(" at line ").next().unwrap_or_default();
    let names_a_field = ["unknown field", "missing field", "duplicate field"].iter().any(|s| said.starts_with(s));
    let (code, text) = if names_a_field || said.starts_with("There is more") {
        ("structure", said.to_owned())
    } else if let Some((_, expected)) = said.rsplit_once(", expected ") {
        ("value", format!("expected {}", in_words(expected)))
    } else {
        ("structure", "this cannot be read".to_owned())
    };
    let path = if path == "." { "" } else { path };
    let place = if path.is_empty() { String::new() } else { format!(" at {path}") };
    Problem::bad_request(format!("The request is not what this address takes: {text}{place}."))
        .with_issues(vec![Issue::new(code, path, text)])
}

/// What was expected, for people who do not write Rust.
fn in_words(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a sequence" => "a list",
        "a map" => "an object",
        other if other.starts_with("struct ") => "an object",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(deny_unknown_fields)]
    struct Form {
        name: String,
        #[serde(default)]
        count: i64,
        #[serde(default)]
        within: Vec<Within>,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(untagged)]
    enum Kind {
        Number(u8),
        Word(String),
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Within {
        kind: Option<Kind>,
        sides: (u8, u8),
    }

    /// Everything here is ready at once: no runtime is needed.
    fn now<T>(future: impl Future<Output = T>) -> T {
        match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(value) => value,
            Poll::Pending => panic!("a body in memory does not wait"),
        }
    }

    fn body(kind: &str, text: &'static str) -> Result<Form, Problem> {
        let request = Request::builder().header("content-type", kind).body(Body::from(text)).unwrap();
        now(JsonBody::<Form>::from_request(request, &())).map(|JsonBody(form)| form)
    }

    fn params(query: &str) -> Result<Form, Problem> {
        let request = Request::builder().uri(format!("/x{query}")).body(()).unwrap();
        now(Params::<Form>::from_request_parts(&mut request.into_parts().0, &())).map(|Params(form)| form)
    }

    #[test]
    fn a_body_that_fits_is_read() {
        let form = body("application/json; charset=utf-8", r#"{"name":"a","count":2}"#).unwrap();
        assert_eq!(form, Form { name: "a".into(), count: 2, within: vec![] });
        assert_eq!(params("?name=a%20b&count=3").unwrap(), Form { name: "a b".into(), count: 3, within: vec![] });
    }

    #[test]
    fn what_does_not_fit_is_named_by_its_place_and_its_value_is_not_repeated() {
        for (text, path, part) in [
            (r#"{"name":"a","colour":1}"#, "colour", "unknown field `colour`"),
            (r#"{"count":1}"#, "", "missing field `name`"),
            (r#"{"name":"a","name":"b"}"#, "", "duplicate field `name`"),
            (r#"{"name":"a","count":"secret"}"#, "count", "expected a whole number"),
            (r#"{"name":"a"} x"#, "", "more after the end"),
            ("", "", "cannot be read"),
        ] {
            let problem = body("application/json", text).unwrap_err();
            assert_eq!(problem.status, 400, "{text}");
            assert_eq!(problem.issues[0].path, path, "{text}");
            assert!(problem.detail.contains(part), "{text}: {}", problem.detail);
            assert!(!problem.detail.contains("secret"), "{}", problem.detail);
        }
        assert_eq!(params("?name=a&x=1").unwrap_err().status, 400);
        assert_eq!(params("?name=a&count=secret").unwrap_err().issues[0].path, "count");
    }

    #[test]
    fn members_are_named_and_never_told_by_their_order() {
        for (text, path) in [(r#"["a",2]"#, ""), ("[]", ""), (r#"{"name":"a","within":[["word",[1,2]]]}"#, "within[0]")]
        {
            let problem = body("application/json", text).unwrap_err();
            assert_eq!(problem.issues[0].path, path, "{text}");
            assert!(problem.detail.contains("expected an object"), "{text}: {}", problem.detail);
        }
        let form = body(
            "application/json",
            r#"{"name":"a","within":[{"kind":"b","sides":[1,2]},{"kind":7,"sides":[3,4]},{"kind":null,"sides":[5,6]}]}"#,
        );
        let one = |kind, sides| Within { kind, sides };
        let within =
            vec![one(Some(Kind::Word("b".into())), (1, 2)), one(Some(Kind::Number(7)), (3, 4)), one(None, (5, 6))];
        assert_eq!(form.unwrap(), Form { name: "a".into(), count: 0, within });
    }

    #[test]
    fn only_json_is_taken_as_a_body() {
        assert_eq!(body("text/plain", r#"{"name":"a"}"#).unwrap_err().status, 415);
        assert_eq!(body("application/x-www-form-urlencoded", "name=a").unwrap_err().status, 415);
        assert!(body("application/fhir+json", r#"{"name":"a"}"#).is_ok());
    }

    #[test]
    fn a_problem_says_when_to_come_back_and_is_kept_by_nobody() {
        let problem = Problem::new(429, "rate-limited", "Wait.").retry_after(30);
        let response = problem.clone().into_response();
        assert_eq!(response.status(), 429);
        assert_eq!(response.headers()["retry-after"], "30");
        assert_eq!(response.headers()["cache-control"], "no-store");
        assert_eq!(response.headers()["content-type"], "application/problem+json");
        let json: serde_json::Value = serde_json::from_slice(&problem_json(&problem)).unwrap();
        assert_eq!(json["type"], "about:blank");
        assert_eq!(json["title"], "Too Many Requests");
        assert_eq!(json["kind"], "rate-limited");
        assert_eq!(json.get("issues"), None);
    }
}
