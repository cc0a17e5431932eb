//! What an app asks for: a form, and scopes.
#![no_main]

use fuzz::{begin, form, seeds};
use identity::oauth::fuzz as doors;

libfuzzer_sys::fuzz_target!(init: begin(seeds::oauth), |bytes: &[u8]| {
    let (form, rest) = form(bytes, 2);
    let Ok(text) = std::str::from_utf8(rest) else { return };
    if form == 0 { doors::form(text) } else { doors::scopes(text) }
});
