//! The directory: organizations with their locations, and practitioners with their roles. Who works where follows from
//! the numbers alone, so that a history can name its doctor without the directory having been made.

use crate::chance::{Chance, Stream};
use crate::codes::{Code, hl7_concept, nucc, role, snomed};
use crate::json::{Json, object};
use crate::names;
use crate::places::{self, TOWNS};
use crate::{Bundle, IDENTIFIER, Options, bundle};

/// What an organization is for. Care is given in the first two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Hospital,
    Clinic,
    Diagnostics,
    Pharmacy,
}

/// The kinds repeat in this order, so that even a small directory has one of each that a patient looks for.
const KINDS: [Kind; 8] = [
    Kind::Hospital,
    Kind::Clinic,
    Kind::Clinic,
    Kind::Diagnostics,
    Kind::Clinic,
    Kind::Pharmacy,
    Kind::Clinic,
    Kind::Clinic,
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Family,
    Pediatrics,
    Internal,
    Cardiology,
    Endocrinology,
    Pulmonology,
    Psychiatry,
    Obstetrics,
    Emergency,
    Orthopedics,
    Nephrology,
    Neurology,
}

/// Fields repeat in this order: the first five practitioners can already run a practice with an emergency room.
const FIELDS: [Field; 16] = [
    Field::Family,
    Field::Internal,
    Field::Pediatrics,
    Field::Emergency,
    Field::Obstetrics,
    Field::Family,
    Field::Cardiology,
    Field::Internal,
    Field::Endocrinology,
    Field::Pulmonology,
    Field::Psychiatry,
    Field::Pediatrics,
    Field::Orthopedics,
    Field::Family,
    Field::Nephrology,
    Field::Neurology,
];

impl Field {
    /// The specialty of the NUCC health care provider taxonomy, and of SNOMED CT where R4's practice codes have one.
    fn codes(self) -> (Code, Option<Code>) {
        match self {
            Self::Family => (nucc("207Q00000X", "Family Medicine"), Some(snomed("394814009", "General practice"))),
            Self::Pediatrics => (nucc("208000000X", "Pediatrics"), None),
            Self::Internal => (nucc("207R00000X", "Internal Medicine"), Some(snomed("394802001", "General medicine"))),
            Self::Cardiology => (nucc("207RC0000X", "Cardiovascular Disease"), Some(snomed("394579002", "Cardiology"))),
            Self::Endocrinology => (nucc("207RE0101X", "Endocrinology"), Some(snomed("394583002", "Endocrinology"))),
            Self::Pulmonology => {
                (nucc("207RP1001X", "Pulmonary Disease"), Some(snomed("418112009", "Pulmonary medicine")))
            }
            Self::Psychiatry => (nucc("2084P0800X", "Psychiatry"), Some(snomed("394587001", "Psychiatry"))),
            Self::Obstetrics => {
                (nucc("207V00000X", "Obstetrics & Gynecology"), Some(snomed("394585009", "Obstetrics and gynecology")))
            }
            Self::Emergency => (nucc("207P00000X", "Emergency Medicine"), None),
            Self::Orthopedics => {
                (nucc("207X00000X", "Orthopaedic Surgery"), Some(snomed("394801008", "Trauma and orthopedics")))
            }
            Self::Nephrology => (nucc("207RN0300X", "Nephrology"), Some(snomed("394589003", "Nephrology"))),
            Self::Neurology => (nucc("2084N0400X", "Neurology"), Some(snomed("394591006", "Neurology"))),
        }
    }
}

/// A directory has at least one organization and one practitioner, or no history could say who cared for whom.
pub fn organizations(o: &Options) -> u32 {
    o.organizations.max(1)
}

pub fn practitioners(o: &Options) -> u32 {
    o.practitioners.max(1)
}

pub fn kind_of(organization: u32) -> Kind {
    KINDS[organization as usize % KINDS.len()]
}

pub fn field_of(practitioner: u32) -> Field {
    FIELDS[practitioner as usize % FIELDS.len()]
}

/// Where a practitioner works. Emergency physicians are at a hospital, everybody else wherever care is given.
pub fn workplace_of(o: &Options, practitioner: u32) -> u32 {
    let wanted = |k: Kind| match field_of(practitioner) {
        Field::Emergency => k == Kind::Hospital,
        _ => matches!(k, Kind::Hospital | Kind::Clinic),
    };
    let all = organizations(o);
    let start = practitioner % all;
    (0..all).map(|k| (start + k) % all).find(|&org| wanted(kind_of(org))).unwrap_or(0)
}

/// The hospital that patients of an organization are sent to; without any, the first organization.
pub fn hospital_near(o: &Options, organization: u32) -> u32 {
    let all = organizations(o);
    (0..all).map(|k| (organization + k) % all).find(|&i| kind_of(i) == Kind::Hospital).unwrap_or(0)
}

