//! A frame of a face check.
#![no_main]

use fuzz::begin;

libfuzzer_sys::fuzz_target!(init: begin(|| vec![fuzz::support::jpeg()]), |bytes: &[u8]| {
    if let Ok(picture) = face::Picture::from_jpeg(bytes) {
        assert_eq!(picture.rgb.len(), picture.width * picture.height * 3);
    }
});
