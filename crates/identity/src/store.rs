//! All SQL of accounts and memberships; that of sessions and of ways to sign in is in the files beside.

pub mod code;
pub mod passkey;
mod secret;
mod session;

pub use secret::{
    cancel_waiting, forgive, limit_first, missed, misses, promote_waiting, remove_secret, secret, set_secret,
    set_waiting, waiting,
};

pub use session::{
    Device, SessionRow, confirm_session, end_all_sessions, end_other_sessions, end_session, end_sessions_before,
    end_sessions_of_face, end_sessions_of_method, end_sessions_of_passkey, find_session, insert_session,
    secret_of_session, sessions, stands_until, sweep, touch,
};

use crate::model::{Profile, Workplace};
use crate::rules::{fold_email, fold_name};
use db::{DbError, Row, Tx, Value};
use kernel::{Rng, Timestamp};
use vault::{Aad, DIRECTORY, Vault, VaultError};

/// An account as it is stored, opened.
#[derive(Clone, Debug)]
pub struct Stored {
    pub id: i64,
    pub locked: bool,
    pub profile: Profile,
    pub created: Timestamp,
    pub seen: Option<Timestamp>,
    /// Until when the password opens it that an administrator chose; `None` where it is its owner's, or there is none.
    pub first_until: Option<Timestamp>,
}

impl Stored {
    /// Whether the password is a first one whose time is over.
    pub fn first_is_over(&self, now: Timestamp) -> bool {
        self.first_until.is_some_and(|until| until <= now)
    }
}

const fn profile_place(account: i64) -> Aad {
    Aad::new("account", account, 0, 0)
}

pub(super) const fn secret_place(account: i64) -> Aad {
    Aad::new("account secret", account, 0, 0)
}

/// Whose key seals what is kept of an account.
pub fn owner(profile: &Profile) -> i64 {
    profile.patient.as_ref().map_or(DIRECTORY, |link| link.rid.get())
}

pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, DbError> {
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

pub fn email_term(vault: &Vault, email: &str) -> i64 {
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
    seal_profile(tx, vault, rng, &stored)?;
    Ok(stored)
}

/// Writes down what an account says of itself, after a change.
pub fn seal_profile(tx: &mut Tx<'_>, vault: &Vault, rng: &dyn Rng, stored: &Stored) -> Result<(), VaultError> {
    let key = vault.key(tx, owner(&stored.profile))?;
    let sealed = key.seal(rng, &profile_place(stored.id), &json(&stored.profile)?)?;
    tx.execute("UPDATE account SET profile = ?2 WHERE account = ?1", &[stored.id.into(), (&sealed).into()])?;
    Ok(())
}

const COLUMNS: &str = "account, state, patient, profile, created, seen, first_until";

struct Raw {
    id: i64,
    locked: bool,
    owner: i64,
    profile: Vec<u8>,
    created: Timestamp,
    seen: Option<Timestamp>,
    first_until: Option<Timestamp>,
}

fn raw(row: &Row<'_, '_>) -> Result<Raw, DbError> {
    Ok(Raw {
        id: row.int(0)?,
        locked: row.int(1)? != 0,
        owner: row.opt_int(2)?.unwrap_or(DIRECTORY),
        profile: row.blob(3)?.to_vec(),
        created: Timestamp(row.int(4)?),
        seen: row.opt_int(5)?.map(Timestamp),
        first_until: row.opt_int(6)?.map(Timestamp),
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
    let Raw { id, locked, created, seen, first_until, .. } = raw;
    Ok(Some(Stored { id, locked, profile, created, seen, first_until }))
}

pub fn find(tx: &mut Tx<'_>, vault: &Vault, account: i64) -> Result<Option<Stored>, VaultError> {
    let sql = format!("SELECT {COLUMNS} FROM account WHERE account = ?1");
    match tx.query_opt(&sql, &[account.into()], raw)? {
        Some(raw) => opened(tx, vault, raw),
        None => Ok(None),
    }
}

/// The account that has this e-mail address.
pub fn find_by_email(tx: &mut Tx<'_>, vault: &Vault, email: &str) -> Result<Option<Stored>, VaultError> {
    let found = find_by_name(tx, vault, email)?;
    Ok(found.filter(|stored| stored.profile.email.as_deref().is_some_and(|own| fold_email(own) == fold_email(email))))
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

/// Whether somebody showed that the account's e-mail address is theirs.
pub fn is_proved(tx: &mut Tx<'_>, account: i64) -> Result<bool, DbError> {
    Ok(tx.count("SELECT COUNT(*) FROM account WHERE account = ?1 AND proved = 1", &[account.into()])? > 0)
}

/// Notes that the account's e-mail address is its owner's.
pub fn prove(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    tx.execute("UPDATE account SET proved = 1 WHERE account = ?1 AND proved = 0", &[account.into()])?;
    Ok(())
}

/// Ends the ways into an account that no recovery made. `password` stays where the recovery brought it.
pub fn forget_older_ways(tx: &mut Tx<'_>, account: i64, password: bool) -> Result<(), DbError> {
    // Only a passkey that was made by recovery had to wait.
    tx.execute("DELETE FROM passkey WHERE account = ?1 AND ready <= created", &[account.into()])?;
    if !password {
        tx.execute("UPDATE account SET secret = NULL, first_until = NULL WHERE account = ?1", &[account.into()])?;
    }
    tx.execute("DELETE FROM recovery_code WHERE account = ?1", &[account.into()])?;
    for table in crate::face::TABLES.into_iter().chain(["external_link"]) {
        tx.execute(&format!("DELETE FROM {table} WHERE account = ?1"), &[account.into()])?;
    }
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

/// Ends everything by which a patient who is being erased could sign in: nothing of the accounts is left.
pub fn forget_patient(tx: &mut Tx<'_>, patient: i64) -> Result<(), DbError> {
    let accounts = tx.query("SELECT account FROM account WHERE patient = ?1", &[patient.into()], |row| row.int(0))?;
    // While the accounts are still there to be named.
    crate::oauth::forget_patient(tx, patient)?;
    notify::forget_patient(tx, kernel::Id::new(patient))?;
    for account in accounts {
        forget_account(tx, account)?;
    }
    Ok(())
}

/// Nothing is left of an account.
pub fn forget_account(tx: &mut Tx<'_>, account: i64) -> Result<(), DbError> {
    notify::forget(tx, kernel::Id::new(account))?;
    let own = [
        "session",
        "passkey",
        "mail_code",
        "recovery_code",
        "waiting_password",
        "password_miss",
        "membership",
        "external_link",
        "verification",
        "credential",
        "invitation",
        "account",
    ];
    for table in own.into_iter().chain(crate::face::TABLES) {
        tx.execute(&format!("DELETE FROM {table} WHERE account = ?1"), &[account.into()])?;
    }
    narrow(tx, account)
}
