//! Checks a resource against R4's element table.
//!
//! Deliberately absent: invariants written in FHIRPath, profiles, and codes beyond R4's required bindings.

mod element;
mod primitive;
mod reference;

use crate::spec::{Type, TypeId, spec};
use crate::{Kind, Node};
use kernel::Issue;
use std::borrow::Cow;
use std::fmt::Write;

/// More findings than this help nobody.
const ISSUES_MAX: usize = 50;

/// Checks a whole resource and says what it is, or everything that is wrong with it, at most 50 findings.
pub fn validate(resource: &Node<'_>) -> Result<Kind, Vec<Issue>> {
    let mut checker = Checker { issues: Vec::new(), contained: Vec::new() };
    let kind = checker.resource(resource, None, Place::Whole);
    match kind {
        Some(kind) if checker.issues.is_empty() => Ok(kind),
        _ => Err(checker.issues),
    }
}

/// Checks part of a resource against the type of that name, with the path it lies at.
pub(crate) fn validate_frame(name: &str, node: &Node<'_>, path: &str, issues: &mut Vec<Issue>) {
    let Some(id) = spec().named(name) else { return };
    let mut checker = Checker { issues: Vec::new(), contained: Vec::new() };
    let form = if Kind::parse(name).is_some() { Form::Resource } else { Form::Part };
    checker.object(id, node, &Path { parent: None, name: path, index: None }, form);
    let room = ISSUES_MAX.saturating_sub(issues.len());
    issues.extend(checker.issues.into_iter().take(room));
}

/// Where a resource stands.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// On its own, or in a bundle or parameters.
    Whole,
    Contained,
}

/// What kind of JSON object is checked.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    /// It says its resourceType.
    Resource,
    Element,
    /// An element of which some members were taken out before.
    Part,
}

struct Checker<'n> {
    issues: Vec<Issue>,
    /// The ids and types of the resources contained in the one at hand, sorted: what `#id` can mean.
    contained: Vec<(&'n str, Option<Kind>)>,
}

/// The way to an element, written out only when something is wrong with it.
struct Path<'p> {
    parent: Option<&'p Path<'p>>,
    name: &'p str,
    index: Option<usize>,
}

impl<'p> Path<'p> {
    const fn child(&'p self, name: &'p str) -> Self {
        Path { parent: Some(self), name, index: None }
    }

    const fn at(&self, index: usize) -> Self {
        Path { parent: self.parent, name: self.name, index: Some(index) }
    }

    fn write(&self, out: &mut String) {
        if let Some(parent) = self.parent {
            parent.write(out);
            out.push('.');
        }
        out.push_str(self.name);
        if let Some(index) = self.index {
            let _ = write!(out, "[{index}]");
        }
    }
}

impl<'n> Checker<'n> {
    fn report(&mut self, code: &'static str, path: &Path<'_>, text: impl Into<String>) {
        if self.issues.len() < ISSUES_MAX {
            let mut written = String::new();
            path.write(&mut written);
            self.issues.push(Issue::new(code, written, text));
        }
    }

    /// Checks a resource by the type it says. Without a path it is the outermost.
    fn resource(&mut self, node: &'n Node<'n>, path: Option<&Path<'_>>, place: Place) -> Option<Kind> {
        let said = node.str_of("resourceType");
        let kind = said.and_then(Kind::parse);
        let root = Path { parent: None, name: kind.map_or("resourceType", Kind::name), index: None };
        let path = path.unwrap_or(&root);
        let Some((kind, id)) = kind.and_then(|kind| Some((kind, spec().of_kind(kind)?))) else {
            let text = match (node, said) {
                (Node::Object(_), None) => "A resource says its type in resourceType.",
                (Node::Object(_), Some(_)) => "The resourceType is not a resource type of R4.",
                _ => "A resource is a JSON object.",
            };
            self.report(if said.is_some() { "value" } else { "structure" }, path, text);
            return None;
        };
        match place {
            Place::Whole => {
                let inner = self.contained_ids(node, path);
                let outer = std::mem::replace(&mut self.contained, inner);
                self.object(id, node, path, Form::Resource);
                self.contained = outer;
            }
            Place::Contained => {
                if node.get("contained").is_some() {
                    self.report("structure", &path.child("contained"), "A contained resource contains no others.");
                }
                if node.get("id").is_none() {
                    self.report("required", &path.child("id"), "A contained resource has an id to be referred to by.");
                }
                self.object(id, node, path, Form::Resource);
            }
        }
        Some(kind)
    }

    fn contained_ids(&mut self, node: &'n Node<'n>, path: &Path<'_>) -> Vec<(&'n str, Option<Kind>)> {
        let id_and_kind =
            |one: &'n Node<'n>| Some((one.str_of("id")?, one.str_of("resourceType").and_then(Kind::parse)));
        let mut found: Vec<_> = node.array_of("contained").iter().filter_map(id_and_kind).collect();
        found.sort_unstable();
        if found.windows(2).any(|pair| pair[0].0 == pair[1].0) {
            self.report("value", &path.child("contained"), "Two contained resources have the same id.");
        }
        found
    }

    /// Names the unknown members of an object that has more than its type can have.
    fn crowd(&mut self, ty: &Type, members: &[(Cow<'n, str>, Node<'n>)], path: &Path<'_>, form: Form) {
        let mut hint = 0;
        for (name, _) in members {
            if self.issues.len() == ISSUES_MAX {
                return;
            }
            let of_resource = form == Form::Resource && name == "resourceType";
            if !of_resource && ty.field(name.strip_prefix('_').unwrap_or(name), &mut hint).is_none() {
                self.unknown(ty, name, path);
            }
        }
    }

    /// Checks a value that is a JSON object by its type.
    fn object(&mut self, id: TypeId, node: &'n Node<'n>, path: &Path<'_>, form: Form) {
        let ty = spec().ty(id);
        let Node::Object(members) = node else {
            return self.report("structure", path, format!("A JSON object ({}) was expected.", ty.name));
        };
        // Rule ele-1 of R4: an element has a value or children, and an id alone is neither.
        if form == Form::Element && members.iter().all(|(name, _)| name == "id") {
            return self.report("required", path, "An empty element is left out.");
        }
        // Names are there once. To look for the other half of each among more of them than R4 has would take as long as somebody
        // likes; some of them are unknown, and that is said.
        if members.len() > 2 * ty.fields.len() + 1 {
            return self.crowd(ty, members, path, form);
        }
        let mut seen = 0_u128;
        let mut hint = 0;
        for (name, value) in members {
            if self.issues.len() == ISSUES_MAX {
                return;
            }
            let plain = name.strip_prefix('_').unwrap_or(name);
            let Some(field) = ty.field(plain, &mut hint) else {
                if !(form == Form::Resource && name == "resourceType") {
                    self.unknown(ty, name, path);
                }
                continue;
            };
            let bit = 1 << field.element;
            if seen & bit != 0 && ty.elements[usize::from(field.element)].choice {
                self.chosen_twice(ty, field, plain, members, path);
            }
            seen |= bit;
            if plain.len() == name.len() {
                self.member(field, value, members, &path.child(name));
            } else {
                self.sibling(field, value, members, &path.child(name));
            }
        }
        let missing = ty.required & !seen;
        if missing != 0 {
            self.missing(ty, missing, path);
        }
        if ty.name == "Extension" {
            self.extension(members, path);
        }
    }
}

#[cfg(test)]
mod shared_data;
#[cfg(test)]
mod tests;
