//! Laboratory tests: what they are called, in which unit, and what is usual. Adult ranges are those of the ABIM
//! Laboratory Test Reference Ranges (American Board of Internal Medicine, January 2024; each number to check) unless a
//! line says otherwise.

use super::{Chart, Visit, meta, reference, vitals};
use crate::calendar::{MINUTES_PER_DAY, date_time};
use crate::codes::{Code, hl7, hl7_concept, loinc};
use crate::json::{Json, object};

pub struct Analyte {
    pub code: Code,
    pub unit: &'static str,
    pub ucum: &'static str,
    pub digits: usize,
    /// Lower and upper limit of women and of men; an infinite limit is none.
    women: (f64, f64),
    men: (f64, f64),
}

const NONE_BELOW: f64 = f64::NEG_INFINITY;
const NONE_ABOVE: f64 = f64::INFINITY;

const fn analyte(
    code: &'static str,
    text: &'static str,
    unit: (&'static str, &'static str, usize),
    women: (f64, f64),
    men: (f64, f64),
) -> Analyte {
    Analyte { code: loinc(code, text), unit: unit.0, ucum: unit.1, digits: unit.2, women, men }
}

const fn same(
    code: &'static str,
    text: &'static str,
    unit: (&'static str, &'static str, usize),
    low: f64,
    high: f64,
) -> Analyte {
    analyte(code, text, unit, (low, high), (low, high))
}

const MG_DL: (&str, &str, usize) = ("mg/dL", "mg/dL", 0);
const MG_DL_1: (&str, &str, usize) = ("mg/dL", "mg/dL", 1);
const MG_DL_2: (&str, &str, usize) = ("mg/dL", "mg/dL", 2);
const MMOL_L: (&str, &str, usize) = ("mmol/L", "mmol/L", 0);
const MMOL_L_1: (&str, &str, usize) = ("mmol/L", "mmol/L", 1);
const U_L: (&str, &str, usize) = ("U/L", "U/L", 0);
const PERCENT: (&str, &str, usize) = ("%", "%", 1);
const THOUSANDS: (&str, &str, usize) = ("10*3/uL", "10*3/uL", 0);
const G_DL: (&str, &str, usize) = ("g/dL", "g/dL", 1);

pub static WHITE_CELLS: Analyte =
    same("6690-2", "Leukocytes [#/volume] in Blood", ("10*3/uL", "10*3/uL", 1), 4.0, 11.0);
pub static RED_CELLS: Analyte = same("789-8", "Erythrocytes [#/volume] in Blood", ("10*6/uL", "10*6/uL", 2), 4.2, 5.9);
pub static HEMOGLOBIN: Analyte =
    analyte("718-7", "Hemoglobin [Mass/volume] in Blood", G_DL, (12.0, 16.0), (14.0, 18.0));
pub static HEMATOCRIT: Analyte =
    analyte("4544-3", "Hematocrit [Volume Fraction] of Blood", PERCENT, (37.0, 47.0), (42.0, 50.0));
pub static MCV: Analyte = same("787-2", "MCV [Entitic volume]", ("fL", "fL", 0), 80.0, 98.0);
pub static PLATELETS: Analyte = same("777-3", "Platelets [#/volume] in Blood", THOUSANDS, 150.0, 450.0);

pub static GLUCOSE: Analyte = same("2345-7", "Glucose [Mass/volume] in Serum or Plasma", MG_DL, 70.0, 99.0);
pub static UREA: Analyte = same("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma", MG_DL, 8.0, 20.0);
/// By sex, as laboratories report it.
pub static CREATININE: Analyte =
    analyte("2160-0", "Creatinine [Mass/volume] in Serum or Plasma", MG_DL_2, (0.5, 1.1), (0.7, 1.3));
