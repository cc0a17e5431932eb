//! Filters by words, sources, areas and what is out of the usual; the outline that a page scrolls by; two days compared.

use super::*;

fn found(town: &Town, ctx: &Ctx, query: &str) -> Vec<String> {
    entries(&town.get(ctx, &format!("/api/patients/ann/timeline?{query}"))["groups"])
}

fn outline(town: &Town, ctx: &Ctx, query: &str) -> Value {
    town.get(ctx, &format!("/api/patients/ann/timeline/outline?{query}"))
}

#[test]
fn entries_are_found_by_their_words_and_codes() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        assert_eq!(found(town, &ann, "q=hemoglobin"), ["Observation/a1", "Observation/a2"]);
        assert_eq!(found(town, &ann, "q=4548-4"), ["Observation/a1", "Observation/a2"]);
        assert_eq!(found(town, &ann, "q=discharge%20SUMM"), ["DocumentReference/d1"]);
        assert_eq!(found(town, &ann, "q=hives"), ["AllergyIntolerance/al"]);
        assert!(found(town, &ann, "q=emoglobin").is_empty(), "a word is found by its beginning");
        assert_eq!(found(town, &ann, "q=metformin&from=2024-01-01"), ["MedicationRequest/m1"]);
        // What is changed is found by what it says now.
        let mut changed = history().into_iter().find(|entry| entry["id"] == "al").unwrap();
        changed["reaction"][0]["manifestation"][0]["text"] = json!("Swelling");
        town.put(&[changed]);
        assert!(found(town, &ann, "q=hives").is_empty());
        assert_eq!(found(town, &ann, "q=swell"), ["AllergyIntolerance/al"]);
    });
}

#[test]
fn a_record_of_more_entries_than_are_fetched_at_once_is_searched_whole() {
    on_each_engine(|town| {
        with_history(town);
        let weights: Vec<Value> = (0..1_300)
            .map(|n| {
                let day = format!("20{:02}-{:02}-{:02}", n / 336 % 20, n / 28 % 12 + 1, n % 28 + 1);
                let said = if n % 3 == 0 { "Fasting" } else { "After supper" };
                let mut entry = weight(&format!("w{n}"), None, &day, 70.0, "kg");
                entry["note"] = json!([{ "text": format!("{said}, number {n}x") }]);
                entry
            })
            .collect();
        weights.chunks(400).for_each(|some| town.put(some));
        let ann = town.patient("ann");
        assert_eq!(outline(town, &ann, "q=fasting")["total"], 434);
        assert_eq!(outline(town, &ann, "q=supper")["total"], 866);
        // The first and the last of what is fetched, and both sides of where it is cut.
        for n in [0, 1, 63, 64, 255, 256, 511, 512, 513, 1_023, 1_024, 1_299] {
            assert_eq!(found(town, &ann, &format!("q={n}x")), [format!("Observation/w{n}")]);
        }
    });
}

#[test]
fn entries_are_picked_by_where_they_are_from_and_a_visit_brings_what_happened_in_it() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let of_clinic = found(town, &ann, "by=Organization/clinic");
        assert_eq!(of_clinic.len(), 7, "{of_clinic:?}");
        assert!(of_clinic.contains(&"Observation/a1".to_owned()) && !of_clinic.contains(&"Observation/a2".to_owned()));
        assert_eq!(found(town, &ann, "by=Practitioner/lee"), ["DocumentReference/d1"]);
        let choices = town.get(&ann, "/api/patients/ann/timeline/choices");
        let source = |id: &str, name: &str, count: i64| json!({"source": id, "name": name, "count": count});
        let expected = [
            source("Organization/clinic", "Riverside Clinic", 7),
            source("Practitioner/rao", "Dr. Asha Rao", 7),
            source("Practitioner/lee", "Min Lee", 1),
        ];
        assert_eq!(choices, json!({"abnormal": 2, "sources": expected}));
    });
}

#[test]
fn a_source_is_told_only_as_far_as_the_visit_is_seen() {
    on_each_engine(|town| {
        with_history(town);
        // The patient has looked before, so that what the server remembers of the record is all of it.
        town.get(&town.patient("ann"), "/api/patients/ann/timeline/choices");
        let doctor = GranteeType::Practitioner;
        town.give("ann", &with(form(doctor, "lee"), "categories", json!(["result", "vital"])));
        let lee = town.doctor("lee");
        let choices = town.get(&lee, "/api/patients/ann/timeline/choices");
        assert_eq!(choices, json!({"abnormal": 2, "sources": []}), "the visits were not given");
        assert!(found(town, &lee, "by=Organization/clinic").is_empty());
        assert!(found(town, &lee, "q=hives").is_empty());
        assert_eq!(outline(town, &lee, "q=discharge")["total"], 0);
        let all = outline(town, &lee, "");
        assert_eq!((&all["all"], &all["categories"]), (&json!(6), &json!({"result": 2, "vital": 4})));
        assert_eq!((&all["labels"], &all["undated"]), (&json!({}), &json!(0)));
        let compared = town.get(&lee, "/api/patients/ann/compare?before=2023-12-31&after=2024-12-31");
        assert_eq!(compared["courses"], json!([]));
        assert_eq!(compared["readings"].as_array().unwrap().len(), 3);
    });
}

