//! Random resources, each with what is true of it by the way it was made.

use super::rules::Facts;
use crate::chance::Dice;
use kernel::Timestamp;
use serde_json::{Value, json};

#[derive(Clone, Debug)]
pub struct Item {
    pub kind: &'static str,
    pub id: String,
    pub facts: Facts,
    pub body: Value,
    /// What was true of the versions before this one, from the first on.
    pub past: Vec<Facts>,
    pub deleted: bool,
}

/// What a new item can refer to.
pub struct Around<'a> {
    pub patients: &'a [String],
    /// Visits, with whose they are.
    pub visits: &'a [(usize, String)],
    pub medicines: &'a [String],
}

/// Days on which things happen and grants begin and end, so that they meet at the edges.
pub const DAYS: [&str; 8] =
    ["2023-01-01", "2023-12-31", "2024-01-01", "2024-02-28", "2024-02-29", "2024-03-01", "2024-07-15", "2025-11-30"];

pub const LABELS: [&str; 6] = ["mental-health", "sexual-health", "hiv", "genetics", "substance-use", "violence"];

/// A code of the HL7 value set InformationSensitivityPolicy for each label.
const SECURITY: [&str; 6] = ["PSY", "SEX", "HIV", "GDIS", "ETH", "SDV"];

/// SNOMED CT.
const DIAGNOSES: [(&str, &str, Option<&str>); 8] = [
    ("38341003", "Hypertension", None),
    ("195967001", "Asthma", None),
    ("370143000", "Major depressive disorder", Some("mental-health")),
    ("86406008", "Human immunodeficiency virus infection", Some("hiv")),
    ("72892002", "Normal pregnancy", Some("sexual-health")),
    ("7200002", "Alcoholism", Some("substance-use")),
    ("58756001", "Huntington's disease", Some("genetics")),
    ("706893006", "Victim of intimate partner abuse", Some("violence")),
];

/// LOINC, with the observation category and the label.
const READINGS: [(&str, &str, &str, Option<&str>); 9] = [
    ("8867-4", "vital-signs", "vital", None),
    ("29463-7", "vital-signs", "vital", None),
    ("4548-4", "laboratory", "result", None),
    ("2345-7", "laboratory", "result", None),
    ("20447-9", "laboratory", "result", Some("hiv")),
    ("72166-2", "social-history", "observation", None),
    ("75626-2", "survey", "observation", Some("substance-use")),
    ("44261-6", "survey", "observation", Some("mental-health")),
    ("76504-0", "survey", "observation", Some("violence")),
];

pub const KINDS: [&str; 20] = [
    "Observation",
    "Condition",
    "Encounter",
    "MedicationRequest",
    "Procedure",
    "Immunization",
    "AllergyIntolerance",
    "DiagnosticReport",
    "DocumentReference",
    "CarePlan",
    "Coverage",
    "Device",
    "Goal",
    "RelatedPerson",
    "ImagingStudy",
    "RiskAssessment",
    "Flag",
    "QuestionnaireResponse",
    "List",
    "ServiceRequest",
];

/// The first millisecond of a date of any precision.
pub fn start_of(text: &str) -> i64 {
    let whole = match text.len() {
        4 => format!("{text}-01-01T00:00:00Z"),
        7 => format!("{text}-01T00:00:00Z"),
        10 => format!("{text}T00:00:00Z"),
        _ => text.to_owned(),
    };
    Timestamp::parse(&whole).unwrap().0
}

/// A date as exact as chance wants, or none. Some instants lie on another day in UTC than they say.
fn when(dice: &Dice) -> Option<String> {
    let day = dice.pick(&DAYS);
    match dice.below(8) {
        0 => None,
        1 => Some(day[..4].to_owned()),
        2 => Some(day[..7].to_owned()),
        3 | 4 => Some(day.to_owned()),
        5 => Some(format!("{day}T00:15:00+02:00")),
        6 => Some(format!("{day}T23:59:59.500-05:00")),
        _ => Some(format!("{day}T12:00:00Z")),
    }
}

fn concept(system: &str, code: &str, text: &str) -> Value {
    json!({ "coding": [{ "system": system, "code": code, "display": text }], "text": text })
}

fn diagnosis(dice: &Dice, labels: &mut Vec<&'static str>) -> Value {
    let (code, text, label) = dice.pick(&DIAGNOSES);
    labels.extend(label);
    concept("http://snomed.info/sct", code, text)
}

