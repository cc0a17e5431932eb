//! What a patient's own entry may say of itself. It is theirs, and must not read as if a clinician had made it.

use crate::change::PATIENT_TAG;
use consent::Writer;
use fhir::{Kind, Node, reference};
use kernel::{Issue, Problem};

/// Elements that name who said or wrote it, by type.
const SPOKEN_BY: [(&str, &[&str]); 4] = [
    ("AllergyIntolerance", &["recorder", "asserter"]),
    ("Condition", &["recorder", "asserter"]),
    ("MedicationStatement", &["informationSource"]),
    ("Coverage", &[]),
];

/// Elements that make it a part of something a clinic did.
const BELONGS_TO: [&str; 4] = ["encounter", "context", "basedOn", "partOf"];

/// Nobody who lives was born before; the longest life that was proved lasted 122 years (Jeanne Calment, 1875 to 1997).
const EARLIEST_BIRTH: u32 = 1875;

/// What names of codes in it hide, or in which direction they turn the words, unless it stood so before.
pub(crate) fn hidden(kind: Kind, node: &Node<'_>, stood: Option<&Node<'_>>) -> Vec<Issue> {
    let before = stood.map(|stood| fhir::shown::hidden(kind, stood)).unwrap_or_default();
    let found = fhir::shown::hidden(kind, node).into_iter().filter(|one| !before.contains(one));
    let text = "A name has only letters that can be seen, in the direction in which they are written.";
    found.map(|(path, _)| Issue::new("value", path, text)).collect()
}

/// Refuses an own entry that names a clinician as its source, a visit as its place, or that calls itself confirmed, and one
/// whose codes are newly called what cannot be seen. `stood` is what it said before.
pub fn speaks_for_itself(writer: Writer, kind: Kind, node: &mut Node<'_>, stood: Option<&[u8]>) -> Result<(), Problem> {
    if matches!(writer, Writer::Service { .. }) {
        disown(node);
    }
    if !matches!(writer, Writer::Patient { .. }) {
        return Ok(());
    }
    let born = node.str_of("birthDate").and_then(|day| day.get(..4)).and_then(|year| year.parse::<u32>().ok());
    if kind == Kind::Patient && born.is_some_and(|year| year < EARLIEST_BIRTH) {
        let text = "A date of birth is a day from 1875 on.";
        return Err(Problem::unprocessable(vec![Issue::new("value", "Patient.birthDate", text)]));
    }
    let stood = stood.and_then(|stood| fhir::json::parse(stood).ok());
    let hidden = hidden(kind, node, stood.as_ref());
    if !hidden.is_empty() {
        return Err(Problem::unprocessable(hidden));
    }
    let Some((name, spoken_by)) = SPOKEN_BY.iter().find(|(name, _)| *name == kind.name()) else { return Ok(()) };
    let mut issues = Vec::new();
    let mut refuse = |element: &str, text: &str| {
        issues.push(Issue::new("business-rule", format!("{name}.{element}"), text));
    };
    for element in *spoken_by {
        let text = node.get(element).and_then(|said| said.str_of("reference"));
        let person = |text: &str| {
            matches!(
                reference::target(text),
                Some(reference::Target::Literal { kind: Kind::Patient | Kind::RelatedPerson, .. })
            )
        };
        if node.get(element).is_some() && !text.is_some_and(person) {
            refuse(element, "What you add yourself is from you: name yourself here, or nobody.");
        }
    }
    for element in BELONGS_TO.into_iter().filter(|element| node.get(element).is_some()) {
        refuse(element, "What you add yourself is no part of a visit or an order: leave this out.");
    }
    let verified = node.at(&["verificationStatus", "coding", "code"]).and_then(Node::as_str);
    if matches!(verified, Some("confirmed" | "differential" | "provisional")) {
        refuse(
            "verificationStatus",
            "Only a clinician confirms a diagnosis or an allergy: leave this out, or say `unconfirmed`.",
        );
    }
    if issues.is_empty() { Ok(()) } else { Err(Problem::unprocessable(issues)) }
}

/// Whether it says of itself that a patient entered it.
pub fn says_own(node: &Node<'_>) -> bool {
    let tags = node.get("meta").map_or(&[][..], |meta| meta.array_of("tag"));
    tags.iter().any(is_own)
}

