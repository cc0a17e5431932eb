//! Passkeys: CBOR and COSE, an attestation, a signature, the body of the request.
#![no_main]

use fuzz::{begin, form, seeds};
use identity::passkey_fuzz;

libfuzzer_sys::fuzz_target!(init: begin(seeds::passkey), |bytes: &[u8]| {
    match form(bytes, 4) {
        (0, value) => passkey_fuzz::value(value),
        (1, object) => passkey_fuzz::made(object),
        (2, parts) => {
            let (signature, data) = parts.split_at(parts.len().min(64));
            passkey_fuzz::signed(signature, data);
        }
        (_, body) => passkey_fuzz::body(body),
    }
});
