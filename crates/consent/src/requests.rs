//! Use cases of requests for access: ask, decline, list; and the share code a patient tells somebody so that they can ask.

use crate::error::ConsentError;
use crate::model::{AccessRequest, GranteeType, RequestForm, RequestState, Requester};
use crate::store::{self, Asked, RequestRow};
use crate::{rules, service};
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Timestamp, id};
use ledger::{Action, Entry, House};
use notify::{Kind, Notice};
use vault::DIRECTORY;

/// Guessing e-mail addresses or share codes is not worth it at this pace, and care never needs more.
const MOST_PER_HOUR: usize = 20;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// Asks a patient for access. Whether what was typed names anybody is not said: the caller gets the same answer, and the
/// request stands in their list either way.
pub fn request(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &RequestForm) -> Result<(), ConsentError> {
    let (account, practitioner, organizations) = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Practitioner { account, practitioner, organizations } => (account.get(), *practitioner, organizations),
        _ => return Err(ConsentError::Forbidden("Only a practitioner asks a patient for access.")),
    };
    rules::check_request(form).map_err(ConsentError::Invalid)?;
    let now = ctx.now();
    let recent = store::recent(tx, account, now.plus_ms(-HOUR_MS))?;
    if let Some(oldest) = recent.len().checked_sub(MOST_PER_HOUR).and_then(|at| recent.get(at)) {
        let wait = (oldest + HOUR_MS - now.0 + 999) / 1000;
        return Err(ConsentError::TooMany(u32::try_from(wait).unwrap_or(1).max(1)));
    }
    let from = store::person(tx, house, practitioner.get(), DIRECTORY)?.ok_or(ConsentError::NotFound)?;
    let typed = form.patient.trim();
    let patient = match rules::read_share_code(typed) {
        Some(code) => store::patient_of_share_code(tx, house, &code)?,
        None => store::patient_of_email(tx, house, typed)?,
    };
    let mut readers = vec![practitioner.get()];
    readers.extend(organizations.iter().map(|organization| organization.get()));
    let row = RequestRow {
        id: tx.allocate("request", 1)?,
        patient,
        account,
        state: RequestState::Open,
        created: now.0,
        asked: Asked {
            typed: typed.to_owned(),
            from,
            organization: ctx.organization.as_deref().map(str::to_owned),
            readers,
            reason: form.reason.trim().to_owned(),
            categories: form.categories.clone(),
            days: form.days,
        },
    };
    // A double tap is one question. Whether it reached anybody makes no difference.
    let same = |other: &RequestRow| {
        let said = |asked: &Asked| (asked.reason.clone(), asked.categories.clone(), asked.days);
        let open = other.state == RequestState::Open && now.0 - other.created <= service::AT_ONCE_MS;
        open && said(&other.asked) == said(&row.asked) && same_address(&other.asked.typed, typed)
    };
    if store::requests_sent(tx, house, account)?.iter().any(same) {
        return Ok(());
    }
    match patient {
        Some(patient) => ask(ctx, house, tx, Id::new(patient), &row)?,
        None => ledger::append(tx, Entry::system(ctx, Action::Request).what("AccessRequest", 0)),
    }
    store::insert_request(tx, house, &row)?;
    tx.announce(format!("account:{account} requests"));
    Ok(())
}

/// An e-mail address or a share code, however it was typed.
fn same_address(one: &str, other: &str) -> bool {
    match (rules::read_share_code(one), rules::read_share_code(other)) {
        (Some(one), Some(other)) => one == other,
        (None, None) => one.trim().to_lowercase() == other.trim().to_lowercase(),
        _ => false,
    }
}

/// Tells the patient, once a day for each who asks: an open question is not made clearer by repeating it.
fn ask(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    row: &RequestRow,
) -> Result<(), ConsentError> {
    ledger::append(tx, Entry::new(ctx, patient, Action::Request).what("AccessRequest", 1));
    let since = Timestamp(row.created).plus_ms(-DAY_MS);
    if store::open_since(tx, row.account, patient.get(), since)? == 0 {
        let who = match &row.asked.organization {
            Some(organization) => format!("{} of {organization}", row.asked.from.name),
            None => row.asked.from.name.clone(),
        };
        let notice = Notice::new(Kind::AccessRequest, format!("{who} asks for access"), row.asked.reason.clone());
        notify::to_patient(tx, house, patient, &notice.link("/sharing"))?;
    }
    tx.announce(format!("patient:{} requests ledger", patient.get()));
    Ok(())
}

/// The patient says no.
pub fn decline(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, request: i64) -> Result<(), ConsentError> {
    let patient = match ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => patient,
        _ => return Err(ConsentError::NotFound),
    };
    let row = store::request(tx, house, patient.get(), request)?.ok_or(ConsentError::NotFound)?;
    match row.state {
        RequestState::Declined => return Ok(()),
        RequestState::Granted => {
            return Err(ConsentError::Conflict("You granted this request. Revoke the access instead."));
        }
        RequestState::Open => {}
    }
    store::answer(tx, row.id, RequestState::Declined, ctx.now())?;
    ledger::append(tx, Entry::new(ctx, patient, Action::Decline).what("AccessRequest", 1));
    let notice = Notice::new(Kind::AccessRequest, "A patient declined your request", "Your list says which one.");
    notify::send(tx, house, Id::new(row.account), &notice.link("/requests"))?;
    tx.announce(format!("account:{} requests", row.account));
    tx.announce(format!("patient:{} requests ledger", patient.get()));
    Ok(())
}

/// Whether a request of this record waits for an answer.
pub(crate) fn waits(
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    request: i64,
) -> Result<bool, ConsentError> {
    let found = store::request(tx, house, patient.get(), request)?;
    Ok(found.is_some_and(|row| row.state == RequestState::Open))
}

/// A grant answers a request: it must be open, of this patient, and of somebody whom the grant reaches.
pub(crate) fn mark_granted(
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    request: i64,
    grantee: i64,
) -> Result<(), ConsentError> {
    let wrong = |text: &str| Err(Issue::new("value", "request", text).into());
    let Some(row) = store::request(tx, house, patient.get(), request)? else {
        return wrong("There is no such request.");
    };
    if row.state != RequestState::Open {
        return wrong("This request was answered already.");
    }
    if !row.asked.readers.contains(&grantee) {
        return wrong("This request came from somebody else.");
    }
    store::answer(tx, row.id, RequestState::Granted, house.clock.now())?;
    tx.announce(format!("account:{} requests", row.account));
    Ok(())
}

/// What a patient was asked, or what a practitioner asked.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<AccessRequest>, ConsentError> {
    let (rows, mine) = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => (store::requests_received(tx, house, patient.get())?, false),
        Actor::Practitioner { account, .. } => (store::requests_sent(tx, house, account.get())?, true),
        _ => return Err(ConsentError::NotFound),
    };
    Ok(rows.into_iter().map(|row| shown(row, mine)).collect())
}

fn shown(row: RequestRow, mine: bool) -> AccessRequest {
    let Asked { typed, from, organization, reason, categories, days, .. } = row.asked;
    AccessRequest {
        id: row.id,
        from: Requester { r#type: GranteeType::Practitioner, id: from.id, name: from.name, detail: organization },
        patient: mine.then_some(typed),
        reason,
        categories,
        days,
        created: Timestamp(row.created).to_rfc3339(),
        state: row.state,
    }
}

/// The code a patient tells somebody who is to ask for access.
pub fn share_code(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<String, ConsentError> {
    match ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => Ok(store::share_code(tx, house, patient.get())?),
        _ => Err(ConsentError::NotFound),
    }
}
