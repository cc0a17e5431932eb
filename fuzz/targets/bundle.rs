//! A bundle as it comes in.
#![no_main]

use fuzz::{begin, seeds};

libfuzzer_sys::fuzz_target!(init: begin(seeds::bundle), |bytes: &[u8]| {
    let Ok(bundle) = fhir::bundle::parse(bytes) else { return };
    for entry in &bundle.entries {
        if let Some(Ok(resource)) = entry.resource.map(fhir::json::parse) {
            let _ = fhir::validate(&resource);
        }
        let _ = entry.full_url.as_deref().map(fhir::reference::target);
        let _ = entry.if_none_exist.as_deref().map(records::search::pairs);
    }
});
