//! The element table: `:type base`, then one line per element: name, min, max, types, required binding.
//!
//! A backbone element is a type of its own, named by its path. Elements inherited from the four base types are written
//! once, at the base.

use super::{Definitions, Outcome, items, tail, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

const BASES: [&str; 4] = ["Element", "BackboneElement", "Resource", "DomainResource"];

/// R4 has StructureMap, the rebuilt definitions have not: <https://hl7.org/fhir/R4/structuremap.html>.
const SUPPLEMENT: &str = include_str!("structure_map.txt");

pub fn table(definitions: &Definitions, bound: &BTreeSet<String>) -> Outcome<String> {
    let specialised = |d: &&Value| text(d, "derivation") != "constraint" && text(d, "kind") != "primitive-type";
    let mut by_name: BTreeMap<&str, &Value> = BTreeMap::new();
    for definition in definitions.types.iter().chain(&definitions.resources).filter(specialised) {
        by_name.insert(text(definition, "type"), definition);
    }
    let open = open_types(by_name.get("Extension").ok_or("gen: Extension is not defined")?);
    let mut out = String::new();
    for (name, definition) in &by_name {
        let mut blocks: BTreeMap<String, String> = BTreeMap::new();
        for element in items(&definition["snapshot"], "element") {
            line(name, element, &open, bound, &mut blocks)?;
        }
        let base = tail(text(definition, "baseDefinition"));
        let base = if BASES.contains(&base) { base } else { "Element" };
        let mut blocks: Vec<_> = blocks.into_iter().collect();
        if blocks.is_empty() {
            // A type that adds nothing to its base still exists.
            blocks.push(((*name).to_owned(), String::new()));
        }
        for (path, lines) in blocks {
            let base = match () {
                () if path == "Element" || path == "Resource" => "",
                () if path == *name => base,
                () if is_element(definition, &path) => "Element",
                () => "BackboneElement",
            };
            let _ = write!(out, ":{path}\t{base}\n{lines}");
        }
    }
    out.push_str(SUPPLEMENT);
    Ok(out)
}

/// Whether the nested type at the path is an Element, not a BackboneElement: it has no modifierExtension then.
fn is_element(definition: &Value, path: &str) -> bool {
    let at = items(&definition["snapshot"], "element").iter().find(|element| text(element, "path") == path);
    at.is_some_and(|element| items(element, "type").iter().any(|kind| text(kind, "code") == "Element"))
}

fn open_types(extension: &Value) -> Vec<&str> {
    let elements = items(&extension["snapshot"], "element");
    let value = elements.iter().find(|element| text(element, "path") == "Extension.value[x]");
    value.map(|value| items(value, "type").iter().map(|kind| text(kind, "code")).collect()).unwrap_or_default()
}

fn line(
    owner: &str,
    element: &Value,
    open: &[&str],
    bound: &BTreeSet<String>,
    blocks: &mut BTreeMap<String, String>,
) -> Outcome<()> {
    let path = text(element, "path");
    let Some((parent, name)) = path.rsplit_once('.') else { return Ok(()) };
    let base = text(&element["base"], "path").split('.').next().unwrap_or_default();
    let inherited = BASES.contains(&base) && base != owner;
    let block = blocks.entry(parent.to_owned()).or_default();
    if inherited || text(element, "max") == "0" {
        return Ok(());
    }
    let many = if text(element, "max") == "1" { "1" } else { "*" };
    let _ = write!(block, "{name}\t{}\t{many}\t{}", element["min"], types(path, element, open)?);
    let binding = &element["binding"];
    if text(binding, "strength") == "required" {
        let value_set = tail(text(binding, "valueSet").split('|').next().unwrap_or_default());
        if bound.contains(value_set) {
            let _ = write!(block, "\t{value_set}");
        }
    }
    block.push('\n');
    Ok(())
}

fn types(path: &str, element: &Value, open: &[&str]) -> Outcome<String> {
    let reference = text(element, "contentReference");
    if !reference.is_empty() {
        return Ok(reference.trim_start_matches('#').to_owned());
    }
    let types = items(element, "type");
    if types.is_empty() {
        return Err(format!("gen: {path} has no type"));
    }
    let codes: Vec<&str> = types.iter().map(|kind| text(kind, "code")).collect();
    if codes == open && path != "Extension.value[x]" {
        return Ok("*".to_owned());
    }
    let names = types.iter().map(|kind| match text(kind, "code") {
        "BackboneElement" | "Element" => path.to_owned(),
        "Reference" => targets(kind),
        "http://hl7.org/fhirpath/System.String" => match path {
            "Resource.id" => "id".to_owned(),
            "Extension.url" => "uri".to_owned(),
            _ => "string".to_owned(),
        },
        code => code.to_owned(),
    });
    Ok(names.collect::<Vec<_>>().join(","))
}

fn targets(reference: &Value) -> String {
    let mut names: Vec<&str> = items(reference, "targetProfile").iter().filter_map(Value::as_str).map(tail).collect();
    names.sort_unstable();
    names.dedup();
    if names.is_empty() || names.contains(&"Resource") {
        return "Reference".to_owned();
    }
    format!("Reference({})", names.join("|"))
}
