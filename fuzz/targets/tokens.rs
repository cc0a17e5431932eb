//! Signed tokens, keys and proofs of possession. Nothing but what the key signed is believed.
#![no_main]

use fuzz::{begin, form, seeds};
use identity::oauth::fuzz as doors;

libfuzzer_sys::fuzz_target!(init: begin(seeds::tokens), |bytes: &[u8]| {
    match form(bytes, 3) {
        (0, token) => {
            let Ok(token) = std::str::from_utf8(token) else { return };
            if let Some(said) = doors::believed(token) {
                assert_eq!(said.get("iss").and_then(|iss| iss.as_str()), Some("joe"));
                assert_eq!(said.len(), 3);
            }
        }
        (1, key) => doors::key(key),
        (_, proof) => doors::proof(proof),
    }
});
