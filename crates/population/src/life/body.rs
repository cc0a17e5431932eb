//! The body: what a measurement would show on a day, given age, build, diseases and treatment. Every value is a set
//! point plus a slow drift (what is high today is still a little high next month) plus the noise of measuring.

use super::Life;
use super::chronic::Chronic;
use super::growth;
use crate::calendar::Day;
use crate::chance::Chance;
use crate::drugs::{self, Drug};

/// What drifts on its own.
#[derive(Clone, Copy)]
pub enum Signal {
    Pressure,
    Heart,
    Weight,
    Sugar,
    Lipids,
    Thyroid,
    Kidney,
    Blood,
    Salts,
    Liver,
}

const SIGNALS: usize = 10;

/// An autoregressive process per signal, in standard deviations.
pub struct Drifts([(f64, Day); SIGNALS]);

impl Drifts {
    pub fn new(chance: &Chance, day: Day) -> Self {
        Self(std::array::from_fn(|_| (chance.normal(), day)))
    }

    /// Steps to `day`. Half of a deviation is forgotten in about five months.
    fn step(&mut self, chance: &Chance, signal: Signal, day: Day) -> f64 {
        let (value, last) = &mut self.0[signal as usize];
        let keep = (-((day - *last).max(0) as f64) / 220.0).exp();
        *value = keep * *value + (1.0 - keep * keep).sqrt() * chance.normal();
        *last = day;
        *value
    }
}

fn drift(life: &mut Life, signal: Signal, day: Day) -> f64 {
    life.drifts.step(&life.chart.chance, signal, day)
}

fn noise(life: &Life, deviation: f64) -> f64 {
    life.chart.chance.normal() * deviation
}

/// Share of its full effect that a medicine has reached: most of it within two months.
fn treated(life: &Life, day: Day, drug: &'static Drug) -> f64 {
    let current = life.chart.orders.iter().filter(|order| order.end.is_none() && order.drug.code == drug.code);
    let since = current.map(|order| first_order(life, order.drug, order.start)).min();
    since.map_or(0.0, |start| life.person.adherence * (1.0 - (-((day - start) as f64) / 25.0).exp()))
}

/// The day on which an unbroken run of renewals began.
fn first_order(life: &Life, drug: &'static Drug, start: Day) -> Day {
    let mut first = start;
    for order in life.chart.orders.iter().rev() {
        if order.drug.code == drug.code && order.end.is_some_and(|(end, _)| end == first) {
            first = order.start;
        }
    }
    first
}

/// Share of a disease that is there on `day`: it grows over `years` from shortly before it was noticed.
fn grown(life: &Life, chronic: Chronic, day: Day, years: f64) -> f64 {
    life.onset(chronic).map_or(0.0, |onset| {
        if day < onset - 365 { 0.0 } else { ((day - onset + 365) as f64 / (365.0 * years)).clamp(0.0, 1.0) }
    })
}

fn age(life: &Life, day: Day) -> f64 {
    life.chart.subject.age_years(day)
}

pub fn height(life: &Life, day: Day) -> f64 {
    growth::height(age(life, day), life.person.female, life.person.height_z)
}

/// Weight, with what a pregnancy adds: about 12.5 kg at term (Institute of Medicine 2009: 11.5 to 16 kg; to check).
pub fn weight(life: &mut Life, day: Day) -> f64 {
    let years = age(life, day);
    let (female, z) = (life.person.female, life.person.bmi_z);
    if years < 2.0 {
        return growth::infant_weight(years, female, 0.5 * z + 0.5 * life.person.height_z) + noise(life, 0.05);
    }
    let meters = height(life, day) / 100.0;
    let slow = drift(life, Signal::Weight, day);
    let plain = growth::bmi(years, female, z) * meters * meters * (1.0 + 0.02 * slow);
    // Fluid before it is drained, and the two to three kilos that an SGLT2 inhibitor takes off (EMPA-REG, 2015; to
    // check).
    let fluid = 3.0 * grown(life, Chronic::HeartFailure, day, 1.0) * (1.0 - treated(life, day, &drugs::FUROSEMIDE));
    let lost = 2.2 * treated(life, day, &drugs::EMPAGLIFLOZIN);
    let carried = life.pregnant_weeks(day).map_or(0.0, |weeks| (weeks - 8.0).max(0.0) * 0.39);
    (plain + fluid - lost + carried + noise(life, 0.3)).max(2.5)
}

