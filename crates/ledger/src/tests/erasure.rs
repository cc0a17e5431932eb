//! Erasing a patient leaves 32 opaque bytes per entry, and the log still verifies.

use super::{Place, admit, check, ctx, log, on_each_engine, sign, sql};
use crate::{Action, Entry, House, LedgerError, Stored, append, entries};
use db::Tx;
use kernel::Id;
use std::sync::Arc;
use vault::VaultError;

fn erase(house: &House, patient: i64) {
    let vault = Arc::clone(&house.vault);
    let entry = Entry::new(&ctx(house), Id::new(patient), Action::Erase);
    let write = move |tx: &mut Tx<'_>| {
        append(tx, entry);
        vault.erase(tx, patient)
    };
    house.db.write_blocking(write).unwrap();
}

fn read(house: &House, patient: i64) -> Result<Vec<Stored>, LedgerError> {
    let vault = Arc::clone(&house.vault);
    house.db.read_blocking(move |tx| entries(tx, &vault, Id::new(patient), None, 100))
}

fn settled(place: &Place) -> House {
    let house = place.house();
    admit(&house, &[5, 6]);
    log(&house, &[5, 6, 5, 0, 5, 6]);
    sign(&house);
    house
}

#[test]
fn an_erased_patient_still_verifies_and_counts_as_erased() {
    on_each_engine(|place| {
        let house = settled(place);
        assert_eq!(check(&house).unwrap().erased, 0);
        // The checkpoint from before still has to fit: no leaf may change.
        erase(&house, 5);
        for house in [&house, &place.house()] {
            let after = check(house).unwrap();
            assert_eq!((after.size, after.checkpoints, after.erased), (7, 1, 3));
            assert!(matches!(read(house, 5), Err(LedgerError::Vault(VaultError::NoKey))));
            assert_eq!(read(house, 6).unwrap().len(), 2);
        }
    });
}

#[test]
fn what_is_logged_of_an_erased_patient_is_the_systems_own() {
    on_each_engine(|place| {
        let house = settled(place);
        erase(&house, 5);
        log(&house, &[5, 6]);
        let report = check(&house).unwrap();
        assert_eq!((report.size, report.erased), (9, 3));
    });
}

#[test]
fn an_erased_entry_cannot_be_altered_either() {
    on_each_engine(|place| {
        let house = settled(place);
        erase(&house, 5);
        sql(&house, "UPDATE ledger SET leaf = (SELECT leaf FROM ledger WHERE seq = 1) WHERE seq = 0");
        assert!(matches!(check(&house), Err(LedgerError::Altered(_))));
    });
}

#[test]
fn a_process_that_still_remembers_the_key_does_not_seal_with_it() {
    on_each_engine(|place| {
        let here = settled(place);
        let there = place.house();
        log(&there, &[5]);
        // Both have patient 5's key in memory; one of them erases the patient.
        erase(&here, 5);
        log(&there, &[5, 6]);
        let report = check(&place.house()).unwrap();
        assert_eq!((report.size, report.erased), (10, 4));
    });
}

fn unexplained(house: &House, entry: i64) {
    match check(house) {
        Err(LedgerError::Altered(text)) => {
            assert_eq!(text, format!("entry {entry} does not open, and nothing says that its patient was erased"));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_entry_hidden_behind_a_patient_who_never_was_is_found() {
    on_each_engine(|place| {
        let house = settled(place);
        // The last of patient 6's entries: their sequence has no gap afterwards, and the tree is the same.
        sql(&house, "UPDATE ledger SET patient = 99, pseq = 0 WHERE seq = 5");
        unexplained(&house, 5);
    });
}

#[test]
fn an_entry_hidden_behind_an_erased_patient_is_found() {
    on_each_engine(|place| {
        let house = settled(place);
        erase(&house, 5);
        sql(&house, "UPDATE ledger SET patient = 5, pseq = 4 WHERE seq = 5");
        // It is read before the erasure, out of order.
        assert!(matches!(check(&house), Err(LedgerError::Altered(_))));
    });
    on_each_engine(|place| {
        let house = settled(place);
        erase(&house, 5);
        log(&house, &[6]);
        sql(&house, "UPDATE ledger SET patient = 5, pseq = 4 WHERE seq = 7");
        unexplained(&house, 7);
    });
}

#[test]
fn a_key_that_was_taken_away_without_a_word_is_found() {
    on_each_engine(|place| {
        let house = settled(place);
        sql(&house, "DELETE FROM data_key WHERE owner = 5");
        unexplained(&place.house(), 0);
    });
}