/// Some practitioner of a field, starting the search at `from`; when there is none, the first one steps in.
pub fn find(o: &Options, field: Field, from: u32) -> u32 {
    let all = practitioners(o);
    (0..all.min(2 * FIELDS.len() as u32)).map(|k| (from % all + k) % all).find(|&p| field_of(p) == field).unwrap_or(0)
}

pub fn organization_value(o: &Options, organization: u32) -> String {
    format!("{:x}-{organization:04}", o.seed)
}

pub fn practitioner_value(o: &Options, practitioner: u32) -> String {
    format!("{:x}-{practitioner:05}", o.seed)
}

fn identifier(kind: &'static str, value: String) -> Json {
    object! { use: "official", system: format!("{IDENTIFIER}{kind}"), value: value }
}

pub fn organization_reference(o: &Options, organization: u32) -> Json {
    object! {
        reference: format!("Organization?identifier={IDENTIFIER}organization|{}", organization_value(o, organization)),
        display: organization_name(o, organization),
    }
}

pub fn location_reference(o: &Options, organization: u32, emergency: bool) -> Json {
    let place = if emergency && kind_of(organization) == Kind::Hospital { "emergency" } else { "main" };
    object! {
        reference: format!("Location?identifier={IDENTIFIER}location|{}-{place}", organization_value(o, organization)),
    }
}

pub fn practitioner_reference(o: &Options, practitioner: u32) -> Json {
    object! {
        reference: format!("Practitioner?identifier={IDENTIFIER}practitioner|{}", practitioner_value(o, practitioner)),
        display: practitioner_name(o, practitioner),
    }
}

pub fn practitioner_name(o: &Options, practitioner: u32) -> String {
    format!("Dr. {}", person(o, practitioner).1.full())
}

fn person(o: &Options, practitioner: u32) -> (bool, names::Name, &'static names::Culture, Chance) {
    let chance = Chance::new(o.seed, Stream::Practitioner, practitioner.into());
    let female = chance.yes(0.5);
    let culture = names::culture(&chance);
    let name = names::name(&chance, culture, female);
    (female, name, culture, chance)
}

pub fn organization_name(o: &Options, organization: u32) -> String {
    const FIRST: [&str; 20] = [
        "Saguaro",
        "Ocotillo",
        "Desert Bloom",
        "Sonoran",
        "Red Mesa",
        "Palo Verde",
        "Copper Valley",
        "Canyon",
        "Sunrise",
        "Cactus Wren",
        "Agave",
        "Ironwood",
        "Camelback",
        "Mariposa",
        "Juniper",
        "Verde River",
        "South Mountain",
        "Monsoon",
        "Quail Hollow",
        "Orange Grove",
    ];
    // A stride that has no factor in common with the list gives neighbours different names.
    let name = FIRST[(organization as usize * 7 + (o.seed % 20) as usize) % FIRST.len()];
    let suffix = match kind_of(organization) {
        Kind::Hospital => "General Hospital",
        Kind::Clinic => ["Family Clinic", "Health Center", "Medical Group"][organization as usize % 3],
        Kind::Diagnostics => "Diagnostics",
        Kind::Pharmacy => "Pharmacy",
    };
    let round = organization as usize / FIRST.len();
    let town = TOWNS[organization as usize % TOWNS.len()].name;
    if round == 0 { format!("{name} {suffix}") } else { format!("{name} {suffix} {town} {}", round + 1) }
}

/// The whole directory as one transaction of conditional creates: loading it twice changes nothing.
pub fn directory(o: &Options) -> Bundle {
    let mut entries = Vec::new();
    let places: Vec<Place> = (0..organizations(o)).map(|i| add_organization(o, i, &mut entries)).collect();
    for practitioner in 0..practitioners(o) {
        add_practitioner(o, practitioner, &places, &mut entries);
    }
    bundle::transaction("directory".to_owned(), &entries)
}

/// What other entries of the directory point at.
struct Place {
    organization: String,
    main: String,
    emergency: Option<String>,
}

