//! `export`: one whole record to standard output.

use super::{Failed, block_on, operator, patient_id};
use clap::Args;
use ledger::House;
use serde_json::value::RawValue;
use std::io::Write;

#[derive(Args)]
pub struct Export {
    /// The FHIR id of the Patient, or an identifier of theirs: value or system|value
    patient: String,
    /// One resource a line (NDJSON) instead of a Bundle
    #[arg(long)]
    ndjson: bool,
}

#[derive(serde::Deserialize)]
struct Collection<'b> {
    #[serde(borrow, default)]
    entry: Vec<Entry<'b>>,
}

#[derive(serde::Deserialize)]
struct Entry<'b> {
    #[serde(borrow)]
    resource: &'b RawValue,
}

pub fn run(house: &House, export: &Export) -> Result<(), Failed> {
    let ctx = operator(house);
    let patient = patient_id(house, &export.patient)?;
    let bundle = block_on(async {
        let found = records::export::patient(house, &ctx, &patient).await?;
        found.release(house).await.map_err(kernel::Problem::from)
    })?;
    let bundle = bundle.map_err(|problem| match problem.status {
        404 | 410 => Failed::Work(format!("There is no Patient with the id {}.", export.patient)),
        _ => problem.into(),
    })?;
    written(&bundle, export.ndjson).map_err(|e| Failed::Work(format!("The record could not be written: {e}")))
}

fn written(bundle: &[u8], ndjson: bool) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    if ndjson {
        for Entry { resource } in serde_json::from_slice::<Collection<'_>>(bundle)?.entry {
            writeln!(out, "{}", resource.get())?;
        }
    } else {
        out.write_all(bundle)?;
        writeln!(out)?;
    }
    out.flush()
}
