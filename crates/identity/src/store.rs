//! All SQL of accounts, memberships and sessions.

use crate::model::{Profile, SessionKind, Workplace};
use crate::rules::{fold_email, fold_name};
use db::{DbError, Row, Tx, Value};
use kernel::{Rng, Timestamp};
use vault::{Aad, DIRECTORY, Vault, VaultError};

/// Sessions an account may have open at once; a new one beyond that ends the oldest.
const MOST_SESSIONS: i64 = 50;

/// An account as it is stored, opened.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: i64,
    pub locked: bool,
    pub profile: Profile,
    pub created: Timestamp,
    pub seen: Option<Timestamp>,
}

const fn profile_place(account: i64) -> Aad {
    Aad::new("account", account, 0, 0)
}

const fn secret_place(account: i64) -> Aad {
    Aad::new("account secret", account, 0, 0)
}

const fn device_place(account: i64, session: i64) -> Aad {
    Aad::new("session device", account, session, 0)
}

/// Whose key seals what is kept of an account.
pub fn owner(profile: &Profile) -> i64 {
    profile.patient.as_ref().map_or(DIRECTORY, |link| link.rid.get())
}

fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, DbError> {
    serde_json::to_vec(value).map_err(|e| DbError::Failed(e.to_string()))
}

/// The number that grows whenever somebody's access narrows; caches are only good for the one they were filled at.
pub fn epoch(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.count("SELECT value FROM counter WHERE name = 'epoch'", &[])
}

/// Makes every cache look again, in every process. `pages` of the account ask afresh who they are.
pub fn narrow(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("UPDATE counter SET value = value + 1 WHERE name = 'epoch'", &[])?;
    tx.announce(format!("account:{account} session"));
    Ok(())
}

fn login_term(vault: &Vault, name: &str) -> i64 {
    vault.terms().hash(b"login", &[fold_name(name).as_bytes()])
}

fn email_term(vault: &Vault, email: &str) -> i64 {
    vault.terms().hash(b"email", &[fold_email(email).as_bytes()])
}

/// What stands for a name that may be nobody's.
pub fn name_term(vault: &Vault, name: &str) -> i64 {
    login_term(vault, name)
}

/// Whether a name is anybody's user name or e-mail address.
pub fn is_taken(tx: &mut Tx<'_>, vault: &Vault, name: &str) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM account WHERE login = ?1 OR email = ?2";
    Ok(tx.count(sql, &[login_term(vault, name).into(), email_term(vault, name).into()])? > 0)
}

pub fn insert(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    profile: &Profile,
    secret: Option<&str>,
    now: Timestamp,
) -> Result<i64, VaultError> {
    let id = tx.allocate("account", 1)?;
    let key = vault.key(tx, owner(profile))?;
    let sealed = key.seal(rng, &profile_place(id), &json(profile)?)?;
    let secret = secret.map(|secret| key.seal(rng, &secret_place(id), secret.as_bytes())).transpose()?;
    tx.execute(
        "INSERT INTO account (account, role, state, login, email, patient, practitioner, profile, secret, created)
         VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        &[
            id.into(),
            profile.role.as_str().into(),
            login_term(vault, &profile.username).into(),
            profile.email.as_deref().map(|email| email_term(vault, email)).into(),
            profile.patient.as_ref().map(|link| link.rid.get()).into(),
            profile.practitioner.as_ref().map(|link| link.rid.get()).into(),
            (&sealed).into(),
            secret.as_ref().map_or(Value::Null, Value::from),
            now.into(),
        ],
    )?;
    for place in &profile.organizations {
        insert_membership(tx, id, place)?;
    }
    Ok(id)
}

fn insert_membership(tx: &mut Tx<'_>, account: i64, place: &Workplace) -> Result<(), DbError> {
    tx.execute(
        "INSERT INTO membership (account, organization) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
        &[account.into(), place.rid.into()],
    )?;
    Ok(())
}

/// Adds a workplace; the sealed profile and the index of members change together.
pub fn add_workplace(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    mut stored: Stored,
    place: Workplace,
) -> Result<Stored, VaultError> {
    insert_membership(tx, stored.id, &place)?;
    stored.profile.organizations.push(place);
    let key = vault.key(tx, owner(&stored.profile))?;
    let sealed = key.seal(rng, &profile_place(stored.id), &json(&stored.profile)?)?;
    tx.execute("UPDATE account SET profile = ?2 WHERE account = ?1", &[stored.id.into(), (&sealed).into()])?;
    Ok(stored)
}

const COLUMNS: &str = "account, state, patient, profile, created, seen";

struct Raw {
    id: i64,
    locked: bool,
    owner: i64,
    profile: Vec<u8>,
    created: Timestamp,
    seen: Option<Timestamp>,
}

