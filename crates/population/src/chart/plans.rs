//! Plans and teams of care.

use super::{Chart, Visit, meta, reference};
use crate::calendar::date;
use crate::codes::snomed;
use crate::directory;
use crate::json::{Json, object};

/// What patient and clinic set out to do about one problem.
pub fn care_plan(chart: &mut Chart, visit: &Visit, title: &'static str, problem: usize, activities: &[&'static str]) {
    let (condition, sensitive) = {
        let problem = &chart.problems[problem];
        (problem.urn.clone(), problem.diagnosis.sensitive)
    };
    let category = object! { coding: [object! {
        system: "http://hl7.org/fhir/us/core/CodeSystem/careplan-category", code: "assess-plan",
        display: "Assessment and Plan of Treatment",
    }] };
    let activity = |text: &&'static str| {
        object! {
            detail: object! { code: object! { text: *text }, status: "in-progress", description: *text },
        }
    };
    let activities: Vec<Json> = activities.iter().map(activity).collect();
    let resource = object! {
        resourceType: "CarePlan",
        meta: meta(sensitive),
        status: "active",
        intent: "plan",
        category: [category],
        title: title,
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        period: object! { start: date(visit.day()) },
        created: date(visit.day()),
        author: chart.practitioner(visit),
        addresses: [reference(&condition)],
        activity: activities,
    };
    chart.add("CarePlan", resource);
}

/// Who looks after the patient, each with the organization they do it for.
pub fn care_team(chart: &mut Chart, visit: &Visit, members: &[u32]) {
    let options = chart.options;
    let participants: Vec<Json> = members
        .iter()
        .map(|&member| {
            object! {
                role: [object! { coding: [snomed("223366009", "Healthcare professional").coding()] }],
                member: directory::practitioner_reference(options, member),
                onBehalfOf: directory::organization_reference(options, directory::workplace_of(options, member)),
            }
        })
        .collect();
    let longitudinal = object! { coding: [object! {
        system: "http://loinc.org", code: "LA28865-6", display: "Longitudinal care-coordination focused care team",
    }] };
    let resource = object! {
        resourceType: "CareTeam",
        status: "active",
        category: [longitudinal],
        name: format!("Care team of {}", chart.subject.name),
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        period: object! { start: date(visit.day()) },
        participant: participants,
        managingOrganization: [chart.organization(visit)],
    };
    chart.add("CareTeam", resource);
}
