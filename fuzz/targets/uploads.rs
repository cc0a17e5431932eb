//! What comes with a file that is uploaded, and a vault as a browser makes it.
#![no_main]

use fuzz::{begin, form, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::uploads), |bytes: &[u8]| {
    match form(bytes, 2) {
        (0, header) => documents::fuzz::metadata(&String::from_utf8_lossy(header)),
        (_, body) => documents::fuzz::vault(body),
    }
});
