//! The ways in that an account has, changing its password, and confirming that it is still its owner who asks.

use crate::access::signed_in;
use crate::caller::Token;
use crate::memory::Memory;
use crate::model::Method;
use crate::passkey::{self, Begun, Finished};
use crate::recovery::{self, Gained};
use crate::session::{Renewed, renew};
use crate::store::passkey::Passkey;
use crate::store::{self, Stored};
use crate::{IdentityError, alarm, code, login, oauth, password, rules};
use db::Tx;
use kernel::{Ctx, Timestamp};
use ledger::{Action, Entry, House, append};
use std::net::IpAddr;
use std::sync::Arc;

/// The job that lets a password set by recovery count.
pub const READY: &str = "password-ready";

/// What an account can be opened with.
pub struct Methods {
    pub passkeys: Vec<Passkey>,
    pub password: bool,
    /// A new password counts from then on.
    pub password_ready: Option<Timestamp>,
    pub recovery_left: i64,
    pub recovery_created: Option<Timestamp>,
    pub email: Option<String>,
    /// Whether somebody showed that the address is theirs.
    pub email_proved: bool,
}

pub async fn list(house: &House, ctx: &Ctx) -> Result<Methods, IdentityError> {
    let account = signed_in(ctx)?;
    let vault = Arc::clone(&house.vault);
    house
        .db
        .read(move |tx| {
            let stored = store::find(tx, &vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            let (recovery_left, recovery_created) = store::code::recovery_left(tx, stored.id)?;
            Ok(Methods {
                passkeys: store::passkey::of_account(tx, &vault, &stored)?,
                password: store::secret(tx, &vault, &stored)?.is_some(),
                password_ready: store::waiting(tx, stored.id)?,
                recovery_left,
                recovery_created,
                email_proved: store::is_proved(tx, stored.id)?,
                email: stored.profile.email,
            })
        })
        .await
}

/// Whether somebody comes in without any passkey, for good: a first password does not last.
pub fn others(tx: &mut Tx<'_>, house: &House, stored: &Stored) -> Result<bool, IdentityError> {
    let (recovery, _) = store::code::recovery_left(tx, stored.id)?;
    let password = stored.first_until.is_none() && store::secret(tx, &house.vault, stored)?.is_some();
    Ok(password || (recovery > 0 && stored.profile.email.is_some()))
}

/// Sets or changes the caller's password: at once after a fresh proof, or after the waiting time in a session that an
/// e-mail code alone opened. Says from when on it counts, if not now.
pub async fn set_password(
    house: &House,
    ctx: &Ctx,
    token: Token,
    secret: &str,
) -> Result<Option<Timestamp>, IdentityError> {
    let account = signed_in(ctx)?;
    if !ctx.pass.limited {
        ctx.confirmed()?;
    }
    let memory = house.memory::<Memory>();
    if let Some(issue) = rules::password_issue(secret).or_else(|| memory.common.issue(secret)) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let hash = password::hash(&memory.gate, &*house.rng, secret).await?;
    let (house, ctx, secret) = (house.clone(), ctx.clone(), secret.to_owned());
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        let names = [stored.profile.email.as_deref(), Some(stored.profile.username.as_str())];
        if let Some(issue) = rules::own_name_issue(&secret, &names) {
            return Err(IdentityError::invalid(vec![issue]));
        }
        if stored.profile.role == kernel::Role::Service {
            return Err(IdentityError::Forbidden("A service has tokens, no password."));
        }
        append(tx, Entry::system(&ctx, Action::Update).what(format!("password of account {}", stored.id), 1));
        if ctx.pass.limited {
            let ready = house.clock.now().plus_ms(rules::RECOVERY_WAIT_MS);
            store::set_waiting(tx, &house.vault, &*house.rng, &stored, &hash, ready)?;
            jobs::enqueue(tx, READY, ready, &stored.id.to_le_bytes())?;
            let body = format!(
                "A new password was set with nothing but a code sent to your e-mail. It counts from {} on, unless it is \
                 stopped before.{}",
                rules::shown(ready),
                recovery::warning(tx, &stored)?
            );
            alarm::tell(tx, &house, &stored, "A recovery of your account has begun", &body)?;
            return Ok(Some(ready));
        }
        store::set_secret(tx, &house.vault, &*house.rng, &stored, &hash)?;
        store::cancel_waiting(tx, stored.id)?;
        store::forgive(tx, stored.id)?;
        let here = store::find_session(tx, &token, house.clock.now())?.ok_or(IdentityError::NotSignedIn)?;
        store::end_other_sessions(tx, stored.id, here.id)?;
        oauth::end_permissions(tx, stored.id, house.clock.now())?;
        let body = "Your password was changed, and every other device was signed out. Apps will have to be connected \
                    again.";
        alarm::tell(tx, &house, &stored, "Your password was changed", body)?;
        Ok(None)
    })
    .await
}

