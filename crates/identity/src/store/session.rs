//! All SQL of sessions.

use super::{Stored, narrow, owner};
use crate::caller::WRITTEN_EVERY_MS;
use crate::model::{Method, SessionKind};
use crate::rules::idle_ms;
use db::{DbError, Row, Tx, Value};
use kernel::{Rng, Role, Timestamp};
use std::net::IpAddr;
use vault::{Aad, Vault, VaultError};

/// Sessions an account may have open at once; a new one beyond that ends the oldest.
const MOST_SESSIONS: i64 = 50;

/// How long the secret that a session had opens what was under way when it got another: a request may have left before the
/// answer with the new one arrived, and a slow network takes seconds.
const PREVIOUS_MS: i64 = 10_000;

const fn device_place(account: i64, session: i64) -> Aad {
    Aad::new("session device", account, session, 0)
}

const fn address_place(account: i64, session: i64) -> Aad {
    Aad::new("session place", account, session, 0)
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
    /// Good for the account and its devices only.
    pub limited: bool,
    /// The last full proof of who it is.
    pub fresh: Option<Timestamp>,
    pub method: Method,
    /// The passkey it was opened with.
    pub passkey: Option<i64>,
    /// The enrolment of the face check it was opened with.
    pub face: Option<i64>,
    /// It was asked for by the secret it had before: until then that one opens what was under way.
    pub over: Option<Timestamp>,
}

