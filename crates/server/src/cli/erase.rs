//! `erase`: ends one record for good.

use super::{Failed, operator, patient_id};
use clap::Args;
use ledger::House;
use std::io::{IsTerminal, Write};

#[derive(Args)]
pub struct Erase {
    /// The FHIR id of the Patient, or an identifier of theirs: value or system|value
    patient: String,
    /// Do not ask
    #[arg(long)]
    yes: bool,
}

pub fn run(house: &House, erase: &Erase) -> Result<(), Failed> {
    if !erase.yes && !confirmed(&erase.patient)? {
        return Err(Failed::Usage("Nothing was erased: type the id to confirm, or give --yes.".to_owned()));
    }
    let (h, ctx, id) = (house.clone(), operator(house), patient_id(house, &erase.patient)?);
    let erased = house.db.write_blocking(move |tx| {
        let patient = records::erase::find(tx, &h, &ctx, &id).map_err(kernel::Problem::from)?;
        crate::people::erase(tx, &h, &ctx, patient)
    });
    let count = erased.map_err(|problem| match problem.status {
        404 | 410 => Failed::Work(format!("There is no Patient with the id {}.", erase.patient)),
        _ => problem.into(),
    })?;
    house.db.settle().map_err(|error| error.to_string())?;
    println!("{count} entries were erased and their key destroyed. The ledger keeps that it happened.");
    Ok(())
}

fn confirmed(patient: &str) -> Result<bool, String> {
    if !std::io::stdin().is_terminal() {
        return Ok(false);
    }
    eprint!("This destroys the key of this record: nothing of it can ever be read again.\nType {patient} to go on: ");
    std::io::stderr().flush().map_err(|e| e.to_string())?;
    let mut typed = String::new();
    std::io::stdin().read_line(&mut typed).map_err(|e| e.to_string())?;
    Ok(typed.trim() == patient)
}
