//! A bundle read in one pass: its frame is kept, its resources stay text until each is parsed on its own.
//!
//! An 11 MB history therefore costs its text and some hundred bytes per entry, not a tree of the whole.

use crate::json::{Fail, Node, Reader};
use crate::validate::validate_frame;
use kernel::Issue;
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BundleType {
    Document,
    Message,
    Transaction,
    TransactionResponse,
    Batch,
    BatchResponse,
    History,
    Searchset,
    Collection,
}

impl BundleType {
    const ALL: [(&'static str, Self); 9] = [
        ("document", Self::Document),
        ("message", Self::Message),
        ("transaction", Self::Transaction),
        ("transaction-response", Self::TransactionResponse),
        ("batch", Self::Batch),
        ("batch-response", Self::BatchResponse),
        ("history", Self::History),
        ("searchset", Self::Searchset),
        ("collection", Self::Collection),
    ];

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, value)| *value)
    }

    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, value)| *value == self).map_or("", |(name, _)| name)
    }
}

/// The HTTP verb of an entry's request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    pub fn parse(text: &str) -> Option<Self> {
        Some(match text {
            "GET" => Self::Get,
            "HEAD" => Self::Head,
            "POST" => Self::Post,
            "PUT" => Self::Put,
            "PATCH" => Self::Patch,
            "DELETE" => Self::Delete,
            _ => return None,
        })
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Bundle<'a> {
    pub kind: BundleType,
    /// What the bundle says beside its entries: `id`, `meta`, `identifier`, `timestamp`, `total`, `link`, …
    pub frame: Node<'a>,
    pub entries: Vec<Entry<'a>>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry<'a> {
    pub full_url: Option<Cow<'a, str>>,
    /// The text of the resource: one JSON value by the grammar, but not yet searched for duplicate names nor validated.
    pub resource: Option<&'a [u8]>,
    /// Absent when the entry has no request.
    pub method: Option<Method>,
    pub url: Option<Cow<'a, str>>,
    pub if_none_exist: Option<Cow<'a, str>>,
    pub if_match: Option<Cow<'a, str>>,
    pub if_none_match: Option<Cow<'a, str>>,
    pub if_modified_since: Option<Cow<'a, str>>,
    /// `match`, `include` or `outcome`.
    pub search_mode: Option<Cow<'a, str>>,
    /// The status line of a response entry.
    pub status: Option<Cow<'a, str>>,
}

/// More names than a bundle or an entry has, with their other halves. Each is compared with all before it.
const FRAME_MAX: usize = 64;
const CROWDED: &str = "this object has more names than R4 has for it";

/// Reads a bundle and checks its frame as strictly as a resource; the entries' resources are left to the caller.
pub fn parse(input: &[u8]) -> Result<Bundle<'_>, Vec<Issue>> {
    let mut reader = Reader::new(input).map_err(|issue| vec![issue])?;
    let mut issues = Vec::new();
    let mut frame = Vec::new();
    let mut entries: Option<Vec<Entry<'_>>> = None;
    let read = reader.object(|reader, key| {
        if frame.len() == FRAME_MAX {
            return reader.fail(CROWDED);
        }
        if frame.iter().any(|(name, _)| *name == key) || (key == "entry" && entries.is_some()) {
            return reader.fail("this name was given before in the same object");
        }
        if key != "entry" {
            frame.push((key, reader.value()?));
            return Ok(());
        }
        let mut list = Vec::new();
        reader.array(|reader, index| {
            list.push(entry(reader, index, &mut issues)?);
            Ok(())
        })?;
        if list.is_empty() {
            issues.push(Issue::new("required", "Bundle.entry", "Leave an empty list out."));
        }
        entries = Some(list);
        Ok(())
    });
    if let Err(fail) = read.and_then(|()| reader.end()) {
        return Err(vec![fail.key("Bundle").into_issue(input)]);
    }
    let frame = Node::Object(frame);
    validate_frame("Bundle", &frame, "Bundle", &mut issues);
    if frame.str_of("resourceType") != Some("Bundle") {
        issues.insert(0, Issue::new("value", "Bundle.resourceType", "A Bundle was expected."));
    }
    let kind = frame.str_of("type").and_then(BundleType::parse);
    match kind {
        Some(kind) if issues.is_empty() => Ok(Bundle { kind, frame, entries: entries.unwrap_or_default() }),
        None if issues.is_empty() => Err(vec![Issue::new("value", "Bundle.type", "A bundle type of R4 was expected.")]),
        _ => Err(issues),
    }
}

fn entry<'a>(reader: &mut Reader<'a>, index: usize, issues: &mut Vec<Issue>) -> Result<Entry<'a>, Box<Fail>> {
    let mut frame: Vec<(Cow<'a, str>, Node<'a>)> = Vec::new();
    let mut resource = None;
    reader.object(|reader, key| {
        if frame.len() == FRAME_MAX {
            return reader.fail(CROWDED);
        }
        if frame.iter().any(|(name, _)| *name == key) || (key == "resource" && resource.is_some()) {
            return reader.fail("this name was given before in the same object");
        }
        if key == "resource" {
            resource = Some(reader.skip()?);
        } else {
            frame.push((key, reader.value()?));
        }
        Ok(())
    })?;
    let mut frame = Node::Object(frame);
    let path = format!("Bundle.entry[{index}]");
    if resource.is_some_and(|text| !text.starts_with('{')) {
        issues.push(Issue::new("structure", format!("{path}.resource"), "A resource is a JSON object."));
    }
    validate_frame("Bundle.entry", &frame, &path, issues);
    if resource.is_none() && frame.members().iter().all(|(name, _)| name == "id") {
        issues.push(Issue::new("required", path, "An empty element is left out."));
    }
    let mut request = frame.remove("request").unwrap_or(Node::Null);
    let mut response = frame.remove("response").unwrap_or(Node::Null);
    let mut search = frame.remove("search").unwrap_or(Node::Null);
    Ok(Entry {
        full_url: take(&mut frame, "fullUrl"),
        resource: resource.map(str::as_bytes),
        method: request.str_of("method").and_then(Method::parse),
        url: take(&mut request, "url"),
        if_none_exist: take(&mut request, "ifNoneExist"),
        if_match: take(&mut request, "ifMatch"),
        if_none_match: take(&mut request, "ifNoneMatch"),
        if_modified_since: take(&mut request, "ifModifiedSince"),
        search_mode: take(&mut search, "mode"),
        status: take(&mut response, "status"),
    })
}

fn take<'a>(from: &mut Node<'a>, key: &str) -> Option<Cow<'a, str>> {
    match from.remove(key) {
        Some(Node::String(text)) => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
