//! Two states of an entry in plain words: which parts differ, and how each reads.

mod apart;
mod timing;

use super::words::{concept_of, plain, spaced, text_of};
use crate::edits::Line;
use fhir::Node;

/// What every entry has and a page says anyway. Everything else is shown, however technical: the patient approves all of it.
const ENVELOPE: [&str; 2] = ["resourceType", "id"];

/// The parts that differ, in the order in which they stand, those that are gone last.
pub fn lines(before: &Node<'_>, after: &Node<'_>) -> Vec<Line> {
    let shown = |name: &str| !ENVELOPE.contains(&name);
    let mut lines = Vec::new();
    for (name, value) in after.members().iter().filter(|(name, _)| shown(name)) {
        let (old, value) = (before.get(name).map(|old| own(name, old)), own(name, value));
        if old.as_ref() == Some(&value) {
            continue;
        }
        let Some(old) = old else {
            lines.extend(line(name, None, said(name, &value)));
            continue;
        };
        // Of what consists of parts only those that differ.
        let (was, is) = apart::differing(&old, &value);
        let says = |part: &Node<'_>| said(name, part).filter(|text| !text.is_empty());
        let (mut was, mut is) = (says(&was), says(&is));
        // Two values that differ where words do not show it are shown as they are.
        if was == is && said(name, &value).is_some() {
            (was, is) = (Some(exact(&old)), Some(exact(&value)));
        }
        lines.extend(line(name, was, is));
    }
    for (name, value) in before.members().iter().filter(|(name, _)| shown(name) && after.get(name).is_none()) {
        lines.extend(line(name, said(name, &own(name, value)), None));
    }
    lines
}

fn line(name: &str, before: Option<String>, after: Option<String>) -> Option<Line> {
    (before != after).then(|| Line { element: name.to_owned(), before, after })
}

fn exact(node: &Node<'_>) -> String {
    String::from_utf8_lossy(&node.to_bytes()).into_owned()
}

/// A part without what the server writes itself: when and in which version it was stored.
fn own<'n>(name: &str, value: &Node<'n>) -> Node<'n> {
    let mut value = value.clone();
    if name == "meta" {
        value.remove("versionId");
        value.remove("lastUpdated");
    }
    value
}

/// A part in words; `None` for what says nothing of the entry itself.
fn said(name: &str, value: &Node<'_>) -> Option<String> {
    match name {
        "meta" => Some(words(value)).filter(|text| !text.is_empty()),
        // Whose entry it is stands above; a draft can be about nobody else.
        "subject" | "patient" if value.members().iter().all(|(name, _)| name == "reference") => None,
        _ if WORDED.contains(&name) => Some(worded(value)),
        _ => Some(words(value)),
    }
}

/// Elements whose codes FHIR itself fixes, each an English word.
const WORDED: [&str; 8] = ["status", "intent", "priority", "criticality", "category", "type", "gender", "use"];

/// Such a code, or a list of them, as a word: `entered-in-error` reads "Entered in error".
fn worded(value: &Node<'_>) -> String {
    match value {
        Node::Array(items) => joined(items.iter().map(worded), "; "),
        other => other.as_str().map_or_else(|| words(other), code_word),
    }
}

