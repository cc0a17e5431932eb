//! Grouping, paging, filters and counts.

use super::*;
use std::collections::{BTreeMap, HashSet};

const TIMELINE: &str = "/api/patients/ann/timeline";

fn group<'g>(groups: &'g Value, visit: &str) -> &'g Value {
    groups.as_array().unwrap().iter().find(|group| group["visit"]["id"] == visit).unwrap()
}

#[test]
fn counts_are_what_was_put_in() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let mut expected: BTreeMap<String, i64> = BTreeMap::from([("Patient".to_owned(), 1)]);
        for resource in history() {
            *expected.entry(resource["resourceType"].as_str().unwrap().to_owned()).or_default() += 1;
        }
        let counts = town.get(&ann, "/api/patients/ann/counts");
        assert_eq!(counts, json!({"total": 20, "kinds": expected}));
        let page = town.get(&ann, TIMELINE);
        assert_eq!(page["total"], 19);
        assert_eq!(
            page["counts"],
            json!({"visit": 2, "vital": 4, "result": 2, "medicine": 2, "observation": 1, "condition": 2,
                "document": 1, "immunization": 1, "allergy": 1, "procedure": 1, "plan": 1, "device": 1})
        );
        let years: Vec<(i64, i64)> = page["years"]
            .as_array()
            .unwrap()
            .iter()
            .map(|y| (y["year"].as_i64().unwrap(), y["count"].as_i64().unwrap()))
            .collect();
        // The allergy and the device say no date.
        assert_eq!(years, [(2024, 6), (2023, 6), (2022, 2), (2015, 2), (1999, 1)]);
    });
}

#[test]
fn entries_stand_under_their_visit_and_the_rest_under_its_day() {
    on_each_engine(|town| {
        with_history(town);
        let page = town.get(&town.patient("ann"), TIMELINE);
        let groups = &page["groups"];
        let first = group(groups, "e1");
        assert_eq!(
            first["visit"],
            json!({"id": "e1", "title": "Diabetes check", "class": "ambulatory", "start": "2024-03-10T09:00:00.000Z",
                "end": "2024-03-10T09:30:00.000Z", "organization": "Riverside Clinic",
                "practitioner": "Dr. Asha Rao", "reason": "Type 2 diabetes"})
        );
        assert_eq!(first["date"], "2024-03-10");
        let list = |group: &Value| entries(&json!([group]));
        assert_eq!(
            list(first),
            [
                "Encounter/e1",
                "MedicationRequest/m1",
                "Observation/a1",
                "Observation/bp1",
                "Observation/w1",
                "Observation/phq"
            ]
        );
        let second = group(groups, "e2");
        assert_eq!(second["visit"]["class"], "emergency");
        assert_eq!(
            list(second),
            [
                "Encounter/e2",
                "Condition/c2",
                "MedicationRequest/m0",
                "Observation/a2",
                "Observation/bp2",
                "DocumentReference/d1"
            ]
        );
        let dates: Vec<&Value> = groups.as_array().unwrap().iter().map(|group| &group["date"]).collect();
        assert_eq!(
            dates,
            [
                &json!("2024-03-10"),
                &json!("2023-05-05"),
                &json!("2022-10-01"),
                &json!("2015-02-01"),
                &json!("2015"),
                &json!("1999-07"),
                &Value::Null
            ]
        );
        assert_eq!(list(&groups[2]), ["Observation/w2", "Immunization/i1"]);
        assert_eq!(list(&groups[4]), ["Condition/c1"], "a problem stands where it began, as exactly as is known");
        assert_eq!(list(&groups[6]), ["DeviceUseStatement/dev", "AllergyIntolerance/al"]);
    });
}

#[test]
fn an_entry_says_what_a_reader_wants_to_know() {
    on_each_engine(|town| {
        with_history(town);
        let page = town.get(&town.patient("ann"), TIMELINE);
        let entry = |id: &str| {
            let all = page["groups"].as_array().unwrap().iter().flat_map(|g| g["entries"].as_array().unwrap());
            all.clone().find(|e| e["id"] == id).unwrap().clone()
        };
        assert_eq!(
            entry("a1"),
            json!({"type": "Observation", "id": "a1", "category": "result",
                "title": "Hemoglobin A1c/Hemoglobin.total in Blood", "date": "2024-03-10T09:10:00.000Z",
                "value": {"text": "7.4%", "number": 7.4, "unit": "%", "flag": "high"}, "status": "final"})
        );
        assert_eq!(entry("bp1")["value"], json!({"text": "142/91 mmHg", "unit": "mmHg"}));
        assert_eq!(entry("c2")["title"], "Acute bronchitis");
        assert_eq!(entry("c2")["detail"], "until May 20, 2023");
        assert_eq!(entry("m1")["detail"], "One tablet with breakfast");
        assert_eq!(entry("d1")["detail"], "Min Lee");
        assert_eq!(entry("al")["detail"], "high risk · Hives");
        assert_eq!(entry("i1")["detail"], "Dose 2");
        assert_eq!(entry("p1")["date"], "1999-07");
        assert_eq!(entry("al")["date"], Value::Null);
    });
}

#[test]
fn categories_and_days_narrow_the_entries_but_not_the_totals() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let page = town.get(&ann, &format!("{TIMELINE}?category=result,medicine"));
        assert_eq!(entries(&page["groups"]).len(), 4);
        assert_eq!((&page["total"], &page["counts"]["vital"]), (&json!(19), &json!(4)));
        assert_eq!(page["groups"][0]["visit"]["id"], "e1", "the heading stays");
        let days = |query: &str| entries(&town.get(&ann, &format!("{TIMELINE}?{query}"))["groups"]);
        assert_eq!(days("from=2022-10-01&to=2022-10-01"), ["Observation/w2", "Immunization/i1"]);
        assert_eq!(days("to=2015-12-31"), ["CarePlan/cp", "Condition/c1", "Procedure/p1"], "undated lies in no period");
        for query in ["category=x", "category=person", "from=yesterday", "count=0", "count=x", "before=x", "colour=red"]
        {
            assert_eq!(town.status(&ann, &format!("{TIMELINE}?{query}")), 400, "{query}");
        }
    });
}

