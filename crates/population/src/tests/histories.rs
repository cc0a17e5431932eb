//! What holds for every bundle of this crate, and how the population as a whole looks.

use super::{TODAY, birth, days, options, parse, patients, resources, text};
use crate::{IDENTIFIER, Options, directory, patient, patient_value, showcase};
use serde_json::Value;
use std::collections::HashSet;

#[test]
fn the_same_options_give_the_same_bytes_and_another_seed_gives_other_people() {
    assert_eq!(patient(&options(1), 3), patient(&options(1), 3));
    assert_eq!(directory(&options(1)), directory(&options(1)));
    assert_ne!(patient(&options(1), 3).json, patient(&options(2), 3).json);
    assert_ne!(directory(&options(1)).json, directory(&options(2)).json);
}

#[test]
fn a_patient_does_not_depend_on_how_many_others_are_made() {
    let mut many = options(1);
    many.patients = 1_000_000;
    assert_eq!(patient(&options(1), 5), patient(&many, 5));
    assert_ne!(patient(&many, 5).json, patient(&many, 6).json);
}

#[test]
fn every_resource_is_valid_r4() {
    let bundles = std::iter::once(directory(&options(1)))
        .chain(showcase::showcase(&options(1)))
        .chain((0..150).map(|index| patient(&options(1), index)));
    for made in bundles {
        let bundle = fhir::bundle::parse(made.json.as_bytes()).unwrap();
        for entry in &bundle.entries {
            let node = fhir::json::parse(entry.resource.unwrap()).unwrap();
            let kind = fhir::validate(&node).unwrap_or_else(|issues| panic!("{}: {issues:?}", made.name));
            assert_eq!(entry.url.as_deref(), Some(kind.name()));
        }
    }
}

/// The identifiers that a directory makes, as a conditional reference writes them.
fn directory_identifiers() -> HashSet<String> {
    let json = serde_json::from_str::<Value>(&directory(&options(1)).json).unwrap();
    let entries = json["entry"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| {
            format!("{}?{}", entry["request"]["url"].as_str().unwrap(), text(&entry["request"]["ifNoneExist"]))
        })
        .collect()
}

fn references<'a>(value: &'a Value, out: &mut Vec<&'a str>) {
    match value {
        Value::Object(members) => {
            out.extend(members.get("reference").and_then(Value::as_str));
            members.values().for_each(|member| references(member, out));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, out)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_into_the_bundle_or_to_the_directory() {
    let known = directory_identifiers();
    let made = (0..80).map(|index| patient(&options(1), index)).chain(showcase::showcase(&options(1)));
    for bundle in made.chain([directory(&options(1))]) {
        let json: Value = serde_json::from_str(&bundle.json).unwrap();
        let entries = json["entry"].as_array().unwrap();
        let urls: HashSet<&str> = entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap()).collect();
        assert_eq!(urls.len(), entries.len(), "{}: a fullUrl is used twice", bundle.name);
        let mut found = Vec::new();
        references(&json, &mut found);
        assert!(!found.is_empty());
        for reference in found {
            assert!(urls.contains(reference) || known.contains(reference), "{}: {reference}", bundle.name);
        }
    }
}

#[test]
fn a_directory_of_any_size_can_be_referred_to() {
    for (organizations, practitioners) in [(0, 0), (1, 1), (2, 3), (30, 7)] {
        let o = Options { organizations, practitioners, ..options(4) };
        let json = directory(&o).json;
        let bundle: Value = serde_json::from_str(&patient(&o, 1).json).unwrap();
        let mut found = Vec::new();
        references(&bundle, &mut found);
        for reference in found.iter().filter(|reference| reference.contains('?')) {
            let (_, query) = reference.split_once('?').unwrap();
            assert!(
                json.contains(&format!("\"ifNoneExist\":\"{query}\"")),
                "{organizations}/{practitioners}: {reference}"
            );
        }
    }
}

