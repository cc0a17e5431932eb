//! Plays the scenes of a story into a chart.

use super::{Cast, Event, Lab, Scene, Setting, Sign};
use crate::calendar::{Day, MINUTES_PER_DAY, at, day_at, long_date, working_day};
use crate::chance::{Chance, Stream};
use crate::chart::clinical::{self, Ending};
use crate::chart::{Chart, Reason, Subject, Visit, encounter, labs, plans, texts, vitals};
use crate::codes::{self, AMBULATORY, EMERGENCY, INPATIENT, VIRTUAL};
use crate::diagnoses::{self as dx, Diagnosis};
use crate::directory::{self, Field};
use crate::drugs::Drug;
use crate::person::{self, Identity};
use crate::places::TOWNS;
use crate::vaccines::{self, Given};
use crate::{Bundle, Options};

pub struct Stage<'a> {
    pub chart: Chart<'a>,
    pub given: Given,
    /// Who looks after the patient.
    pub doctor: u32,
}

pub fn open<'a>(o: &'a Options, cast: &Cast) -> Stage<'a> {
    // One stream per person, whatever the seed of the population: the story is always the same.
    let stream = cast.value.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    let chance = Chance::new(0, Stream::Showcase, stream);
    let name = format!("{} {}", cast.given.first().copied().unwrap_or_default(), cast.family);
    let subject = Subject { urn: chance.urn(), name, female: cast.female, birth: cast.birth };
    Stage { chart: Chart::new(o, chance, subject), given: Given::default(), doctor: cast.practitioner }
}

pub fn close(mut stage: Stage, cast: Cast) -> Bundle {
    let organization = directory::workplace_of(stage.chart.options, cast.practitioner);
    let identity = Identity {
        value: cast.value,
        given: cast.given.to_vec(),
        family: cast.family,
        mail: format!("{}@mail.example.org", cast.value),
        town: &TOWNS[cast.town],
        language: cast.language,
        contact: Some(cast.contact),
        organization,
        practitioner: cast.practitioner,
        married: cast.married,
    };
    person::write_patient(&mut stage.chart, &identity);
    stage.chart.finish(cast.value.to_owned())
}

pub fn begin(stage: &Stage, day: Day, setting: Setting, field: Field) -> Visit {
    let options = stage.chart.options;
    let own = directory::field_of(stage.doctor) == field;
    let practitioner = if own { stage.doctor } else { directory::find(options, field, 0) };
    let (class, minutes) = match setting {
        Setting::CheckUp => (&AMBULATORY, 40),
        Setting::FollowUp => (&AMBULATORY, 25),
        Setting::Video => (&VIRTUAL, 20),
        Setting::Emergency => (&EMERGENCY, 165),
        Setting::Hospital(nights) => (&INPATIENT, nights * MINUTES_PER_DAY),
    };
    let planned = matches!(setting, Setting::CheckUp | Setting::FollowUp | Setting::Video);
    let start = if planned {
        at(working_day(day), 8 + day.rem_euclid(7), *stage.chart.chance.pick(&[0, 15, 30, 45]))
    } else {
        at(day, 10, 20)
    };
    let workplace = directory::workplace_of(options, practitioner);
    let organization = if planned { workplace } else { directory::hospital_near(options, workplace) };
    let end = start + minutes;
    let ward = matches!(setting, Setting::Hospital(_));
    let measured = if ward { end - 180 } else { start + 5 };
    Visit { urn: stage.chart.chance.urn(), start, end, measured, practitioner, organization, class, sensitive: false }
}

fn problem_of(stage: &Stage, diagnosis: &'static Diagnosis) -> Option<usize> {
    stage.chart.problems.iter().rposition(|problem| problem.diagnosis == diagnosis)
}

fn order_of(stage: &Stage, drug: &'static Drug) -> Option<usize> {
    stage.chart.orders.iter().rposition(|order| order.drug == drug && order.end.is_none())
}

pub fn play(stage: &mut Stage, scene: &Scene) {
    let day = stage.chart.options.today - scene.ago;
    let mut visit = begin(stage, day, scene.setting, scene.field);
    visit.sensitive = scene.about.is_some_and(|diagnosis| diagnosis.sensitive);
    for sign in scene.signs {
        show(stage, &visit, sign);
    }
    for lab in scene.labs {
        match lab {
            Lab::One(analyte, value) => {
                labs::result(&mut stage.chart, &visit, analyte, *value);
            }
            Lab::Panel(code, results) => labs::panel(&mut stage.chart, &visit, code, results),
        }
    }
    for event in scene.events {
        happen(stage, &visit, event);
    }
    if matches!(scene.setting, Setting::CheckUp | Setting::FollowUp) && !visit.sensitive {
        season(stage, &visit);
    }
    let kind = match scene.setting {
        Setting::CheckUp => &codes::CHECK_UP,
        Setting::FollowUp | Setting::Video => &codes::FOLLOW_UP,
        Setting::Emergency => &codes::EMERGENCY_ADMISSION,
        Setting::Hospital(_) => &codes::HOSPITAL_ADMISSION,
    };
    let conditions: Vec<String> = scene
        .about
        .and_then(|d| problem_of(stage, d))
        .map(|i| stage.chart.problems[i].urn.clone())
        .into_iter()
        .collect();
    let reason = Reason { kind, diagnosis: scene.about, conditions: &conditions };
    encounter(&mut stage.chart, &visit, &reason);
    let text = note(stage, &visit, scene);
    match scene.setting {
        Setting::Hospital(_) => {
            let title = format!("Discharge summary, {}", long_date(visit.day()));
            texts::letter(&mut stage.chart, &visit, &codes::DISCHARGE_SUMMARY, &title, &text);
        }
        Setting::Emergency => texts::note(&mut stage.chart, &visit, &codes::EMERGENCY_NOTE, &text),
        Setting::CheckUp => texts::note(&mut stage.chart, &visit, &codes::HISTORY_AND_PHYSICAL, &text),
        _ => texts::note(&mut stage.chart, &visit, &codes::PROGRESS_NOTE, &text),
    }
}

