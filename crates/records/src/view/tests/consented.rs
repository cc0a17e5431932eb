//! What a reader is shown is what a grant covers, in every view alike.

use super::*;
use std::collections::{BTreeMap, BTreeSet};

const VIEWS: [&str; 8] = [
    "timeline",
    "timeline/outline",
    "timeline/choices",
    "compare?before=2023-01-01&after=2024-06-01",
    "counts",
    "summary",
    "series",
    "series/8480-6",
];

fn all(town: &Town, ctx: &Ctx) -> Value {
    town.get(ctx, "/api/patients/ann/timeline?count=200")
}

#[test]
fn a_grant_of_one_category_shows_that_category_in_every_view() {
    on_each_engine(|town| {
        with_history(town);
        let doctor = GranteeType::Practitioner;
        town.give("ann", &with(form(doctor, "lee"), "categories", json!(["vital"])));
        let lee = town.doctor("lee");
        let page = all(town, &lee);
        let seen: BTreeSet<String> = entries(&page["groups"]).into_iter().collect();
        let vitals = ["Observation/bp1", "Observation/bp2", "Observation/w1", "Observation/w2"];
        assert_eq!(seen, vitals.map(str::to_owned).into());
        assert!(page["groups"].as_array().unwrap().iter().all(|g| g["visit"].is_null()), "visits were not given");
        assert_eq!(page["counts"], json!({"vital": 4}));
        assert_eq!(page["total"], 4);
        let years = json!([{"year": 2024, "count": 2}, {"year": 2023, "count": 1}, {"year": 2022, "count": 1}]);
        assert_eq!(page["years"], years);
        let counts = town.get(&lee, "/api/patients/ann/counts");
        assert_eq!(counts, json!({"total": 5, "kinds": {"Patient": 1, "Observation": 4}}));
        let summary = town.get(&lee, "/api/patients/ann/summary");
        for section in summary["sections"].as_array().unwrap() {
            let shown = section["entries"].as_array().unwrap().len();
            assert_eq!(shown > 0, section["category"] == "vital", "{section}");
            assert_eq!(shown == 0, section["empty"].is_string(), "{section}");
        }
        let series = town.get(&lee, "/api/patients/ann/series");
        let codes: BTreeSet<&str> =
            series["series"].as_array().unwrap().iter().map(|s| s["code"].as_str().unwrap()).collect();
        assert_eq!(codes, ["29463-7", "8462-4", "8480-6"].into());
        assert_eq!(town.status(&lee, "/api/patients/ann/series/4548-4"), 404, "what was not given is not there");
    });
}

#[test]
fn visits_bring_headings_but_no_reasons_that_were_not_given() {
    on_each_engine(|town| {
        with_history(town);
        town.give("ann", &with(form(GranteeType::Practitioner, "lee"), "categories", json!(["visit", "vital"])));
        let page = all(town, &town.doctor("lee"));
        assert_eq!(page["groups"][0]["visit"]["id"], "e1");
        assert_eq!(page["groups"][0]["visit"]["reason"], Value::Null, "the diagnosis is a Condition");
        assert_eq!(page["groups"][0]["visit"]["organization"], "Riverside Clinic");
    });
}

#[test]
fn a_grant_of_everything_leaves_out_the_sensitive_unless_it_says_so() {
    on_each_engine(|town| {
        with_history(town);
        town.give("ann", &form(GranteeType::Practitioner, "lee"));
        let labels = json!(["mental-health"]);
        town.give("ann", &with(form(GranteeType::Practitioner, "rao"), "labels", labels));
        let has = |ctx: &Ctx| entries(&all(town, ctx)["groups"]).contains(&"Observation/phq".to_owned());
        assert!(!has(&town.doctor("lee")));
        assert!(has(&town.doctor("rao")));
        assert_eq!(all(town, &town.doctor("lee"))["total"], 18);
        assert_eq!(all(town, &town.doctor("rao"))["total"], 19);
    });
}

