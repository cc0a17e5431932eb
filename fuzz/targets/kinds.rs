//! What a file is, by its content, and whatever is looked at then.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::kinds), |bytes: &[u8]| {
    if let Ok(checked) = paper::check(bytes, Some("paper.bin"), 500) {
        assert!((1..=500).contains(&checked.pages));
    }
});
