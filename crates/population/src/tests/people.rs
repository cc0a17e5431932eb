//! The population as a whole, against what is known of real ones.

use super::{TODAY, birth, options, parse, patients, resources, text};
use crate::chance::{Chance, Stream};
use crate::life::chronic::{Chronic, onsets};
use crate::person::{self, AGE_SHARES};
use crate::{diagnoses as dx, patient};
use serde_json::Value;

/// Age and diseases of many people, without writing their histories.
fn people(count: u64) -> Vec<(f64, bool, Vec<Chronic>)> {
    (0..count)
        .map(|index| {
            let chance = Chance::new(11, Stream::Patient, index);
            let person = person::draw(&options(11), &chance);
            let age = (TODAY - person.birth) as f64 / 365.25;
            let diseases = onsets(&chance, &person, TODAY).into_iter().map(|(chronic, _)| chronic).collect();
            (age, person.female, diseases)
        })
        .collect()
}

fn share(people: &[(f64, bool, Vec<Chronic>)], ages: std::ops::Range<f64>, chronic: Chronic) -> f64 {
    let of_age: Vec<_> = people.iter().filter(|p| ages.contains(&p.0)).collect();
    100.0 * of_age.iter().filter(|p| p.2.contains(&chronic)).count() as f64 / of_age.len() as f64
}

#[test]
fn ages_follow_the_census() {
    let people = people(20_000);
    let total: f64 = AGE_SHARES.iter().sum();
    for (decade, expected) in AGE_SHARES.iter().enumerate() {
        let from = decade as f64 * 10.0;
        let found = people.iter().filter(|p| (from..from + 10.0).contains(&p.0)).count() as f64 / 200.0;
        assert!((found - 100.0 * expected / total).abs() < 1.2, "{from}: {found} %, expected {expected} %");
    }
    let women = people.iter().filter(|p| p.1).count();
    assert!((9_700..10_700).contains(&women), "{women} women of 20000");
}

#[test]
fn diseases_are_as_common_as_surveys_say() {
    let people = people(20_000);
    // Lower and upper bound in percent. Sources: see the curves in `life::chronic`.
    let expected = [
        // NCHS Data Brief 511: 71.6 % have it at 60 and more, 59 % of all who have it know.
        (Chronic::Hypertension, 60.0..100.0, 40.0, 75.0),
        (Chronic::Hypertension, 18.0..40.0, 3.0, 15.0),
        // CDC National Diabetes Statistics Report: 29 % with undiagnosed from 65 on.
        (Chronic::Diabetes, 65.0..100.0, 17.0, 29.0),
        (Chronic::Diabetes, 18.0..45.0, 0.5, 5.0),
        // CDC, NHIS 2021: 6.5 % of children, 8.0 % of adults.
        (Chronic::Asthma, 5.0..18.0, 4.5, 9.5),
        (Chronic::Asthma, 18.0..100.0, 6.0, 11.0),
        // BRFSS 2021: 36 % of adults were told of high cholesterol.
        (Chronic::Lipids, 20.0..100.0, 26.0, 42.0),
        // BRFSS 2020: 18.5 % of adults were ever told of a depression; the curve keeps to those in treatment.
        (Chronic::Depression, 18.0..100.0, 8.0, 19.0),
        // NHIS 2021: COPD in 11 % from 65 on.
        (Chronic::Copd, 65.0..100.0, 6.0, 15.0),
        // American Heart Association 2023: heart failure in 2.3 % of adults.
        (Chronic::HeartFailure, 20.0..100.0, 1.0, 4.0),
        // NCHS Data Brief 508: 40 % of adults are obese, two thirds of them by name in the record.
        (Chronic::Obesity, 40.0..80.0, 15.0, 40.0),
    ];
    for (chronic, ages, low, high) in expected {
        let found = share(&people, ages.clone(), chronic);
        assert!((low..=high).contains(&found), "{chronic:?} at {ages:?}: {found:.1} %");
    }
}

#[test]
fn women_have_five_times_as_many_sick_thyroids_as_men_at_least_thrice() {
    let (women, men): (Vec<_>, Vec<_>) = people(20_000).into_iter().partition(|p| p.1);
    let of = |people: &[_]| share(people, 40.0..100.0, Chronic::Hypothyroidism);
    assert!(of(&women) > 3.0 * of(&men));
}

#[test]
fn diseases_that_go_together_go_together() {
    let people = people(20_000);
    let old: Vec<_> = people.into_iter().filter(|p| p.0 > 55.0).collect();
    let (diabetic, other): (Vec<_>, Vec<_>) = old.into_iter().partition(|p| p.2.contains(&Chronic::Diabetes));
    for chronic in [Chronic::Hypertension, Chronic::Kidney, Chronic::Obesity] {
        let (with, without) = (share(&diabetic, 0.0..120.0, chronic), share(&other, 0.0..120.0, chronic));
        assert!(with > 1.08 * without, "{chronic:?}: {with:.1} % with diabetes, {without:.1} % without");
    }
}

/// What is listed as a problem in the written histories agrees with who has the disease.
#[test]
fn a_disease_is_on_the_problem_list_of_nearly_all_who_have_it() {
    let (mut ill, mut listed) = (0, 0);
    for index in 0..250 {
        let chance = Chance::new(1, Stream::Patient, index);
        let person = person::draw(&options(1), &chance);
        if !onsets(&chance, &person, TODAY).iter().any(|(c, onset)| *c == Chronic::Hypertension && *onset < TODAY - 500)
        {
            continue;
        }
        ill += 1;
        let json = parse(&patient(&options(1), index as u32));
        listed += usize::from(resources(&json, "Condition").any(|c| c["code"]["text"] == dx::HYPERTENSION.code.text));
    }
    assert!(ill > 30 && listed as f64 >= 0.95 * ill as f64, "{listed} of {ill}");
}

