//! `provenance verify`: whether what doctors changed in a record, as a file holds it, is what a server signed. No server, no
//! database and no network are needed.

use super::Failed;
use ledger::note::Vkey;
use records::edits::signature::{self, Standing};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::path::PathBuf;

#[derive(clap::Args)]
pub struct Verify {
    /// A FHIR Bundle with the Provenances and what they are about, such as `record.json` of a download
    file: PathBuf,
    /// The server's key as it is known from elsewhere: `healthsync ledger key` prints it
    #[arg(long, value_name = "KEY")]
    key: String,
}

#[derive(serde::Deserialize)]
struct Collection<'b> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'b>>,
}

#[derive(serde::Deserialize)]
struct Entry<'b> {
    #[serde(borrow)]
    resource: Option<&'b RawValue>,
}

/// Type, id and version of each resource of the file, with its text to the letter.
fn by_version<'b>(bundle: &Collection<'b>) -> HashMap<String, &'b [u8]> {
    let one = |entry: &Entry<'b>| {
        let text = entry.resource?.get().as_bytes();
        let node = fhir::json::parse(text).ok()?;
        let (kind, id, version) =
            (node.str_of("resourceType")?, node.str_of("id")?, node.get("meta")?.str_of("versionId")?);
        Some((format!("{kind}/{id}/_history/{version}"), text))
    };
    bundle.entry.iter().filter_map(one).collect()
}

pub fn verify(said: &Verify) -> Result<(), Failed> {
    let failed = |why: &str| Failed::Work(format!("{}: {why}", said.file.display()));
    let key = Vkey::parse(&said.key).ok_or_else(|| Failed::Usage(format!("{} is no key", said.key)))?;
    let text = std::fs::read(&said.file).map_err(|e| failed(&e.to_string()))?;
    let bundle: Collection<'_> = serde_json::from_slice(&text).map_err(|_| failed("this is no FHIR Bundle"))?;
    let versions = by_version(&bundle);
    let (mut signed, mut without, mut wrong) = (0, 0, 0);
    for (name, text) in versions.iter().filter(|(name, _)| name.starts_with("Provenance/")) {
        match signature::check(text, &key, |version| versions.get(version).copied()) {
            Ok(None) => without += 1,
            Err(why) => {
                wrong += 1;
                println!("{name}: {why}");
            }
            Ok(Some(found)) => {
                signed += 1;
                println!("{name}: signed {}, written by {}", found.recorded, found.author);
                for (version, standing) in found.made {
                    let says = match standing {
                        Standing::Same => "as it was signed",
                        Standing::Altered => "NOT as it was signed",
                        Standing::Absent => "not in this file",
                    };
                    wrong += usize::from(standing == Standing::Altered);
                    println!("  {version}: {says}");
                }
            }
        }
    }
    println!("{signed} signed by {}, {without} without a signature of this kind", key.name);
    match (wrong, signed) {
        (0, 0) => Err(failed("there is nothing in it that this key could have signed")),
        (0, _) => Ok(()),
        (wrong, _) => Err(failed(&format!("{wrong} of it cannot be believed"))),
    }
}
