//! Problems, medicines, allergies, vaccinations and procedures.

use super::{Chart, Visit, meta, reference};
use crate::calendar::{Day, date, date_time, day_at};
use crate::codes::{Code, ICD10, UCUM, hl7, hl7_concept, snomed};
use crate::diagnoses::Diagnosis;
use crate::directory;
use crate::drugs::Drug;
use crate::json::{Json, object};
use crate::vaccines;

pub struct Problem {
    pub urn: String,
    pub diagnosis: &'static Diagnosis,
    pub onset: Day,
    pub resolved: Option<Day>,
    /// Kept on the problem list, rather than noted for one visit.
    pub lasting: bool,
    encounter: String,
    recorded: Day,
    practitioner: u32,
}

pub fn diagnose(chart: &mut Chart, visit: &Visit, diagnosis: &'static Diagnosis, onset: Day, lasting: bool) -> usize {
    let urn = chart.chance.urn();
    chart.problems.push(Problem {
        urn,
        diagnosis,
        onset,
        resolved: None,
        lasting,
        encounter: visit.urn.clone(),
        recorded: visit.day(),
        practitioner: visit.practitioner,
    });
    chart.problems.len() - 1
}

pub fn write_problems(chart: &mut Chart) {
    for problem in std::mem::take(&mut chart.problems) {
        let diagnosis = problem.diagnosis;
        let (status, text) = if problem.resolved.is_some() { ("resolved", "Resolved") } else { ("active", "Active") };
        let (category, category_text) = if problem.lasting {
            ("problem-list-item", "Problem List Item")
        } else {
            ("encounter-diagnosis", "Encounter Diagnosis")
        };
        let icd10 = object! { system: ICD10, code: diagnosis.icd10 };
        let resource = object! {
            resourceType: "Condition",
            meta: meta(diagnosis.sensitive),
            clinicalStatus: hl7_concept("condition-clinical", status, text),
            verificationStatus: hl7_concept("condition-ver-status", "confirmed", "Confirmed"),
            category: [hl7_concept("condition-category", category, category_text)],
            code: object! { coding: [diagnosis.code.coding(), icd10], text: diagnosis.code.text },
            subject: chart.subject(),
            encounter: reference(&problem.encounter),
            onsetDateTime: date(problem.onset),
            abatementDateTime: problem.resolved.map(date),
            recordedDate: date(problem.recorded),
            recorder: directory::practitioner_reference(chart.options, problem.practitioner),
        };
        chart.put(problem.urn, "Condition", resource);
    }
}

pub struct Order {
    pub urn: String,
    pub drug: &'static Drug,
    pub start: Day,
    pub end: Option<(Day, Ending)>,
    /// The problem it is for.
    pub problem: Option<usize>,
    moment: i64,
    encounter: String,
    practitioner: u32,
    /// The order that this one renews.
    prior: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Completed,
    /// Replaced or given up before its time.
    Stopped,
}

pub fn order(chart: &mut Chart, visit: &Visit, drug: &'static Drug, problem: Option<usize>) -> usize {
    let urn = chart.chance.urn();
    chart.orders.push(Order {
        urn,
        drug,
        start: day_at(visit.end),
        end: None,
        problem,
        moment: visit.end,
        encounter: visit.urn.clone(),
        practitioner: visit.practitioner,
        prior: None,
    });
    chart.orders.len() - 1
}

/// A fresh order for the same medicine; the old one is complete.
pub fn renew(chart: &mut Chart, visit: &Visit, index: usize) -> usize {
    let (drug, problem, prior) =
        (chart.orders[index].drug, chart.orders[index].problem, chart.orders[index].urn.clone());
    chart.orders[index].end = Some((visit.day(), Ending::Completed));
    let renewed = order(chart, visit, drug, problem);
    chart.orders[renewed].prior = Some(prior);
    renewed
}

pub fn write_orders(chart: &mut Chart) {
    for order in std::mem::take(&mut chart.orders) {
        let problem = order.problem.map(|i| &chart.problems[i]);
        let sensitive = problem.is_some_and(|p| p.diagnosis.sensitive);
        let reason = problem.map(|p| vec![reference(&p.urn)]);
        let status = match order.end {
            None => "active",
            Some((_, Ending::Completed)) => "completed",
            Some((_, Ending::Stopped)) => "stopped",
        };
        let resource = object! {
            resourceType: "MedicationRequest",
            meta: meta(sensitive),
            status: status,
            intent: "order",
            category: [hl7_concept("medicationrequest-category", "community", "Community")],
            medicationCodeableConcept: order.drug.code.concept(),
            subject: chart.subject(),
            encounter: reference(&order.encounter),
            authoredOn: date_time(order.moment),
            requester: directory::practitioner_reference(chart.options, order.practitioner),
            reasonReference: reason,
            dosageInstruction: [dosage(order.drug, order.start, order.end.map(|(day, _)| day))],
            priorPrescription: order.prior.as_deref().map(reference),
        };
        chart.put(order.urn, "MedicationRequest", resource);
    }
}

