//! A line or a file as `healthsync import` takes it apart and puts it together.
#![no_main]

use fuzz::{begin, seeds};
use lines::{documents_of, wrapped};

#[path = "../../crates/server/src/cli/import/documents.rs"]
#[expect(dead_code, reason = "the command uses the rest")]
mod lines;

libfuzzer_sys::fuzz_target!(init: begin(seeds::bundle), |bytes: &[u8]| {
    let mut resources = Vec::new();
    documents_of(bytes, "line 1", &mut |document| resources.push(document));
    resources.retain(|document| !document.is_bundle());
    if !resources.is_empty() {
        let together = wrapped(&resources);
        assert!(serde_json::from_slice::<serde::de::IgnoredAny>(&together).is_ok(), "what is put together is JSON");
    }
});
