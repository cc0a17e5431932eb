//! Who a patient is, and their Patient resource.

use crate::calendar::{Day, YEAR, date};
use crate::chance::Chance;
use crate::chart::{Chart, Subject};
use crate::codes::{Code, hl7_concept};
use crate::directory::{self, Field, Kind};
use crate::json::{Json, object};
use crate::names::{self, Culture, Name};
use crate::places::{self, TOWNS, Town};
use crate::{IDENTIFIER, Options, codes};

pub struct Person {
    pub name: Name,
    pub female: bool,
    pub birth: Day,
    pub culture: &'static Culture,
    pub town: &'static Town,
    /// The clinic and the doctor that look after them.
    pub organization: u32,
    pub practitioner: u32,
    /// Deviations from the median height and body mass index of their age and sex.
    pub height_z: f64,
    pub bmi_z: f64,
    pub smoking: &'static Code,
    /// How much of a treatment's full effect they get, for taking it more or less regularly.
    pub adherence: f64,
    /// The chance that an offered seasonal vaccine is taken.
    pub vaccine_trust: f64,
}

/// Share of each ten years of age in the population, 0–9 to 90–99: 2020 census of the United States, rounded to half a
/// percent (to check).
pub const AGE_SHARES: [f64; 10] = [11.5, 13.0, 13.5, 13.5, 12.5, 13.0, 12.0, 7.5, 3.0, 0.5];

pub fn draw(o: &Options, chance: &Chance) -> Person {
    let decade = chance.weighted(&AGE_SHARES);
    // From nine months on: a younger child has hardly a history.
    let age = (decade as f64).mul_add(10.0, 10.0 * chance.unit()).clamp(0.75, 98.0);
    // Women live longer: the share of women at 85 and over is about two thirds (census 2020).
    let female = chance.yes(if age >= 85.0 {
        0.65
    } else if age >= 70.0 {
        0.55
    } else {
        0.5
    });
    let culture = names::culture(chance);
    let name = names::name(chance, culture, female);
    let organization = care_organization(o, chance.int(0, i64::from(u32::MAX)) as u32);
    let field = match age {
        a if a < 18.0 => Field::Pediatrics,
        _ if chance.yes(0.6) => Field::Family,
        _ => Field::Internal,
    };
    let practitioner = directory::find(o, field, chance.int(0, i64::from(directory::practitioners(o)) - 1) as u32);
    let smoking = smoking(chance, age);
    Person {
        name,
        female,
        birth: o.today - (age * YEAR) as Day,
        culture,
        town: &TOWNS[organization as usize % TOWNS.len()],
        organization,
        practitioner,
        height_z: chance.normal(),
        bmi_z: chance.normal(),
        smoking,
        adherence: chance.between(0.55, 1.0),
        vaccine_trust: chance.between(0.2, 0.95),
    }
}

/// Eleven in a hundred adults smoke and twenty-two have stopped (CDC, National Health Interview Survey 2022, rounded;
/// to check).
fn smoking(chance: &Chance, age: f64) -> &'static Code {
    match chance.unit() {
        _ if age < 18.0 => &codes::NEVER_SMOKER,
        u if u < 0.11 => &codes::CURRENT_SMOKER,
        u if u < 0.33 && age > 25.0 => &codes::FORMER_SMOKER,
        _ => &codes::NEVER_SMOKER,
    }
}

/// Some organization that gives care.
fn care_organization(o: &Options, from: u32) -> u32 {
    let all = directory::organizations(o);
    (0..all)
        .map(|k| (from % all + k) % all)
        .find(|&i| matches!(directory::kind_of(i), Kind::Hospital | Kind::Clinic))
        .unwrap_or(0)
}

/// What the Patient resource says beyond the [`Subject`].
pub struct Identity<'a> {
    pub value: &'a str,
    pub given: Vec<&'static str>,
    pub family: &'static str,
    pub mail: String,
    pub town: &'static Town,
    pub language: (&'static str, &'static str),
    pub contact: Option<Contact>,
    pub organization: u32,
    pub practitioner: u32,
    pub married: Option<bool>,
}

pub struct Contact {
    pub given: &'static str,
    pub family: &'static str,
    pub female: bool,
    /// Code of the HL7 table of relationships: N next of kin, C emergency contact.
    pub relationship: (&'static str, &'static str),
}

pub fn subject(chance: &Chance, name: String, female: bool, birth: Day) -> Subject {
    Subject { urn: chance.urn(), name, female, birth }
}

pub fn write_patient(chart: &mut Chart, identity: &Identity) {
    let record_number = object! {
        use: "usual", type: hl7_concept("v2-0203", "MR", "Medical record number"),
        system: format!("{IDENTIFIER}patient"), value: identity.value.to_owned(),
    };
    let contact = identity.contact.as_ref().map(|contact| {
        vec![object! {
            relationship: [hl7_concept("v2-0131", contact.relationship.0, contact.relationship.1)],
            name: object! { family: contact.family, given: Json::List(vec![contact.given.into()]) },
            telecom: [object! { system: "phone", value: places::phone(&chart.chance), use: "mobile" }],
            gender: if contact.female { "female" } else { "male" },
        }]
    });
    let married = identity.married.map(|married| {
        if married {
            hl7_concept("v3-MaritalStatus", "M", "Married")
        } else {
            hl7_concept("v3-MaritalStatus", "S", "Never Married")
        }
    });
    let resource = object! {
        resourceType: "Patient",
        identifier: [record_number],
        active: true,
        name: [object! {
            use: "official", text: chart.subject.name.clone(), family: identity.family,
            given: identity.given.iter().map(|g| Json::from(*g)).collect::<Vec<_>>(),
        }],
        telecom: [
            object! { system: "phone", value: places::phone(&chart.chance), use: "mobile" },
            object! { system: "email", value: identity.mail.clone() },
        ],
        gender: if chart.subject.female { "female" } else { "male" },
        birthDate: date(chart.subject.birth),
        address: [places::address(&chart.chance, identity.town, "home")],
        maritalStatus: married,
        contact: contact,
        communication: languages(identity.language),
        generalPractitioner: [directory::practitioner_reference(chart.options, identity.practitioner)],
        managingOrganization: directory::organization_reference(chart.options, identity.organization),
    };
    chart.put_patient(format!("identifier={IDENTIFIER}patient|{}", identity.value), resource);
}

fn languages(home: (&'static str, &'static str)) -> Vec<Json> {
    let language = |code: &'static str, text: &'static str, preferred: bool| {
        object! {
            language: object! {
                coding: [object! { system: "urn:ietf:bcp:47", code: code, display: text }], text: text,
            },
            preferred: preferred,
        }
    };
    if home.0 == "en" {
        vec![language("en", "English", true)]
    } else {
        vec![language("en", "English", true), language(home.0, home.1, false)]
    }
}
