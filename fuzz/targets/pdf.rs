//! A PDF: as a whole, objects inside a good one, and objects packed inside of a good one.
#![no_main]

use fuzz::{begin, form, seeds, support};

libfuzzer_sys::fuzz_target!(init: begin(seeds::pdf), |bytes: &[u8]| {
    match form(bytes, 3) {
        (0, whole) => paper::fuzz::pdf(whole),
        (1, objects) => paper::fuzz::pdf(&support::pdf_with(1, objects)),
        (_, objects) => {
            let packed = support::packed(objects);
            let head = format!("9 0 obj << /Type /ObjStm /N 2 /First 9 /Filter /FlateDecode /Length {} >> stream\n", packed.len());
            paper::fuzz::pdf(&support::pdf_with(1, &[head.as_bytes(), &packed, b"\nendstream endobj"].concat()));
        }
    }
});
