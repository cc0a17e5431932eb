//! Which visits a life makes, and how far back the record of them reaches.

use super::Life;
use super::acute::{self, Acute};
use super::chronic::Chronic;
use super::pregnancy::Stage;
use crate::calendar::{Day, YEAR, civil, day_of, working_day};

#[derive(Clone, Copy)]
pub enum Why {
    WellChild,
    CheckUp,
    FollowUp(Chronic),
    Ill(&'static Acute),
    /// Which pregnancy, and where in it.
    Pregnancy(usize, Stage),
    SeasonalVaccine,
}

#[derive(Clone, Copy)]
pub struct Planned {
    pub day: Day,
    pub why: Why,
}

/// What is repeated at an interval of its own, whatever the visit is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Routine {
    Metabolic,
    BloodCount,
    Lipids,
    HemoglobinA1c,
    Thyroid,
    UrineAlbumin,
    Hepatic,
    HeartPeptide,
    Spirometry,
    Electrocardiogram,
    Echocardiogram,
    Colonoscopy,
    Mammogram,
    BoneDensity,
    Smoking,
    DepressionScreen,
    MedicationReview,
    Height,
    Renewal,
    CareTeam,
}

/// Months of age at the well-child visits of the American Academy of Pediatrics (Bright Futures, 2023).
const WELL_CHILD_MONTHS: [f64; 28] = [
    0.15, 1.0, 2.0, 4.0, 6.0, 9.0, 12.0, 15.0, 18.0, 24.0, 30.0, 36.0, 48.0, 60.0, 72.0, 84.0, 96.0, 108.0, 120.0,
    132.0, 144.0, 156.0, 168.0, 180.0, 192.0, 204.0, 216.0, 228.0,
];

/// Bundles stay within this many resources. The estimates below are rough, hence the distance to the 400 promised.
const MOST: f64 = 325.0;

/// Up to this age the record holds the whole life.
const WHOLE_LIFE: f64 = 26.0;

/// The visits of a life, oldest first. `reach` above 1 lengthens the record, below 1 it shortens it.
pub fn visits(life: &mut Life, reach: f64) -> Vec<Planned> {
    let end = life.chart.options.today - 2;
    let birth = life.person.birth;
    let age = life.age(end);
    let grown_up = birth + (19.5 * YEAR) as Day;
    let from = if age < WHOLE_LIFE || reach > 1.0 { birth } else { end - 14 * 365 };
    let mut visits = Vec::new();
    well_child(life, from, end, &mut visits);
    check_ups(life, from.max(grown_up), end, &mut visits);
    follow_ups(life, from, end, &mut visits);
    for i in 0..life.pregnancies.len() {
        let pregnancy = &life.pregnancies[i];
        let stages = pregnancy.stages().into_iter().filter(|(_, day)| (from..=end).contains(day));
        visits.extend(stages.map(|(stage, day)| Planned { day, why: Why::Pregnancy(i, stage) }));
    }
    illnesses(life, from, end, &mut visits);
    seasonal(life, from, end, &mut visits);
    visits.sort_by_key(|visit| visit.day);
    keep_affordable(life, visits, reach)
}

fn well_child(life: &Life, from: Day, end: Day, out: &mut Vec<Planned>) {
    for months in WELL_CHILD_MONTHS {
        let late = life.chart.chance.between(0.0, if months < 12.0 { 6.0 } else { 25.0 });
        let day = working_day(life.person.birth + (months * 30.437 + late) as Day).max(life.person.birth + 2);
        let skipped = months > 36.0 && life.chart.chance.yes(0.15);
        if (from..=end).contains(&day) && !skipped {
            out.push(Planned { day, why: Why::WellChild });
        }
    }
}

/// Every year from forty on, every other year before, now and then missed.
fn check_ups(life: &Life, from: Day, end: Day, out: &mut Vec<Planned>) {
    let mut day = end - life.chart.chance.int(10, 340);
    while day > from {
        out.push(Planned { day: working_day(day), why: Why::CheckUp });
        let yearly = life.age(day) >= 40.0 || life.ails.iter().any(|ail| ail.onset < day);
        let years = if yearly { 1.0 } else { 2.0 } + if life.chart.chance.yes(0.12) { 1.0 } else { 0.0 };
        day -= (years * YEAR + life.chart.chance.between(-35.0, 35.0)) as Day;
    }
}