fn show(stage: &mut Stage, visit: &Visit, sign: &Sign) {
    let chart = &mut stage.chart;
    match sign {
        Sign::Pressure(systolic, diastolic) => vitals::blood_pressure(chart, visit, *systolic, *diastolic),
        Sign::Vital(vital, value) => vitals::vital(chart, visit, *vital, *value),
        Sign::PeakFlow(value) => vitals::breathing(chart, visit, &vitals::PEAK_FLOW, *value, ("L/min", "L/min", 0)),
        Sign::Phq9(score) => vitals::phq9(chart, visit, *score),
        Sign::Smoking(status) => vitals::status(chart, visit, &codes::SMOKING_STATUS, status),
    }
}

fn happen(stage: &mut Stage, visit: &Visit, event: &Event) {
    match event {
        Event::Diagnose(diagnosis, before) => {
            let passing = [&dx::FOREARM_FRACTURE, &dx::OTITIS, &dx::CYSTITIS, &dx::COVID].contains(diagnosis);
            clinical::diagnose(&mut stage.chart, visit, diagnosis, visit.day() - before, !passing);
        }
        Event::Resolve(diagnosis, after) => {
            if let Some(i) = problem_of(stage, diagnosis) {
                stage.chart.problems[i].resolved = Some(visit.day() + after);
            }
        }
        Event::Start(drug, diagnosis) => {
            let problem = problem_of(stage, diagnosis);
            clinical::order(&mut stage.chart, visit, drug, problem);
        }
        Event::Stop(drug) => end_order(stage, drug, visit.day(), Ending::Stopped),
        Event::Finish(drug, after) => end_order(stage, drug, day_at(visit.end) + after, Ending::Completed),
        Event::Renew(drug) => {
            if let Some(i) = order_of(stage, drug) {
                clinical::renew(&mut stage.chart, visit, i);
            }
        }
        Event::Allergic(allergy, before) => {
            clinical::allergy(&mut stage.chart, visit, allergy, visit.day() - before);
        }
        Event::Procedure(code, diagnosis) => {
            let problem = diagnosis.and_then(|d| problem_of(stage, d));
            clinical::procedure(&mut stage.chart, visit, code, problem, 20);
        }
        Event::Vaccine(code) => clinical::immunize(&mut stage.chart, visit, code, None),
        Event::Plan(title, diagnosis, activities) => {
            if let Some(problem) = problem_of(stage, diagnosis) {
                plans::care_plan(&mut stage.chart, visit, title, problem, activities);
            }
        }
        Event::Team(fields) => {
            let others = fields.iter().map(|field| directory::find(stage.chart.options, *field, 0));
            let mut members = vec![stage.doctor];
            for member in others.collect::<Vec<_>>() {
                if !members.contains(&member) {
                    members.push(member);
                }
            }
            plans::care_team(&mut stage.chart, visit, &members);
        }
        Event::Letter(kind, title, text) => {
            let text = format!("{}\n{}\n\n{text}\n", head(stage, visit), long_date(visit.day()));
            texts::letter(&mut stage.chart, visit, kind, title, &text);
        }
    }
}

fn end_order(stage: &mut Stage, drug: &'static Drug, day: Day, ending: Ending) {
    if let Some(i) = order_of(stage, drug) {
        stage.chart.orders[i].end = Some((day, ending));
    }
}

/// Everybody in the showcase takes the vaccines of the season.
pub fn season(stage: &mut Stage, visit: &Visit) -> Vec<&'static str> {
    let months = (visit.day() - stage.chart.subject.birth) as f64 / 30.437;
    let mut names = Vec::new();
    if months < 6.0 {
        return names;
    }
    let flu = vaccines::flu(&mut stage.given, visit.day()).map(|code| (code, None));
    let covid = vaccines::covid(&mut stage.given, months, visit.day()).map(|(code, number)| (code, Some(number)));
    for (code, number) in flu.into_iter().chain(covid) {
        clinical::immunize(&mut stage.chart, visit, code, number);
        names.push(code.text);
    }
    names
}

pub fn head(stage: &Stage, visit: &Visit) -> String {
    let options = stage.chart.options;
    format!(
        "{}\n{}",
        directory::organization_name(options, visit.organization),
        directory::practitioner_name(options, visit.practitioner),
    )
}

fn note(stage: &Stage, visit: &Visit, scene: &Scene) -> String {
    let title = match scene.setting {
        Setting::CheckUp => "Yearly visit",
        Setting::FollowUp => "Follow-up visit",
        Setting::Video => "Video visit",
        Setting::Emergency => "Emergency department note",
        Setting::Hospital(_) => "Discharge summary",
    };
    let mut out = format!(
        "{}\n{title}\n\nPatient: {}, born {}\nDate: {}\n",
        head(stage, visit),
        stage.chart.subject.name,
        long_date(stage.chart.subject.birth),
        long_date(visit.day()),
    );
    let sections = [
        ("History", scene.history),
        ("Findings", scene.findings),
        ("Assessment", scene.assessment),
        ("Plan", scene.plan),
    ];
    for (title, text) in sections {
        if !text.is_empty() {
            out.push_str(&format!("\n{title}\n{text}\n"));
        }
    }
    out
}
