//! The search parameters: `:type`, then one line per parameter: name, kind, expression, targets or components.
//!
//! The place of a line within its type is stored on disk by the server, so the order is fixed: the parameters of every
//! resource first, the type's own by name after them.

use super::{Definitions, Outcome, items, text};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What every type has, in the order of its stored places.
const COMMON: [&str; 6] = ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"];

/// A reference with more targets than this may point to anything.
const TARGETS_MAX: usize = 100;

pub fn table(definitions: &Definitions) -> Outcome<String> {
    let code_of: BTreeMap<&str, &str> =
        definitions.search.iter().map(|param| (text(param, "url"), text(param, "code"))).collect();
    let common: BTreeMap<&str, &Value> = definitions
        .search
        .iter()
        .filter(|param| items(param, "base").iter().any(|base| base == "Resource"))
        .map(|param| (text(param, "code"), param))
        .collect();
    let mut by_type: BTreeMap<&str, BTreeMap<&str, &Value>> = BTreeMap::new();
    for param in &definitions.search {
        for base in items(param, "base").iter().filter_map(Value::as_str) {
            by_type.entry(base).or_default().insert(text(param, "code"), param);
        }
    }
    for definition in definitions.resources.iter().filter(|d| d["abstract"] != true) {
        by_type.entry(text(definition, "type")).or_default();
    }
    let mut out = String::new();
    for (name, params) in by_type.iter().filter(|(name, _)| !["Resource", "DomainResource"].contains(name)) {
        let _ = writeln!(out, ":{name}");
        for code in COMMON {
            let param = common.get(code).ok_or(format!("gen: {code} is not defined"))?;
            // R4 writes these as the paths of the abstract type.
            let expression = text(param, "expression").replace("Resource.", &format!("{name}."));
            let _ = writeln!(out, "{code}\t{}\t{expression}\t", text(param, "type"));
        }
        for (code, param) in params {
            let _ = writeln!(out, "{code}\t{}", columns(name, param, &code_of)?);
        }
    }
    Ok(out)
}

fn columns(owner: &str, param: &Value, code_of: &BTreeMap<&str, &str>) -> Outcome<String> {
    let kind = text(param, "type");
    if kind == "composite" {
        let parts = items(param, "component").iter().map(|part| {
            let url = text(part, "definition");
            code_of.get(url).copied().ok_or(format!("gen: {url} is not defined"))
        });
        return Ok(format!("composite\t\t{}", parts.collect::<Outcome<Vec<_>>>()?.join(" ")));
    }
    let expression = of_type(owner, text(param, "expression"));
    let mut targets: Vec<&str> = items(param, "target").iter().filter_map(Value::as_str).collect();
    targets.sort_unstable();
    let any = targets.len() > TARGETS_MAX;
    Ok(format!("{kind}\t{expression}\t{}", if any { "*".to_owned() } else { targets.join(" ") }))
}

/// The parts of a union that begin at this type: R4 shares one expression among all types a parameter has. One parameter
/// of R4 (InsurancePlan's name) leaves the type out.
fn of_type(owner: &str, expression: &str) -> String {
    let mut own = Vec::new();
    for part in expression.split('|').map(str::trim) {
        let first = part.trim_start_matches('(').split(['.', ' ']).next().unwrap_or_default();
        if first == owner {
            own.push(part.to_owned());
        } else if first.starts_with(|c: char| c.is_ascii_lowercase()) {
            own.push(format!("{owner}.{part}"));
        }
    }
    own.join(" | ")
}

/// One line per type that can be in a patient's compartment: type, the parameters that say so, the plain ones first.
pub fn compartment(definition: &Value) -> String {
    let mut lines: Vec<String> = Vec::new();
    for resource in items(definition, "resource") {
        let mut params: Vec<&str> = items(resource, "param").iter().filter_map(Value::as_str).collect();
        params.sort_by_key(|name| !["subject", "patient"].contains(name));
        if !params.is_empty() {
            lines.push(format!("{}\t{}\n", text(resource, "code"), params.join(" ")));
        }
    }
    lines.sort();
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_shared_expression_is_cut_to_the_type() {
        let shared =
            "AllergyIntolerance.code | (DeviceRequest.code as CodeableConcept) | Device.code | DeviceRequest.x";
        assert_eq!(of_type("DeviceRequest", shared), "(DeviceRequest.code as CodeableConcept) | DeviceRequest.x");
        assert_eq!(of_type("Device", shared), "Device.code");
        assert_eq!(of_type("InsurancePlan", "name | alias"), "InsurancePlan.name | InsurancePlan.alias");
    }

    #[test]
    fn the_compartment_names_the_plain_parameters_first() {
        let definition = json!({"resource": [
            {"code": "Observation", "param": ["performer", "subject"]}, {"code": "Binary"}, {"code": "Claim", "param": ["patient"]}
        ]});
        assert_eq!(compartment(&definition), "Claim\tpatient\nObservation\tsubject performer\n");
    }
}
