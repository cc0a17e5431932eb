//! Which tests are due at a visit, and what they show.

use super::body::{self, Signal};
use super::chronic::Chronic;
use super::plan::Routine;
use super::{Life, body::wobble};
use crate::chart::labs::{self, Analyte};
use crate::chart::{Visit, clinical, vitals};
use crate::codes;

/// What a visit found out, for deciding and for the note.
#[derive(Default)]
pub struct Findings {
    pub pressure: Option<(f64, f64)>,
    pub weight: Option<f64>,
    pub bmi: Option<f64>,
    pub hba1c: Option<f64>,
    pub ldl: Option<f64>,
    pub tsh: Option<f64>,
    pub rate: Option<f64>,
    pub hemoglobin: Option<f64>,
    pub phq9: Option<i64>,
    /// Peak flow as a share of what is expected.
    pub peak_share: Option<f64>,
    /// Sentences on what was measured.
    pub lines: Vec<String>,
}

const YEAR: i64 = 350;

/// Takes the samples that are due. A first visit to the clinic has the full set for those who are ill.
pub fn take_samples(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let day = visit.day();
    let age = life.age(day);
    let has = |life: &Life, chronic: Chronic| life.has(chronic, day);
    let diabetes = has(life, Chronic::Diabetes);
    let sugar = diabetes || has(life, Chronic::Prediabetes);
    let heart = has(life, Chronic::Hypertension) || has(life, Chronic::HeartFailure) || has(life, Chronic::Kidney);
    if age < 18.0 {
        // The one test of a healthy childhood: anaemia at one year (AAP, Bright Futures).
        if (1.0..1.3).contains(&age) && life.due(Routine::BloodCount, day, 4_000) {
            let hemoglobin = body::hemoglobin(life, day);
            labs::result(&mut life.chart, visit, &labs::HEMOGLOBIN, hemoglobin);
            findings.hemoglobin = Some(hemoglobin);
        }
        return;
    }
    let every = if diabetes {
        150
    } else if sugar {
        YEAR
    } else {
        3 * YEAR
    };
    if (sugar || age >= 40.0) && life.due(Routine::HemoglobinA1c, day, every) {
        let value = body::hba1c(life, day);
        labs::result(&mut life.chart, visit, &labs::HBA1C, value);
        findings.hba1c = Some(value);
        findings.lines.push(format!("HbA1c {value:.1} %."));
    }
    let every = if heart || diabetes { YEAR } else { 4 * YEAR };
    if (heart || diabetes || age >= 35.0) && life.due(Routine::Metabolic, day, every) {
        metabolic(life, visit, findings);
    }
    let every = if has(life, Chronic::Lipids) || diabetes { YEAR } else { 4 * YEAR };
    if (age >= 35.0 || has(life, Chronic::Lipids)) && life.due(Routine::Lipids, day, every) {
        lipids(life, visit, findings);
    }
    if has(life, Chronic::Hypothyroidism) && life.due(Routine::Thyroid, day, 170) {
        thyroid(life, visit, findings);
    }
    if (diabetes || has(life, Chronic::Kidney)) && life.due(Routine::UrineAlbumin, day, YEAR) {
        let leak = if has(life, Chronic::Kidney) { 3.9 } else { 2.5 };
        let value = (leak + 0.6 * wobble(life, Signal::Kidney, day)).exp().clamp(2.0, 900.0);
        labs::result(&mut life.chart, visit, &labs::URINE_ALBUMIN, value);
        findings.lines.push(format!("Urine albumin to creatinine {value:.0} mg/g."));
    }
    if has(life, Chronic::HeartFailure) && life.due(Routine::HeartPeptide, day, YEAR) {
        let value = (6.6 + 0.5 * wobble(life, Signal::Heart, day)).exp().clamp(140.0, 6_000.0);
        labs::result(&mut life.chart, visit, &labs::NT_PROBNP, value);
        findings.lines.push(format!("NT-proBNP {value:.0} pg/mL."));
    }
    let every = if has(life, Chronic::Kidney) || has(life, Chronic::HeartFailure) { YEAR } else { 4 * YEAR };
    if age >= 30.0 && life.due(Routine::BloodCount, day, every) {
        findings.hemoglobin = Some(blood_count(life, visit));
    }
    if has(life, Chronic::Lipids) && life.due(Routine::Hepatic, day, 5 * YEAR) {
        hepatic(life, visit);
    }
}