fn follow_ups(life: &Life, from: Day, end: Day, out: &mut Vec<Planned>) {
    for ail in &life.ails {
        let Some(months) = ail.chronic.profile().months else { continue };
        let mut day = ail.onset.max(from) + life.chart.chance.int(5, 60);
        let mut visit = 0;
        while day <= end {
            // One visit serves all diseases: nobody comes twice in a month for two of them.
            let near = out.iter().any(|p| (p.day - day).abs() < 40 && !matches!(p.why, Why::Ill(_)));
            if !near {
                out.push(Planned { day: working_day(day), why: Why::FollowUp(ail.chronic) });
            }
            visit += 1;
            // The first year is close-meshed, until treatment is right.
            let early = visit <= 2 && ail.onset >= from;
            let gap = if early { 45.0 } else { months as f64 * 30.4 };
            day += (gap * life.chart.chance.between(0.85, 1.25)) as Day;
            if ail.chronic == Chronic::Depression && day > ail.onset + 460 {
                break;
            }
        }
    }
}

fn illnesses(life: &Life, from: Day, end: Day, out: &mut Vec<Planned>) {
    for illness in &acute::ILLNESSES {
        let mut day = from as f64 + 40.0;
        loop {
            let rate = illness.rate(life.age(day as Day)).max(0.002);
            // Rates change with age, so a long wait is cut and drawn again.
            let wait = life.chart.chance.waiting_days(rate);
            day += wait.min(700.0);
            if day as Day > end {
                break;
            }
            if wait > 700.0 || !illness.possible(life, day as Day) {
                continue;
            }
            let day = illness.in_season(&life.chart.chance, day as Day);
            let pregnant = life.pregnant_weeks(day).is_some_and(|weeks| weeks > 37.0);
            if day <= end && day >= from && !pregnant {
                out.push(Planned { day, why: Why::Ill(illness) });
            }
        }
    }
}

/// A vaccination in October for those who want one and have no other visit that autumn.
fn seasonal(life: &Life, from: Day, end: Day, out: &mut Vec<Planned>) {
    for year in civil(from).0..=civil(end).0 {
        let day = working_day(day_of(year, 10, life.chart.chance.int(1, 28)));
        let wanted = life.chart.chance.yes(life.person.vaccine_trust) && life.age(day) > 1.0;
        let near = out.iter().any(|p| (day_of(year, 9, 5)..day_of(year, 12, 1)).contains(&p.day));
        if (from..=end).contains(&day) && wanted && !near {
            out.push(Planned { day, why: Why::SeasonalVaccine });
        }
    }
}

/// About how many resources a visit writes.
fn cost(life: &Life, visit: &Planned) -> f64 {
    let diseases = life.ails.iter().filter(|ail| ail.onset < visit.day).count() as f64;
    match visit.why {
        Why::WellChild if life.age(visit.day) < 2.0 => 9.0,
        Why::WellChild => 9.5,
        Why::CheckUp if life.age(visit.day) < 35.0 => 9.0 + 1.5 * diseases,
        Why::CheckUp => 13.0 + 2.6 * diseases,
        Why::FollowUp(_) => 9.5 + 1.7 * diseases,
        Why::Ill(_) => 6.5,
        Why::Pregnancy(_, Stage::First) => 14.0,
        Why::Pregnancy(..) => 6.5,
        Why::SeasonalVaccine => 2.5,
    }
}

/// Keeps what the record is allowed to hold. Children keep their whole life and give up minor visits first; the record
/// of an adult begins when they came to this clinic, some years ago.
fn keep_affordable(life: &Life, mut visits: Vec<Planned>, reach: f64) -> Vec<Planned> {
    let child = life.age(life.chart.options.today) < WHOLE_LIFE;
    let sick = life.ails.len() as f64;
    let spread = (0.38 * life.chart.chance.normal()).exp();
    let wanted = reach * if child { MOST } else { ((92.0 + 16.0 * sick) * spread).clamp(78.0, MOST) };
    if child {
        let minor = |p: &Planned| matches!(p.why, Why::Ill(_) | Why::SeasonalVaccine | Why::FollowUp(_));
        let total = |visits: &[Planned]| visits.iter().map(|p| cost(life, p)).sum::<f64>() + 34.0;
        // From the first years on: what happened lately matters most.
        while total(&visits) > wanted {
            let Some(i) = visits.iter().position(minor) else { break };
            visits.remove(i);
        }
        return visits;
    }
    let mut left = wanted - 18.0;
    let first = visits.iter().rposition(|visit| {
        left -= cost(life, visit);
        left < 0.0
    });
    visits.split_off(first.map_or(0, |i| (i + 1).min(visits.len().saturating_sub(1))))
}
