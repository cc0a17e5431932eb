//! What an app is told when it is refused (RFC 6749 section 5.2 and its kin): a word for the program, a sentence for
//! whoever wrote it.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Problem;
use serde_json::json;
use std::borrow::Cow;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub status: u16,
    /// The registered word, such as `invalid_grant`.
    pub error: &'static str,
    pub text: Cow<'static, str>,
    /// Seconds to wait.
    pub retry_after: Option<u32>,
}

impl Refusal {
    pub fn new(error: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        let status = match error {
            "invalid_client" | "invalid_token" => 401,
            "insufficient_scope" => 403,
            "temporarily_unavailable" => 503,
            "server_error" => 500,
            _ => 400,
        };
        Self { status, error, text: text.into(), retry_after: None }
    }

    pub fn request(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("invalid_request", text)
    }

    pub fn client(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("invalid_client", text)
    }

    pub fn grant(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("invalid_grant", text)
    }

    /// No standard has a word for it on every endpoint; this one RFC 6749 has for the first of them.
    pub fn too_many(seconds: u32) -> Self {
        let text = format!("Too many requests. Wait {seconds} seconds, then try again.");
        Self { status: 429, retry_after: Some(seconds), ..Self::new("temporarily_unavailable", text) }
    }

    pub fn scope(text: impl Into<Cow<'static, str>>) -> Self {
        Self::new("invalid_scope", text)
    }
}

/// The server's own failures look the same to an app whatever failed.
impl<E: Into<crate::IdentityError>> From<E> for Refusal {
    fn from(error: E) -> Self {
        let problem = Problem::from(error.into());
        match problem.status {
            429 => Self::too_many(problem.retry_after.unwrap_or(60)),
            503 => Self { retry_after: problem.retry_after, ..Self::new("temporarily_unavailable", problem.detail) },
            status if status >= 500 => {
                tracing::error!(kind = problem.kind, "an app's request failed");
                Self::new("server_error", "The server failed on this request. Try again.")
            }
            _ => Self::request(problem.detail),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = json!({ "error": self.error, "error_description": self.text });
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            let challenge = format!("Bearer error=\"{}\"", self.error);
            if let Ok(value) = HeaderValue::try_from(challenge) {
                headers.insert(header::WWW_AUTHENTICATE, value);
            }
        }
        response
    }
}
