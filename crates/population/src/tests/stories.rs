//! The demonstration patients.

use super::{options, parse, resources, text};
use crate::life::body::filtration_rate;
use crate::showcase::{ASHA_RAO, INGRID_LINDQVIST, MATEO_RIVERA, showcase};
use crate::{Options, PATIENT_SYSTEM, vaccines};
use serde_json::Value;

fn story(value: &str) -> Value {
    let bundles = showcase(&options(1));
    parse(bundles.iter().find(|bundle| bundle.name == value).unwrap())
}

fn results(json: &Value, loinc: &str) -> Vec<(String, f64)> {
    let mut out: Vec<(String, f64)> = resources(json, "Observation")
        .filter(|o| o["code"]["coding"][0]["code"] == loinc)
        .map(|o| (text(&o["effectiveDateTime"]).to_owned(), o["valueQuantity"]["value"].as_f64().unwrap()))
        .collect();
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

#[test]
fn each_person_is_found_by_a_stable_identifier_whatever_the_seed() {
    for seed in [1, 77] {
        let bundles = showcase(&options(seed));
        let found: Vec<Value> =
            bundles.iter().map(|bundle| parse(bundle)["entry"][0]["resource"]["identifier"][0].clone()).collect();
        for (identifier, value) in found.iter().zip([ASHA_RAO, MATEO_RIVERA, INGRID_LINDQVIST]) {
            assert_eq!((&identifier["system"], &identifier["value"]), (&PATIENT_SYSTEM.into(), &value.into()));
        }
    }
}

#[test]
fn a_story_is_told_relative_to_today() {
    let later = Options { today: options(1).today + 400, ..options(1) };
    for (now, then) in showcase(&options(1)).iter().zip(showcase(&later)) {
        let (now, then) = (parse(now), parse(&then));
        let last = |json: &Value| {
            resources(json, "Encounter").map(|e| super::days(text(&e["period"]["start"]))).max().unwrap_or_default()
        };
        assert!((397..=403).contains(&(last(&then) - last(&now))));
        assert!(options(1).today - last(&now) < 40);
    }
}

#[test]
fn the_sugar_of_asha_rao_falls_rises_and_falls_again() {
    let sugars: Vec<f64> = results(&story(ASHA_RAO), "4548-4").into_iter().map(|r| r.1).collect();
    let peak = sugars.iter().position(|v| *v == 8.4).unwrap();
    let relapse = sugars.iter().position(|v| *v == 8.1).unwrap();
    assert!(sugars[..peak].windows(2).all(|w| w[1] >= w[0]));
    assert!(sugars[peak..relapse].iter().any(|v| *v <= 6.7));
    assert!(sugars[relapse..].windows(2).all(|w| w[1] < w[0]));
    assert_eq!(sugars.last(), Some(&6.4));
}

#[test]
fn ingrid_lindqvist_must_never_get_penicillin_and_takes_ten_medicines() {
    let json = story(INGRID_LINDQVIST);
    let allergy = resources(&json, "AllergyIntolerance").next().unwrap();
    assert_eq!(allergy["criticality"], "high");
    assert_eq!(allergy["code"]["text"], "Allergy to penicillin");
    let orders = || resources(&json, "MedicationRequest");
    assert_eq!(orders().filter(|o| o["status"] == "active").count(), 10);
    assert!(!orders().any(|o| o.to_string().contains("cillin")));
}

#[test]
fn mateo_rivera_has_every_vaccine_of_his_age() {
    let json = story(MATEO_RIVERA);
    let count = |code: &crate::codes::Code| {
        resources(&json, "Immunization").filter(|i| i["vaccineCode"]["coding"][0]["code"] == code.code).count()
    };
    let codes =
        [&vaccines::HEP_B, &vaccines::ROTAVIRUS, &vaccines::DTAP, &vaccines::IPV, &vaccines::MMR, &vaccines::HEP_A];
    assert_eq!(codes.map(count), [3, 2, 5, 4, 2, 2]);
    assert!(count(&vaccines::VARICELLA) == 2 && count(&vaccines::HIB) == 3);
}

#[test]
fn a_filtration_rate_is_the_one_of_its_creatinine() {
    for value in [ASHA_RAO, INGRID_LINDQVIST] {
        let json = story(value);
        let born = super::birth(&json);
        let creatinine = results(&json, "2160-0");
        for (time, rate) in results(&json, "98979-8") {
            let (_, measured) = creatinine.iter().find(|c| c.0 == time).unwrap();
            let age = (super::days(&time) - born) as f64 / 365.25;
            let computed = filtration_rate(*measured, age, true);
            assert!((computed - rate).abs() < 1.6, "{value} {time}: {rate}, computed {computed:.1}");
        }
    }
}

#[test]
fn the_ldl_of_a_panel_is_that_of_friedewald() {
    for json in [story(ASHA_RAO), story(INGRID_LINDQVIST)] {
        let of = |loinc| results(&json, loinc);
        let (total, ldl, hdl, fat) = (of("2093-3"), of("13457-7"), of("2085-9"), of("2571-8"));
        assert!(total.len() >= 3);
        for i in 0..total.len() {
            assert!((total[i].1 - hdl[i].1 - fat[i].1 / 5.0 - ldl[i].1).abs() <= 1.0, "{}", total[i].0);
        }
    }
}
