//! What the profiles of the International Patient Summary demand, written from the published guide (HL7 IPS 2.0.0,
//! <https://hl7.org/fhir/uv/ips>) and from R4's own rules of documents; it shares no code with the product.

use serde_json::Value;

const XHTML: &str = "<div xmlns=\"http://www.w3.org/1999/xhtml\">";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// Composition-uv-ips: the required sections and what may stand in them.
const REQUIRED: [(&str, &[&str]); 3] = [
    ("11450-4", &["Condition"]),
    ("48765-2", &["AllergyIntolerance"]),
    ("10160-0", &["MedicationStatement", "MedicationRequest", "MedicationAdministration", "MedicationDispense"]),
];

/// The other sections that this document has, and what may stand in them.
const OTHERS: [(&str, &[&str]); 6] = [
    ("11369-6", &["Immunization"]),
    ("47519-4", &["Procedure"]),
    ("46264-8", &["DeviceUseStatement", "Device"]),
    ("30954-2", &["Observation", "DiagnosticReport"]),
    ("8716-3", &["Observation"]),
    ("18776-5", &["CarePlan", "Goal", "ServiceRequest"]),
];

pub struct Document<'d> {
    entries: Vec<(&'d str, &'d Value)>,
    faults: Vec<String>,
}

/// Everything that is wrong with a document.
pub fn faults(bundle: &Value) -> Vec<String> {
    let mut document = Document { entries: Vec::new(), faults: Vec::new() };
    document.bundle(bundle);
    if document.faults.is_empty() {
        document.composition();
        for (_, resource) in document.entries.clone() {
            document.resource(resource);
            document.references(resource, kind(resource));
        }
    }
    document.faults
}

