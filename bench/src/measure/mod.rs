//! The measures. Each is repeated in rounds, and each round measures the limit beside it.

pub mod bundles;
pub mod filled;
pub mod ledger;
pub mod start;
pub mod uploads;

use crate::http::{Lasting, Load};
use crate::load::Bundles;
use crate::machine;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// What every measure needs to know.
pub struct Bench {
    pub binary: PathBuf,
    pub scratch: PathBuf,
    pub rounds: u32,
    pub seconds: u64,
    /// Measures to make; all when empty.
    pub only: Vec<String>,
    pub bundles: Bundles,
}

impl Bench {
    pub fn wants(&self, measure: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|name| name == measure)
    }

    /// The requests over and over, after a second of warming up. What earlier measures left to be written to the disk is
    /// written first.
    fn repeated(&self, connections: usize, requests: Vec<Vec<u8>>, expect: u16) -> Load {
        machine::settle();
        let lasting = Lasting::For { warm: Duration::from_secs(1), counted: Duration::from_secs(self.seconds) };
        Load { connections, requests: Arc::new(requests), expect, lasting }
    }
}

/// Rows that a limit is measured with, at most: enough for seconds, few enough for short rounds.
const ROWS: i64 = 40_000;
