//! What pages show as the name of a code, or of what is pointed at: whether it is read as what it is.

use crate::spec::{Ty, TypeId, spec};
use crate::{Kind, Node};
use kernel::text::hides_in_lines as hides;

/// The member of each type that is shown as its name.
const NAMES: [(&str, &str); 3] = [("CodeableConcept", "text"), ("Coding", "display"), ("Reference", "display")];

/// The names in an entry that hide something or turn the direction in which they are read, each with its path.
pub fn hidden<'n>(kind: Kind, node: &'n Node<'_>) -> Vec<(String, &'n str)> {
    let mut found = Vec::new();
    if let Some(id) = spec().of_kind(kind) {
        object(id, node, kind.name(), &mut found);
    }
    found
}

fn object<'n>(id: TypeId, node: &'n Node<'_>, path: &str, found: &mut Vec<(String, &'n str)>) {
    let ty = spec().ty(id);
    let shown = NAMES.iter().find(|(of, _)| *of == ty.name).map(|(_, name)| *name);
    let mut hint = 0;
    for (name, value) in node.members() {
        let Some(field) = ty.field(name, &mut hint) else { continue };
        match (value, value.as_str()) {
            (_, Some(text)) if shown == Some(name.as_ref()) && hides(text) => {
                found.push((format!("{path}.{name}"), text));
            }
            (Node::Array(items), _) => {
                for (i, item) in items.iter().enumerate() {
                    inside(field.ty, item, &format!("{path}.{name}[{i}]"), found);
                }
            }
            (Node::Object(_), _) => inside(field.ty, value, &format!("{path}.{name}"), found),
            _ => {}
        }
    }
}

fn inside<'n>(ty: Ty, node: &'n Node<'_>, path: &str, found: &mut Vec<(String, &'n str)>) {
    let id = match ty {
        Ty::Primitive(_) => None,
        Ty::Object(id) => Some(id),
        Ty::Resource => node.str_of("resourceType").and_then(Kind::parse).and_then(|kind| spec().of_kind(kind)),
    };
    if let Some(id) = id {
        object(id, node, path, found);
    }
}

/// Everything that is read in an entry, and not only the names in it. A narrative is kept as it came: pages show what the
/// entry itself says.
pub fn hidden_anywhere<'n>(kind: Kind, node: &'n Node<'_>) -> Vec<(String, &'n str)> {
    let mut found = Vec::new();
    anywhere(node, kind.name(), &mut found);
    found
}

fn anywhere<'n>(node: &'n Node<'_>, path: &str, found: &mut Vec<(String, &'n str)>) {
    match node {
        Node::String(text) if hides(text) => found.push((path.to_owned(), text)),
        Node::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                anywhere(item, &format!("{path}[{i}]"), found);
            }
        }
        Node::Object(members) => {
            for (name, value) in members.iter().filter(|(name, _)| name != "div") {
                anywhere(value, &format!("{path}.{name}"), found);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(json: &str) -> Vec<String> {
        let node = crate::json::parse(json.as_bytes()).unwrap();
        let kind = Kind::parse(node.str_of("resourceType").unwrap()).unwrap();
        hidden(kind, &node).into_iter().map(|(path, _)| path).collect()
    }

    #[test]
    fn whatever_is_read_of_an_entry_is_searched_and_a_narrative_is_not() {
        let json = r#"{"resourceType":"Condition","text":{"div":"<div>~</div>"},"note":[{"text":"one\n~"}],
            "extension":[{"url":"u","valueString":"~"}],"code":{"text":"fine"}}"#;
        let json = json.replace('~', "\u{202e}");
        let node = crate::json::parse(json.as_bytes()).unwrap();
        let found = hidden_anywhere(Kind::Condition, &node).into_iter().map(|(path, _)| path);
        assert_eq!(found.collect::<Vec<_>>(), ["Condition.note[0].text", "Condition.extension[0].valueString"]);
    }

    #[test]
    fn names_that_hide_something_are_found_wherever_they_stand_and_notes_are_no_names() {
        let turned = |json: &str| paths(&json.replace('~', "\u{202e}"));
        assert_eq!(turned(r#"{"resourceType":"Condition","code":{"text":"~amhtsA"}}"#), ["Condition.code.text"]);
        let deep = r#"{"resourceType":"AllergyIntolerance","code":{"coding":[{"display":"a"},{"display":"b~"}]},
            "recorder":{"display":"~Dr Lee"},"reaction":[{"manifestation":[{"text":"one\ntwo"},{"text":"~"}]}],
            "contained":[{"resourceType":"Condition","code":{"text":"~"}}]}"#;
        let mut found = turned(deep);
        found.sort();
        let expected = ["code.coding[1].display", "contained[0].code.text", "reaction[0].manifestation[1].text"];
        let expected = expected.into_iter().chain(["recorder.display"]);
        let mut expected: Vec<String> = expected.map(|path| format!("AllergyIntolerance.{path}")).collect();
        expected.sort();
        assert_eq!(found, expected);
        assert!(turned(r#"{"resourceType":"Condition","note":[{"text":"~"}],"code":{"text":"قلب"}}"#).is_empty());
    }
}
