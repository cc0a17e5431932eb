//! Looking after a long-lasting disease: diagnosing it, choosing treatment, stepping it up or down by what was found.

use super::chronic::Chronic;
use super::laboratory::Findings;
use super::treatment::ladder;
use super::{Ail, Life};
use crate::chart::clinical::{self, Ending};
use crate::chart::{Visit, plans, vitals};
use crate::diagnoses as dx;
use crate::directory::Field;

/// What the review of the diseases adds to the note.
#[derive(Default)]
pub struct Review {
    pub assessment: Vec<String>,
    pub plan: Vec<String>,
    /// Conditions that were looked at, most important first.
    pub conditions: Vec<String>,
    /// A new disease for which a specialist is asked.
    pub referred: Option<(Chronic, Field)>,
}

/// Puts diseases that began before the record on it, with the treatment that they have by now.
pub fn establish(life: &mut Life, visit: &Visit) {
    let day = visit.day();
    for i in 0..life.ails.len() {
        let Ail { chronic, onset, problem, .. } = life.ails[i];
        if problem.is_some() || onset > day - 240 || over(chronic, onset, day) {
            continue;
        }
        let years = (day - onset) as f64 / 365.25;
        let problem = clinical::diagnose(&mut life.chart, visit, chronic.profile().diagnosis, onset, true);
        life.ails[i].problem = Some(problem);
        plan_care(life, visit, chronic, problem);
        // Longer disease has been stepped up further; not everybody needs all of it.
        let steps = ladder(life, chronic).len();
        let step = ((years / 4.0) as usize).min(steps.saturating_sub(1)).min(2);
        if steps > 0 {
            prescribe(life, visit, i, step);
            let since = (onset + 90).max(day - 1_500);
            for order in life.ails[i].orders.clone() {
                life.chart.orders[order].start = since;
            }
            life.ails[i].changed = since;
        }
    }
}

/// A depression that ended before the record began is past.
fn over(chronic: Chronic, onset: i64, day: i64) -> bool {
    chronic == Chronic::Depression && day - onset > 500
}

/// Makes the orders of a disease those of a step.
fn prescribe(life: &mut Life, visit: &Visit, i: usize, step: usize) {
    let regimens = ladder(life, life.ails[i].chronic);
    let Some(regimen) = regimens.get(step) else { return };
    let problem = life.ails[i].problem;
    let mut kept = Vec::new();
    for order in std::mem::take(&mut life.ails[i].orders) {
        if regimen.iter().any(|drug| drug.code == life.chart.orders[order].drug.code) {
            kept.push(order);
        } else {
            life.chart.orders[order].end = Some((visit.day(), Ending::Stopped));
        }
    }
    for drug in *regimen {
        // Another disease may have brought it already.
        let running = life.chart.orders.iter().any(|o| o.end.is_none() && o.drug.code == drug.code);
        if !running {
            kept.push(clinical::order(&mut life.chart, visit, drug, problem));
        }
    }
    life.ails[i].orders = kept;
    life.ails[i].step = step;
    life.ails[i].changed = visit.day();
}

/// Reviews every disease whose turn it is.
pub fn all(life: &mut Life, visit: &Visit, findings: &mut Findings, reason: Option<Chronic>) -> Review {
    let mut review = Review::default();
    let day = visit.day();
    let mut turns: Vec<usize> = (0..life.ails.len())
        .filter(|&i| {
            let ail = &life.ails[i];
            let psychiatric = ail.chronic == Chronic::Depression;
            // A result out of range is acted on at once; sensitive matters are kept to visits of their own.
            let calls = controlled(life, visit, i, findings) == Some(false) && day - ail.reviewed > 30;
            ail.onset <= day && (reason == Some(ail.chronic) || (!psychiatric && (day - ail.reviewed > 150 || calls)))
        })
        .collect();
    turns.sort_by_key(|&i| reason != Some(life.ails[i].chronic));
    for i in turns {
        one(life, visit, i, findings, &mut review);
        life.ails[i].reviewed = day;
    }
    review
}

/// Reviews one disease alone.
pub fn only(life: &mut Life, visit: &Visit, chronic: Chronic, findings: &mut Findings, review: &mut Review) {
    if let Some(i) = life.ails.iter().position(|ail| ail.chronic == chronic) {
        one(life, visit, i, findings, review);
        life.ails[i].reviewed = visit.day();
    }
}

