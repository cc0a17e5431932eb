//! All SQL of the inbox.

use crate::hours::Quiet;
use crate::wishes::{Way, Wishes};
use crate::{Kind, Letter, Notice, letters, readings};
use db::{DbError, Tx};
use jobs::JobError;
use kernel::{Id, Role, Timestamp, id};
use ledger::House;
use serde::{Deserialize, Serialize};
use vault::{Aad, DIRECTORY, Vault, VaultError};

/// Notices kept per account; the oldest go first.
const KEPT: i64 = 500;

/// Notices shown at once.
const SHOWN: i64 = 100;

/// The sealed part.
#[derive(Serialize, Deserialize)]
struct Detail {
    title: String,
    body: String,
    #[serde(skip_serializing_if = "Option::is_none", default)]
    link: Option<String>,
    /// What an e-mail says instead of the title.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    subject: Option<String>,
}

/// A notice in somebody's inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub id: i64,
    pub time: Timestamp,
    pub read: bool,
    pub notice: Notice,
}

const fn place(id: i64, account: i64) -> Aad {
    Aad::new("notice", id, account, 0)
}

/// What decides how an account is told.
struct Reader {
    role: Option<Role>,
    /// Whose key seals what it is told: the patient's, if it is a patient's account.
    owner: i64,
    wishes: Wishes,
}

fn reader(tx: &mut Tx<'_>, account: i64) -> Result<Reader, DbError> {
    let sql = "SELECT a.role, a.patient, COALESCE(w.ways, ''), COALESCE(w.daily_at, -1), COALESCE(w.zone, ''),
               w.quiet_from, w.quiet_to FROM account a LEFT JOIN wish w ON w.account = a.account WHERE a.account = ?1";
    let found = tx.query_opt(sql, &[account.into()], |row| {
        let mut wishes = Wishes::default();
        if let Ok(minute) = u16::try_from(row.int(3)?) {
            wishes.daily_at = minute;
            row.text(4)?.clone_into(&mut wishes.zone);
            let bound = |at: usize| Ok::<_, DbError>(row.opt_int(at)?.and_then(|minute| u16::try_from(minute).ok()));
            wishes.quiet = bound(5)?.zip(bound(6)?).map(|(from, to)| Quiet { from, to });
            wishes.ways = serde_json::from_str(row.text(2)?).map_err(|e| DbError::Failed(format!("a wish: {e}")))?;
        }
        Ok::<_, DbError>(Reader {
            role: Role::parse(row.text(0)?),
            owner: row.opt_int(1)?.unwrap_or(DIRECTORY),
            wishes,
        })
    })?;
    Ok(found.unwrap_or_else(|| Reader { role: None, owner: DIRECTORY, wishes: Wishes::default() }))
}

/// What an account said of how it wants to be told.
pub fn wishes(tx: &mut Tx<'_>, account: Id<id::Account>) -> Result<Wishes, DbError> {
    Ok(reader(tx, account.get())?.wishes)
}

pub fn keep_wishes(tx: &mut Tx<'_>, account: Id<id::Account>, wishes: &Wishes) -> Result<(), DbError> {
    let ways = serde_json::to_string(&wishes.ways).map_err(|e| DbError::Failed(e.to_string()))?;
    tx.execute(
        "INSERT INTO wish (account, daily_at, ways, zone, quiet_from, quiet_to) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
         ON CONFLICT (account) DO UPDATE SET daily_at = excluded.daily_at, ways = excluded.ways,
         zone = excluded.zone, quiet_from = excluded.quiet_from, quiet_to = excluded.quiet_to",
        &[
            account.into(),
            i64::from(wishes.daily_at).into(),
            ways.as_str().into(),
            wishes.zone.as_str().into(),
            wishes.quiet.map(|quiet| i64::from(quiet.from)).into(),
            wishes.quiet.map(|quiet| i64::from(quiet.to)).into(),
        ],
    )?;
    tx.announce(format!("account:{} inbox", account.get()));
    Ok(())
}