/// A resource of a patient's record, contributed by an organization. Visits of another patient are referred to now and
/// then: what a reference names must stay as hidden as it is.
pub fn item(
    dice: &Dice,
    kind: &'static str,
    id: String,
    (patient, organization): (usize, Option<usize>),
    around: &Around<'_>,
) -> Item {
    let subject = json!({ "reference": format!("Patient/{}", around.patients[patient]) });
    let mut labels = Vec::new();
    let mut date = when(dice);
    let own: Vec<&str> = around.visits.iter().filter(|v| v.0 == patient).map(|v| v.1.as_str()).collect();
    let visit = match dice.below(8) {
        0 => around.visits.get(dice.below(around.visits.len().max(1))).map(|v| v.1.clone()),
        1..=4 if !own.is_empty() => Some(dice.pick(&own).to_owned()),
        _ => None,
    };
    let visit = visit.map(|id| json!({ "reference": format!("Encounter/{id}") }));
    let (mut body, category) = match kind {
        "Observation" => observation(dice, &subject, &mut labels),
        "Coverage" | "Device" | "RelatedPerson" | "Goal" | "List" | "Flag" | "QuestionnaireResponse" => {
            plain(dice, kind, &subject, &mut date)
        }
        _ => clinical(dice, kind, &subject, &mut labels, &mut date, around),
    };
    if let Some(text) = &date {
        set_date(kind, &mut body, text);
    }
    match (visit, kind) {
        (Some(visit), "DocumentReference") => body["context"] = json!({ "encounter": [visit] }),
        (Some(visit), "Coverage" | "Device" | "RelatedPerson" | "Goal" | "Encounter") => drop(visit),
        (Some(visit), _) => body["encounter"] = visit,
        (None, _) => {}
    }
    body["resourceType"] = kind.into();
    body["id"] = id.clone().into();
    if dice.one_in(6) {
        let at = dice.below(LABELS.len());
        labels.push(LABELS[at]);
        body["meta"] = json!({ "security": [{
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": SECURITY[at]
        }] });
    }
    let start = date.as_deref().map(start_of).filter(|_| !matches!(kind, "Device" | "RelatedPerson"));
    let facts = Facts { patient: Some(patient), organization, category, labels, start };
    Item { kind, id, facts, body, past: Vec::new(), deleted: false }
}

fn observation(dice: &Dice, subject: &Value, labels: &mut Vec<&'static str>) -> (Value, &'static str) {
    let (code, class, category, label) = dice.pick(&READINGS);
    labels.extend(label);
    let system = "http://terminology.hl7.org/CodeSystem/observation-category";
    let mut body = json!({
        "status": dice.pick(&["final", "final", "preliminary", "entered-in-error"]), "subject": subject,
        "category": [concept(system, class, class)], "code": concept("http://loinc.org", code, code),
        "valueQuantity": {
            "value": 60 + dice.below(40), "unit": "u", "system": "http://unitsofmeasure.org", "code": "mmol/L"
        },
    });
    if dice.one_in(4) {
        body["component"] = json!([{
            "code": concept("http://loinc.org", "8480-6", "Systolic"),
            "valueQuantity": { "value": 100 + dice.below(60), "unit": "mm[Hg]" },
        }]);
    }
    (body, category)
}

