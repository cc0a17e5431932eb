//! What the program for letters says of a stranger's picture, and the values in it.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::letters), |bytes: &[u8]| {
    paper::fuzz::letters(&String::from_utf8_lossy(bytes));
});
