//! Finding what a name or an id stands for.

use crate::error::Error;
use crate::index::id_hash;
use crate::store;
use consent::Access;
use db::Tx;
use fhir::{Kind, Node, reference};
use kernel::{Id, Issue, Problem, id};
use ledger::House;

/// The patient of a logical id, if the caller can see their record. 404 otherwise, whatever the reason.
pub fn patient(tx: &mut Tx<'_>, house: &House, access: &Access, id: &str) -> Result<Id<id::Patient>, Error> {
    let idh = id_hash(house.vault.terms(), Kind::Patient, id);
    match store::find(tx, access, Kind::Patient, idh)? {
        Some((head, _)) if !head.deleted => Ok(Id::new(head.rid)),
        _ => Err(Problem::not_found().into()),
    }
}

/// The logical id of the patient somebody names: by the id itself, or by an identifier (`value` or `system|value`) that
/// only one patient has. `None` when it names nobody the caller can see.
pub fn named_patient(tx: &mut Tx<'_>, house: &House, access: &Access, name: &str) -> Result<Option<String>, Error> {
    match patient(tx, house, access, name) {
        Ok(_) => return Ok(Some(name.to_owned())),
        Err(Error::Problem(_)) => {}
        Err(error) => return Err(error),
    }
    let pairs = [("identifier".to_owned(), name.to_owned())];
    let Ok(query) = crate::search::parse(Kind::Patient, &pairs) else { return Ok(None) };
    let found = crate::search::matching(tx, house, access, &query, 2)?;
    match found.as_slice() {
        [(_, sealed, head)] => Ok(Some(store::open(tx, house, head, sealed)?.id().to_owned())),
        [] => Ok(None),
        _ => {
            Err(Problem::conflict("More than one Patient has this identifier: name the one you mean by its id.").into())
        }
    }
}

/// The row number of a directory entry, such as an Organization.
pub fn directory(tx: &mut Tx<'_>, house: &House, access: &Access, kind: Kind, id: &str) -> Result<Option<i64>, Error> {
    let idh = id_hash(house.vault.terms(), kind, id);
    Ok(store::find(tx, access, kind, idh)?.filter(|(head, _)| !head.deleted).map(|(head, _)| head.rid))
}

/// Checks that every relative reference of a resource leads somewhere the caller may point at.
pub fn check_references(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    node: &mut Node<'_>,
    known: &dyn Fn(&str) -> bool,
) -> Result<(), Error> {
    let mut nowhere = Vec::new();
    let mut failed = None;
    reference::rewrite_references(node, &mut |text| {
        if failed.is_some() || known(text) {
            return None;
        }
        if let Some(reference::Target::Literal { kind, id, absolute: false }) = reference::target(text) {
            match store::target(tx, access, kind, id_hash(house.vault.terms(), kind, id)) {
                Ok(Some(_)) => {}
                Ok(None) => nowhere.push(text.to_owned()),
                Err(error) => failed = Some(error),
            }
        }
        None
    });
    if let Some(error) = failed {
        return Err(error);
    }
    if nowhere.is_empty() {
        return Ok(());
    }
    let issues = nowhere
        .into_iter()
        .map(|text| {
            let path = place_of(node, &text).unwrap_or_else(|| node.str_of("resourceType").unwrap_or("").to_owned());
            Issue::new("not-found", path, format!("The reference {text} leads to nothing that you can see."))
        })
        .collect();
    Err(Problem::unprocessable(issues).into())
}

/// The FHIRPath of the first element that holds this reference.
fn place_of(node: &Node<'_>, text: &str) -> Option<String> {
    fn search(node: &Node<'_>, path: &str, text: &str) -> Option<String> {
        if node.str_of("reference") == Some(text) {
            return Some(format!("{path}.reference"));
        }
        let deeper = |(name, value): (&str, &Node<'_>)| match value {
            Node::Array(items) => {
                items.iter().enumerate().find_map(|(i, item)| search(item, &format!("{path}.{name}[{i}]"), text))
            }
            Node::Object(_) => search(value, &format!("{path}.{name}"), text),
            _ => None,
        };
        node.members().iter().map(|(name, value)| (name.as_ref(), value)).find_map(deeper)
    }
    search(node, node.str_of("resourceType")?, text)
}
