//! Series and the summary.

use super::*;

fn series<'s>(list: &'s Value, code: &str) -> &'s Value {
    list["series"].as_array().unwrap().iter().find(|s| s["code"] == code).unwrap()
}

#[test]
fn blood_pressure_is_two_series() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let list = town.get(&ann, "/api/patients/ann/series");
        let (t1, t2) = (1_683_324_600_000_i64, 1_710_061_500_000_i64);
        assert_eq!(
            series(&list, "8480-6"),
            &json!({"code": "8480-6", "display": "Systolic blood pressure", "unit": "mmHg", "category": "vital",
                "count": 2, "first": "2023-05-05T22:10:00.000Z",
                "latest": {"date": "2024-03-10T09:05:00.000Z", "number": 142.0},
                "spark": [[t1, 150.0], [t2, 142.0]]})
        );
        let low = town.get(&ann, "/api/patients/ann/series/8462-4");
        assert_eq!(
            low,
            json!({"code": "8462-4", "display": "Diastolic blood pressure", "unit": "mmHg", "reference": null,
                "points": [[t1, 95.0, "bp2"], [t2, 91.0, "bp1"]]})
        );
    });
}

#[test]
fn a_series_has_the_range_and_the_flag_that_its_sender_gave() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let sugar = town.get(&ann, "/api/patients/ann/series/4548-4");
        assert_eq!(sugar["reference"], json!({"low": 4.0, "high": 5.6}));
        let list = town.get(&ann, "/api/patients/ann/series");
        assert_eq!(series(&list, "4548-4")["latest"]["flag"], "high");
        assert_eq!(series(&list, "4548-4")["category"], "result");
        let codes: Vec<&str> = list["series"].as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
        assert_eq!(
            codes,
            ["29463-7", "8462-4", "8480-6", "4548-4"].map(|c| c),
            "vital signs first; no panel, no survey"
        );
        let day = town.get(&ann, "/api/patients/ann/series/4548-4?from=2024-01-01&to=2024-12-31");
        assert_eq!(day["points"].as_array().unwrap().len(), 1);
        let none = town.get(&ann, "/api/patients/ann/series/4548-4?from=1990-01-01&to=1990-12-31");
        assert_eq!(none["points"], json!([]));
        assert_eq!(town.status(&ann, "/api/patients/ann/series/0000-0"), 404);
        assert_eq!(town.status(&ann, "/api/patients/ann/series/4548-4?from=x"), 400);
    });
}

#[test]
fn readings_in_another_unit_are_counted_not_drawn() {
    on_each_engine(|town| {
        with_history(town);
        let mut wrong = weight("w4", None, "2024-05-03T08:00:00Z", 900.0, "kg");
        wrong["status"] = json!("entered-in-error");
        town.put(&[weight("w3", None, "2021-01-01T08:00:00Z", 12.0, "[stone_av]"), wrong]);
        let ann = town.patient("ann");
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        let points: Vec<&Value> = weights["points"].as_array().unwrap().iter().map(|p| &p[2]).collect();
        assert_eq!(points, ["w2", "w1"], "and what was withdrawn is not there");
        assert_eq!(weights["otherUnits"], 1);
        assert_eq!(
            series(&town.get(&ann, "/api/patients/ann/series"), "29463-7")["spark"].as_array().unwrap().len(),
            2
        );
    });
}

#[test]
fn a_reading_in_pounds_stands_beside_those_in_kilograms() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let before = town.get(&ann, "/api/patients/ann/series/29463-7")["points"].clone();
        town.put(&[weight("w4", None, "2025-05-03T08:00:00Z", 150.0, "[lb_av]")]);
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!((&weights["unit"], &weights["otherUnits"]), (&json!("kg"), &Value::Null), "one of three");
        assert_eq!((&weights["points"][0], &weights["points"][2][1]), (&before[0], &json!(68.0389)));
        let list = town.get(&ann, "/api/patients/ann/series");
        let head = series(&list, "29463-7");
        assert_eq!(head["spark"].as_array().unwrap().len(), 3);
        assert_eq!((&head["unit"], &head["latest"]["number"]), (&json!("kg"), &json!(68.0389)));
        // Whoever goes on in pounds sees pounds.
        town.put(&[weight("w5", None, "2025-06-03T08:00:00Z", 151.0, "[lb_av]")]);
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!(
            (&weights["unit"], &weights["points"][3][1]),
            (&json!("lb"), &json!(151.0)),
            "of as many the newest"
        );
    });
}