#[test]
fn names_of_organizations_differ() {
    let json = serde_json::from_str::<Value>(&directory(&Options { organizations: 60, ..options(1) }).json);
    let json = json.unwrap();
    let entries = json["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    let names: Vec<&str> =
        entries.filter(|r| r["resourceType"] == "Organization").map(|r| r["name"].as_str().unwrap()).collect();
    assert_eq!(names.iter().collect::<HashSet<_>>().len(), 60);
}

/// Every date and time of a resource, with the member it stands in.
fn dates<'a>(value: &'a Value, member: &'a str, out: &mut Vec<(&'a str, &'a str)>) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, value)| dates(value, key, out)),
        Value::Array(items) => items.iter().for_each(|item| dates(item, member, out)),
        Value::String(text) => {
            let b = text.as_bytes();
            if b.len() >= 10 && b[4] == b'-' && b[7] == b'-' && b[..4].iter().all(u8::is_ascii_digit) {
                out.push((member, text));
            }
        }
        _ => {}
    }
}

#[test]
fn nothing_happens_before_birth_or_after_today() {
    let made = (0..150).map(|index| patient(&options(1), index)).chain(showcase::showcase(&options(1)));
    for bundle in made {
        let json: Value = serde_json::from_str(&bundle.json).unwrap();
        let birth = birth(&json);
        let mut found = Vec::new();
        dates(&json, "", &mut found);
        for (member, text) in found {
            let day = days(text);
            assert!((birth..TODAY).contains(&day), "{}: {member} {text}", bundle.name);
        }
    }
}

#[test]
fn what_ends_ends_after_it_began() {
    for json in patients(150) {
        for resource in resources(&json, "Condition") {
            if let Some(end) = resource["abatementDateTime"].as_str() {
                assert!(days(end) >= days(text(&resource["onsetDateTime"])));
                assert_eq!(resource["clinicalStatus"]["coding"][0]["code"], "resolved");
            }
        }
        for resource in resources(&json, "Encounter") {
            assert!(text(&resource["period"]["end"]) > text(&resource["period"]["start"]), "{resource}");
        }
        for resource in resources(&json, "MedicationRequest") {
            let period = &resource["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"];
            assert_eq!(period["end"].is_null(), resource["status"] == "active");
            assert!(period["end"].is_null() || text(&period["end"]) >= text(&period["start"]));
        }
    }
}

#[test]
fn a_history_has_40_to_400_resources_and_about_150_on_average() {
    let sizes: Vec<usize> = patients(300).map(|json| json["entry"].as_array().unwrap().len()).collect();
    assert!(sizes.iter().all(|n| (40..=400).contains(n)), "{:?} to {:?}", sizes.iter().min(), sizes.iter().max());
    let mean = sizes.iter().sum::<usize>() as f64 / sizes.len() as f64;
    assert!((120.0..180.0).contains(&mean), "{mean}");
}

#[test]
fn a_patient_is_created_only_once() {
    let json: Value = serde_json::from_str(&patient(&options(1), 9).json).unwrap();
    let value = patient_value(&options(1), 9);
    assert_eq!(json["entry"][0]["request"]["ifNoneExist"], format!("identifier={IDENTIFIER}patient|{value}"));
    assert_eq!(json["entry"][0]["resource"]["identifier"][0]["value"], value);
}

#[test]
fn everything_about_a_depression_carries_the_psychiatry_label() {
    let label = |resource: &Value| resource["meta"]["security"][0]["code"] == "PSY";
    let mut labelled = 0;
    for json in patients(200).chain(showcase::showcase(&options(1)).iter().map(parse)) {
        for condition in resources(&json, "Condition").filter(|c| c["code"]["text"] == "Major depressive disorder") {
            assert!(label(condition));
            let encounter = &condition["encounter"]["reference"];
            labelled += 1;
            for kind in ["MedicationRequest", "CarePlan"] {
                let about = resources(&json, kind)
                    .filter(|r| r.to_string().contains("sertraline") || text(&r["title"]).starts_with("Depression"));
                about.for_each(|resource| assert!(label(resource), "{resource}"));
            }
            for kind in ["Observation", "DiagnosticReport", "Procedure"] {
                let during = resources(&json, kind).filter(|r| r["encounter"]["reference"] == *encounter);
                during.filter(|r| r.to_string().contains("PHQ")).for_each(|r| assert!(label(r), "{r}"));
            }
        }
    }
    assert!(labelled >= 5, "only {labelled} depressions to look at");
}
