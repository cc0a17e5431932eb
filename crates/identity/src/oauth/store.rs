//! The SQL of what apps ask for and are allowed. Registrations are in `store_clients`, codes and tokens in `store_tokens`.

use super::model::{Allowed, Pending, Permission};
use super::rules::UNUSED_MS;
use crate::store::{self as sessions, Stored, narrow, owner};
use db::{DbError, Row, Tx};
use kernel::Timestamp;
use ledger::House;
use serde::Serialize;
use serde::de::DeserializeOwned;
use vault::{Aad, DIRECTORY, Vault, VaultError};

/// The hash of a secret that was handed out.
pub type Hash = [u8; 32];

fn json<T: Serialize>(value: &T) -> Result<Vec<u8>, DbError> {
    serde_json::to_vec(value).map_err(|e| DbError::Failed(e.to_string()))
}

fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, VaultError> {
    serde_json::from_slice(json).map_err(|_| VaultError::DoesNotOpen)
}

/// A place that follows from the hash under which a row stands.
pub(super) fn place(name: &'static str, hash: &Hash) -> Aad {
    let mut word = [0; 8];
    word.copy_from_slice(&hash[..8]);
    Aad::new(name, i64::from_le_bytes(word), 0, 0)
}

pub(super) fn seal<T: Serialize>(
    tx: &mut Tx<'_>,
    house: &House,
    owner: i64,
    place: &Aad,
    value: &T,
) -> Result<Vec<u8>, VaultError> {
    house.vault.key(tx, owner)?.seal(&*house.rng, place, &json(value)?)
}

pub(super) fn open<T: DeserializeOwned>(
    tx: &mut Tx<'_>,
    vault: &Vault,
    owner: i64,
    place: &Aad,
    sealed: &[u8],
) -> Result<T, VaultError> {
    read(&vault.key(tx, owner)?.open(place, sealed)?)
}

pub fn insert_request(
    tx: &mut Tx<'_>,
    house: &House,
    id: &Hash,
    pending: &Pending,
    pushed: bool,
    expires: Timestamp,
) -> Result<(), VaultError> {
    let sealed = seal(tx, house, DIRECTORY, &place("oauth request", id), &pending.asked)?;
    tx.execute(
        "INSERT INTO oauth_request (id, client, pushed, expires, detail) VALUES (?1, ?2, ?3, ?4, ?5)",
        &[id.into(), pending.client.into(), pushed.into(), expires.into(), (&sealed).into()],
    )?;
    Ok(())
}

/// How many requests wait. Those that are over are taken away when there are many.
pub fn requests_waiting(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, DbError> {
    const MANY: i64 = 1_000;
    let sql = "SELECT COUNT(*) FROM oauth_request";
    let waiting = tx.count(sql, &[])?;
    if waiting < MANY {
        return Ok(waiting);
    }
    tx.execute("DELETE FROM oauth_request WHERE expires <= ?1", &[now.into()])?;
    tx.count(sql, &[])
}

/// A request that waits, if its time is not over. `pushed` ones were not shown to anybody yet.
pub fn request(
    tx: &mut Tx<'_>,
    vault: &Vault,
    id: &Hash,
    pushed: bool,
    now: Timestamp,
) -> Result<Option<Pending>, VaultError> {
    let found = tx.query_opt(
        "SELECT client, detail FROM oauth_request WHERE id = ?1 AND pushed = ?2 AND expires > ?3",
        &[id.into(), pushed.into(), now.into()],
        |row| Ok::<_, DbError>((row.int(0)?, row.blob(1)?.to_vec())),
    )?;
    let Some((client, sealed)) = found else { return Ok(None) };
    Ok(Some(Pending { client, asked: open(tx, vault, DIRECTORY, &place("oauth request", id), &sealed)? }))
}

/// Takes a request away; `false` when somebody else did.
pub fn take_request(tx: &mut Tx<'_>, id: &Hash) -> Result<bool, DbError> {
    Ok(tx.execute("DELETE FROM oauth_request WHERE id = ?1", &[id.into()])? > 0)
}

const fn grant_place(grant: i64) -> Aad {
    Aad::new("oauth grant", grant, 0, 0)
}

/// What a new permission says besides its number.
pub struct NewPermission<'a> {
    pub client: i64,
    pub account: &'a Stored,
    pub session: Option<i64>,
    pub patient: Option<i64>,
    pub until: Timestamp,
    pub allowed: &'a Allowed,
}