fn clinical(
    dice: &Dice,
    kind: &'static str,
    subject: &Value,
    labels: &mut Vec<&'static str>,
    date: &mut Option<String>,
    around: &Around<'_>,
) -> (Value, &'static str) {
    match kind {
        "Condition" => {
            let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
            let status = dice.pick(&["active", "resolved"]);
            let clinical = json!({ "coding": [{ "system": system, "code": status }] });
            (json!({ "subject": subject, "clinicalStatus": clinical, "code": diagnosis(dice, labels) }), "condition")
        }
        "Encounter" => {
            let class = json!({ "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB" });
            let mut body = json!({ "status": "finished", "class": class, "subject": subject });
            if dice.one_in(2) {
                body["reasonCode"] = json!([diagnosis(dice, labels)]);
            }
            (body, "visit")
        }
        "MedicationRequest" => {
            let mut body = json!({ "status": "active", "intent": "order", "subject": subject });
            match around.medicines.get(dice.below(around.medicines.len() + 2)) {
                Some(id) => body["medicationReference"] = json!({ "reference": format!("Medication/{id}") }),
                None => body["medicationCodeableConcept"] = json!({ "text": "Lisinopril 10 mg" }),
            }
            (body, "medicine")
        }
        "Procedure" => {
            (json!({ "status": "completed", "subject": subject, "code": diagnosis(dice, labels) }), "procedure")
        }
        "Immunization" => {
            let vaccine = concept("http://hl7.org/fhir/sid/cvx", dice.pick(&["140", "207"]), "Vaccine");
            let mut body = json!({ "status": "completed", "patient": subject, "vaccineCode": vaccine });
            if date.is_none() {
                body["occurrenceString"] = "as a child".into();
            }
            (body, "immunization")
        }
        "AllergyIntolerance" => (json!({ "patient": subject, "code": { "text": "Penicillin" } }), "allergy"),
        "DiagnosticReport" if dice.one_in(2) => {
            let lab = concept("http://terminology.hl7.org/CodeSystem/v2-0074", "LAB", "Laboratory");
            let code = concept("http://loinc.org", "51990-0", "Panel");
            (json!({ "status": "final", "subject": subject, "category": [lab], "code": code }), "result")
        }
        "DiagnosticReport" => {
            let form = json!([{ "contentType": "text/plain", "data": "Tm90ZQ==" }]);
            let code = concept("http://loinc.org", "34117-2", "History and physical note");
            (json!({ "status": "final", "subject": subject, "code": code, "presentedForm": form }), "document")
        }
        "DocumentReference" => {
            // An instant is always a whole one.
            *date = date.take().map(|text| if text.len() > 10 { text } else { instant(&text) });
            let content = json!([{ "attachment": { "contentType": "text/plain", "title": "Letter" } }]);
            (json!({ "status": "current", "subject": subject, "content": content }), "document")
        }
        "CarePlan" => {
            let body = json!({
                "status": "active", "intent": "plan", "subject": subject, "instantiatesUri": ["urn:plan:walk"]
            });
            (body, "plan")
        }
        "ServiceRequest" => (json!({ "status": "active", "intent": "order", "subject": subject }), "plan"),
        "ImagingStudy" => (json!({ "status": "available", "subject": subject }), "imaging"),
        "RiskAssessment" => {
            let chance = dice.below(10) as f64 / 10.0 + 0.05;
            let prediction = json!([{ "probabilityDecimal": chance }]);
            (json!({ "status": "final", "subject": subject, "prediction": prediction }), "condition")
        }
        other => panic!("no such kind here: {other}"),
    }
}

/// What has no code that could be sensitive.
fn plain(dice: &Dice, kind: &str, subject: &Value, date: &mut Option<String>) -> (Value, &'static str) {
    match kind {
        "Coverage" => (json!({ "status": "active", "beneficiary": subject, "payor": [{ "display": "P" }] }), "billing"),
        "Device" => (json!({ "status": "active", "patient": subject, "type": { "text": "Pump" } }), "device"),
        "RelatedPerson" => (json!({ "patient": subject, "name": [{ "family": "Kin" }] }), "person"),
        "Goal" => {
            // A date is never an instant.
            *date = date.take().map(|text| text.get(..10).unwrap_or(&text).to_owned());
            let body = json!({ "lifecycleStatus": "active", "description": { "text": "Walk" }, "subject": subject });
            (body, "plan")
        }
        "Flag" => (json!({ "status": "active", "code": { "text": "Careful" }, "subject": subject }), "other"),
        "List" => (
            json!({ "status": "current", "mode": "working", "subject": subject, "title": dice.pick(&["a", "b"]) }),
            "other",
        ),
        _ => (json!({ "status": "completed", "subject": subject }), "observation"),
    }
}

fn instant(text: &str) -> String {
    Timestamp(start_of(text)).to_rfc3339()
}

fn set_date(kind: &str, body: &mut Value, text: &str) {
    let name = match kind {
        "Observation" | "DiagnosticReport" => "effectiveDateTime",
        "Condition" => "onsetDateTime",
        "MedicationRequest" | "ServiceRequest" => "authoredOn",
        "Procedure" => "performedDateTime",
        "Immunization" | "RiskAssessment" => "occurrenceDateTime",
        "AllergyIntolerance" => "recordedDate",
        "DocumentReference" | "List" => "date",
        "Goal" => "startDate",
        "ImagingStudy" => "started",
        "QuestionnaireResponse" => "authored",
        "Encounter" | "CarePlan" | "Coverage" | "Flag" => {
            body["period"] = json!({ "start": text });
            return;
        }
        _ => return,
    };
    body[name] = text.into();
}