/// Below 60 for three months is chronic kidney disease (KDIGO 2012).
pub static EGFR: Analyte = same(
    "98979-8",
    "Glomerular filtration rate predicted by CKD-EPI 2021",
    ("mL/min/{1.73_m2}", "mL/min/{1.73_m2}", 0),
    60.0,
    NONE_ABOVE,
);
pub static SODIUM: Analyte = same("2951-2", "Sodium [Moles/volume] in Serum or Plasma", MMOL_L, 136.0, 145.0);
pub static POTASSIUM: Analyte = same("2823-3", "Potassium [Moles/volume] in Serum or Plasma", MMOL_L_1, 3.5, 5.0);
pub static CHLORIDE: Analyte = same("2075-0", "Chloride [Moles/volume] in Serum or Plasma", MMOL_L, 98.0, 106.0);
pub static BICARBONATE: Analyte =
    same("2028-9", "Carbon dioxide, total [Moles/volume] in Serum or Plasma", MMOL_L, 23.0, 28.0);
pub static CALCIUM: Analyte = same("17861-6", "Calcium [Mass/volume] in Serum or Plasma", MG_DL_1, 8.6, 10.2);

/// Lipid limits of NCEP ATP III (2001).
pub static CHOLESTEROL: Analyte =
    same("2093-3", "Cholesterol [Mass/volume] in Serum or Plasma", MG_DL, NONE_BELOW, 200.0);
pub static TRIGLYCERIDES: Analyte =
    same("2571-8", "Triglyceride [Mass/volume] in Serum or Plasma", MG_DL, NONE_BELOW, 150.0);
pub static HDL: Analyte =
    same("2085-9", "Cholesterol in HDL [Mass/volume] in Serum or Plasma", MG_DL, 40.0, NONE_ABOVE);
pub static LDL: Analyte = same("13457-7", "Cholesterol in LDL [Mass/volume] by calculation", MG_DL, NONE_BELOW, 130.0);

/// 5.7 begins prediabetes, 6.5 diabetes (American Diabetes Association, Standards of Care 2024).
pub static HBA1C: Analyte = same("4548-4", "Hemoglobin A1c/Hemoglobin.total in Blood", PERCENT, 4.0, 5.6);
pub static TSH: Analyte =
    same("3016-3", "Thyrotropin [Units/volume] in Serum or Plasma", ("mIU/L", "m[IU]/L", 2), 0.5, 4.0);
pub static FREE_T4: Analyte =
    same("3024-7", "Thyroxine (T4) free [Mass/volume] in Serum or Plasma", ("ng/dL", "ng/dL", 1), 0.8, 1.8);
pub static ALT: Analyte = same("1742-6", "Alanine aminotransferase [Enzymatic activity/volume]", U_L, 10.0, 40.0);
pub static AST: Analyte = same("1920-8", "Aspartate aminotransferase [Enzymatic activity/volume]", U_L, 10.0, 40.0);
pub static ALKALINE_PHOSPHATASE: Analyte =
    same("6768-6", "Alkaline phosphatase [Enzymatic activity/volume]", U_L, 30.0, 120.0);
pub static BILIRUBIN: Analyte = same("1975-2", "Bilirubin.total [Mass/volume]", MG_DL_1, 0.3, 1.2);
pub static ALBUMIN: Analyte = same("1751-7", "Albumin [Mass/volume] in Serum or Plasma", G_DL, 3.5, 5.5);
pub static FERRITIN: Analyte =
    analyte("2276-4", "Ferritin [Mass/volume] in Serum or Plasma", ("ng/mL", "ng/mL", 0), (24.0, 307.0), (24.0, 336.0));
/// Rule-out limit for heart failure in outpatients (ESC guideline 2021).
pub static NT_PROBNP: Analyte = same(
    "33762-6",
    "Natriuretic peptide.B prohormone N-Terminal [Mass/volume]",
    ("pg/mL", "pg/mL", 0),
    NONE_BELOW,
    125.0,
);
/// KDIGO 2012, category A1.
pub static URINE_ALBUMIN: Analyte =
    same("9318-7", "Albumin/Creatinine [Mass Ratio] in Urine", ("mg/g", "mg/g", 0), NONE_BELOW, 30.0);
