//! An RTF.
#![no_main]

use fuzz::{begin, seeds};
use paper::{Kind, Wishes};

libfuzzer_sys::fuzz_target!(init: begin(seeds::rtf), |bytes: &[u8]| {
    if bytes.starts_with(b"{\\rtf") {
        let _ = paper::check(bytes, None, 500);
    }
    let _ = paper::read(bytes, Kind::Rtf, &Wishes::default());
});
