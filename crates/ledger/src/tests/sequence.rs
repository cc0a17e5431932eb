//! Order and completeness: one sequence for all and one per patient, without gaps, whoever writes.

use super::{admit, check, entry, log, on_each_engine};
use crate::{House, append, count, entries};
use db::{DbError, Tx};
use kernel::Id;
use sha2::{Digest, Sha256};
use std::sync::Arc;

fn numbers(house: &House) -> Vec<(i64, i64, i64)> {
    let read = |tx: &mut Tx<'_>| {
        tx.query("SELECT seq, patient, pseq FROM ledger ORDER BY seq", &[], |row| {
            Ok::<_, DbError>((row.int(0)?, row.int(1)?, row.int(2)?))
        })
    };
    house.db.read_blocking(read).unwrap()
}

fn assert_gapless(house: &House, patients: &[i64]) {
    let all = numbers(house);
    for (i, (seq, ..)) in all.iter().enumerate() {
        assert_eq!(*seq, i as i64);
    }
    for patient in patients {
        let own: Vec<i64> = all.iter().filter(|(_, p, _)| p == patient).map(|(.., number)| *number).collect();
        assert_eq!(own, (0..own.len() as i64).collect::<Vec<_>>(), "patient {patient}");
    }
}

#[test]
fn two_processes_that_take_turns_leave_no_gap() {
    on_each_engine(|place| {
        let (here, there) = (place.house(), place.house());
        admit(&here, &[5, 6, 7]);
        for round in 0..10 {
            log(&here, &[5, 6, 5]);
            log(&there, &[5, 7]);
            if round % 3 == 0 {
                log(&there, &[6, 0]);
            }
        }
        assert_gapless(&here, &[0, 5, 6, 7]);
        assert_eq!(check(&here).unwrap(), check(&there).unwrap());
        assert_eq!(check(&here).unwrap().size, 58);
    });
}

#[test]
fn two_processes_that_write_at_the_same_time_leave_no_gap() {
    on_each_engine(|place| {
        let houses = [place.house(), place.house()];
        admit(&houses[0], &[5, 6]);
        std::thread::scope(|scope| {
            for house in &houses {
                for thread in 0..3 {
                    scope.spawn(move || (0..20).for_each(|i| log(house, &[5 + (thread + i) % 2, 0])));
                }
            }
        });
        assert_gapless(&houses[0], &[0, 5, 6]);
        assert_eq!(check(&houses[1]).unwrap().size, 240);
    });
}

#[test]
fn a_write_that_fails_leaves_neither_entry_nor_gap() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5]);
        log(&house, &[5]);
        let lost = entry(&house, 5);
        let failed: Result<(), DbError> = house.db.write_blocking(move |tx| {
            append(tx, lost);
            Err(DbError::Failed("on purpose".into()))
        });
        assert!(failed.is_err());
        log(&house, &[5]);
        assert_gapless(&house, &[5]);
        assert_eq!(check(&house).unwrap().size, 2);
    });
}

#[test]
fn after_a_commit_that_failed_the_ledger_goes_on_where_it_was() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5]);
        log(&house, &[5, 5]);
        // The tables that the flush writes to are gone for a while: the whole group fails at its end.
        let alter = |statement: &'static str| house.db.write_blocking(move |tx| tx.execute(statement, &[])).map(drop);
        alter("ALTER TABLE ledger_head RENAME TO hidden").unwrap();
        let lost = entry(&house, 5);
        let failed = house.db.write_blocking(move |tx| {
            append(tx, lost);
            Ok::<_, DbError>(())
        });
        assert!(failed.is_err());
        alter("ALTER TABLE hidden RENAME TO ledger_head").unwrap();
        log(&house, &[5]);
        assert_gapless(&house, &[5]);
        assert_eq!(check(&house).unwrap().size, 3);
    });
}

#[test]
fn an_entry_that_could_not_be_sealed_leaves_no_gap_once_it_can() {
    on_each_engine(|place| {
        admit(&place.house(), &[5]);
        // A process that has not opened the key yet, and a key that is damaged for a while.
        let house = place.house();
        let kept = house
            .db
            .write_blocking(|tx| {
                let kept = tx.query_opt("SELECT wrapped FROM data_key WHERE owner = 5", &[], |row| {
                    Ok::<_, DbError>(row.blob(0)?.to_vec())
                })?;
                tx.execute("UPDATE data_key SET wrapped = ?1 WHERE owner = 5", &[(&[0; 60]).into()])?;
                Ok::<_, DbError>(kept.unwrap())
            })
            .unwrap();
        let lost = entry(&house, 5);
        let failed = house.db.write_blocking(move |tx| {
            append(tx, lost);
            Ok::<_, DbError>(())
        });
        assert!(failed.is_err());
        let mend =
            move |tx: &mut Tx<'_>| tx.execute("UPDATE data_key SET wrapped = ?1 WHERE owner = 5", &[(&kept).into()]);
        house.db.write_blocking(mend).unwrap();
        log(&house, &[5, 5]);
        assert_gapless(&house, &[5]);
        assert_eq!(check(&house).unwrap().size, 2);
    });
}

/// RFC 2104 by hand, on another implementation of SHA-256.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let pad = |with: u8| {
        let mut block = [with; 64];
        block.iter_mut().zip(key).for_each(|(byte, k)| *byte ^= k);
        block
    };
    let inner = Sha256::digest([&pad(0x36)[..], message].concat());
    Sha256::digest([&pad(0x5c)[..], &inner].concat()).to_vec()
}

#[test]
fn a_patient_reads_their_own_entries_newest_first_and_can_check_each_leaf() {
    on_each_engine(|place| {
        let house = place.house();
        admit(&house, &[5, 6]);
        log(&house, &[5, 6, 5, 0, 5, 5]);
        let page = |before: Option<i64>| {
            let vault = Arc::clone(&house.vault);
            house.db.read_blocking(move |tx| entries(tx, &vault, Id::new(5), before, 3)).unwrap()
        };
        let (first, second) = (page(None), page(Some(1)));
        assert_eq!(first.iter().map(|e| (e.seq, e.patient_seq)).collect::<Vec<_>>(), [(5, 3), (4, 2), (2, 1)]);
        assert_eq!(second.iter().map(|e| (e.seq, e.patient_seq)).collect::<Vec<_>>(), [(0, 0)]);
        for stored in first.iter().chain(&second) {
            assert_eq!(stored.r.len(), 16);
            assert_eq!(hmac(&stored.r, &stored.entry), stored.leaf);
            let json: serde_json::Value = serde_json::from_slice(&stored.entry).unwrap();
            assert_eq!((&json["seq"], &json["patientSeq"]), (&stored.seq.into(), &stored.patient_seq.into()));
            assert_eq!(
                (&json["action"], &json["what"], &json["count"]),
                (&"read".into(), &"Observation".into(), &3.into())
            );
        }
        assert_eq!(house.db.read_blocking(|tx| count(tx, Id::new(5))).unwrap(), 4);
        assert_eq!(house.db.read_blocking(|tx| count(tx, Id::new(99))).unwrap(), 0);
    });
}

#[test]
fn equal_entries_have_different_leaves() {
    on_each_engine(|place| {
        let house = place.house();
        log(&house, &[0; 50]);
        let mut leaves = super::leaves(&house);
        leaves.sort();
        leaves.dedup();
        assert_eq!(leaves.len(), 50);
    });
}
