//! Dense readings, as a wearable or a monitor makes them: for benchmarks and for charts that scroll.

use crate::chance::{Chance, Stream};
use crate::chart::vitals::{self, Measure, Vital, pressure_components};
use crate::codes::{UCUM, loinc};
use crate::json::{Json, object};
use kernel::Timestamp;

/// What is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Series {
    HeartRate,
    RespiratoryRate,
    Temperature,
    OxygenSaturation,
    BloodPressure,
    Glucose,
    Weight,
}

impl Series {
    pub const ALL: [Self; 7] = [
        Self::HeartRate,
        Self::RespiratoryRate,
        Self::Temperature,
        Self::OxygenSaturation,
        Self::BloodPressure,
        Self::Glucose,
        Self::Weight,
    ];

    pub const fn loinc(self) -> &'static str {
        match self {
            Self::HeartRate => "8867-4",
            Self::RespiratoryRate => "9279-1",
            Self::Temperature => "8310-5",
            Self::OxygenSaturation => "2708-6",
            Self::BloodPressure => "85354-9",
            Self::Glucose => "2339-0",
            Self::Weight => "29463-7",
        }
    }

    /// The series of a LOINC code; `None` when this crate makes no such readings.
    pub fn from_loinc(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|series| series.loinc() == code)
    }

    fn measure(self) -> Measure {
        match self {
            Self::HeartRate => Vital::HeartRate.measure(),
            Self::RespiratoryRate => Vital::RespiratoryRate.measure(),
            Self::Temperature => Vital::Temperature.measure(),
            Self::OxygenSaturation => Vital::OxygenSaturation.measure(),
            Self::Weight => Vital::Weight.measure(),
            Self::BloodPressure => Measure {
                code: loinc("85354-9", "Blood pressure panel with all children optional"),
                also: None,
                unit: "mmHg",
                ucum: "mm[Hg]",
                digits: 0,
            },
            Self::Glucose => Measure {
                code: loinc("2339-0", "Glucose [Mass/volume] in Blood"),
                also: None,
                unit: "mg/dL",
                ucum: "mg/dL",
                digits: 0,
            },
        }
    }

    /// Mean, how far the day swings it, deviation of the slow drift, and what a body allows.
    const fn range(self) -> (f64, f64, f64, (f64, f64)) {
        match self {
            Self::HeartRate => (71.0, 7.0, 6.0, (42.0, 178.0)),
            Self::RespiratoryRate => (15.0, 1.2, 1.2, (8.0, 34.0)),
            Self::Temperature => (36.7, 0.25, 0.12, (35.4, 38.9)),
            Self::OxygenSaturation => (97.0, 0.4, 0.7, (88.0, 100.0)),
            Self::BloodPressure => (126.0, 6.0, 5.0, (88.0, 188.0)),
            Self::Glucose => (104.0, 6.0, 9.0, (58.0, 290.0)),
            Self::Weight => (73.0, 0.3, 0.3, (45.0, 140.0)),
        }
    }
}

/// `count` readings, oldest first, the last one at `end`, as FHIR Observations about `patient_reference`
/// (such as `Patient/123`). The same arguments give the same bytes.
pub fn observations(
    seed: u64,
    patient_reference: &str,
    series: Series,
    count: u32,
    every_minutes: u32,
    end: Timestamp,
) -> impl Iterator<Item = String> + use<> {
    let chance = Chance::new(seed, Stream::Readings, series as u64);
    let subject = object! { reference: patient_reference.to_owned() };
    let measure = series.measure();
    // Minutes over which half of a drift is forgotten, whatever the distance of readings.
    let keep = 0.5_f64.powf(f64::from(every_minutes) / 90.0);
    let mut drift = chance.normal();
    let mut burst = 0.0;
    (0..count).map(move |i| {
        let back = i64::from(count - 1 - i) * i64::from(every_minutes);
        let time = end.plus_minutes(-back);
        drift = keep * drift + (1.0 - keep * keep).sqrt() * chance.normal();
        burst = next_burst(&chance, burst, keep);
        let value = reading(series, &chance, time, drift, burst);
        let observation = object! {
            resourceType: "Observation",
            status: "final",
            category: [vitals::category("vital-signs", "Vital Signs")],
            code: measure.concept(),
            subject: subject.clone(),
            effectiveDateTime: time.to_rfc3339(),
        };
        let observation = if series == Series::BloodPressure {
            observation.with("component", pressure_components(value, 48.0 + 0.25 * value + 2.0 * chance.normal()))
        } else {
            observation.with(
                "valueQuantity",
                object! {
                    value: Json::decimal(value, measure.digits), unit: measure.unit, system: UCUM, code: measure.ucum,
                },
            )
        };
        let mut out = String::with_capacity(600);
        observation.write(&mut out);
        out
    })
}

/// Now and then something happens (stairs, a meal) and fades within an hour or two.
fn next_burst(chance: &Chance, burst: f64, keep: f64) -> f64 {
    let faded = burst * keep * keep;
    if chance.yes(0.02) { faded + chance.between(0.4, 1.0) } else { faded }
}

fn reading(series: Series, chance: &Chance, time: Timestamp, drift: f64, burst: f64) -> f64 {
    let (mean, swing, deviation, (low, high)) = series.range();
    // Lowest near four in the morning, highest near four in the afternoon, local time.
    let hours = (time.0 as f64 / 3_600_000.0 - 7.0).rem_euclid(24.0);
    let day = -(std::f64::consts::TAU * (hours - 4.0) / 24.0).cos();
    let lift = match series {
        Series::HeartRate => 38.0,
        Series::Glucose => 52.0,
        Series::BloodPressure => 14.0,
        Series::RespiratoryRate => 5.0,
        Series::Temperature | Series::OxygenSaturation | Series::Weight => 0.0,
    };
    let noise = 0.25 * deviation * chance.normal();
    (mean + swing * day + deviation * drift + lift * burst.min(1.6) + noise).clamp(low, high)
}
