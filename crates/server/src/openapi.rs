//! The description of `/api`: what the rooms say of themselves, put together.

use utoipa::OpenApi;
use utoipa::openapi::{Info, License};

/// The document, as it is committed in `openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = crate::api::Docs::openapi();
    for room in [identity::openapi(), notify::openapi(), consent::api::openapi(), records::openapi()] {
        document.merge(room);
    }
    let mut info = Info::new("HealthSync", env!("CARGO_PKG_VERSION"));
    info.description = Some(
        "The HTTP interface of HealthSync besides FHIR R4, which is under /fhir and describes itself at /fhir/metadata. \
         Sign in at /api/auth/login; programs send the token as Authorization: Bearer. Errors are problem+json."
            .to_owned(),
    );
    info.license = Some(License::new("MIT"));
    document.info = info;
    document
}

/// The document as text, ending in a line break.
pub fn text() -> String {
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

pub async fn serve() -> ([(http::HeaderName, &'static str); 1], String) {
    ([(http::header::CONTENT_TYPE, "application/json")], text())
}