fn code_word(code: &str) -> String {
    let spaced = code.replace('-', " ");
    let mut letters = spaced.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Code systems of FHIR's own whose codes are English words and stand for nothing else where they are used.
fn is_worded(system: &str) -> bool {
    let name = system.strip_prefix("http://terminology.hl7.org/CodeSystem/");
    matches!(
        name,
        Some(
            "condition-clinical"
                | "condition-ver-status"
                | "condition-category"
                | "allergyintolerance-clinical"
                | "allergyintolerance-verification"
                | "observation-category"
                | "dose-rate-type"
        )
    )
}

/// What an entry is called, as far as it says so itself.
pub fn title(node: &Node<'_>) -> Option<String> {
    let coded = ["code", "medicationCodeableConcept", "vaccineCode", "type", "description"];
    let texts = ["title", "description", "display"];
    let concept = coded.iter().find_map(|name| concept_of(node, name));
    concept.or_else(|| texts.iter().find_map(|name| text_of(node, name)).map(plain))
}

/// A value of any FHIR type as a person reads it, and nothing left out: what a short form has no word for follows it.
pub fn words(node: &Node<'_>) -> String {
    match node {
        Node::Array(items) => joined(items.iter().map(words), "; "),
        Node::Object(members) => {
            let (head, used) = head(node);
            let rest = members.iter().filter(|(name, _)| !used.contains(&name.as_ref()));
            let rest = rest.map(|(name, value)| format!("{}: {}", part(name), words(value)));
            joined(head.into_iter().chain(rest), ", ")
        }
        other => {
            other.as_str().map_or_else(|| other.as_digits().map_or_else(|| yes_or_no(other), str::to_owned), plain)
        }
    }
}

/// What a part within a part is called: of an element that may be of several types, without the type.
fn part(name: &str) -> String {
    const CHOICES: [(&str, &str); 4] =
        [("asNeeded", "as needed"), ("dose", "dose"), ("rate", "rate"), ("bounds", "for")];
    let found = CHOICES.iter().find(|(begins, _)| {
        let kind = name.strip_prefix(begins).unwrap_or_default();
        kind.starts_with(|c: char| c.is_ascii_uppercase()) && !kind.starts_with("And")
    });
    found.map_or_else(|| spaced(name).to_lowercase(), |(_, said)| (*said).to_owned())
}

fn joined(parts: impl Iterator<Item = String>, with: &str) -> String {
    parts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(with)
}

/// The short form of a value, and the members that it has said.
fn head<'n>(node: &'n Node<'_>) -> (Option<String>, Vec<&'n str>) {
    if !node.array_of("coding").is_empty() {
        return (Some(coded(node)), vec!["text", "coding"]);
    }
    if node.str_of("code").is_some() && node.get("value").is_none() && node.str_of("url").is_none() {
        return (Some(coding(node, None)), vec!["system", "code", "display"]);
    }
    if let Some(quantity) = quantity(node) {
        return (Some(quantity), vec!["value", "comparator", "unit", "code", "system"]);
    }
    if let Some(often) = timing::often(node) {
        return (Some(often), timing::SAID.to_vec());
    }
    if let Some(repeat) = node.get("repeat") {
        return (Some(words(repeat)), vec!["repeat"]);
    }
    if let Some(period) = period(node) {
        return (Some(period), vec!["start", "end"]);
    }
    if let Some(attachment) = attachment(node) {
        return (Some(attachment), vec!["contentType", "data", "title"]);
    }
    if let Some(div) = node.str_of("div") {
        return (Some(untagged(div)), vec!["div", "status"]);
    }
    match (node.str_of("display"), node.str_of("reference"), node.str_of("text")) {
        (Some(display), Some(reference), _) => {
            (Some(format!("{} ({reference})", plain(display))), vec!["display", "reference"])
        }
        (None, Some(reference), _) => (Some(reference.to_owned()), vec!["reference"]),
        (_, None, Some(text)) => (Some(plain(text)), vec!["text"]),
        (Some(display), None, None) => (Some(plain(display)), vec!["display"]),
        (None, None, None) => (None, Vec::new()),
    }
}

/// A concept by its text, with every code that stands for it.
fn coded(node: &Node<'_>) -> String {
    let text = node.str_of("text").map(plain);
    let codes = node.array_of("coding").iter().map(|one| {
        let rest = one.members().iter().filter(|(name, _)| !matches!(name.as_ref(), "system" | "code" | "display"));
        let rest = rest.map(|(name, value)| format!("{}: {}", spaced(name).to_lowercase(), words(value)));
        joined(std::iter::once(coding(one, text.as_deref())).chain(rest), ", ")
    });
    joined(text.clone().into_iter().chain(codes), " ")
}

/// A code with what it means, unless that was said, and where it is from.
fn coding(node: &Node<'_>, said: Option<&str>) -> String {
    let display = node.str_of("display").map(plain).filter(|display| said != Some(display.as_str()));
    let system = node.str_of("system").map(|system| match system {
        "http://snomed.info/sct" => "SNOMED CT",
        "http://loinc.org" => "LOINC",
        "http://www.nlm.nih.gov/research/umls/rxnorm" => "RxNorm",
        "http://hl7.org/fhir/sid/cvx" => "CVX",
        "http://hl7.org/fhir/sid/icd-10" => "ICD-10",
        other => other.rsplit('/').next().unwrap_or(other),
    });
    if let (true, Some(code), None) = (node.str_of("system").is_some_and(is_worded), node.str_of("code"), said) {
        return display.unwrap_or_else(|| code_word(code));
    }
    let code = node.str_of("code").map(|code| match system {
        Some(system) => format!("[{system} {code}]"),
        None => format!("[{code}]"),
    });
    joined(display.into_iter().chain(code), " ")
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
    let (unit, code) = (node.str_of("unit"), node.str_of("code"));
    let named = unit.or(code).unwrap_or_default();
    let other = code.filter(|code| unit.is_some_and(|unit| unit != *code)).map(|code| format!(" [{code}]"));
    Some(format!("{comparator}{value} {named}{}", other.unwrap_or_default()).trim().to_owned())
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
    let kind = node.str_of("contentType")?;
    let text = node.str_of("data").filter(|_| kind.starts_with("text/plain"));
    let text = text.and_then(|data| String::from_utf8(STANDARD.decode(data).ok()?).ok());
    let bytes = || node.str_of("data").map(|data| format!("{kind}, {} bytes", data.len() / 4 * 3));
    Some(joined([node.str_of("title").map(str::to_owned), text.or_else(bytes)].into_iter().flatten(), ": "))
}

