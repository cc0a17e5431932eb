//! Use cases of passkeys.

use super::ceremony::{self, Begun, Ceremony, Purpose, User, begin, party, spend};
use super::verify::{Credential, made, signed};
use crate::access::{person, signed_in};
use crate::entrance::{Entrance, enter};
use crate::memory::Memory;
use crate::model::{Link, Links, Newcomer};
use crate::recovery::{self, Gained};
use crate::session::SignedIn;
use crate::store::passkey::{self as store, Detail, Passkey};
use crate::store::{self as accounts, Stored};
use crate::{IdentityError, alarm, rules, service};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Problem, Timestamp, id, rng::bytes};
use ledger::{Action, Entry, House, append};
use std::net::IpAddr;
use std::sync::Arc;

/// What comes back at the end of a ceremony.
#[derive(Clone, Debug)]
pub struct Finished {
    pub ceremony: String,
    pub credential: Credential,
}

/// The job that tells when a passkey made by recovery begins to work.
pub const READY: &str = "passkey-ready";

const LONGEST_NAME: usize = 60;

fn handle(house: &House) -> String {
    URL_SAFE_NO_PAD.encode(bytes::<16>(&*house.rng))
}

fn name_issue(name: &str) -> Option<Issue> {
    let text = "A name has 1 to 60 characters that can be seen, such as My phone.";
    (!rules::fits(name, LONGEST_NAME)).then(|| Issue::new("value", "name", text))
}

/// Checks what was made and stores it.
fn keep(
    tx: &mut Tx<'_>,
    house: &House,
    stored: &Stored,
    ceremony: &Ceremony,
    (credential, name): (&Credential, String),
    ready: Timestamp,
) -> Result<Passkey, IdentityError> {
    let wrong = || Problem::bad_request("This is no passkey that was just made here. Begin anew.");
    let made = made(&party(house)?, &ceremony.challenge, credential).ok_or_else(wrong)?;
    if store::is_known(tx, &house.vault, &made.credential)? {
        return Err(Problem::conflict("This passkey is registered already.").into());
    }
    let detail = Detail {
        name,
        credential: made.credential,
        handle: ceremony.handle.clone(),
        key: made.key,
        transports: made.transports,
        synced: made.synced,
        prf: made.prf,
    };
    let new = store::New { detail, signatures: made.signatures, ready };
    Ok(store::insert(tx, &house.vault, &*house.rng, stored, new, house.clock.now())?)
}

/// Begins registering without a password. Everybody may.
pub async fn register_start(house: &House, peer: Option<IpAddr>, newcomer: Newcomer) -> Result<Begun, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(peer, now, memory.settings().attempts_per_minute)?;
    let issues = service::newcomer_issues(&newcomer, now);
    if !issues.is_empty() {
        return Err(IdentityError::invalid(issues));
    }
    let party = party(house)?;
    let on = house.clone();
    house
        .db
        .read(move |tx| {
            // Before a passkey is made for nothing.
            if accounts::is_taken(tx, &on.vault, &newcomer.email)? {
                return Err(IdentityError::Taken);
            }
            let name = format!("{} {}", newcomer.given.trim(), newcomer.family.trim());
            let email = newcomer.email.trim().to_owned();
            let (ceremony, sealed) = begin(tx, &on, Purpose::Register(newcomer), handle(&on))?;
            let user = User { name: &email, display_name: &name };
            Ok(Begun { ceremony: sealed, options: ceremony::creation(&party, &ceremony, &user, &[]) })
        })
        .await
}