const COLUMNS: &str = "id, account, kind, created, seen, expires, limited, fresh, method, passkey, face";

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
    let method = row.int(8)?;
    Ok(SessionRow {
        id: row.int(0)?,
        account: row.int(1)?,
        kind,
        created: Timestamp(row.int(3)?),
        seen: Timestamp(row.int(4)?),
        expires: Timestamp(row.int(5)?),
        limited: row.int(6)? != 0,
        fresh: row.opt_int(7)?.map(Timestamp),
        method: Method::of_code(method)
            .ok_or_else(|| DbError::Failed(format!("a session opened by method {method}")))?,
        passkey: row.opt_int(9)?,
        face: row.opt_int(10)?,
        over: None,
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
    (device, place): (&str, Option<IpAddr>),
) -> Result<(), VaultError> {
    let key = vault.key(tx, owner(&stored.profile))?;
    let device = key.seal(rng, &device_place(stored.id, row.id), device.as_bytes())?;
    let place = place
        .map(|place| key.seal(rng, &address_place(stored.id, row.id), place.to_canonical().to_string().as_bytes()))
        .transpose()?;
    tx.execute(
        "INSERT INTO session
           (token, id, account, kind, created, seen, expires, device, limited, fresh, method, passkey, place, face)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        &[
            token.into(),
            row.id.into(),
            row.account.into(),
            code(row.kind).into(),
            row.created.into(),
            row.seen.into(),
            row.expires.into(),
            (&device).into(),
            row.limited.into(),
            row.fresh.into(),
            row.method.code().into(),
            row.passkey.into(),
            place.as_ref().map_or(Value::Null, Value::from),
            row.face.into(),
        ],
    )?;
    // Whoever signs in was here; a service's token is made by somebody else.
    if row.kind != SessionKind::Service {
        let sql = "UPDATE account SET seen = ?2 WHERE account = ?1 AND (seen IS NULL OR seen < ?2)";
        tx.execute(sql, &[row.account.into(), row.seen.into()])?;
    }
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

/// The session of a secret: of the one it has, or for a moment of the one it had. That one brings no fresh proof along, and
/// what was limited is limited to it.
pub fn find_session(tx: &mut Tx<'_>, token: &[u8; 32], now: Timestamp) -> Result<Option<SessionRow>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE token = ?1");
    let found = tx.query_opt(&sql, &[token.into()], session)?;
    if found.is_some() {
        return Ok(found);
    }
    let sql = format!(
        "SELECT {COLUMNS}, previous_until, previous_limited FROM session WHERE previous = ?1 AND previous_until > ?2"
    );
    tx.query_opt(&sql, &[token.into(), now.into()], |row| {
        let (over, limited) = (row.opt_int(11)?.map(Timestamp), row.opt_int(12)? == Some(1));
        Ok(SessionRow { over, limited, fresh: None, ..session(row)? })
    })
}

/// The hash of the secret that a session has now.
pub fn secret_of_session(tx: &mut Tx<'_>, account: i64, session: i64) -> Result<Option<[u8; 32]>, DbError> {
    let sql = "SELECT token FROM session WHERE account = ?1 AND id = ?2";
    let found = tx.query_opt(sql, &[account.into(), session.into()], |row| {
        let token: Result<[u8; 32], _> = row.blob(0)?.try_into();
        Ok::<_, DbError>(token.ok())
    })?;
    Ok(found.flatten())
}

/// A session with what is sealed of it.
pub struct Device {
    pub row: SessionRow,
    pub device: String,
    pub place: Option<String>,
}

/// The sessions of an account with the devices and addresses they were opened on, newest first.
pub fn sessions(tx: &mut Tx<'_>, vault: &Vault, stored: &Stored) -> Result<Vec<Device>, VaultError> {
    let sql = format!("SELECT {COLUMNS}, device, place FROM session WHERE account = ?1 ORDER BY id DESC");
    let rows = tx.query(&sql, &[stored.id.into()], |row| {
        let place = row.opt_blob(12)?.map(<[u8]>::to_vec);
        Ok::<_, VaultError>((session(row)?, row.blob(11)?.to_vec(), place))
    })?;
    let key = vault.key(tx, owner(&stored.profile))?;
    let mut out = Vec::with_capacity(rows.len());
    for (row, device, place) in rows {
        let device = key.open(&device_place(stored.id, row.id), &device)?;
        let place = place.map(|place| key.open(&address_place(stored.id, row.id), &place)).transpose()?;
        out.push(Device {
            device: String::from_utf8_lossy(&device).into_owned(),
            place: place.map(|place| String::from_utf8_lossy(&place).into_owned()),
            row,
        });
    }
    Ok(out)
}

/// Until when a session stands if nobody uses it any more; `None` when it is over. That it is in use is written down
/// once a minute, and at other replicas nothing else is known of it.
pub fn stands_until(
    tx: &mut Tx<'_>,
    account: i64,
    session: i64,
    role: Role,
    now: Timestamp,
) -> Result<Option<Timestamp>, DbError> {
    let sql = format!("SELECT {COLUMNS} FROM session WHERE account = ?1 AND id = ?2");
    let found = tx.query_opt(&sql, &[account.into(), session.into()], self::session)?;
    let until = found.map(|row| row.expires.min(row.seen.plus_ms(idle_ms(row.kind, role) + WRITTEN_EVERY_MS)));
    Ok(until.filter(|until| *until > now))
}

/// Notes a full proof of who a session is, and gives it another secret. What was limited is so no longer; `method` is then how
/// it came about. `None` when the session is over.
pub fn confirm_session(
    tx: &mut Tx<'_>,
    (old, new): (&[u8; 32], &[u8; 32]),
    account: i64,
    method: Method,
    now: Timestamp,
) -> Result<Option<SessionRow>, DbError> {
    let found = find_session(tx, old, now)?.filter(|row| row.account == account);
    let Some(id) = found.map(|row| row.id) else { return Ok(None) };
    // Whoever came by a code sent by e-mail, and now by another way in, holds both.
    tx.execute(
        "UPDATE account SET proved = 1 WHERE account = ?2 AND proved = 0
         AND EXISTS (SELECT 1 FROM session WHERE id = ?1 AND account = ?2 AND limited = 1)",
        &[id.into(), account.into()],
    )?;
    tx.execute(
        "UPDATE session SET previous = token, previous_until = ?6, previous_limited = limited, token = ?5, seen = ?3,
         fresh = ?3, method = CASE WHEN limited = 1 THEN ?4 ELSE method END, limited = 0
         WHERE id = ?1 AND account = ?2",
        &[id.into(), account.into(), now.into(), method.code().into(), new.into(), now.plus_ms(PREVIOUS_MS).into()],
    )?;
    // What the caches say of this session is too little now, and of its old secret too much.
    narrow(tx, account)?;
    find_session(tx, new, now)
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

/// Ends the sessions that were opened with a passkey.
pub fn end_sessions_of_passkey(tx: &mut Tx<'_>, account: i64, passkey: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM session WHERE account = ?1 AND passkey = ?2";
    if tx.execute(sql, &[account.into(), passkey.into()])? > 0 {
        narrow(tx, account)?;
    }
    Ok(())
}

/// Ends the sessions that were opened by the face check on a device.
pub fn end_sessions_of_face(tx: &mut Tx<'_>, account: i64, face: i64) -> Result<(), DbError> {
    let sql = "DELETE FROM session WHERE account = ?1 AND face = ?2";
    if tx.execute(sql, &[account.into(), face.into()])? > 0 {
        narrow(tx, account)?;
    }
    Ok(())
}

/// Ends the sessions that were opened before a moment.
pub fn end_sessions_before(tx: &mut Tx<'_>, account: i64, before: Timestamp) -> Result<(), DbError> {
    let sql = "DELETE FROM session WHERE account = ?1 AND created < ?2 AND kind <> ?3";
    if tx.execute(sql, &[account.into(), before.into(), code(SessionKind::Service).into()])? > 0 {
        narrow(tx, account)?;
    }
    Ok(())
}

/// Ends the sessions that were opened in a certain way.
pub fn end_sessions_of_method(tx: &mut Tx<'_>, account: i64, method: Method) -> Result<(), DbError> {
    let sql = "DELETE FROM session WHERE account = ?1 AND method = ?2";
    if tx.execute(sql, &[account.into(), method.code().into()])? > 0 {
        narrow(tx, account)?;
    }
    Ok(())
}

/// Ends the sessions of a person on all devices but this one; says how many.
pub fn end_other_sessions(tx: &mut Tx<'_>, account: i64, but: i64) -> Result<u64, DbError> {
    let ended = tx.execute(
        "DELETE FROM session WHERE account = ?1 AND id <> ?2 AND kind <> ?3",
        &[account.into(), but.into(), code(SessionKind::Service).into()],
    )?;
    if ended > 0 {
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
pub fn touch(tx: &mut Tx<'_>, session: i64, account: i64, now: Timestamp) -> Result<(), DbError> {
    let sql = "UPDATE session SET seen = ?3 WHERE account = ?1 AND id = ?2 AND seen < ?3";
    tx.execute(sql, &[account.into(), session.into(), now.into()])?;
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
