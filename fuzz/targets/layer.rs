//! What the program for PDF says of a stranger's file, and the values in it.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::layer), |bytes: &[u8]| {
    paper::fuzz::layer(&String::from_utf8_lossy(bytes));
});
