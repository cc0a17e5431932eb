//! Signed notes, requests to a witness, keys, and the file of entries that checks itself.
#![no_main]

use fuzz::{begin, form, seeds};
use ledger::note::{Note, Vkey};
use ledger::{saved, witness};

libfuzzer_sys::fuzz_target!(init: begin(seeds::notes), |bytes: &[u8]| {
    let (form, rest) = form(bytes, 4);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    match form {
        0 => {
            if let Some(note) = Note::parse(text) {
                assert_eq!(Note::parse(&note.with("")), Some(note));
            }
        }
        1 => {
            if let Some(request) = witness::Request::parse(text) {
                let _ = witness::judge(&request, &[], None);
                let _ = witness::judge(&request, &[], Some((request.old, [1; 32])));
            }
        }
        2 => {
            if let Some(key) = Vkey::parse(text) {
                assert_eq!(Vkey::parse(&key.to_string()), Some(key));
            }
        }
        _ => drop(saved::check(rest, None, &[])),
    }
});
