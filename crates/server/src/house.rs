//! Opens what the settings name: the database, its keys, its ledger.

use crate::config::Config;
use db::Options;
use kernel::{Clock, Rng, SystemClock, SystemRng};
use ledger::House;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;
use std::sync::Arc;

/// The name in the ledger's checkpoints. It is part of what is signed, so it must not change with the address; which
/// server signed is told by the key.
pub const ORIGIN: &str = "healthsync/ledger";

/// Those that everybody tries first, long enough to be chosen: lower case, sorted.
const COMMON_PASSWORDS: &str = include_str!(concat!(env!("OUT_DIR"), "/passwords.txt"));

/// Opens the house, and makes what is missing on the first start.
pub fn open(config: &Config) -> Result<House, String> {
    open_with(config, Arc::new(SystemClock), Arc::new(SystemRng))
}

/// The same with time and chance of the caller's choice.
pub fn open_with(config: &Config, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Result<House, String> {
    if !config.database_url.contains("://")
        && let Some(folder) = Path::new(&config.database_url).parent()
    {
        make_folder(folder)?;
    }
    if let vault::KeySource::File(path) = &config.master_key
        && let Some(folder) = path.parent()
    {
        make_folder(folder)?;
    }
    let options = Options { url: config.database_url.clone() };
    let house = House::open(&options, config.master_key.clone(), ORIGIN, clock, rng)
        .map_err(|e| format!("The database cannot be opened: {e}"))?;
    erase_again(&house).map_err(|e| format!("A record that was erased is here again and could not be erased: {e}"))?;
    // Also commands that change accounts tell their owners.
    if let Some(mail) = &config.mail {
        let mailer = mail.smtp().map_err(|e| format!("Letters cannot be sent: {e}"))?;
        notify::mail_by(&house, Arc::new(mailer));
    }
    ledger::trust(&house, config.witnesses.clone());
    identity::bring_passwords(&house, COMMON_PASSWORDS);
    if let Some(file) = &config.common_passwords {
        identity::refuse_passwords_of(&house, file)
            .map_err(|e| format!("passwords.common_file: {}: {e}", file.display()))?;
    }
    Ok(house)
}

/// A database that was put back from an older copy holds what was erased since: it goes before anything is read.
fn erase_again(house: &House) -> Result<(), kernel::Problem> {
    let inside = house.clone();
    let back = house.db.read_blocking(move |tx| inside.vault.returned(tx)).map_err(ledger::LedgerError::from)?;
    if back.is_empty() {
        return Ok(());
    }
    tracing::warn!(records = back.len(), "this database was put back: records that had been erased are erased again");
    for patient in back {
        let inside = house.clone();
        let ctx = kernel::Ctx::operator(house.clock.clone(), house.rng.clone());
        house.db.write_blocking(move |tx| crate::people::erase(tx, &inside, &ctx, kernel::Id::new(patient)))?;
    }
    house.db.settle().map_err(ledger::LedgerError::from)?;
    Ok(())
}

/// A folder that only its owner enters: the master key is in there.
pub fn make_folder(folder: &Path) -> Result<(), String> {
    if folder.as_os_str().is_empty() || folder.is_dir() {
        return Ok(());
    }
    std::fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .map_err(|e| format!("The folder {} cannot be made: {e}", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_than_the_three_thousand_most_common_passwords_are_brought() {
        let all: Vec<&str> = COMMON_PASSWORDS.lines().collect();
        if all.is_empty() {
            println!("The web app's packages were not installed when this was built.");
            return;
        }
        assert!(all.len() >= 3_000, "{}", all.len());
        assert!(all.is_sorted() && all.iter().all(|one| one.len() >= 8 && one.to_lowercase() == **one));
        assert!(all.contains(&"password1") && all.contains(&"baseball"));
    }
}
