//! The document itself: Composition first, then the patient, the system that wrote it, and what the sections name.

use super::{narrative, rules};
use fhir::reference::{Target, target};
use fhir::{Kind, Node};
use kernel::{Rng, Timestamp, rng};
use records::view::summary::{Gathered, Part};
use std::collections::{BTreeMap, BTreeSet};

const PROFILES: &str = "http://hl7.org/fhir/uv/ips/StructureDefinition/";
const LOINC: &str = "http://loinc.org";
const ABSENT: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";

/// The entries of a document by the reference that its resources knew them by.
struct Places {
    urns: BTreeMap<String, String>,
}

/// A document Bundle as JSON.
pub fn bundle(gathered: &Gathered, now: Timestamp, rng: &dyn Rng) -> Vec<u8> {
    let urn = || format!("urn:uuid:{}", rng::uuid(rng));
    let mut resources: Vec<(String, Node<'static>)> = Vec::new();
    let mut seen = BTreeSet::new();
    let patient = parse(&gathered.patient);
    let patient_reference = format!("Patient/{}", gathered.header.id);
    resources.push((patient_reference.clone(), patient_of(patient, &gathered.header.name)));
    let items = gathered.parts.iter().flat_map(|part| &part.items);
    for item in items {
        let reference = format!("{}/{}", item.entry.r#type, item.entry.id);
        if seen.insert(reference.clone()) {
            let kind = Kind::parse(item.entry.r#type);
            resources.push((reference, completed(kind, parse(&item.json))));
        }
    }
    // Only what is still named after the choice was narrowed.
    let named: BTreeSet<String> = resources.iter().flat_map(|(_, node)| told(node)).collect();
    for (reference, json) in gathered.named.iter().filter(|(reference, _)| named.contains(*reference)) {
        if seen.insert(reference.clone()) {
            resources.push((reference.clone(), parse(json)));
        }
    }
    let places = Places { urns: resources.iter().map(|(reference, _)| (reference.clone(), urn())).collect() };
    let author = urn();
    let mut entries = vec![(urn(), composition(gathered, now, &places, &patient_reference, &author))];
    let mut rest = resources.into_iter().map(|(reference, mut node)| {
        places.rewrite(&mut node);
        (places.urns.get(&reference).cloned().unwrap_or_default(), node)
    });
    entries.extend(rest.by_ref().take(1));
    entries.push((author, system()));
    entries.extend(rest);
    let identifier = Node::object([("system", Node::from("urn:ietf:rfc:3986")), ("value", urn().into())]);
    let entry = |(url, node): (String, Node<'static>)| Node::object([("fullUrl", url.into()), ("resource", node)]);
    Node::object([
        ("resourceType", Node::from("Bundle")),
        ("meta", profile("Bundle-uv-ips")),
        ("identifier", identifier),
        ("type", Node::from("document")),
        ("timestamp", now.to_rfc3339().into()),
        ("entry", Node::Array(entries.into_iter().map(entry).collect())),
    ])
    .to_bytes()
}

fn parse(json: &[u8]) -> Node<'static> {
    fhir::json::parse(json).map_or_else(|_| Node::Object(Vec::new()), Node::into_owned)
}

fn profile(name: &str) -> Node<'static> {
    Node::object([("profile", Node::Array(vec![format!("{PROFILES}{name}").into()]))])
}

fn coding(system: &'static str, code: &'static str, display: &'static str) -> Node<'static> {
    let coding = Node::object([("system", system), ("code", code), ("display", display)].map(|(k, v)| (k, v.into())));
    Node::object([("coding", Node::Array(vec![coding]))])
}

fn absent() -> Node<'static> {
    let why = Node::object([("url", Node::from(ABSENT)), ("valueCode", "unknown".into())]);
    Node::object([("extension", Node::Array(vec![why]))])
}

/// Patient-uv-ips: a name, and a date of birth or the word that it is not known.
fn patient_of(mut patient: Node<'static>, name: &str) -> Node<'static> {
    strip(&mut patient);
    // A picture makes the document large and its reader no wiser.
    patient.remove("photo");
    if !rules::has(&patient, "name") {
        patient.set("name", Node::Array(vec![Node::object([("text", name.to_owned().into())])]));
    }
    if patient.str_of("birthDate").is_none() {
        patient.set("_birthDate", absent());
    }
    patient
}

/// What IPS demands of a resource and R4 does not; the record says nothing of it, and so does the document.
fn completed(kind: Option<Kind>, mut node: Node<'static>) -> Node<'static> {
    strip(&mut node);
    match kind {
        // Condition-uv-ips and AllergyIntolerance-uv-ips: code 1..1.
        Some(Kind::Condition | Kind::AllergyIntolerance) if !rules::has(&node, "code") => {
            node.set("code", Node::object([("text", Node::from("(not named)"))]));
        }
        // MedicationStatement-uv-ips: effective[x] 1..1.
        Some(Kind::MedicationStatement)
            if node.get("effectiveDateTime").is_none() && node.get("effectivePeriod").is_none() =>
        {
            node.set("_effectiveDateTime", absent());
        }
        _ => {}
    }
    node
}

/// A text of its own may be older than the entry, and its version says nothing outside of this server.
fn strip(node: &mut Node<'static>) {
    node.remove("text");
    node.remove("meta");
}

/// The references that say what an entry is about.
fn told(node: &Node<'_>) -> Vec<String> {
    let names = ["medicationReference", "device"];
    names.iter().filter_map(|name| node.get(name)?.str_of("reference")).map(str::to_owned).collect()
}

impl Places {
    /// Points inside the document, or keeps only the name: a reference out of it would lead nowhere for its reader, and
    /// tell them what else there is.
    fn rewrite(&self, node: &mut Node<'static>) {
        match node {
            Node::Array(items) => items.iter_mut().for_each(|item| self.rewrite(item)),
            Node::Object(_) => {
                if let Some(text) = node.str_of("reference").map(str::to_owned) {
                    self.point(node, &text);
                    return;
                }
                let Node::Object(members) = node else { return };
                members.iter_mut().for_each(|(_, value)| self.rewrite(value));
            }
            _ => {}
        }
    }

    fn point(&self, node: &mut Node<'static>, text: &str) {
        let inside = match target(text) {
            Some(Target::Contained(_)) => return,
            Some(Target::Literal { kind, id, absolute: false }) => self.urns.get(&format!("{}/{id}", kind.name())),
            _ => self.urns.get(text),
        };
        match inside {
            Some(urn) => node.set("reference", urn.clone().into()),
            None => {
                node.remove("reference");
                if node.str_of("display").is_none() && node.get("identifier").is_none() {
                    node.set("display", "Not part of this summary".into());
                }
            }
        }
    }
}

/// The Device that stands for this program: a summary is written by no person.
fn system() -> Node<'static> {
    let name = Node::object([("name", Node::from("HealthSync")), ("type", "manufacturer-name".into())]);
    let version = Node::object([("value", Node::from(env!("CARGO_PKG_VERSION")))]);
    Node::object([
        ("resourceType", Node::from("Device")),
        ("deviceName", Node::Array(vec![name])),
        ("version", Node::Array(vec![version])),
    ])
}

fn composition(gathered: &Gathered, now: Timestamp, places: &Places, patient: &str, author: &str) -> Node<'static> {
    let to = |urn: String| Node::object([("reference", urn.into())]);
    let subject = places.urns.get(patient).cloned().unwrap_or_default();
    let shown = |part: &&Part| !part.items.is_empty() || rules::REQUIRED.contains(&part.code);
    let sections = gathered.parts.iter().filter(shown).map(|part| section(part, places)).collect();
    Node::object([
        ("resourceType", Node::from("Composition")),
        ("meta", profile("Composition-uv-ips")),
        ("status", "final".into()),
        ("type", coding(LOINC, "60591-5", "Patient summary Document")),
        ("subject", to(subject)),
        ("date", now.to_rfc3339().into()),
        ("author", Node::Array(vec![to(author.to_owned())])),
        ("title", format!("Patient summary of {}", gathered.header.name).into()),
        ("section", Node::Array(sections)),
    ])
}

fn section(part: &Part, places: &Places) -> Node<'static> {
    let (title, display) = official(part.code).unwrap_or((part.title, part.title));
    let div = narrative::section(title, (part.empty, part.warning), &part.items);
    let text = Node::object([("status", Node::from("generated")), ("div", div.into())]);
    let mut section =
        Node::object([("title", Node::from(title)), ("code", coding(LOINC, part.code, display)), ("text", text)]);
    let place = |item: &records::view::summary::Item| {
        let urn = places.urns.get(&format!("{}/{}", item.entry.r#type, item.entry.id))?;
        Some(Node::object([("reference", Node::from(urn.clone()))]))
    };
    let entries: Vec<Node<'static>> = part.items.iter().filter_map(place).collect();
    if entries.is_empty() {
        // Not "there is none": nobody said so, or the reader may not know.
        let system = "http://terminology.hl7.org/CodeSystem/list-empty-reason";
        section.set("emptyReason", coding(system, "unavailable", "Unavailable"));
    } else {
        section.set("entry", Node::Array(entries));
    }
    section
}

/// Title and LOINC name of a section, as IPS has them.
fn official(code: &str) -> Option<(&'static str, &'static str)> {
    Some(match code {
        "11450-4" => ("Problems", "Problem list - Reported"),
        "48765-2" => ("Allergies and intolerances", "Allergies and adverse reactions Document"),
        "10160-0" => ("Medicines", "History of Medication use Narrative"),
        "11369-6" => ("Immunizations", "History of Immunization note"),
        "47519-4" => ("Procedures", "History of Procedures Document"),
        "46264-8" => ("Medical devices", "History of medical device use"),
        "30954-2" => ("Results", "Relevant diagnostic tests/laboratory data note"),
        "8716-3" => ("Vital signs", "Vital signs note"),
        "18776-5" => ("Plan of care", "Plan of care note"),
        _ => return None,
    })
}
