//! What the operator says of documents.

use crate::blobs::Blobs;
use ledger::House;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use tokio::sync::Semaphore;

/// Where files lie, how large they may be, and who reads them.
#[derive(Clone, Debug)]
pub struct Settings {
    pub blobs: Blobs,
    /// The largest file, in bytes.
    pub max_bytes: u64,
    /// The languages of the text in pictures, as tesseract calls them: `eng+hin`.
    pub languages: String,
    /// The program whose `paper` command looks into files: this very one.
    pub program: PathBuf,
}

/// Children at once.
pub struct Turns {
    pub all: Arc<Semaphore>,
    /// Of those, the ones that read: whoever uploads does not wait behind long documents.
    pub reading: Arc<Semaphore>,
}

impl Default for Turns {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(readers() + 1)), reading: Arc::new(Semaphore::new(readers())) }
    }
}

/// Documents that are read at once: one processor is left for others.
pub fn readers() -> usize {
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get).max(2) - 1
}

#[derive(Default)]
struct Memory {
    settings: RwLock<Option<Arc<Settings>>>,
    turns: Turns,
}

pub fn configure(house: &House, settings: Settings) {
    *house.memory::<Memory>().settings.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(settings));
}

/// What was configured. A command that opens the house without it has no files to touch.
pub fn settings(house: &House) -> Result<Arc<Settings>, kernel::Problem> {
    let memory = house.memory::<Memory>();
    let known = memory.settings.read().unwrap_or_else(PoisonError::into_inner).clone();
    known.ok_or_else(|| kernel::Problem::unavailable("This server keeps no documents."))
}

pub fn turns(house: &House) -> (Arc<Semaphore>, Arc<Semaphore>) {
    let memory = house.memory::<Memory>();
    (Arc::clone(&memory.turns.all), Arc::clone(&memory.turns.reading))
}