/// Tells an account what it wishes to be told, in the way it wishes, in the caller's transaction; says which way.
pub fn send(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>, notice: &Notice) -> Result<Way, VaultError> {
    let reader = reader(tx, account.get())?;
    let way = reader.wishes.way(reader.role, notice.kind);
    match way {
        Way::Off => return Ok(way),
        Way::Daily if letters::reach(tx, house, account)? == letters::Reach::Reached => {
            if !daily_planned(tx, account, house)? {
                letters::plan(tx, house, account, &reader.wishes)?;
            }
            insert(tx, house, (account.get(), reader.owner), notice, true)?;
        }
        Way::App | Way::Daily | Way::Mail => insert(tx, house, (account.get(), reader.owner), notice, false)?,
    }
    if way == Way::Mail {
        letters::write(tx, house, account, notice, &reader.wishes)?;
    }
    Ok(way)
}

/// Whether a letter is planned for what waits: the first that waits plans it. One that waits for longer than two days has
/// lost its letter.
fn daily_planned(tx: &mut Tx<'_>, account: Id<id::Account>, house: &House) -> Result<bool, DbError> {
    let since = house.clock.now().plus_ms(-2 * 86_400_000);
    let sql = "SELECT COUNT(*) FROM notice WHERE account = ?1 AND daily = 1 AND time > ?2";
    Ok(tx.count(sql, &[account.into(), since.into()])? > 0)
}

/// Something for a daily letter.
pub struct Waiting {
    pub title: String,
}

/// What waits for an account's daily letter, oldest first, without what was read in the app; it waits no longer.
pub fn take_daily(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>) -> Result<Vec<Waiting>, VaultError> {
    let owner = reader(tx, account.get())?.owner;
    let sql = "SELECT notice_id, detail, about FROM notice WHERE account = ?1 AND daily = 1 AND read = 0
               ORDER BY notice_id";
    let rows = tx
        .query(sql, &[account.into()], |row| Ok::<_, DbError>((row.int(0)?, row.blob(1)?.to_vec(), row.opt_int(2)?)))?;
    let mut waiting = Vec::with_capacity(rows.len());
    for (id, sealed, about) in rows {
        let Detail { title, subject, .. } =
            opened(tx, &house.vault, (id, account.get()), about.unwrap_or(owner), &sealed)?;
        waiting.push(Waiting { title: subject.unwrap_or(title) });
    }
    tx.execute("UPDATE notice SET daily = 0 WHERE account = ?1 AND daily = 1", &[account.into()])?;
    Ok(waiting)
}

/// Puts a notice into an account's inbox.
fn insert(
    tx: &mut Tx<'_>,
    house: &House,
    (account, owner): (i64, i64),
    notice: &Notice,
    daily: bool,
) -> Result<(), VaultError> {
    let about = notice.about.map(Id::get);
    let owner = about.unwrap_or(owner);
    let id = tx.allocate("notice", 1)?;
    let subject = match &notice.letter {
        Letter::Says { subject, .. } => Some(subject.clone()),
        Letter::Title | Letter::Own => None,
    };
    let detail = Detail { title: notice.title.clone(), body: notice.body.clone(), link: notice.link.clone(), subject };
    let json = serde_json::to_vec(&detail).map_err(|e| DbError::Failed(e.to_string()))?;
    let sealed = house.vault.key(tx, owner)?.seal(&*house.rng, &place(id, account), &json)?;
    tx.execute(
        "INSERT INTO notice (notice_id, account, time, kind, read, detail, about, daily)
         VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6, ?7)",
        &[
            id.into(),
            account.into(),
            house.clock.now().into(),
            notice.kind.as_str().into(),
            (&sealed).into(),
            about.into(),
            i64::from(daily).into(),
        ],
    )?;
    tx.execute(
        "DELETE FROM notice WHERE account = ?1 AND notice_id <=
         (SELECT notice_id FROM notice WHERE account = ?1 ORDER BY notice_id DESC LIMIT 1 OFFSET ?2)",
        &[account.into(), KEPT.into()],
    )?;
    tx.announce(format!("account:{account} inbox"));
    Ok(())
}

fn send_all(tx: &mut Tx<'_>, house: &House, accounts: Vec<i64>, notice: &Notice) -> Result<(), VaultError> {
    accounts.into_iter().try_for_each(|account| send(tx, house, Id::new(account), notice).map(drop))
}

/// Tells every account of a patient, and whoever looks after all of their record.
pub fn to_patient(tx: &mut Tx<'_>, house: &House, patient: Id<id::Patient>, notice: &Notice) -> Result<(), VaultError> {
    to_patient_but(tx, house, patient, 0, notice)
}

