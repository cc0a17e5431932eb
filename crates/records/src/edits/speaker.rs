//! Who speaks in an entry that a practitioner drafts: they themselves, by the name under which they are known here.

use consent::Party;
use consent::edit::Act;
use fhir::reference::{Target, target};
use fhir::{Kind, Node, shown};
use kernel::Issue;

/// Elements that say who recorded an entry, and who vouches for it.
const SPEAKERS: [&str; 2] = ["recorder", "asserter"];

/// The types of R4 that say who recorded them, of those that are drafted.
const RECORDED: [Kind; 4] = [Kind::Condition, Kind::AllergyIntolerance, Kind::Procedure, Kind::MedicationRequest];

/// Puts the author in where nobody is named, and names what speaks for somebody else. What stood before may stay.
pub(super) fn sign(
    kind: Kind,
    act: Act,
    node: &mut Node<'_>,
    stood: Option<&Node<'_>>,
    author: &Party,
) -> Option<Issue> {
    for element in SPEAKERS {
        let Some(said) = node.get(element) else { continue };
        if stood.and_then(|stood| stood.get(element)) == Some(said) {
            continue;
        }
        let to = said.str_of("reference").and_then(target);
        let own =
            matches!(to, Some(Target::Literal { kind: Kind::Practitioner, id, absolute: false }) if id == author.id);
        if !own {
            let text = "What you draft is from you: name yourself here, or nobody.";
            return Some(Issue::new("business-rule", format!("resource.{element}"), text));
        }
        node.set(element, reference(author));
    }
    if act == Act::Add && RECORDED.contains(&kind) && node.get("recorder").is_none() {
        node.set("recorder", reference(author));
    }
    None
}

fn reference(author: &Party) -> Node<'static> {
    let to = format!("Practitioner/{}", author.id);
    Node::object([("reference", Node::from(to)), ("display", Node::from(author.name.clone()))])
}

/// What the words in it hide, or in which direction they turn them, unless they stood in the entry before: the patient
/// approves what they read.
pub(super) fn hidden(kind: Kind, node: &Node<'_>, stood: Option<&Node<'_>>) -> Vec<Issue> {
    let before = stood.map(|stood| shown::hidden_anywhere(kind, stood)).unwrap_or_default();
    let found = shown::hidden_anywhere(kind, node).into_iter();
    let new = found.filter(|(_, text)| !before.iter().any(|(_, stood)| stood == text));
    new.map(|(path, _)| Issue::new("value", path.replacen(kind.name(), "resource", 1), kernel::text::IN_SIGHT))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(json: &str) -> Node<'static> {
        fhir::json::parse(json.as_bytes()).unwrap().into_owned()
    }

    fn signed(act: Act, json: &str, stood: Option<&str>) -> Result<Node<'static>, String> {
        let author = Party { id: "lee".to_owned(), name: "Dr Kim Lee".to_owned() };
        let (mut node, stood) = (node(json), stood.map(node));
        match sign(Kind::Condition, act, &mut node, stood.as_ref(), &author) {
            Some(issue) => Err(issue.path),
            None => Ok(node),
        }
    }

    #[test]
    fn an_author_is_named_where_nobody_is_and_speaks_for_nobody_else() {
        let own = node(r#"{"recorder":{"reference":"Practitioner/lee","display":"Dr Kim Lee"}}"#);
        assert_eq!(signed(Act::Add, "{}", None).unwrap(), own);
        let renamed = r#"{"recorder":{"reference":"Practitioner/lee","display":"Dr Sam Roe"}}"#;
        assert_eq!(signed(Act::Add, renamed, None).unwrap(), own);
        for (element, who) in [
            ("recorder", r#"{"reference":"Practitioner/roe"}"#),
            ("asserter", r#"{"reference":"Patient/p"}"#),
            ("asserter", r#"{"display":"Dr Sam Roe"}"#),
        ] {
            let json = format!(r#"{{"{element}":{who}}}"#);
            assert_eq!(signed(Act::Add, &json, None).unwrap_err(), format!("resource.{element}"));
            assert_eq!(signed(Act::Correct, &json, Some(&json)).unwrap(), node(&json), "what stood before may stay");
        }
        assert_eq!(signed(Act::Correct, "{}", Some("{}")).unwrap(), node("{}"));
    }

    #[test]
    fn words_that_are_turned_around_are_refused_where_they_are_new() {
        let turned = node("{\"code\":{\"text\":\"\u{202e}amhtsA\"}}");
        let found = |stood| hidden(Kind::Condition, &turned, stood).into_iter().map(|issue| issue.path).collect();
        let paths: [Vec<String>; 2] = [found(None), found(Some(&turned))];
        assert_eq!(paths, [vec!["resource.code.text".to_owned()], Vec::new()]);
        let note = node("{\"note\":[{\"text\":\"take 5\u{202e}0 mg\\nat night\"}]}");
        let found = hidden(Kind::Condition, &note, Some(&turned));
        assert_eq!(found[0].path, "resource.note[0].text");
    }
}
