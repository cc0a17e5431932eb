//! References: what they point to, and putting others in their place.

use crate::spec::{Primitive, Ty, TypeId, spec};
use crate::{Kind, Node};

/// What kind of thing a reference's text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target<'t> {
    /// `Patient/1` or `Patient/1/_history/2`, also at the end of an absolute URL of a FHIR server.
    Literal { kind: Kind, id: &'t str, absolute: bool },
    /// `Practitioner?identifier=…`, to be resolved by a search.
    Conditional { kind: Kind, query: &'t str },
    /// `urn:uuid:…` or `urn:oid:…`
    Urn,
    /// `#x`: the resource with that id inside this one; empty for this one itself.
    Contained(&'t str),
    /// Another absolute URL.
    Url,
}

/// Reads a reference; `None` when it has none of the forms R4 allows.
pub fn target(text: &str) -> Option<Target<'_>> {
    if let Some(id) = text.strip_prefix('#') {
        return (id.is_empty() || is_id(id)).then_some(Target::Contained(id));
    }
    if text.is_empty() || text.bytes().any(|b| b.is_ascii_whitespace() || b.is_ascii_control()) {
        return None;
    }
    if text.starts_with("urn:") {
        return (text.len() > 9 && (text.starts_with("urn:uuid:") || text.starts_with("urn:oid:")))
            .then_some(Target::Urn);
    }
    let absolute = has_scheme(text);
    if !absolute && let Some((kind, query)) = text.split_once('?') {
        let kind = Kind::parse(kind).filter(|_| query.contains('='))?;
        return Some(Target::Conditional { kind, query });
    }
    match literal(text) {
        Some((kind, id, alone)) if alone || absolute => Some(Target::Literal { kind, id, absolute }),
        _ => absolute.then_some(Target::Url),
    }
}

/// The type and id at the end of a path, and whether nothing stands before them.
fn literal(text: &str) -> Option<(Kind, &str, bool)> {
    let mut parts = text.rsplit('/');
    let (mut id, mut kind) = (parts.next()?, parts.next()?);
    if kind == "_history" {
        (id, kind) = (is_id(id).then(|| parts.next())??, parts.next()?);
    }
    let kind = Kind::parse(kind).filter(|_| is_id(id))?;
    Some((kind, id, parts.next().is_none()))
}

/// `http:`, `https:`, `mailto:` and the like.
fn has_scheme(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
}

/// A FHIR id: 1 to 64 letters, digits, dashes and dots.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

/// Whether a reference points to that type, or does not say what it points to.
pub(crate) fn may_point_to(text: &str, said: Option<&str>, kind: Kind) -> bool {
    match target(text) {
        Some(Target::Literal { kind: found, .. } | Target::Conditional { kind: found, .. }) => found == kind,
        Some(Target::Urn) => said.is_none_or(|said| said == kind.name()),
        // A contained resource is no resource of its own, and another URL is none of ours.
        Some(Target::Contained(_) | Target::Url) | None => false,
    }
}

/// Shows every reference of a resource and puts what is given in its place: `Reference.reference`, the `url` of an
/// Attachment, and, where they begin with `urn:`, elements of type uri, url, canonical, oid and uuid and the links of the
/// narrative, as R4's transaction rules want it (<https://hl7.org/fhir/R4/http.html#trules>). The text of an Identifier's
/// value is none of these and stays.
pub fn rewrite_references(resource: &mut Node<'_>, give: &mut dyn FnMut(&str) -> Option<String>) {
    let kind = resource.str_of("resourceType").and_then(Kind::parse);
    if let Some(id) = kind.and_then(|kind| spec().of_kind(kind)) {
        rewrite_object(id, resource, give);
    }
}

fn rewrite_object(id: TypeId, object: &mut Node<'_>, give: &mut dyn FnMut(&str) -> Option<String>) {
    let ty = spec().ty(id);
    let Node::Object(members) = object else { return };
    let mut hint = 0;
    for (name, value) in members {
        let sibling = name.strip_prefix('_');
        let Some(field) = ty.field(sibling.unwrap_or(name), &mut hint) else { continue };
        let of = match (field.ty, sibling) {
            // The other half of a primitive holds an id and extensions.
            (Ty::Primitive(_), Some(_)) => spec().named("Element").map(Ty::Object),
            (ty, _) => Some(ty),
        };
        let always = matches!((ty.name, field.name), ("Reference", "reference") | ("Attachment", "url"));
        let mut one = |value: &mut Node<'_>| match of {
            Some(Ty::Object(id)) => rewrite_object(id, value, give),
            Some(Ty::Resource) => rewrite_references(value, give),
            Some(Ty::Primitive(primitive)) => rewrite_text(primitive, always, value, give),
            None => {}
        };
        match value {
            Node::Array(items) => items.iter_mut().for_each(one),
            _ => one(value),
        }
    }
}

fn rewrite_text(of: Primitive, always: bool, value: &mut Node<'_>, give: &mut dyn FnMut(&str) -> Option<String>) {
    use Primitive::{Canonical, Oid, Uri, Url, Uuid, Xhtml};
    let Node::String(text) = value else { return };
    let replaced = match of {
        Xhtml if text.contains("\"urn:") => rewrite_links(text, give),
        Uri | Url | Canonical | Oid | Uuid if text.starts_with("urn:") => give(text),
        _ if always => give(text),
        _ => None,
    };
    if let Some(new) = replaced {
        *text = new.into();
    }
}

/// Replaces the links of a narrative: `<a href="urn:uuid:…">` and `<img src="urn:uuid:…">`.
fn rewrite_links(text: &str, give: &mut dyn FnMut(&str) -> Option<String>) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut changed) = (text, false);
    while let Some(at) = rest.find("\"urn:") {
        let (before, link) = rest.split_at(at + 1);
        let end = link.find('"')?;
        out.push_str(before);
        let is_link = before.ends_with("href=\"") || before.ends_with("src=\"");
        match give(&link[..end]).filter(|_| is_link) {
            Some(new) => {
                out.push_str(&new);
                changed = true;
            }
            None => out.push_str(&link[..end]),
        }
        rest = &link[end..];
    }
    out.push_str(rest);
    changed.then_some(out)
}

#[cfg(test)]
mod tests;
