//! What is done with documents in the background.

use crate::error::{DocumentError, records};
use crate::sealing::store as seals;
use crate::settings::{readers, settings};
use crate::shown::KEPT_MS;
use crate::uploads::store as uploads;
use crate::{reading, sealed, store};
use db::{DbError, Tx};
use jobs::{JobError, Registry};
use kernel::Timestamp;
use ledger::House;
use serde::{Deserialize, Serialize};

const READ: &str = "document-read";
const REMOVE: &str = "document-remove";
const SWEEP: &str = "document-sweep";
const HOUR_MS: i64 = 3_600_000;
/// A file that nothing knows of is left alone this long: whoever writes it may be about to say whose it is.
const UNKNOWN_MS: i64 = 25 * HOUR_MS;

/// Adds this room's jobs.
pub fn register(registry: Registry) -> Registry {
    registry
        .few(READ, readers(), |house, work| async move {
            let rid = work.payload.as_slice().try_into().map(i64::from_le_bytes).unwrap_or_default();
            reading::run(&house, rid, work.tries).await.map_err(failed)
        })
        .on(REMOVE, |house, work| async move { remove(&house, &work.payload).await.map_err(failed) })
        .every(SWEEP, HOUR_MS, |house, _| async move { sweep(&house).await.map_err(failed) })
}

fn failed(error: DocumentError) -> JobError {
    JobError::Failed(error.to_string())
}

/// Has a document read, after the commit.
pub fn read(tx: &mut Tx<'_>, rid: i64, now: Timestamp) -> Result<(), DbError> {
    jobs::enqueue(tx, READ, now, &rid.to_le_bytes()).map(drop)
}

/// Names of files that nobody needs: random numbers.
#[derive(Serialize, Deserialize)]
struct Names {
    documents: Vec<i64>,
    parts: Vec<i64>,
}

/// Has files removed, after the commit.
pub fn remove_files(tx: &mut Tx<'_>, documents: &[i64], parts: &[i64], now: Timestamp) -> Result<(), DbError> {
    if documents.is_empty() && parts.is_empty() {
        return Ok(());
    }
    let names = Names { documents: documents.to_vec(), parts: parts.to_vec() };
    let payload = serde_json::to_vec(&names).map_err(|e| DbError::Failed(e.to_string()))?;
    jobs::enqueue(tx, REMOVE, now, &payload).map(drop)
}

async fn remove(house: &House, payload: &[u8]) -> Result<(), DocumentError> {
    let settings = settings(house)?;
    let names: Names = serde_json::from_slice(payload).map_err(|e| store::broken("names of files", &e))?;
    for blob in names.documents {
        settings.blobs.remove(&sealed::folder(blob)).await?;
    }
    for part in names.parts {
        sealed::remove_upload(&settings.blobs, part).await?;
    }
    Ok(())
}

/// Ends uploads that nobody goes on with and documents that were deleted 30 days ago, and removes files that nothing knows.
pub async fn sweep(house: &House) -> Result<(), DocumentError> {
    let now = house.clock.now();
    let ended = house.db.write(move |tx| {
        let mut parts = Vec::new();
        for upload in uploads::expired(tx, now)? {
            parts.extend(uploads::parts(tx, upload)?);
            uploads::remove(tx, upload)?;
        }
        seals::sweep_openings(tx, now)?;
        store::note_deletions(tx, now)?;
        let mut files = Vec::new();
        for (rid, blob) in store::deleted_before(tx, now.plus_ms(-KEPT_MS))? {
            store::remove(tx, rid)?;
            records::beside::purge(tx, rid).map_err(records)?;
            files.push(blob);
        }
        remove_files(tx, &files, &parts, now)?;
        Ok::<_, DocumentError>(files.len())
    });
    let purged = ended.await?;
    if purged > 0 {
        tracing::info!(purged, "documents that were deleted 30 days ago were removed");
    }
    strangers(house, now).await
}

/// Files that a crash left: sealed, and of no document and no upload.
async fn strangers(house: &House, now: Timestamp) -> Result<(), DocumentError> {
    let blobs = &settings(house)?.blobs;
    let before = now.0 - UNKNOWN_MS;
    blobs.sweep(before).await?;
    for folder in ["documents", "uploads"] {
        for name in blobs.older(folder, before).await? {
            let blob = i64::from_str_radix(&name, 16);
            let known = match (folder, blob) {
                ("documents", Ok(blob)) => {
                    house
                        .db
                        .read(move |tx| Ok::<_, DbError>(store::is_known(tx, blob)? || seals::is_known(tx, blob)?))
                        .await?
                }
                ("uploads", Ok(blob)) => house.db.read(move |tx| uploads::is_known(tx, blob)).await?,
                _ => false,
            };
            if !known {
                blobs.remove(&format!("{folder}/{name}")).await?;
            }
        }
    }
    Ok(())
}