fn metabolic(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let day = visit.day();
    let sugar = match findings.hba1c {
        Some(value) => value,
        None => body::hba1c(life, day),
    };
    let glucose = body::glucose(life, sugar);
    let (creatinine, rate) = body::kidney(life, day);
    let salts = wobble(life, Signal::Salts, day);
    let chance = &life.chart.chance;
    let results: [(&Analyte, f64); 9] = [
        (&labs::GLUCOSE, glucose),
        (&labs::UREA, (13.0 * (creatinine / 0.9).powf(0.8) + 2.0 * chance.normal()).clamp(5.0, 90.0)),
        (&labs::CREATININE, creatinine),
        (&labs::EGFR, rate),
        (&labs::SODIUM, 140.0 + 1.6 * salts + 0.6 * chance.normal()),
        (&labs::POTASSIUM, 4.2 + 0.2 * salts + 0.12 * chance.normal() + if rate < 40.0 { 0.35 } else { 0.0 }),
        (&labs::CHLORIDE, 102.0 + 1.4 * salts + 0.6 * chance.normal()),
        (&labs::BICARBONATE, 25.5 - if rate < 40.0 { 2.0 } else { 0.0 } + 0.9 * chance.normal()),
        (&labs::CALCIUM, 9.4 + 0.2 * chance.normal()),
    ];
    labs::panel(&mut life.chart, visit, &labs::BASIC_METABOLIC, &results);
    findings.rate = Some(rate);
    findings
        .lines
        .push(format!("Creatinine {creatinine:.2} mg/dL (eGFR {rate:.0}), fasting glucose {glucose:.0} mg/dL."));
}

fn lipids(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let (total, ldl, hdl, fat) = body::lipids(life, visit.day());
    let results: [(&Analyte, f64); 4] =
        [(&labs::CHOLESTEROL, total), (&labs::LDL, ldl), (&labs::HDL, hdl), (&labs::TRIGLYCERIDES, fat)];
    labs::panel(&mut life.chart, visit, &labs::LIPID_PANEL, &results);
    findings.ldl = Some(ldl);
    findings.lines.push(format!("LDL cholesterol {ldl:.0}, HDL {hdl:.0}, triglycerides {fat:.0} mg/dL."));
}

fn thyroid(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let (tsh, t4) = body::thyroid(life, visit.day());
    labs::panel(&mut life.chart, visit, &labs::THYROID_PANEL, &[(&labs::TSH, tsh), (&labs::FREE_T4, t4)]);
    findings.tsh = Some(tsh);
    findings.lines.push(format!("TSH {tsh:.2} mIU/L, free T4 {t4:.1} ng/dL."));
}

fn hepatic(life: &mut Life, visit: &Visit) {
    let slow = wobble(life, Signal::Liver, visit.day());
    let heavy = life.person.bmi_z.max(0.0);
    let alt = (24.0 + 7.0 * heavy + 6.0 * slow).clamp(8.0, 120.0);
    let chance = &life.chart.chance;
    let results: [(&Analyte, f64); 5] = [
        (&labs::ALT, alt),
        (&labs::AST, (0.85 * alt + 3.0 * chance.normal()).clamp(9.0, 110.0)),
        (&labs::ALKALINE_PHOSPHATASE, 72.0 + 12.0 * slow + 5.0 * chance.normal()),
        (&labs::BILIRUBIN, (0.7 + 0.15 * chance.normal()).clamp(0.2, 1.5)),
        (&labs::ALBUMIN, 4.3 + 0.2 * chance.normal()),
    ];
    labs::panel(&mut life.chart, visit, &labs::HEPATIC_PANEL, &results);
}

