//! From bytes to a row: everything that can be done before the queue of writes is done here, on the caller's thread.

use crate::error::Error;
use crate::index::{Rows, id_hash};
use crate::model::{Owner, Prepared};
use consent::{UNDATED, marks};
use fhir::{Kind, Node};
use kernel::{Issue, Problem, Timestamp};
use ledger::House;
use std::borrow::Cow;
use vault::{Aad, DataKey};

/// Parses and validates a body that came from outside.
pub fn parse(bytes: &[u8]) -> Result<(Kind, Node<'_>), Problem> {
    let node = fhir::json::parse(bytes).map_err(|issue| {
        let text = issue.text.clone();
        Problem::bad_request(text).with_issues(vec![issue])
    })?;
    let kind = fhir::validate(&node).map_err(Problem::unprocessable)?;
    Ok((kind, node))
}

/// The place a body is sealed for.
pub const fn place(kind: Kind, idh: i64, version: i64) -> Aad {
    Aad::new("resource", idh, kind.code(), version)
}

/// What the server says about a version, in the order it is written.
pub struct Stamp<'s> {
    pub id: &'s str,
    pub version: i64,
    pub updated: Timestamp,
    /// A tag to add, `(system, code)`.
    pub tag: Option<(&'static str, &'static str)>,
}

/// Writes id and meta into the resource: `resourceType`, `id` and `meta` come first, so that they are found fast.
pub fn stamp(node: &mut Node<'_>, kind: Kind, stamp: &Stamp<'_>) {
    let mut meta = match node.remove("meta") {
        Some(Node::Object(members)) => Node::Object(members),
        _ => Node::Object(Vec::new()),
    };
    node.remove("id");
    node.remove("resourceType");
    meta.remove("versionId");
    meta.remove("lastUpdated");
    if let Node::Object(members) = &mut meta {
        members.insert(0, (Cow::Borrowed("versionId"), Node::String(Cow::Owned(stamp.version.to_string()))));
        members.insert(1, (Cow::Borrowed("lastUpdated"), Node::String(Cow::Owned(stamp.updated.to_rfc3339()))));
    }
    if let Some((system, code)) = stamp.tag {
        add_tag(&mut meta, system, code);
    }
    if let Node::Object(members) = node {
        members.insert(0, (Cow::Borrowed("resourceType"), Node::String(Cow::Borrowed(kind.name()))));
        members.insert(1, (Cow::Borrowed("id"), Node::String(Cow::Owned(stamp.id.to_owned()))));
        members.insert(2, (Cow::Borrowed("meta"), meta));
    }
}

fn add_tag(meta: &mut Node<'_>, system: &'static str, code: &'static str) {
    let there =
        meta.array_of("tag").iter().any(|t| t.str_of("system") == Some(system) && t.str_of("code") == Some(code));
    if there {
        return;
    }
    let mut tags = match meta.remove("tag") {
        Some(Node::Array(tags)) => tags,
        _ => Vec::new(),
    };
    tags.push(Node::object([
        ("system", Node::String(Cow::Borrowed(system))),
        ("code", Node::String(Cow::Borrowed(code))),
    ]));
    meta.set("tag", Node::Array(tags));
}

/// The same content but for what the server itself writes (id, version, time)? Then an update would change nothing.
pub fn same_content(old: &[u8], new: &Node<'_>) -> bool {
    let Ok(mut old) = fhir::json::parse(old) else { return false };
    let mut new = new.clone();
    for node in [&mut old, &mut new] {
        node.remove("id");
        if let Some(meta) = node.get_mut("meta") {
            meta.remove("versionId");
            meta.remove("lastUpdated");
            if meta.members().is_empty() {
                node.remove("meta");
            }
        }
    }
    old.members().len() == new.members().len() && old.members().iter().all(|(name, value)| new.get(name) == Some(value))
}

/// Stamps, indexes, packs and seals. References must be resolved. Gives the JSON as stored as well.
pub fn prepare(
    house: &House,
    key: &DataKey,
    kind: Kind,
    mut node: Node<'_>,
    owner: Owner,
    replaces: Option<(i64, i64)>,
    stamp_with: &Stamp<'_>,
) -> Result<(Prepared, Vec<u8>), Error> {
    stamp(&mut node, kind, stamp_with);
    let terms = house.vault.terms();
    let idh = id_hash(terms, kind, stamp_with.id);
    let rows = Rows::of(terms, kind, &node);
    let mut json = Vec::with_capacity(2048);
    node.write(&mut json);
    let sealed = key.seal(&*house.rng, &place(kind, idh, stamp_with.version), &vault::pack(&json))?;
    let prepared = Prepared {
        kind,
        id: stamp_with.id.to_owned(),
        idh,
        replaces,
        version: stamp_with.version,
        updated: stamp_with.updated,
        owner,
        time: fhir::search::primary_date(kind, &node).map_or(UNDATED, |(lo, _)| lo),
        marks: marks::marks(kind, &node),
        rows,
        sealed,
    };
    Ok((prepared, json))
}

/// An issue whose path lies inside an entry of a bundle: `Bundle.entry[3].resource.ofType(Observation).status`.
pub fn inside_entry(index: usize, issues: Vec<Issue>) -> Vec<Issue> {
    let inside = |issue: Issue| {
        let rest = issue.path.split_once('.').map_or(String::new(), |(_, rest)| format!(".{rest}"));
        Issue { path: format!("Bundle.entry[{index}].resource{rest}"), ..issue }
    };
    issues.into_iter().map(inside).collect()
}