fn kind(resource: &Value) -> &str {
    resource["resourceType"].as_str().unwrap_or_default()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A CodeableConcept that says something.
fn concept(value: &Value) -> bool {
    !text(&value["text"]).is_empty() || list(&value["coding"]).iter().any(|c| !text(&c["code"]).is_empty())
}

fn coded(value: &Value, system: &str, code: &str) -> bool {
    list(&value["coding"]).iter().any(|c| c["system"] == system && c["code"] == code)
}

/// A primitive, or the reason why there is none.
fn present_or_absent(resource: &Value, name: &str) -> bool {
    let why = |e: &Value| e["url"] == ABSENT && !text(&e["valueCode"]).is_empty();
    !resource[name].is_null() || list(&resource[format!("_{name}")]["extension"]).iter().any(why)
}

impl<'d> Document<'d> {
    fn expect(&mut self, right: bool, what: impl Into<String>) {
        if !right {
            self.faults.push(what.into());
        }
    }

    fn find(&self, reference: &Value) -> Option<&'d Value> {
        self.entries.iter().find(|(url, _)| *url == text(reference)).map(|(_, resource)| *resource)
    }

    /// Bundle-uv-ips, and bdl-9, bdl-10, bdl-11 of R4.
    fn bundle(&mut self, bundle: &'d Value) {
        self.expect(kind(bundle) == "Bundle" && bundle["type"] == "document", "not a document");
        let identifier = &bundle["identifier"];
        let whole = !text(&identifier["system"]).is_empty() && !text(&identifier["value"]).is_empty();
        self.expect(whole, "Bundle.identifier");
        self.expect(!text(&bundle["timestamp"]).is_empty(), "Bundle.timestamp");
        for entry in list(&bundle["entry"]) {
            let url = text(&entry["fullUrl"]);
            self.expect(url.starts_with("urn:uuid:") || url.starts_with("http"), format!("fullUrl {url}"));
            self.expect(self.entries.iter().all(|(known, _)| *known != url), format!("{url} is there twice"));
            for no in ["search", "request", "response"] {
                self.expect(entry[no].is_null(), format!("entry.{no}"));
            }
            self.entries.push((url, &entry["resource"]));
        }
        self.expect(self.entries.first().is_some_and(|(_, r)| kind(r) == "Composition"), "first is the Composition");
        for only in ["Composition", "Patient"] {
            let count = self.entries.iter().filter(|(_, r)| kind(r) == only).count();
            self.expect(count == 1, format!("{count} {only}"));
        }
    }

    /// Composition-uv-ips, ips-comp-1, and cmp-1, cmp-2 of R4.
    fn composition(&mut self) {
        let composition = self.entries[0].1;
        self.expect(!text(&composition["status"]).is_empty(), "Composition.status");
        self.expect(coded(&composition["type"], "http://loinc.org", "60591-5"), "Composition.type");
        let subject = self.find(&composition["subject"]["reference"]);
        self.expect(subject.is_some_and(|s| kind(s) == "Patient"), "Composition.subject");
        self.expect(!text(&composition["date"]).is_empty(), "Composition.date");
        self.expect(!text(&composition["title"]).is_empty(), "Composition.title");
        let authors = list(&composition["author"]);
        let found = authors.iter().all(|author| self.find(&author["reference"]).is_some());
        self.expect(!authors.is_empty() && found, "Composition.author");
        for (code, kinds) in REQUIRED.into_iter().chain(OTHERS) {
            let sections: Vec<&Value> =
                list(&composition["section"]).iter().filter(|s| coded(&s["code"], "http://loinc.org", code)).collect();
            let required = REQUIRED.iter().any(|(required, _)| *required == code);
            self.expect(sections.len() <= 1 && !(required && sections.is_empty()), format!("section {code}"));
            for section in sections {
                self.section(section, code, kinds, required);
            }
        }
        let known = |s: &Value| REQUIRED.iter().chain(&OTHERS).any(|(c, _)| coded(&s["code"], "http://loinc.org", c));
        let strange = list(&composition["section"]).iter().filter(|s| !known(s)).count();
        self.expect(strange == 0, format!("{strange} sections without a known code"));
    }

    fn section(&mut self, section: &'d Value, code: &str, kinds: &[&str], required: bool) {
        self.expect(!text(&section["title"]).is_empty(), format!("title of {code}"));
        let status = text(&section["text"]["status"]);
        self.expect(matches!(status, "generated" | "extensions" | "additional" | "empty"), format!("text of {code}"));
        let div = text(&section["text"]["div"]);
        if let Err(fault) = narrative(div) {
            self.faults.push(format!("narrative of {code}: {fault}: {div}"));
        }
        let (entries, reason) = (list(&section["entry"]), &section["emptyReason"]);
        let system = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
        let reasoned = list(&reason["coding"]).iter().any(|c| c["system"] == system && !text(&c["code"]).is_empty());
        self.expect(!required || !entries.is_empty() || reasoned, format!("{code} has neither entry nor emptyReason"));
        self.expect(entries.is_empty() || reason.is_null(), format!("{code} is not empty and says why it is"));
        for entry in entries {
            let found = self.find(&entry["reference"]).map(kind);
            self.expect(found.is_some_and(|kind| kinds.contains(&kind)), format!("entry of {code}: {found:?}"));
        }
    }

    fn resource(&mut self, r: &'d Value) {
        let name = |what: &str| format!("{}.{what} {}", kind(r), r["id"]);
        let of_patient = |r: &Value, d: &Self, element: &str| {
            d.find(&r[element]["reference"]).is_some_and(|found| kind(found) == "Patient")
        };
        let medicine = concept(&r["medicationCodeableConcept"])
            || text(&r["medicationReference"]["reference"]).starts_with('#')
            || self.find(&r["medicationReference"]["reference"]).is_some()
            || !text(&r["medicationReference"]["display"]).is_empty();
        match kind(r) {
            // ips-pat-1: a name that says something; birthDate 1..1.
            "Patient" => {
                let says = |n: &Value| !n["family"].is_null() || !n["given"].is_null() || !text(&n["text"]).is_empty();
                let names = list(&r["name"]);
                self.expect(!names.is_empty() && names.iter().all(says), name("name"));
                self.expect(present_or_absent(r, "birthDate"), name("birthDate"));
            }
            "Condition" => {
                self.expect(concept(&r["code"]), name("code"));
                self.expect(of_patient(r, self, "subject"), name("subject"));
                let wrong = list(&r["verificationStatus"]["coding"]).iter().any(|c| c["code"] == "entered-in-error");
                self.expect(!wrong, name("verificationStatus"));
                let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
                let status = &r["clinicalStatus"];
                let known = ["active", "recurrence", "relapse", "inactive", "remission", "resolved"];
                let right = known.into_iter().any(|code| coded(status, system, code));
                self.expect(status.is_null() || right, name("clinicalStatus"));
            }
            "AllergyIntolerance" => {
                self.expect(concept(&r["code"]), name("code"));
                self.expect(of_patient(r, self, "patient"), name("patient"));
                // ait-1
                self.expect(concept(&r["clinicalStatus"]), name("clinicalStatus"));
            }
            "MedicationStatement" => {
                self.expect(!matches!(text(&r["status"]), "" | "entered-in-error"), name("status"));
                self.expect(medicine, name("medication"));
                self.expect(of_patient(r, self, "subject"), name("subject"));
                let when = !r["effectivePeriod"].is_null() || present_or_absent(r, "effectiveDateTime");
                self.expect(when, name("effective"));
            }
            "MedicationRequest" => {
                self.expect(!matches!(text(&r["status"]), "" | "entered-in-error"), name("status"));
                self.expect(!text(&r["intent"]).is_empty(), name("intent"));
                self.expect(medicine, name("medication"));
                self.expect(of_patient(r, self, "subject"), name("subject"));
            }
            _ => {}
        }
    }

    /// Every reference leads to another entry, or is a name only.
    fn references(&mut self, value: &'d Value, place: &str) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.references(item, place)),
            Value::Object(members) => {
                if let Some(Value::String(reference)) = members.get("reference") {
                    let inside = reference.starts_with('#') || self.entries.iter().any(|(url, _)| url == reference);
                    self.expect(inside, format!("{place} points out of the document: {reference}"));
                }
                members.values().for_each(|each| self.references(each, place));
            }
            _ => {}
        }
    }
}