fn quantity(observation: &Value) -> Option<(&str, f64)> {
    let value = observation["valueQuantity"]["value"].as_f64()?;
    Some((text(&observation["code"]["coding"][0]["code"]), value))
}

#[test]
fn measurements_are_within_what_a_living_body_shows_at_a_clinic() {
    // LOINC code, lowest and highest.
    let limits = [
        ("8867-4", 40.0, 195.0),
        ("9279-1", 8.0, 62.0),
        ("8310-5", 35.0, 41.0),
        ("2708-6", 80.0, 100.0),
        ("29463-7", 2.0, 220.0),
        ("8302-2", 42.0, 215.0),
        ("39156-5", 11.0, 60.0),
        ("9843-4", 30.0, 55.0),
        ("4548-4", 4.0, 14.0),
        ("2823-3", 3.0, 6.0),
        ("718-7", 7.0, 19.0),
        ("98979-8", 10.0, 140.0),
        ("3016-3", 0.2, 30.0),
    ];
    let mut seen = 0;
    for json in patients(200) {
        for observation in resources(&json, "Observation") {
            if let Some((code, value)) = quantity(observation)
                && let Some((_, low, high)) = limits.iter().find(|limit| limit.0 == code)
            {
                seen += 1;
                assert!((*low..=*high).contains(&value), "{observation}");
            }
            let parts = &observation["component"];
            if let (Some(systolic), Some(diastolic)) =
                (parts[0]["valueQuantity"]["value"].as_f64(), parts[1]["valueQuantity"]["value"].as_f64())
            {
                seen += 1;
                assert!((60.0..=220.0).contains(&systolic) && (34.0..=125.0).contains(&diastolic), "{observation}");
                assert!(systolic - diastolic >= 18.0, "{observation}");
            }
        }
    }
    assert!(seen > 5_000, "{seen}");
}

#[test]
fn a_flag_agrees_with_the_range_it_is_printed_beside() {
    let mut flags = [0; 3];
    for json in patients(150) {
        for observation in resources(&json, "Observation").filter(|o| !o["referenceRange"].is_null()) {
            let value = observation["valueQuantity"]["value"].as_f64().unwrap();
            let range = &observation["referenceRange"][0];
            let low = range["low"]["value"].as_f64().unwrap_or(f64::NEG_INFINITY);
            let high = range["high"]["value"].as_f64().unwrap_or(f64::INFINITY);
            let (i, flag) = if value < low {
                (0, "L")
            } else if value > high {
                (2, "H")
            } else {
                (1, "N")
            };
            flags[i] += 1;
            assert_eq!(observation["interpretation"][0]["coding"][0]["code"], flag, "{observation}");
        }
    }
    assert!(flags.iter().all(|count| *count > 20), "{flags:?}");
}

/// HbA1c of the visits of one patient with diabetes, with the day.
fn sugars(json: &Value) -> Vec<(i64, f64)> {
    let mut out: Vec<(i64, f64)> = resources(json, "Observation")
        .filter_map(|o| {
            quantity(o).filter(|q| q.0 == "4548-4").map(|q| (super::days(text(&o["effectiveDateTime"])), q.1))
        })
        .collect();
    out.sort_by_key(|s| s.0);
    out
}

#[test]
fn treatment_lowers_what_it_treats() {
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for index in 0..900 {
        let chance = Chance::new(1, Stream::Patient, index);
        let person = person::draw(&options(1), &chance);
        if !onsets(&chance, &person, TODAY).iter().any(|(c, onset)| *c == Chronic::Diabetes && *onset > TODAY - 2_500) {
            continue;
        }
        let json = parse(&patient(&options(1), index as u32));
        let Some(first) = resources(&json, "MedicationRequest").find(|m| m.to_string().contains("metformin")) else {
            continue;
        };
        let start = super::days(text(&first["dosageInstruction"][0]["timing"]["repeat"]["boundsPeriod"]["start"]));
        let sugars = sugars(&json);
        before.extend(sugars.iter().filter(|s| (start - 60..=start).contains(&s.0)).map(|s| s.1));
        after.extend(sugars.iter().filter(|s| (start + 100..start + 900).contains(&s.0)).map(|s| s.1));
    }
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    assert!(before.len() >= 4 && after.len() >= 8, "{} before, {} after", before.len(), after.len());
    assert!(mean(&before) - mean(&after) > 0.5, "{:.2} before, {:.2} after", mean(&before), mean(&after));
}

#[test]
fn nobody_allergic_to_penicillin_is_given_amoxicillin() {
    let mut allergic = 0;
    for json in patients(300) {
        if resources(&json, "AllergyIntolerance").any(|a| a["code"]["text"] == "Allergy to penicillin") {
            allergic += 1;
            assert!(!resources(&json, "MedicationRequest").any(|m| m.to_string().contains("amoxicillin")));
        }
    }
    assert!(allergic > 3, "{allergic}");
}

#[test]
fn children_have_no_pregnancies_and_men_neither() {
    for json in patients(250) {
        let mother = resources(&json, "Patient").next().unwrap();
        for condition in resources(&json, "Condition").filter(|c| c["code"]["text"] == dx::PREGNANCY.code.text) {
            assert_eq!(mother["gender"], "female");
            let age = (super::days(text(&condition["onsetDateTime"])) - birth(&json)) as f64 / 365.25;
            assert!((18.0..44.0).contains(&age), "{age}");
        }
    }
}
