//! Real resources from outside: they are tried where they are at hand, and skipped aloud where not.

use super::*;
use crate::{bundle, json, search};
use std::io::Read;
use std::path::{Path as File, PathBuf};

/// The folder of shared data, if it is there.
fn shared(folder: &str) -> Option<PathBuf> {
    let beside = File::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let path = std::env::var_os("HEALTHSYNC_SHARED_DATA").map_or(beside, PathBuf::from).join(folder);
    if !path.is_dir() {
        println!("skipped: there is no folder {}", path.display());
        return None;
    }
    Some(path)
}

fn files(folder: &File) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Examples with a real fault, and the fault.
const FAULTY: [(&str, &str); 5] = [
    ("deviceusestatement-example.json", "its reason is a Procedure, where R4 allows none"),
    ("observation-example-clinical-gender.json", "its performer is an Encounter"),
    ("package-min-ver.json", "it is no resource, it has no resourceType"),
    ("questionnaireresponse-extensions-QuestionnaireResponse-item-subject.json", "its id has 67 characters"),
    ("diagnosticreport-cbc.json", "its narrative has no div"),
];

#[test]
fn the_official_examples_are_valid_but_for_the_faulty() {
    let mut refused = Vec::new();
    let mut count = 0;
    for folder in ["fhir/r4-examples", "fhir/us-core-examples"] {
        let Some(folder) = shared(folder) else { continue };
        for file in files(&folder).iter().filter(|file| file.extension().is_some_and(|ext| ext == "json")) {
            let bytes = std::fs::read(file).unwrap();
            let name = file.file_name().unwrap().to_string_lossy().into_owned();
            count += 1;
            let issues = match json::parse(&bytes) {
                Ok(node) => validate(&node).err().unwrap_or_default(),
                Err(issue) => vec![issue],
            };
            let known = FAULTY.iter().any(|(faulty, _)| *faulty == name);
            if known == issues.is_empty() {
                refused.push((name, issues.into_iter().take(5).collect::<Vec<_>>()));
            }
        }
    }
    for (name, issues) in &refused {
        println!("{name}");
        issues.iter().for_each(|issue| println!("    {} {} {}", issue.code, issue.path, issue.text));
    }
    println!("{count} examples");
    assert!(refused.is_empty(), "{} differ from what is known", refused.len());
}

#[test]
fn every_resource_of_the_synthetic_histories_is_valid_dated_and_found() {
    let Some(folder) = shared("synthea") else { return };
    let (mut count, mut undated) = (0, Vec::new());
    for file in files(&folder).iter().filter(|file| file.extension().is_some_and(|ext| ext == "bz2")) {
        let mut text = Vec::new();
        bzip2::read::BzDecoder::new(std::fs::File::open(file).unwrap()).read_to_end(&mut text).unwrap();
        let bundle = bundle::parse(&text).unwrap();
        for entry in &bundle.entries {
            let node = json::parse(entry.resource.unwrap()).unwrap();
            let kind = validate(&node).unwrap_or_else(|issues| panic!("{}: {issues:?}", file.display()));
            count += 1;
            let mut terms = Vec::new();
            search::extract(kind, &node, &mut terms);
            assert!(!terms.is_empty());
            let patient = !search::patient_refs(kind, &node).is_empty();
            if patient && search::primary_date(kind, &node).is_none() && !undated.contains(&kind) {
                undated.push(kind);
            }
        }
    }
    println!("{count} resources");
    assert_eq!(undated, []);
}
