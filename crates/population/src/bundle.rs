//! Puts resources into a FHIR transaction.

use crate::Bundle;
use crate::json::{Json, object};

pub struct Entry {
    /// `urn:uuid:…`, by which other entries of the bundle point here.
    pub urn: String,
    pub kind: &'static str,
    /// A search that must find nothing for the entry to be created (`ifNoneExist`).
    pub only_if_new: Option<String>,
    pub resource: Json,
}

pub fn transaction(name: String, entries: &[Entry]) -> Bundle {
    // A resource takes a little over a kilobyte, so one allocation is usually enough.
    let mut json = String::with_capacity(64 + entries.len() * 1_400);
    json.push_str(r#"{"resourceType":"Bundle","type":"transaction","entry":["#);
    for (i, entry) in entries.iter().enumerate() {
        if i > 0 {
            json.push(',');
        }
        json.push_str(r#"{"fullUrl":""#);
        json.push_str(&entry.urn);
        json.push_str(r#"","resource":"#);
        entry.resource.write(&mut json);
        json.push_str(r#","request":"#);
        object! { method: "POST", url: entry.kind, ifNoneExist: entry.only_if_new.clone() }.write(&mut json);
        json.push('}');
    }
    json.push_str("]}");
    Bundle { name, json }
}
