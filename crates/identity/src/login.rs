//! Signing in with a name and a password.
//!
//! Always holds: unknown names, wrong passwords, locked accounts, a password that was switched off and a first one whose week is
//! over answer in the same words after the same work; guessing slows down whoever guesses, not the owner who comes from elsewhere.

use crate::access::signed_in;
use crate::doors::{Key, same_place};
use crate::entrance::{Entrance, enter};
use crate::memory::Memory;
use crate::model::SessionKind;
use crate::session::SignedIn;
use crate::store;
use crate::{IdentityError, alarm, password, rules};
use kernel::Ctx;
use ledger::House;
use std::net::IpAddr;
use std::sync::Arc;

/// Wrong passwords in a row, from wherever, after which the password opens nothing until its owner comes in otherwise
/// (NIST SP 800-63B section 3.2.2).
pub const MOST_MISSES: i64 = 100;

/// An address may hold a whole clinic: it may fail this many times as often as one account from it.
const PLACE_FACTOR: u32 = 10;

/// What a try is counted against: the account at this address, and the address.
fn keys(whose: i64, place: Option<IpAddr>) -> [Key; 2] {
    let place = place.map(same_place);
    [Key::At(whose, place), Key::Place(place)]
}

/// The password's hash, and whether it still counts.
struct Known {
    account: i64,
    /// The hash of the user name, whatever was typed: tries with the e-mail address are tries at the same account.
    term: i64,
    hash: Option<String>,
    off: bool,
}

async fn known(house: &House, name: &str) -> Result<Option<Known>, IdentityError> {
    let (vault, name, now) = (Arc::clone(&house.vault), name.to_owned(), house.clock.now());
    house
        .db
        .read(move |tx| {
            let Some(stored) = store::find_by_name(tx, &vault, &name)? else { return Ok(None) };
            let hash = store::secret(tx, &vault, &stored)?;
            let off = store::misses(tx, stored.id)? >= MOST_MISSES || stored.first_is_over(now);
            let term = store::name_term(&vault, &stored.profile.username);
            Ok(Some(Known { account: stored.id, term, hash, off }))
        })
        .await
}

/// Signs in with user name or e-mail address and password. Everybody may try, not everybody as often as they like.
pub async fn login(
    house: &House,
    ctx: &Ctx,
    (username, secret): (&str, &str),
    entrance: Entrance,
) -> Result<SignedIn, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    let settings = memory.settings();
    memory.doors.attempt(entrance.place, now, settings.attempts_per_minute)?;
    if secret.len() > rules::LONGEST_PASSWORD || entrance.kind == SessionKind::Service {
        return Err(IdentityError::LoginFailed);
    }
    let known = known(house, username).await?;
    // The hash of the name, whether or not it is anybody's: both are counted alike.
    let term = known.as_ref().map_or_else(|| store::name_term(&house.vault, username), |known| known.term);
    let keys = keys(term, entrance.place);
    memory.doors.begin(&keys, now, &[settings.failures, settings.failures * PLACE_FACTOR])?;
    let (account, hash, off) = known.map_or((None, None, false), |k| (Some(k.account), k.hash, k.off));
    // An account that does not exist, or has no password, costs the same work.
    let verified = password::verify(&memory.gate, hash.clone(), secret).await;
    let good = verified.inspect_err(|_| memory.doors.undecided(&keys))?;
    let (true, false, Some(account)) = (good, off, account) else {
        if let Some(account) = account {
            note_miss(house, account);
        }
        return Err(IdentityError::LoginFailed);
    };
    // A hash that came from another program is replaced by one of ours, now that the password is known.
    let better = match &hash {
        Some(old) if password::may_replace(old, secret) => {
            Some(password::hash(&memory.gate, &*house.rng, secret).await?)
        }
        _ => None,
    };
    let (on, ctx) = (house.clone(), ctx.clone());
    let signed_in = house.db.write(move |tx| {
        // Hashing takes its time: the password may have been changed or switched off meanwhile, and then it opens nothing.
        let stored = store::find(tx, &on.vault, account)?.ok_or(IdentityError::LoginFailed)?;
        if store::secret(tx, &on.vault, &stored)? != hash || store::misses(tx, account)? >= MOST_MISSES {
            return Err(IdentityError::LoginFailed);
        }
        store::forgive(tx, account)?;
        if let Some(better) = &better
            && let Some(stored) = store::find(tx, &on.vault, account)?
        {
            store::set_secret(tx, &on.vault, &*on.rng, &stored, better)?;
        }
        enter(tx, &on, &ctx, account, &entrance)
    });
    let signed_in = signed_in.await?;
    memory.doors.succeeded(&keys);
    Ok(signed_in)
}

/// Whether this is the password of the caller's own account: for confirming. Counted like signing in.
pub async fn is_own_password(
    house: &House,
    ctx: &Ctx,
    secret: &str,
    place: Option<IpAddr>,
) -> Result<bool, IdentityError> {
    let account = signed_in(ctx)?;
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    let settings = memory.settings();
    let vault = Arc::clone(&house.vault);
    let (username, hash, off) = house
        .db
        .read(move |tx| {
            let stored = store::find(tx, &vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            let hash = store::secret(tx, &vault, &stored)?;
            let off = store::misses(tx, stored.id)? >= MOST_MISSES || stored.first_is_over(now);
            Ok::<_, IdentityError>((stored.profile.username, hash, off))
        })
        .await?;
    let keys = keys(store::name_term(&house.vault, &username), place);
    memory.doors.begin(&keys, now, &[settings.failures, settings.failures * PLACE_FACTOR])?;
    if secret.len() > rules::LONGEST_PASSWORD {
        return Ok(false);
    }
    let verified = password::verify(&memory.gate, hash, secret).await;
    let good = verified.inspect_err(|_| memory.doors.undecided(&keys))? && !off;
    match good {
        true => memory.doors.succeeded(&keys),
        false => note_miss(house, account.get()),
    }
    Ok(good)
}

/// Counts a wrong password without making the answer wait: waiting would tell that the account exists.
fn note_miss(house: &House, account: i64) {
    let (house, db) = (house.clone(), house.db.clone());
    tokio::spawn(async move {
        let counted = db.write(move |tx| {
            if store::missed(tx, account)? != MOST_MISSES {
                return Ok(());
            }
            let Some(stored) = store::find(tx, &house.vault, account)? else { return Ok(()) };
            let body = "Somebody tried a hundred wrong passwords in a row. Your password opens nothing any more, until you \
                        sign in with a passkey or a recovery code, or set a new one with a code sent by e-mail.";
            alarm::tell(tx, &house, &stored, "Your password was switched off", body)
        });
        if let Err(error) = counted.await {
            tracing::warn!(%error, "a wrong password was not counted");
        }
    });
}