pub static CRP: Analyte =
    same("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma", ("mg/L", "mg/L", 1), NONE_BELOW, 8.0);

pub static BLOOD_COUNT: Code = loinc("58410-2", "CBC panel - Blood by Automated count");
pub static BASIC_METABOLIC: Code = loinc("51990-0", "Basic metabolic panel - Blood");
pub static LIPID_PANEL: Code = loinc("24331-1", "Lipid 1996 panel - Serum or Plasma");
pub static HEPATIC_PANEL: Code = loinc("24325-3", "Hepatic function 2000 panel - Serum or Plasma");
pub static THYROID_PANEL: Code = loinc("24348-5", "Free T4 and TSH panel - Serum or Plasma");

impl Analyte {
    pub fn range(&self, female: bool, age: f64) -> (f64, f64) {
        // A toddler is anaemic below 11 g/dL (WHO 2011, 6 to 59 months), not below an adult's limit.
        if self.code == HEMOGLOBIN.code && age < 12.0 {
            return (if age < 5.0 { 11.0 } else { 11.5 }, 15.5);
        }
        if female { self.women } else { self.men }
    }
}

/// One result; gives back its reference for a report.
pub fn result(chart: &mut Chart, visit: &Visit, analyte: &Analyte, value: f64) -> Json {
    let (low, high) = analyte.range(chart.subject.female, chart.subject.age_years(visit.day()));
    // Flags are set on the number as printed, or a result could contradict its own flag.
    let scale = 10f64.powi(analyte.digits as i32);
    let printed = (value * scale).round() / scale;
    let (flag, text) = match printed {
        v if v < low => ("L", "Low"),
        v if v > high => ("H", "High"),
        _ => ("N", "Normal"),
    };
    let limit =
        |value: f64| value.is_finite().then(|| vitals::quantity(value, analyte.digits, analyte.unit, analyte.ucum));
    let resource = object! {
        resourceType: "Observation",
        meta: meta(visit.sensitive),
        status: "final",
        category: [vitals::category("laboratory", "Laboratory")],
        code: analyte.code.concept(),
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        effectiveDateTime: date_time(drawn(visit)),
        issued: date_time(reported(visit)),
        performer: [chart.organization(visit)],
        valueQuantity: vitals::quantity(value, analyte.digits, analyte.unit, analyte.ucum),
        interpretation: [object! { coding: [hl7("v3-ObservationInterpretation", flag, text)], text: text }],
        referenceRange: [object! { low: limit(low), high: limit(high) }],
    };
    reference(&chart.add("Observation", resource))
}

/// A panel: its results and the report that lists them.
pub fn panel(chart: &mut Chart, visit: &Visit, code: &Code, results: &[(&Analyte, f64)]) {
    let references: Vec<Json> = results.iter().map(|(analyte, value)| result(chart, visit, analyte, *value)).collect();
    let resource = object! {
        resourceType: "DiagnosticReport",
        meta: meta(visit.sensitive),
        status: "final",
        category: [hl7_concept("v2-0074", "LAB", "Laboratory")],
        code: code.concept(),
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        effectiveDateTime: date_time(drawn(visit)),
        issued: date_time(reported(visit)),
        performer: [chart.organization(visit)],
        result: references,
    };
    chart.add("DiagnosticReport", resource);
}

const fn drawn(visit: &Visit) -> i64 {
    visit.measured + 10
}

/// Results come the same evening, so that a report never lies after the day of its visit.
const fn reported(visit: &Visit) -> i64 {
    let evening = visit.measured.div_euclid(MINUTES_PER_DAY) * MINUTES_PER_DAY + 18 * 60 + 30;
    if evening > drawn(visit) { evening } else { drawn(visit) + 45 }
}