/// A blood count whose parts fit each other: a hematocrit is near three times the hemoglobin.
pub fn blood_count(life: &mut Life, visit: &Visit) -> f64 {
    let day = visit.day();
    let hemoglobin = body::hemoglobin(life, day);
    let small = life.iron_missing(day);
    let slow = wobble(life, Signal::Blood, day);
    let chance = &life.chart.chance;
    let volume = (90.0 - 5.0 * small + 2.5 * slow).clamp(64.0, 101.0);
    let hematocrit = 2.95 * hemoglobin + 0.5 * chance.normal();
    let results: [(&Analyte, f64); 6] = [
        (&labs::WHITE_CELLS, (6.8 + 1.2 * slow + 0.7 * chance.normal()).clamp(3.2, 13.5)),
        (&labs::RED_CELLS, 10.0 * hematocrit / volume),
        (&labs::HEMOGLOBIN, hemoglobin),
        (&labs::HEMATOCRIT, hematocrit),
        (&labs::MCV, volume),
        (&labs::PLATELETS, (250.0 + 40.0 * slow + 15.0 * chance.normal()).clamp(110.0, 480.0)),
    ];
    labs::panel(&mut life.chart, visit, &labs::BLOOD_COUNT, &results);
    hemoglobin
}

/// Examinations of the heart, the lungs and the bones, and the searches for cancer of the US Preventive Services Task
/// Force.
pub fn examine(life: &mut Life, visit: &Visit, findings: &mut Findings) {
    let day = visit.day();
    let age = life.age(day);
    let lungs = life.has(Chronic::Copd, day);
    if lungs && life.due(Routine::Spirometry, day, 2 * YEAR) {
        let problem = life.ails.iter().find(|ail| ail.chronic == Chronic::Copd).and_then(|ail| ail.problem);
        let years = life.onset(Chronic::Copd).map_or(0.0, |onset| (day - onset) as f64 / 365.25);
        let ratio = (66.0 - 0.6 * years.min(20.0) + 1.5 * life.chart.chance.normal()).clamp(38.0, 69.0);
        clinical::procedure(&mut life.chart, visit, &codes::SPIROMETRY, problem, 15);
        vitals::breathing(&mut life.chart, visit, &vitals::FEV1_FVC, ratio, ("%", "%", 0));
        findings.lines.push(format!("Spirometry after albuterol: FEV1/FVC {ratio:.0} %."));
    }
    let failing = life.has(Chronic::HeartFailure, day);
    if failing && life.due(Routine::Echocardiogram, day, 3 * YEAR) {
        clinical::procedure(&mut life.chart, visit, &codes::ECHO, None, 20);
    }
    let fibrillates = life.has(Chronic::AtrialFibrillation, day);
    if (failing || fibrillates) && life.due(Routine::Electrocardiogram, day, 2 * YEAR) {
        clinical::procedure(&mut life.chart, visit, &codes::ECG, None, 10);
        let rhythm = if fibrillates { "atrial fibrillation with controlled rate" } else { "sinus rhythm" };
        findings.lines.push(format!("Electrocardiogram: {rhythm}."));
    }
    // From 45 to 75 every ten years; not all go.
    if (45.0..76.0).contains(&age) && life.chart.chance.yes(0.3) && life.due(Routine::Colonoscopy, day, 10 * YEAR) {
        clinical::procedure(&mut life.chart, visit, &codes::COLONOSCOPY, None, 30);
        findings.lines.push("Screening colonoscopy without polyps.".to_owned());
    }
    // Women from 40 to 74 every other year.
    let female = life.person.female;
    if female
        && (40.0..75.0).contains(&age)
        && life.chart.chance.yes(0.75)
        && life.due(Routine::Mammogram, day, 2 * YEAR)
    {
        clinical::procedure(&mut life.chart, visit, &codes::MAMMOGRAPHY, None, 15);
        findings.lines.push("Mammogram without a finding that needs follow-up.".to_owned());
    }
    if female && age >= 65.0 && life.due(Routine::BoneDensity, day, 5 * YEAR) {
        clinical::procedure(&mut life.chart, visit, &codes::BONE_DENSITY, None, 15);
    }
}