fn raw(row: &Row<'_, '_>) -> Result<Raw, DbError> {
    Ok(Raw {
        id: row.int(0)?,
        locked: row.int(1)? != 0,
        owner: row.opt_int(2)?.unwrap_or(DIRECTORY),
        profile: row.blob(3)?.to_vec(),
        created: Timestamp(row.int(4)?),
        seen: row.opt_int(5)?.map(Timestamp),
    })
}

/// `None` when the account's patient was erased: then there is nobody any more.
fn opened(tx: &mut Tx<'_>, vault: &Vault, raw: Raw) -> Result<Option<Stored>, VaultError> {
    let key = match vault.key(tx, raw.owner) {
        Ok(key) => key,
        Err(VaultError::NoKey) => return Ok(None),
        Err(error) => return Err(error),
    };
    let json = key.open(&profile_place(raw.id), &raw.profile)?;
    let profile: Profile = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
    Ok(Some(Stored { id: raw.id, locked: raw.locked, profile, created: raw.created, seen: raw.seen }))
}

pub fn find(tx: &mut Tx<'_>, vault: &Vault, account: i64) -> Result<Option<Stored>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE account = ?1");
    match tx.query_opt(&sql, &[account.into()], raw)? {
        Some(raw) => opened(tx, vault, raw),
        None => Ok(None),
    }
}

/// The account with this user name or e-mail address.
pub fn find_by_name(tx: &mut Tx<'_>, vault: &Vault, name: &str) -> Result<Option<Stored>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE login = ?1 OR email = ?2 ORDER BY account");
    let found = tx.query(&sql, &[login_term(vault, name).into(), email_term(vault, name).into()], raw)?;
    for raw in found {
        if let Some(stored) = opened(tx, vault, raw)? {
            // A hash of 64 bits can meet another; the name itself cannot.
            let Profile { username, email, .. } = &stored.profile;
            let same_email = email.as_deref().is_some_and(|email| fold_email(email) == fold_email(name));
            if same_email || fold_name(username) == fold_name(name) {
                return Ok(Some(stored));
            }
        }
    }
    Ok(None)
}

/// The password's hash, if the account has one.
pub fn secret(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Option<String>, VaultError> {
    let sealed = tx.query_opt("SELECT secret FROM account WHERE account = ?1", &[stored.id.into()], |row| {
        Ok::<_, DbError>(row.opt_blob(0)?.map(<[u8]>::to_vec))
    })?;
    let Some(sealed) = sealed.flatten() else { return Ok(None) };
    let plain = vault.key(tx, owner(&stored.profile))?.open(&secret_place(stored.id), &sealed)?;
    String::from_utf8(plain).map(Some).map_err(|_| VaultError::DoesNotOpen)
}

pub fn set_secret(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    secret: &str,
) -> Result<(), VaultError> {
    let sealed = vault.key(tx, owner(&stored.profile))?.seal(rng, &secret_place(stored.id), secret.as_bytes())?;
    tx.execute("UPDATE account SET secret = ?2 WHERE account = ?1", &[stored.id.into(), (&sealed).into()])?;
    Ok(())
}

pub fn set_locked(tx: &mut Tx<'_>, account: i64, locked: bool) -> Result<(), DbError> {
    tx.execute("UPDATE account SET state = ?2 WHERE account = ?1", &[account.into(), locked.into()])?;
    Ok(())
}

/// Hands over every account, newest first.
pub fn each(tx: &mut Tx<'_>, vault: &Vault, mut take: impl FnMut(Stored)) -> Result<(), VaultError> {
    let rows = tx.query(&format!("SELECT {COLUMNS} FROM account ORDER BY account DESC"), &[], raw)?;
    for raw in rows {
        if let Some(stored) = opened(tx, vault, raw)? {
            take(stored);
        }
    }
    Ok(())
}

/// A session as it is stored.
#[derive(Clone, Debug)]
pub struct SessionRow {
    pub id: i64,
    pub account: i64,
    pub kind: SessionKind,
    pub created: Timestamp,
    pub seen: Timestamp,
    pub expires: Timestamp,
}

const fn code(kind: SessionKind) -> i64 {
    match kind {
        SessionKind::Cookie => 0,
        SessionKind::Token => 1,
        SessionKind::Service => 2,
    }
}

fn session(row: &Row<'_, '_>) -> Result<SessionRow, DbError> {
    let kind = match row.int(2)? {
        0 => SessionKind::Cookie,
        1 => SessionKind::Token,
        2 => SessionKind::Service,
        other => return Err(DbError::Failed(format!("a session of kind {other}"))),
    };
    Ok(SessionRow {
        id: row.int(0)?,
        account: row.int(1)?,
        kind,
        created: Timestamp(row.int(3)?),
        seen: Timestamp(row.int(4)?),
        expires: Timestamp(row.int(5)?),
    })
}

/// Stores a session under the hash of its secret.
pub fn insert_session(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    stored: &Stored,
    token: &[u8; 32],
    row: &SessionRow,
    device: &str,
) -> Result<(), VaultError> {
    let key = vault.key(tx, owner(&stored.profile))?;
    let device = key.seal(rng, &device_place(stored.id, row.id), device.as_bytes())?;
    tx.execute(
        "INSERT INTO session (token, id, account, kind, created, seen, expires, device)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        &[
            token.into(),
            row.id.into(),
            row.account.into(),
            code(row.kind).into(),
            row.created.into(),
            row.seen.into(),
            row.expires.into(),
            (&device).into(),
        ],
    )?;
    let ended = tx.execute(
        "DELETE FROM session WHERE account = ?1 AND kind <> ?3 AND id <=
         (SELECT id FROM session WHERE account = ?1 AND kind <> ?3 ORDER BY id DESC LIMIT 1 OFFSET ?2)",
        &[stored.id.into(), MOST_SESSIONS.into(), code(SessionKind::Service).into()],
    )?;
    if ended > 0 {
        narrow(tx, stored.id)?;
    }
    Ok(())
}

