//! The permission under which an app acts, in every state that it can be in, as identity keeps it.

use super::super::*;
use proptest::prelude::*;

/// What became of the permission under which an app acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    Stands,
    /// Given for as long as a session lasts, which goes on.
    WithSession,
    Never,
    Revoked,
    Over,
    Locked,
    SessionEnded,
    SessionOver,
    /// Less was left of it since the request was let in.
    Narrowed,
}

impl Permission {
    pub const fn stands(self) -> bool {
        matches!(self, Self::Stands | Self::WithSession)
    }
}

pub fn permission() -> impl Strategy<Value = Permission> {
    let ended = vec![
        Permission::Never,
        Permission::Revoked,
        Permission::Over,
        Permission::Locked,
        Permission::SessionEnded,
        Permission::SessionOver,
        Permission::Narrowed,
    ];
    prop_oneof![4 => Just(Permission::Stands), 2 => Just(Permission::WithSession), 3 => prop::sample::select(ended)]
}

/// The permission of the app as identity keeps it.
pub fn allow(tx: &mut Tx<'_>, permission: Permission) -> Result<(), DbError> {
    const ACCOUNT: i64 = 9_001;
    const SESSION: i64 = 77;
    if permission == Permission::Never {
        return Ok(());
    }
    tx.execute(
        "INSERT INTO account (account, role, state, login, profile, created) VALUES (?1, 'patient', ?2, -9001, ?3, 0)",
        &[ACCOUNT.into(), i64::from(permission == Permission::Locked).into(), (&b"-"[..]).into()],
    )?;
    let session = matches!(permission, Permission::WithSession | Permission::SessionEnded | Permission::SessionOver);
    if session && permission != Permission::SessionEnded {
        let expires = if permission == Permission::SessionOver { NOW.0 } else { NOW.0 + 1 };
        tx.execute(
            "INSERT INTO session (token, id, account, kind, created, seen, expires, device) VALUES (?1, ?2, ?3, 0, 0, 0, ?4, ?1)",
            &[(&b"-"[..]).into(), SESSION.into(), ACCOUNT.into(), expires.into()],
        )?;
    }
    let until = if permission == Permission::Over { NOW.0 } else { NOW.0 + 1 };
    tx.execute(
        "INSERT INTO oauth_grant (grant_id, client, account, session, created, until, revoked, detail, version)
         VALUES (1, 1, ?1, ?2, 0, ?3, ?4, ?5, ?6)",
        &[
            ACCOUNT.into(),
            session.then_some(SESSION).into(),
            until.into(),
            (permission == Permission::Revoked).then_some(NOW.0).into(),
            (&b"-"[..]).into(),
            i64::from(permission == Permission::Narrowed).into(),
        ],
    )?;
    Ok(())
}
