//! A simulated life: who somebody is, what befalls them, which visits that makes, and what each visit writes into the
//! chart.

mod acute;
mod attend;
pub mod body;
pub mod chronic;
pub mod growth;
mod laboratory;
mod notes;
mod past;
mod plan;
mod pregnancy;
mod review;
mod treatment;

use crate::calendar::{Day, Moment, at};
use crate::chance::{Chance, Stream};
use crate::chart::{Chart, Visit};
use crate::codes::{Code, EMERGENCY, INPATIENT};
use crate::directory;
use crate::person::{self, Contact, Identity, Person};
use crate::vaccines::Given;
use crate::{Bundle, Options, names};
use chronic::Chronic;
use pregnancy::Pregnancy;

/// Everything about one patient while their history is made.
pub struct Life<'a> {
    chart: Chart<'a>,
    person: Person,
    drifts: body::Drifts,
    ails: Vec<Ail>,
    pregnancies: Vec<Pregnancy>,
    given: Given,
    /// Allergic to penicillin from birth, as far as prescribing goes: nobody finds out by being given it here.
    penicillin: bool,
    /// Whether the allergies were asked for yet.
    allergies_known: bool,
    /// Last day of each thing that is done every few months or years.
    done: Vec<(plan::Routine, Day)>,
    /// Iron deficiency: from when to when, if ever.
    iron: Option<(Day, Option<Day>)>,
}

/// A long-lasting disease of this patient.
struct Ail {
    chronic: Chronic,
    onset: Day,
    /// Its place among the problems of the chart, once diagnosed.
    problem: Option<usize>,
    /// How far treatment has been stepped up, and when that last changed.
    step: usize,
    changed: Day,
    /// The orders that run for it.
    orders: Vec<usize>,
    reviewed: Day,
}

impl Life<'_> {
    fn onset(&self, chronic: Chronic) -> Option<Day> {
        self.ails.iter().find(|ail| ail.chronic == chronic).map(|ail| ail.onset)
    }

    fn has(&self, chronic: Chronic, day: Day) -> bool {
        self.onset(chronic).is_some_and(|onset| onset <= day)
    }

    fn pregnant_weeks(&self, day: Day) -> Option<f64> {
        self.pregnancies.iter().find(|p| (p.began..p.birth).contains(&day)).map(|p| (day - p.began) as f64 / 7.0)
    }

    /// Grams of hemoglobin per deciliter that a lack of iron takes.
    fn iron_missing(&self, day: Day) -> f64 {
        match self.iron {
            Some((from, until)) if day >= from => {
                until.map_or(2.6, |until| 2.6 * (1.0 - ((day - until + 60) as f64 / 90.0)).clamp(0.0, 1.0))
            }
            _ => 0.0,
        }
    }

    fn age(&self, day: Day) -> f64 {
        self.chart.subject.age_years(day)
    }

    /// Whether something that is repeated is due; if so it is noted as done.
    fn due(&mut self, routine: plan::Routine, day: Day, every_days: Day) -> bool {
        let last = self.done.iter_mut().find(|(r, _)| *r == routine);
        match last {
            Some((_, last)) if day - *last < every_days => return false,
            Some((_, last)) => *last = day,
            None => self.done.push((routine, day)),
        }
        true
    }

    /// Begins a visit; its encounter is written by whoever knows what it was for.
    fn visit(&self, start: Moment, minutes: i64, practitioner: u32, class: &'static Code) -> Visit {
        let options = self.chart.options;
        let hospital = *class == EMERGENCY || *class == INPATIENT;
        let organization = if hospital {
            directory::hospital_near(options, self.person.organization)
        } else {
            directory::workplace_of(options, practitioner)
        };
        Visit {
            urn: self.chart.chance.urn(),
            start,
            end: start + minutes,
            measured: start + 5,
            practitioner,
            organization,
            class,
            sensitive: false,
        }
    }

    /// A moment within opening hours.
    fn appointment(&self, day: Day) -> Moment {
        let chance = &self.chart.chance;
        at(day, chance.int(8, 15), *chance.pick(&[0, 10, 15, 20, 30, 40, 45]))
    }
}

/// The identifier value of a patient. The seed is part of it: another seed makes other people.
pub fn patient_value(o: &Options, index: u32) -> String {
    format!("{:x}-{index:07}", o.seed)
}

/// How many resources a history may have.
const SIZES: std::ops::RangeInclusive<usize> = 40..=400;

/// One whole history, the same whichever other indexes are made.
pub fn patient(o: &Options, index: u32) -> Bundle {
    // Few come out too thin or too thick; they are made again with a longer or shorter record.
    let mut life = live(o, index, 1.0);
    let mut reach = 1.0;
    for _ in 0..6 {
        match life.chart.len() + 1 {
            n if n < *SIZES.start() => reach *= 1.5,
            n if n > *SIZES.end() => reach *= 0.85,
            _ => break,
        }
        life = live(o, index, reach);
    }
    describe(&mut life, &patient_value(o, index));
    life.chart.finish(format!("patient-{index:07}"))
}

/// Lives a life, with a record that reaches further or less far back than usual.
fn live(o: &Options, index: u32, reach: f64) -> Life<'_> {
    let chance = Chance::new(o.seed, Stream::Patient, index.into());
    let person = person::draw(o, &chance);
    let mut life = begin(o, chance, person);
    let visits = plan::visits(&mut life, reach);
    past::before(&mut life, &visits);
    for visit in &visits {
        attend::attend(&mut life, visit);
    }
    life
}

fn begin(o: &Options, chance: Chance, person: Person) -> Life<'_> {
    let ails = chronic::onsets(&chance, &person, o.today)
        .into_iter()
        .map(|(chronic, onset)| Ail {
            chronic,
            onset,
            problem: None,
            step: 0,
            changed: onset,
            orders: Vec::new(),
            reviewed: onset - 10_000,
        })
        .collect();
    let subject = person::subject(&chance, person.name.full(), person.female, person.birth);
    let drifts = body::Drifts::new(&chance, person.birth);
    // Of the order of allergy labels in US records: about 8 % of adults, fewer children.
    let penicillin = chance.yes(if o.today - person.birth < 12 * 365 { 0.02 } else { 0.08 });
    let pregnancies = pregnancy::draw(&chance, &person, o.today);
    Life {
        chart: Chart::new(o, chance, subject),
        person,
        drifts,
        ails,
        pregnancies,
        given: Given::default(),
        penicillin,
        allergies_known: false,
        done: Vec::new(),
        iron: None,
    }
}

fn describe(life: &mut Life, value: &str) {
    let chance = &life.chart.chance;
    let person = &life.person;
    let age = life.chart.subject.age_years(life.chart.options.today);
    let child = age < 18.0;
    // A child is reached through a parent, an adult through whoever lives with them.
    let female = chance.yes(0.5);
    let contact = Contact {
        given: names::given(chance, person.culture, female),
        family: person.name.family,
        female,
        relationship: if child { ("N", "Next-of-Kin") } else { ("C", "Emergency Contact") },
    };
    let local: String = person.name.full().to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let identity = Identity {
        value,
        given: person.name.given.clone(),
        family: person.name.family,
        mail: format!("{local}.{value}@mail.example.org"),
        town: person.town,
        language: person.culture.language,
        contact: Some(contact),
        organization: person.organization,
        practitioner: person.practitioner,
        married: (age >= 22.0).then(|| chance.yes(0.6)),
    };
    person::write_patient(&mut life.chart, &identity);
}
