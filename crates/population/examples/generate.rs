//! Writes a population into a folder, to look at it or to load it by hand.
//!
//! `cargo run --release -p population --example generate -- FOLDER [PATIENTS] [SEED]`

use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("say which folder to write into")?;
    let patients = arguments.next().map_or(Ok(100), |text| text.parse())?;
    let seed = arguments.next().map_or(Ok(1), |text| text.parse())?;
    let today = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400)?;
    let options = population::Options { seed, organizations: 8, practitioners: 40, patients, today };
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let write = |bundle: population::Bundle| std::fs::write(folder.join(format!("{}.json", bundle.name)), bundle.json);
    write(population::directory(&options))?;
    for bundle in population::showcase(&options) {
        write(bundle)?;
    }
    let (mut bytes, mut seconds) = (0, 0.0);
    for index in 0..patients {
        // Only the making is timed; how fast a disk takes it says nothing about this crate.
        let started = Instant::now();
        let bundle = population::patient(&options, index);
        seconds += started.elapsed().as_secs_f64();
        bytes += bundle.json.len();
        write(bundle)?;
    }
    println!(
        "{patients} patients, {:.1} MB in {seconds:.2} s: {:.0} patients a minute",
        bytes as f64 / 1e6,
        f64::from(patients) / seconds * 60.0
    );
    Ok(())
}