fn one(life: &mut Life, visit: &Visit, i: usize, findings: &mut Findings, review: &mut Review) {
    let chronic = life.ails[i].chronic;
    let name = chronic.profile().diagnosis.code.text;
    let new = life.ails[i].problem.is_none();
    if new && over(chronic, life.ails[i].onset, visit.day()) {
        return;
    }
    let problem = match life.ails[i].problem {
        Some(problem) => problem,
        None => {
            let onset = life.ails[i].onset;
            let problem = clinical::diagnose(&mut life.chart, visit, chronic.profile().diagnosis, onset, true);
            life.ails[i].problem = Some(problem);
            replaces(life, chronic, visit);
            problem
        }
    };
    if life.chart.problems[problem].resolved.is_some() {
        return;
    }
    review.conditions.push(life.chart.problems[problem].urn.clone());
    if new {
        review.assessment.push(format!("{name}, newly diagnosed. {}", finding(life, chronic, findings)));
        begin(life, visit, i, problem, review);
        return;
    }
    let controlled = controlled(life, visit, i, findings);
    let line = finding(life, chronic, findings);
    if chronic == Chronic::Depression {
        depression(life, visit, i, findings, review);
        return;
    }
    match controlled {
        Some(false) => {
            review.assessment.push(format!("{name}, above target. {line}"));
            step_up(life, visit, i, review);
        }
        Some(true) => {
            review.assessment.push(format!("{name}, at target. {line}"));
            review.plan.push(format!("{name}: continue the present treatment."));
        }
        None => review.assessment.push(format!("{name}, stable. {line}")),
    }
}

/// A diagnosis that ends another one.
fn replaces(life: &mut Life, chronic: Chronic, visit: &Visit) {
    if chronic != Chronic::Diabetes {
        return;
    }
    let before = life.ails.iter().find(|ail| ail.chronic == Chronic::Prediabetes).and_then(|ail| ail.problem);
    if let Some(problem) = before {
        life.chart.problems[problem].resolved = Some(visit.day());
    }
}

/// First treatment and the plan for what follows.
fn begin(life: &mut Life, visit: &Visit, i: usize, problem: usize, review: &mut Review) {
    let chronic = life.ails[i].chronic;
    prescribe(life, visit, i, 0);
    for &order in &life.ails[i].orders {
        review.plan.push(format!(
            "Start {}. {}",
            life.chart.orders[order].drug.name, life.chart.orders[order].drug.directions
        ));
    }
    if let Some(title) = plan_care(life, visit, chronic, problem) {
        review.plan.push(format!("{title} agreed with the patient."));
    }
    if life.age(visit.day()) >= 18.0 {
        review.referred = chronic.profile().specialist.map(|field| (chronic, field));
    }
}

/// Writes the care plan of a disease that has one, and says its title.
fn plan_care(life: &mut Life, visit: &Visit, chronic: Chronic, problem: usize) -> Option<&'static str> {
    let (title, activities): (&'static str, &[&'static str]) = match chronic {
        Chronic::Hypertension => (
            "Hypertension care plan",
            &[
                "Salt below 5 g a day and the DASH diet",
                "Blood pressure at home twice a week",
                "150 minutes of brisk walking a week",
            ],
        ),
        Chronic::Diabetes => (
            "Diabetes self-management plan",
            &["HbA1c every three to six months", "Eye, foot and urine check once a year", "Dietary counseling"],
        ),
        Chronic::Prediabetes => {
            ("Diabetes prevention plan", &["Lose 7 % of body weight", "150 minutes of exercise a week"])
        }
        Chronic::Asthma => {
            ("Asthma action plan", &["Controller inhaler every day", "Rescue inhaler and doctor in the red zone"])
        }
        Chronic::Copd => {
            ("COPD management plan", &["Stop smoking", "Pulmonary rehabilitation", "Influenza vaccine every autumn"])
        }
        Chronic::HeartFailure => {
            ("Heart failure care plan", &["Weigh every morning, call at 2 kg in three days", "Fluid and salt limits"])
        }
        Chronic::Depression => {
            ("Depression treatment plan", &["Cognitive behavioral therapy", "PHQ-9 at each visit", "Safety plan"])
        }
        Chronic::Kidney => {
            ("Kidney protection plan", &["Blood pressure below 130/80", "Avoid anti-inflammatory pain killers"])
        }
        _ => return None,
    };
    plans::care_plan(&mut life.chart, visit, title, problem, activities);
    Some(title)
}

