//! A resource: what R4 says of it, what a search finds of it, whom it is about.
#![no_main]

use fhir::search;
use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::resources), |bytes: &[u8]| {
    let Ok(mut tree) = fhir::json::parse(bytes) else { return };
    // What is refused is refused before anything else looks at it.
    let Ok(kind) = fhir::validate(&tree) else { return };
    search::extract(kind, &tree, &mut Vec::new());
    let _ = (search::primary_date(kind, &tree), search::patient_refs(kind, &tree));
    fhir::reference::rewrite_references(&mut tree, &mut |text| fhir::reference::target(text).map(|_| "Patient/a".to_owned()));
});
