//! A document as a DocumentReference, and back.

use crate::model::Kind;
use crate::rules::{self, Said};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

const LOINC: &str = "http://loinc.org";
/// Words of a patient's own for documents.
const TAGS: &str = "https://healthsync.dev/fhir/document-tags";

/// The file itself.
#[derive(Clone, Copy, Debug)]
pub struct FileOf<'a> {
    pub id: &'a str,
    pub patient: &'a str,
    pub name: &'a str,
    pub media_type: &'a str,
    pub size: i64,
}

/// What is shown of a DocumentReference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Described {
    pub title: Option<String>,
    pub file_name: Option<String>,
    pub kind: Option<Kind>,
    pub date: Option<String>,
    pub organization: Option<String>,
    pub tags: Vec<String>,
}

/// The resource of a new document.
pub fn new(file: FileOf<'_>, said: &Said, now: Timestamp) -> Vec<u8> {
    let FileOf { id, patient, name, media_type, size } = file;
    let mut resource = json!({
        "resourceType": "DocumentReference",
        "id": id,
        "status": "current",
        "subject": { "reference": format!("Patient/{patient}") },
        "content": [{ "attachment": {
            "contentType": media_type, "url": format!("/api/documents/{id}/content"), "size": size, "title": name,
        } }],
    });
    say(&mut resource, said, now);
    resource.to_string().into_bytes()
}

/// The same document with something else said of it.
pub fn changed(json: &[u8], said: &Said, added: Timestamp) -> Option<Vec<u8>> {
    let mut resource: Value = serde_json::from_slice(json).ok()?;
    say(&mut resource, said, added);
    Some(resource.to_string().into_bytes())
}

fn put(object: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    match value {
        Some(value) => object.insert(name.to_owned(), value),
        None => object.remove(name),
    };
}

fn say(resource: &mut Value, said: &Said, added: Timestamp) {
    let Some(object) = resource.as_object_mut() else { return };
    let kind = said.kind.as_deref().map(|code| {
        let display = rules::kind_display(code).unwrap_or(code);
        json!({ "coding": [{ "system": LOINC, "code": code, "display": display }], "text": display })
    });
    put(object, "type", kind);
    put(object, "description", said.title.as_deref().map(Value::from));
    // Who wrote it is known as a name only: whoever added it is in the history, and in the log.
    put(
        object,
        "author",
        said.organization.as_deref().map(|name| json!([{ "type": "Organization", "display": name }])),
    );
    // The timeline and the dates of a grant go by the day that the document is of.
    let date = said.date.as_ref().map_or_else(|| added.to_rfc3339(), |day| format!("{day}T00:00:00Z"));
    put(object, "date", Some(date.into()));
    if let Some(attachment) = object.get_mut("content").and_then(|c| c.pointer_mut("/0/attachment")?.as_object_mut()) {
        put(attachment, "creation", said.date.as_deref().map(Value::from));
    }
    let meta = object.entry("meta").or_insert_with(|| json!({}));
    let Some(meta) = meta.as_object_mut() else { return };
    let mut tags = match meta.remove("tag") {
        Some(Value::Array(tags)) => tags,
        _ => Vec::new(),
    };
    tags.retain(|tag| tag["system"] != TAGS);
    tags.extend(said.tags.iter().map(|tag| json!({ "system": TAGS, "code": tag })));
    put(meta, "tag", Some(tags.into()).filter(|tags: &Value| tags.as_array().is_some_and(|tags| !tags.is_empty())));
    if meta.is_empty() {
        object.remove("meta");
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    value.and_then(Value::as_str).map(str::to_owned)
}

/// Reads what is shown; a resource that a program of others wrote may lack any of it.
pub fn described(json: &[u8]) -> Described {
    let Ok(resource) = serde_json::from_slice::<Value>(json) else { return Described::default() };
    let code = text(resource.pointer("/type/coding/0/code"));
    let kind = code.map(|code| Kind {
        display: text(resource.pointer("/type/coding/0/display"))
            .or_else(|| text(resource.pointer("/type/text")))
            .unwrap_or_else(|| code.clone()),
        code,
    });
    let tags = resource.pointer("/meta/tag").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    Described {
        title: text(resource.get("description")),
        file_name: text(resource.pointer("/content/0/attachment/title")),
        kind,
        date: text(resource.pointer("/content/0/attachment/creation")).and_then(|day| day.get(..10).map(str::to_owned)),
        organization: text(resource.pointer("/author/0/display")),
        tags: tags.iter().filter(|tag| tag["system"] == TAGS).filter_map(|tag| text(tag.get("code"))).collect(),
    }
}

impl Described {
    /// What was said, in the form that can be said again.
    pub fn said(self) -> Said {
        let kind = self.kind.map(|kind| kind.code).filter(|code| rules::kind_display(code).is_some());
        Said { title: self.title, kind, date: self.date, organization: self.organization, tags: self.tags }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said() -> Said {
        Said {
            title: Some("Blood count".into()),
            kind: Some("11502-2".into()),
            date: Some("2026-03-04".into()),
            organization: Some("City Laboratory".into()),
            tags: vec!["heart".into(), "two words".into()],
        }
    }

    const FILE: FileOf<'_> =
        FileOf { id: "d1", patient: "p1", name: "cbc.pdf", media_type: "application/pdf", size: 1234 };

    #[test]
    fn a_document_is_valid_fhir_and_reads_back_as_it_was_said() {
        let json = new(FILE, &said(), Timestamp(0));
        let node = fhir::json::parse(&json).unwrap();
        fhir::validate(&node).unwrap();
        let described = described(&json);
        assert_eq!(described.file_name.as_deref(), Some("cbc.pdf"));
        assert_eq!(described.said(), said());
    }

    #[test]
    fn what_is_taken_back_is_gone_and_what_others_wrote_stays() {
        let mut written: Value = serde_json::from_slice(&new(FILE, &said(), Timestamp(0))).unwrap();
        written["meta"]["tag"].as_array_mut().unwrap().push(json!({ "system": "x", "code": "theirs" }));
        let json = changed(written.to_string().as_bytes(), &Said::default(), Timestamp(0)).unwrap();
        fhir::validate(&fhir::json::parse(&json).unwrap()).unwrap();
        let back: Value = serde_json::from_slice(&json).unwrap();
        assert_eq!(back["meta"]["tag"], json!([{ "system": "x", "code": "theirs" }]));
        assert_eq!(described(&json).said(), Said::default());
        assert_eq!(back["date"], "1970-01-01T00:00:00.000Z");
    }
}
