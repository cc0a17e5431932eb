//! Opening a session for somebody who proved who they are, however they did it, with its ledger entry.

use crate::caller;
use crate::model::{Account, Method, SessionKind};
use crate::rules::{idle_ms, lifetime_ms};
use crate::session::{Opened, SignedIn, hash, secret};
use crate::store::{self, SessionRow, Stored};
use crate::{IdentityError, rules};
use db::Tx;
use kernel::{Actor, Ctx, Role, Timestamp};
use ledger::{Action, Entry, House, append};
use std::net::IpAddr;
use std::sync::Arc;

/// How somebody comes in.
#[derive(Clone, Debug)]
pub struct Entrance {
    pub kind: SessionKind,
    pub method: Method,
    /// What the list of sessions calls the device.
    pub device: String,
    pub place: Option<IpAddr>,
    /// The number of the passkey they came with.
    pub passkey: Option<i64>,
    /// The number of the enrolment of the face check they came with.
    pub face: Option<i64>,
    /// When they proved to a provider who they are, if it said so.
    pub proved: Option<Timestamp>,
}

impl Entrance {
    pub fn new(kind: SessionKind, method: Method, user_agent: &str, place: Option<IpAddr>) -> Self {
        Self { kind, method, device: rules::device(user_agent), place, passkey: None, face: None, proved: None }
    }
}

/// Opens a session for an account, with its ledger entry, in the caller's transaction. A locked account is refused here
/// in the words of a wrong password.
pub fn enter(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    account: i64,
    entrance: &Entrance,
) -> Result<SignedIn, IdentityError> {
    let stored = store::find(tx, &house.vault, account)?.ok_or(IdentityError::LoginFailed)?;
    let session = open_for(tx, house, &stored, entrance)?;
    let own = acting(house, ctx, &stored);
    append(
        tx,
        match &stored.profile.patient {
            Some(patient) => Entry::new(&own, patient.rid, Action::Login),
            None => Entry::system(&own, Action::Login),
        },
    );
    Ok(SignedIn { account: Account::new(stored), session })
}

/// Opens a session for an account that is not locked. A program comes in by the operator's token and by nothing else.
pub fn open_for(tx: &mut Tx<'_>, house: &House, stored: &Stored, entrance: &Entrance) -> Result<Opened, IdentityError> {
    if stored.locked || (stored.profile.role == Role::Service && entrance.method != Method::Token) {
        return Err(IdentityError::LoginFailed);
    }
    let Entrance { kind, method, device, place, passkey, face, proved } = entrance;
    let now = house.clock.now();
    let token = secret(house);
    // NIST SP 800-63B section 3.1.3.1: e-mail does not prove who somebody is.
    let limited = *method == Method::Code;
    let proved = match method {
        // What was proved elsewhere may be hours old; here it is proved at this moment.
        Method::Federated => proved.map(|at| at.min(now)),
        // A forgery that is made live is not stopped: it opens, and what is sensitive asks for another proof.
        Method::Face => None,
        _ => Some(now),
    };
    let row = SessionRow {
        id: tx.allocate("session", 1)?,
        account: stored.id,
        kind: *kind,
        created: now,
        seen: now,
        expires: now.plus_ms(lifetime_ms(*kind)),
        limited,
        fresh: proved.filter(|_| !limited && *kind != SessionKind::Service),
        method: *method,
        passkey: *passkey,
        face: *face,
        over: None,
    };
    store::insert_session(tx, &house.vault, &*house.rng, stored, &hash(&token), &row, (device, *place))?;
    let idle_seconds = idle_ms(*kind, stored.profile.role) / 1000;
    let Session { limited, fresh, method } = Session::of(&row);
    Ok(Opened { id: row.id, token, kind: *kind, expires: row.expires, idle_seconds, limited, fresh, method })
}

/// What a session is good for, as its owner is told.
pub struct Session {
    pub limited: bool,
    pub fresh: Option<Timestamp>,
    pub method: Method,
}

impl Session {
    pub const fn of(row: &SessionRow) -> Self {
        Self { limited: row.limited, fresh: row.fresh, method: row.method }
    }
}

/// A context in which the account itself acts.
pub fn acting(house: &House, ctx: &Ctx, stored: &Stored) -> Ctx {
    let actor = caller::actor(stored.id, &stored.profile).unwrap_or(Actor::Nobody);
    let workplaces = caller::workplaces(&stored.profile);
    caller::context(house, actor, Arc::from(stored.profile.name.as_str()), workplaces, ctx.request)
}