/// Systolic and diastolic pressure. A standard dose of one drug takes off about 9/5 mmHg, a half dose 7/4 (Law, BMJ
/// 2003).
pub fn pressure(life: &mut Life, day: Day) -> (f64, f64) {
    let (years, female) = (age(life, day), life.person.female);
    let heavy = life.person.bmi_z;
    let slow = drift(life, Signal::Pressure, day);
    let disease = grown(life, Chronic::Hypertension, day, 3.0);
    let effects: [(&'static Drug, f64); 8] = [
        (&drugs::LISINOPRIL_10, 9.0),
        (&drugs::LISINOPRIL_20, 12.0),
        (&drugs::LOSARTAN, 9.0),
        (&drugs::AMLODIPINE, 9.0),
        (&drugs::THIAZIDE, 8.0),
        (&drugs::METOPROLOL, 7.0),
        (&drugs::CARVEDILOL, 7.0),
        (&drugs::SPIRONOLACTONE, 5.0),
    ];
    let lowered: f64 = effects.iter().map(|(drug, effect)| effect * treated(life, day, drug)).sum();
    let systolic = growth::systolic(years, female) + 2.0 * heavy + 30.0 * disease - lowered + 6.0 * slow;
    let diastolic = growth::diastolic(years, female) + heavy + 14.0 * disease - 0.56 * lowered + 3.5 * slow;
    let systolic = (systolic + noise(life, if years < 18.0 { 4.0 } else { 5.0 })).clamp(62.0, 215.0);
    let diastolic = (diastolic + noise(life, 3.5)).clamp(36.0, 122.0);
    (systolic, diastolic.min(systolic - 20.0))
}

pub fn heart_rate(life: &mut Life, day: Day, fever: f64) -> f64 {
    let slow = drift(life, Signal::Heart, day);
    let slowed = 9.0 * treated(life, day, &drugs::METOPROLOL) + 9.0 * treated(life, day, &drugs::CARVEDILOL);
    let flutter = 14.0 * grown(life, Chronic::AtrialFibrillation, day, 0.5);
    let carried = life.pregnant_weeks(day).map_or(0.0, |weeks| weeks * 0.3);
    // About ten beats for each degree of fever.
    let rate = growth::heart_rate(age(life, day), life.person.female) + 10.0 * fever - slowed + flutter + carried;
    (rate * (1.0 + 0.07 * slow) + noise(life, 3.0)).clamp(44.0, 190.0)
}

pub fn breaths(life: &Life, day: Day, ill: f64) -> f64 {
    let copd = 2.5 * grown(life, Chronic::Copd, day, 4.0);
    (growth::breaths(age(life, day)) + copd + ill + noise(life, 1.2)).clamp(10.0, 60.0)
}

pub fn saturation(life: &Life, day: Day, lost: f64) -> f64 {
    let copd = 4.0 * grown(life, Chronic::Copd, day, 8.0);
    (98.0 - copd - lost + noise(life, 0.7)).clamp(84.0, 100.0)
}

pub fn temperature(life: &Life, fever: f64) -> f64 {
    36.7 + fever + noise(life, 0.2)
}

/// HbA1c in percent. Metformin taken regularly takes off 1.0 to 1.5, an SGLT2 inhibitor 0.7, basal insulin about 1.2
/// (ADA Standards of Care 2024, section 9; to check); without more treatment it rises by 0.15 a year (UKPDS 34, 1998;
/// to check).
pub fn hba1c(life: &mut Life, day: Day) -> f64 {
    let slow = drift(life, Signal::Sugar, day);
    let healthy = 5.25 + 0.004 * (age(life, day) - 40.0).max(-25.0);
    let Some(onset) = life.onset(Chronic::Diabetes).filter(|onset| day >= *onset - 30) else {
        let before = grown(life, Chronic::Prediabetes, day, 2.0);
        let value = healthy + 0.55 * before + if before > 0.0 { 0.12 } else { 0.08 } * slow;
        return value.clamp(4.6, if before > 0.0 { 6.4 } else { 5.6 });
    };
    let years = (day - onset).max(0) as f64 / 365.25;
    let untreated = 7.0 + 2.6 * (life.person.adherence * 7.0).fract() + 0.15 * years.min(12.0);
    let lowered = treated(life, day, &drugs::METFORMIN_500)
        + 1.5 * treated(life, day, &drugs::METFORMIN_1000)
        + 0.8 * treated(life, day, &drugs::EMPAGLIFLOZIN)
        + 1.2 * treated(life, day, &drugs::GLARGINE);
    (untreated - lowered + 0.25 * slow + noise(life, 0.08)).clamp(5.5, 12.5)
}

/// Fasting glucose in mg/dL that goes with an HbA1c: the average is 28.7 × HbA1c − 46.7 (Nathan, Diabetes Care 2008),
/// and a fasting morning lies below it.
pub fn glucose(life: &Life, hba1c: f64) -> f64 {
    (28.7 * hba1c - 46.7 - 11.0 + noise(life, 6.0)).max(66.0)
}

/// Total, LDL, HDL cholesterol and triglycerides in mg/dL, such that LDL is what Friedewald's formula gives. A moderate
/// statin lowers LDL by 30 to 49 %, a high dose by half (ACC/AHA 2018; to check).
pub fn lipids(life: &mut Life, day: Day) -> (f64, f64, f64, f64) {
    let slow = drift(life, Signal::Lipids, day);
    let disease = grown(life, Chronic::Lipids, day, 2.0);
    let kept =
        1.0 - 0.42 * treated(life, day, &drugs::ATORVASTATIN_20) - 0.50 * treated(life, day, &drugs::ATORVASTATIN_40);
    let young = (age(life, day) / 45.0).clamp(0.7, 1.0);
    let ldl = ((104.0 * young + 52.0 * disease + 11.0 * slow) * kept + noise(life, 4.0)).clamp(32.0, 260.0);
    let hdl = (if life.person.female { 58.0 } else { 49.0 } - 4.0 * life.person.bmi_z - 2.0 * slow + noise(life, 2.5))
        .clamp(26.0, 95.0);
    let sugar = grown(life, Chronic::Diabetes, day, 2.0);
    let fat = (4.62 + 0.16 * life.person.bmi_z + 0.22 * disease + 0.2 * sugar + 0.14 * slow).exp();
    let triglycerides = (fat + noise(life, 8.0)).clamp(40.0, 390.0).round();
    (ldl.round() + hdl.round() + (triglycerides / 5.0).round(), ldl.round(), hdl.round(), triglycerides)
}

/// TSH in mIU/L and free T4 in ng/dL.
pub fn thyroid(life: &mut Life, day: Day) -> (f64, f64) {
    let slow = drift(life, Signal::Thyroid, day);
    let disease = grown(life, Chronic::Hypothyroidism, day, 1.0);
    let replaced = (0.75 * treated(life, day, &drugs::LEVOTHYROXINE_75)
        + 1.1 * treated(life, day, &drugs::LEVOTHYROXINE_100))
    .min(1.0);
    let missing = disease * (1.0 - replaced);
    let tsh = (1.9 * (0.25 * slow).exp() + 8.5 * missing + noise(life, 0.1)).clamp(0.4, 25.0);
    (tsh, (1.25 - 0.5 * missing + 0.08 * slow).clamp(0.5, 1.7))
}

/// The filtration rate in mL/min/1.73 m² that CKD-EPI 2021 gives for a creatinine in mg/dL (Inker, NEJM 2021).
pub fn filtration_rate(creatinine: f64, age: f64, female: bool) -> f64 {
    let (kappa, alpha, factor) = ckd_epi(female);
    let ratio = creatinine / kappa;
    142.0 * ratio.min(1.0).powf(alpha) * ratio.max(1.0).powf(-1.2) * 0.9938_f64.powf(age) * factor
}

const fn ckd_epi(female: bool) -> (f64, f64, f64) {
    if female { (0.7, -0.241, 1.012) } else { (0.9, -0.302, 1.0) }
}

/// Creatinine in mg/dL and the filtration rate that goes with it.
pub fn kidney(life: &mut Life, day: Day) -> (f64, f64) {
    let years = age(life, day);
    let slow = drift(life, Signal::Kidney, day);
    let decline = life.onset(Chronic::Kidney).map_or(0.0, |onset| ((day - onset).max(0) as f64) / 365.25);
    let healthy = (112.0 - 0.72 * (years - 25.0).max(0.0)).max(62.0) + 6.0 * slow;
    let diseased = (52.0 - 1.3 * decline.min(14.0) + 3.0 * slow).max(24.0);
    let sick = grown(life, Chronic::Kidney, day, 1.5);
    let rate = healthy * (1.0 - sick) + diseased * sick + noise(life, 2.0);
    // The equation read backwards.
    let (kappa, alpha, factor) = ckd_epi(life.person.female);
    let ratio = rate.clamp(15.0, 130.0) / (142.0 * 0.9938_f64.powf(years) * factor);
    let creatinine = kappa * ratio.powf(1.0 / if ratio > 1.0 { alpha } else { -1.2 });
    let creatinine = (creatinine.clamp(0.45, 5.0) * 100.0).round() / 100.0;
    (creatinine, filtration_rate(creatinine, years, life.person.female))
}

/// Hemoglobin in g/dL: normal for age and sex, less with an iron deficiency, late in pregnancy and with sick kidneys.
pub fn hemoglobin(life: &mut Life, day: Day) -> f64 {
    let years = age(life, day);
    let slow = drift(life, Signal::Blood, day);
    let usual = match (years < 12.0, life.person.female) {
        (true, _) => 12.6 + 0.05 * years,
        (false, true) => 13.6,
        (false, false) => 15.2,
    };
    let lost = 1.1 * grown(life, Chronic::Kidney, day, 4.0)
        + life.pregnant_weeks(day).map_or(0.0, |weeks| 0.05 * weeks)
        + life.iron_missing(day);
    (usual - lost + 0.6 * slow + noise(life, 0.15)).clamp(7.5, 17.9)
}

/// A drift that several tests share, for small movements within the usual range.
pub fn wobble(life: &mut Life, signal: Signal, day: Day) -> f64 {
    drift(life, signal, day)
}

/// Peak flow in L/min that somebody healthy of this size blows: near 5 × (height − 100) + 100 in children (Godfrey
/// 1970; to check), near 570 and 430 in men and women (EU scale, Miller 2004; to check).
pub fn peak_flow_expected(life: &Life, day: Day) -> f64 {
    if age(life, day) < 17.0 {
        return 5.0 * (height(life, day) - 100.0) + 100.0;
    }
    (if life.person.female { 430.0 } else { 570.0 }) - 2.0 * (age(life, day) - 35.0).max(0.0)
}

/// Asthma takes a fifth of it, which an inhaled steroid mostly gives back. Meters are read to 5 L/min.
pub fn peak_flow(life: &Life, day: Day) -> f64 {
    let steroid = treated(life, day, &drugs::FLUTICASONE).max(treated(life, day, &drugs::FLUTICASONE_SALMETEROL));
    let flow = peak_flow_expected(life, day) * (0.78 + 0.17 * steroid) + noise(life, 8.0);
    (flow / 5.0).round().max(12.0) * 5.0
}
