//! Where the models and the portraits are, if they are there.

use face::Sight;
use std::path::{Path, PathBuf};

pub fn package() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/node_modules/@vladmandic/face-api");
    let there = folder.join("model/face_recognition_model.bin").is_file();
    if !there {
        eprintln!("left out: no models (scripts/npm-ci web)");
    }
    there.then_some(folder)
}

pub fn sight() -> Option<Sight> {
    let folder = package()?.join("model");
    Some(Sight::read(|name| std::fs::read(folder.join(name)).ok().map(Into::into)).unwrap())
}
