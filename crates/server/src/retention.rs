//! How long what is over is kept, by kind. The record and its log are not kept by time: they are the patient's, until erased.

use db::{DbError, Tx};
use jobs::Registry;
use kernel::Timestamp;
use ledger::House;

const DAY_MS: i64 = 24 * 3_600_000;

/// Days by kind, counted from when it was over; `None` keeps it for as long as the record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Notices that were read.
    pub notices: Option<u32>,
    /// Requests for access that were answered.
    pub requests: Option<u32>,
    /// Drafts that were declined, withdrawn or never answered, and visits that are over.
    pub drafts: Option<u32>,
    /// Guardianships and delegations that ended or were declined, and questions that nobody answered in their time.
    pub family: Option<u32>,
    /// Questions about an access that were closed.
    pub cases: Option<u32>,
    /// Health links that ended, expired or were locked, and who opened them.
    pub links: Option<u32>,
    /// Emergencies that are over and were reviewed.
    pub emergencies: Option<u32>,
}

impl Default for Retention {
    /// A year for what only helps the memory; six years for what may have to be accounted for, as long as HIPAA wants
    /// such papers kept (45 CFR 164.316(b)(2)(i)).
    fn default() -> Self {
        let (year, six) = (Some(365), Some(6 * 365 + 1));
        Self { notices: year, requests: year, drafts: year, family: six, cases: six, links: year, emergencies: six }
    }
}

/// Adds the daily sweep.
pub fn register(registry: Registry, keep: Retention) -> Registry {
    registry.every("retention", DAY_MS, move |house, _| async move {
        let swept = sweep(&house, keep).await?;
        tracing::info!(swept, "rows whose time was over were removed");
        Ok(())
    })
}

/// Removes what was over before, at most so many of each table.
type Sweep = fn(&mut Tx<'_>, Timestamp, i64) -> Result<u64, DbError>;

/// Rows of a table that one transaction removes: whoever writes meanwhile waits for no more than these.
const AT_ONCE: i64 = 500;

/// Removes what is over for longer than it is kept. What still waits for somebody stays, however old.
async fn sweep(house: &House, keep: Retention) -> Result<u64, DbError> {
    let now = house.clock.now();
    let kinds: [(Option<u32>, Sweep); 7] = [
        (keep.notices, notify::sweep_read),
        (keep.requests, consent::retention::requests),
        (keep.drafts, consent::retention::drafts),
        (keep.family, consent::retention::family),
        (keep.cases, consent::retention::cases),
        (keep.links, exchange::links::sweep),
        (keep.emergencies, consent::retention::emergencies),
    ];
    let mut swept = 0;
    for (days, remove) in kinds {
        let Some(days) = days else { continue };
        let before = now.plus_ms(-i64::from(days) * DAY_MS);
        loop {
            let removed = house.db.write(move |tx| remove(tx, before, AT_ONCE)).await?;
            swept += removed;
            if removed < AT_ONCE.unsigned_abs() {
                break;
            }
        }
    }
    Ok(swept)
}
