//! `ledger verify`, `ledger key`, `ledger check`, `keys rotate` and `keys rotate-apps`: upkeep.

use super::Failed;
use crate::config::Config;
use base64::{Engine, engine::general_purpose::STANDARD};
use identity::oauth::Renewal;
use indicatif::{ProgressBar, ProgressStyle};
use kernel::{SystemClock, SystemRng};
use ledger::House;
use ledger::note::{Note, Vkey};
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use vault::KeySource;

#[derive(clap::Args)]
pub struct Verify {
    /// A checkpoint that was kept elsewhere, which this ledger must continue; may be said several times
    #[arg(long, value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// The key of a witness that must have co-signed each of these checkpoints; may be said several times
    #[arg(long, value_name = "KEY", requires = "checkpoint")]
    witness: Vec<String>,
}

impl Verify {
    /// The checkpoints, if this ledger signed them: a note of somebody else would be a false alarm.
    fn kept(&self, house: &House) -> Result<Vec<Note>, Failed> {
        let witnesses = self.witness.iter().map(known).collect::<Result<Vec<_>, _>>()?;
        let own = house.ledger.vkey();
        let read = |path: &PathBuf| {
            let failed = |why: &str| Failed::Work(format!("{}: {why}", path.display()));
            let text = std::fs::read_to_string(path).map_err(|e| failed(&e.to_string()))?;
            let note = Note::parse(&text).ok_or_else(|| failed("this is no checkpoint"))?;
            if !own.as_ref().is_some_and(|own| note.signed_by(own)) {
                return Err(failed("this ledger's key did not sign it"));
            }
            match witnesses.iter().find(|witness| note.cosigned_by(witness).is_none()) {
                Some(witness) => Err(failed(&format!("{} did not co-sign it", witness.name))),
                None => Ok(note),
            }
        };
        self.checkpoint.iter().map(read).collect()
    }
}

fn known(text: &String) -> Result<Vkey, Failed> {
    Vkey::parse(text).ok_or_else(|| Failed::Usage(format!("{text} is no key")))
}

pub fn verify(house: &House, said: &Verify) -> Result<(), Failed> {
    let kept = said.kept(house)?;
    let bar = ProgressBar::new_spinner().with_style(
        ProgressStyle::with_template("{spinner} {human_pos} entries checked, {per_sec}")
            .map_err(|e| Failed::Work(e.to_string()))?,
    );
    bar.enable_steady_tick(Duration::from_millis(100));
    let (ledger, ticking) = (Arc::clone(&house.ledger), bar.clone());
    let continued = kept.len();
    let report =
        house.db.read_blocking(move |tx| ledger::verify_against(tx, &ledger, &kept, |size| ticking.set_position(size)));
    bar.finish_and_clear();
    let report = report.map_err(|error| error.to_string())?;
    let against = dissent(house)?;
    let mut out = String::from(match against.is_empty() {
        true => "The ledger verifies.\n",
        false => "The ledger agrees with itself, and not with what was signed elsewhere.\n",
    });
    let _ = writeln!(out, "entries      {}", report.size);
    let _ = writeln!(out, "checkpoints  {}", report.checkpoints);
    let _ = writeln!(out, "erased       {}", report.erased);
    let _ = writeln!(out, "root         {}", STANDARD.encode(report.root));
    if continued > 0 {
        let _ = writeln!(out, "continues    {continued} of {continued} checkpoints that were kept elsewhere");
    }
    let inside = house.clone();
    let signed = house.db.read_blocking(move |tx| ledger::cosigned(tx, &inside)).map_err(|error| error.to_string())?;
    let asked = ledger::witnesses(house).len();
    if let Some(signed) = &signed {
        let _ = writeln!(out, "co-signed    {} entries, by {} of {asked} witnesses", signed.size, signed.count);
    } else if asked > 0 {
        let _ = writeln!(out, "co-signed    by none of {asked} witnesses");
    }
    // Whoever reads only the first lines has closed the pipe by now, and the verdict stands in the exit code.
    let _ = std::io::stdout().write_all(out.as_bytes());
    match against.is_empty() {
        true => Ok(()),
        false => Err(Failed::Work(format!(
            "{} refuses to co-sign: this ledger does not continue what it signed before.",
            against.join(", ")
        ))),
    }
}

/// The witnesses that saw another ledger before: one that agrees with itself, and not with them, was put back or forked.
fn dissent(house: &House) -> Result<Vec<String>, Failed> {
    let inside = house.clone();
    let standing =
        house.db.read_blocking(move |tx| ledger::standing(tx, &inside)).map_err(|error| error.to_string())?;
    let against = standing.into_iter().filter(|one| one.state == Some(ledger::State::Dissents));
    Ok(against.map(|one| one.witness.key.name.to_string()).collect())
}

pub fn key(house: &House) -> Result<(), Failed> {
    let key =
        house.ledger.vkey().ok_or_else(|| Failed::Work("The ledger's name cannot be written in a key.".into()))?;
    println!("{key}");
    Ok(())
}

#[derive(clap::Args)]
pub struct Check {
    /// The file, as the page "Who read my record" saved it
    file: PathBuf,
    /// The ledger's key as it is known from elsewhere: `healthsync ledger key` prints it
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
    /// The key of a witness that must have co-signed; may be said several times
    #[arg(long, value_name = "KEY")]
    witness: Vec<String>,
}

pub fn check(check: &Check) -> Result<(), Failed> {
    let key = check.key.as_ref().map(known).transpose()?;
    let witnesses = check.witness.iter().map(known).collect::<Result<Vec<_>, _>>()?;
    let text = std::fs::read(&check.file).map_err(|e| Failed::Work(format!("{}: {e}", check.file.display())))?;
    let found = ledger::saved::check(&text, key.as_ref(), &witnesses).map_err(Failed::Work)?;
    if found.cosigned.len() < witnesses.len() {
        return Err(Failed::Work(format!(
            "only {} of {} witnesses co-signed it",
            found.cosigned.len(),
            witnesses.len()
        )));
    }
    println!("Everything in this file is proven.");
    println!("entries      {}, none missing between them", found.entries.len());
    println!("ledger       {} entries in all, saved {}", found.size, found.saved);
    println!(
        "co-signed    {}",
        if found.cosigned.is_empty() { "by nobody".to_owned() } else { found.cosigned.join(", ") }
    );
    println!("key          {}", found.key);
    if key.is_none() {
        println!("The key came with the file: compare it with the one you know.");
    }
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
    println!(
        "Servers that read this very file go on with it. Those on other machines make no new records, and open none that they \
         have not open, until the file is copied to them."
    );
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
