//! When a resource happened, and whose it is.

use super::extract::{Term, Value, dates, run};
use super::program::Take;
use super::{ParamKind, of};
use crate::date::Span;
use crate::reference::may_point_to;
use crate::{Kind, Node};
use std::borrow::Cow;
use std::collections::HashSet;

/// The elements that say when something happened, the best first; a choice is named by its stem. The order follows what R4
/// says of each: when it was true of the patient before when it was written down.
const fn dated_by(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::AdverseEvent => &["date", "detected", "recordedDate"],
        Kind::AllergyIntolerance => &["onset", "recordedDate", "lastOccurrence"],
        Kind::Appointment => &["start", "requestedPeriod", "created"],
        Kind::AppointmentResponse => &["start"],
        Kind::AuditEvent => &["period", "recorded"],
        Kind::CarePlan => &["period", "created"],
        Kind::ChargeItem => &["occurrence", "enteredDate"],
        Kind::Claim | Kind::ExplanationOfBenefit => &["billablePeriod", "created"],
        Kind::ClinicalImpression => &["effective", "date"],
        Kind::Communication => &["sent", "received"],
        Kind::CommunicationRequest | Kind::DeviceRequest | Kind::ServiceRequest => &["occurrence", "authoredOn"],
        Kind::Condition => &["onset", "recordedDate"],
        Kind::Consent => &["dateTime"],
        Kind::CareTeam | Kind::Coverage | Kind::Encounter | Kind::EpisodeOfCare | Kind::Flag => &["period"],
        Kind::DetectedIssue => &["identified"],
        Kind::DeviceUseStatement => &["timing", "recordedOn"],
        Kind::DiagnosticReport | Kind::Observation => &["effective", "issued"],
        Kind::Composition | Kind::DocumentReference | Kind::FamilyMemberHistory | Kind::List => &["date"],
        Kind::DocumentManifest | Kind::ClaimResponse | Kind::PaymentNotice => &["created"],
        Kind::Goal => &["start", "statusDate"],
        Kind::GuidanceResponse => &["occurrenceDateTime"],
        Kind::ImagingStudy => &["started"],
        Kind::Immunization => &["occurrence", "recorded"],
        Kind::Media => &["created", "issued"],
        Kind::MedicationAdministration => &["effective"],
        Kind::MedicationDispense => &["whenHandedOver", "whenPrepared"],
        Kind::MedicationRequest => &["authoredOn"],
        Kind::MedicationStatement => &["effective", "dateAsserted"],
        Kind::NutritionOrder => &["dateTime"],
        Kind::Procedure => &["performed"],
        Kind::Provenance => &["occurred", "recorded"],
        Kind::QuestionnaireResponse | Kind::RequestGroup => &["authored", "authoredOn"],
        Kind::RiskAssessment | Kind::SupplyDelivery => &["occurrence"],
        Kind::SupplyRequest | Kind::Task => &["authoredOn"],
        Kind::Specimen => &["receivedTime"],
        Kind::VisionPrescription => &["dateWritten", "created"],
        _ => &[],
    }
}

/// The clinical date of a resource as a half-open span of UTC milliseconds. A type without one of its own is dated by its
/// first date parameter; where nothing says a date there is none.
pub fn primary_date(kind: Kind, resource: &Node<'_>) -> Option<Span> {
    let stems = dated_by(kind);
    if stems.is_empty() {
        let first = of(kind).params.iter().find(|p| p.kind == ParamKind::Date && p.name != "_lastUpdated")?;
        let mut terms = Vec::new();
        run(&of(kind).program, resource, &mut terms);
        return terms.into_iter().find_map(|term| match term.value {
            Value::Date { lo, hi } if term.param == first.code => Some((lo, hi)),
            _ => None,
        });
    }
    stems.iter().find_map(|stem| {
        let at_stem = |name: &str| {
            Some(match name.strip_prefix(stem)? {
                "" | "DateTime" | "Date" | "Instant" => Take::Date,
                "Period" => Take::Period,
                "Timing" => Take::Timing,
                _ => return None,
            })
        };
        resource.members().iter().find_map(|(name, value)| match (at_stem(name)?, value) {
            (Take::Date, Node::Object(_)) => dates(Take::Period, value),
            (how, _) => dates(how, value),
        })
    })
}

/// The references that put a resource in a patient's compartment by R4's definition of it, `subject` and `patient` before
/// the others, each once. A reference that does not say its type (`urn:uuid:…`) is among them. A Patient is in its own
/// compartment, which no reference says.
pub fn patient_refs<'n>(kind: Kind, resource: &'n Node<'_>) -> Vec<&'n str> {
    let mut terms: Vec<Term<'n>> = Vec::new();
    run(&of(kind).compartment, resource, &mut terms);
    // The number of a compartment's term is the place of its parameter.
    terms.sort_by_key(|term| term.param);
    let literal = |term: Term<'n>| match term.value {
        Value::Reference(Cow::Borrowed(text)) if may_point_to(text, None, Kind::Patient) => Some(text),
        _ => None,
    };
    let mut seen = HashSet::new();
    terms.into_iter().filter_map(literal).filter(|text| seen.insert(*text)).collect()
}
