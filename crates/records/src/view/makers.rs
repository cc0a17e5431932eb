//! Who made an entry, as the entry itself says.

use super::{Look, found, names};
use crate::error::Error;
use crate::index::id_hash;
use crate::store;
use db::Tx;
use fhir::reference::{Target, target};
use fhir::{Kind, Node};

/// Where R4's types say who made them, the most telling first.
const AUTHORS: [&[&str]; 9] = [
    &["performer"],
    &["performer", "actor"],
    &["author"],
    &["recorder"],
    &["asserter"],
    &["requester"],
    &["participant", "individual"],
    &["serviceProvider"],
    &["provider"],
];

/// Where a person stands among others who are not the makers: an Appointment names its patient there too.
const AMONG_OTHERS: [&[&str]; 2] = [&["participant", "actor"], &["participant", "member"]];

/// What the first of them is called, as far as the caller may know.
pub fn author(tx: &mut Tx<'_>, look: &mut Look<'_>, node: &Node<'_>) -> Result<Option<String>, Error> {
    for path in AUTHORS {
        if let Some(name) = names::at(tx, look, node, path)? {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// The numbers of the Practitioners that an entry names, the most telling first, as far as the caller may know them.
pub fn practitioners(tx: &mut Tx<'_>, look: &mut Look<'_>, node: &Node<'_>) -> Result<Vec<i64>, Error> {
    let mut found = Vec::new();
    for path in AUTHORS.into_iter().chain(AMONG_OTHERS) {
        let mut references = Vec::new();
        each(node, path, &mut references);
        for reference in references {
            if let Some(rid) = practitioner(tx, look, reference)?.filter(|rid| !found.contains(rid)) {
                found.push(rid);
            }
        }
    }
    Ok(found)
}

/// All references at a path, in every item of a list on the way.
fn each<'n>(node: &'n Node<'_>, path: &[&str], out: &mut Vec<&'n str>) {
    match (node, path) {
        (Node::Array(items), _) => items.iter().for_each(|item| each(item, path, out)),
        (_, []) => out.extend(node.str_of("reference")),
        (_, [key, rest @ ..]) => {
            if let Some(inside) = node.get(key) {
                each(inside, rest, out);
            }
        }
    }
}

/// Somebody who is named as such, or in a role that they have.
fn practitioner(tx: &mut Tx<'_>, look: &mut Look<'_>, reference: &str) -> Result<Option<i64>, Error> {
    let text = match target(reference) {
        Some(Target::Literal { kind: Kind::PractitionerRole, absolute: false, .. }) => {
            let Some(role) = names::read(tx, look, reference)? else { return Ok(None) };
            let role = found::parse(&role)?;
            role.at(&["practitioner", "reference"]).and_then(Node::as_str).map(str::to_owned)
        }
        _ => Some(reference.to_owned()),
    };
    let Some(Target::Literal { kind: Kind::Practitioner, id, absolute: false }) = text.as_deref().and_then(target)
    else {
        return Ok(None);
    };
    let idh = id_hash(look.house.vault.terms(), Kind::Practitioner, id);
    let known = store::find(tx, look.access, Kind::Practitioner, idh)?;
    Ok(known.filter(|(head, _)| !head.deleted).map(|(head, _)| head.rid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_item_of_every_list_on_the_way_is_read() {
        let text = br#"{"performer":[{"actor":{"reference":"Practitioner/a"}},{"actor":{"display":"B"}},
            {"actor":{"reference":"Practitioner/c"}}],"author":{"reference":"Practitioner/d"}}"#;
        let node = fhir::json::parse(text).unwrap();
        let at = |path: &[&str]| {
            let mut out = Vec::new();
            each(&node, path, &mut out);
            out
        };
        assert_eq!(at(&["performer", "actor"]), ["Practitioner/a", "Practitioner/c"]);
        assert_eq!(at(&["author"]), ["Practitioner/d"]);
        assert!(at(&["performer"]).is_empty() && at(&["recorder"]).is_empty());
    }
}
