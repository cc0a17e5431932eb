//! Use cases. The first line of each authorises, or says why everybody may.

use crate::access::{administrator, still_administrator};
use crate::entrance::{Entrance, acting, open_for};
use crate::memory::Memory;
use crate::model::{Account, Link, Links, Method, NewAccount, Newcomer, Profile, Registration, SessionKind, Workplace};
use crate::session::{Opened, SignedIn};
use crate::store::{self, Stored};
use crate::{IdentityError, alarm, oauth, password, role, rules};
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Problem, Role, Timestamp, id};
use ledger::{Action, Entry, House, append};
use std::net::IpAddr;

/// An account that follows the rules, its password hashed: ready to be inserted in a transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    new: NewAccount,
    secret: Option<String>,
}

/// What is wrong with the names of a new account.
fn name_issues(new: &NewAccount) -> Vec<Issue> {
    let by_email = new.email.as_deref() == Some(new.username.as_str());
    let mut issues: Vec<Issue> = new.email.as_deref().and_then(rules::email_issue).into_iter().collect();
    if !by_email {
        issues.extend(rules::username_issue(&new.username));
    }
    issues.extend(rules::person_name_issue("name", &new.name));
    issues
}

/// Checks a new account against the rules and hashes its password, which is none that everybody tries first, whoever
/// chose it. Needs no permission: it changes nothing.
pub async fn prepare(house: &House, new: NewAccount) -> Result<Prepared, IdentityError> {
    let common = new.password.as_deref().and_then(|password| house.memory::<Memory>().common.issue(password));
    ready(house, new, common).await
}

/// The same for an account of the demonstration, whose password everybody is told.
pub async fn prepare_demonstration(house: &House, new: NewAccount) -> Result<Prepared, IdentityError> {
    ready(house, new, None).await
}

async fn ready(house: &House, new: NewAccount, common: Option<Issue>) -> Result<Prepared, IdentityError> {
    let mut issues = name_issues(&new);
    match (&new.password, new.role) {
        (Some(_), Role::Service) => {
            issues.push(Issue::new("value", "password", "A service has tokens, no password."));
        }
        (Some(password), _) => {
            let own = || rules::own_name_issue(password, &[new.email.as_deref(), Some(&new.username)]);
            issues.extend(rules::password_issue(password).or(common).or_else(own));
        }
        (None, Role::Service) => {}
        (None, _) => issues.push(Issue::new("required", "password", "Give a password of at least 8 characters.")),
    }
    if !issues.is_empty() {
        return Err(IdentityError::invalid(issues));
    }
    let gate = &house.memory::<Memory>().gate;
    let secret = match &new.password {
        Some(password) => Some(password::hash(gate, &*house.rng, password).await?),
        None => None,
    };
    Ok(Prepared { new: NewAccount { password: None, ..new }, secret })
}

/// As `prepare`, for an account that comes from another program with the hash of its password: Argon2id, or bcrypt, which
/// is replaced at the next sign-in.
pub fn prepare_with_hash(new: NewAccount, hash: String) -> Result<Prepared, IdentityError> {
    let mut issues = name_issues(&new);
    if !password::is_known(&hash) || new.role == Role::Service {
        let text = "This is neither an Argon2id hash ($argon2id$...) nor a bcrypt hash ($2b$...).";
        issues.push(Issue::new("value", "passwordHash", text));
    }
    match issues.is_empty() {
        true => Ok(Prepared { new: NewAccount { password: None, ..new }, secret: Some(hash) }),
        false => Err(IdentityError::invalid(issues)),
    }
}

/// Checks the account of somebody who is invited: it has no password, and no way in but the link they are sent.
pub(crate) fn prepare_invited(new: NewAccount) -> Result<Prepared, IdentityError> {
    let issues = name_issues(&new);
    if issues.is_empty() { Ok(Prepared { new, secret: None }) } else { Err(IdentityError::invalid(issues)) }
}