/// Stops a password that waits. Also a limited session may: it only keeps things as they were.
pub async fn cancel_password(house: &House, ctx: &Ctx) -> Result<(), IdentityError> {
    let account = signed_in(ctx)?;
    let house = house.clone();
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        if store::cancel_waiting(tx, stored.id)? {
            let body = "The new password that was waiting will not count.";
            alarm::tell(tx, &house, &stored, "A recovery of your account was stopped", body)?;
        }
        Ok(())
    })
    .await
}

/// Does away with the caller's password; a passkey must be there.
pub async fn remove_password(house: &House, ctx: &Ctx) -> Result<(), IdentityError> {
    let account = signed_in(ctx)?;
    ctx.confirmed()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        let now = house.clock.now();
        if !store::passkey::of_account(tx, &house.vault, &stored)?.iter().any(|one| one.ready <= now) {
            return Err(IdentityError::last_method());
        }
        store::remove_secret(tx, stored.id)?;
        append(tx, Entry::system(&ctx, Action::Update).what(format!("password of account {}", stored.id), 1));
        alarm::tell(tx, &house, &stored, "Your password was removed", "Your account is opened by passkeys only now.")
    })
    .await
}

/// Lets the password that waited count, and ends what whoever had the account before left open.
pub async fn promote(house: House, account: i64) -> Result<(), IdentityError> {
    let db = house.db.clone();
    db.write(move |tx| {
        let Some(stored) = store::find(tx, &house.vault, account)? else { return Ok(()) };
        if !store::promote_waiting(tx, &house.vault, &*house.rng, &stored, house.clock.now())? {
            return Ok(());
        }
        store::forgive(tx, account)?;
        let ended = recovery::complete(tx, &house, &stored, Gained::Password)?;
        let body = format!("The new password counts from now on. {ended}");
        alarm::tell(tx, &house, &stored, "A recovery of your account is complete", &body)
    })
    .await
}

/// How the caller may confirm that it is them.
pub struct Ways {
    pub password: bool,
    pub recovery_codes: bool,
    pub passkey: Option<Begun>,
}

pub async fn confirm_start(house: &House, ctx: &Ctx) -> Result<Ways, IdentityError> {
    let account = signed_in(ctx)?;
    let on = house.clone();
    house
        .db
        .read(move |tx| {
            let stored = store::find(tx, &on.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            let off = store::misses(tx, stored.id)? >= login::MOST_MISSES || stored.first_is_over(on.clock.now());
            Ok(Ways {
                password: !off && store::secret(tx, &on.vault, &stored)?.is_some(),
                recovery_codes: store::code::recovery_left(tx, stored.id)?.0 > 0,
                passkey: passkey::confirm_start(tx, &on, &stored)?,
            })
        })
        .await
}

/// What somebody confirms with.
pub enum Proof {
    Password(String),
    Passkey(Box<Finished>),
    RecoveryCode(String),
}

/// Confirms that it is still the owner who asks: the session is fresh from now on, full if it was limited, and has another
/// secret. What apps were given hangs on the session itself and on keys of their own: nothing of that changes.
pub async fn confirm(
    house: &House,
    ctx: &Ctx,
    token: Token,
    proof: Proof,
    place: Option<IpAddr>,
) -> Result<Renewed, IdentityError> {
    let account = signed_in(ctx)?.get();
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    let on = house.clone();
    match proof {
        Proof::RecoveryCode(code) => code::recover(house, ctx, token, &code, place).await,
        Proof::Password(secret) => {
            if !login::is_own_password(house, ctx, &secret, place).await? {
                return Err(IdentityError::LoginFailed);
            }
            let confirmed = house.db.write(move |tx| {
                store::forgive(tx, account)?;
                renew(tx, &on, &token, account, Method::Password)
            });
            confirmed.await?.ok_or(IdentityError::NotSignedIn)
        }
        Proof::Passkey(done) => {
            memory.doors.attempt(place, now, memory.settings().attempts_per_minute)?;
            done.credential.keeps_its_secret()?;
            let confirmed = house.db.write(move |tx| {
                if !passkey::proved(tx, &on, account, &done)? {
                    return Ok::<_, IdentityError>(None);
                }
                store::forgive(tx, account)?;
                Ok(renew(tx, &on, &token, account, Method::Passkey)?)
            });
            confirmed.await?.ok_or(IdentityError::LoginFailed)
        }
    }
}