fn dosage(drug: &Drug, start: Day, end: Option<Day>) -> Json {
    // UCUM knows millilitres and units; tablets and puffs are annotations.
    let unit = match drug.unit {
        "mL" => "mL",
        "U" => "[iU]",
        "tablet" => "{tablet}",
        "capsule" => "{capsule}",
        "puff" => "{puff}",
        _ => "{spray}",
    };
    object! {
        sequence: Json::integer(1),
        text: drug.directions,
        timing: object! { repeat: object! {
            boundsPeriod: object! { start: date(start), end: end.map(date) },
            frequency: Json::integer(drug.times_a_day), period: Json::integer(1), periodUnit: "d",
        } },
        asNeededBoolean: drug.as_needed,
        route: drug.route.concept(),
        doseAndRate: [object! {
            type: object! { coding: [hl7("dose-rate-type", "ordered", "Ordered")] },
            doseQuantity: object! { value: Json::integer(drug.dose), unit: drug.unit, system: UCUM, code: unit },
        }],
    }
}

/// To what, how it shows, and how bad it can get.
pub struct Allergy {
    pub code: Code,
    pub category: &'static str,
    pub criticality: &'static str,
    pub reaction: (Code, &'static str),
}

pub fn allergy(chart: &mut Chart, visit: &Visit, allergy: &Allergy, onset: Day) {
    let reaction = object! { manifestation: [allergy.reaction.0.concept()], severity: allergy.reaction.1 };
    let resource = object! {
        resourceType: "AllergyIntolerance",
        clinicalStatus: hl7_concept("allergyintolerance-clinical", "active", "Active"),
        verificationStatus: hl7_concept("allergyintolerance-verification", "confirmed", "Confirmed"),
        type: "allergy",
        category: Json::List(vec![allergy.category.into()]),
        criticality: allergy.criticality,
        code: allergy.code.concept(),
        patient: chart.subject(),
        encounter: reference(&visit.urn),
        onsetDateTime: date(onset),
        recordedDate: date(visit.day()),
        recorder: chart.practitioner(visit),
        reaction: [reaction],
    };
    chart.add("AllergyIntolerance", resource);
}

/// That somebody asked and there is none, which is not the same as nobody having asked.
pub fn no_known_allergy(chart: &mut Chart, visit: &Visit) {
    let none = snomed("716186003", "No known allergy");
    let resource = object! {
        resourceType: "AllergyIntolerance",
        clinicalStatus: hl7_concept("allergyintolerance-clinical", "active", "Active"),
        verificationStatus: hl7_concept("allergyintolerance-verification", "confirmed", "Confirmed"),
        code: none.concept(),
        patient: chart.subject(),
        encounter: reference(&visit.urn),
        recordedDate: date(visit.day()),
        recorder: chart.practitioner(visit),
    };
    chart.add("AllergyIntolerance", resource);
}

pub fn immunize(chart: &mut Chart, visit: &Visit, vaccine: &Code, dose: Option<i64>) {
    let left = chart.chance.yes(0.5);
    let (site, site_text) = if left { ("LA", "left arm") } else { ("RA", "right arm") };
    let (route, route_text) = vaccines::route(vaccine);
    let resource = object! {
        resourceType: "Immunization",
        status: "completed",
        vaccineCode: vaccine.concept(),
        patient: chart.subject(),
        encounter: reference(&visit.urn),
        occurrenceDateTime: date_time(visit.end - 2),
        primarySource: true,
        location: directory::location_reference(chart.options, visit.organization, false),
        lotNumber: format!("{}{:04}", chart.chance.pick(&["A", "C", "F", "K", "R", "T"]), chart.chance.int(0, 9_999)),
        site: (route != "PO").then(|| hl7_concept("v3-ActSite", site, site_text)),
        route: hl7_concept("v3-RouteOfAdministration", route, route_text),
        performer: [object! {
            function: object! { coding: [hl7("v2-0443", "AP", "Administering Provider")] },
            actor: chart.practitioner(visit),
        }],
        protocolApplied: dose.map(|n| vec![object! { doseNumberPositiveInt: Json::integer(n) }]),
    };
    chart.add("Immunization", resource);
}

pub fn procedure(chart: &mut Chart, visit: &Visit, code: &Code, problem: Option<usize>, minutes: i64) {
    let reason = problem.map(|i| vec![reference(&chart.problems[i].urn)]);
    let resource = object! {
        resourceType: "Procedure",
        meta: meta(visit.sensitive),
        status: "completed",
        code: code.concept(),
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        performedPeriod: object! { start: date_time(visit.start), end: date_time((visit.start + minutes).min(visit.end)) },
        performer: [object! { actor: chart.practitioner(visit), onBehalfOf: chart.organization(visit) }],
        reasonReference: reason,
    };
    chart.add("Procedure", resource);
}
