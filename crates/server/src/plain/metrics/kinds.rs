//! What is measured: its code, the units it comes in, what a value can be at all, and what is usual.
//!
//! Codes are LOINC's (<https://loinc.org>), units UCUM's (<https://ucum.org/ucum>), as FHIR's vital signs profiles have them
//! (<http://hl7.org/fhir/R4/observation-vitalsigns.html>).

/// A unit that a value may come in.
pub struct Unit {
    /// How people write it; the first is how it is shown.
    pub written: &'static [&'static str],
    pub ucum: &'static str,
    /// The codes of a reading in this unit; the first is the one that readings are found by.
    pub codes: &'static [(&'static str, &'static str)],
    /// What lies outside is a slip of the keyboard or of the device, and no reading of a living person.
    pub sense: (f64, f64),
}

pub struct Metric {
    pub name: &'static str,
    pub display: &'static str,
    /// The code of <http://terminology.hl7.org/CodeSystem/observation-category>.
    pub category: &'static str,
    pub units: &'static [Unit],
    pub usual: &'static [Usual],
}

/// What is usual, for whom, and who says so.
pub struct Usual {
    pub code: &'static str,
    /// The units that the numbers are in, as readings show them.
    pub units: &'static [&'static str],
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Whether a value that is just `high` is no longer usual.
    pub below_high: bool,
    pub source: &'static str,
}

/// From which age on the ranges here hold.
pub const ADULT: i64 = 16;

const NEWS2: &str = "Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017: the range that scores 0; from 16 years \
                     on, not in pregnancy, at rest";
const ACC_AHA: &str = "2017 ACC/AHA guideline for high blood pressure in adults (doi:10.1161/HYP.0000000000000065): normal is below \
                       120 and below 80 mmHg";

const BEATS: &[&str] = &["beats/minute", "bpm", "beats/min", "/min"];
const BREATHS: &[&str] = &["breaths/minute", "breaths/min", "/min"];
const MMHG: &[&str] = &["mmHg", "mm[Hg]"];

pub const SYSTOLIC: &str = "8480-6";
pub const DIASTOLIC: &str = "8462-4";
pub const PRESSURE: &str = "blood_pressure";

pub static METRICS: [Metric; 8] = [
    Metric {
        name: "heart_rate",
        display: "Heart rate",
        category: "vital-signs",
        units: &[Unit { written: BEATS, ucum: "/min", codes: &[("8867-4", "Heart rate")], sense: (20.0, 300.0) }],
        usual: &[usual("8867-4", BEATS, Some(51.0), Some(90.0), NEWS2)],
    },
    Metric {
        name: PRESSURE,
        display: "Blood pressure",
        category: "vital-signs",
        units: &[Unit {
            written: MMHG,
            ucum: "mm[Hg]",
            codes: &[("85354-9", "Blood pressure panel with all children optional")],
            sense: (10.0, 320.0),
        }],
        usual: &[below(SYSTOLIC, MMHG, 120.0, ACC_AHA), below(DIASTOLIC, MMHG, 80.0, ACC_AHA)],
    },
    Metric {
        name: "oxygen_saturation",
        display: "Oxygen saturation",
        category: "vital-signs",
        units: &[Unit {
            written: &["%"],
            ucum: "%",
            codes: &[
                ("2708-6", "Oxygen saturation in Arterial blood"),
                ("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
            ],
            sense: (40.0, 100.0),
        }],
        usual: &[usual("2708-6", &["%"], Some(96.0), None, NEWS2)],
    },
    Metric {
        name: "temperature",
        display: "Body temperature",
        category: "vital-signs",
        units: &[
            Unit {
                written: &["°C", "C", "celsius"],
                ucum: "Cel",
                codes: &[("8310-5", "Body temperature")],
                sense: (25.0, 45.0),
            },
            Unit {
                written: &["°F", "F", "fahrenheit"],
                ucum: "[degF]",
                codes: &[("8310-5", "Body temperature")],
                sense: (77.0, 113.0),
            },
        ],
        usual: &[usual("8310-5", &["°C", "Cel"], Some(36.1), Some(38.0), NEWS2)],
    },
    Metric {
        name: "respiratory_rate",
        display: "Respiratory rate",
        category: "vital-signs",
        units: &[Unit {
            written: BREATHS,
            ucum: "/min",
            codes: &[("9279-1", "Respiratory rate")],
            sense: (3.0, 120.0),
        }],
        usual: &[usual("9279-1", BREATHS, Some(12.0), Some(20.0), NEWS2)],
    },
    Metric {
        name: "weight",
        display: "Body weight",
        category: "vital-signs",
        units: &[
            Unit { written: &["kg"], ucum: "kg", codes: &[("29463-7", "Body weight")], sense: (0.3, 650.0) },
            Unit {
                written: &["lb", "lbs"],
                ucum: "[lb_av]",
                codes: &[("29463-7", "Body weight")],
                sense: (0.7, 1433.0),
            },
        ],
        usual: &[],
    },
    Metric {
        name: "height",
        display: "Body height",
        category: "vital-signs",
        units: &[
            Unit { written: &["cm"], ucum: "cm", codes: &[("8302-2", "Body height")], sense: (20.0, 280.0) },
            Unit { written: &["in"], ucum: "[in_i]", codes: &[("8302-2", "Body height")], sense: (8.0, 110.0) },
        ],
        usual: &[],
    },
    Metric {
        name: "glucose",
        display: "Glucose",
        category: "laboratory",
        units: &[
            Unit {
                written: &["mg/dL", "mg/dl"],
                ucum: "mg/dL",
                codes: &[("2339-0", "Glucose [Mass/volume] in Blood")],
                sense: (10.0, 1500.0),
            },
            Unit {
                written: &["mmol/L", "mmol/l"],
                ucum: "mmol/L",
                codes: &[("15074-8", "Glucose [Moles/volume] in Blood")],
                sense: (0.5, 83.0),
            },
        ],
        // What is usual depends on the last meal, which a reading does not say.
        usual: &[],
    },
];

const fn usual(
    code: &'static str,
    units: &'static [&'static str],
    low: Option<f64>,
    high: Option<f64>,
    source: &'static str,
) -> Usual {
    Usual { code, units, low, high, below_high: false, source }
}