#[test]
fn who_has_no_grant_any_more_finds_nothing_and_the_patient_learns_of_the_attempt() {
    on_each_engine(|town| {
        with_history(town);
        let lee = town.doctor("lee");
        let uri = |view: &str| format!("/api/patients/ann/{view}");
        let refusals = || town.trail("ann").iter().filter(|(action, _, _)| action == "refused").count();
        assert!(VIEWS.iter().all(|view| town.status(&lee, &uri(view)) == 404));
        let grant = town.give("ann", &form(GranteeType::Practitioner, "lee"));
        for view in VIEWS {
            assert_eq!(town.status(&lee, &uri(view)), 200, "{view}");
        }
        town.revoke("ann", grant.id);
        let nobody = town.call(&lee, "GET", "/api/patients/nobody/timeline", None);
        for view in VIEWS {
            assert_eq!(town.call(&lee, "GET", &uri(view), None), nobody, "{view}: the same answer as for nobody");
        }
        // Refusals are logged beside the answer, not before it.
        for _ in 0..100 {
            if refusals() == 2 * VIEWS.len() {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        assert_eq!(refusals(), 2 * VIEWS.len());
        assert_eq!(town.status(&town.patient("bob"), &uri("timeline")), 404);
        let outside = Ctx { actor: Actor::Nobody, ..lee };
        assert_eq!(town.status(&outside, &uri("timeline")), 401);
    });
}

#[test]
fn a_preview_is_what_the_doctor_then_gets() {
    let base = form(GranteeType::Practitioner, "lee");
    let forms = [
        base.clone(),
        with(base.clone(), "categories", json!(["vital", "result"])),
        with(base.clone(), "categories", json!(["visit", "medicine", "document"])),
        with(base.clone(), "labels", json!(["mental-health"])),
        with(with(base.clone(), "from", json!("2023-01-01")), "to", json!("2023-12-31")),
        with(with(base.clone(), "to", json!("2020-01-01")), "categories", json!(["condition", "procedure", "plan"])),
        with(base, "categories", json!(["billing"])),
    ];
    on_each_engine(|town| {
        with_history(town);
        let (ann, lee) = (town.patient("ann"), town.doctor("lee"));
        let everything = all(town, &ann);
        for form in &forms {
            let (status, preview) = town.call(&ann, "POST", "/api/grants/preview", Some(form));
            assert_eq!(status, 200, "{preview}");
            let grant = town.give("ann", form);
            let page = town.get(&lee, "/api/patients/ann/timeline");
            town.revoke("ann", grant.id);
            for name in ["groups", "counts", "total"] {
                assert_eq!(preview[name], page[name], "{name} of {form}");
            }
            let of = |value: &Value| -> BTreeMap<String, i64> { serde_json::from_value(value.clone()).unwrap() };
            let mut sum = of(&preview["counts"]);
            for (category, n) in of(&preview["hidden"]) {
                assert!(n > 0);
                *sum.entry(category).or_default() += n;
            }
            assert_eq!(sum, of(&everything["counts"]), "{form}");
            assert_eq!(preview["hiddenTotal"].as_i64().unwrap() + preview["total"].as_i64().unwrap(), 19);
        }
        let bad = with(forms[0].clone(), "categories", json!([]));
        assert_eq!(town.call(&ann, "POST", "/api/grants/preview", Some(&bad)).0, 422);
        assert_eq!(town.call(&lee, "POST", "/api/grants/preview", Some(&forms[0])).0, 403);
        assert_eq!(town.call(&town.operator(), "POST", "/api/grants/preview", Some(&forms[0])).0, 403);
    });
}

#[test]
fn the_patient_sees_when_a_grant_was_last_used() {
    on_each_engine(|town| {
        with_history(town);
        town.give("ann", &form(GranteeType::Practitioner, "lee"));
        let last = || {
            let (ctx, house) = (town.patient("ann"), town.house.clone());
            let list = town.house.db.read_blocking(move |tx| consent::service::list(&ctx, &house, tx)).unwrap();
            list[0].last_read.clone()
        };
        town.get(&town.patient("ann"), "/api/patients/ann/summary");
        assert_eq!(last(), None, "the patient needs no grant");
        town.get(&town.doctor("lee"), "/api/patients/ann/summary");
        assert_eq!(last(), Some(NOW.to_rfc3339()));
    });
}