fn add_organization(o: &Options, index: u32, entries: &mut Vec<bundle::Entry>) -> Place {
    let chance = Chance::new(o.seed, Stream::Directory, index.into());
    let urn = chance.urn();
    let value = organization_value(o, index);
    let town = &TOWNS[index as usize % TOWNS.len()];
    let address = places::address(&chance, town, "work");
    let telecom = vec![object! { system: "phone", value: places::phone(&chance), use: "work" }];
    let name = organization_name(o, index);
    entries.push(bundle::Entry {
        urn: urn.clone(),
        kind: "Organization",
        only_if_new: Some(format!("identifier={IDENTIFIER}organization|{value}")),
        resource: object! {
            resourceType: "Organization",
            identifier: [identifier("organization", value.clone())],
            active: true,
            type: [hl7_concept("organization-type", "prov", "Healthcare Provider")],
            name: name.clone(),
            telecom: telecom.clone(),
            address: [address.clone()],
        },
    });
    let spread = |chance: &Chance| chance.between(-0.03, 0.03);
    let position = object! {
        longitude: Json::decimal(town.longitude + spread(&chance), 5),
        latitude: Json::decimal(town.latitude + spread(&chance), 5),
    };
    let main = chance.urn();
    let emergency = (kind_of(index) == Kind::Hospital).then(|| chance.urn());
    let mut locations = vec![(main.clone(), "main", name.clone(), main_location(kind_of(index)))];
    if let Some(urn) = &emergency {
        let name = format!("{name}, emergency department");
        locations.push((urn.clone(), "emergency", name, role("ER", "Emergency room")));
    }
    for (location_urn, place, name, kind) in locations {
        let location = format!("{value}-{place}");
        entries.push(bundle::Entry {
            urn: location_urn,
            kind: "Location",
            only_if_new: Some(format!("identifier={IDENTIFIER}location|{location}")),
            resource: object! {
                resourceType: "Location",
                identifier: [identifier("location", location)],
                status: "active",
                name: name,
                mode: "instance",
                type: [kind.concept()],
                telecom: telecom.clone(),
                address: address.clone(),
                physicalType: hl7_concept("location-physical-type", "bu", "Building"),
                position: position.clone(),
                managingOrganization: object! { reference: urn.clone() },
                hoursOfOperation: hours(place == "emergency" || kind_of(index) == Kind::Hospital),
            },
        });
    }
    Place { organization: urn, main, emergency }
}

fn main_location(kind: Kind) -> Code {
    match kind {
        Kind::Hospital => role("HOSP", "Hospital"),
        Kind::Clinic => role("FMC", "Family medicine clinic"),
        Kind::Diagnostics => role("DX", "Diagnostics or therapeutics unit"),
        Kind::Pharmacy => role("PHARM", "Pharmacy"),
    }
}

fn hours(always: bool) -> Vec<Json> {
    let days = |days: &[&'static str]| Json::List(days.iter().map(|d| Json::from(*d)).collect());
    if always {
        return vec![object! { daysOfWeek: days(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), allDay: true }];
    }
    vec![object! {
        daysOfWeek: days(&["mon", "tue", "wed", "thu", "fri"]), openingTime: "08:00:00", closingTime: "17:00:00",
    }]
}

fn add_practitioner(o: &Options, index: u32, places: &[Place], entries: &mut Vec<bundle::Entry>) {
    let (female, name, culture, chance) = person(o, index);
    let urn = chance.urn();
    let value = practitioner_value(o, index);
    let mail = format!("doctor{index}.{:x}@clinic.example.org", o.seed);
    let telecom = vec![
        object! { system: "phone", value: places::phone(&chance), use: "work" },
        object! { system: "email", value: mail, use: "work" },
    ];
    entries.push(bundle::Entry {
        urn: urn.clone(),
        kind: "Practitioner",
        only_if_new: Some(format!("identifier={IDENTIFIER}practitioner|{value}")),
        resource: object! {
            resourceType: "Practitioner",
            identifier: [identifier("practitioner", value.clone())],
            active: true,
            name: [object! {
                use: "official", text: practitioner_name(o, index), family: name.family,
                given: name.given.iter().map(|g| Json::from(*g)).collect::<Vec<_>>(), prefix: [Json::from("Dr.")],
            }],
            telecom: telecom.clone(),
            gender: if female { "female" } else { "male" },
            qualification: [object! { code: hl7_concept("v2-0360", "MD", "Doctor of Medicine") }],
            communication: [language("en", "English"), language(culture.language.0, culture.language.1)],
        },
    });
    let workplace = workplace_of(o, index);
    let place = &places[workplace as usize];
    let emergency = place.emergency.as_ref().filter(|_| field_of(index) == Field::Emergency);
    let (specialty, practice) = field_of(index).codes();
    let mut codings = vec![specialty.coding()];
    codings.extend(practice.map(|code| code.coding()));
    entries.push(bundle::Entry {
        urn: chance.urn(),
        kind: "PractitionerRole",
        only_if_new: Some(format!("identifier={IDENTIFIER}practitioner-role|{value}")),
        resource: object! {
            resourceType: "PractitionerRole",
            identifier: [identifier("practitioner-role", value)],
            active: true,
            practitioner: object! { reference: urn, display: practitioner_name(o, index) },
            organization: object! {
                reference: place.organization.clone(), display: organization_name(o, workplace),
            },
            code: [hl7_concept("practitioner-role", "doctor", "Doctor")],
            specialty: [object! { coding: codings, text: specialty.text }],
            location: [object! { reference: emergency.unwrap_or(&place.main).clone() }],
            telecom: telecom,
        },
    });
}

fn language(code: &'static str, text: &'static str) -> Json {
    object! { coding: [object! { system: "urn:ietf:bcp:47", code: code, display: text }], text: text }
}
