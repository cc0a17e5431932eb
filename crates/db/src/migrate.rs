//! One history of migrations for both engines, applied in order, each once.
//!
//! The text is SQLite's; PostgreSQL gets the same text with its names for the types.

use crate::DbError;
use crate::postgres::Session;
use rusqlite::Connection;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Number, name and text of each migration; `cargo xtask tidy` compares the list with the folder.
const HISTORY: &[(i64, &str, &str)] = &[
    (1, "0001_db_counter", include_str!("../../../migrations/0001_db_counter.sql")),
    (2, "0002_vault_key", include_str!("../../../migrations/0002_vault_key.sql")),
    (3, "0003_ledger_entry", include_str!("../../../migrations/0003_ledger_entry.sql")),
    (4, "0004_identity_account", include_str!("../../../migrations/0004_identity_account.sql")),
    (5, "0005_consent_grant", include_str!("../../../migrations/0005_consent_grant.sql")),
    (6, "0006_records_resource", include_str!("../../../migrations/0006_records_resource.sql")),
    (7, "0007_notify_inbox", include_str!("../../../migrations/0007_notify_inbox.sql")),
    (8, "0008_jobs_queue", include_str!("../../../migrations/0008_jobs_queue.sql")),
    (9, "0009_identity_authenticators", include_str!("../../../migrations/0009_identity_authenticators.sql")),
    (10, "0010_identity_oauth", include_str!("../../../migrations/0010_identity_oauth.sql")),
    (11, "0011_identity_verification", include_str!("../../../migrations/0011_identity_verification.sql")),
    (12, "0012_identity_face", include_str!("../../../migrations/0012_identity_face.sql")),
    (13, "0013_notify_about", include_str!("../../../migrations/0013_notify_about.sql")),
    (14, "0014_identity_endings", include_str!("../../../migrations/0014_identity_endings.sql")),
    (15, "0015_exchange_health_link", include_str!("../../../migrations/0015_exchange_health_link.sql")),
    (16, "0016_identity_external", include_str!("../../../migrations/0016_identity_external.sql")),
    (17, "0017_consent_emergency", include_str!("../../../migrations/0017_consent_emergency.sql")),
    (18, "0018_consent_edit", include_str!("../../../migrations/0018_consent_edit.sql")),
    (19, "0019_consent_case", include_str!("../../../migrations/0019_consent_case.sql")),
    (20, "0020_ledger_cosignature", include_str!("../../../migrations/0020_ledger_cosignature.sql")),
    (21, "0021_consent_desk", include_str!("../../../migrations/0021_consent_desk.sql")),
    (22, "0022_consent_grant_version", include_str!("../../../migrations/0022_consent_grant_version.sql")),
    (23, "0023_consent_delegation", include_str!("../../../migrations/0023_consent_delegation.sql")),
    (24, "0024_consent_restriction", include_str!("../../../migrations/0024_consent_restriction.sql")),
    (25, "0025_notify_wish", include_str!("../../../migrations/0025_notify_wish.sql")),
    (26, "0026_vault_erased", include_str!("../../../migrations/0026_vault_erased.sql")),
    (27, "0027_documents_file", include_str!("../../../migrations/0027_documents_file.sql")),
    (28, "0028_consent_over", include_str!("../../../migrations/0028_consent_over.sql")),
    (29, "0029_consent_correction", include_str!("../../../migrations/0029_consent_correction.sql")),
    (30, "0030_notify_hours", include_str!("../../../migrations/0030_notify_hours.sql")),
    (31, "0031_records_photo", include_str!("../../../migrations/0031_records_photo.sql")),
    (32, "0032_documents_sealed", include_str!("../../../migrations/0032_documents_sealed.sql")),
    (33, "0033_consent_letter", include_str!("../../../migrations/0033_consent_letter.sql")),
    (34, "0034_records_beside", include_str!("../../../migrations/0034_records_beside.sql")),
    (35, "0035_consent_code", include_str!("../../../migrations/0035_consent_code.sql")),
    (36, "0036_identity_secret", include_str!("../../../migrations/0036_identity_secret.sql")),
    (37, "0037_consent_once", include_str!("../../../migrations/0037_consent_once.sql")),
    (38, "0038_records_word", include_str!("../../../migrations/0038_records_word.sql")),
    (39, "0039_identity_origin", include_str!("../../../migrations/0039_identity_origin.sql")),
];

