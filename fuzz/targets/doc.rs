//! A DOC: as a whole, and its two streams inside a good container.
#![no_main]

use fuzz::{begin, form, seeds, support};
use paper::{Kind, Wishes};

libfuzzer_sys::fuzz_target!(init: begin(seeds::doc), |bytes: &[u8]| {
    let file = match form(bytes, 2) {
        (0, whole) => whole.to_vec(),
        (_, streams) => {
            let half = streams.len() / 2;
            support::ole_of(&[("WordDocument", &streams[half..]), ("1Table", &streams[..half])])
        }
    };
    if file.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        let _ = paper::check(&file, None, 500);
    }
    let _ = paper::read(&file, Kind::Doc, &Wishes::default());
});
