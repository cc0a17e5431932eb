use super::*;
use crate::json::parse;

/// The resource after every shown text in the list was replaced by its second.
fn rewritten(text: &str, replace: &[(&str, &str)]) -> (String, Vec<String>) {
    let mut node = parse(text.as_bytes()).unwrap();
    let mut shown = Vec::new();
    rewrite_references(&mut node, &mut |text| {
        shown.push(text.to_owned());
        replace.iter().find(|(old, _)| *old == text).map(|(_, new)| (*new).to_owned())
    });
    (String::from_utf8(node.to_bytes()).unwrap(), shown)
}

#[test]
fn references_are_replaced_wherever_they_are() {
    let text = r#"{"resourceType":"Observation","contained":[{"resourceType":"Patient","generalPractitioner":[{"reference":"urn:uuid:2"}]}],"extension":[{"url":"urn:uuid:1","valueReference":{"reference":"Practitioner?identifier=x"}}],"_status":{"extension":[{"url":"http://x","valueUri":"urn:uuid:1"}]},"subject":{"reference":"urn:uuid:1","display":"urn:uuid:1"},"focus":[{"reference":"Patient/9"}]}"#;
    let replace = [
        ("urn:uuid:1", "Patient/1"),
        ("urn:uuid:2", "Practitioner/2"),
        ("Practitioner?identifier=x", "Practitioner/3"),
    ];
    let (out, _) = rewritten(text, &replace);
    let expected = r#"{"resourceType":"Observation","contained":[{"resourceType":"Patient","generalPractitioner":[{"reference":"Practitioner/2"}]}],"extension":[{"url":"Patient/1","valueReference":{"reference":"Practitioner/3"}}],"_status":{"extension":[{"url":"http://x","valueUri":"Patient/1"}]},"subject":{"reference":"Patient/1","display":"urn:uuid:1"},"focus":[{"reference":"Patient/9"}]}"#;
    assert_eq!(out, expected);
}

#[test]
fn an_identifier_that_looks_like_a_link_stays() {
    let text = r#"{"resourceType":"Patient","identifier":[{"system":"urn:ietf:rfc:3986","value":"urn:uuid:1"}],"photo":[{"url":"urn:uuid:1"},{"url":"http://x"}]}"#;
    let (out, shown) = rewritten(text, &[("urn:uuid:1", "Binary/1")]);
    assert!(
        out.contains(r#""value":"urn:uuid:1""#) && out.contains(r#""photo":[{"url":"Binary/1"},{"url":"http://x"}]"#)
    );
    assert_eq!(shown, ["urn:ietf:rfc:3986", "urn:uuid:1", "http://x"]);
}

#[test]
fn links_of_the_narrative_are_replaced() {
    let text = r#"{"resourceType":"Patient","text":{"status":"generated","div":"<div><a href=\"urn:uuid:1\">x</a><img src=\"urn:uuid:2\" alt=\"urn:uuid:1\"/></div>"}}"#;
    let (out, _) = rewritten(text, &[("urn:uuid:1", "Patient/1")]);
    assert!(out.contains(r#"href=\"Patient/1\""#) && out.contains(r#"src=\"urn:uuid:2\" alt=\"urn:uuid:1\""#), "{out}");
}

#[test]
fn the_forms_of_a_reference_are_told_apart() {
    let patient = |absolute| Some(Target::Literal { kind: Kind::Patient, id: "1", absolute });
    assert_eq!(target("Patient/1"), patient(false));
    assert_eq!(target("Patient/1/_history/3"), patient(false));
    assert_eq!(target("https://a.org/x/Patient/1"), patient(true));
    assert_eq!(target("Patient?a=b"), Some(Target::Conditional { kind: Kind::Patient, query: "a=b" }));
    assert_eq!(target("urn:uuid:x"), Some(Target::Urn));
    assert_eq!(target("#p"), Some(Target::Contained("p")));
    assert_eq!(target("mailto:a@b"), Some(Target::Url));
    for text in ["", "Patient/", "/1", "Patient", "a/Patient/1", "Patient/1/_history/", "urn:x:y", "Patient/1 "] {
        assert_eq!(target(text), None, "{text}");
    }
}
