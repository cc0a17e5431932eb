//! All SQL of the inbox.

use crate::{Kind, Notice};
use db::{DbError, Tx};
use jobs::JobError;
use kernel::{Id, Timestamp, id};
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

/// Whose key seals what an account is told: the patient's, if it is a patient's account.
fn owner(tx: &mut Tx<'_>, account: i64) -> Result<i64, DbError> {
    let patient =
        tx.query_opt("SELECT patient FROM account WHERE account = ?1", &[account.into()], |row| row.opt_int(0))?;
    Ok(patient.flatten().unwrap_or(DIRECTORY))
}

/// Puts a notice into an account's inbox, in the caller's transaction.
pub fn send(tx: &mut Tx<'_>, house: &House, account: Id<id::Account>, notice: &Notice) -> Result<(), VaultError> {
    let account = account.get();
    let about = notice.about.map(Id::get);
    let owner = about.map_or_else(|| owner(tx, account), Ok)?;
    let id = tx.allocate("notice", 1)?;
    let detail = Detail { title: notice.title.clone(), body: notice.body.clone(), link: notice.link.clone() };
    let json = serde_json::to_vec(&detail).map_err(|e| DbError::Failed(e.to_string()))?;
    let sealed = house.vault.key(tx, owner)?.seal(&*house.rng, &place(id, account), &json)?;
    tx.execute(
        "INSERT INTO notice (notice_id, account, time, kind, read, detail, about) VALUES (?1, ?2, ?3, ?4, 0, ?5, ?6)",
        &[
            id.into(),
            account.into(),
            house.clock.now().into(),
            notice.kind.as_str().into(),
            (&sealed).into(),
            about.into(),
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
    accounts.into_iter().try_for_each(|account| send(tx, house, Id::new(account), notice))
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

/// Tells the administrators that a job was given up: for `jobs::Registry::when_given_up`.
pub fn job_given_up(tx: &mut Tx<'_>, house: &House, kind: &'static str) -> Result<(), JobError> {
    let body = format!("A job of the kind {kind} failed ten times and was given up. The server's log says why.");
    Ok(to_administrators(tx, house, &Notice::new(Kind::Security, "A background job was given up", body))?)
}

/// The newest notices of an account, newest first, and how many of all are unread.
pub fn inbox(tx: &mut Tx<'_>, vault: &Vault, account: Id<id::Account>) -> Result<(Vec<Item>, i64), VaultError> {
    let account = account.get();
    let owner = owner(tx, account)?;
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
        let json = vault.key(tx, about.unwrap_or(owner))?.open(&place(id, account), &sealed)?;
        let Detail { title, body, link } = serde_json::from_slice(&json).map_err(|_| VaultError::DoesNotOpen)?;
        let about = about.map(Id::new);
        items.push(Item { id, time, read, notice: Notice { kind, title, body, link, about } });
    }
    let unread = tx.count("SELECT COUNT(*) FROM notice WHERE account = ?1 AND read = 0", &[account.into()])?;
    Ok((items, unread))
}

/// Marks one notice read, or all; `false` when the account has no such notice.
pub fn mark_read(tx: &mut Tx<'_>, account: Id<id::Account>, notice: Option<i64>) -> Result<bool, DbError> {
    let found = match notice {
        Some(id) => tx.execute(
            "UPDATE notice SET read = 1 WHERE account = ?1 AND notice_id = ?2",
            &[account.into(), id.into()],
        )?,
        None => tx.execute("UPDATE notice SET read = 1 WHERE account = ?1 AND read = 0", &[account.into()])?,
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
    for account in told {
        tx.announce(format!("account:{account} inbox"));
    }
    Ok(())
}

/// Removes every notice of an account that is being erased.
pub fn forget(tx: &mut Tx<'_>, account: Id<id::Account>) -> Result<(), DbError> {
    tx.execute("DELETE FROM notice WHERE account = ?1", &[account.into()])?;
    Ok(())
}
