//! The Appointment as FHIR: made, confirmed, read.

use crate::model::{Appointment, Kind, Party, Status};
use crate::rules::Wish;
use consent::body::display_name;
use fhir::Node;
use serde_json::{Value, from_value};

const MODES: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

/// Who an appointment brings together, by their FHIR ids and names.
#[derive(Clone, Debug)]
pub struct Between<'b> {
    pub patient: (&'b str, Option<&'b str>),
    pub doctor: (&'b str, Option<&'b str>),
}

/// A new Appointment. What was only asked for waits for the doctor's word.
pub fn new(id: &str, between: &Between<'_>, wish: &Wish, kind: Kind, status: Status) -> Vec<u8> {
    let text = |text: &str| Node::from(text.to_owned());
    let booked = status == Status::Booked;
    let participant = |reference: String, display: Option<&str>, accepted: bool| {
        let mut actor = Node::object([("reference", Node::from(reference))]);
        if let Some(display) = display {
            actor.set("display", text(display));
        }
        Node::object([
            ("actor", actor),
            ("required", text("required")),
            ("status", text(if accepted { "accepted" } else { "needs-action" })),
        ])
    };
    let (code, display) = match kind {
        Kind::InPerson => ("AMB", "ambulatory"),
        Kind::Online => ("VR", "virtual"),
    };
    let coding = Node::object([("system", text(MODES)), ("code", text(code)), ("display", text(display))]);
    let mut resource = Node::object([
        ("resourceType", text("Appointment")),
        ("id", text(id)),
        ("status", text(if booked { "booked" } else { "proposed" })),
        ("appointmentType", Node::object([("coding", Node::Array(vec![coding]))])),
        ("start", Node::from(wish.start.to_rfc3339())),
        ("end", Node::from(wish.end.to_rfc3339())),
    ]);
    if let Some(reason) = &wish.reason {
        resource.set("description", text(reason));
    }
    let participants = vec![
        participant(format!("Patient/{}", between.patient.0), between.patient.1, true),
        participant(format!("Practitioner/{}", between.doctor.0), between.doctor.1, booked),
    ];
    resource.set("participant", Node::Array(participants));
    resource.to_bytes()
}

/// The same Appointment, to which the doctor said yes.
pub fn booked(json: &[u8]) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    value["status"] = "booked".into();
    for participant in value["participant"].as_array_mut()? {
        participant["status"] = "accepted".into();
    }
    serde_json::to_vec(&value).ok()
}

/// The same Appointment, for the reason that is said now.
pub fn reworded(json: &[u8], wish: &Wish) -> Option<Vec<u8>> {
    let mut value: Value = serde_json::from_slice(json).ok()?;
    value["description"] = wish.reason.clone()?.into();
    serde_json::to_vec(&value).ok()
}

/// An Appointment as it is shown. Names are those that were written into it.
pub fn shown(json: &[u8]) -> Option<Appointment> {
    let node = fhir::json::parse(json).ok()?;
    let id = node.str_of("id")?.to_owned();
    let status: Status = from_value(Value::String(node.str_of("status")?.to_owned())).ok()?;
    let codings = node.get("appointmentType").map_or(&[][..], |kind| kind.array_of("coding"));
    let online = codings.iter().any(|coding| coding.str_of("code") == Some("VR"));
    let text = |name: &str| node.str_of(name).map(str::to_owned);
    Some(Appointment {
        link: format!("/fhir/Appointment/{id}"),
        id,
        status,
        start: text("start"),
        end: text("end"),
        kind: if online { Kind::Online } else { Kind::InPerson },
        patient: party(&node, "Patient/"),
        doctor: party(&node, "Practitioner/"),
        reason: text("description"),
    })
}

fn party(appointment: &Node<'_>, kind: &str) -> Option<Party> {
    let actors = appointment.array_of("participant").iter().filter_map(|p| p.get("actor"));
    let of = |actor: &Node<'_>| {
        let id = actor.str_of("reference")?.strip_prefix(kind)?.to_owned();
        Some(Party { id, name: actor.str_of("display").map(str::to_owned) })
    };
    actors.into_iter().find_map(of)
}

/// What a Patient is called, for whoever may see it.
pub fn name_of(patient: &[u8]) -> Option<String> {
    let node = fhir::json::parse(patient).ok()?;
    Some(display_name(&node)).filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    #[test]
    fn what_is_made_is_valid_and_reads_as_it_was_meant() {
        let start = Timestamp::parse("2026-11-23T08:00:00Z").unwrap();
        let wish = Wish { start, end: start.plus_ms(600_000), reason: Some("Quoted \"reason\"".to_owned()) };
        let between = Between { patient: ("p1", None), doctor: ("d1", Some("Dr Mira")) };
        let json = new("a1", &between, &wish, Kind::Online, Status::Proposed);
        assert!(fhir::validate(&fhir::json::parse(&json).unwrap()).is_ok());
        let read = shown(&json).unwrap();
        assert_eq!((read.status, read.kind), (Status::Proposed, Kind::Online));
        assert_eq!(read.reason.as_deref(), Some("Quoted \"reason\""));
        assert_eq!(read.doctor, Some(Party { id: "d1".into(), name: Some("Dr Mira".into()) }));
        let confirmed = booked(&json).unwrap();
        assert!(fhir::validate(&fhir::json::parse(&confirmed).unwrap()).is_ok());
        assert_eq!(shown(&confirmed).unwrap().status, Status::Booked);
        assert!(!String::from_utf8(confirmed).unwrap().contains("needs-action"));
    }
}
