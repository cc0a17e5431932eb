//! What is judged of a photograph of a telephone before its program sees it.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::heic), |bytes: &[u8]| {
    paper::fuzz::photograph(bytes);
});