pub fn insert_permission(tx: &mut Tx<'_>, house: &House, new: &NewPermission<'_>) -> Result<i64, VaultError> {
    let (id, now) = (tx.allocate("oauth_grant", 1)?, house.clock.now());
    let sealed = seal(tx, house, owner(&new.account.profile), &grant_place(id), new.allowed)?;
    tx.execute(
        "INSERT INTO oauth_grant (grant_id, client, account, session, patient, created, until, detail)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            id.into(),
            new.client.into(),
            new.account.id.into(),
            new.session.into(),
            new.patient.into(),
            now.into(),
            new.until.into(),
            (&sealed).into(),
        ],
    )?;
    Ok(id)
}

const GRANT: &str = "grant_id, client, account, session, patient, created, until, revoked, seen, version, detail";

type RawPermission = (Permission, Vec<u8>);

fn raw_permission(row: &Row<'_, '_>) -> Result<RawPermission, DbError> {
    let empty = Allowed { scope: String::new(), patient: None, fhir_user: None, auth_time: 0, acr: String::new() };
    let permission = Permission {
        id: row.int(0)?,
        client: row.int(1)?,
        account: row.int(2)?,
        session: row.opt_int(3)?,
        patient: row.opt_int(4)?,
        created: Timestamp(row.int(5)?),
        until: Timestamp(row.int(6)?),
        revoked: row.opt_int(7)?.is_some(),
        seen: row.opt_int(8)?.map(Timestamp),
        version: row.int(9)?,
        allowed: empty,
    };
    Ok((permission, row.blob(10)?.to_vec()))
}

/// A permission and whose it is.
pub fn permission(tx: &mut Tx<'_>, vault: &Vault, id: i64) -> Result<Option<(Permission, Stored)>, VaultError> {
    let sql = format!("SELECT {GRANT} FROM oauth_grant WHERE grant_id = ?1");
    let Some((permission, sealed)) = tx.query_opt(&sql, &[id.into()], raw_permission)? else { return Ok(None) };
    let Some(stored) = crate::store::find(tx, vault, permission.account)? else { return Ok(None) };
    let allowed = open(tx, vault, owner(&stored.profile), &grant_place(id), &sealed)?;
    Ok(Some((Permission { allowed, ..permission }, stored)))
}

/// The permission that a program without people has by its registration.
pub fn own_permission(tx: &mut Tx<'_>, client: i64, now: Timestamp) -> Result<Option<i64>, DbError> {
    let sql = "SELECT grant_id FROM oauth_grant WHERE client = ?1 AND revoked IS NULL AND until > ?2 ORDER BY grant_id";
    tx.query_opt(sql, &[client.into(), now.into()], |row| row.int(0))
}

/// What somebody allowed and did not take back, newest first.
pub fn permissions(
    tx: &mut Tx<'_>,
    vault: &Vault,
    whose: &Stored,
    now: Timestamp,
) -> Result<Vec<Permission>, VaultError> {
    let sql = format!(
        "SELECT {GRANT} FROM oauth_grant WHERE account = ?1 AND revoked IS NULL AND until > ?2 ORDER BY grant_id DESC"
    );
    let raws = tx.query(&sql, &[whose.id.into(), now.into()], raw_permission)?;
    let mut out = Vec::with_capacity(raws.len());
    for (permission, sealed) in raws {
        let allowed = open(tx, vault, owner(&whose.profile), &grant_place(permission.id), &sealed)?;
        out.push(Permission { allowed, ..permission });
    }
    Ok(out)
}