/// A patient registers with a passkey and no password; `make_patient` creates their Patient in the same transaction.
pub async fn register_finish(
    house: &House,
    ctx: &Ctx,
    entrance: Entrance,
    done: Finished,
    name: Option<String>,
    make_patient: impl FnOnce(&mut Tx<'_>, &House, &Newcomer) -> Result<Link<id::Patient>, Problem> + Send + 'static,
) -> Result<SignedIn, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(entrance.place, now, memory.settings().attempts_per_minute)?;
    done.credential.keeps_its_secret()?;
    let name = name.unwrap_or_else(|| entrance.device.clone());
    if let Some(issue) = name_issue(&name) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let (house, ctx) = (house.clone(), Ctx { actor: Actor::Nobody, ..ctx.clone() });
    let db = house.db.clone();
    db.write(move |tx| {
        let ceremony = ceremony::open(tx, &house, &done.ceremony)?;
        let Purpose::Register(newcomer) = &ceremony.purpose else { return Err(IdentityError::LoginFailed) };
        spend(tx, &ceremony)?;
        if accounts::is_taken(tx, &house.vault, &newcomer.email)? {
            return Err(IdentityError::Taken);
        }
        let ready = service::without_password(service::patient_account(newcomer));
        let patient = make_patient(tx, &house, newcomer)?;
        let account = service::insert(tx, &house, &ctx, ready, Links { patient: Some(patient), ..Links::default() })?;
        let stored = accounts::find(tx, &house.vault, account.id)?.ok_or(IdentityError::NotFound)?;
        let passkey = keep(tx, &house, &stored, &ceremony, (&done.credential, name.trim().to_owned()), now)?;
        let entrance = Entrance { passkey: Some(passkey.id), ..entrance };
        crate::session::open(tx, &house, Id::new(account.id), &entrance)
    })
    .await
}

/// Begins signing in. Nobody is named, so there is nothing to learn from the answer.
pub async fn sign_in_start(house: &House) -> Result<Begun, IdentityError> {
    let party = party(house)?;
    let on = house.clone();
    house
        .db
        .read(move |tx| {
            let (ceremony, sealed) = begin(tx, &on, Purpose::SignIn, String::new())?;
            Ok(Begun { ceremony: sealed, options: ceremony::request(&party, &ceremony, &[]) })
        })
        .await
}

/// What a signature proved.
struct Proof {
    stored: Stored,
    passkey: Passkey,
    signatures: i64,
}

/// Whose passkey signed this challenge. Whatever is wrong, the answer is that of a wrong password.
fn proof(tx: &mut Tx<'_>, house: &House, ceremony: &Ceremony, credential: &Credential) -> Result<Proof, IdentityError> {
    let sent_id = credential.id.trim_end_matches('=');
    let found = store::find(tx, &house.vault, sent_id)?;
    let (passkey, stored) = found.ok_or(IdentityError::LoginFailed)?;
    let Detail { key, handle, .. } = &passkey.detail;
    let signatures = signed(&party(house)?, &ceremony.challenge, credential, key, handle);
    let signatures = signatures.ok_or(IdentityError::LoginFailed)?;
    let ready = passkey.ready <= house.clock.now() && passkey.detail.credential == sent_id;
    if !ready || stored.locked {
        return Err(IdentityError::LoginFailed);
    }
    Ok(Proof { stored, passkey, signatures })
}

/// A counter that stands still or goes back means that two devices hold one key. Synced passkeys do not count.
const fn may_be_a_copy(proof: &Proof) -> bool {
    let (before, now) = (proof.passkey.signatures, proof.signatures);
    !proof.passkey.detail.synced && (before > 0 || now > 0) && now <= before
}

/// Proves that a passkey signed, uses the ceremony up and notes the use; a copy is refused and its owner told, which is
/// why the outcome stands inside: it must be kept.
fn prove(
    tx: &mut Tx<'_>,
    house: &House,
    ceremony: &Ceremony,
    credential: &Credential,
) -> Result<Option<Proof>, IdentityError> {
    let proof = proof(tx, house, ceremony, credential)?;
    spend(tx, ceremony)?;
    if may_be_a_copy(&proof) {
        let body = format!(
            "Somebody tried to use the passkey \"{}\" with a counter that your device has passed already. The try was \
             refused. If it was you, remove this passkey and make a new one.",
            proof.passkey.detail.name
        );
        alarm::tell(tx, house, &proof.stored, "A copy of your passkey may exist", &body)?;
        return Ok(None);
    }
    store::used(tx, proof.passkey.id, proof.signatures, house.clock.now())?;
    Ok(Some(proof))
}

