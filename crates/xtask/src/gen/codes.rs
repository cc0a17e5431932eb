//! The codes of required bindings: one line per value set and code system: name, system, codes.

use super::{Definitions, items, tail, text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// A list longer than this is not worth its place in the binary: it would be a terminology, not a code list.
const CODES_MAX: usize = 600;

type Systems<'v> = BTreeMap<&'v str, BTreeSet<&'v str>>;

struct Terminology<'v> {
    value_sets: BTreeMap<&'v str, &'v Value>,
    code_systems: BTreeMap<&'v str, &'v Value>,
}

/// The table, the names in it, and the value sets that could not be listed with the reason.
pub fn table(definitions: &Definitions) -> (String, BTreeSet<String>, BTreeMap<String, String>) {
    let of_type = |kind: &'static str| {
        let found = definitions.terminology.iter().filter(move |resource| text(resource, "resourceType") == kind);
        found.map(|resource| (text(resource, "url"), resource)).collect()
    };
    let terminology = Terminology { value_sets: of_type("ValueSet"), code_systems: of_type("CodeSystem") };
    let (mut out, mut names, mut skipped) = (String::new(), BTreeSet::new(), BTreeMap::new());
    for url in required(definitions) {
        match terminology.expand(&url) {
            Ok(systems) => {
                let name = tail(&url);
                for (system, codes) in systems {
                    let _ = write!(out, "{name}\t{system}");
                    codes.iter().for_each(|code| out.extend(["\t", code]));
                    out.push('\n');
                }
                names.insert(name.to_owned());
            }
            Err(why) => drop(skipped.insert(url, why)),
        }
    }
    (out, names, skipped)
}

/// The value sets bound with strength `required` to something that holds a code.
fn required(definitions: &Definitions) -> BTreeSet<String> {
    let map = [
        "model-mode",
        "group-type-mode",
        "input-mode",
        "source-list-mode",
        "context-type",
        "target-list-mode",
        "transform",
    ];
    let supplement = map.iter().map(|name| format!("http://hl7.org/fhir/ValueSet/map-{name}"));
    let elements =
        definitions.types.iter().chain(&definitions.resources).flat_map(|d| items(&d["snapshot"], "element"));
    let bindings = elements.map(|element| &element["binding"]).filter(|b| text(b, "strength") == "required");
    bindings.filter_map(|b| text(b, "valueSet").split('|').next()).map(str::to_owned).chain(supplement).collect()
}

impl<'v> Terminology<'v> {
    fn expand(&self, url: &str) -> Result<Systems<'v>, String> {
        let value_set = self.value_sets.get(url).ok_or("the value set is not in the definitions")?;
        let compose = &value_set["compose"];
        let mut systems = Systems::new();
        for include in items(compose, "include") {
            self.add(include, &mut systems)?;
        }
        for exclude in items(compose, "exclude") {
            let mut out = Systems::new();
            self.add(exclude, &mut out)?;
            for (system, codes) in out {
                if let Some(kept) = systems.get_mut(system) {
                    kept.retain(|code| !codes.contains(code));
                }
            }
        }
        match systems.values().map(BTreeSet::len).sum() {
            0 => Err("it lists no codes".into()),
            n if n > CODES_MAX => Err(format!("{n} codes are too many")),
            _ => Ok(systems),
        }
    }

    fn add(&self, part: &'v Value, systems: &mut Systems<'v>) -> Result<(), String> {
        for other in items(part, "valueSet").iter().filter_map(Value::as_str) {
            for (system, codes) in self.expand(other.split('|').next().unwrap_or(other))? {
                systems.entry(system).or_default().extend(codes);
            }
        }
        let system = text(part, "system");
        if system.is_empty() {
            return Ok(());
        }
        if !items(part, "filter").is_empty() {
            return Err(format!("it filters {system}"));
        }
        let listed = items(part, "concept");
        let concepts = if listed.is_empty() {
            let code_system = self.code_systems.get(system).ok_or(format!("{system} is not in the definitions"))?;
            if text(code_system, "content") != "complete" {
                return Err(format!("{system} is not complete in the definitions"));
            }
            items(code_system, "concept")
        } else {
            listed
        };
        collect(concepts, systems.entry(system).or_default());
        Ok(())
    }
}

fn collect<'v>(concepts: &'v [Value], codes: &mut BTreeSet<&'v str>) {
    for concept in concepts {
        if !is_abstract(concept) {
            codes.insert(text(concept, "code"));
        }
        collect(items(concept, "concept"), codes);
    }
}

/// A heading of the code system, which no resource may use.
fn is_abstract(concept: &Value) -> bool {
    let heading = |property: &Value| {
        ["abstract", "notSelectable"].contains(&text(property, "code")) && property["valueBoolean"] == true
    };
    items(concept, "property").iter().any(heading)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_value_set_is_listed_without_headings_and_what_it_excludes() {
        let system = json!({"url": "s", "content": "complete", "concept": [
            {"code": "group", "property": [{"code": "notSelectable", "valueBoolean": true}], "concept": [{"code": "a"}, {"code": "b"}]},
            {"code": "c"}]});
        let set = json!({"url": "v", "compose": {"include": [{"system": "s"}], "exclude": [{"system": "s", "concept": [{"code": "b"}]}]}});
        let filtered = json!({"url": "f", "compose": {"include": [{"system": "s", "filter": [{"op": "is-a"}]}]}});
        let terminology = Terminology {
            value_sets: BTreeMap::from([("v", &set), ("f", &filtered)]),
            code_systems: BTreeMap::from([("s", &system)]),
        };
        assert_eq!(terminology.expand("v"), Ok(Systems::from([("s", BTreeSet::from(["a", "c"]))])));
        assert!(terminology.expand("f").is_err() && terminology.expand("gone").is_err());
    }
}
