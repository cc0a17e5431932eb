//! What readings say together, and how sure that is.

use super::kinds::{ADULT, DIASTOLIC, Metric, SYSTOLIC, Usual};
use super::trend::{self, FEWEST, Slope};
use ::records::view::readings::Readings;
use ::records::view::series::Series;
use kernel::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

const METHOD: &str = "Mean and standard deviation are of the readings as they are, however unevenly they were taken. The trend is the slope \
                      of a straight line by least squares; low and high hold it with 95 % confidence (Student's t) if readings scatter \
                      independently, which readings of one person do only roughly. It says what was, not why, and not what will be.";

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricAnalysis)]
pub struct Analysis {
    /// The id of the Patient.
    pub patient: String,
    /// One for each number that was measured; a blood pressure has two.
    pub metrics: Vec<Finding>,
    /// How it was computed, and what it does not say.
    pub method: &'static str,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MetricFinding)]
pub struct Finding {
    pub r#type: &'static str,
    /// `systolic` or `diastolic`, of a blood pressure.
    #[schema(required = true)]
    pub part: Option<&'static str>,
    /// LOINC.
    pub code: String,
    #[schema(required = true)]
    pub unit: Option<String>,
    pub count: usize,
    #[schema(required = true)]
    pub latest: Option<Latest>,
    #[schema(required = true)]
    pub mean: Option<f64>,
    #[schema(required = true)]
    pub min: Option<f64>,
    #[schema(required = true)]
    pub max: Option<f64>,
    /// Of the sample; from two readings on.
    #[schema(required = true)]
    pub standard_deviation: Option<f64>,
    #[schema(required = true)]
    pub trend: Option<Trend>,
    #[schema(required = true)]
    pub reference: Option<Reference>,
    /// Why there is no trend or no reference.
    pub notes: Vec<String>,
    /// Readings in another unit than the latest: they are in no number here.
    pub other_units: usize,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricLatest)]
pub struct Latest {
    pub value: f64,
    #[schema(format = DateTime)]
    pub time: String,
}

/// Whether the interval of the slope leaves out zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = MetricDirection)]
pub enum Direction {
    Rising,
    Falling,
    /// The readings do not show one.
    Unclear,
}

#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MetricTrend)]
pub struct Trend {
    pub per_day: f64,
    /// The slope lies between `low` and `high` with 95 % confidence.
    pub low: f64,
    pub high: f64,
    pub direction: Direction,
    /// From the first reading to the last.
    pub days: f64,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = MetricReference)]
pub struct Reference {
    #[schema(required = true)]
    pub low: Option<f64>,
    #[schema(required = true)]
    pub high: Option<f64>,
    /// Who says so, and of whom.
    pub source: String,
    pub below: usize,
    pub within: usize,
    pub above: usize,
}

/// Six digits say more than any device measures.
fn rounded(value: f64) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return 0.0;
    }
    let scale = 10_f64.powi(5 - value.abs().log10().floor() as i32);
    (value * scale).round() / scale
}

