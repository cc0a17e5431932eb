//! Erasing a patient leaves 32 opaque bytes per entry, and the log still verifies.

use super::{Place, admit, check, ctx, log, on_each_engine, sign, sql};
use crate::log::place as place_of;
use crate::{Action, Entry, Ground, House, LedgerError, Stored, append, entries, erasure};
use db::Tx;
use kernel::{Ctx, Id, Purpose};
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

/// Readings that were under way are written beside the erasure: they stay without anybody's name, and it is still found.
#[test]
fn nobody_is_named_beside_an_erasure_and_it_is_found_among_readings() {
    on_each_engine(|place| {
        let house = settled(place);
        let named =
            Ctx { name: Arc::from("Dr. Erika Sample"), organization: Some(Arc::from("Sample clinic")), ..ctx(&house) };
        let read = |ctx: &Ctx| {
            Entry::new(ctx, Id::new(5), Action::Read).what("Patient", 1).ground(
                Ground::Grant,
                Purpose::Treatment,
                Some(7),
            )
        };
        let (vault, before, after) = (Arc::clone(&house.vault), read(&named), read(&named));
        let erase = Entry::new(&ctx(&house), Id::new(5), Action::Erase);
        let write = move |tx: &mut Tx<'_>| {
            append(tx, before);
            vault.erase(tx, 5)?;
            append(tx, erase);
            append(tx, after);
            Ok::<_, LedgerError>(())
        };
        house.db.write_blocking(write).unwrap();
        let late: Vec<Entry> = (0..150).map(|_| read(&named)).collect();
        let write = move |tx: &mut Tx<'_>| {
            late.into_iter().for_each(|entry| append(tx, entry));
            Ok::<_, LedgerError>(())
        };
        house.db.write_blocking(write).unwrap();
        let (inside, first) = (house.clone(), 3);
        let (found, kept) = house
            .db
            .read_blocking(move |tx| {
                let found = erasure(tx, &inside.vault, Id::new(5))?.unwrap();
                let sql = "SELECT seq, pseq, entry FROM ledger WHERE patient = 5 AND pseq >= ?1 ORDER BY pseq";
                let rows = tx.query(sql, &[first.into()], |row| {
                    Ok::<_, LedgerError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec()))
                })?;
                let key = inside.vault.key(tx, vault::DIRECTORY)?;
                let open = |(seq, number, sealed): (i64, i64, Vec<u8>)| key.open(&place_of(seq, 5, number), &sealed);
                let kept = rows.into_iter().map(open).collect::<Result<Vec<_>, _>>()?;
                Ok::<_, LedgerError>((found, kept))
            })
            .unwrap();
        assert_eq!((found.patient_seq, kept.len()), (4, 153));
        for plain in kept {
            let text = String::from_utf8_lossy(&plain[16..]).into_owned();
            assert!(!text.contains("Sample") && !text.contains("\"grant\":7"), "{text}");
        }
        assert_eq!(check(&house).unwrap().size, 6 + 153);
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

#[test]
fn an_erasure_is_found_behind_what_was_under_way_when_it_happened() {
    on_each_engine(|place| {
        let house = settled(place);
        erase(&house, 5);
        log(&house, &[5, 6, 5]);
        let vault = Arc::clone(&house.vault);
        let found = house.db.read_blocking(move |tx| crate::erasure(tx, &vault, Id::new(5))).unwrap();
        assert_eq!(found.map(|entry| entry.seq), Some(6));
    });
}
