//! What all targets need: the good files that damage begins with, made by the generators of the tests and of the
//! demonstration, never taken from anybody.

#[path = "../../crates/paper/tests/it/support/mod.rs"]
pub mod support;

pub mod seeds;

use std::path::Path;

/// With `SEEDS` set to a folder, puts the good inputs of a target there and ends; the fuzzer begins with them.
pub fn begin(seeds: impl FnOnce() -> Vec<Vec<u8>>) {
    let Some(folder) = std::env::var_os("SEEDS") else { return };
    for (number, seed) in seeds().iter().enumerate() {
        let path = Path::new(&folder).join(format!("seed-{number:02}"));
        if let Err(error) = std::fs::write(&path, seed) {
            eprintln!("{}: {error}", path.display());
            std::process::exit(1);
        }
    }
    std::process::exit(0);
}

/// The first byte chooses a form of the input, the rest is the input.
pub fn form(bytes: &[u8], forms: u8) -> (u8, &[u8]) {
    bytes.split_first().map_or((0, bytes), |(first, rest)| (first % forms, rest))
}

/// An input of that form.
pub fn formed(form: u8, bytes: &[u8]) -> Vec<u8> {
    [&[form], bytes].concat()
}