fn step_up(life: &mut Life, visit: &Visit, i: usize, review: &mut Review) {
    let next = life.ails[i].step + 1;
    let waited = visit.day() - life.ails[i].changed > 40;
    if !waited || next >= ladder(life, life.ails[i].chronic).len() {
        review
            .plan
            .push("Talk about taking medicines regularly and about diet; check again at the next visit.".to_owned());
        return;
    }
    let before: Vec<usize> = life.ails[i].orders.clone();
    prescribe(life, visit, i, next);
    // A drug that replaces another one is a change, a drug on top of the others an addition.
    let stopped = before.iter().any(|order| life.chart.orders[*order].end.is_some());
    let verb = if stopped { "Change to" } else { "Add" };
    for &order in life.ails[i].orders.iter().filter(|order| !before.contains(order)) {
        let drug = life.chart.orders[order].drug;
        review.plan.push(format!("{verb} {}: {}", drug.name, drug.directions));
    }
}

/// Whether a disease is where it should be, when today's findings say so.
fn controlled(life: &Life, visit: &Visit, i: usize, findings: &Findings) -> Option<bool> {
    let day = visit.day();
    match life.ails[i].chronic {
        Chronic::Hypertension => findings.pressure.map(|(systolic, diastolic)| {
            // ACC/AHA aim at 130/80; a clinic acts on 140/90, and on 135/85 with diabetes.
            let strict = life.has(Chronic::Diabetes, day);
            if strict { systolic < 135.0 && diastolic < 85.0 } else { systolic < 140.0 && diastolic < 90.0 }
        }),
        // ADA 2024: below 7, or below 8 for the old and frail.
        Chronic::Diabetes => findings.hba1c.map(|v| v <= if life.age(day) > 75.0 { 8.0 } else { 7.0 }),
        Chronic::Lipids => findings.ldl.map(|v| v <= if life.has(Chronic::Diabetes, day) { 80.0 } else { 105.0 }),
        Chronic::Hypothyroidism => findings.tsh.map(|v| v <= 4.0),
        Chronic::Asthma => findings.peak_share.map(|share| share >= 0.8),
        _ => None,
    }
}

fn finding(life: &Life, chronic: Chronic, findings: &Findings) -> String {
    match chronic {
        Chronic::Hypertension => findings.pressure.map(|(s, d)| format!("Pressure today {s:.0}/{d:.0} mmHg.")),
        Chronic::Diabetes | Chronic::Prediabetes => findings.hba1c.map(|v| format!("HbA1c {v:.1} %.")),
        Chronic::Lipids => findings.ldl.map(|v| format!("LDL {v:.0} mg/dL.")),
        Chronic::Hypothyroidism => findings.tsh.map(|v| format!("TSH {v:.2} mIU/L.")),
        Chronic::Asthma => findings.peak_share.map(|v| format!("Peak flow {:.0} % of expected.", 100.0 * v)),
        Chronic::Kidney => findings.rate.map(|v| format!("eGFR {v:.0} mL/min.")),
        Chronic::Obesity => findings.bmi.map(|v| format!("Body mass index {v:.1} kg/m2.")),
        Chronic::Copd if life.person.smoking.code == crate::codes::CURRENT_SMOKER.code => {
            Some("Still smoking; offered help to stop.".to_owned())
        }
        _ => None,
    }
    .unwrap_or_default()
}

/// A depression gets better over months: the score halves in about seven weeks of treatment, and a year after the start
/// the medicine is tapered off (APA 2010: six to twelve months after remission).
fn depression(life: &mut Life, visit: &Visit, i: usize, findings: &mut Findings, review: &mut Review) {
    let Some(problem) = life.ails[i].problem else { return };
    let began = life.chart.problems[problem].onset;
    let days = (visit.day() - began).max(0) as f64;
    let worst = 12.0 + 8.0 * (life.person.adherence * 13.0).fract();
    let score = worst * 0.5_f64.powf(days * life.person.adherence / 50.0) + 2.0 + life.chart.chance.normal();
    let score = score.clamp(0.0, 27.0).round() as i64;
    vitals::phq9(&mut life.chart, visit, score);
    findings.phq9 = Some(score);
    if days > 330.0 && score < 5 {
        for order in std::mem::take(&mut life.ails[i].orders) {
            life.chart.orders[order].end = Some((visit.day(), Ending::Completed));
        }
        life.chart.problems[problem].resolved = Some(visit.day());
        review.assessment.push(format!("{}, in remission. PHQ-9 {score}.", dx::DEPRESSION.code.text));
        review.plan.push("Taper sertraline over four weeks; come back early if sleep or mood get worse.".to_owned());
    } else if score >= 10 && days > 60.0 {
        review.assessment.push(format!("{}, partial response. PHQ-9 {score}.", dx::DEPRESSION.code.text));
        step_up(life, visit, i, review);
    } else {
        review.assessment.push(format!("{}, improving. PHQ-9 {score}.", dx::DEPRESSION.code.text));
        review.plan.push("Continue sertraline and weekly therapy.".to_owned());
    }
}
