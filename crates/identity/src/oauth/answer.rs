//! A person answers an app's request, sees what they allowed, and takes it back.

use super::error::Refusal;
use super::form::with;
use super::model::{Allowed, Asked, Client, CodeTerms, Opened, Pending, Permission};
use super::rules::{CODE_MS, LAUNCH_MS, LONGEST_DAYS};
use super::scope::{self, Scope, Whose};
use super::store::{self, NewPermission};
use super::{authorize, store_clients, store_tokens};
use crate::session::hash;
use crate::store::{SessionRow, Stored};
use crate::{IdentityError, alarm, rules};
use db::Tx;
use kernel::rng::bytes;
use kernel::{Actor, Ctx, Id, Issue, Problem, Role, Timestamp, id};
use ledger::{Action, Entry, House, append};

/// The patient an app is opened for, as the caller found them with their own right to see them.
#[derive(Clone, Debug)]
pub struct Patient {
    pub rid: Id<id::Patient>,
    pub id: String,
}

/// What a person decided.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The scopes that stay, of those that were asked for.
    pub scopes: Vec<String>,
    pub patient: Option<Patient>,
    /// How long the app may go on without them.
    pub days: Option<i64>,
}

/// Whom an app may be let in by: somebody who is here themselves.
pub fn person(ctx: &Ctx) -> Result<Id<id::Account>, IdentityError> {
    match ctx.actor {
        Actor::Service { .. } | Actor::Operator => Err(IdentityError::Forbidden("Only a person can let an app in.")),
        _ => crate::signed_in(ctx),
    }
}

/// A request that waits, with the app that made it. 404 when it is unknown or over, or meant for somebody else.
pub fn question(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, handle: &str) -> Result<(Pending, Client), IdentityError> {
    let account = person(ctx)?;
    let found = store::request(tx, &house.vault, &hash(handle), false, house.clock.now())?;
    let pending = found.ok_or(IdentityError::NotFound)?;
    if pending.asked.launch.as_ref().is_some_and(|launch| launch.account != account.get()) {
        return Err(IdentityError::NotFound);
    }
    let client = store_clients::client(tx, &house.vault, pending.client)?;
    let client = client.filter(|client| client.stands()).ok_or(IdentityError::NotFound)?;
    Ok((pending, client))
}

/// Whether what is left of the scopes is about one patient.
pub fn needs_patient(scopes: &[Scope]) -> bool {
    scopes.contains(&Scope::LaunchPatient)
        || scopes.contains(&Scope::Launch)
        || scope::data(scopes).any(|data| data.whose == Whose::Patient)
}

/// Lets the app in; gives the address to send the browser to.
pub fn allow(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    session: &SessionRow,
    handle: &str,
    choice: &Choice,
) -> Result<String, IdentityError> {
    let account = person(ctx)?;
    ctx.confirmed()?;
    let (pending, client) = question(tx, house, ctx, handle)?;
    proved(ctx, &pending.asked)?;
    let stored = crate::store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
    let asked = &pending.asked;
    let scopes = chosen(asked.scope.as_str(), &choice.scopes)?;
    let patient = patient_of(&stored, asked.launch.as_ref(), choice, &scopes)?;
    let now = house.clock.now();
    let offline = scopes.contains(&Scope::Offline);
    let until = if offline { now.plus_ms(days(choice.days)? * 86_400_000) } else { session.expires };
    let allowed = Allowed {
        scope: scope::text(&scopes),
        patient: patient.as_ref().map(|patient| patient.id.clone()),
        fhir_user: fhir_user(&stored),
        auth_time: ctx.pass.fresh.unwrap_or(session.created).0 / 1000,
        acr: "1".to_owned(),
    };
    let new = NewPermission {
        client: client.id,
        account: &stored,
        session: (!offline).then_some(session.id),
        patient: patient.as_ref().map(|patient| patient.rid.get()),
        until,
        allowed: &allowed,
    };
    let grant = store::insert_permission(tx, house, &new)?;
    let code = super::jose::encode(bytes::<32>(&*house.rng));
    let terms = CodeTerms {
        redirect_uri: asked.redirect_uri.clone(),
        challenge: asked.challenge.clone(),
        nonce: asked.nonce.clone(),
        jkt: asked.jkt.clone(),
    };
    store_tokens::insert_code(tx, house, &hash(&code), grant, now.plus_ms(CODE_MS), &terms)?;
    if !store::take_request(tx, &hash(handle))? {
        return Err(IdentityError::NotFound);
    }
    append(tx, entry(ctx, &stored, Action::Connect).what(client.said.name.clone(), 1));
    let end = if offline { format!("until {}", rules::shown(until)) } else { "until you sign out".to_owned() };
    let body = format!(
        "The app \"{}\" was let in {end}, to see and do what you left it. You can end it on your account page at any time.",
        client.said.name
    );
    alarm::tell(tx, house, &stored, "An app was connected", &body)?;
    let pairs =
        [("code", Some(code.as_str())), ("state", asked.state.as_deref()), ("iss", Some(asked.issuer.as_str()))];
    Ok(with(&asked.redirect_uri, &pairs))
}

/// The app may want a younger proof than this server does: at most so old when it asked.
fn proved(ctx: &Ctx, asked: &Asked) -> Result<(), Problem> {
    let Some(seconds) = asked.max_age else { return Ok(()) };
    let oldest = asked.at.saturating_sub(seconds.saturating_mul(1000));
    if ctx.pass.fresh.is_some_and(|at| at.0 >= oldest) { Ok(()) } else { Err(Problem::step_up()) }
}

