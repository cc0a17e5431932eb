//! Walking the entries of a bundle: reading each, resolving what it refers to, finding whose record it belongs to.

use super::Want;
use super::links::Links;
use super::transaction::Place;
use crate::error::Error;
use crate::model::{Owner, Prepared};
use crate::{change, prepare, resolve};
use consent::Access;
use consent::access::is_directory;
use db::Tx;
use fhir::reference::{self, Target};
use fhir::{Kind, Node};
use kernel::{Issue, Problem};
use ledger::House;
use std::collections::HashMap;
use std::sync::Arc;
use vault::{DataKey, FreshKey};

/// State while the entries are walked.
pub struct Walk<'w> {
    pub house: &'w House,
    pub access: &'w Access,
    pub links: Links,
    /// `Type/id` of what this bundle creates or changes: always a valid target.
    pub inside: HashMap<String, usize>,
    /// The data keys of patients this bundle creates, by the place of their entry among the prepared.
    pub fresh: HashMap<String, (usize, Arc<DataKey>)>,
    pub issues: Vec<Issue>,
}

impl Walk<'_> {
    pub fn fault(&mut self, index: usize, path: &str, error: Error) {
        for issue in Vec::<Issue>::from(error) {
            let inside = if issue.path.is_empty() { String::new() } else { format!(" ({})", issue.path) };
            let text = format!("{}{inside}", issue.text);
            self.issues.push(Issue::new(issue.code, format!("Bundle.entry[{index}].{path}"), text));
        }
    }

    /// Parses, validates and resolves one entry; faults are noted and give `None`.
    pub fn read<'b>(
        &mut self,
        tx: &mut Tx<'_>,
        index: usize,
        kind: Kind,
        bytes: &'b [u8],
    ) -> Result<Option<Node<'b>>, Error> {
        let (found, mut node) = match prepare::parse(bytes) {
            Ok(parsed) => parsed,
            Err(problem) => {
                self.issues.extend(prepare::inside_entry(index, problem.issues));
                return Ok(None);
            }
        };
        if found != kind {
            let text = format!("The address says {}, the resource is a {}.", kind.name(), found.name());
            self.issues.push(Issue::new("value", format!("Bundle.entry[{index}].resource.resourceType"), text));
            return Ok(None);
        }
        self.resolve(tx, index, &mut node)?;
        let inside = &self.inside;
        let known = |text: &str| inside.contains_key(text);
        match resolve::check_references(tx, self.house, self.access, &mut node, &known) {
            Ok(()) => {}
            Err(Error::Problem(problem)) => self.issues.extend(prepare::inside_entry(index, problem.issues)),
            Err(error) => return Err(error),
        }
        Ok(Some(node))
    }

    /// Writes `Type/id` in the place of urn:uuid and conditional references.
    fn resolve(&mut self, tx: &mut Tx<'_>, index: usize, node: &mut Node<'_>) -> Result<(), Error> {
        let mut conditions = Vec::new();
        let mut unknown = Vec::new();
        let links = &self.links;
        reference::rewrite_references(node, &mut |text| match links.get(text) {
            Some(target) => Some(target.clone()),
            None => {
                match reference::target(text) {
                    Some(Target::Conditional { .. }) => conditions.push(text.to_owned()),
                    Some(Target::Urn) if text.starts_with("urn:uuid:") => unknown.push(text.to_owned()),
                    _ => {}
                }
                None
            }
        });
        for text in unknown {
            let text = format!("The reference {text} is no fullUrl of this bundle.");
            self.issues.push(Issue::new("not-found", format!("Bundle.entry[{index}].resource"), text));
        }
        if conditions.is_empty() {
            return Ok(());
        }
        for text in conditions {
            if self.links.get(&text).is_some() {
                continue;
            }
            let Some(Target::Conditional { kind, query }) = reference::target(&text) else { continue };
            match self.links.ask(tx, self.house, self.access, kind, query) {
                Ok(Some(target)) => self.links.know(&text, target),
                Ok(None) => {
                    let text = format!("The reference {text} is met by nothing that you can see.");
                    self.issues.push(Issue::new("not-found", format!("Bundle.entry[{index}].resource"), text));
                }
                Err(error) => self.fault(index, "resource", error),
            }
        }
        let links = &self.links;
        reference::rewrite_references(node, &mut |text| links.get(text).cloned());
        Ok(())
    }

    /// Whose record an entry belongs to, and the key it is sealed with.
    pub fn owner(
        &mut self,
        tx: &mut Tx<'_>,
        kind: Kind,
        node: &Node<'_>,
        location: &str,
        patient: Option<i64>,
    ) -> Result<(Owner, Arc<DataKey>), Error> {
        let owner = self.owner_of(tx, kind, node, location)?;
        if let Some(patient) = patient {
            let owner = if kind == Kind::Patient { Owner::Patient(patient) } else { owner };
            let record = if let Owner::Patient(rid) = owner { rid } else { 0 };
            if record != patient || matches!(owner, Owner::Entry(_)) {
                return Err(Problem::unprocessable(vec![Issue::new(
                    "value",
                    kind.name(),
                    "An entry cannot be moved to another record.",
                )])
                .into());
            }
            return Ok((owner, self.house.vault.key(tx, record)?));
        }
        let key = match owner {
            Owner::Entry(at) => {
                let fresh = self.fresh.values().find(|(place, _)| *place == at).map(|(_, key)| Arc::clone(key));
                fresh.ok_or_else(Problem::internal)?
            }
            Owner::Patient(rid) => self.house.vault.key(tx, rid)?,
            Owner::None => self.house.vault.key(tx, vault::DIRECTORY)?,
        };
        Ok((owner, key))
    }

    fn owner_of(&self, tx: &mut Tx<'_>, kind: Kind, node: &Node<'_>, location: &str) -> Result<Owner, Error> {
        if kind == Kind::Patient {
            return Ok(self.fresh.get(location).map_or(Owner::None, |(at, _)| Owner::Entry(*at)));
        }
        if is_directory(kind) {
            return Ok(Owner::None);
        }
        let first = change::patient_ref(kind, node);
        // What names no patient at all (a Medication) belongs to the record of the one patient the bundle brings.
        let sole = || if self.fresh.len() == 1 { self.fresh.values().next() } else { None };
        if let Some((at, _)) = first.map_or_else(sole, |text| self.fresh.get(text)) {
            return Ok(Owner::Entry(*at));
        }
        change::owner(tx, self.house, self.access, kind, node)
    }
}

