//! What identity does by the clock and by appointment: deletes what is over, and ends the waiting time of a recovery.
//! What is over is refused without it; deleting keeps the tables small.

use crate::rules::IDLE_PATIENT_MS;
use crate::{IdentityError, external, methods, oauth, passkey, store};
use ::jobs::{JobError, Registry, Work};
use kernel::Problem;

const HOUR_MS: i64 = 3_600_000;

/// The number that a job is about.
fn number(work: &Work) -> Result<i64, JobError> {
    let bytes = work.payload.first_chunk().ok_or_else(|| JobError::Failed("a job about nothing".to_owned()))?;
    Ok(i64::from_le_bytes(*bytes))
}

fn failed(error: IdentityError) -> JobError {
    Problem::from(error).into()
}

/// Adds the hourly sweep, the keys of apps, and the ends of waiting times.
pub fn jobs(registry: Registry) -> Registry {
    let registry = registry
        .on(passkey::READY, |house, work| async move { passkey::complete(house, number(&work)?).await.map_err(failed) })
        .on(oauth::endings::STRUCK, |house, work| async move {
            oauth::endings::tell_struck(&house, &work.payload).await.map_err(failed)
        })
        .every("oauth-keys", 24 * HOUR_MS, |house, _| async move { Ok(oauth::tend_keys(&house).await?) })
        .on(methods::READY, |house, work| async move { methods::promote(house, number(&work)?).await.map_err(failed) });
    registry.every("session-sweep", HOUR_MS, |house, _| async move {
        let now = house.clock.now();
        // The longest idle time, and the minute by which what is written may be behind.
        let idle_since = now.plus_ms(-(IDLE_PATIENT_MS + 60_000));
        let deleted = house.db.write(move |tx| {
            store::passkey::sweep(tx, now)?;
            store::code::sweep(tx, now.plus_ms(-24 * HOUR_MS))?;
            Ok::<_, db::DbError>(
                store::sweep(tx, now, idle_since)? + oauth::sweep(tx, now)? + external::sweep(tx, now)?,
            )
        });
        let deleted = deleted.await?;
        tracing::debug!(deleted, "sessions that were over");
        let deleted = crate::face::sweep(&house).await?;
        tracing::debug!(deleted, "face challenges that were over");
        Ok(())
    })
}
