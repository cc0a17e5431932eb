//! Deletes what is left of sessions that are over. They are refused without it; it keeps the table small.

use crate::rules::IDLE_PATIENT_MS;
use crate::{oauth, store};
use ::jobs::Registry;

const HOUR_MS: i64 = 3_600_000;

/// Adds the hourly sweep.
pub fn jobs(registry: Registry) -> Registry {
    registry.every("session-sweep", HOUR_MS, |house, _| async move {
        let now = house.clock.now();
        // The longest idle time, and the minute by which what is written may be behind.
        let idle_since = now.plus_ms(-(IDLE_PATIENT_MS + 60_000));
        let deleted = house
            .db
            .write(move |tx| Ok::<_, db::DbError>(store::sweep(tx, now, idle_since)? + oauth::sweep(tx, now)?))
            .await?;
        tracing::debug!(deleted, "sessions that were over");
        Ok(())
    })
}
