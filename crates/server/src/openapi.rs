//! The description of `/api`: what the rooms say of themselves, put together.

use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{Info, License, PathItem};

/// The document, as it is committed in `openapi.json`.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut document = crate::api::Docs::openapi();
    for room in [
        identity::openapi(),
        notify::openapi(),
        consent::api::openapi(),
        records::openapi(),
        exchange::openapi(),
        documents::openapi(),
        crate::plain::openapi(),
    ] {
        document.merge(room);
    }
    for (path, item) in &mut document.paths.paths {
        for (verb, operation) in operations(item) {
            operation.operation_id = Some(name(verb, path));
        }
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

fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    let of = [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
        ("head", &mut item.head),
    ];
    of.into_iter().filter_map(|(verb, operation)| Some((verb, operation.as_mut()?)))
}

/// `GET /api/patients/{id}/timeline` is `getPatientsIdTimeline`: generators of clients name their functions so, and a
/// handler's own name, `list` or `read`, is not the only one in the house.
fn name(verb: &str, path: &str) -> String {
    let words = path.trim_start_matches("/api").split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    words.fold(verb.to_owned(), |mut name, word| {
        let (first, rest) = word.split_at(1);
        name.push_str(&first.to_ascii_uppercase());
        name.push_str(rest);
        name
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_operation_has_a_name_of_its_own() {
        let mut document = document();
        let mut names = BTreeSet::new();
        for item in document.paths.paths.values_mut() {
            for (_, operation) in operations(item) {
                let name = operation.operation_id.clone().unwrap();
                assert!(names.insert(name.clone()), "{name} is there twice");
            }
        }
        assert!(names.contains("getPatientsIdTimeline"), "{names:?}");
    }
}