/// Sends the app away; gives the address to send the browser to.
pub fn deny(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, handle: &str) -> Result<String, IdentityError> {
    let (pending, _) = question(tx, house, ctx, handle)?;
    store::take_request(tx, &hash(handle))?;
    let refusal = Refusal::new("access_denied", "The person said no.");
    let asked = &pending.asked;
    Ok(authorize::refused(&asked.redirect_uri, &refusal, asked.state.as_deref(), &asked.issuer))
}

pub(super) fn entry(ctx: &Ctx, stored: &Stored, action: Action) -> Entry {
    match &stored.profile.patient {
        Some(patient) => Entry::new(ctx, patient.rid, action),
        None => Entry::system(ctx, action),
    }
}

fn invalid(place: &'static str, text: &'static str) -> IdentityError {
    Problem::unprocessable(vec![Issue::new("value", place, text)]).into()
}

/// Of what was asked for, what the person left; in the order it was asked for.
fn chosen(asked: &str, kept: &[String]) -> Result<Vec<Scope>, IdentityError> {
    let asked = scope::parse(asked).map_err(|_| Problem::internal())?;
    if kept.iter().any(|kept| !asked.iter().any(|scope| scope.as_str() == kept)) {
        return Err(invalid("scopes", "Only what the app asked for can be allowed."));
    }
    let left: Vec<Scope> = asked.into_iter().filter(|s| kept.iter().any(|kept| kept == s.as_str())).collect();
    if left.is_empty() { Err(invalid("scopes", "Allow something, or say no.")) } else { Ok(left) }
}

fn days(days: Option<i64>) -> Result<i64, IdentityError> {
    match days {
        Some(days) if (1..=LONGEST_DAYS).contains(&days) => Ok(days),
        _ => Err(invalid("days", "An app that goes on without you needs an end: 1 to 365 days.")),
    }
}

/// A patient opens an app for themselves, a practitioner for whom they chose or came from.
fn patient_of(
    stored: &Stored,
    launch: Option<&Opened>,
    choice: &Choice,
    scopes: &[Scope],
) -> Result<Option<Patient>, IdentityError> {
    if !needs_patient(scopes) {
        return Ok(None);
    }
    if let Some(own) = &stored.profile.patient {
        return Ok(Some(Patient { rid: own.rid, id: own.id.clone() }));
    }
    if let Some(launch) = launch {
        return Ok(Some(Patient { rid: Id::new(launch.patient), id: launch.id.clone() }));
    }
    let chosen = choice.patient.clone();
    chosen.map(Some).ok_or_else(|| invalid("patient", "Choose the patient the app is opened for."))
}

fn fhir_user(stored: &Stored) -> Option<String> {
    let patient = stored.profile.patient.as_ref().map(|link| format!("Patient/{}", link.id));
    let practitioner = stored.profile.practitioner.as_ref().filter(|_| stored.profile.role == Role::Practitioner);
    patient.or_else(|| practitioner.map(|link| format!("Practitioner/{}", link.id)))
}

/// What the caller allowed, with the apps.
pub fn connected(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<Vec<(Permission, Client)>, IdentityError> {
    let account = person(ctx)?;
    let stored = crate::store::find(tx, &house.vault, account.get())?.ok_or(IdentityError::NotSignedIn)?;
    let now = house.clock.now();
    let mut out = Vec::new();
    for permission in store::permissions(tx, &house.vault, &stored, now)? {
        let stands = store::stands_until(tx, &permission, &stored, now)?.is_some();
        let client = store_clients::client(tx, &house.vault, permission.client)?.filter(|client| client.stands());
        if let (true, Some(client)) = (stands, client) {
            out.push((permission, client));
        }
    }
    Ok(out)
}

/// Takes a permission back. Its tokens are refused from the next request on.
pub fn revoke(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, grant: i64) -> Result<(), IdentityError> {
    let account = person(ctx)?;
    let found = store::permission(tx, &house.vault, grant)?.filter(|(found, _)| found.account == account.get());
    let (permission, stored) = found.ok_or(IdentityError::NotFound)?;
    if store::revoke_permission(tx, grant, account.get(), house.clock.now())? {
        let client = store_clients::client(tx, &house.vault, permission.client)?;
        let name = client.map_or_else(String::new, |client| client.said.name);
        append(tx, entry(ctx, &stored, Action::Disconnect).what(name.clone(), 1));
        let body = format!("You ended the app \"{name}\". It gets nothing any more; what it has read it keeps.");
        alarm::tell(tx, house, &stored, "An app was ended", &body)?;
    }
    Ok(())
}

/// A practitioner opens an app from a patient's record; gives the address to send the browser to.
pub fn launch(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    issuer: &str,
    ident: &str,
    patient: &Patient,
) -> Result<String, IdentityError> {
    let account = person(ctx)?;
    let client = store_clients::client_by_ident(tx, &house.vault, ident)?.ok_or(IdentityError::NotFound)?;
    let address = client.said.launch_uri.as_deref().ok_or(IdentityError::NotFound)?;
    let handle = super::jose::encode(bytes::<32>(&*house.rng));
    let opened = Opened { account: account.get(), patient: patient.rid.get(), id: patient.id.clone() };
    let expires: Timestamp = house.clock.now().plus_ms(LAUNCH_MS);
    store_tokens::insert_launch(tx, house, &hash(&handle), client.id, &opened, expires)?;
    let iss = format!("{issuer}/fhir");
    Ok(with(address, &[("iss", Some(iss.as_str())), ("launch", Some(handle.as_str()))]))
}
