//! Opening sessions, however the person proved who they are.

use crate::IdentityError;
use crate::model::{Account, SessionKind};
use crate::rules::{idle_ms, lifetime_ms};
use crate::store::{self, SessionRow, Stored};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use kernel::{Id, Timestamp, id, rng::bytes};
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

/// Opens a session for an account that is not locked. How the person proved who they are is the caller's matter.
pub fn open(
    tx: &mut Tx<'_>,
    house: &House,
    account: Id<id::Account>,
    kind: SessionKind,
    device: &str,
) -> Result<SignedIn, IdentityError> {
    let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    let session = open_for(tx, house, &stored, kind, device)?;
    Ok(SignedIn { account: Account::new(stored.id, stored.profile), session })
}

pub(crate) fn open_for(
    tx: &mut Tx<'_>,
    house: &House,
    stored: &Stored,
    kind: SessionKind,
    device: &str,
) -> Result<Opened, IdentityError> {
    if stored.locked {
        return Err(IdentityError::LoginFailed);
    }
    let now = house.clock.now();
    let token = URL_SAFE_NO_PAD.encode(bytes::<32>(&*house.rng));
    let row = SessionRow {
        id: tx.allocate("session", 1)?,
        account: stored.id,
        kind,
        created: now,
        seen: now,
        expires: now.plus_ms(lifetime_ms(kind)),
    };
    store::insert_session(tx, &house.vault, &*house.rng, stored, &hash(&token), &row, device)?;
    let idle_seconds = idle_ms(kind, stored.profile.role) / 1000;
    Ok(Opened { id: row.id, token, kind, expires: row.expires, idle_seconds })
}
