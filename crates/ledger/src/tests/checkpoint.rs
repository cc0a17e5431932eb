//! Checkpoints as somebody else's program reads them: C2SP tlog-checkpoint and signed-note.

use super::{check, head, log, on_each_engine, sign, sql};
use crate::{LedgerError, latest};
use base64::{Engine, engine::general_purpose::STANDARD};
use ed25519_compact::{PublicKey, Signature};
use sha2::{Digest, Sha256};
use std::sync::Arc;

#[test]
fn a_checkpoint_is_a_signed_note_that_another_program_verifies() {
    on_each_engine(|place| {
        let house = place.house();
        log(&house, &[0; 300]);
        let checkpoint = sign(&house);
        let (size, root) = head(&house);

        let (body, signatures) = checkpoint.note.rsplit_once("\n\n").unwrap();
        let body = format!("{body}\n");
        assert_eq!(body, format!("test.example/log\n{size}\n{}\n", STANDARD.encode(root)));
        let line = signatures.strip_prefix("\u{2014} test.example/log ").unwrap().strip_suffix('\n').unwrap();
        let signed = STANDARD.decode(line).unwrap();
        let key = house.ledger.public_key();
        let id = Sha256::digest([b"test.example/log\n\x01", key].concat());
        assert_eq!(signed[..4], id[..4]);
        let key = PublicKey::from_slice(key).unwrap();
        let signature = Signature::from_slice(&signed[4..]).unwrap();
        assert!(key.verify(&body, &signature).is_ok());
        assert!(key.verify(body.replace("300", "301"), &signature).is_err());
        assert_eq!((checkpoint.size, checkpoint.root), (size, root));
    });
}

#[test]
fn a_ledger_that_has_not_grown_keeps_its_checkpoint() {
    on_each_engine(|place| {
        let house = place.house();
        log(&house, &[0; 3]);
        let first = sign(&house);
        place.clock.advance_ms(60_000);
        assert_eq!(sign(&house).note, first.note);
        assert_eq!(sign(&house).time, first.time);
        log(&house, &[0]);
        let second = sign(&place.house());
        assert_eq!((second.size, second.time), (4, first.time.plus_minutes(1)));
        assert_eq!(check(&house).unwrap().checkpoints, 2);
    });
}

#[test]
fn every_process_signs_with_the_same_key() {
    on_each_engine(|place| {
        let (here, there) = (place.house(), place.house());
        assert_eq!(here.ledger.public_key(), there.ledger.public_key());
        log(&here, &[0]);
        sign(&here);
        let ledger = Arc::clone(&there.ledger);
        assert_eq!(there.db.read_blocking(move |tx| latest(tx, &ledger)).unwrap().unwrap().size, 1);
    });
}

#[test]
fn an_empty_ledger_can_be_signed_and_grows_from_there() {
    on_each_engine(|place| {
        let house = place.house();
        assert_eq!(sign(&house).size, 0);
        log(&house, &[0; 2]);
        sign(&house);
        let report = check(&house).unwrap();
        assert_eq!((report.size, report.checkpoints), (2, 2));
    });
}

#[test]
fn a_checkpoint_that_was_altered_is_not_handed_out() {
    on_each_engine(|place| {
        let house = place.house();
        log(&house, &[0; 2]);
        sign(&house);
        sql(&house, "UPDATE checkpoint SET note = replace(note, 'test.example/log', 'evil.example/log')");
        let ledger = Arc::clone(&house.ledger);
        let kept = house.db.read_blocking(move |tx| latest(tx, &ledger));
        assert!(matches!(kept, Err(LedgerError::Altered(_))), "{kept:?}");
    });
}