/// The text of a narrative, without its marks.
fn untagged(div: &str) -> String {
    let mut out = String::with_capacity(div.len());
    let mut inside = false;
    for c in div.chars() {
        match c {
            '<' => inside = true,
            '>' => {
                inside = false;
                out.push(' ');
            }
            c if !inside => out.push(c),
            _ => {}
        }
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ")
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
                line("severity", Some("Mild [1]"), None),
            ]
        );
        assert_eq!(title(&after).as_deref(), Some("Asthma"));
    }

    #[test]
    fn codes_that_are_words_read_like_words() {
        let condition = node(
            r#"{"resourceType":"Condition","clinicalStatus":{"coding":[{"code":"active",
                "system":"http://terminology.hl7.org/CodeSystem/condition-clinical"}]},"verificationStatus":{"coding":[
                {"system":"http://terminology.hl7.org/CodeSystem/condition-ver-status","code":"entered-in-error"}]},
                "status":"on-hold","category":["food","medication"]}"#,
        );
        let all: Vec<_> = lines(&node("{}"), &condition).into_iter().filter_map(|line| line.after).collect();
        assert_eq!(all, ["Active", "Entered in error", "On hold", "Food; Medication"]);
        // A correction that changes nothing but such a code shows both.
        let worse = node(&String::from_utf8(condition.to_bytes()).unwrap().replace("active", "remission"));
        let line = &lines(&condition, &worse)[0];
        assert_eq!((line.before.as_deref(), line.after.as_deref()), (Some("Active"), Some("Remission")));
    }

    #[test]
    fn a_changed_dosage_reads_as_what_changed_in_it() {
        let prescription = |text: &str, frequency: u8| {
            node(&format!(
                r#"{{"dosageInstruction":[{{"sequence":1,"text":"{text}","asNeededBoolean":false,"timing":{{"repeat":{{
                    "frequency":{frequency},"period":1,"periodUnit":"d","boundsPeriod":{{"start":"2021-06-11"}}}}}},
                    "doseAndRate":[{{"type":{{"coding":[{{"code":"ordered","display":"Ordered",
                    "system":"http://terminology.hl7.org/CodeSystem/dose-rate-type"}}]}},"doseQuantity":{{"value":1}}}}]}}]}}"#
            ))
        };
        let once = prescription("Take one", 1);
        let line = &lines(&once, &prescription("Take two", 1))[0];
        assert_eq!((line.before.as_deref(), line.after.as_deref()), (Some("Take one"), Some("Take two")));
        let line = &lines(&once, &prescription("Take one", 2))[0];
        assert_eq!(line.before.as_deref(), Some("timing: once a day, for: from 2021-06-11"));
        assert_eq!(line.after.as_deref(), Some("timing: twice a day, for: from 2021-06-11"));
        let all = lines(&node("{}"), &once)[0].after.clone().unwrap();
        let timing = "timing: once a day, for: from 2021-06-11";
        assert_eq!(
            all,
            format!("Take one, sequence: 1, as needed: no, {timing}, dose and rate: type: Ordered, dose: 1")
        );
    }

    #[test]
    fn values_of_every_shape_are_words() {
        let text = |json: &str| words(&node(json));
        assert_eq!(text(r#"{"value":5.40,"unit":"mmol/L","code":"x"}"#), "5.40 mmol/L [x]");
        assert_eq!(text(r#"[{"text":"a"},{"coding":[{"display":"b"}]}]"#), "a; b");
        assert_eq!(text(r#"{"dose":{"value":2},"flag":true}"#), "dose: 2, flag: yes");
        assert_eq!(text(r#"{"attachment":{"contentType":"text/plain","data":"SGVsbG8="}}"#), "attachment: Hello");
        // What a short form leaves out follows it: nothing is approved unseen.
        let dosage = r#"{"text":"one a day","doseAndRate":[{"doseQuantity":{"value":5000,"unit":"mg"}}]}"#;
        assert_eq!(text(dosage), "one a day, dose and rate: dose: 5000 mg");
        let concept = r#"{"text":"Prediabetes","coding":[{"system":"http://snomed.info/sct","code":"363406005"}]}"#;
        assert_eq!(text(concept), "Prediabetes [SNOMED CT 363406005]");
        assert_eq!(text(r#"{"reference":"Patient/x","display":"Dr Lee"}"#), "Dr Lee (Patient/x)");
        assert_eq!(text(r#"{"div":"<div><b>Colon</b> cancer</div>","status":"generated"}"#), "Colon cancer");
    }
}