pub fn find_session(tx: &mut Tx<'_>, token: &[u8; 32]) -> Result<Option<SessionRow>, DbError> {
    let sql = "SELECT id, account, kind, created, seen, expires FROM session WHERE token = ?1";
    tx.query_opt(sql, &[token.into()], session)
}

/// The sessions of an account with the devices they were opened on, newest first.
pub fn sessions(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Vec<(SessionRow, String)>, VaultError> {
    let rows = tx.query(
        "SELECT id, account, kind, created, seen, expires, device FROM session WHERE account = ?1 ORDER BY id DESC",
        &[stored.id.into()],
        |row| Ok::<_, VaultError>((session(row)?, row.blob(6)?.to_vec())),
    )?;
    let key = vault.key(tx, owner(&stored.profile))?;
    let mut out = Vec::with_capacity(rows.len());
    for (row, sealed) in rows {
        let device = key.open(&device_place(stored.id, row.id), &sealed)?;
        out.push((row, String::from_utf8_lossy(&device).into_owned()));
    }
    Ok(out)
}

/// Ends one session of an account; `false` when it has no such session.
pub fn end_session(tx: &mut Tx<'_>, account: i64, session: i64) -> Result<bool, DbError> {
    let ended =
        tx.execute("DELETE FROM session WHERE account = ?1 AND id = ?2", &[account.into(), session.into()])? > 0;
    if ended {
        narrow(tx, account)?;
    }
    Ok(ended)
}

/// Ends the sessions of a person on all devices; a service's tokens stay, for its lock refuses them anyway.
pub fn end_all_sessions(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    let service = code(SessionKind::Service);
    tx.execute("DELETE FROM session WHERE account = ?1 AND kind <> ?2", &[account.into(), service.into()])?;
    narrow(tx, account)
}

/// Notes that a session is alive. A session that was ended in the meantime stays ended.
pub fn touch(tx: &mut Tx<'_>, token: &[u8; 32], account: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE session SET seen = ?2 WHERE token = ?1 AND seen < ?2", &[token.into(), now.into()])?;
    let sql = "UPDATE account SET seen = ?2 WHERE account = ?1 AND (seen IS NULL OR seen < ?2)";
    tx.execute(sql, &[account.into(), now.into()])?;
    Ok(())
}

/// Deletes sessions whose time is over, and those of people silent since `idle_since`.
pub fn sweep(tx: &mut Tx<'_>, now: Timestamp, idle_since: Timestamp) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM session WHERE expires <= ?1 OR (kind <> ?3 AND seen <= ?2)",
        &[now.into(), idle_since.into(), code(SessionKind::Service).into()],
    )
}

/// Ends everything by which a patient who is being erased could sign in: nothing of the accounts is left.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    let accounts = tx.query("SELECT account FROM account WHERE patient = ?1", &[patient.into()], |row| row.int(0))?;
    // While the accounts are still there to be named.
    crate::oauth::forget_patient(tx, patient)?;
    for account in accounts {
        notify::forget(tx, kernel::Id::new(account))?;
        for table in ["session", "membership", "account"] {
            tx.execute(&format!("DELETE FROM {table} WHERE account = ?1"), &[account.into()])?;
        }
        narrow(tx, account)?;
    }
    Ok(())
}
