//! What is sent: whole histories as transaction bundles, single Observations, and twenty thousand of one kind.

use bzip2::read::MultiBzDecoder;
use kernel::Timestamp;
use population::{Options, Series};
use serde_json::value::RawValue;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The same people on every machine.
const PEOPLE: Options = Options { seed: 1, organizations: 6, practitioners: 40, patients: 60, today: 20_400 };
/// 2025-11-08, the day of `PEOPLE`: readings end there.
const END: &str = "2025-11-08T12:00:00Z";

pub struct Bundle {
    pub json: Vec<u8>,
    pub entries: usize,
}

pub struct Bundles {
    /// What they are, for the table.
    pub what: String,
    /// Hospitals and practitioners, which the others refer to.
    pub directory: Vec<Bundle>,
    pub patients: Vec<Bundle>,
    /// The same as files, for the command line.
    pub folder: PathBuf,
}

/// Synthea's bundles where they are, else as many invented histories.
pub fn bundles(scratch: &Path) -> Result<Bundles, String> {
    let shared = std::env::var_os("HEALTHSYNC_SHARED_DATA").map_or("../shared/data".into(), PathBuf::from);
    let folder = shared.join("synthea");
    if folder.is_dir() { synthea(&folder) } else { invented(&scratch.join("bundles")) }
}

fn synthea(folder: &Path) -> Result<Bundles, String> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(said)? {
        paths.push(entry.map_err(said)?.path());
    }
    paths.sort();
    let (mut directory, mut patients) = (Vec::new(), Vec::new());
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".json.bz2") {
            continue;
        }
        let mut json = Vec::new();
        MultiBzDecoder::new(fs::File::open(&path).map_err(said)?).read_to_end(&mut json).map_err(said)?;
        let bundle = counted(json)?;
        if name.starts_with("0-") { directory.push(bundle) } else { patients.push(bundle) }
    }
    if patients.is_empty() {
        return Err(format!("{} holds no bundle", folder.display()));
    }
    let what = format!("{} Synthea bundles", patients.len());
    Ok(Bundles { what, directory, patients, folder: folder.to_owned() })
}

fn invented(folder: &Path) -> Result<Bundles, String> {
    let said = |e: std::io::Error| format!("{}: {e}", folder.display());
    fs::create_dir_all(folder).map_err(said)?;
    let mut bundles = Bundles {
        what: format!("{} invented histories", PEOPLE.patients),
        directory: Vec::new(),
        patients: Vec::new(),
        folder: folder.to_owned(),
    };
    let directory = population::directory(&PEOPLE);
    fs::write(folder.join(format!("0-{}.json", directory.name)), &directory.json).map_err(said)?;
    bundles.directory.push(counted(directory.json.into_bytes())?);
    for index in 0..PEOPLE.patients {
        let bundle = population::patient(&PEOPLE, index);
        fs::write(folder.join(format!("{}.json", bundle.name)), &bundle.json).map_err(said)?;
        bundles.patients.push(counted(bundle.json.into_bytes())?);
    }
    Ok(bundles)
}

fn counted(json: Vec<u8>) -> Result<Bundle, String> {
    let members: std::collections::HashMap<&str, &RawValue> =
        serde_json::from_slice(&json).map_err(|e| format!("a bundle that cannot be read: {e}"))?;
    let entries = members.get("entry").map_or(Ok(Vec::new()), |entry| serde_json::from_str(entry.get()));
    let entries: Vec<&RawValue> = entries.map_err(|e| format!("a bundle that cannot be read: {e}"))?;
    let entries = entries.len();
    Ok(Bundle { json, entries })
}

/// Single Observations about these patients in turn.
pub fn observations(patients: &[String], each: u32) -> Result<Vec<Vec<u8>>, String> {
    let mut of_each: Vec<_> = Vec::new();
    for (number, id) in patients.iter().enumerate() {
        let series = Series::ALL[number % Series::ALL.len()];
        of_each.push(population::observations(number as u64, &format!("Patient/{id}"), series, each, 30, end()?));
    }
    let mut out = Vec::new();
    for _ in 0..each {
        out.extend(of_each.iter_mut().filter_map(Iterator::next).map(String::into_bytes));
    }
    Ok(out)
}

/// `count` heart rates of one patient, five minutes apart, as transactions of 500.
pub fn heart_rates(patient: &str, count: u32) -> Result<Vec<Vec<u8>>, String> {
    let all: Vec<String> =
        population::observations(7, &format!("Patient/{patient}"), Series::HeartRate, count, 5, end()?).collect();
    Ok(all.chunks(500).map(transaction).collect())
}

fn transaction(resources: &[String]) -> Vec<u8> {
    let mut out = String::from(r#"{"resourceType":"Bundle","type":"transaction","entry":["#);
    for (i, resource) in resources.iter().enumerate() {
        out.push_str(if i == 0 { r#"{"resource":"# } else { r#",{"resource":"# });
        out.push_str(resource);
        out.push_str(r#","request":{"method":"POST","url":"Observation"}}"#);
    }
    out.push_str("]}");
    out.into_bytes()
}

fn end() -> Result<Timestamp, String> {
    Timestamp::parse(END).ok_or_else(|| "the end of the readings is no time".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_counted_without_reading_them() {
        let json = br#"{"resourceType":"Bundle","entry":[{"resource":{"a":[1,2]}},{"resource":{}}]}"#;
        assert_eq!(counted(json.to_vec()).unwrap().entries, 2);
        assert_eq!(counted(b"{}".to_vec()).unwrap().entries, 0);
        assert!(counted(b"{\"entry\":[".to_vec()).is_err());
    }

    #[test]
    fn readings_come_in_transactions_of_five_hundred() {
        let bundles = heart_rates("x", 1200).unwrap();
        let sizes: Vec<usize> = bundles.into_iter().map(|bundle| counted(bundle).unwrap().entries).collect();
        assert_eq!(sizes, [500, 500, 200]);
    }

    #[test]
    fn observations_take_turns_among_the_patients() {
        let bodies = observations(&["a".to_owned(), "b".to_owned()], 3).unwrap();
        let of = |i: usize| String::from_utf8(bodies[i].clone()).unwrap();
        assert_eq!(bodies.len(), 6);
        assert!(of(0).contains("Patient/a") && of(1).contains("Patient/b") && of(4).contains("Patient/a"));
    }
}
