//! All SQL of verifications, papers and invitations.

use super::model::{Credential, Detail, Paper, Row, State};
use super::rules::media_type;
use crate::model::Link;
use crate::store::{Stored, seal_profile};
use crate::{IdentityError, Workplace};
use db::{DbError, Tx};
use kernel::{Rng, Timestamp, id};
use vault::{Aad, DIRECTORY, Vault, VaultError};

const fn detail_place(account: i64, version: i64) -> Aad {
    Aad::new("verification", account, 0, version)
}

const fn name_place(credential: i64, account: i64) -> Aad {
    Aad::new("credential name", credential, account, 0)
}

const fn body_place(credential: i64, account: i64) -> Aad {
    Aad::new("credential", credential, account, 0)
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, DbError> {
    serde_json::to_vec(value).map_err(|e| DbError::Failed(e.to_string()))
}

/// Writes a verification; its version grows, so that an old row put back does not open.
pub fn put(tx: &mut Tx<'_>, vault: &Vault, rng: &dyn Rng, row: &mut Row) -> Result<(), VaultError> {
    row.version += 1;
    let sealed = vault.key(tx, DIRECTORY)?.seal(rng, &detail_place(row.account, row.version), &json(&row.detail)?)?;
    tx.execute(
        "INSERT INTO verification (account, state, changed, version, detail) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (account) DO UPDATE SET state = ?2, changed = ?3, version = ?4, detail = ?5",
        &[row.account.into(), row.state.code().into(), row.changed.into(), row.version.into(), (&sealed).into()],
    )?;
    Ok(())
}

const COLUMNS: &str = "account, state, changed, version, detail";

struct Raw {
    account: i64,
    state: i64,
    changed: Timestamp,
    version: i64,
    sealed: Vec<u8>,
}

fn raw(row: &db::Row<'_, '_>) -> Result<Raw, DbError> {
    Ok(Raw {
        account: row.int(0)?,
        state: row.int(1)?,
        changed: Timestamp(row.int(2)?),
        version: row.int(3)?,
        sealed: row.blob(4)?.to_vec(),
    })
}

fn opened(tx: &mut Tx<'_>, vault: &Vault, raw: &Raw) -> Result<Row, VaultError> {
    let plain = vault.key(tx, DIRECTORY)?.open(&detail_place(raw.account, raw.version), &raw.sealed)?;
    let detail: Detail = serde_json::from_slice(&plain).map_err(|_| VaultError::DoesNotOpen)?;
    let state = State::of(raw.state).ok_or(VaultError::DoesNotOpen)?;
    Ok(Row { account: raw.account, state, changed: raw.changed, version: raw.version, detail })
}

pub fn find(tx: &mut Tx<'_>, vault: &Vault, account: i64) -> Result<Option<Row>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM verification WHERE account = ?1");
    let found = tx.query_opt(&sql, &[account.into()], raw)?;
    found.map(|raw| opened(tx, vault, &raw)).transpose()
}

/// Of accounts that are administrators' now, what was handed in before waits for nobody.
const TO_BE: &str = "account IN (SELECT account FROM account WHERE role = 'practitioner')";

/// Those in a state, the longest waiting first.
pub fn in_state(tx: &mut Tx<'_>, vault: &Vault, state: State, most: i64) -> Result<Vec<Row>, VaultError> {
    let sql =
        format!("SELECT {COLUMNS} FROM verification WHERE state = ?1 AND {TO_BE} ORDER BY changed, account LIMIT ?2");
    let found = tx.query(&sql, &[state.code().into(), most.into()], raw)?;
    found.iter().map(|raw| opened(tx, vault, raw)).collect()
}

pub fn count(tx: &mut Tx<'_>, state: State) -> Result<i64, DbError> {
    tx.count(&format!("SELECT COUNT(*) FROM verification WHERE state = ?1 AND {TO_BE}"), &[state.code().into()])
}

pub fn insert_credential(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    account: i64,
    paper: &Paper,
    now: Timestamp,
) -> Result<i64, VaultError> {
    let id = tx.allocate("credential", 1)?;
    let key = vault.key(tx, DIRECTORY)?;
    // The type stands before the name, so that a list need not open the content.
    let detail = format!("{} {}", paper.media_type, paper.name);
    let detail = key.seal(rng, &name_place(id, account), detail.as_bytes())?;
    let sealed = key.seal(rng, &body_place(id, account), &paper.body)?;
    tx.execute(
        "INSERT INTO credential (credential_id, account, added, bytes, detail, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        &[
            id.into(),
            account.into(),
            now.into(),
            i64::try_from(paper.body.len()).unwrap_or(i64::MAX).into(),
            (&detail).into(),
            (&sealed).into(),
        ],
    )?;
    Ok(id)
}