/// The same without this account, which knows it already.
pub fn to_patient_but(
    tx: &mut Tx<'_>,
    house: &House,
    patient: Id<id::Patient>,
    account: i64,
    notice: &Notice,
) -> Result<(), VaultError> {
    let sql = "SELECT account FROM account WHERE patient = ?1 AND account <> ?2 ORDER BY account";
    let accounts = tx.query(sql, &[patient.into(), account.into()], |row| row.int(0))?;
    send_all(tx, house, accounts, notice)?;
    let sql = "SELECT delegation_id, account, whose FROM delegation
               WHERE patient = ?1 AND account <> ?2 AND state = 1 AND acts = 1 AND whole = 1 AND until > ?3
               AND (guardian = 1 OR patient NOT IN (SELECT x.patient FROM restriction x))
               ORDER BY delegation_id";
    let looking = tx.query(sql, &[patient.into(), account.into(), house.clock.now().into()], |row| {
        Ok::<_, VaultError>((row.int(0)?, row.int(1)?, row.blob(2)?.to_vec()))
    })?;
    for (delegation, account, whose) in looking {
        let place = Aad::new("delegation whose", delegation, patient.get(), 0);
        let json = house.vault.key(tx, patient.get())?.open(&place, &whose)?;
        let whose: Whose = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
        let mut told = notice.clone().about(patient);
        told.title = format!("For {}: {}", whose.name, notice.title);
        // E-mail is read on the way: it says whose record it is to nobody.
        if told.letter != Letter::Own {
            let (subject, text) = notice.words();
            told.letter = Letter::Says { subject: format!("for somebody you look after: {subject}"), text };
        }
        // The page leads into that record first: the address alone would be the reader's own.
        told.link = notice.link.as_ref().map(|link| match link.as_str() {
            "/family" => link.clone(),
            inside => format!("/family/{}?to={inside}", whose.id),
        });
        send(tx, house, Id::new(account), &told)?;
    }
    Ok(())
}

/// Whose record somebody looks after, as `consent` keeps it.
#[derive(Deserialize)]
struct Whose {
    id: String,
    name: String,
}

/// The records that an account looks after in full, and until when: it hears what changes in them.
pub fn looked_after(
    tx: &mut Tx<'_>,
    account: Id<id::Account>,
    now: Timestamp,
) -> Result<Vec<(i64, Timestamp)>, DbError> {
    tx.query(
        "SELECT patient, until FROM delegation
         WHERE account = ?1 AND state = 1 AND acts = 1 AND whole = 1 AND until > ?2
         AND (guardian = 1 OR patient NOT IN (SELECT x.patient FROM restriction x))",
        &[account.into(), now.into()],
        |row| Ok((row.int(0)?, Timestamp(row.int(1)?))),
    )
}

/// Tells every account of a practitioner.
pub fn to_practitioner(
    tx: &mut Tx<'_>,
    house: &House,
    practitioner: Id<id::Practitioner>,
    notice: &Notice,
) -> Result<(), VaultError> {
    let sql = "SELECT account FROM account WHERE practitioner = ?1 ORDER BY account";
    let accounts = tx.query(sql, &[practitioner.into()], |row| row.int(0))?;
    send_all(tx, house, accounts, notice)
}

/// Tells everybody who works in an organization.
pub fn to_members(
    tx: &mut Tx<'_>,
    house: &House,
    organization: Id<id::Organization>,
    notice: &Notice,
) -> Result<(), VaultError> {
    let sql = "SELECT account FROM membership WHERE organization = ?1 ORDER BY account";
    let accounts = tx.query(sql, &[organization.into()], |row| row.int(0))?;
    send_all(tx, house, accounts, notice)
}

/// Tells every administrator.
pub fn to_administrators(tx: &mut Tx<'_>, house: &House, notice: &Notice) -> Result<(), VaultError> {
    let role = kernel::Role::Administrator.as_str();
    let accounts =
        tx.query("SELECT account FROM account WHERE role = ?1 ORDER BY account", &[role.into()], |row| row.int(0))?;
    send_all(tx, house, accounts, notice)
}

/// Tells the administrators but this account, unless there is no other.
pub fn to_administrators_but(
    tx: &mut Tx<'_>,
    house: &House,
    but: Option<i64>,
    notice: &Notice,
) -> Result<(), VaultError> {
    let role = kernel::Role::Administrator.as_str();
    let sql = "SELECT account FROM account WHERE role = ?1 AND state = 0 AND account <> ?2 ORDER BY account";
    let others = tx.query(sql, &[role.into(), but.unwrap_or(0).into()], |row| row.int(0))?;
    if others.is_empty() { to_administrators(tx, house, notice) } else { send_all(tx, house, others, notice) }
}

