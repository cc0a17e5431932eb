//! A DOCX: as a whole, its text inside a good one, and a part beside it.
#![no_main]

use fuzz::{begin, form, seeds, support};
use paper::{Kind, Wishes};

libfuzzer_sys::fuzz_target!(init: begin(seeds::docx), |bytes: &[u8]| {
    let file = match form(bytes, 3) {
        (0, whole) => whole.to_vec(),
        (1, body) => support::docx_of(body),
        (_, part) => support::docx(&[("word/_rels/document.xml.rels", part), ("word/header1.xml", part)]),
    };
    if file.starts_with(b"PK\x03\x04") {
        let _ = paper::check(&file, None, 500);
    }
    let _ = paper::read(&file, Kind::Docx, &Wishes::default());
});