/// Signs in. Everybody may try, not everybody as often as they like.
pub async fn sign_in_finish(
    house: &House,
    ctx: &Ctx,
    entrance: Entrance,
    done: Finished,
) -> Result<SignedIn, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(entrance.place, now, memory.settings().attempts_per_minute)?;
    done.credential.keeps_its_secret()?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    let signed_in = db
        .write(move |tx| {
            let ceremony = ceremony::open(tx, &house, &done.ceremony)?;
            if ceremony.purpose != Purpose::SignIn {
                return Err(IdentityError::LoginFailed);
            }
            let Some(Proof { stored, passkey, .. }) = prove(tx, &house, &ceremony, &done.credential)? else {
                return Ok(None);
            };
            // Whoever holds the passkey is the owner: wrong passwords of others need no longer be held against them.
            accounts::forgive(tx, stored.id)?;
            let entrance = Entrance { passkey: Some(passkey.id), ..entrance };
            enter(tx, &house, &ctx, stored.id, &entrance).map(Some)
        })
        .await?;
    signed_in.ok_or(IdentityError::LoginFailed)
}

/// Begins confirming with a passkey; `None` where the account has none that works.
pub fn confirm_start(tx: &mut Tx<'_>, house: &House, stored: &Stored) -> Result<Option<Begun>, IdentityError> {
    let Ok(party) = party(house) else { return Ok(None) };
    let now = house.clock.now();
    let mut own = store::of_account(tx, &house.vault, stored)?;
    own.retain(|passkey| passkey.ready <= now);
    if own.is_empty() {
        return Ok(None);
    }
    let (ceremony, sealed) = begin(tx, house, Purpose::Confirm { account: stored.id }, String::new())?;
    Ok(Some(Begun { ceremony: sealed, options: ceremony::request(&party, &ceremony, &own) }))
}

/// Whether this account confirmed with one of its passkeys.
pub fn proved(tx: &mut Tx<'_>, house: &House, account: i64, done: &Finished) -> Result<bool, IdentityError> {
    let ceremony = ceremony::open(tx, house, &done.ceremony)?;
    if ceremony.purpose != (Purpose::Confirm { account }) {
        return Err(IdentityError::LoginFailed);
    }
    let proof = prove(tx, house, &ceremony, &done.credential)?;
    Ok(proof.is_some_and(|proof| proof.stored.id == account))
}

/// A new way in needs a fresh proof; whoever lost their device may begin from a limited session, and waits.
fn may_add(ctx: &Ctx) -> Result<Id<id::Account>, IdentityError> {
    let account = person(ctx)?;
    if !ctx.pass.limited {
        ctx.confirmed()?;
    }
    Ok(account)
}

/// Begins adding a passkey to the caller's account.
pub async fn add_start(house: &House, ctx: &Ctx) -> Result<Begun, IdentityError> {
    let account = may_add(ctx)?;
    let party = party(house)?;
    let on = house.clone();
    house
        .db
        .read(move |tx| {
            let stored = accounts::find(tx, &on.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
            let known = store::of_account(tx, &on.vault, &stored)?;
            room(&known)?;
            // One handle for all: a device that has a passkey of this account puts the new one in its place.
            let handle = known.first().map_or_else(|| handle(&on), |one| one.detail.handle.clone());
            let (ceremony, sealed) = begin(tx, &on, Purpose::Add { account: stored.id }, handle)?;
            let name = stored.profile.email.as_deref().unwrap_or(&stored.profile.username);
            let user = User { name, display_name: &stored.profile.name };
            Ok(Begun { ceremony: sealed, options: ceremony::creation(&party, &ceremony, &user, &known) })
        })
        .await
}

fn room(known: &[Passkey]) -> Result<(), IdentityError> {
    if (known.len() as i64) < store::MOST {
        return Ok(());
    }
    Err(Problem::conflict("You have 20 passkeys. Remove one you no longer use first.").into())
}

/// Adds a passkey: at once, or after the waiting time where the caller lost the others.
pub async fn add_finish(house: &House, ctx: &Ctx, done: Finished, name: String) -> Result<Passkey, IdentityError> {
    let account = may_add(ctx)?;
    done.credential.keeps_its_secret()?;
    if let Some(issue) = name_issue(&name) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let ceremony = ceremony::open(tx, &house, &done.ceremony)?;
        if ceremony.purpose != (Purpose::Add { account: account.get() }) {
            return Err(IdentityError::LoginFailed);
        }
        spend(tx, &ceremony)?;
        let stored = accounts::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        // Many may have been begun while there was room for one.
        room(&store::of_account(tx, &house.vault, &stored)?)?;
        let now = house.clock.now();
        let ready = if ctx.pass.limited { now.plus_ms(rules::RECOVERY_WAIT_MS) } else { now };
        let passkey = keep(tx, &house, &stored, &ceremony, (&done.credential, name.trim().to_owned()), ready)?;
        if ctx.pass.limited {
            jobs::enqueue(tx, READY, ready, &passkey.id.to_le_bytes())?;
            let body = format!(
                "The passkey \"{}\" was made with nothing but a code sent to your e-mail. It opens your account from {} \
                 on, unless it is removed before.{}",
                passkey.detail.name,
                rules::shown(ready),
                recovery::warning(tx, &stored)?
            );
            alarm::tell(tx, &house, &stored, "A recovery of your account has begun", &body)?;
        } else {
            let body = format!("The passkey \"{}\" can now be used to sign in.", passkey.detail.name);
            alarm::tell(tx, &house, &stored, "A passkey was added", &body)?;
        }
        append(tx, Entry::system(&ctx, Action::Update).what(format!("passkeys of account {}", stored.id), 1));
        Ok(passkey)
    })
    .await
}

