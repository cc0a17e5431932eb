//! Documents as they stand in a file: transactions, and resources on their own.

use serde::Deserialize;
use serde_json::value::RawValue;
use std::borrow::Cow;

/// One thing to be taken in.
#[derive(Clone, Debug)]
pub struct Document {
    pub json: Vec<u8>,
    kind: Kind,
    place: String,
}

#[derive(Clone, Debug)]
enum Kind {
    /// A batch or transaction, with its number of entries.
    Bundle(u64),
    /// A resource, with `Type` or `Type/id`.
    Resource(String),
}

#[derive(Deserialize)]
struct Peek<'d> {
    #[serde(rename = "resourceType", borrow)]
    resource_type: Option<Cow<'d, str>>,
    #[serde(borrow)]
    id: Option<Cow<'d, str>>,
    #[serde(borrow)]
    r#type: Option<&'d RawValue>,
    #[serde(borrow, default)]
    entry: Vec<PeekEntry<'d>>,
}

#[derive(Deserialize)]
struct PeekEntry<'d> {
    #[serde(borrow)]
    resource: Option<&'d RawValue>,
}

impl Document {
    pub const fn is_bundle(&self) -> bool {
        matches!(self.kind, Kind::Bundle(_))
    }

    pub const fn entries(&self) -> u64 {
        match self.kind {
            Kind::Bundle(entries) => entries,
            Kind::Resource(_) => 1,
        }
    }

    /// Where in its file it stands; empty when it is the whole of it.
    pub fn place(&self) -> &str {
        &self.place
    }
}

/// Tells what a text is. A batch or transaction stays whole; other bundles are cut into their resources. What is no
/// resource at all goes on as it is: the reason is then found where all others are.
pub fn documents_of(text: &[u8], place: &str, each: &mut impl FnMut(Document)) {
    let whole = |kind| Document { json: text.to_vec(), kind, place: place.to_owned() };
    let Ok(peek) = serde_json::from_slice::<Peek<'_>>(text) else {
        // Nothing can be said of its entries; as a bundle it is handed over unchanged and refused with its reason.
        each(whole(Kind::Bundle(0)));
        return;
    };
    let kind = peek.resource_type.as_deref().unwrap_or_default();
    if kind != "Bundle" {
        each(whole(match peek.id {
            Some(id) if !kind.is_empty() => Kind::Resource(format!("{kind}/{id}")),
            _ if kind.is_empty() => Kind::Bundle(0),
            _ => Kind::Resource(kind.to_owned()),
        }));
        return;
    }
    if matches!(peek.r#type.map(RawValue::get), Some("\"transaction\"" | "\"batch\"") | None) {
        each(whole(Kind::Bundle(peek.entry.len() as u64)));
        return;
    }
    for (index, entry) in peek.entry.iter().enumerate() {
        if let Some(resource) = entry.resource {
            let place = format!("{place}{}entry[{index}]", if place.is_empty() { "" } else { " " });
            documents_of(resource.get().as_bytes(), &place, each);
        }
    }
}

/// Resources as a transaction: each put under its own id, or created when it has none.
pub fn wrapped(resources: &[Document]) -> Vec<u8> {
    let mut out = br#"{"resourceType":"Bundle","type":"transaction","entry":["#.to_vec();
    for (index, document) in resources.iter().enumerate() {
        let Kind::Resource(address) = &document.kind else { continue };
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(br#"{"resource":"#);
        out.extend_from_slice(document.json.trim_ascii());
        let method = if address.contains('/') { "PUT" } else { "POST" };
        let request = serde_json::json!({ "method": method, "url": address });
        out.extend_from_slice(format!(r#","request":{request}}}"#).as_bytes());
    }
    out.extend_from_slice(b"]}");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<Document> {
        let mut out = Vec::new();
        documents_of(text.as_bytes(), "", &mut |document| out.push(document));
        out
    }

    #[test]
    fn a_transaction_stays_whole_and_a_collection_is_cut() {
        let entries =
            r#""entry":[{"resource":{"resourceType":"Patient","id":"a"}},{"resource":{"resourceType":"Observation"}}]"#;
        let transaction = of(&format!(r#"{{"resourceType":"Bundle","type":"transaction",{entries}}}"#));
        assert_eq!((transaction.len(), transaction[0].entries()), (1, 2));
        let collection = of(&format!(r#"{{"resourceType":"Bundle","type":"collection",{entries}}}"#));
        assert_eq!(collection.len(), 2);
        assert_eq!(collection[1].place(), "entry[1]");
        let text = String::from_utf8(wrapped(&collection)).unwrap();
        assert!(text.contains(r#""request":{"method":"PUT","url":"Patient/a"}"#), "{text}");
        assert!(text.contains(r#""request":{"method":"POST","url":"Observation"}"#), "{text}");
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
    }

    #[test]
    fn what_is_no_resource_is_handed_on_to_be_refused_with_its_reason() {
        for text in ["{", "[]", "{\"a\":1}", "{\"resourceType\":7}"] {
            let documents = of(text);
            assert_eq!(documents.len(), 1, "{text}");
            assert!(documents[0].is_bundle(), "{text}");
        }
    }
}
