//! Where documents come from, and in which order.

use super::documents::{Document, documents_of};
use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

pub struct Source {
    pub name: String,
    /// Lower comes first.
    pub rank: u8,
    /// `None` is standard input.
    path: Option<PathBuf>,
}

/// What others refer to: clinics before people, people before what happened to them.
const RANKS: [&[&str]; 5] = [
    &["0-", "hospitalinformation", "organization"],
    &["practitionerinformation", "practitioner.", "location", "directory"],
    &["practitionerrole", "healthcareservice", "medication."],
    &["patient."],
    &["encounter.", "careteam.", "condition."],
];

fn rank(path: &Path) -> u8 {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    RANKS.iter().position(|words| words.iter().any(|word| name.starts_with(word))).unwrap_or(RANKS.len()) as u8
}

/// The files that were named, and those in the folders that were named.
pub fn collect(from: &[PathBuf]) -> Result<Vec<Source>, String> {
    let mut sources = Vec::new();
    for path in from {
        if path.as_os_str() == "-" {
            sources.push(Source { name: "standard input".to_owned(), rank: RANKS.len() as u8, path: None });
        } else if path.is_dir() {
            folder(path, &mut sources)?;
        } else if path.exists() {
            sources.push(Source { name: path.display().to_string(), rank: rank(path), path: Some(path.clone()) });
        } else {
            return Err(format!("{}: there is no such file or folder", path.display()));
        }
    }
    sources.sort_by(|a, b| (a.rank, &a.name).cmp(&(b.rank, &b.name)));
    Ok(sources)
}

fn folder(folder: &Path, sources: &mut Vec<Source>) -> Result<(), String> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(said)? {
        let path = entry.map_err(said)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
        let bare = name.trim_end_matches(".gz").trim_end_matches(".bz2");
        if path.is_dir() {
            self::folder(&path, sources)?;
        } else if [".json", ".ndjson", ".jsonl"].iter().any(|end| bare.ends_with(end)) {
            sources.push(Source { name: path.display().to_string(), rank: rank(&path), path: Some(path) });
        }
    }
    Ok(())
}

/// No single document is larger than this.
const DOCUMENT_BYTES: u64 = 1 << 30;

impl Source {
    /// Hands over every document, one after the other.
    pub fn read(&self, mut each: impl FnMut(Document)) -> Result<(), String> {
        let mut input = unpacked(match &self.path {
            Some(path) => Box::new(File::open(path).map_err(|e| e.to_string())?),
            None => Box::new(std::io::stdin()),
        })?;
        let mut line = Vec::new();
        for number in 1_u64.. {
            line.clear();
            let read = (&mut input).take(DOCUMENT_BYTES).read_until(b'\n', &mut line).map_err(|e| e.to_string())?;
            if read == 0 {
                break;
            }
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            // A line that is a whole document: one after the other (NDJSON). Otherwise it is the beginning of one.
            if number == 1 && serde_json::from_slice::<serde::de::IgnoredAny>(&line).is_err() {
                (&mut input).take(DOCUMENT_BYTES).read_to_end(&mut line).map_err(|e| e.to_string())?;
                documents_of(&line, "", &mut each);
                break;
            }
            documents_of(&line, &format!("line {number}"), &mut each);
        }
        Ok(())
    }
}

/// By its first bytes, so that a wrong or missing ending does not matter.
fn unpacked(input: Box<dyn Read>) -> Result<Box<dyn BufRead>, String> {
    let mut input = BufReader::with_capacity(1 << 18, input);
    let start = input.fill_buf().map_err(|e| e.to_string())?;
    Ok(if start.starts_with(&[0x1f, 0x8b]) {
        Box::new(BufReader::with_capacity(1 << 18, MultiGzDecoder::new(input)))
    } else if start.starts_with(b"BZh") {
        Box::new(BufReader::with_capacity(1 << 18, MultiBzDecoder::new(input)))
    } else {
        Box::new(input)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn read(source: &Source) -> Vec<String> {
        let mut out = Vec::new();
        source.read(|document| out.push(String::from_utf8(document.json).unwrap())).unwrap();
        out
    }

    #[test]
    fn what_others_refer_to_comes_first() {
        let folder = tempfile::tempdir().unwrap();
        let names = ["b.json", "Patient.ndjson", "0-hospitals.json.bz2", "notes.txt", "Practitioner.000.ndjson.gz"];
        for name in names {
            std::fs::write(folder.path().join(name), "{}").unwrap();
        }
        let sources = collect(&[folder.path().to_owned()]).unwrap();
        let order: Vec<_> = sources.iter().map(|s| s.name.rsplit('/').next().unwrap()).collect();
        assert_eq!(order, ["0-hospitals.json.bz2", "Practitioner.000.ndjson.gz", "Patient.ndjson", "b.json"]);
        assert!(collect(&[folder.path().join("absent")]).is_err());
    }

    #[test]
    fn packed_or_not_the_documents_are_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let text = "{\"resourceType\":\"Patient\",\"id\":\"a\"}\n\n{\"resourceType\":\"Patient\",\"id\":\"b\"}\n";
        let plain = folder.path().join("plain.ndjson");
        std::fs::write(&plain, text).unwrap();
        let gz = folder.path().join("packed-without-ending");
        let mut encoder = flate2::write::GzEncoder::new(File::create(&gz).unwrap(), flate2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        let bz2 = folder.path().join("x.bz2");
        let mut encoder = bzip2::write::BzEncoder::new(File::create(&bz2).unwrap(), bzip2::Compression::fast());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        for path in [plain, gz, bz2] {
            let sources = collect(&[path]).unwrap();
            assert_eq!(read(&sources[0]).len(), 2, "{}", sources[0].name);
        }
    }

    #[test]
    fn a_document_over_several_lines_is_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one.json");
        std::fs::write(&path, "{\n  \"resourceType\": \"Patient\",\n  \"id\": \"a\"\n}\n").unwrap();
        assert_eq!(read(&collect(&[path]).unwrap()[0]).len(), 1);
    }
}