pub fn of(wanted: &[&'static Metric], readings: Readings) -> Analysis {
    let Readings { patient, age, series } = readings;
    let mut metrics = Vec::with_capacity(series.len());
    for metric in wanted {
        for code in metric.codes() {
            metrics
                .extend(series.iter().filter(|series| series.code == code).map(|series| finding(metric, series, age)));
        }
    }
    Analysis { patient, metrics, method: METHOD }
}

fn finding(metric: &'static Metric, series: &Series, age: Option<i64>) -> Finding {
    let values: Vec<f64> = series.points.iter().map(|(_, value, _)| *value).collect();
    let points: Vec<(i64, f64)> = series.points.iter().map(|(time, value, _)| (*time, *value)).collect();
    let mut notes = Vec::new();
    let trend = trend::slope(&points).map(shown);
    if trend.is_none() {
        notes.push(format!("A trend needs at least {FEWEST} readings over a day or more."));
    }
    let reference = reference(metric, series, &values, age).map_err(|why| notes.push(why.to_owned())).ok();
    Finding {
        r#type: metric.name,
        part: match series.code.as_str() {
            SYSTOLIC => Some("systolic"),
            DIASTOLIC => Some("diastolic"),
            _ => None,
        },
        code: series.code.clone(),
        unit: series.unit.clone(),
        count: values.len(),
        latest: points.last().map(|(time, value)| Latest { value: *value, time: Timestamp(*time).to_rfc3339() }),
        mean: trend::mean(&values).map(rounded),
        min: values.iter().copied().reduce(f64::min),
        max: values.iter().copied().reduce(f64::max),
        standard_deviation: trend::deviation(&values).map(rounded),
        trend,
        reference,
        notes,
        other_units: series.other_units.unwrap_or(0),
    }
}

fn shown(slope: Slope) -> Trend {
    let Slope { per_day, low, high, days } = slope;
    let direction = match () {
        () if low > 0.0 => Direction::Rising,
        () if high < 0.0 => Direction::Falling,
        () => Direction::Unclear,
    };
    Trend { per_day: rounded(per_day), low: rounded(low), high: rounded(high), direction, days: rounded(days) }
}

/// What the sender of the latest reading said is usual, else what a guideline says of adults; or why there is nothing to say.
fn reference(
    metric: &'static Metric,
    series: &Series,
    values: &[f64],
    age: Option<i64>,
) -> Result<Reference, &'static str> {
    if let Some(given) = series.reference {
        let source = "As the sender of the latest reading gave it".to_owned();
        return Ok(counted(values, (given.low, given.high, false), source));
    }
    let usual = metric.usual.iter().find(|usual| usual.code == series.code);
    let Usual { units, low, high, below_high, source, .. } =
        usual.ok_or("There is no range here that is usual for everybody.")?;
    if age.is_none_or(|age| age < ADULT) {
        return Err("The range known here is that of people from 16 years on.");
    }
    if !series.unit.as_deref().is_some_and(|unit| units.contains(&unit)) {
        return Err("The range known here is in another unit.");
    }
    Ok(counted(values, (*low, *high, *below_high), (*source).to_owned()))
}

fn counted(values: &[f64], (low, high, below_high): (Option<f64>, Option<f64>, bool), source: String) -> Reference {
    let is_above = |value: f64| high.is_some_and(|high| value > high || below_high && value >= high);
    let below = values.iter().filter(|value| low.is_some_and(|low| **value < low)).count();
    let above = values.iter().filter(|value| is_above(**value)).count();
    Reference { low, high, source, below, within: values.len() - below - above, above }
}

#[cfg(test)]
mod tests {
    use super::super::kinds::metric;
    use super::*;

    fn series(code: &str, unit: &str, values: &[f64]) -> Series {
        let points = values.iter().enumerate().map(|(i, value)| (i as i64 * 86_400_000, *value, i.to_string()));
        Series {
            code: code.to_owned(),
            display: String::new(),
            unit: Some(unit.to_owned()),
            reference: None,
            points: points.collect(),
            limits: Vec::new(),
            days: Vec::new(),
            by_patient: Vec::new(),
            thinned: None,
            other_units: None,
        }
    }

    #[test]
    fn readings_are_counted_against_what_is_usual_of_adults_only() {
        let pulse = series("8867-4", "/min", &[50.0, 51.0, 90.0, 90.5]);
        let found = finding(metric("heart_rate").unwrap(), &pulse, Some(40));
        let reference = found.reference.unwrap();
        assert_eq!((reference.below, reference.within, reference.above), (1, 2, 1));
        assert!(reference.source.contains("NEWS"));
        for age in [None, Some(15)] {
            assert!(finding(metric("heart_rate").unwrap(), &pulse, age).reference.is_none());
        }
        let fahrenheit = series("8310-5", "°F", &[98.6]);
        let found = finding(metric("temperature").unwrap(), &fahrenheit, Some(40));
        assert!(found.reference.is_none() && found.notes.iter().any(|note| note.contains("another unit")));
    }

    #[test]
    fn a_pressure_of_120_is_not_below_120() {
        let systolic = series(SYSTOLIC, "mmHg", &[119.0, 120.0]);
        let reference = finding(metric("blood_pressure").unwrap(), &systolic, Some(40)).reference.unwrap();
        assert_eq!((reference.within, reference.above), (1, 1));
    }

    #[test]
    fn what_was_never_measured_is_nothing_and_not_zero() {
        let found = finding(metric("weight").unwrap(), &series("29463-7", "kg", &[]), Some(40));
        assert_eq!((found.count, found.mean, found.min, found.latest.is_none()), (0, None, None, true));
        assert_eq!(rounded(123.456_789), 123.457);
        assert_eq!(rounded(-0.001_234_567_8), -0.001_234_57);
    }
}
