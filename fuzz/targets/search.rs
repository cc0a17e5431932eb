//! A query, for types that have much to search by; and the values in it.
#![no_main]

use fhir::Kind;
use fhir::search::query;
use fuzz::{begin, form, seeds};

const KINDS: [Kind; 4] = [Kind::Observation, Kind::Patient, Kind::DocumentReference, Kind::Appointment];

libfuzzer_sys::fuzz_target!(init: begin(seeds::search), |bytes: &[u8]| {
    let (which, rest) = form(bytes, 4);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let pairs = records::search::pairs(text);
    for (_, value) in &pairs {
        for one in query::split_values(value) {
            let _ = query::parse_date_query(one);
            let _ = query::parse_token_query(one);
            let _ = query::parse_number_query(one);
            let _ = query::parse_quantity_query(one);
            let _ = query::fold(&query::unescape(one));
        }
    }
    let pairs = records::search::from_here(KINDS[usize::from(which)], "https://a.example/fhir", pairs);
    let _ = records::search::parse(KINDS[usize::from(which)], &pairs);
    let _ = records::search::only_format_and_count(Some(text));
});
