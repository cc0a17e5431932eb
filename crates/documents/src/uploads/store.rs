//! All SQL of uploads.

use super::metadata::Wishes;
use crate::error::DocumentError;
use crate::store::broken;
use db::{DbError, Tx};
use kernel::Timestamp;
use ledger::House;
use vault::Aad;

#[derive(Clone, Debug)]
pub struct Upload {
    pub id: i64,
    pub account: i64,
    pub patient: i64,
    pub size: i64,
    pub received: i64,
    pub expires: Timestamp,
    /// What became of it.
    pub document: Option<i64>,
    pub wishes: Wishes,
}

const fn place(upload: i64, patient: i64) -> Aad {
    Aad::new("upload-row", upload, patient, 0)
}

pub fn insert(tx: &mut Tx<'_>, house: &House, upload: &Upload) -> Result<(), DocumentError> {
    let json = serde_json::to_vec(&upload.wishes).map_err(|e| broken("an upload's wishes", &e))?;
    let key = house.vault.key(tx, upload.patient)?;
    let sealed = key.seal(&*house.rng, &place(upload.id, upload.patient), &json)?;
    tx.execute(
        "INSERT INTO upload (upload, account, patient, size, received, expires, detail) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)",
        &[
            upload.id.into(),
            upload.account.into(),
            upload.patient.into(),
            upload.size.into(),
            upload.expires.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, house: &House, id: i64) -> Result<Option<Upload>, DocumentError> {
    let sql =
        "SELECT upload, account, patient, size, received, expires, document, detail FROM upload WHERE upload = ?1";
    let found = tx.query_opt(sql, &[id.into()], |row| {
        let upload = Upload {
            id: row.int(0)?,
            account: row.int(1)?,
            patient: row.int(2)?,
            size: row.int(3)?,
            received: row.int(4)?,
            expires: Timestamp(row.int(5)?),
            document: row.opt_int(6)?,
            wishes: Wishes::default(),
        };
        Ok::<_, DocumentError>((upload, row.blob(7)?.to_vec()))
    })?;
    let Some((upload, sealed)) = found else { return Ok(None) };
    let json = house.vault.key(tx, upload.patient)?.open(&place(upload.id, upload.patient), &sealed)?;
    let wishes = serde_json::from_slice(&json).map_err(|e| broken("an upload's wishes", &e))?;
    Ok(Some(Upload { wishes, ..upload }))
}

/// Those of an account in a record that are under way and not sealed in a browser, the newest first.
pub fn unfinished(
    tx: &mut Tx<'_>,
    house: &House,
    (account, patient): (i64, i64),
    now: Timestamp,
) -> Result<Vec<Upload>, DocumentError> {
    let sql = "SELECT upload FROM upload
         WHERE patient = ?1 AND account = ?2 AND document IS NULL AND expires > ?3 ORDER BY upload DESC LIMIT 100";
    let mut out = Vec::new();
    for id in tx.query(sql, &[patient.into(), account.into(), now.into()], |row| row.int(0))? {
        // What is sealed cannot be known again: each sealing of a file has other bytes.
        out.extend(find(tx, house, id)?.filter(|upload| upload.wishes.sealed.is_none()));
    }
    Ok(out)
}

/// How many of a patient are under way.
pub fn under_way(tx: &mut Tx<'_>, patient: i64, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) FROM upload WHERE patient = ?1 AND document IS NULL AND expires > ?2";
    tx.count(sql, &[patient.into(), now.into()])
}

/// Counts a piece that is durable. `false` when the upload does not stand where it did: another was faster.
pub fn add_part(
    tx: &mut Tx<'_>,
    (upload, offset): (i64, i64),
    (blob, bytes): (i64, i64),
    expires: Timestamp,
) -> Result<bool, DbError> {
    let moved = tx.execute(
        "UPDATE upload SET received = received + ?3, expires = ?4
         WHERE upload = ?1 AND received = ?2 AND document IS NULL AND received + ?3 < size",
        &[upload.into(), offset.into(), bytes.into(), expires.into()],
    )?;
    if moved == 0 {
        return Ok(false);
    }
    tx.execute(
        "INSERT INTO upload_part (upload, part, blob) VALUES (?1, ?2, ?3)",
        &[upload.into(), offset.into(), blob.into()],
    )?;
    Ok(true)
}

/// The names of its pieces, in their order.
pub fn parts(tx: &mut Tx<'_>, upload: i64) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT blob FROM upload_part WHERE upload = ?1 ORDER BY part";
    tx.query(sql, &[upload.into()], |row| row.int(0))
}

/// It became a document. `false` when it is not where it was any more.
pub fn finished(tx: &mut Tx<'_>, (upload, offset): (i64, i64), document: i64) -> Result<bool, DbError> {
    let changed = tx.execute(
        "UPDATE upload SET document = ?3, received = size WHERE upload = ?1 AND received = ?2 AND document IS NULL",
        &[upload.into(), offset.into(), document.into()],
    )?;
    tx.execute("DELETE FROM upload_part WHERE upload = ?1", &[upload.into()])?;
    Ok(changed > 0)
}

pub fn remove(tx: &mut Tx<'_>, upload: i64) -> Result<(), DbError> {
    tx.execute("DELETE FROM upload_part WHERE upload = ?1", &[upload.into()])?;
    tx.execute("DELETE FROM upload WHERE upload = ?1", &[upload.into()])?;
    Ok(())
}

pub fn expired(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT upload FROM upload WHERE expires <= ?1 LIMIT 1000", &[now.into()], |row| row.int(0))
}

/// Whether a piece of this name belongs to an upload.
pub fn is_known(tx: &mut Tx<'_>, blob: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM upload_part WHERE blob = ?1", &[blob.into()])? > 0)
}
