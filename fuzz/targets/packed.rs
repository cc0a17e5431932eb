//! A body as it lies packed under its seal.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::packed), |bytes: &[u8]| {
    if let Ok(plain) = vault::unpack(bytes) {
        assert_eq!(vault::unpack(&vault::pack(&plain)).ok().as_ref(), Some(&plain));
    }
});