/// Makes the account, in the caller's transaction. Administrators and the operator make any; a patient's is also made
/// by registering. A password that an administrator chose opens it for a week; the operator's stays, for it is their own server
/// and their own hand.
pub fn insert(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    ready: Prepared,
    links: Links,
) -> Result<Account, IdentityError> {
    let registers = ready.new.role == Role::Patient || (ready.new.role == Role::Practitioner && links.applicant);
    if !(registers && ctx.actor == Actor::Nobody) {
        administrator(ctx)?;
    }
    let by_administrator = matches!(ctx.actor, Actor::Administrator { .. });
    let chosen_here = ready.secret.is_some() && by_administrator;
    if by_administrator && ready.new.role == Role::Administrator {
        role::tell_of_another(tx, house, ctx, ready.new.name.trim(), ready.new.username.trim())?;
    }
    let mut stored = make(tx, house, ready, links)?;
    if chosen_here {
        // Two people know it: it lets its owner in to choose their own, and is no password for long (ASVS 5.0, 6.4.1).
        let until = stored.created.plus_ms(rules::FIRST_PASSWORD_MS);
        store::limit_first(tx, stored.id, until)?;
        stored.first_until = Some(until);
    }
    let entry = match &stored.profile.patient {
        Some(patient) if ctx.actor == Actor::Nobody => {
            Entry::new(&acting(house, ctx, &stored), patient.rid, Action::Register)
        }
        Some(patient) => Entry::new(ctx, patient.rid, Action::Register),
        None if ctx.actor == Actor::Nobody => Entry::system(&acting(house, ctx, &stored), Action::Register),
        None => Entry::system(ctx, Action::Register),
    };
    append(tx, entry.what(format!("account {}", stored.id), 1));
    Ok(Account::new(stored))
}

pub(crate) fn make(tx: &mut Tx<'_>, house: &House, ready: Prepared, links: Links) -> Result<Stored, IdentityError> {
    let Prepared { new, secret } = ready;
    let missing = match new.role {
        Role::Patient if links.patient.is_none() => "A patient's account needs a Patient.",
        Role::Practitioner if links.practitioner.is_none() && !links.applicant => {
            "A practitioner's account needs a Practitioner."
        }
        Role::Service if links.organizations.len() != 1 => "A service works for exactly one organization.",
        _ => "",
    };
    let foreign = (new.role != Role::Patient && links.patient.is_some())
        || (new.role != Role::Practitioner && links.practitioner.is_some());
    if foreign || !missing.is_empty() {
        let text = if foreign { "An account of this role has no such link." } else { missing };
        return Err(IdentityError::invalid(vec![Issue::new("required", "role", text)]));
    }
    for name in [Some(&new.username), new.email.as_ref()].into_iter().flatten() {
        if store::is_taken(tx, &house.vault, name)? {
            return Err(IdentityError::Taken);
        }
    }
    let profile = Profile {
        role: new.role,
        username: new.username.trim().to_owned(),
        email: new.email.map(|email| email.trim().to_owned()),
        name: new.name.trim().to_owned(),
        patient: links.patient,
        practitioner: links.practitioner,
        organizations: links.organizations,
    };
    let now = house.clock.now();
    let id = store::insert(tx, &house.vault, &*house.rng, &profile, secret.as_deref(), now)?;
    Ok(Stored { id, locked: false, profile, created: now, seen: None, first_until: None })
}