/// Whether a narrative is well-formed XHTML with nothing but what R4 allows (txt-1), and says something (txt-2).
pub fn narrative(div: &str) -> Result<(), String> {
    const ALLOWED: [&str; 9] = ["div", "p", "table", "thead", "tbody", "tr", "th", "td", "b"];
    if !div.starts_with(XHTML) {
        return Err("not a div in the namespace of XHTML".into());
    }
    let mut open: Vec<&str> = Vec::new();
    let (mut rest, mut said) = (div, false);
    while let Some(at) = rest.find('<') {
        said |= words(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("a tag has no end")? + at;
        let tag = &rest[at + 1..end];
        match tag.strip_prefix('/') {
            Some(name) if open.pop() == Some(name) => {}
            Some(name) => return Err(format!("</{name}> ends what is not open")),
            None => {
                let name = tag.split(' ').next().unwrap_or_default();
                if !ALLOWED.contains(&name) {
                    return Err(format!("<{tag}>"));
                }
                open.push(name);
            }
        }
        rest = &rest[end + 1..];
    }
    match (open.is_empty() && rest.is_empty(), said) {
        (true, true) => Ok(()),
        (true, false) => Err("it says nothing".into()),
        (false, _) => Err("something is left open".into()),
    }
}

fn words(text: &str) -> Result<bool, String> {
    for (at, _) in text.match_indices('&') {
        let entity = text[at..].split(';').next().unwrap_or_default();
        if !["&amp", "&lt", "&gt", "&quot"].contains(&entity) {
            return Err(format!("{entity} is no entity of XML"));
        }
    }
    Ok(text.chars().any(char::is_alphanumeric))
}

#[test]
fn the_checker_finds_what_is_missing() {
    let document = serde_json::json!({
        "resourceType": "Bundle", "type": "document", "timestamp": "2026-01-01T00:00:00Z",
        "identifier": { "system": "urn:ietf:rfc:3986", "value": "urn:uuid:0" },
        "entry": [
            { "fullUrl": "urn:uuid:1", "resource": { "resourceType": "Composition" } },
            { "fullUrl": "urn:uuid:2", "resource": { "resourceType": "Patient", "name": [{}] } },
            { "fullUrl": "urn:uuid:3", "resource": {
                "resourceType": "Condition", "subject": { "reference": "Patient/1" } } },
            { "fullUrl": "urn:uuid:4", "resource": { "resourceType": "MedicationStatement", "status": "active" } },
        ],
    });
    let found = faults(&document).join("\n");
    for fault in [
        "Composition.status",
        "Composition.type",
        "Composition.subject",
        "Composition.author",
        "section 11450-4",
        "section 48765-2",
        "section 10160-0",
        "Patient.name",
        "Patient.birthDate",
        "Condition.code",
        "Condition.subject",
        "points out of the document",
        "MedicationStatement.medication",
        "MedicationStatement.effective",
    ] {
        assert!(found.contains(fault), "{fault}: {found}");
    }
    for wrong in ["<p>a</p>", "x", &format!("{XHTML}<p>a</div>"), &format!("{XHTML}<script>a</script></div>")] {
        assert!(narrative(wrong).is_err(), "{wrong}");
    }
    assert!(narrative(&format!("{XHTML}<p>a & b</p></div>")).is_err());
    assert!(narrative(&format!("{XHTML}<p></p></div>")).is_err());
    assert_eq!(narrative(&format!("{XHTML}<p>a &amp; b</p></div>")), Ok(()));
}
