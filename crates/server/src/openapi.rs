//! The description of `/api`: what the rooms say of themselves, put together.

use utoipa::OpenApi;
use utoipa::openapi::path::{Operation, Parameter, ParameterIn};
use utoipa::openapi::{Info, License, PathItem, RefOr, Response};

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
            refusals(operation);
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

/// What is refused before a handler is reached, by the same words at every address: a question or a body that cannot be read.
/// A room that says more of it itself is left its own words.
fn refusals(operation: &mut Operation) {
    let asks = |p: &RefOr<Parameter>| matches!(p, RefOr::T(p) if p.parameter_in == ParameterIn::Query);
    let query = operation.parameters.iter().flatten().any(asks);
    let body = operation.request_body.as_ref();
    let json = body.is_some_and(|b| matches!(b, RefOr::T(b) if b.content.contains_key("application/json")));
    let mut say = |status: &str, what: &str| {
        let known = &mut operation.responses.responses;
        known.entry(status.to_owned()).or_insert_with(|| RefOr::T(Response::new(what)));
    };
    if query || json {
        say("400", "Not what this address takes; the issues name the place");
    }
    if json {
        say("413", "The body is larger than this address takes");
        say("415", "The body is not application/json");
    }
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

    /// The statuses of an operation.
    fn statuses(path: &str, verb: &str) -> Vec<String> {
        let mut document = document();
        let item = document.paths.paths.get_mut(path).unwrap();
        let (_, operation) = operations(item).find(|(known, _)| *known == verb).unwrap();
        operation.responses.responses.keys().cloned().collect()
    }

    #[test]
    fn what_no_handler_sees_is_described_where_it_can_happen() {
        let body = statuses("/api/cases", "post");
        assert!(["400", "413", "415"].iter().all(|status| body.contains(&(*status).to_owned())), "{body:?}");
        let question = statuses("/api/directory", "get");
        assert!(question.contains(&"400".to_owned()) && !question.contains(&"415".to_owned()), "{question:?}");
        let neither = statuses("/api/vault", "get");
        assert!(!neither.contains(&"400".to_owned()), "{neither:?}");
    }

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