#[test]
fn what_is_out_of_the_usual_and_what_is_sensitive_can_be_asked_for() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        assert_eq!(found(town, &ann, "abnormal=true"), ["Observation/a1", "Observation/a2"]);
        assert_eq!(found(town, &ann, "label=mental-health"), ["Observation/phq"]);
        assert_eq!(found(town, &ann, "undated=true").len(), 2);
        for query in ["label=secret", "abnormal=perhaps", "undated=true&from=2024-01-01"] {
            assert_eq!(town.status(&ann, &format!("/api/patients/ann/timeline?{query}")), 400, "{query}");
        }
    });
}

#[test]
fn the_windows_of_an_outline_together_are_the_timeline() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        for filter in ["", "category=vital", "abnormal=true", "q=metformin", "from=2015-01-01&to=2023-12-31"] {
            let outline = outline(town, &ann, filter);
            let mut listed = Vec::new();
            for window in outline["windows"].as_array().unwrap() {
                let (from, to) = (window["from"].as_str().unwrap(), window["to"].as_str().unwrap());
                let rest: Vec<&str> =
                    filter.split('&').filter(|part| !part.starts_with("from") && !part.starts_with("to")).collect();
                let page = found(town, &ann, &format!("{}&totals=false&from={from}&to={to}&count=200", rest.join("&")));
                assert_eq!(json!(page.len()), window["count"], "{filter} {window}");
                listed.extend(page);
            }
            if outline["undated"] != 0 {
                listed.extend(found(town, &ann, &format!("{filter}&undated=true")));
            }
            let whole = found(town, &ann, &format!("{filter}&count=200"));
            assert_eq!(json!(listed.len()), outline["total"], "{filter}");
            listed.sort_unstable();
            let mut sorted = whole.clone();
            sorted.sort_unstable();
            assert_eq!(listed, sorted, "{filter}");
            let months = outline["months"].as_array().unwrap();
            let sum: i64 = months.iter().map(|month| month["count"].as_i64().unwrap()).sum();
            assert_eq!(json!(sum + outline["undated"].as_i64().unwrap()), outline["total"]);
        }
    });
}

#[test]
fn pages_of_what_was_picked_are_everything_once() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let first = town.get(&ann, "/api/patients/ann/timeline?abnormal=true&count=1");
        assert_eq!(entries(&first["groups"]), ["Observation/a1"]);
        let next = first["next"].as_str().unwrap();
        let second = town.get(&ann, &format!("/api/patients/ann/timeline?abnormal=true&count=1&before={next}"));
        assert_eq!((entries(&second["groups"]), &second["next"]), (vec!["Observation/a2".to_owned()], &Value::Null));
    });
}

#[test]
fn two_days_show_values_side_by_side_and_what_began_and_ended() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let compared = town.get(&ann, "/api/patients/ann/compare?before=2023-05-10&after=2024-04-01");
        let readings = compared["readings"].as_array().unwrap();
        let reading = |title: &str| readings.iter().find(|r| r["title"].as_str().unwrap().starts_with(title)).unwrap();
        assert_eq!(reading("Hemoglobin")["before"]["value"]["text"], "6.9%");
        assert_eq!(reading("Hemoglobin")["after"]["value"]["text"], "7.4%");
        assert_eq!(reading("Body weight")["before"]["value"]["text"], "84.0 kg");
        assert_eq!(reading("Blood pressure")["after"]["value"]["text"], "142/91 mmHg");
        let course = |title: &str| {
            let all = compared["courses"].as_array().unwrap();
            all.iter().find(|c| c["title"] == title).map(|c| (c["before"].clone(), c["after"].clone()))
        };
        let is = |before: &str, after: &str| Some((json!(before), json!(after)));
        assert_eq!(course("Acute bronchitis"), is("yes", "no"));
        assert_eq!(course("Type 2 diabetes"), is("yes", "yes"));
        assert_eq!(course("Penicillin"), is("yes", "yes"), "nobody said since when, so always");
        assert_eq!(course("Metformin 500 MG Oral Tablet"), is("unclear", "yes"), "the first course ended some day");
        let before = town.get(&ann, "/api/patients/ann/compare?before=2014-01-01&after=2016-01-01");
        assert_eq!(before["readings"], json!([]));
        for query in ["", "before=2024-01-01", "before=2024-01-01&after=2024-01-01", "before=x&after=2024-01-01"] {
            assert_eq!(town.status(&ann, &format!("/api/patients/ann/compare?{query}")), 400, "{query}");
        }
    });
}