/// Until when a permission stands if nothing happens; `None` when it is over. One that was given in a session ends with
/// it, also when the session was left alone for too long: what the app does keeps nobody signed in.
pub fn stands_until(
    tx: &mut Tx<'_>,
    permission: &Permission,
    whose: &Stored,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    if permission.revoked || permission.until <= now || whose.locked {
        return Ok(None);
    }
    let Some(session) = permission.session else { return Ok(Some(permission.until)) };
    let until = sessions::stands_until(tx, permission.account, session, whose.profile.role, now)?;
    Ok(until.map(|until| until.min(permission.until)))
}

/// Ends a permission; `false` when it had ended.
pub fn revoke_permission(tx: &mut Tx<'_>, id: i64, account: i64, now: Timestamp) -> Result<bool, DbError> {
    let sql = "UPDATE oauth_grant SET revoked = ?3 WHERE grant_id = ?1 AND account = ?2 AND revoked IS NULL";
    let ended = tx.execute(sql, &[id.into(), account.into(), now.into()])? > 0;
    if ended {
        narrow(tx, account)?;
    }
    Ok(ended)
}

/// Keeps what is left of a permission. Every process asks again what its tokens are worth.
pub fn narrow_permission(
    tx: &mut Tx<'_>,
    house: &House,
    whose: &Stored,
    id: i64,
    until: Timestamp,
    allowed: &Allowed,
) -> Result<(), VaultError> {
    let sealed = seal(tx, house, owner(&whose.profile), &grant_place(id), allowed)?;
    tx.execute(
        "UPDATE oauth_grant SET until = ?2, detail = ?3, version = version + 1 WHERE grant_id = ?1",
        &[id.into(), until.into(), (&sealed).into()],
    )?;
    Ok(narrow(tx, whose.id)?)
}

/// Ends whatever somebody allowed: tokens that live are refused from the next request on.
pub fn end_permissions(tx: &mut Tx<'_>, account: i64, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE oauth_grant SET revoked = ?2 WHERE account = ?1 AND revoked IS NULL";
    if tx.execute(sql, &[account.into(), now.into()])? > 0 {
        narrow(tx, account)?;
    }
    Ok(())
}

pub fn touch(tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE oauth_grant SET seen = ?2 WHERE grant_id = ?1", &[id.into(), now.into()])?;
    Ok(())
}

/// Makes every process look again at what it remembers of tokens.
pub(super) fn raise(tx: &mut Tx<'_>) -> Result<(), DbError> {
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])?;
    Ok(())
}

/// Deletes what is over, and apps that put themselves on the list for nothing. A used code or token is remembered until it would have expired.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp) -> Result<u64, DbError> {
    let mut deleted = 0;
    deleted += super::store_clients::sweep_unused(tx, now.plus_ms(-UNUSED_MS))?;
    for table in ["oauth_request", "oauth_code", "oauth_refresh", "oauth_seen", "oauth_launch"] {
        deleted += tx.execute(&format!("DELETE FROM {table} WHERE expires <= ?1"), &[now.into()])?;
    }
    Ok(deleted)
}

/// Nothing is left of what a patient who is being erased allowed, nor of what was allowed about them.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    let whose = "(SELECT grant_id FROM oauth_grant WHERE patient = ?1
                  OR account IN (SELECT account FROM account WHERE patient = ?1))";
    for table in ["oauth_code", "oauth_refresh"] {
        tx.execute(&format!("DELETE FROM {table} WHERE grant_id IN {whose}"), &[patient.into()])?;
    }
    tx.execute("DELETE FROM oauth_launch WHERE patient = ?1", &[patient.into()])?;
    let sql = "DELETE FROM oauth_grant WHERE patient = ?1
               OR account IN (SELECT account FROM account WHERE patient = ?1)";
    tx.execute(sql, &[patient.into()])?;
    raise(tx)
}
