//! What tells of entries and is none: no line and no number of a timeline, and yet there to be read and taken along.

use super::*;
use crate::index::{BESIDE, Rows, WHOLE_RECORD};

const PLACE: &str = "/api/patients/ann/timeline";

fn provenance(recorded: &str) -> Value {
    json!({"resourceType": "Provenance", "id": "p1", "recorded": recorded,
        "target": [{"reference": "Condition/c9"}, {"reference": "Patient/ann"}],
        "agent": [{"who": {"reference": "Practitioner/rao"}}]})
}

fn with_both(town: &Town) {
    town.put(&[
        json!({"resourceType": "Condition", "id": "c9", "code": {"text": "Hay fever"},
            "subject": {"reference": "Patient/ann"}, "onsetDateTime": "2023-05-01"}),
        provenance("2024-02-01T09:00:00Z"),
    ]);
}

/// `Type/id` of all that is taken along.
fn taken(town: &Town) -> Vec<String> {
    let file = town.runtime.block_on(async {
        let file = crate::export::patient(&town.house, &town.patient("ann"), "ann").await.unwrap();
        file.release(&town.house).await.unwrap()
    });
    let bundle: Value = serde_json::from_slice(&file).unwrap();
    let named = |e: &Value| {
        format!("{}/{}", e["resource"]["resourceType"].as_str().unwrap(), e["resource"]["id"].as_str().unwrap())
    };
    bundle["entry"].as_array().unwrap().iter().map(named).collect()
}

/// One line in every form of the timeline, and the download has all three.
fn holds(town: &Town) {
    let ann = town.patient("ann");
    let page = town.get(&ann, PLACE);
    assert_eq!(entries(&page["groups"]), ["Condition/c9"]);
    assert_eq!((&page["total"], &page["counts"]), (&json!(1), &json!({"condition": 1})));
    assert_eq!(page["years"], json!([{"year": 2023, "count": 1}]));
    let outline = town.get(&ann, &format!("{PLACE}/outline"));
    assert_eq!((&outline["total"], &outline["all"]), (&json!(1), &json!(1)));
    assert_eq!(outline["months"], json!([{"month": "2023-05", "count": 1}]));
    // Its own words find it no more than anybody's: the doctor is named in nothing else.
    let picked = town.get(&ann, &format!("{PLACE}?by=Practitioner/rao"));
    assert_eq!(entries(&picked["groups"]), Vec::<String>::new());
    for path in ["Provenance?patient=ann", "Provenance?target=Condition/c9"] {
        let found = town.get(&ann, &format!("/fhir/{path}"));
        assert_eq!(found["entry"][0]["resource"]["id"], "p1", "{path}: {found}");
    }
    assert_eq!(town.status(&ann, "/fhir/Provenance/p1"), 200);
    assert_eq!(taken(town), ["Patient/ann", "Condition/c9", "Provenance/p1"]);
}

#[test]
fn who_wrote_an_entry_is_no_line_of_the_timeline_and_is_read_searched_and_taken_along() {
    on_each_engine(|town| {
        with_both(town);
        holds(town);
    });
}

/// The rows of the whole record, as they stand: hash and number.
fn standing(town: &Town) -> Vec<(i64, i64)> {
    let read = |tx: &mut db::Tx<'_>| {
        let sql = "SELECT h, rid FROM pt WHERE p = ?1 ORDER BY h, rid";
        tx.query(sql, &[WHOLE_RECORD.into()], |row| Ok::<_, DbError>((row.int(0)?, row.int(1)?)))
    };
    town.house.db.read_blocking(read).unwrap()
}

#[test]
fn what_was_written_before_is_moved_out_of_the_timeline_and_changed_and_deleted_like_the_rest() {
    on_each_engine(|town| {
        with_both(town);
        let (now, rid) = (standing(town), town.rid(Kind::Provenance, "p1"));
        let before = move |tx: &mut db::Tx<'_>| {
            let keys = tx.query("SELECT keys FROM resource WHERE rid = ?1", &[rid.into()], |row| {
                Ok::<_, DbError>(row.blob(0)?.to_vec())
            })?;
            let mut rows = Rows::from_keys(&keys[0]).unwrap();
            let row = rows.pt.iter_mut().find(|row| **row == (WHOLE_RECORD, BESIDE)).unwrap();
            row.1 = 0;
            tx.execute("UPDATE resource SET keys = ?2 WHERE rid = ?1", &[rid.into(), (&rows.to_keys()).into()])?;
            tx.execute("UPDATE pt SET h = 0 WHERE p = 0 AND rid = ?1", &[rid.into()])
        };
        town.house.db.write_blocking::<_, DbError, _>(before).unwrap();
        assert_eq!(town.get(&town.patient("ann"), PLACE)["total"], 2, "as it was");
        let text = include_str!("../../../../../migrations/0034_records_beside.sql");
        town.house.db.write_blocking::<_, DbError, _>(move |tx| tx.execute(text, &[])).unwrap();
        assert_eq!(standing(town), now);
        holds(town);
        // Its row in the index goes with it, whatever it says of itself.
        town.put(&[provenance("2024-02-02T09:00:00Z")]);
        assert_eq!(standing(town), now);
        holds(town);
        let (status, _) = town.call(&town.operator(), "DELETE", "/fhir/Provenance/p1", None);
        assert_eq!(status, 204);
        assert!(standing(town).iter().all(|(_, found)| *found != rid));
    });
}
