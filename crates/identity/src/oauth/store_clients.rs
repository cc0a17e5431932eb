//! The SQL of registrations, and of the key that tokens are signed with.

use super::model::{AppKind, Client, Registered, Registration};
use super::store::{open, raise, seal};
use db::{DbError, Row, Tx};
use kernel::{Rng, Timestamp};
use ledger::House;
use vault::{Aad, DIRECTORY, Vault, VaultError};

const fn key_place(id: i64) -> Aad {
    Aad::new("oauth key", id, 0, 0)
}

/// The newest signing key, with its number.
pub fn signing_key(tx: &mut Tx<'_>, vault: &Vault) -> Result<Option<Vec<u8>>, VaultError> {
    let found = tx.query_opt("SELECT key_id, sealed FROM oauth_key ORDER BY key_id DESC LIMIT 1", &[], |row| {
        Ok::<_, DbError>((row.int(0)?, row.blob(1)?.to_vec()))
    })?;
    match found {
        Some((id, sealed)) => Ok(Some(vault.key(tx, DIRECTORY)?.open(&key_place(id), &sealed)?)),
        None => Ok(None),
    }
}

pub fn insert_signing_key(
    tx: &mut Tx<'_>,
    vault: &Vault,
    rng: &dyn Rng,
    document: &[u8],
    now: Timestamp,
) -> Result<(), VaultError> {
    let id = tx.allocate("oauth_key", 1)?;
    let sealed = vault.key(tx, DIRECTORY)?.seal(rng, &key_place(id), document)?;
    tx.execute(
        "INSERT INTO oauth_key (key_id, created, sealed) VALUES (?1, ?2, ?3)",
        &[id.into(), now.into(), (&sealed).into()],
    )?;
    Ok(())
}

const fn client_place(client: i64) -> Aad {
    Aad::new("oauth client", client, 0, 0)
}

pub fn insert_client(
    tx: &mut Tx<'_>,
    house: &House,
    ident: &str,
    account: Option<i64>,
    said: &Registration,
) -> Result<Client, VaultError> {
    let (id, now) = (tx.allocate("oauth_client", 1)?, house.clock.now());
    let sealed = seal(tx, house, DIRECTORY, &client_place(id), said)?;
    tx.execute(
        "INSERT INTO oauth_client (client, ident, state, account, created, detail) VALUES (?1, ?2, 0, ?3, ?4, ?5)",
        &[id.into(), ident.into(), account.into(), now.into(), (&sealed).into()],
    )?;
    Ok(Client { id, ident: ident.to_owned(), revoked: false, account, created: now, said: said.clone() })
}

const CLIENT: &str = "client, ident, state, account, created, detail";

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
        scope: None,
        organization: None,
        bound: false,
    };
    let client = Client {
        id: row.int(0)?,
        ident: row.text(1)?.to_owned(),
        revoked: row.int(2)? != 0,
        account: row.opt_int(3)?,
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

/// A registration by its `client_id`; revoked ones do not exist for apps.
pub fn client_by_ident(tx: &mut Tx<'_>, vault: &Vault, ident: &str) -> Result<Option<Client>, VaultError> {
    let sql = format!("SELECT {CLIENT} FROM oauth_client WHERE ident = ?1 AND state = 0");
    let found = tx.query_opt(&sql, &[ident.into()], raw_client)?;
    found.map(|raw| opened_client(tx, vault, raw)).transpose()
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

pub fn count_clients(tx: &mut Tx<'_>) -> Result<i64, DbError> {
    tx.count("SELECT COUNT(*) FROM oauth_client", &[])
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
