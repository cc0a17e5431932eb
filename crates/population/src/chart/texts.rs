//! Texts: visit notes as reports with a presented form, letters as documents.

use super::{Chart, Visit, meta, reference};
use crate::calendar::date_time;
use crate::codes::Code;
use crate::json::{Json, object};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

fn attachment(title: String, text: &str, moment: i64) -> Json {
    object! {
        contentType: "text/plain; charset=utf-8",
        language: "en",
        data: STANDARD.encode(text),
        size: Json::integer(text.len() as i64),
        title: title,
        creation: date_time(moment),
    }
}

/// A visit note: a DiagnosticReport whose text is its presented form, as US Core has it for notes.
pub fn note(chart: &mut Chart, visit: &Visit, kind: &Code, text: &str) {
    let resource = object! {
        resourceType: "DiagnosticReport",
        meta: meta(visit.sensitive),
        status: "final",
        category: [kind.concept()],
        code: kind.concept(),
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        effectiveDateTime: date_time(visit.start),
        issued: date_time(visit.end),
        performer: [chart.practitioner(visit), chart.organization(visit)],
        presentedForm: [attachment(kind.text.to_owned(), text, visit.end)],
    };
    chart.add("DiagnosticReport", resource);
}

/// A letter about the patient.
pub fn letter(chart: &mut Chart, visit: &Visit, kind: &Code, title: &str, text: &str) {
    let category = object! {
        coding: [object! {
            system: "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category",
            code: "clinical-note", display: "Clinical Note",
        }],
    };
    let resource = object! {
        resourceType: "DocumentReference",
        meta: meta(visit.sensitive),
        status: "current",
        docStatus: "final",
        type: kind.concept(),
        category: [category],
        subject: chart.subject(),
        date: date_time(visit.end),
        author: [chart.practitioner(visit)],
        custodian: chart.organization(visit),
        description: title.to_owned(),
        content: [object! { attachment: attachment(title.to_owned(), text, visit.end) }],
        context: object! {
            encounter: [reference(&visit.urn)],
            period: object! { start: date_time(visit.start), end: date_time(visit.end) },
        },
    };
    chart.add("DocumentReference", resource);
}
