//! Dense readings.

use super::text;
use crate::{Series, observations};
use kernel::Timestamp;
use serde_json::Value;

const END: Timestamp = Timestamp(1_795_000_000_000);

fn read(series: Series, count: u32, every: u32) -> Vec<Value> {
    observations(5, "Patient/7", series, count, every, END).map(|json| serde_json::from_str(&json).unwrap()).collect()
}

#[test]
fn readings_are_evenly_spaced_and_the_last_is_at_the_end() {
    let readings = read(Series::HeartRate, 500, 5);
    let times: Vec<i64> = readings.iter().map(|r| Timestamp::parse(text(&r["effectiveDateTime"])).unwrap().0).collect();
    assert!(times.windows(2).all(|w| w[1] - w[0] == 300_000));
    assert_eq!(times.last(), Some(&END.0));
    assert!(readings.iter().all(|r| r["subject"]["reference"] == "Patient/7"));
}

#[test]
fn the_same_arguments_give_the_same_readings_and_another_seed_does_not() {
    let make = |seed| observations(seed, "Patient/7", Series::Glucose, 50, 15, END).collect::<Vec<_>>();
    assert_eq!(make(1), make(1));
    assert_ne!(make(1), make(2));
    assert_eq!(observations(1, "Patient/7", Series::Glucose, 0, 15, END).count(), 0);
}

#[test]
fn every_series_is_valid_r4_and_found_by_its_code() {
    for series in Series::ALL {
        assert_eq!(Series::from_loinc(series.loinc()), Some(series));
        for json in observations(2, "Patient/7", series, 20, 60, END) {
            let node = fhir::json::parse(json.as_bytes()).unwrap();
            assert_eq!(fhir::validate(&node).map(fhir::Kind::name), Ok("Observation"));
            assert!(json.contains(series.loinc()));
        }
    }
    assert_eq!(Series::from_loinc("718-7"), None);
}

#[test]
fn a_heart_beats_slower_at_night_and_close_readings_resemble_each_other() {
    let readings = read(Series::HeartRate, 20_000, 5);
    let values: Vec<f64> = readings.iter().map(|r| r["valueQuantity"]["value"].as_f64().unwrap()).collect();
    assert!(values.iter().all(|v| (42.0..=178.0).contains(v)));
    let hour = |r: &Value| {
        let ms = Timestamp::parse(text(&r["effectiveDateTime"])).unwrap().0;
        (ms / 3_600_000 - 7).rem_euclid(24)
    };
    let mean = |hours: std::ops::Range<i64>| {
        let of: Vec<f64> =
            readings.iter().zip(&values).filter(|(r, _)| hours.contains(&hour(r))).map(|(_, v)| *v).collect();
        of.iter().sum::<f64>() / of.len() as f64
    };
    assert!(mean(13..19) - mean(2..6) > 6.0);
    let all = values.iter().sum::<f64>() / values.len() as f64;
    let spread: f64 = values.iter().map(|v| (v - all).powi(2)).sum();
    let together: f64 = values.windows(2).map(|w| (w[0] - all) * (w[1] - all)).sum();
    assert!(together / spread > 0.7, "{}", together / spread);
}
