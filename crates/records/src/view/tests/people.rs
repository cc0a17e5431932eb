//! A practitioner's patients, and the directory.

use super::*;

fn names(answer: &Value) -> Vec<&str> {
    answer["patients"].as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect()
}

#[test]
fn my_patients_are_those_who_let_me_or_my_organization_in() {
    on_each_engine(|town| {
        with_history(town);
        let (rao, lee) = (town.doctor("rao"), town.doctor("lee"));
        assert_eq!(town.get(&rao, "/api/my-patients"), json!({"patients": []}));
        let by_clinic =
            town.give("ann", &with(form(GranteeType::Organization, "clinic"), "categories", json!(["vital"])));
        let until = "2024-07-01T00:00:00.000Z";
        town.give("bob", &with(form(GranteeType::Practitioner, "rao"), "until", json!(until)));
        assert_eq!(names(&town.get(&lee, "/api/my-patients")), [""; 0]);
        let mine = town.get(&rao, "/api/my-patients");
        assert_eq!(names(&mine), ["Ann Roe", "Bob Bell"]);
        assert_eq!(
            mine["patients"][0],
            json!({"id": "ann", "name": "Ann Roe", "birthDate": "1980-06-15", "age": 43, "gender": "female",
                "grant": {"id": by_clinic.id, "until": null, "categories": ["vital"], "labels": [],
                    "purpose": "treatment", "via": "Riverside Clinic"},
                "lastUpdated": "2024-03-10T09:05:00.000Z"})
        );
        assert_eq!(mine["patients"][1]["grant"]["via"], "you");
        assert_eq!(mine["patients"][1]["grant"]["until"], until);
        assert_eq!(mine["patients"][1]["grant"]["categories"], Value::Null);
        assert_eq!(town.trail("ann")[0], ("search".to_owned(), "Patient".to_owned(), 1));
        assert_eq!(names(&town.get(&rao, "/api/my-patients?query=bel")), ["Bob Bell"]);
        assert_eq!(names(&town.get(&rao, "/api/my-patients?query=1980")), ["Ann Roe"]);
        let own = town.give("ann", &form(GranteeType::Practitioner, "rao"));
        assert_eq!(town.get(&rao, "/api/my-patients")["patients"][0]["grant"]["id"], own.id);
        town.revoke("ann", by_clinic.id);
        town.revoke("ann", own.id);
        assert_eq!(names(&town.get(&rao, "/api/my-patients")), ["Bob Bell"]);
        assert_eq!(town.status(&town.patient("ann"), "/api/my-patients"), 403);
        assert_eq!(town.status(&rao, "/api/my-patients?name=x"), 400);
    });
}

#[test]
fn the_directory_is_found_by_the_beginning_of_names() {
    on_each_engine(|town| {
        let rao = town.rid(Kind::Practitioner, "rao");
        let clinic = town.rid(Kind::Organization, "clinic");
        let account = move |tx: &mut db::Tx<'_>| {
            tx.execute(
                "INSERT INTO account (account, role, state, login, practitioner, profile, created)
                 VALUES (7, 'practitioner', 0, 1, ?1, ?2, 0)",
                &[rao.into(), (&[0_u8; 0]).into()],
            )?;
            let member = "INSERT INTO membership (account, organization) VALUES (7, ?1)";
            tx.execute(member, &[clinic.into()])
        };
        town.house.db.write_blocking::<_, DbError, _>(account).unwrap();
        let ann = town.patient("ann");
        let rao = json!({"type": "practitioner", "id": "rao", "name": "Dr. Asha Rao",
            "detail": "Cardiology · Riverside Clinic", "reachable": true});
        let riverside = json!({"type": "organization", "id": "clinic", "name": "Riverside Clinic",
            "detail": "Springfield", "reachable": true});
        let lee = json!({"type": "practitioner", "id": "lee", "name": "Min Lee", "detail": null, "reachable": false});
        let find = |query: &str| town.get(&ann, &format!("/api/directory?{query}"))["items"].clone();
        assert_eq!(find("query=ash"), json!([rao]));
        assert_eq!(find("query=rao%20ASHA"), json!([rao]));
        assert_eq!(find("query=river"), json!([riverside]));
        assert_eq!(find("query=riverside%20cl"), json!([riverside]));
        assert_eq!(find("query=lee&type=organization"), json!([]));
        assert_eq!(find("type=practitioner"), json!([rao, lee]));
        assert_eq!(find("query=,"), json!([]));
        assert_eq!(find("query=ann"), json!([]), "patients are in no directory");
        assert_eq!(town.status(&ann, "/api/directory?type=patient"), 400);
        let nobody = Ctx { actor: Actor::Nobody, ..ann.clone() };
        assert_eq!(town.status(&nobody, "/api/directory?query=rao"), 401);
    });
}
