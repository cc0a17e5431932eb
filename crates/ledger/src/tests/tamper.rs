//! Whoever holds the database but not the keys: each way to alter it, and that it is found.

use super::{Place, admit, check, head, log, on_each_engine, sign, sql};
use crate::{House, LedgerError};
use db::DbError;

/// Patients 5 and 6, 300 entries (so that there is a kept subtree), a checkpoint at 300 and another at 301.
fn settled(place: &Place) -> House {
    let house = place.house();
    admit(&house, &[5, 6]);
    let patients: Vec<i64> = (0..300).map(|i| [5, 6, 0][i % 3]).collect();
    log(&house, &patients);
    sign(&house);
    log(&house, &[5]);
    sign(&house);
    let report = check(&house).unwrap();
    assert_eq!((report.size, report.checkpoints, report.erased), (301, 2, 0));
    house
}

/// Alters a good ledger and looks for the words of the finding, here and in a process that starts afterwards.
fn found(alter: impl Fn(&House), expected: &str) {
    on_each_engine(|place| {
        let house = settled(place);
        alter(&house);
        for house in [&house, &place.house()] {
            match check(house) {
                Err(LedgerError::Altered(text)) => assert!(text.contains(expected), "{text}"),
                other => panic!("expected \u{201c}{expected}\u{201d}, found {other:?}"),
            }
        }
    });
}

#[test]
fn an_altered_leaf_is_found() {
    let alter = "UPDATE ledger SET leaf = (SELECT leaf FROM ledger WHERE seq = 3) WHERE seq = 150";
    found(|house| sql(house, alter), "entry 150 does not match its leaf");
}

#[test]
fn an_altered_entry_is_found() {
    let alter = |house: &House| {
        let flip = |tx: &mut db::Tx<'_>| {
            let sealed = tx.query_opt("SELECT entry FROM ledger WHERE seq = 150", &[], |row| {
                Ok::<_, DbError>(row.blob(0)?.to_vec())
            })?;
            let mut sealed = sealed.unwrap();
            sealed[20] ^= 1;
            tx.execute("UPDATE ledger SET entry = ?1 WHERE seq = 150", &[(&sealed).into()])
        };
        house.db.write_blocking(flip).unwrap();
    };
    found(alter, "entry 150 does not open");
}

#[test]
fn an_entry_of_the_same_patient_put_in_anothers_place_is_found() {
    // Leaf and seal together: only the seal knows where it belongs.
    let alter = "UPDATE ledger SET (leaf, entry) = (SELECT leaf, entry FROM ledger WHERE seq = 147) WHERE seq = 150";
    found(|house| sql(house, alter), "entry 150 does not open");
}

#[test]
fn a_removed_last_entry_is_found() {
    found(|house| sql(house, "DELETE FROM ledger WHERE seq = 300"), "the head does not match the 300 entries");
}

#[test]
fn a_removed_middle_entry_is_found() {
    found(|house| sql(house, "DELETE FROM ledger WHERE seq = 150"), "entry 150 is missing");
}

#[test]
fn a_removed_entry_is_found_when_the_rest_moves_up() {
    let alter = |house: &House| {
        sql(house, "DELETE FROM ledger WHERE seq = 299");
        sql(house, "UPDATE ledger SET seq = 299 WHERE seq = 300");
    };
    // The last of the system's entries and the last of patient 5's: the number in the seal does not fit the new place.
    found(alter, "entry 299 does not open");
}

#[test]
fn swapped_entries_are_found() {
    let alter = |house: &House| {
        sql(house, "UPDATE ledger SET seq = 9999 WHERE seq = 150");
        sql(house, "UPDATE ledger SET seq = 150 WHERE seq = 151");
        sql(house, "UPDATE ledger SET seq = 151 WHERE seq = 9999");
    };
    found(alter, "entry 150 does not open");
}

