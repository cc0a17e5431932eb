//! Settings of documents: how large a file may be, which languages are read, where files lie.

use super::file::{Blobs as WrittenBlobs, Documents as Written};
use super::{Given, in_data};
use documents::{Blobs, Folder, Settings};
use std::path::PathBuf;

/// The largest file when nothing is said: 10 MiB.
const MAX_BYTES: u64 = 10 << 20;
const LANGUAGES: &str = "eng";
/// A file is held in memory by the child that reads it, and its limits are made for this much.
const MOST: u64 = 100 << 20;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Documents {
    pub max_bytes: u64,
    pub languages: String,
    /// The folder of files.
    pub folder: PathBuf,
    /// The program that looks into files; this very one when nothing else is named, which only tests do.
    pub program: Option<PathBuf>,
}

impl Documents {
    pub fn settings(&self) -> Settings {
        let own = || std::env::current_exe().unwrap_or_else(|_| PathBuf::from("healthsync"));
        Settings {
            blobs: Blobs::Folder(Folder::new(self.folder.clone())),
            max_bytes: self.max_bytes,
            languages: self.languages.clone(),
            program: self.program.clone().unwrap_or_else(own),
        }
    }
}

pub fn documents(said: Written, blobs: WrittenBlobs, given: &Given, wrong: &mut Vec<String>) -> Documents {
    let max_bytes = said.max_bytes.unwrap_or(MAX_BYTES);
    if max_bytes == 0 || max_bytes > MOST {
        wrong.push(format!("documents.max_bytes: expected 1 to {MOST} bytes"));
    }
    let languages = said.languages.unwrap_or_else(|| LANGUAGES.to_owned());
    let fine = |name: &str| !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    if !languages.split('+').all(fine) {
        wrong.push("documents.languages: expected names as tesseract has them, such as eng or eng+hin".to_owned());
    }
    let folder = blobs.url.map_or_else(|| in_data(&given.data, "blobs"), PathBuf::from);
    Documents { max_bytes, languages, folder, program: None }
}

/// The sections as the file has them.
pub fn listed(documents: &Documents) -> String {
    let quoted = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let Documents { max_bytes, languages, folder, .. } = documents;
    format!(
        "\n[documents]\nmax_bytes = {max_bytes}\nlanguages = {}\n\n[blobs]\nurl = {}\n",
        quoted(languages),
        quoted(&folder.display().to_string())
    )
}
