//! `ledger verify`, `keys rotate` and `keys rotate-apps`: upkeep.

use super::Failed;
use crate::config::Config;
use base64::{Engine, engine::general_purpose::STANDARD};
use identity::oauth::Renewal;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{SystemClock, SystemRng};
use ledger::House;
use std::sync::Arc;
use std::time::Duration;
use vault::KeySource;

pub fn verify(house: &House) -> Result<(), Failed> {
    let bar = ProgressBar::new_spinner().with_style(
        ProgressStyle::with_template("{spinner} {human_pos} entries checked, {per_sec}")
            .map_err(|e| Failed::Work(e.to_string()))?,
    );
    bar.enable_steady_tick(Duration::from_millis(100));
    let (ledger, ticking) = (Arc::clone(&house.ledger), bar.clone());
    let report = house.db.read_blocking(move |tx| ledger::verify(tx, &ledger, |size| ticking.set_position(size)));
    bar.finish_and_clear();
    let report = report.map_err(|error| error.to_string())?;
    println!("The ledger verifies.");
    println!("entries      {}", report.size);
    println!("checkpoints  {}", report.checkpoints);
    println!("erased       {}", report.erased);
    println!("root         {}", STANDARD.encode(report.root));
    Ok(())
}

pub fn rotate(config: &Config) -> Result<(), Failed> {
    crate::log::start(&config.log);
    let KeySource::File(path) = &config.master_key else {
        return Err(Failed::Usage(
            "vault.master_key is a setting: put the key into a file and name it in vault.master_key_file, then rotate."
                .to_owned(),
        ));
    };
    // Opening the whole house first proves that the present key is the right one.
    let house = crate::house::open(config)?;
    let rng: Arc<dyn kernel::Rng> = Arc::new(SystemRng);
    let keys = vault::rotate(&house.db, path, &rng).map_err(|error| error.to_string())?;
    let ctx = kernel::Ctx::operator(Arc::new(SystemClock), rng);
    house
        .db
        .write_blocking(move |tx| {
            ledger::append(tx, ledger::Entry::system(&ctx, ledger::Action::Rotate).what("DataKey", keys as i64));
            Ok::<_, db::DbError>(())
        })
        .map_err(|error| error.to_string())?;
    println!("{keys} keys are wrapped with a new master key in {}. Copy it to where the old copy was.", path.display());
    Ok(())
}

pub fn rotate_apps(house: &House, at_once: bool) -> Result<(), Failed> {
    let ctx = super::operator(house);
    let how = if at_once { Renewal::AtOnce } else { Renewal::Orderly };
    let made = super::block_on(identity::oauth::renew_key(house, &ctx, how))?.map_err(kernel::Problem::from)?;
    let said = match (made, how) {
        (true, Renewal::AtOnce) => "Tokens are signed with a new key. What another signed is refused within a minute.",
        (true, Renewal::Orderly) => "A new key signs in ten minutes. The one before is known for an hour more.",
        (false, _) => "A new key waits already, and takes over within ten minutes.",
    };
    println!("{said}");
    Ok(())
}