/// What is wrong with what somebody who registers says of themselves.
pub fn newcomer_issues(newcomer: &Newcomer, now: Timestamp) -> Vec<Issue> {
    [
        rules::email_issue(&newcomer.email),
        rules::person_name_issue("given", &newcomer.given),
        rules::person_name_issue("family", &newcomer.family),
        rules::birth_date_issue(&newcomer.birth_date, now),
        rules::gender_issue(&newcomer.gender),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The account of a patient who registers, without a password.
pub fn patient_account(newcomer: &Newcomer) -> NewAccount {
    NewAccount {
        role: Role::Patient,
        username: newcomer.email.clone(),
        email: Some(newcomer.email.clone()),
        password: None,
        name: format!("{} {}", newcomer.given.trim(), newcomer.family.trim()),
    }
}

/// An account whose owner comes in otherwise; that it follows the rules was checked.
pub const fn without_password(new: NewAccount) -> Prepared {
    Prepared { new, secret: None }
}

/// A patient registers. Everybody may; `make_patient` creates their Patient resource in the same transaction.
pub async fn register(
    house: &House,
    ctx: &Ctx,
    peer: Option<IpAddr>,
    form: Registration,
    user_agent: &str,
    make_patient: impl FnOnce(&mut Tx<'_>, &House, &Newcomer) -> Result<Link<id::Patient>, Problem> + Send + 'static,
) -> Result<SignedIn, IdentityError> {
    let (memory, now) = (house.memory::<Memory>(), house.clock.now());
    memory.doors.attempt(peer, now, memory.settings().attempts_per_minute)?;
    let newcomer = form.newcomer();
    let mut issues = newcomer_issues(&newcomer, now);
    let guessed = || memory.common.issue(&form.password);
    let own = || rules::own_name_issue(&form.password, &[Some(&newcomer.email)]);
    if let Some(issue) = rules::password_issue(&form.password).or_else(guessed).or_else(own) {
        // Where the form has it: after the e-mail address.
        issues.insert(issues.iter().take_while(|issue| issue.path == "email").count(), issue);
    }
    if !issues.is_empty() {
        return Err(IdentityError::invalid(issues));
    }
    let new = NewAccount { password: Some(form.password), ..patient_account(&newcomer) };
    let ready = prepare(house, new).await?;
    let entrance = Entrance::new(form.session, Method::Password, user_agent, peer);
    let (house, ctx) = (house.clone(), Ctx { actor: Actor::Nobody, ..ctx.clone() });
    let db = house.db.clone();
    db.write(move |tx| {
        // Before a Patient is made for nothing.
        if store::is_taken(tx, &house.vault, &newcomer.email)? {
            return Err(IdentityError::Taken);
        }
        let patient = make_patient(tx, &house, &newcomer)?;
        let account = insert(tx, &house, &ctx, ready, Links { patient: Some(patient), ..Links::default() })?;
        crate::session::open(tx, &house, Id::new(account.id), &entrance)
    })
    .await
}

/// Makes an account that needs no new resource: for the command line.
pub async fn user_add(house: &House, ctx: &Ctx, new: NewAccount, links: Links) -> Result<Account, IdentityError> {
    administrator(ctx)?;
    let ready = prepare(house, new).await?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| insert(tx, &house, &ctx, ready, links)).await
}

/// A bearer token, good for a year, for a clinic's own software. The service account is made when it is new.
pub async fn token_create(
    house: &House,
    ctx: &Ctx,
    service: &str,
    organization: Workplace,
) -> Result<String, IdentityError> {
    administrator(ctx)?;
    let name = service.trim().to_owned();
    let username: String =
        name.to_lowercase().chars().map(|c| if c.is_alphanumeric() || "._-@".contains(c) { c } else { '-' }).collect();
    let new = NewAccount { role: Role::Service, username, email: None, password: None, name };
    let ready = prepare(house, new).await?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    let opened: Opened = db
        .write(move |tx| {
            let stored = match store::find_by_name(tx, &house.vault, &ready.new.username)? {
                Some(found) => {
                    let same = found.profile.organizations.first().is_some_and(|o| o.rid == organization.rid);
                    if found.profile.role != Role::Service || !same {
                        return Err(IdentityError::Taken);
                    }
                    found
                }
                None => make(tx, &house, ready, Links { organizations: vec![organization], ..Links::default() })?,
            };
            append(tx, Entry::system(&ctx, Action::Token).what(format!("account {}", stored.id), 1));
            let entrance = Entrance::new(SessionKind::Service, Method::Token, "Service token", None);
            open_for(tx, &house, &stored, &entrance)
        })
        .await?;
    Ok(opened.token)
}

/// Locks an account: its sessions end at once, and it cannot sign in.
pub fn lock(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: Id<id::Account>) -> Result<Stored, IdentityError> {
    still_administrator(tx, house, ctx)?;
    ctx.confirmed()?;
    if ctx.actor.account() == Some(account) {
        return Err(Problem::conflict("You cannot lock your own account. Ask another administrator.").into());
    }
    let mut stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    if !stored.locked {
        store::set_locked(tx, stored.id, true)?;
        store::end_all_sessions(tx, stored.id)?;
        if stored.profile.role != Role::Service {
            oauth::end_permissions(tx, stored.id, house.clock.now())?;
        }
        append(tx, Entry::system(ctx, Action::Lock).what(format!("account {}", stored.id), 1));
        let body = "An administrator locked your account and signed every device out. Ask your clinic why.";
        alarm::tell(tx, house, &stored, "Your account was locked", body)?;
        stored.locked = true;
    }
    Ok(stored)
}

/// Lets a locked account in again. Whoever was signed in has to sign in anew, and apps have to be let in anew.
pub fn unlock(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: Id<id::Account>) -> Result<Stored, IdentityError> {
    still_administrator(tx, house, ctx)?;
    ctx.confirmed()?;
    let mut stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    if stored.locked {
        store::set_locked(tx, stored.id, false)?;
        append(tx, Entry::system(ctx, Action::Unlock).what(format!("account {}", stored.id), 1));
        alarm::tell(tx, house, &stored, "Your account was unlocked", "You can sign in again.")?;
        stored.locked = false;
    }
    Ok(stored)
}

/// Makes somebody a member of an organization. Their open sessions show it from the next request on.
pub fn add_member(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    account: Id<id::Account>,
    organization: Workplace,
) -> Result<Account, IdentityError> {
    administrator(ctx)?;
    let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
    let role = stored.profile.role;
    if role == Role::Practitioner && stored.profile.practitioner.is_none() {
        let text = "This clinician is not verified yet. They work nowhere until they are.";
        return Err(Problem::conflict(text).into());
    }
    if !matches!(role, Role::Practitioner | Role::Administrator) {
        let text = "Only practitioners and administrators become members of an organization.";
        return Err(IdentityError::invalid(vec![Issue::new("value", "account", text)]));
    }
    if stored.profile.organizations.iter().any(|place| place.rid == organization.rid) {
        return Ok(Account::new(stored));
    }
    let stored = store::add_workplace(tx, &house.vault, &*house.rng, stored, organization)?;
    // The caches hold the old list of workplaces.
    store::narrow(tx, stored.id)?;
    append(tx, Entry::system(ctx, Action::Member).what(format!("account {}", stored.id), 1));
    Ok(Account::new(stored))
}

/// Gives an account a new password and ends its sessions: for the operator.
pub async fn set_password(
    house: &House,
    ctx: &Ctx,
    account: Id<id::Account>,
    password: &str,
) -> Result<(), IdentityError> {
    administrator(ctx)?;
    let common = || house.memory::<Memory>().common.issue(password);
    let inside = house.clone();
    let found = house.db.read(move |tx| store::find(tx, &inside.vault, account.get())).await?;
    let profile = found.ok_or(IdentityError::NotFound)?.profile;
    let own = || rules::own_name_issue(password, &[profile.email.as_deref(), Some(&profile.username)]);
    if let Some(issue) = rules::password_issue(password).or_else(common).or_else(own) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let hash = password::hash(&house.memory::<Memory>().gate, &*house.rng, password).await?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let stored = store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotFound)?;
        if stored.profile.role == Role::Service {
            return Err(IdentityError::Forbidden("A service has tokens, no password."));
        }
        store::set_secret(tx, &house.vault, &*house.rng, &stored, &hash)?;
        store::cancel_waiting(tx, stored.id)?;
        store::forgive(tx, stored.id)?;
        store::end_all_sessions(tx, stored.id)?;
        oauth::end_permissions(tx, stored.id, house.clock.now())?;
        let body = "The operator of this server gave your account a new password and signed every device out. Apps will \
                    have to be connected again.";
        alarm::tell(tx, &house, &stored, "Your password was changed", body)?;
        append(tx, Entry::system(&ctx, Action::Update).what(format!("password of account {}", stored.id), 1));
        Ok(())
    })
    .await
}

/// Removes the accounts of a patient in the transaction that erases their record.
pub fn forget_patient(tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), IdentityError> {
    Ok(store::forget_patient(tx, patient.get())?)
}

/// The patient's account with this user name or e-mail address, and what its owner is called.
pub fn patient_named(
    tx: &mut Tx<'_>,
    house: &House,
    typed: &str,
) -> Result<Option<(Id<id::Account>, String)>, IdentityError> {
    let found = store::find_by_name(tx, &house.vault, typed)?;
    let found = found.filter(|stored| !stored.locked && stored.profile.role == Role::Patient);
    Ok(found.map(|stored| (Id::new(stored.id), stored.profile.name)))
}