fn is_own(tag: &Node<'_>) -> bool {
    tag.str_of("system") == Some(PATIENT_TAG.0) && tag.str_of("code") == Some(PATIENT_TAG.1)
}

/// What a clinic's program sends is the clinic's, whatever it says: nobody but the patient speaks as the patient.
fn disown(node: &mut Node<'_>) {
    if let Some(Node::Array(tags)) = node.get_mut("meta").and_then(|meta| meta.get_mut("tag")) {
        tags.retain(|tag| !is_own(tag));
        if tags.is_empty() {
            node.get_mut("meta").and_then(|meta| meta.remove("tag"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENT: Writer = Writer::Patient { account: 1, patient: 2 };

    #[test]
    fn nobody_was_born_in_1700() {
        let born = |day: &str| refused(PATIENT, &format!(r#"{{"resourceType":"Patient","birthDate":"{day}"}}"#));
        assert_eq!(born("1700-01-01"), ["Patient.birthDate"]);
        assert!(born("1962-03-04").is_empty());
    }

    fn refused(writer: Writer, json: &str) -> Vec<String> {
        let mut node = fhir::json::parse(json.as_bytes()).unwrap();
        let kind = Kind::parse(node.str_of("resourceType").unwrap()).unwrap();
        match speaks_for_itself(writer, kind, &mut node, None) {
            Ok(()) => Vec::new(),
            Err(problem) => problem.issues.into_iter().map(|issue| issue.path).collect(),
        }
    }

    #[test]
    fn a_clinics_program_does_not_speak_as_the_patient() {
        let service = Writer::Service { account: 1, organization: 2 };
        let tagged = |more: &str| {
            format!(
                r#"{{"resourceType":"Condition","meta":{{"tag":[{more}{{"system":"https://healthsync.dev/fhir/tags","code":"patient-entered"}}]}}}}"#
            )
        };
        let written = |writer: Writer, json: &str| {
            let mut node = fhir::json::parse(json.as_bytes()).unwrap();
            assert!(says_own(&node));
            speaks_for_itself(writer, Kind::Condition, &mut node, None).unwrap();
            String::from_utf8(node.to_bytes()).unwrap()
        };
        assert_eq!(written(service, &tagged("")), r#"{"resourceType":"Condition","meta":{}}"#);
        let kept = r#"{"resourceType":"Condition","meta":{"tag":[{"code":"patient-entered"}]}}"#;
        assert_eq!(written(service, &tagged(r#"{"code":"patient-entered"},"#)), kept);
        assert!(
            written(Writer::Operator, &tagged("")).contains("healthsync.dev"),
            "what was exported comes back as it was"
        );
    }

    #[test]
    fn an_own_entry_names_no_clinician_no_visit_and_no_confirmation() {
        let by =
            |element: &str, who: &str| format!(r#"{{"resourceType":"Condition","{element}":{{"reference":"{who}"}}}}"#);
        assert!(refused(PATIENT, &by("asserter", "Patient/2")).is_empty());
        assert_eq!(refused(PATIENT, &by("recorder", "Practitioner/9")), ["Condition.recorder"]);
        assert_eq!(refused(PATIENT, &by("encounter", "Encounter/9")), ["Condition.encounter"]);
        let named = r#"{"resourceType":"Condition","asserter":{"display":"Dr. Rao"}}"#;
        assert_eq!(refused(PATIENT, named), ["Condition.asserter"]);
        let confirmed =
            r#"{"resourceType":"AllergyIntolerance","verificationStatus":{"coding":[{"code":"confirmed"}]}}"#;
        assert_eq!(refused(PATIENT, confirmed), ["AllergyIntolerance.verificationStatus"]);
        assert!(refused(PATIENT, &confirmed.replace("confirmed\"", "unconfirmed\"")).is_empty());
        assert!(refused(Writer::Operator, confirmed).is_empty());
        let turned = "{\"resourceType\":\"Condition\",\"code\":{\"coding\":[{\"display\":\"\u{202e}amhtsA\"}]}}";
        assert_eq!(refused(PATIENT, turned), ["Condition.code.coding[0].display"]);
        assert!(refused(Writer::Operator, turned).is_empty(), "what was imported is not refused for it");
        let reading = r#"{"resourceType":"Observation","encounter":{"reference":"Encounter/9"}}"#;
        assert!(refused(PATIENT, reading).is_empty(), "readings keep their rules");
    }
}
