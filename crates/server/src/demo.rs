//! A demonstration: invented clinics and patients, and accounts whose passwords everybody knows.

mod fill;
mod marker;

use crate::api::demo::Demo;
use crate::config::Config;
use ledger::House;
use std::path::Path;

/// Opens the demonstration in this folder; the first time, or when the last first time was cut off, fills it.
pub fn open(config: &Config, data: &Path, patients: u32, fresh: bool) -> Result<(House, Demo), String> {
    if !config.listen.ip().is_loopback() {
        return Err(format!(
            "a demonstration has public passwords and answers on this machine only: not on {}",
            config.listen
        ));
    }
    if config.database_url.contains("://") {
        return Err(
            "a demonstration keeps its data in its own folder: leave out --database and database.url".to_owned()
        );
    }
    match marker::read(data)? {
        Some(demo) if !fresh => return Ok((crate::house::open(config)?, demo)),
        _ => marker::make_room(config, data)?,
    }
    let house = crate::house::open(config)?;
    let demo = fill::fill(&house, patients)?;
    marker::write(data, &demo)?;
    Ok((house, demo))
}
