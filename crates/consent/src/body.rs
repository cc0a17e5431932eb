//! How the body of a resource is sealed, and the few words of it that a consent shows: whose, and for whom.

use fhir::{Kind, Node};
use vault::{Aad, DataKey, VaultError};

/// Where a version of a resource belongs: its body opens only there. `idh` is the keyed hash of its logical id.
pub const fn place(kind: Kind, idh: i64, version: i64) -> Aad {
    Aad::new("resource", idh, kind.code(), version)
}

/// The JSON text of a stored body. The key is the patient's, or the directory's for what belongs to no patient.
pub fn open(key: &DataKey, kind: Kind, idh: i64, version: i64, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
    vault::unpack(&key.open(&place(kind, idh, version), sealed)?)
}

/// What to call a person or an organization: the name in use, as they wrote it.
pub fn display_name(resource: &Node<'_>) -> String {
    if let Some(name) = resource.str_of("name") {
        // What writes a town in brackets behind a name leaves the brackets where it knows none.
        return name.trim_end().trim_end_matches("()").trim_end().to_owned();
    }
    let names = resource.array_of("name");
    // A name out of use is shown only when there is no other.
    let rank = |name: &&Node<'_>| match name.str_of("use") {
        Some("official") => 0,
        Some("usual") => 1,
        Some("old" | "maiden") => 3,
        _ => 2,
    };
    names.iter().min_by_key(rank).map(human_name).unwrap_or_default()
}

/// One `HumanName`.
pub fn human_name(name: &Node<'_>) -> String {
    if let Some(text) = name.str_of("text") {
        return text.to_owned();
    }
    let part = |element: &str| name.array_of(element).iter().filter_map(Node::as_str).collect::<Vec<_>>();
    let mut words = part("prefix");
    words.extend(part("given"));
    words.extend(name.str_of("family"));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name_of(json: &str) -> String {
        display_name(&fhir::json::parse(json.as_bytes()).unwrap())
    }

    #[test]
    fn people_are_called_by_the_name_in_use() {
        for name in ["Riverside Clinic", "Riverside Clinic ()", "Riverside Clinic() "] {
            assert_eq!(name_of(&format!(r#"{{"name":"{name}"}}"#)), "Riverside Clinic");
        }
        assert_eq!(name_of(r#"{"name":"Riverside Clinic (North)"}"#), "Riverside Clinic (North)");
        let old = r#"{"use":"maiden","family":"Roe","given":["Ann"]}"#;
        let now = r#"{"use":"official","family":"Doe","given":["Ann","May"],"prefix":["Dr."]}"#;
        assert_eq!(name_of(&format!(r#"{{"name":[{old},{now}]}}"#)), "Dr. Ann May Doe");
        assert_eq!(name_of(&format!(r#"{{"name":[{old}]}}"#)), "Ann Roe");
        assert_eq!(name_of(r#"{"name":[{"text":"Ann Doe","family":"D"}]}"#), "Ann Doe");
        assert_eq!(name_of("{}"), "");
    }
}
