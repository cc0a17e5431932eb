//! Two states of an entry in plain words: which parts differ, and how each reads.

use super::words::{concept, concept_of, plain, text_of};
use crate::edits::Line;
use fhir::Node;

/// What belongs to the envelope of an entry, or says again what the page says.
const ENVELOPE: [&str; 8] = ["resourceType", "id", "meta", "text", "subject", "patient", "implicitRules", "language"];

/// The parts that differ, in the order in which they stand, those that are gone last.
pub fn lines(before: &Node<'_>, after: &Node<'_>) -> Vec<Line> {
    let shown = |name: &str| !ENVELOPE.contains(&name) && !name.starts_with('_');
    let mut lines = Vec::new();
    for (name, value) in after.members().iter().filter(|(name, _)| shown(name)) {
        let old = before.get(name);
        if old != Some(value) {
            lines.push(Line { element: name.to_string(), before: old.map(words), after: Some(words(value)) });
        }
    }
    for (name, value) in before.members().iter().filter(|(name, _)| shown(name) && after.get(name).is_none()) {
        lines.push(Line { element: name.to_string(), before: Some(words(value)), after: None });
    }
    lines
}

/// What an entry is called, as far as it says so itself.
pub fn title(node: &Node<'_>) -> Option<String> {
    let coded = ["code", "medicationCodeableConcept", "vaccineCode", "type", "description"];
    let texts = ["title", "description", "display"];
    let concept = coded.iter().find_map(|name| concept_of(node, name));
    concept.or_else(|| texts.iter().find_map(|name| text_of(node, name)).map(plain))
}

/// A value of any FHIR type as a person reads it.
pub fn words(node: &Node<'_>) -> String {
    match node {
        Node::Array(items) => items.iter().map(words).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; "),
        Node::Object(members) => {
            let known = concept(node)
                .or_else(|| quantity(node))
                .or_else(|| period(node))
                .or_else(|| attachment(node))
                .or_else(|| ["text", "display", "reference"].iter().find_map(|name| node.str_of(name)).map(plain));
            known.unwrap_or_else(|| {
                let parts = members.iter().filter(|(name, _)| !matches!(name.as_ref(), "system" | "url" | "id"));
                let parts = parts.map(|(_, value)| words(value)).filter(|text| !text.is_empty());
                parts.collect::<Vec<_>>().join(", ")
            })
        }
        other => {
            other.as_str().map_or_else(|| other.as_digits().map_or_else(|| yes_or_no(other), str::to_owned), plain)
        }
    }
}

fn yes_or_no(node: &Node<'_>) -> String {
    match node.as_bool() {
        Some(true) => "yes".to_owned(),
        Some(false) => "no".to_owned(),
        None => String::new(),
    }
}

fn quantity(node: &Node<'_>) -> Option<String> {
    let value = node.get("value")?.as_digits()?;
    let comparator = node.str_of("comparator").unwrap_or_default();
    let unit = node.str_of("unit").or_else(|| node.str_of("code")).unwrap_or_default();
    Some(format!("{comparator}{value} {unit}").trim().to_owned())
}

fn period(node: &Node<'_>) -> Option<String> {
    match (node.str_of("start"), node.str_of("end")) {
        (Some(start), Some(end)) => Some(format!("{start} to {end}")),
        (Some(start), None) => Some(format!("from {start}")),
        (None, Some(end)) => Some(format!("until {end}")),
        (None, None) => None,
    }
}

/// A note is read, another document named.
fn attachment(node: &Node<'_>) -> Option<String> {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let attached = node.get("attachment").unwrap_or(node);
    let kind = attached.str_of("contentType")?;
    let text = attached.str_of("data").filter(|_| kind.starts_with("text/plain"));
    let text = text.and_then(|data| String::from_utf8(STANDARD.decode(data).ok()?).ok());
    Some(text.unwrap_or_else(|| attached.str_of("title").unwrap_or(kind).to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(text: &str) -> Node<'static> {
        fhir::json::parse(text.as_bytes()).unwrap().into_owned()
    }

    #[test]
    fn only_what_differs_is_said_and_in_words() {
        let before = node(
            r#"{"resourceType":"Condition","id":"c","code":{"text":"Asthma"},"onsetDateTime":"2020",
                "severity":{"coding":[{"code":"1","display":"Mild"}]}}"#,
        );
        let after = node(
            r#"{"resourceType":"Condition","id":"c","code":{"text":"Asthma"},"onsetDateTime":"2021",
                "abatementPeriod":{"start":"2022","end":"2023"}}"#,
        );
        let line = |element: &str, before: Option<&str>, after: Option<&str>| Line {
            element: element.into(),
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
        };
        assert_eq!(
            lines(&before, &after),
            [
                line("onsetDateTime", Some("2020"), Some("2021")),
                line("abatementPeriod", None, Some("2022 to 2023")),
                line("severity", Some("Mild"), None),
            ]
        );
        assert_eq!(title(&after).as_deref(), Some("Asthma"));
    }

    #[test]
    fn values_of_every_shape_are_words() {
        let text = |json: &str| words(&node(json));
        assert_eq!(text(r#"{"value":5.40,"unit":"mmol/L","code":"x"}"#), "5.40 mmol/L");
        assert_eq!(text(r#"[{"text":"a"},{"coding":[{"display":"b"}]}]"#), "a; b");
        assert_eq!(text(r#"{"dose":{"value":2},"flag":true}"#), "2, yes");
        assert_eq!(text(r#"{"attachment":{"contentType":"text/plain","data":"SGVsbG8="}}"#), "Hello");
    }
}
