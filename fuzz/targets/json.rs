//! The JSON tree: what is written of it is read as the same.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::json), |bytes: &[u8]| {
    let Ok(tree) = fhir::json::parse(bytes) else { return };
    let written = tree.to_bytes();
    assert_eq!(fhir::json::parse(&written).as_ref(), Ok(&tree));
    assert!(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok(), "another reader takes it too");
});
