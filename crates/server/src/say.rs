//! Errors in the words of the world they are told in: problem+json on `/api`, OperationOutcome on `/fhir`.

use crate::border::World;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use kernel::Problem;

/// The answer that tells a problem.
pub fn problem(world: World, problem: Problem) -> Response {
    match world {
        World::Fhir => outcome(problem),
        World::Api | World::OAuth | World::Link | World::Web => problem.into_response(),
    }
}

fn outcome(problem: Problem) -> Response {
    let body = fhir::outcome::from_problem(&problem);
    // For the status and the headers that go with it.
    let mut response = problem.into_response();
    *response.body_mut() = Body::from(body);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_LENGTH);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/fhir+json"));
    response
}

/// The longest text of the framework that is passed on.
const TEXT: usize = 4096;

/// Errors of rooms that do not know where they are told, and of the framework, which speaks plain text.
pub async fn in_the_words_of(world: World, response: Response) -> Response {
    let status = response.status();
    if matches!(world, World::Web | World::OAuth | World::Link)
        || !(status.is_client_error() || status.is_server_error())
    {
        return response;
    }
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let (json, fhir) = (kind.starts_with("application/problem+json"), kind.starts_with("application/fhir+json"));
    if fhir || (json && world == World::Api) {
        return response;
    }
    if let Some(known) = response.extensions().get::<Problem>() {
        let known = known.clone();
        return keep_headers(response, problem(world, known));
    }
    let (parts, body) = response.into_parts();
    let text = axum::body::to_bytes(body, TEXT).await.unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let (kind, fallback) = match status.as_u16() {
        400 | 422 => ("invalid", "The request cannot be read."),
        404 => ("not-found", "There is nothing at this address."),
        405 => ("not-supported", "This address does not take this method."),
        413 => ("too-large", "The body is larger than this address takes."),
        415 => ("not-supported", "This address takes JSON."),
        _ if status.is_server_error() => ("exception", "The server failed on this request."),
        _ => ("invalid", "The request was refused."),
    };
    // The framework speaks of buffers when a body is too long.
    let detail = if text.trim().is_empty() || status.as_u16() == 413 { fallback } else { text.trim() };
    let told = problem(world, Problem::new(status.as_u16(), kind, detail));
    keep_headers(Response::from_parts(parts, Body::empty()), told)
}

/// What the first answer said besides its body (`Allow`, cookies) stays.
fn keep_headers(first: Response, mut told: Response) -> Response {
    for (name, value) in first.headers() {
        if !told.headers().contains_key(name) && name != header::CONTENT_LENGTH {
            told.headers_mut().append(name.clone(), value.clone());
        }
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::StatusCode;

    async fn read(response: Response) -> (u16, String, serde_json::Value) {
        let status = response.status().as_u16();
        let kind = response.headers()["content-type"].to_str().unwrap().to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
        (status, kind, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn a_problem_is_told_in_the_form_of_its_world() {
        let (status, kind, json) = read(problem(World::Fhir, Problem::not_found())).await;
        assert_eq!((status, kind.as_str()), (404, "application/fhir+json"));
        assert_eq!(json["resourceType"], "OperationOutcome");
        let (status, kind, json) = read(problem(World::Api, Problem::not_found())).await;
        assert_eq!((status, kind.as_str()), (404, "application/problem+json"));
        assert_eq!(json["kind"], "not-found");
    }

    #[tokio::test]
    async fn what_a_room_or_the_framework_says_is_translated() {
        let room = Problem::new(429, "rate-limited", "Wait.").retry_after(7).into_response();
        let told = in_the_words_of(World::Fhir, room).await;
        assert_eq!(told.headers()["retry-after"], "7");
        let (status, _, json) = read(told).await;
        assert_eq!((status, &json["issue"][0]["code"]), (429, &"throttled".into()));

        let framework = (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET")], "").into_response();
        let told = in_the_words_of(World::Api, framework).await;
        assert_eq!(told.headers()["allow"], "GET");
        let (status, kind, json) = read(told).await;
        assert_eq!((status, kind.as_str()), (405, "application/problem+json"));
        assert_eq!(json["detail"], "This address does not take this method.");
    }
}