#[test]
fn an_entry_given_to_another_patient_is_found() {
    let alter = "UPDATE ledger SET patient = 6, pseq = 100 WHERE seq = 300";
    found(|house| sql(house, alter), "entry 300 does not open");
}

#[test]
fn a_gap_in_a_patients_sequence_is_found() {
    found(|house| sql(house, "UPDATE ledger SET pseq = 101 WHERE seq = 300"), "number 100 of its patient is missing");
}

#[test]
fn an_entry_that_nobody_logged_is_found() {
    let alter = "INSERT INTO ledger (seq, leaf, patient, pseq, entry)
                 SELECT 301, leaf, patient, 101, entry FROM ledger WHERE seq = 300";
    found(|house| sql(house, alter), "entry 301 does not open");
}

#[test]
fn an_altered_node_is_found() {
    let alter = "UPDATE ledger_node SET hash = (SELECT leaf FROM ledger WHERE seq = 3)";
    found(|house| sql(house, alter), "the node at level 8 index 0 is wrong");
}

#[test]
fn a_removed_node_is_found() {
    found(|house| sql(house, "DELETE FROM ledger_node"), "inner nodes are missing");
}

#[test]
fn a_node_that_nobody_computed_is_found() {
    let alter = "INSERT INTO ledger_node (level, idx, hash) SELECT 8, 1, hash FROM ledger_node";
    found(|house| sql(house, alter), "the node at level 8 index 1 is wrong");
}

#[test]
fn an_altered_head_is_found() {
    let alter = |house: &House| {
        let swap = |tx: &mut db::Tx<'_>| {
            let stored =
                tx.query_opt("SELECT frontier FROM ledger_head", &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))?;
            let mut stored = stored.unwrap();
            stored[0] ^= 1;
            tx.execute("UPDATE ledger_head SET frontier = ?1", &[(&stored).into()])
        };
        house.db.write_blocking(swap).unwrap();
    };
    found(alter, "the head does not match the 301 entries");
}

#[test]
fn a_head_of_another_size_is_found() {
    found(|house| sql(house, "UPDATE ledger_head SET size = 300"), "the head does not");
}

#[test]
fn a_removed_head_is_found() {
    found(|house| sql(house, "DELETE FROM ledger_head"), "the head does not match the 301 entries");
}

#[test]
fn an_altered_checkpoint_is_found() {
    let alter = "UPDATE checkpoint SET note = replace(note, '300', '299') WHERE size = 300";
    found(|house| sql(house, alter), "the checkpoint of 300 entries does not match them");
}

#[test]
fn a_checkpoint_of_another_size_is_found() {
    let alter = "UPDATE checkpoint SET note = (SELECT note FROM checkpoint WHERE size = 301) WHERE size = 300";
    found(|house| sql(house, alter), "the checkpoint of 300 entries does not match them");
    found(|house| sql(house, "UPDATE checkpoint SET size = 302 WHERE size = 301"), "signed for more entries");
}

/// The thorough forger: takes the last entry away and puts back the head from before. What was signed gives it away.
#[test]
fn a_log_that_was_rolled_back_is_found_by_its_checkpoint() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5]);
        log(&house, &[5; 10]);
        let before = head(&house);
        let frontier = house
            .db
            .read_blocking(|tx| {
                tx.query_opt("SELECT frontier FROM ledger_head", &[], |row| Ok::<_, DbError>(row.blob(0)?.to_vec()))
            })
            .unwrap()
            .unwrap();
        log(&house, &[5]);
        sign(&house);
        let undo = move |tx: &mut db::Tx<'_>| {
            tx.execute("DELETE FROM ledger WHERE seq = 10", &[])?;
            tx.execute("UPDATE ledger_head SET size = 10, frontier = ?1", &[(&frontier).into()])
        };
        house.db.write_blocking(undo).unwrap();
        assert_eq!(head(&house), before);
        match check(&house) {
            Err(LedgerError::Altered(text)) => assert!(text.contains("signed for more entries"), "{text}"),
            other => panic!("{other:?}"),
        }
    });
}