const TABLE: &str = "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL)";

fn unknown(latest: i64) -> Result<(), DbError> {
    let known = HISTORY.last().map_or(0, |(n, _, _)| *n);
    if latest > known {
        return Err(DbError::Failed(format!(
            "this database was written by a newer version (migration {latest}, known are {known}): start that version"
        )));
    }
    Ok(())
}

/// A number that is another one when the history is another one: what tests name their model database by.
pub fn fingerprint() -> u64 {
    let mut hasher = DefaultHasher::new();
    HISTORY.hash(&mut hasher);
    hasher.finish()
}

pub fn sqlite(c: &Connection) -> Result<(), DbError> {
    c.execute_batch(TABLE)?;
    let latest: i64 = c.query_row("SELECT COALESCE(MAX(number), 0) FROM migration", [], |row| row.get(0))?;
    unknown(latest)?;
    for (number, name, text) in HISTORY.iter().filter(|(n, _, _)| *n > latest) {
        c.execute_batch("BEGIN IMMEDIATE")?;
        // Another process may have been faster while this one waited for the lock.
        let done: i64 = c.query_row("SELECT COUNT(*) FROM migration WHERE number = ?1", [number], |row| row.get(0))?;
        let applied = if done > 0 {
            Ok(())
        } else {
            c.execute_batch(text)
                .and_then(|()| c.execute("INSERT INTO migration VALUES (?1, ?2)", (number, name)).map(drop))
        };
        if let Err(error) = applied {
            c.execute_batch("ROLLBACK")?;
            return Err(error.into());
        }
        c.execute_batch("COMMIT")?;
    }
    Ok(())
}

pub fn postgres(s: &mut Session) -> Result<(), DbError> {
    s.batch("BEGIN; SELECT pg_advisory_xact_lock(4850)")?;
    let result = postgres_locked(s);
    s.batch(if result.is_ok() { "COMMIT" } else { "ROLLBACK" })?;
    result
}

fn postgres_locked(s: &mut Session) -> Result<(), DbError> {
    s.batch(&translate(TABLE))?;
    let rows = s.query("SELECT COALESCE(MAX(number), 0) FROM migration", &[])?;
    let latest: i64 = rows.first().map_or(Ok(0), |row| row.try_get(0))?;
    unknown(latest)?;
    for (number, name, text) in HISTORY.iter().filter(|(n, _, _)| *n > latest) {
        s.batch(&translate(text))?;
        s.execute("INSERT INTO migration VALUES (?1, ?2)", &[(*number).into(), (*name).into()])?;
    }
    Ok(())
}

/// SQLite's words for types and clustering, in PostgreSQL's.
fn translate(text: &str) -> String {
    text.replace("INTEGER", "BIGINT")
        .replace("BLOB", "BYTEA")
        .replace("REAL", "DOUBLE PRECISION")
        .replace(" WITHOUT ROWID", "")
        .replace(" STRICT", "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_without_gaps() {
        for (i, (number, name, _)) in HISTORY.iter().enumerate() {
            assert_eq!(*number, i as i64 + 1, "{name}");
            assert!(name.starts_with(&format!("{number:04}_")), "{name}");
        }
    }

    #[test]
    fn the_types_are_translated() {
        let out = translate("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB, c REAL) WITHOUT ROWID;");
        assert_eq!(out, "CREATE TABLE t (a BIGINT PRIMARY KEY, b BYTEA, c DOUBLE PRECISION);");
    }
}
