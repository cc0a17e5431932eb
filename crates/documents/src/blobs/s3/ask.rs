//! One question to the store, asked again when it was not heard, and what its answers mean.

use super::S3;
use super::spool::Payload;
use crate::error::DocumentError;
use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Request, StatusCode, header};
use bytes::Bytes;
use identity::outgoing::Answer;
use rusty_s3::Method;
use std::time::Duration;
use url::Url;

/// How long to wait before each further try: a store that is busy says so with 503 and is to be left alone for a moment.
const PAUSES: [Duration; 3] = [Duration::from_millis(100), Duration::from_millis(400), Duration::from_millis(1600)];

pub struct Asked<'a> {
    method: Method,
    url: &'a Url,
    /// What is to be done, for words about a refusal.
    to: &'static str,
    body: Payload,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl<'a> Asked<'a> {
    pub const fn new(method: Method, url: &'a Url, to: &'static str) -> Self {
        Self { method, url, to, body: Payload::Held(Bytes::new()), headers: Vec::new() }
    }

    pub fn body(self, body: Payload) -> Self {
        Self { body, ..self }
    }

    pub fn header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.push((name, value));
        self
    }

    fn request(&self) -> Result<Request<Body>, String> {
        let path = match self.url.query() {
            Some(query) => format!("{}?{query}", self.url.path()),
            None => self.url.path().to_owned(),
        };
        let request = Request::builder().method(self.method.to_str()).uri(path);
        let mut request = request.body(self.body.body()).map_err(|e| e.to_string())?;
        request.headers_mut().extend(self.headers.iter().cloned());
        // Stores want to hear of an empty body too.
        if matches!(self.method, Method::Put | Method::Post) {
            request.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(self.body.len()));
        }
        Ok(request)
    }
}

/// An answer that is no failure.
pub struct Answered(pub Answer);

impl Answered {
    pub fn header(&self, name: &str) -> Option<String> {
        self.0.headers.get(name)?.to_str().ok().map(str::to_owned)
    }

    /// Its body, which is short.
    pub async fn text(self, what: &str) -> Result<String, DocumentError> {
        self.0.text().await.map_err(|why| DocumentError::Blobs(format!("the object store answers {what}, and {why}")))
    }

    /// Reads what nobody needs, so that the connection can be used again.
    pub async fn over(mut self) {
        while let Some(Ok(_)) = self.0.piece().await {}
    }
}

/// What is in `<Code>` of an answer that says what went wrong.
async fn code(answer: Answer) -> String {
    let text = answer.text().await.unwrap_or_default();
    let code = text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map(|(code, _)| code);
    // It goes into a log.
    code.unwrap_or_default().chars().filter(char::is_ascii_alphanumeric).take(60).collect()
}

/// What an operator can do about a refusal.
fn refused(status: StatusCode, code: &str, to: &str) -> String {
    let told = format!("the object store answers {} {code}", status.as_u16());
    let hint = match (status.as_u16(), code) {
        (_, "NoSuchBucket") => "there is no bucket of this name: make it, or see blobs.url and blobs.region",
        (_, "RequestTimeTooSkewed") => "the clocks of this machine and of the store differ: set them right",
        (_, "SignatureDoesNotMatch") => "blobs.secret_key does not fit blobs.access_key, or blobs.region is another",
        (_, "InvalidAccessKeyId") => "nobody there knows blobs.access_key",
        (301 | 307, _) => "the bucket is in another region: see blobs.region and blobs.endpoint",
        (401 | 403, _) => {
            return format!(
                "{told}: blobs.access_key may not {to} in this bucket; it needs GetObject, PutObject, DeleteObject, \
                 AbortMultipartUpload, ListBucket and ListBucketMultipartUploads"
            );
        }
        _ => "see what its own log says",
    };
    format!("{told}: {hint}")
}

impl S3 {
    /// Asks for what must be there.
    pub(super) async fn ask(&self, asked: Asked<'_>) -> Result<Answered, DocumentError> {
        let to = asked.to;
        let found = self.ask_or_nothing(asked).await?;
        found.ok_or_else(|| DocumentError::Blobs(format!("the object store has nothing to {to} where it was asked")))
    }

    /// Asks for what may be there. Everything that is asked can be asked twice.
    pub(super) async fn ask_or_nothing(&self, asked: Asked<'_>) -> Result<Option<Answered>, DocumentError> {
        let mut pauses = PAUSES.iter();
        loop {
            let why = match self.0.line.ask(|| asked.request()).await {
                Ok(answer) if answer.status.is_success() => return Ok(Some(Answered(answer))),
                Ok(answer) if answer.status.is_server_error() || matches!(answer.status.as_u16(), 408 | 429) => {
                    let status = answer.status.as_u16();
                    let code = code(answer).await;
                    format!("{status} {code}")
                }
                Ok(answer) => {
                    let status = answer.status;
                    let code = code(answer).await;
                    if status == StatusCode::NOT_FOUND && code != "NoSuchBucket" {
                        return Ok(None);
                    }
                    return Err(DocumentError::Blobs(refused(status, &code, asked.to)));
                }
                Err(why) => why,
            };
            match pauses.next() {
                Some(pause) => tokio::time::sleep(*pause).await,
                None => {
                    let host = self.0.line.authority();
                    let told = format!("the object store at {host} does not answer: {why}; see blobs.endpoint");
                    return Err(DocumentError::Blobs(told));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_refuses_is_told_with_what_to_do_and_without_a_key() {
        let denied = refused(StatusCode::FORBIDDEN, "AccessDenied", "list");
        assert!(denied.contains("may not list") && denied.contains("ListBucket"), "{denied}");
        assert!(refused(StatusCode::NOT_FOUND, "NoSuchBucket", "write").contains("make it"));
        assert!(refused(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", "write").contains("blobs.secret_key"));
        assert!(refused(StatusCode::MOVED_PERMANENTLY, "PermanentRedirect", "write").contains("region"));
    }
}