#[test]
fn what_is_only_a_limit_is_no_point_and_says_so() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let mut below = weight("w4", None, "2025-05-03T08:00:00Z", 20.0, "kg");
        below["valueQuantity"]["comparator"] = json!("<");
        town.put(&[below]);
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!(weights["points"].as_array().unwrap().len(), 2);
        let time = 1_746_259_200_000_i64;
        assert_eq!(weights["limits"], json!([{ "time": time, "comparator": "<", "number": 20.0, "id": "w4" }]));
        let list = town.get(&ann, "/api/patients/ann/series");
        let head = series(&list, "29463-7");
        assert_eq!((&head["latest"]["comparator"], &head["latest"]["number"]), (&json!("<"), &json!(20.0)));
        assert_eq!(head["spark"].as_array().unwrap().len(), 2);
        let all = town.get(&ann, "/api/patients/ann/timeline");
        let entries = all["groups"].as_array().unwrap().iter().flat_map(|group| group["entries"].as_array().unwrap());
        let entry = entries.into_iter().find(|entry| entry["id"] == "w4").unwrap();
        assert_eq!((&entry["value"]["text"], &entry["value"]["number"]), (&json!("< 20.0 kg"), &Value::Null));
    });
}

#[test]
fn a_series_is_called_as_clinics_call_it_and_not_as_a_patient_did_once() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let name = town.get(&ann, "/api/patients/ann/series/29463-7")["display"].clone();
        let mut own = weight("w4", None, "2025-05-03T08:00:00Z", 70.0, "kg");
        own["code"]["text"] = json!("My weight");
        own["meta"] = json!({ "tag": [{ "system": "https://healthsync.dev/fhir/tags", "code": "patient-entered" }] });
        town.put(&[own]);
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!((&weights["display"], &weights["byPatient"]), (&name, &json!(["w4"])));
        let list = town.get(&ann, "/api/patients/ann/series");
        assert_eq!(series(&list, "29463-7")["display"], name);
    });
}

#[test]
fn a_number_without_a_unit_or_in_one_that_nobody_knows_does_not_hide_the_readings_that_have_one() {
    on_each_engine(|town| {
        with_history(town);
        let mut bare = weight("w5", None, "2025-02-03T08:00:00Z", 61.0, "kg");
        bare["valueQuantity"] = json!({"value": 61.0});
        let far = weight("w6", None, "2025-03-03T08:00:00Z", 61.0, "parsec");
        town.put(&[bare.clone(), far]);
        let ann = town.patient("ann");
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        let points: Vec<&Value> = weights["points"].as_array().unwrap().iter().map(|p| &p[2]).collect();
        assert_eq!(points, ["w2", "w1"]);
        assert_eq!((&weights["unit"], &weights["otherUnits"]), (&json!("kg"), &json!(2)));
        let list = town.get(&ann, "/api/patients/ann/series");
        let head = series(&list, "29463-7");
        assert_eq!((&head["unit"], head["spark"].as_array().unwrap().len()), (&json!("kg"), 2));
        assert_ne!(head["latest"]["number"], 61.0, "the latest that says what it is");
        // Where nothing has a unit, numbers are enough.
        for id in ["w1", "w2", "w6"] {
            let mut without = bare.clone();
            without["id"] = json!(id);
            town.put(&[without]);
        }
        let weights = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!((&weights["unit"], weights["points"].as_array().unwrap().len()), (&Value::Null, 4));
    });
}

#[test]
fn two_codes_of_the_same_readings_are_one_series() {
    on_each_engine(|town| {
        let reading = |id: &str, day: u32| {
            let mut code = loinc("2708-6", "Oxygen saturation in Arterial blood");
            code["coding"].as_array_mut().unwrap().push(json!({"system": "http://loinc.org", "code": "59408-5"}));
            let rest = json!({"code": code, "valueQuantity": {"value": 97, "unit": "%", "code": "%"}});
            observation(id, "vital-signs", None, &format!("2024-01-{day:02}T10:00:00Z"), rest)
        };
        let many: Vec<Value> = (1..=28).map(|day| reading(&format!("o{day}"), day)).collect();
        town.put(&many);
        let ann = town.patient("ann");
        let list = town.get(&ann, "/api/patients/ann/series");
        assert_eq!(list["series"].as_array().unwrap().len(), 1);
        assert_eq!(list["series"][0]["code"], "2708-6");
        assert_eq!(list["series"][0]["count"], 28);
        assert_eq!(town.get(&ann, "/api/patients/ann/series/59408-5")["points"].as_array().unwrap().len(), 28);
    });
}