/// The longest of a few generated lives: its Patient's id, and the number of its entries.
fn life(town: &Town) -> (String, i64) {
    let options = population::Options { seed: 5, organizations: 4, practitioners: 12, patients: 4, today: 19_800 };
    let take = |bundle: population::Bundle| {
        process(&town.house, &town.operator(), bundle.json.into_bytes(), &Options::default()).unwrap()
    };
    take(population::directory(&options));
    let lives = (0..4).map(|index| take(population::patient(&options, index)));
    let longest = lives.max_by_key(|done| done.created).unwrap();
    let patient = longest.outcomes.iter().find_map(|o| o.location.strip_prefix("Patient/")).unwrap();
    (patient.to_owned(), longest.created as i64 - 1)
}

#[test]
fn the_pages_together_are_everything_exactly_once() {
    on_each_engine(|town| {
        let (id, total) = life(town);
        let operator = town.operator();
        let mut seen = Vec::new();
        let mut last_day = "9999".to_owned();
        let mut query = format!("/api/patients/{id}/timeline?count=7");
        for page_number in 0.. {
            let page = town.get(&operator, &query);
            assert_eq!(page.get("total").is_some(), page_number == 0, "totals are on the first page only");
            if page_number == 0 {
                assert_eq!(page["total"], total);
                let sum: i64 = page["counts"].as_object().unwrap().values().map(|n| n.as_i64().unwrap()).sum();
                assert_eq!(sum, total);
            }
            for group in page["groups"].as_array().unwrap() {
                let Some(day) = group["date"].as_str() else { continue };
                assert!(!group["entries"].as_array().unwrap().is_empty());
                if group["visit"].is_null() {
                    assert!(day <= last_day.as_str(), "{day} after {last_day}");
                    last_day = day.to_owned();
                }
            }
            seen.extend(entries(&page["groups"]));
            let Some(next) = page["next"].as_str() else { break };
            query = format!("/api/patients/{id}/timeline?count=7&before={next}");
        }
        assert!(total > 100, "a life is long: {total}");
        assert_eq!(seen.len() as i64, total);
        assert_eq!(seen.iter().collect::<HashSet<_>>().len() as i64, total);
    });
}

#[test]
fn a_page_does_not_cut_a_day() {
    on_each_engine(|town| {
        with_history(town);
        let page = town.get(&town.patient("ann"), &format!("{TIMELINE}?count=1"));
        assert_eq!(entries(&page["groups"]).len(), 6, "the whole first visit");
        let next = page["next"].as_str().unwrap();
        let page = town.get(&town.patient("ann"), &format!("{TIMELINE}?count=1&before={next}"));
        assert_eq!(page["groups"][0]["visit"]["id"], "e2");
        // Somebody else's page is no page here, even for one who may read both records.
        let operator = town.operator();
        assert_eq!(town.status(&operator, &format!("/api/patients/bob/timeline?before={next}")), 400);
        assert_eq!(town.status(&operator, &format!("{TIMELINE}?before={next}")), 200);
    });
}

#[test]
fn each_look_leaves_one_line_in_the_ledger() {
    on_each_engine(|town| {
        with_history(town);
        let ann = town.patient("ann");
        let before = town.trail("ann").len();
        town.get(&ann, TIMELINE);
        town.get(&ann, "/api/patients/ann/summary");
        town.get(&ann, "/api/patients/ann/series");
        town.get(&ann, &format!("{TIMELINE}?category=billing"));
        let trail = town.trail("ann");
        let line = |what: &str, count: i64| ("read".to_owned(), what.to_owned(), count);
        assert_eq!(trail.len(), before + 4);
        assert_eq!(trail[0], line("Timeline", 0), "that there is nothing tells something too");
        assert_eq!(trail[1].1, "Series");
        assert_eq!(trail[2].1, "Summary");
        assert_eq!(trail[3], line("Timeline", 19));
        assert!(town.trail("bob").iter().all(|(action, _, _)| action != "read"));
    });
}

#[test]
fn an_export_is_the_whole_record_and_nothing_of_others() {
    on_each_engine(|town| {
        with_history(town);
        let export = |ctx: Ctx, id: &'static str| {
            let house = town.house.clone();
            town.runtime.block_on(async move {
                let bundle = crate::export::patient(&house, &ctx, id).await?;
                Ok::<_, kernel::Problem>(bundle.release(&house).await?)
            })
        };
        let bundle: Value = serde_json::from_slice(&export(town.operator(), "ann").unwrap()).unwrap();
        let id_of = |r: &Value| format!("{}/{}", r["resourceType"].as_str().unwrap(), r["id"].as_str().unwrap());
        let found: Vec<String> = bundle["entry"].as_array().unwrap().iter().map(|e| id_of(&e["resource"])).collect();
        let mut expected: HashSet<String> = history().iter().map(id_of).collect();
        expected.insert("Patient/ann".to_owned());
        assert_eq!(found[0], "Patient/ann");
        assert_eq!(found.len(), 20);
        assert_eq!(found.into_iter().collect::<HashSet<_>>(), expected);
        assert_eq!(town.trail("ann")[0], ("export".to_owned(), "Bundle".to_owned(), 20));
        assert_eq!(export(town.patient("bob"), "ann").unwrap_err().status, 404);
    });
}
