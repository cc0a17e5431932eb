//! JPEG, PNG and TIFF: looked into, unpacked, made small.
#![no_main]

use fuzz::{begin, seeds};
use paper::Kind;

libfuzzer_sys::fuzz_target!(init: begin(seeds::pictures), |bytes: &[u8]| {
    for kind in [Kind::Jpeg, Kind::Png, Kind::Tiff] {
        paper::fuzz::picture(bytes, kind);
    }
});
