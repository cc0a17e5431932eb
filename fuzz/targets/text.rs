//! Plain text, and the laboratory values in it.
#![no_main]

use fuzz::{begin, seeds};
use paper::{Kind, Wishes};

libfuzzer_sys::fuzz_target!(init: begin(seeds::text), |bytes: &[u8]| {
    assert!(paper::read(bytes, Kind::Text, &Wishes::default()).is_ok());
});
