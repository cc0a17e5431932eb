//! What lies before the record: operations long ago, and vaccinations that were given elsewhere.

use super::Life;
use super::plan::Planned;
use crate::calendar::{YEAR, date, year_of};
use crate::chart::clinical;
use crate::chart::reference;
use crate::codes::{self, Code, snomed};
use crate::json::object;
use crate::vaccines;

const TONSILLECTOMY: Code = snomed("173422009", "Tonsillectomy");
const CATARACT: Code = snomed("54885007", "Extraction of cataract");
const KNEE_REPLACEMENT: Code = snomed("609588000", "Total knee replacement");
const HERNIA_REPAIR: Code = snomed("44558001", "Repair of inguinal hernia");

pub fn before(life: &mut Life, visits: &[Planned]) {
    let Some(first) = visits.first().map(|visit| visit.day) else { return };
    if life.age(first) < 18.0 {
        return;
    }
    // Doses of earlier years are taken as given, so that nobody gets a child's vaccines at fifty.
    let mut day = life.person.birth + 3;
    while day < first {
        vaccines::due(&mut life.given, life.person.birth, day);
        if year_of(day) >= 2021 && life.chart.chance.yes(life.person.vaccine_trust) {
            vaccines::covid(&mut life.given, 500.0, day);
        }
        day += 91;
    }
    let female = life.person.female;
    // Age at which it happens, and to how many: lifetime shares of the order of NCHS hospital statistics.
    let operations: [(&Code, f64, f64, f64); 5] = [
        (&codes::APPENDECTOMY, 8.0, 40.0, 0.07),
        (&TONSILLECTOMY, 4.0, 16.0, 0.08),
        (&HERNIA_REPAIR, 30.0, 70.0, if female { 0.02 } else { 0.15 }),
        (&CATARACT, 66.0, 85.0, 0.4),
        (&KNEE_REPLACEMENT, 60.0, 82.0, 0.06),
    ];
    for (code, from, until, share) in operations {
        let day = life.person.birth + (life.chart.chance.between(from, until) * YEAR) as i64;
        if !life.chart.chance.yes(share) || day > first - 30 {
            continue;
        }
        let resource = object! {
            resourceType: "Procedure",
            status: "completed",
            code: code.concept(),
            subject: reference(&life.chart.subject.urn),
            performedDateTime: date(day),
            note: [object! { text: "Told by the patient when they joined the clinic." }],
        };
        life.chart.add("Procedure", resource);
    }
}

/// Vaccinations that are due at a visit.
pub fn vaccinate(life: &mut Life, visit: &crate::chart::Visit) -> Vec<&'static str> {
    let day = visit.day();
    let months = (day - life.person.birth) as f64 / 30.437;
    let mut names = Vec::new();
    let mut doses = vaccines::due(&mut life.given, life.person.birth, day);
    if months >= 6.0 && life.chart.chance.yes(life.person.vaccine_trust) {
        doses.extend(vaccines::flu(&mut life.given, day).map(|code| (code, None)));
        doses.extend(vaccines::covid(&mut life.given, months, day).map(|(code, n)| (code, Some(n))));
    }
    for (code, number) in doses {
        clinical::immunize(&mut life.chart, visit, code, number);
        names.push(code.text);
    }
    names
}
