//! The visit that entries belong to.

use super::{Look, Visit, names, words};
use crate::error::Error;
use db::Tx;
use fhir::Node;

/// The Encounter that a resource says it belongs to: `encounter`, in documents and statements `context`.
pub fn reference_of<'n>(resource: &'n Node<'_>) -> Option<&'n str> {
    let paths: [&[&str]; 4] = [
        &["encounter", "reference"],
        &["context", "encounter", "reference"],
        &["context", "reference"],
        &["item", "encounter", "reference"],
    ];
    let mut found = paths.iter().filter_map(|path| resource.at(path).and_then(Node::as_str));
    found.find(|text| text.starts_with("Encounter/"))
}

/// A visit, and the span of days that its entries may lie in.
#[derive(Clone, Debug)]
pub struct Known {
    pub visit: Visit,
    days: (i64, i64),
}

const DAY_MS: i64 = 86_400_000;

impl Known {
    /// Whether something of that date happened in this visit. What a visit only wrote down (a problem that began years
    /// before) stands on its own day. A day more on either side, because a date without a time is no instant of UTC.
    pub const fn covers(&self, time: i64) -> bool {
        self.days.0 - DAY_MS <= time && time < self.days.1 + DAY_MS
    }
}

/// Reads an Encounter; nothing when it does not say when it was.
pub fn describe(tx: &mut Tx<'_>, look: &mut Look<'_>, encounter: &Node<'_>) -> Result<Option<Known>, Error> {
    let (Some(id), Some(period)) = (encounter.str_of("id"), encounter.get("period")) else { return Ok(None) };
    let Some((start, (lo, first_end))) = period.str_of("start").and_then(|s| Some((s, fhir::date::span(s)?))) else {
        return Ok(None);
    };
    let hi = period.str_of("end").and_then(fhir::date::span).map_or(first_end, |(_, hi)| hi);
    let class = class(encounter);
    let title = words::concept_of(encounter, "type").or_else(|| words::concept_of(encounter, "serviceType"));
    let visit = Visit {
        id: id.to_owned(),
        title: title.unwrap_or_else(|| fallback_title(&class)),
        start: words::moment(start).unwrap_or_default(),
        end: period.str_of("end").and_then(words::moment),
        organization: names::at(tx, look, encounter, &["serviceProvider"])?,
        practitioner: practitioner(tx, look, encounter)?,
        reason: reason(tx, look, encounter)?,
        class,
    };
    Ok(Some(Known { visit, days: (lo, hi.max(first_end)) }))
}

/// Codes of <http://terminology.hl7.org/CodeSystem/v3-ActCode>, value set ActEncounterCode, in plain words.
fn class(encounter: &Node<'_>) -> String {
    let class = encounter.get("class");
    let code = class.and_then(|c| c.str_of("code")).unwrap_or_default();
    let word = match code.to_ascii_uppercase().as_str() {
        "" | "AMB" => "ambulatory",
        "EMER" => "emergency",
        "IMP" | "ACUTE" | "NONAC" => "inpatient",
        "VR" => "virtual",
        "HH" => "home",
        "FLD" => "field",
        "OBSENC" => "observation",
        "PRENC" => "pre-admission",
        "SS" => "short stay",
        _ => return class.and_then(|c| c.str_of("display")).unwrap_or(code).to_lowercase(),
    };
    word.to_owned()
}

fn fallback_title(class: &str) -> String {
    let mut letters = class.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{} visit", letters.as_str())
}

/// The primary performer, else whoever took part and has a name.
fn practitioner(tx: &mut Tx<'_>, look: &mut Look<'_>, encounter: &Node<'_>) -> Result<Option<String>, Error> {
    let participants = encounter.array_of("participant");
    let is_primary = |p: &&Node<'_>| p.at(&["type", "coding", "code"]).and_then(Node::as_str) == Some("PPRF");
    for participant in participants.iter().filter(is_primary).chain(participants) {
        if let Some(individual) = participant.get("individual")
            && let Some(name) = names::name(tx, look, encounter, individual)?
        {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

fn reason(tx: &mut Tx<'_>, look: &mut Look<'_>, encounter: &Node<'_>) -> Result<Option<String>, Error> {
    if let Some(reason) = words::concept_of(encounter, "reasonCode") {
        return Ok(Some(reason));
    }
    for path in [&["reasonReference"][..], &["diagnosis", "condition"]] {
        if let Some(name) = names::at(tx, look, encounter, path)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(json: &str) -> Option<String> {
        reference_of(&fhir::json::parse(json.as_bytes()).unwrap()).map(str::to_owned)
    }

    #[test]
    fn each_kind_of_entry_names_its_visit_in_its_own_way() {
        for json in [
            r#"{"encounter":{"reference":"Encounter/1"}}"#,
            r#"{"context":{"encounter":[{"reference":"Encounter/1"}]}}"#,
            r#"{"context":{"reference":"Encounter/1"}}"#,
            r#"{"item":[{"encounter":[{"reference":"Encounter/1"}]}]}"#,
        ] {
            assert_eq!(reference(json).as_deref(), Some("Encounter/1"), "{json}");
        }
        assert_eq!(reference(r#"{"context":{"reference":"EpisodeOfCare/1"}}"#), None);
        assert_eq!(reference(r#"{"encounter":{"reference":"http://elsewhere/Encounter/1"}}"#), None);
    }

    #[test]
    fn classes_are_said_in_plain_words() {
        let class_of =
            |code: &str| class(&fhir::json::parse(format!(r#"{{"class":{{"code":"{code}"}}}}"#).as_bytes()).unwrap());
        assert_eq!(class_of("AMB"), "ambulatory");
        assert_eq!(class_of("EMER"), "emergency");
        assert_eq!(class_of("wellness"), "wellness");
        assert_eq!(fallback_title("virtual"), "Virtual visit");
    }
}