/// Tells the other entries what the fullUrl of this one leads to.
pub fn link(walk: &mut Walk<'_>, index: usize, full_url: Option<&str>, want: &Want, place: &Place) {
    let (Want::Create { kind, .. } | Want::Put { kind, .. } | Want::Delete { kind, .. }) = want else { return };
    let location = match place {
        Place::Write { id, .. } => format!("{}/{id}", kind.name()),
        Place::Exists { location } => location.clone(),
        _ => return,
    };
    if matches!(place, Place::Write { .. }) && walk.inside.insert(location.clone(), index).is_some() {
        let text = format!("{location} is in this bundle twice.");
        walk.issues.push(Issue::new("invariant", format!("Bundle.entry[{index}].request.url"), text));
    }
    if let Want::Create { kind, unless: Some(condition) } = want {
        walk.links.know(&condition_text(*kind, condition), location.clone());
    }
    if let Some(full_url) = full_url {
        walk.links.know(full_url, location);
    }
}

/// A condition as a conditional reference would write it.
pub fn condition_text(kind: Kind, condition: &str) -> String {
    format!("{}?{condition}", kind.name())
}

/// While preparing, an owner inside the bundle is known by its entry; the store counts what is written.
pub fn place_patients(prepared: &mut [Prepared], keys: &mut [(usize, FreshKey)], position: &HashMap<usize, usize>) {
    let at = |entry: usize| position.get(&entry).copied().unwrap_or(entry);
    for prepared in prepared {
        if let Owner::Entry(entry) = prepared.owner {
            prepared.owner = Owner::Entry(at(entry));
        }
    }
    for (entry, _) in keys {
        *entry = at(*entry);
    }
}