const fn below(code: &'static str, units: &'static [&'static str], high: f64, source: &'static str) -> Usual {
    Usual { code, units, low: None, high: Some(high), below_high: true, source }
}

/// Codes of laboratories for the same, which the analysis counts beside those that readings are kept under.
const BESIDE: [(&str, [&str; 2]); 1] = [("glucose", ["2345-7", "14749-6"])];

pub fn metric(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|metric| metric.name == name)
}

pub fn names() -> String {
    METRICS.iter().map(|metric| metric.name).collect::<Vec<_>>().join(", ")
}

impl Metric {
    pub fn unit(&self, written: &str) -> Option<&'static Unit> {
        self.units.iter().find(|unit| unit.written.contains(&written.trim()) || unit.ucum == written.trim())
    }

    /// The units as people may write them.
    pub fn units_named(&self) -> String {
        self.units.iter().filter_map(|unit| unit.written.first().copied()).collect::<Vec<_>>().join(" or ")
    }

    /// The codes that its readings are found by; a blood pressure is two readings.
    pub fn codes(&self) -> Vec<&'static str> {
        if self.name == PRESSURE {
            return vec![SYSTOLIC, DIASTOLIC];
        }
        let mut codes: Vec<&str> =
            self.units.iter().filter_map(|unit| unit.codes.first()).map(|(code, _)| *code).collect();
        codes.dedup();
        codes.extend(BESIDE.iter().filter(|(name, _)| *name == self.name).flat_map(|(_, beside)| beside));
        codes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_is_known_by_the_ways_people_write_it_and_by_no_other() {
        assert_eq!(metric("heart_rate").unwrap().unit("bpm").unwrap().ucum, "/min");
        assert_eq!(metric("temperature").unwrap().unit("°F").unwrap().ucum, "[degF]");
        assert_eq!(metric("glucose").unwrap().unit("mmol/L").unwrap().codes[0].0, "15074-8");
        assert!(metric("glucose").unwrap().unit("mg").is_none());
        assert!(metric("mood").is_none());
    }

    #[test]
    fn every_usual_range_is_of_a_code_that_is_looked_for() {
        for metric in &METRICS {
            for usual in metric.usual {
                assert!(metric.codes().contains(&usual.code), "{} {}", metric.name, usual.code);
            }
        }
        assert_eq!(metric("temperature").unwrap().codes(), ["8310-5"], "two units of one code are one series");
        assert_eq!(metric("glucose").unwrap().codes(), ["2339-0", "15074-8", "2345-7", "14749-6"]);
    }
}