/// The papers of an account without their content, oldest first.
pub fn credentials(tx: &mut Tx<'_>, vault: &Vault, account: i64) -> Result<Vec<Credential>, VaultError> {
    let rows = tx.query(
        "SELECT credential_id, added, bytes, detail FROM credential WHERE account = ?1 ORDER BY credential_id",
        &[account.into()],
        |row| Ok::<_, DbError>((row.int(0)?, Timestamp(row.int(1)?), row.int(2)?, row.blob(3)?.to_vec())),
    )?;
    let key = vault.key(tx, DIRECTORY)?;
    let one = |(id, added, bytes, sealed): (i64, Timestamp, i64, Vec<u8>)| {
        let plain = key.open(&name_place(id, account), &sealed)?;
        let text = String::from_utf8(plain).map_err(|_| VaultError::DoesNotOpen)?;
        let (media_type, name) = text.split_once(' ').ok_or(VaultError::DoesNotOpen)?;
        let (media_type, name) = (media_type.to_owned(), name.to_owned());
        Ok(Credential { id, name, media_type, bytes, added: added.to_rfc3339() })
    };
    rows.into_iter().map(one).collect()
}

pub fn credential(tx: &mut Tx<'_>, vault: &Vault, account: i64, credential: i64) -> Result<Option<Paper>, VaultError> {
    let found = tx.query_opt(
        "SELECT detail, body FROM credential WHERE account = ?1 AND credential_id = ?2",
        &[account.into(), credential.into()],
        |row| Ok::<_, DbError>((row.blob(0)?.to_vec(), row.blob(1)?.to_vec())),
    )?;
    let Some((detail, sealed)) = found else { return Ok(None) };
    let key = vault.key(tx, DIRECTORY)?;
    let text = String::from_utf8(key.open(&name_place(credential, account), &detail)?);
    let text = text.map_err(|_| VaultError::DoesNotOpen)?;
    let body = key.open(&body_place(credential, account), &sealed)?;
    let name = text.split_once(' ').map_or(text.as_str(), |(_, name)| name).to_owned();
    Ok(Some(Paper { name, media_type: media_type(&body).unwrap_or("application/octet-stream"), body }))
}

pub fn delete_credential(tx: &mut Tx<'_>, account: i64, credential: i64) -> Result<bool, DbError> {
    let sql = "DELETE FROM credential WHERE account = ?1 AND credential_id = ?2";
    Ok(tx.execute(sql, &[account.into(), credential.into()])? > 0)
}

/// Ties a verified account to its Practitioner and its workplaces: from now on it can be given access.
pub fn admit(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    mut stored: Stored,
    practitioner: Link<id::Practitioner>,
    workplaces: Vec<Workplace>,
) -> Result<Stored, IdentityError> {
    tx.execute(
        "UPDATE account SET practitioner = ?2 WHERE account = ?1",
        &[stored.id.into(), practitioner.rid.get().into()],
    )?;
    stored.profile.practitioner = Some(practitioner);
    seal_profile(tx, vault, rng, &stored)?;
    for workplace in workplaces {
        if !stored.profile.organizations.iter().any(|known| known.rid == workplace.rid) {
            stored = crate::store::add_workplace(tx, vault, rng, stored, workplace)?;
        }
    }
    Ok(stored)
}

/// Keeps an invitation in place of the one before; `sent` says how often it was sent since when.
pub fn insert_invitation(
    tx: &mut Tx<'_>,
    token: &[u8; 32],
    account: i64,
    expires: Timestamp,
    (sent, since): (i64, Timestamp),
) -> Result<(), DbError> {
    tx.execute("DELETE FROM invitation WHERE account = ?1", &[account.into()])?;
    tx.execute(
        "INSERT INTO invitation (token, account, expires, sent, since) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[token.into(), account.into(), expires.into(), sent.into(), since.into()],
    )?;
    Ok(())
}

/// How often the invitation of an account was sent, and since when that is counted.
pub fn invitation_sent(tx: &mut Tx<'_>, account: i64) -> Result<Option<(i64, Timestamp)>, DbError> {
    let sql = "SELECT sent, since FROM invitation WHERE account = ?1";
    tx.query_opt(sql, &[account.into()], |row| Ok((row.int(0)?, Timestamp(row.int(1)?))))
}

/// The accounts that wait for their owner, and until when.
pub fn invitations(tx: &mut Tx<'_>, most: i64) -> Result<Vec<(i64, Timestamp)>, DbError> {
    let sql = "SELECT account, expires FROM invitation ORDER BY expires, account LIMIT ?1";
    tx.query(sql, &[most.into()], |row| Ok((row.int(0)?, Timestamp(row.int(1)?))))
}

pub fn is_invited(tx: &mut Tx<'_>, account: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM invitation WHERE account = ?1", &[account.into()])? > 0)
}

/// Whom this secret invites, if it is still good.
pub fn invited(tx: &mut Tx<'_>, token: &[u8; 32], now: Timestamp) -> Result<Option<i64>, DbError> {
    let sql = "SELECT account FROM invitation WHERE token = ?1 AND expires > ?2";
    tx.query_opt(sql, &[token.into(), now.into()], |row| row.int(0))
}

/// Takes an invitation that is still good: nobody can take it twice.
pub fn take_invitation(tx: &mut Tx<'_>, token: &[u8; 32], now: Timestamp) -> Result<Option<i64>, DbError> {
    let Some(account) = invited(tx, token, now)? else { return Ok(None) };
    tx.execute("DELETE FROM invitation WHERE account = ?1", &[account.into()])?;
    Ok(Some(account))
}
