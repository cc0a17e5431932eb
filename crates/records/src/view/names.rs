//! Who and what references stand for, looked up once per request. Only what the caller may see gets a name.

use super::words;
use super::{Look, found};
use crate::error::Error;
use crate::index::id_hash;
use crate::model::Stored;
use crate::store;
use consent::{Columns, body::display_name};
use db::{Sql, Tx};
use fhir::reference::{Target, target};
use fhir::{Kind, Node};
use std::collections::HashMap;
use std::rc::Rc;

/// What was looked up before.
#[derive(Default)]
pub struct Names {
    named: HashMap<String, Option<String>>,
    read: HashMap<(Kind, i64), Option<Rc<Stored>>>,
}

/// A resource by a reference in a body, if there is one here that the caller may see.
pub fn read(tx: &mut Tx<'_>, look: &mut Look<'_>, reference: &str) -> Result<Option<Rc<Stored>>, Error> {
    let Some(Target::Literal { kind, id, absolute: false }) = target(reference) else { return Ok(None) };
    let idh = id_hash(look.house.vault.terms(), kind, id);
    if let Some(known) = look.names.read.get(&(kind, idh)) {
        return Ok(known.clone());
    }
    let stored = match store::find(tx, look.access, kind, idh)? {
        Some((head, sealed)) if !head.deleted => Some(Rc::new(store::open(tx, look.house, &head, &sealed)?)),
        _ => None,
    };
    look.names.read.insert((kind, idh), stored.clone());
    Ok(stored)
}

/// The name behind a Reference: as it was written, else as the target is called now.
pub fn name(
    tx: &mut Tx<'_>,
    look: &mut Look<'_>,
    resource: &Node<'_>,
    reference: &Node<'_>,
) -> Result<Option<String>, Error> {
    if let Some(display) = words::text_of(reference, "display") {
        return Ok(Some(words::plain(display)));
    }
    let Some(text) = reference.str_of("reference") else { return Ok(None) };
    if let Some(id) = text.strip_prefix('#') {
        return Ok(resource.array_of("contained").iter().find(|c| c.str_of("id") == Some(id)).and_then(called));
    }
    if let Some(known) = look.names.named.get(text) {
        return Ok(known.clone());
    }
    let name = match read(tx, look, text)? {
        Some(stored) => called(&found::parse(&stored)?),
        None => None,
    };
    look.names.named.insert(text.to_owned(), name.clone());
    Ok(name)
}

/// The name behind the reference at a path; the first of a list counts.
pub fn at(tx: &mut Tx<'_>, look: &mut Look<'_>, resource: &Node<'_>, path: &[&str]) -> Result<Option<String>, Error> {
    match resource.at(path) {
        Some(reference) => name(tx, look, resource, reference),
        None => Ok(None),
    }
}

/// The name behind a reference that stands by itself.
pub fn named(tx: &mut Tx<'_>, look: &mut Look<'_>, reference: &str) -> Result<Option<String>, Error> {
    let node = Node::object([("reference", reference.to_owned().into())]);
    name(tx, look, &Node::Null, &node)
}

/// What a resource is called when another points to it.
fn called(resource: &Node<'_>) -> Option<String> {
    let name = display_name(resource);
    if !name.is_empty() {
        return Some(name);
    }
    let first = |names: &[&str]| names.iter().find_map(|name| words::concept_of(resource, name));
    let device = || resource.at(&["deviceName", "name"]).and_then(Node::as_str).map(str::to_owned);
    first(&["code", "vaccineCode", "medicationCodeableConcept"]).or_else(device).or_else(|| first(&["type"]))
}

/// A directory entry by its number.
pub fn by_number(tx: &mut Tx<'_>, look: &Look<'_>, rid: i64) -> Result<Option<Stored>, Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(store::HEAD).push(", r.body FROM resource r WHERE r.state = 0 AND r.rid = ").int(rid).push(" AND ");
    look.access.restrict(&mut sql, &Columns::RESOURCE);
    let row = tx.rows(&sql, |row| Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec())))?.pop();
    row.map(|(head, sealed)| store::open(tx, look.house, &head, &sealed)).transpose()
}
