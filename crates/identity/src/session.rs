//! A session that was just opened or proved anew, and what is kept of its secret.

use crate::IdentityError;
use crate::caller::Token;
use crate::entrance::{Entrance, open_for};
use crate::model::{Account, Method, SessionKind};
use crate::store::{self, SessionRow};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::{DbError, Tx};
use kernel::rng::bytes;
use kernel::{Id, Timestamp, id};
use ledger::House;
use ring::digest::{SHA256, digest};

/// A session that was just opened: the only moment its secret is known to the server.
#[derive(Clone)]
pub struct Opened {
    pub id: i64,
    /// 32 random bytes in base64url.
    pub token: String,
    pub kind: SessionKind,
    pub expires: Timestamp,
    pub idle_seconds: i64,
    /// Good for the account and its devices only.
    pub limited: bool,
    /// The last full proof of who it is.
    pub fresh: Option<Timestamp>,
    pub method: Method,
}

/// Somebody who just proved who they are.
#[derive(Clone)]
pub struct SignedIn {
    pub account: Account,
    pub session: Opened,
}

/// What is stored of a token. It is 256 random bits, so no slow hash is needed.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    out
}

/// 32 random bytes in base64url.
pub(crate) fn secret(house: &House) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<32>(&*house.rng))
}

/// A session whose owner just proved again who they are: the only moment its new secret is known to the server.
pub struct Renewed {
    pub row: SessionRow,
    pub token: String,
}

/// Notes the proof and exchanges the secret, so that whoever got hold of the old one has nothing of it. `None` when the
/// session is over.
pub(crate) fn renew(
    tx: &mut Tx<'_>,
    house: &House,
    old: &Token,
    account: i64,
    method: Method,
) -> Result<Option<Renewed>, DbError> {
    let token = secret(house);
    let row = store::confirm_session(tx, (old, &hash(&token)), account, method, house.clock.now())?;
    Ok(row.map(|row| Renewed { row, token }))
}

/// Opens a session for an account that is not locked. How the person proved who they are is the caller's matter.
pub fn open(
    tx: &mut Tx<'_>,
    house: &House,
    account: Id<id::Account>,
    entrance: &Entrance,
) -> Result<SignedIn, IdentityError> {
    let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    let session = open_for(tx, house, &stored, entrance)?;
    Ok(SignedIn { account: Account::new(stored), session })
}