/// Gives a passkey of the caller's another name.
pub async fn rename(house: &House, ctx: &Ctx, passkey: i64, name: String) -> Result<Passkey, IdentityError> {
    let account = signed_in(ctx)?;
    // Whoever reads the owner's letters must not make their own passkey look like the owner's, nor the owner's like theirs.
    ctx.full()?;
    if let Some(issue) = name_issue(&name) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let house = house.clone();
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = accounts::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        let mut found = store::one(tx, &house.vault, &stored, passkey)?.ok_or(IdentityError::NotFound)?;
        name.trim().clone_into(&mut found.detail.name);
        store::rename(tx, &house.vault, &*house.rng, &stored, &found)?;
        Ok(found)
    })
    .await
}

/// Removes a passkey of the caller's: it opens nothing from now on, and what it opened ends. A lost device can be shut
/// out from a limited session too; the last way in stays.
pub async fn revoke(house: &House, ctx: &Ctx, passkey: i64) -> Result<(), IdentityError> {
    let account = signed_in(ctx)?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = accounts::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
        let all = store::of_account(tx, &house.vault, &stored)?;
        let found = all.iter().find(|one| one.id == passkey).ok_or(IdentityError::NotFound)?;
        let now = house.clock.now();
        let waits = found.ready > now;
        if !waits {
            // Whoever reads the owner's letters has a limited session too: it must not take the owner's way back.
            ctx.confirmed()?;
            let another = all.iter().any(|one| one.id != passkey && one.ready <= now);
            if !another && !crate::methods::others(tx, &house, &stored)? {
                return Err(IdentityError::last_method());
            }
        }
        store::delete(tx, stored.id, passkey)?;
        accounts::end_sessions_of_passkey(tx, stored.id, passkey)?;
        let title = if waits { "A recovery of your account was stopped" } else { "A passkey was removed" };
        let body = format!("The passkey \"{}\" opens nothing any more.", found.detail.name);
        alarm::tell(tx, &house, &stored, title, &body)?;
        append(tx, Entry::system(&ctx, Action::Update).what(format!("passkeys of account {}", stored.id), 1));
        Ok(())
    })
    .await
}

/// Completes the recovery that made a passkey, if it is still there, and tells the owner.
pub async fn complete(house: House, passkey: i64) -> Result<(), IdentityError> {
    let on = Arc::new(house);
    let db = on.db.clone();
    db.write(move |tx| {
        let Some((passkey, stored)) = store::by_number(tx, &on.vault, passkey)? else { return Ok(()) };
        let ended = recovery::complete(tx, &on, &stored, Gained::Passkey(passkey.ready))?;
        let body = format!("The passkey \"{}\" opens your account from now on. {ended}", passkey.detail.name);
        alarm::tell(tx, &on, &stored, "A recovery of your account is complete", &body)
    })
    .await
}
