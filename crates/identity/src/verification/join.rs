//! How a clinician gets an account: they register, or an administrator invites them.

use super::{service, store};
use crate::access::administrator;
use crate::entrance::{Entrance, acting};
use crate::memory::Memory;
use crate::model::{Account, SessionKind};
use crate::session::{SignedIn, hash};
use crate::{IdentityError, Links, NewAccount, Workplace, password, rules};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use db::Tx;
use kernel::{Actor, Ctx, Id, Problem, Role, Timestamp, rng::bytes};
use ledger::{Action, Entry, House, append};
use notify::Mail;
use serde::Deserialize;
use std::net::IpAddr;
use utoipa::ToSchema;

const DAY_MS: i64 = 86_400_000;
/// How long an invitation can be taken.
pub const INVITATION_MS: i64 = 7 * DAY_MS;
/// How often one is sent in a day.
const MOST_A_DAY: i64 = 5;

/// What a clinician fills in to register.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClinicianRegistration {
    #[schema(format = "email")]
    pub email: String,
    /// At least 8 characters.
    #[schema(format = Password, min_length = 8)]
    pub password: String,
    /// As patients know them, such as `Dr Kim Lee`.
    pub name: String,
    #[serde(default)]
    pub session: SessionKind,
}

/// A clinician registers. Everybody may; until two administrators have verified them the account reads nothing.
pub async fn register(
    house: &House,
    ctx: &Ctx,
    form: ClinicianRegistration,
    entrance: Entrance,
) -> Result<SignedIn, IdentityError> {
    attempt(house, entrance.place)?;
    uncommon(house, &form.password)?;
    let new = NewAccount {
        role: Role::Practitioner,
        username: form.email.trim().to_owned(),
        email: Some(form.email.trim().to_owned()),
        password: Some(form.password),
        name: form.name,
    };
    let ready = crate::prepare(house, new).await?;
    let (house, ctx) = (house.clone(), Ctx { actor: Actor::Nobody, ..ctx.clone() });
    let db = house.db.clone();
    db.write(move |tx| {
        let account = crate::insert(tx, &house, &ctx, ready, Links { applicant: true, ..Links::default() })?;
        service::begin(tx, &house, account.id, Vec::new(), None)?;
        crate::session::open(tx, &house, Id::new(account.id), &entrance)
    })
    .await
}

fn attempt(house: &House, place: Option<IpAddr>) -> Result<(), IdentityError> {
    let memory = house.memory::<Memory>();
    memory.doors.attempt(place, house.clock.now(), memory.settings().attempts_per_minute)
}

/// Refuses a password that breaks the rules, or is among those that everybody tries first.
fn uncommon(house: &House, password: &str) -> Result<(), IdentityError> {
    let common = || house.memory::<Memory>().common.issue(password);
    rules::password_issue(password).or_else(common).map_or(Ok(()), |issue| Err(IdentityError::invalid(vec![issue])))
}

/// An administrator makes a clinician's account, with a first password: it has to be verified like any other.
pub async fn add(
    house: &House,
    ctx: &Ctx,
    new: NewAccount,
    workplaces: Vec<Workplace>,
) -> Result<Account, IdentityError> {
    administrator(ctx)?;
    let ready = crate::prepare(house, new).await?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let account = crate::insert(tx, &house, &ctx, ready, Links { applicant: true, ..Links::default() })?;
        service::begin(tx, &house, account.id, workplaces, Some(ctx.name.as_ref().to_owned()))?;
        Ok(account)
    })
    .await
}

/// An account that waits for its owner.
pub struct Invited {
    pub account: Account,
    /// The path, behind whose hash the secret stands, where no server, log or referrer on the way sees it. None when it
    /// was sent to the owner: then nobody else needs it.
    pub link: Option<String>,
}

/// An administrator invites a clinician: the account has no way in but the link.
pub async fn invite(
    house: &House,
    ctx: &Ctx,
    (name, email): (String, String),
    workplaces: Vec<Workplace>,
) -> Result<Invited, IdentityError> {
    administrator(ctx)?;
    ctx.confirmed()?;
    let email = email.trim().to_owned();
    let new =
        NewAccount { role: Role::Practitioner, username: email.clone(), email: Some(email), password: None, name };
    let ready = crate::service::prepare_invited(new)?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let account = crate::insert(tx, &house, &ctx, ready, Links { applicant: true, ..Links::default() })?;
        service::begin(tx, &house, account.id, workplaces, Some(ctx.name.as_ref().to_owned()))?;
        ask(tx, &house, &ctx, account)
    })
    .await
}