#[test]
fn a_summary_shows_the_latest_of_each_and_what_goes_on_first() {
    on_each_engine(|town| {
        with_history(town);
        let summary = town.get(&town.patient("ann"), "/api/patients/ann/summary");
        assert_eq!(
            summary["patient"],
            json!({"id": "ann", "name": "Ann Roe", "birthDate": "1980-06-15", "age": 43, "gender": "female",
                "language": "Spanish"})
        );
        let sections = summary["sections"].as_array().unwrap();
        let codes: Vec<&str> = sections.iter().map(|s| s["code"].as_str().unwrap()).collect();
        let order = ["11450-4", "48765-2", "10160-0", "11369-6", "47519-4", "46264-8", "30954-2", "8716-3", "18776-5"];
        assert_eq!(codes, order);
        let ids = |at: usize| -> Vec<&str> {
            sections[at]["entries"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
        };
        assert_eq!(ids(0), ["c1", "c2"]);
        assert_eq!(sections[0]["entries"][0]["active"], true);
        assert_eq!(sections[0]["entries"][1]["active"], false);
        assert_eq!(ids(1), ["al"]);
        assert_eq!(ids(2), ["m1"], "the same medicine twice is one line");
        assert_eq!(sections[2]["entries"][0]["times"], 2);
        assert_eq!(ids(3), ["i1"]);
        assert_eq!(ids(4), ["p1"]);
        assert_eq!(ids(5), ["dev"]);
        assert_eq!(ids(6), ["a1"]);
        assert_eq!(ids(7), ["w1", "bp1"]);
        assert_eq!(ids(8), ["cp"]);
        let bob = town.get(&town.patient("bob"), "/api/patients/bob/summary");
        assert_eq!(bob["sections"][1]["entries"], json!([]));
        assert!(bob["sections"][1]["empty"].as_str().unwrap().contains("No allergies"));
    });
}

#[test]
fn a_mistake_is_no_part_of_a_summary_and_does_not_hide_what_is_true() {
    on_each_engine(|town| {
        with_history(town);
        let mut refuted = history().into_iter().find(|r| r["id"] == "c1").unwrap();
        refuted["id"] = json!("c9");
        refuted["onsetDateTime"] = json!("2024-01-01");
        refuted["verificationStatus"] = hl7("condition-ver-status", "entered-in-error");
        refuted.as_object_mut().unwrap().remove("clinicalStatus");
        let mut late = hba1c("a9", "e1", "2024-03-11T09:00:00Z", 70.4, "HH");
        late["status"] = json!("entered-in-error");
        town.put(&[refuted, late]);
        let summary = town.get(&town.patient("ann"), "/api/patients/ann/summary");
        let ids = |at: usize| -> Vec<&str> {
            summary["sections"][at]["entries"].as_array().unwrap().iter().map(|e| e["id"].as_str().unwrap()).collect()
        };
        assert_eq!(ids(0), ["c1", "c2"]);
        assert_eq!(ids(6), ["a1"]);
    });
}

#[test]
fn a_report_stands_in_a_summary_when_it_says_more_than_its_results() {
    on_each_engine(|town| {
        with_history(town);
        let report = |id: &str, code: &str, day: u32, rest: Value| {
            let mut out = json!({"resourceType": "DiagnosticReport", "id": id, "status": "final",
                "category": [{"coding": [{"code": "LAB"}]}], "code": loinc(code, "A report"),
                "subject": {"reference": "Patient/ann"}, "effectiveDateTime": format!("2024-04-{day:02}")});
            out.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
            out
        };
        town.put(&[
            report("panel", "24323-8", 1, json!({"result": [{"reference": "Observation/a1"}]})),
            report("panel-old", "24323-8", 2, json!({"result": [{"reference": "Observation/a2"}]})),
            report("smear", "10524-7", 3, json!({"conclusion": "Nothing out of the ordinary."})),
            report("smear-void", "10524-7", 4, json!({"status": "cancelled"})),
        ]);
        let summary = town.get(&town.patient("ann"), "/api/patients/ann/summary");
        let results = summary["sections"][6]["entries"].as_array().unwrap();
        let ids: Vec<&Value> = results.iter().map(|e| &e["id"]).collect();
        assert_eq!(ids, ["smear", "a1"]);
        assert_eq!(results[0]["detail"], "Nothing out of the ordinary.");
    });
}

#[test]
fn a_day_stays_a_day_and_a_reading_without_a_number_ends_no_series() {
    on_each_engine(|town| {
        with_history(town);
        let day = |id: &str, when: &str, kg: f64| {
            let mut reading = weight(id, None, "2025-01-01T08:00:00Z", kg, "kg");
            reading["effectiveDateTime"] = json!(when);
            reading
        };
        let mut haemolysed = weight("w9", None, "2026-02-01T08:00:00Z", 1.0, "kg");
        haemolysed.as_object_mut().unwrap().remove("valueQuantity");
        haemolysed["dataAbsentReason"] = json!({"text": "the scales failed"});
        town.put(&[day("w7", "2026-01-15", 61.25), day("w8", "2026-01-15T00:00:00Z", 61.5), haemolysed]);
        let ann = town.patient("ann");
        let whole = town.get(&ann, "/api/patients/ann/series/29463-7");
        assert_eq!(whole["days"], json!([1_768_435_200_000_i64]));
        let head = town.get(&ann, "/api/patients/ann/series");
        assert_eq!(series(&head, "29463-7")["latest"]["number"], 61.5, "the newest that is a number");
        town.put(&[day("w8", "2026-01-16", 61.5)]);
        let head = town.get(&ann, "/api/patients/ann/series");
        assert_eq!(series(&head, "29463-7")["latest"]["date"], "2026-01-16", "as exact as it was written");
    });
}
