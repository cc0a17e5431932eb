//! A chart turns explicit facts ("at this visit the pressure was 148/92") into FHIR resources of one patient. It
//! decides nothing: what happens to the patient is the business of `life` and `showcase`.

pub mod clinical;
pub mod labs;
pub mod plans;
pub mod texts;
pub mod vitals;

use crate::bundle::{self, Entry};
use crate::calendar::{Day, Moment, YEAR, date_time, day_at};
use crate::chance::Chance;
use crate::codes::{Code, EMERGENCY, INPATIENT, PSYCHIATRY, hl7};
use crate::diagnoses::Diagnosis;
use crate::directory;
use crate::json::{Json, object};
use crate::{Bundle, Options};

pub struct Chart<'a> {
    pub options: &'a Options,
    pub chance: Chance,
    pub subject: Subject,
    /// Conditions and orders change until the history ends, so they are written last.
    pub problems: Vec<clinical::Problem>,
    pub orders: Vec<clinical::Order>,
    entries: Vec<Entry>,
}

pub struct Subject {
    pub urn: String,
    pub name: String,
    pub female: bool,
    pub birth: Day,
}

impl Subject {
    pub fn age_years(&self, day: Day) -> f64 {
        (day - self.birth) as f64 / YEAR
    }
}

/// A visit that is under way: what is recorded during it points at its encounter.
pub struct Visit {
    pub urn: String,
    pub start: Moment,
    pub end: Moment,
    /// When signs are taken: soon after the beginning, or before going home from a ward.
    pub measured: Moment,
    pub practitioner: u32,
    pub organization: u32,
    pub class: &'static Code,
    /// Everything recorded during the visit carries the psychiatry label.
    pub sensitive: bool,
}

impl Visit {
    pub const fn day(&self) -> Day {
        day_at(self.start)
    }
}

impl<'a> Chart<'a> {
    pub fn new(options: &'a Options, chance: Chance, subject: Subject) -> Self {
        Self { options, chance, subject, problems: Vec::new(), orders: Vec::new(), entries: Vec::with_capacity(256) }
    }

    pub fn add(&mut self, kind: &'static str, resource: Json) -> String {
        let urn = self.chance.urn();
        self.put(urn.clone(), kind, resource);
        urn
    }

    pub fn put(&mut self, urn: String, kind: &'static str, resource: Json) {
        self.entries.push(Entry { urn, kind, only_if_new: None, resource });
    }

    /// The patient goes first and is created only if the identifier is new.
    pub fn put_patient(&mut self, only_if_new: String, resource: Json) {
        let urn = self.subject.urn.clone();
        self.entries.insert(0, Entry { urn, kind: "Patient", only_if_new: Some(only_if_new), resource });
    }

    /// How many resources the bundle will have.
    pub fn len(&self) -> usize {
        self.entries.len() + self.problems.len() + self.orders.len()
    }

    pub fn subject(&self) -> Json {
        object! { reference: self.subject.urn.clone(), display: self.subject.name.clone() }
    }

    pub fn practitioner(&self, visit: &Visit) -> Json {
        directory::practitioner_reference(self.options, visit.practitioner)
    }

    pub fn organization(&self, visit: &Visit) -> Json {
        directory::organization_reference(self.options, visit.organization)
    }

    pub fn finish(mut self, name: String) -> Bundle {
        // Orders first: they look up the problem they are for.
        clinical::write_orders(&mut self);
        clinical::write_problems(&mut self);
        bundle::transaction(name, &self.entries)
    }
}

pub fn reference(urn: &str) -> Json {
    object! { reference: urn.to_owned() }
}

/// `meta` of a resource: nothing, or the psychiatry label.
pub fn meta(sensitive: bool) -> Json {
    if sensitive {
        object! { security: [PSYCHIATRY.coding()] }
    } else {
        Json::Absent
    }
}

/// What an encounter was for.
pub struct Reason<'a> {
    pub kind: &'a Code,
    pub diagnosis: Option<&'static Diagnosis>,
    /// The conditions that were looked after, most important first.
    pub conditions: &'a [String],
}

/// Writes the encounter of a visit.
pub fn encounter(chart: &mut Chart, visit: &Visit, reason: &Reason) {
    let emergency = *visit.class == EMERGENCY;
    let period = object! { start: date_time(visit.start), end: date_time(visit.end) };
    let role = hl7("v3-ParticipationType", "PPRF", "primary performer");
    let diagnoses: Vec<Json> = reason
        .conditions
        .iter()
        .enumerate()
        .map(|(i, urn)| object! { condition: reference(urn), rank: Json::integer(i as i64 + 1) })
        .collect();
    let resource = object! {
        resourceType: "Encounter",
        meta: meta(visit.sensitive),
        status: "finished",
        class: visit.class.coding(),
        type: [reason.kind.concept()],
        subject: chart.subject(),
        participant: [object! {
            type: [object! { coding: [role] }], period: period.clone(), individual: chart.practitioner(visit),
        }],
        period: period,
        reasonCode: reason.diagnosis.map(|d| vec![d.code.concept()]),
        diagnosis: diagnoses,
        hospitalization: (*visit.class == INPATIENT).then(|| object! {
            dischargeDisposition: object! { coding: [hl7("discharge-disposition", "home", "Home")] },
        }),
        location: [object! {
            location: directory::location_reference(chart.options, visit.organization, emergency),
        }],
        serviceProvider: chart.organization(visit),
    };
    chart.put(visit.urn.clone(), "Encounter", resource);
}
