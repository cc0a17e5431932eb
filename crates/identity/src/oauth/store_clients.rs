//! The SQL of registrations.

use super::model::{AppKind, Client, Registered, Registration, Standing};
use super::store::{open, raise, seal};
use db::{DbError, Row, Tx};
use kernel::Timestamp;
use ledger::House;
use vault::{Aad, DIRECTORY, Vault, VaultError};

const fn client_place(client: i64) -> Aad {
    Aad::new("oauth client", client, 0, 0)
}

pub fn insert_client(
    tx: &mut Tx<'_>,
    house: &House,
    ident: &str,
    (state, registrant): (Standing, Option<i64>),
    said: &Registration,
) -> Result<Client, VaultError> {
    let (id, now) = (tx.allocate("oauth_client", 1)?, house.clock.now());
    let sealed = seal(tx, house, DIRECTORY, &client_place(id), said)?;
    tx.execute(
        "INSERT INTO oauth_client (client, ident, state, registrant, created, detail, itself)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        &[
            id.into(),
            ident.into(),
            state.code().into(),
            registrant.into(),
            now.into(),
            (&sealed).into(),
            (said.registered == Registered::Dynamic).into(),
        ],
    )?;
    Ok(Client { id, ident: ident.to_owned(), state, account: None, registrant, created: now, said: said.clone() })
}

const CLIENT: &str = "client, ident, state, account, created, detail, registrant";

type RawClient = (Client, Vec<u8>);

fn raw_client(row: &Row<'_, '_>) -> Result<RawClient, DbError> {
    let empty = Registration {
        name: String::new(),
        kind: AppKind::Public,
        registered: Registered::Dynamic,
        uri: None,
        redirect_uris: Vec::new(),
        launch_uri: None,
        keys: Vec::new(),
        jwks_uri: None,
        scope: None,
        organization: None,
        bound: false,
    };
    let client = Client {
        id: row.int(0)?,
        ident: row.text(1)?.to_owned(),
        state: Standing::of(row.int(2)?),
        account: row.opt_int(3)?,
        registrant: row.opt_int(6)?,
        created: Timestamp(row.int(4)?),
        said: empty,
    };
    Ok((client, row.blob(5)?.to_vec()))
}

fn opened_client(tx: &mut Tx<'_>, vault: &Vault, (client, sealed): RawClient) -> Result<Client, VaultError> {
    let said = open(tx, vault, DIRECTORY, &client_place(client.id), &sealed)?;
    Ok(Client { said, ..client })
}

pub fn client(tx: &mut Tx<'_>, vault: &Vault, id: i64) -> Result<Option<Client>, VaultError> {
    let sql = format!("SELECT {CLIENT} FROM oauth_client WHERE client = ?1");
    let found = tx.query_opt(&sql, &[id.into()], raw_client)?;
    found.map(|raw| opened_client(tx, vault, raw)).transpose()
}

/// A registration by its `client_id`; those that are struck off or wait do not exist for apps.
pub fn client_by_ident(tx: &mut Tx<'_>, vault: &Vault, ident: &str) -> Result<Option<Client>, VaultError> {
    let sql = format!("SELECT {CLIENT} FROM oauth_client WHERE ident = ?1 AND state = 0");
    let found = tx.query_opt(&sql, &[ident.into()], raw_client)?;
    found.map(|raw| opened_client(tx, vault, raw)).transpose()
}

/// Whether a program of this `client_id` waits for an administrator.
pub fn waits(tx: &mut Tx<'_>, ident: &str) -> Result<bool, DbError> {
    let sql = "SELECT COUNT(*) FROM oauth_client WHERE ident = ?1 AND state = ?2";
    Ok(tx.count(sql, &[ident.into(), Standing::Waiting.code().into()])? > 0)
}

/// A program without people begins to act as this account.
pub fn activate(tx: &mut Tx<'_>, client: i64, account: i64) -> Result<(), DbError> {
    let sql = "UPDATE oauth_client SET state = ?2, account = ?3 WHERE client = ?1";
    tx.execute(sql, &[client.into(), Standing::Active.code().into(), account.into()])?;
    Ok(())
}

/// All registrations, newest first, with how many live permissions each has and its last use.
pub fn clients(tx: &mut Tx<'_>, vault: &Vault, now: Timestamp, most: i64) -> Result<Vec<(Client, i64)>, VaultError> {
    let sql = format!("SELECT {CLIENT} FROM oauth_client ORDER BY client DESC LIMIT ?1");
    let raws = tx.query(&sql, &[most.into()], raw_client)?;
    let mut out = Vec::with_capacity(raws.len());
    for raw in raws {
        let sql = "SELECT COUNT(*) FROM oauth_grant WHERE client = ?1 AND revoked IS NULL AND until > ?2";
        let live = tx.count(sql, &[raw.0.id.into(), now.into()])?;
        out.push((opened_client(tx, vault, raw)?, live));
    }
    Ok(out)
}

/// The apps on the list that were not struck off: those that put themselves there, or the others.
pub fn count_clients(tx: &mut Tx<'_>, registered: Registered) -> Result<i64, DbError> {
    let itself = registered == Registered::Dynamic;
    tx.count("SELECT COUNT(*) FROM oauth_client WHERE state <> 1 AND itself = ?1", &[itself.into()])
}

/// Takes those off the list that put themselves there and that nobody let in by `before`; says how many.
pub fn sweep_unused(tx: &mut Tx<'_>, before: Timestamp) -> Result<u64, DbError> {
    let unused = "itself = 1 AND created <= ?1
                  AND NOT EXISTS (SELECT 1 FROM oauth_grant WHERE oauth_grant.client = oauth_client.client)";
    let sql = format!("DELETE FROM oauth_request WHERE client IN (SELECT client FROM oauth_client WHERE {unused})");
    tx.execute(&sql, &[before.into()])?;
    tx.execute(&format!("DELETE FROM oauth_client WHERE {unused}"), &[before.into()])
}

/// Whose permissions ended when an app was struck off at this moment.
pub fn accounts_ended(tx: &mut Tx<'_>, client: i64, at: Timestamp) -> Result<Vec<i64>, DbError> {
    let sql = "SELECT DISTINCT account FROM oauth_grant WHERE client = ?1 AND revoked = ?2 ORDER BY account";
    tx.query(sql, &[client.into(), at.into()], |row| row.int(0))
}

/// Strikes an app off; everything it was allowed ends with it.
pub fn revoke_client(tx: &mut Tx<'_>, client: i64, now: Timestamp) -> Result<(), DbError> {
    tx.execute("UPDATE oauth_client SET state = 1 WHERE client = ?1", &[client.into()])?;
    tx.execute(
        "UPDATE oauth_grant SET revoked = ?2 WHERE client = ?1 AND revoked IS NULL",
        &[client.into(), now.into()],
    )?;
    raise(tx)
}