/// Makes the link of an account that waits for its owner, and sends it where letters can be sent.
pub(super) fn ask(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: Account) -> Result<Invited, IdentityError> {
    let secret = URL_SAFE_NO_PAD.encode(bytes::<32>(&*house.rng));
    let until = house.clock.now().plus_ms(INVITATION_MS);
    let sent = pace(tx, house, account.id)?;
    store::insert_invitation(tx, &hash(&secret), account.id, until, sent)?;
    append(tx, Entry::system(ctx, Action::Invite).what(format!("account {}", account.id), 1));
    let link = format!("/invitation#{secret}");
    let (Some(address), Some(to)) = (crate::pages(house), account.email.clone()) else {
        return Ok(Invited { account, link: Some(link) });
    };
    let row = store::find(tx, &house.vault, account.id)?;
    let places: Vec<String> =
        row.into_iter().flat_map(|row| row.detail.workplaces).map(|workplace| workplace.name).collect();
    let at = if places.is_empty() { String::new() } else { format!(" at {}", places.join(", ")) };
    let what = match account.role {
        Role::Practitioner => format!("invites you to work{at} with it"),
        _ => "made an account for you".to_owned(),
    };
    let (day, time) = day_and_time(until);
    let text = format!(
        "Hello {},\n\n{}, an administrator of HealthSync at {address}, {what}. Open your account \
         here:\n\n{address}{link}\n\nThe link works once, until {day}, {time} UTC. Give it to nobody: whoever opens it has the \
         account. If you do not know what this is about, ignore it.\n\nHealthSync",
        account.name, ctx.name
    );
    let subject = "You are invited to HealthSync".to_owned();
    notify::post(tx, house, &Mail { to, subject, text, until: Some(until) })?;
    Ok(Invited { account, link: None })
}

/// How often this invitation is sent now, with the beginning of the day that is counted. Letters to one address are few,
/// whoever is in a hurry.
fn pace(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<(i64, Timestamp), IdentityError> {
    let now = house.clock.now();
    let within = |(_, since): &(i64, Timestamp)| now.0 - since.0 < DAY_MS;
    match store::invitation_sent(tx, account)?.filter(within) {
        None => Ok((1, now)),
        Some((sent, since)) if sent < MOST_A_DAY => Ok((sent + 1, since)),
        Some((_, since)) => {
            let wait = (since.0 + DAY_MS - now.0 + 999) / 1000;
            Err(IdentityError::TooMany(u32::try_from(wait).unwrap_or(1).max(1)))
        }
    }
}

/// `2027-01-22` and `08:00`.
fn day_and_time(at: Timestamp) -> (String, String) {
    let text = at.to_rfc3339();
    (text.chars().take(10).collect(), text.chars().skip(11).take(5).collect())
}

/// What somebody who was invited sends back.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The secret of the link.
    pub token: String,
    /// At least 8 characters.
    #[schema(format = Password, min_length = 8)]
    pub password: String,
    #[serde(default)]
    pub session: SessionKind,
}

/// Takes an invitation: chooses a password and signs in. An unknown, used or old one gets the same answer.
pub async fn accept(house: &House, ctx: &Ctx, form: Acceptance, entrance: Entrance) -> Result<SignedIn, IdentityError> {
    attempt(house, entrance.place)?;
    uncommon(house, &form.password)?;
    let token = hash(&form.token);
    let inside = house.clone();
    // Looked at first, so that a password that is refused does not use the link up.
    let whose = house.db.read(move |tx| match store::invited(tx, &token, inside.clock.now())? {
        Some(account) => Ok(crate::store::find(tx, &inside.vault, account)?),
        None => Ok::<_, IdentityError>(None),
    });
    let profile = whose.await?.ok_or_else(gone)?.profile;
    let names = [profile.email.as_deref(), Some(profile.username.as_str())];
    if let Some(issue) = rules::own_name_issue(&form.password, &names) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    let secret = password::hash(&house.memory::<Memory>().gate, &*house.rng, &form.password).await?;
    let (house, ctx) = (house.clone(), ctx.clone());
    let db = house.db.clone();
    db.write(move |tx| {
        let account = store::take_invitation(tx, &token, house.clock.now())?.ok_or_else(gone)?;
        let stored = crate::store::find(tx, &house.vault, account)?.ok_or_else(gone)?;
        crate::store::set_secret(tx, &house.vault, &*house.rng, &stored, &secret)?;
        let own = acting(&house, &ctx, &stored);
        append(tx, Entry::system(&own, Action::Login).what(format!("invitation of account {account}"), 1));
        crate::session::open(tx, &house, Id::new(account), &entrance)
    })
    .await
}

fn gone() -> Problem {
    Problem::new(401, "invitation", "This invitation was used already, or it is too old. Ask for a new one.")
}
