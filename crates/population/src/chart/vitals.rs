//! Vital signs and other single observations, as the FHIR vital-signs profiles want them.

use super::{Chart, Visit, meta, reference};
use crate::calendar::date_time;
use crate::codes::{Code, UCUM, hl7, hl7_concept, loinc};
use crate::json::{Json, object};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vital {
    HeartRate,
    RespiratoryRate,
    Temperature,
    OxygenSaturation,
    Weight,
    Height,
    BodyMassIndex,
    HeadCircumference,
}

pub struct Measure {
    pub code: Code,
    /// A second code that the profile asks for.
    pub also: Option<Code>,
    pub unit: &'static str,
    /// UCUM.
    pub ucum: &'static str,
    pub digits: usize,
}

impl Vital {
    /// Codes and units of the FHIR R4 vital signs profiles.
    pub const fn measure(self) -> Measure {
        let (code, text, unit, ucum, digits) = match self {
            Self::HeartRate => ("8867-4", "Heart rate", "beats/minute", "/min", 0),
            Self::RespiratoryRate => ("9279-1", "Respiratory rate", "breaths/minute", "/min", 0),
            Self::Temperature => ("8310-5", "Body temperature", "°C", "Cel", 1),
            Self::OxygenSaturation => ("2708-6", "Oxygen saturation in Arterial blood", "%", "%", 0),
            Self::Weight => ("29463-7", "Body weight", "kg", "kg", 1),
            Self::Height => ("8302-2", "Body height", "cm", "cm", 1),
            Self::BodyMassIndex => ("39156-5", "Body mass index (BMI) [Ratio]", "kg/m2", "kg/m2", 1),
            Self::HeadCircumference => ("9843-4", "Head occipital-frontal circumference", "cm", "cm", 1),
        };
        let also = match self {
            Self::OxygenSaturation => Some(loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry")),
            _ => None,
        };
        Measure { code: loinc(code, text), also, unit, ucum, digits }
    }
}

impl Measure {
    pub fn concept(&self) -> Json {
        let mut codings = vec![self.code.coding()];
        codings.extend(self.also.map(|code| code.coding()));
        object! { coding: codings, text: self.code.text }
    }

    pub fn quantity(&self, value: f64) -> Json {
        quantity(value, self.digits, self.unit, self.ucum)
    }
}

pub fn quantity(value: f64, digits: usize, unit: &'static str, ucum: &'static str) -> Json {
    object! { value: Json::decimal(value, digits), unit: unit, system: UCUM, code: ucum }
}

pub fn category(code: &'static str, text: &'static str) -> Json {
    hl7_concept("observation-category", code, text)
}

/// What every observation of a visit begins with.
fn begin(chart: &Chart, visit: &Visit, category: Json, code: Json) -> Json {
    object! {
        resourceType: "Observation",
        meta: meta(visit.sensitive),
        status: "final",
        category: [category],
        code: code,
        subject: chart.subject(),
        encounter: reference(&visit.urn),
        effectiveDateTime: date_time(visit.measured),
        issued: date_time(visit.measured),
        performer: [chart.practitioner(visit)],
    }
}

pub fn vital(chart: &mut Chart, visit: &Visit, vital: Vital, value: f64) {
    let measure = vital.measure();
    let resource = begin(chart, visit, category("vital-signs", "Vital Signs"), measure.concept())
        .with("valueQuantity", measure.quantity(value));
    chart.add("Observation", resource);
}

/// The panel of the blood-pressure profile, with its two components.
pub fn blood_pressure(chart: &mut Chart, visit: &Visit, systolic: f64, diastolic: f64) {
    let panel = loinc("85354-9", "Blood pressure panel with all children optional");
    let resource = begin(chart, visit, category("vital-signs", "Vital Signs"), panel.concept())
        .with("component", pressure_components(systolic, diastolic));
    chart.add("Observation", resource);
}

pub fn pressure_components(systolic: f64, diastolic: f64) -> [Json; 2] {
    let component = |code: &'static str, text: &'static str, value: f64| {
        object! { code: loinc(code, text).concept(), valueQuantity: quantity(value, 0, "mmHg", "mm[Hg]") }
    };
    [
        component("8480-6", "Systolic blood pressure", systolic),
        component("8462-4", "Diastolic blood pressure", diastolic),
    ]
}

/// A status out of a list, such as smoking.
pub fn status(chart: &mut Chart, visit: &Visit, code: &Code, value: &Code) {
    let resource = begin(chart, visit, category("social-history", "Social History"), code.concept())
        .with("valueCodeableConcept", value.concept());
    chart.add("Observation", resource);
}

/// The nine questions on depression (PHQ-9), 0 to 27. Kroenke 2001: 10 and more is a positive screen.
pub fn phq9(chart: &mut Chart, visit: &Visit, score: i64) {
    let code = loinc("44261-6", "Patient Health Questionnaire 9 item (PHQ-9) total score [Reported]");
    let (flag, text) = if score >= 10 { ("H", "High") } else { ("N", "Normal") };
    let resource = begin(chart, visit, category("survey", "Survey"), code.concept())
        .with("valueQuantity", quantity(score as f64, 0, "{score}", "{score}"))
        .with("interpretation", [object! { coding: [hl7("v3-ObservationInterpretation", flag, text)] }]);
    chart.add("Observation", resource);
}

/// A measured function of the lungs.
pub fn breathing(chart: &mut Chart, visit: &Visit, code: &Code, value: f64, unit: (&'static str, &'static str, usize)) {
    let resource = begin(chart, visit, category("procedure", "Procedure"), code.concept())
        .with("valueQuantity", quantity(value, unit.2, unit.0, unit.1));
    chart.add("Observation", resource);
}

/// Peak flow, L/min.
pub const PEAK_FLOW: Code = loinc("19935-6", "Maximum expiratory gas flow by Peak flow meter");
/// Share of the vital capacity that is breathed out in the first second, %.
pub const FEV1_FVC: Code = loinc("19926-5", "FEV1/FVC");