/// Tells the administrators that a job was given up: for `jobs::Registry::when_given_up`.
pub fn job_given_up(tx: &mut Tx<'_>, house: &House, kind: &'static str) -> Result<(), JobError> {
    let body = format!("A job of the kind {kind} failed ten times and was given up. The server's log says why.");
    Ok(to_administrators(tx, house, &Notice::new(Kind::Security, "A background job was given up", body))?)
}

fn opened(
    tx: &mut Tx<'_>,
    vault: &Vault,
    (id, account): (i64, i64),
    owner: i64,
    sealed: &[u8],
) -> Result<Detail, VaultError> {
    let json = vault.key(tx, owner)?.open(&place(id, account), sealed)?;
    serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)
}

/// The newest notices of an account, newest first, and how many of all are unread.
pub fn inbox(tx: &mut Tx<'_>, vault: &Vault, account: Id<id::Account>) -> Result<(Vec<Item>, i64), VaultError> {
    let account = account.get();
    let owner = reader(tx, account)?.owner;
    let rows = tx.query(
        "SELECT notice_id, time, kind, read, detail, about FROM notice WHERE account = ?1
         ORDER BY notice_id DESC LIMIT ?2",
        &[account.into(), SHOWN.into()],
        |row| {
            let kind = Kind::parse(row.text(2)?).unwrap_or(Kind::Record);
            let place = (row.int(0)?, Timestamp(row.int(1)?), kind, row.int(3)? != 0);
            Ok::<_, VaultError>((place, row.blob(4)?.to_vec(), row.opt_int(5)?))
        },
    )?;
    let mut items = Vec::with_capacity(rows.len());
    for ((id, time, kind, read), sealed, about) in rows {
        let Detail { title, body, link, .. } = opened(tx, vault, (id, account), about.unwrap_or(owner), &sealed)?;
        let (about, letter) = (about.map(Id::new), Letter::Title);
        items.push(Item { id, time, read, notice: Notice { kind, title, body, link, about, letter } });
    }
    let unread = tx.count("SELECT COUNT(*) FROM notice WHERE account = ?1 AND read = 0", &[account.into()])?;
    Ok((items, unread))
}

/// Marks one notice read, or all; `false` when the account has no such notice.
pub fn mark_read(
    tx: &mut Tx<'_>,
    account: Id<id::Account>,
    notice: Option<i64>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let found = match notice {
        Some(id) => tx.execute(
            "UPDATE notice SET read = 1, read_at = COALESCE(read_at, ?3) WHERE account = ?1 AND notice_id = ?2",
            &[account.into(), id.into(), now.into()],
        )?,
        None => tx.execute(
            "UPDATE notice SET read = 1, read_at = ?2 WHERE account = ?1 AND read = 0",
            &[account.into(), now.into()],
        )?,
    };
    if found > 0 {
        tx.announce(format!("account:{} inbox", account.get()));
    }
    Ok(found > 0 || notice.is_none())
}

/// Removes what others were told about a record that is being erased.
pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), DbError> {
    let told = tx.query("SELECT DISTINCT account FROM notice WHERE about = ?1", &[patient.into()], |row| row.int(0))?;
    tx.execute("DELETE FROM notice WHERE about = ?1", &[patient.into()])?;
    readings::forget_patient(tx, patient.get())?;
    for account in told {
        tx.announce(format!("account:{account} inbox"));
    }
    Ok(())
}

/// Removes every notice of an account that is being erased, and what it wished.
pub fn forget(tx: &mut Tx<'_>, account: Id<id::Account>) -> Result<(), DbError> {
    tx.execute("DELETE FROM notice WHERE account = ?1", &[account.into()])?;
    letters::forget(tx, account)
}

/// Removes notices that were read before, at most `most` of them. One that waits for the daily letter is not read yet.
pub fn sweep_read(tx: &mut Tx<'_>, before: Timestamp, most: i64) -> Result<u64, DbError> {
    tx.execute(
        "DELETE FROM notice WHERE notice_id IN (SELECT notice_id FROM notice
         WHERE read = 1 AND COALESCE(read_at, time) < ?1 ORDER BY notice_id LIMIT ?2)",
        &[before.into(), most.into()],
    )
}
