//! `gen`: the official R4 definitions (CC0) in, compact fact tables out.
//!
//! The tables are committed, so that building needs no definitions; `--check` proves that they are what the definitions
//! say. Columns are separated by tabs.

mod codes;
mod elements;
mod search;

use flate2::read::GzDecoder;
use serde_json::Value;
use std::io::Read;
use std::path::{Path, PathBuf};

type Outcome<T> = Result<T, String>;

/// What the definitions hold, as JSON.
struct Definitions {
    types: Vec<Value>,
    resources: Vec<Value>,
    terminology: Vec<Value>,
    search: Vec<Value>,
    compartment: Value,
}

pub fn run(check: bool, definitions: Option<PathBuf>) -> Outcome<String> {
    let root = crate::workspace_root();
    let folder = definitions.unwrap_or_else(|| root.join("../shared/data/fhir/r4-definitions"));
    if !folder.is_dir() {
        return Ok(format!("gen: skipped, there is no folder {} with R4 definitions.", folder.display()));
    }
    let definitions = read(&folder)?;
    let (codes, bound, skipped) = codes::table(&definitions);
    let tables = [
        ("elements.txt", elements::table(&definitions, &bound)?),
        ("codes.txt", codes),
        ("search.txt", search::table(&definitions)?),
        ("compartment.txt", search::compartment(&definitions.compartment)),
    ];
    let out = root.join("crates/fhir/spec");
    let mut stale = Vec::new();
    let mut size = 0;
    for (name, text) in tables {
        let path = out.join(name);
        size += text.len();
        if std::fs::read_to_string(&path).is_ok_and(|old| old == text) {
            continue;
        }
        stale.push(name);
        if !check {
            std::fs::create_dir_all(&out).and_then(|()| std::fs::write(&path, text)).map_err(|e| said(&path, e))?;
        }
    }
    for (value_set, why) in skipped {
        eprintln!("gen: not checked: {value_set} ({why})");
    }
    match (stale.is_empty(), check) {
        (true, _) => Ok(format!("gen: the R4 tables are fresh, {} kB.", size / 1000)),
        (false, false) => Ok(format!("gen: wrote {}, {} kB in all.", stale.join(", "), size / 1000)),
        (false, true) => Err(format!("gen: {} differ from the definitions; run gen.", stale.join(", "))),
    }
}

fn read(folder: &Path) -> Outcome<Definitions> {
    let compartment = "compartmentdefinition-patient.json";
    let beside = folder.join("../r4-examples").join(compartment);
    let compartment = if beside.is_file() { beside } else { folder.join(compartment) };
    Ok(Definitions {
        types: resources_of(&folder.join("profiles-types.json"))?,
        resources: resources_of(&folder.join("profiles-resources.rebuilt.json.gz"))?,
        terminology: resources_of(&folder.join("valuesets.rebuilt.json.gz"))?,
        search: resources_of(&folder.join("search-parameters.json"))?,
        compartment: json(&compartment)?,
    })
}

fn resources_of(path: &Path) -> Outcome<Vec<Value>> {
    let mut bundle = json(path)?;
    let Some(Value::Array(entries)) = bundle.get_mut("entry").map(Value::take) else {
        return Err(said(path, "a Bundle was expected"));
    };
    Ok(entries.into_iter().filter_map(|mut entry| entry.get_mut("resource").map(Value::take)).collect())
}

fn json(path: &Path) -> Outcome<Value> {
    let bytes = std::fs::read(path).map_err(|e| said(path, e))?;
    let mut text = Vec::new();
    if path.extension().is_some_and(|ext| ext == "gz") {
        GzDecoder::new(&bytes[..]).read_to_end(&mut text).map_err(|e| said(path, e))?;
    } else {
        text = bytes;
    }
    serde_json::from_slice(&text).map_err(|e| said(path, e))
}

fn said(path: &Path, why: impl std::fmt::Display) -> String {
    format!("gen: {}: {why}", path.display())
}

/// The text of a member, or nothing.
fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The items of a member that is an array, or none.
fn items<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// What follows the last slash.
fn tail(url: &str) -> &str {
    url.rsplit('/').next().unwrap_or(url)
}
