//! A visit: for half an hour a practitioner's drafts for one patient land without a code for each.

use super::code as codes;
use super::handed::{self, Table, Tried};
use super::model::{CodeForm, HandedCode, VisitSession, VisitState};
use super::parties::parties;
use super::service::{patient, practitioner};
use super::store::{self, Visit, VisitDetail, Whose};
use crate::Access;
use crate::error::ConsentError;
use db::Tx;
use kernel::{Actor, Ctx, Id, Timestamp, id};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Notice};

const MINUTES: i64 = 30;

/// Asks the patient for a session; asking again while one waits or is open answers that one. The caller has checked that
/// the record can be seen.
pub fn request(
    ctx: &Ctx,
    access: &Access,
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
) -> Result<VisitSession, ConsentError> {
    let (account, practitioner) = practitioner(ctx)?;
    let now = ctx.now();
    if let Some(visit) = store::current_visit(tx, house, (account, patient.get()), now)? {
        return Ok(shown(visit, now));
    }
    let (whose, author, organization) = parties(access, house, tx, practitioner, patient)?;
    let visit = Visit {
        id: tx.allocate("edit_session", 1)?,
        patient: patient.get(),
        account,
        created: now.0,
        until: None,
        ended: None,
        code_by: None,
        code_until: None,
        detail: VisitDetail { patient: whose, author, organization },
    };
    store::insert_visit(tx, house, &visit)?;
    log(ctx, tx, &visit, Action::Draft);
    let title = format!("{} asks to write into your record during this visit", visit.detail.author.name);
    let body = "For half an hour. You get a code to hand over, or you say no by doing nothing.";
    notify::to_patient(tx, house, patient, &Notice::new(Kind::Edit, title, body).link("/changes"))?;
    announce(tx, &visit);
    Ok(shown(visit, now))
}

fn of_patient(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Visit, ConsentError> {
    let patient = patient(ctx)?;
    crate::family::still(tx, house, ctx)?;
    store::find_visit(tx, house, id)?.filter(|visit| visit.patient == patient).ok_or(ConsentError::NotFound)
}

/// A code that opens this session and nothing else.
pub fn code(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<HandedCode, ConsentError> {
    let visit = of_patient(ctx, house, tx, id)?;
    match state(&visit, ctx.now()) {
        VisitState::Waiting => {}
        VisitState::Open => return Err(ConsentError::Conflict("This session is open already.")),
        VisitState::Ended => return Err(ConsentError::Conflict("This session has ended.")),
    }
    let (code, until) = (codes::draw(&*house.rng), codes::until(ctx.now()));
    let content = codes::visit(visit.patient, visit.account, visit.id);
    handed::keep(ctx, tx, (Table::Visit, id), &codes::term(&house.vault, &content, &code), until)?;
    log(ctx, tx, &visit, Action::Approve);
    announce(tx, &visit);
    Ok(HandedCode { code, until: until.to_rfc3339() })
}

/// What a try to open a session came to. A wrong code counts, so it is no error of the transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entered {
    Open(Box<VisitSession>),
    Wrong(i64),
    NoCode,
}

pub fn open(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, form: &CodeForm) -> Result<Entered, ConsentError> {
    let (account, _) = practitioner(ctx)?;
    let visit = store::find_visit(tx, house, id)?.filter(|visit| visit.account == account);
    let mut visit = visit.ok_or(ConsentError::NotFound)?;
    let now = ctx.now();
    match state(&visit, now) {
        VisitState::Waiting => {}
        VisitState::Open => return Ok(Entered::Open(Box::new(shown(visit, now)))),
        VisitState::Ended => return Err(ConsentError::Conflict("This session has ended. Ask for a new one.")),
    }
    let code = codes::read(&form.code)?;
    let term = codes::term(&house.vault, &codes::visit(visit.patient, visit.account, visit.id), &code);
    match handed::spend(house, tx, (Table::Visit, id), &term, (codes::TRIES, now))? {
        Tried::Right => {}
        Tried::Wrong(left) => {
            log(ctx, tx, &visit, Action::Refused);
            if left == 0 {
                announce(tx, &visit);
            }
            return Ok(Entered::Wrong(left));
        }
        Tried::None => return Ok(Entered::NoCode),
    }
    let until = now.plus_minutes(MINUTES);
    store::open_visit(tx, id, now, until)?;
    visit.until = Some(until.0);
    log(ctx, tx, &visit, Action::Visit);
    let title = format!("{} may write into your record for half an hour", visit.detail.author.name);
    let told = Notice::new(Kind::Edit, title, "You can end it at any time under Changes.").link("/changes");
    notify::to_patient(tx, house, Id::new(visit.patient), &told)?;
    announce(tx, &visit);
    Ok(Entered::Open(Box::new(shown(visit, now))))
}

/// Either side ends it; doing it twice is doing it once.
pub fn end(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let visit = store::find_visit(tx, house, id)?.ok_or(ConsentError::NotFound)?;
    let mine = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        _ if ctx.pass.app.is_some() => false,
        Actor::Patient { patient, .. } => patient.get() == visit.patient,
        Actor::Practitioner { account, .. } => account.get() == visit.account,
        _ => false,
    };
    if !mine {
        return Err(ConsentError::NotFound);
    }
    if state(&visit, ctx.now()) == VisitState::Ended {
        return Ok(());
    }
    store::end_visit(tx, id, ctx.now())?;
    log(ctx, tx, &visit, Action::Revoke);
    announce(tx, &visit);
    Ok(())
}

/// Ends the sessions of a record whose practitioner no grant lets in any more; those of others go on.
pub(crate) fn end_visits_without(
    tx: &mut Tx<'_>,
    house: &House,
    patient: i64,
    now: Timestamp,
) -> Result<(), ConsentError> {
    let visits = store::visits(tx, house, Whose::Patient(patient))?;
    for visit in visits.iter().filter(|visit| state(visit, now) != VisitState::Ended) {
        let author = (visit.account, visit.detail.author.id.as_str());
        if !crate::service::stands_for(house, tx, patient, author, now)? {
            store::end_visit(tx, visit.id, now)?;
            announce(tx, visit);
        }
    }
    Ok(())
}

/// Since when the caller has an open session with this patient.
pub fn live(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, patient: i64) -> Result<Option<Timestamp>, ConsentError> {
    let (account, _) = practitioner(ctx)?;
    let now = ctx.now();
    let visit = store::current_visit(tx, house, (account, patient), now)?;
    let open = visit.filter(|visit| state(visit, now) == VisitState::Open);
    Ok(open.and_then(|visit| visit.until).map(|until| Timestamp(until).plus_minutes(-MINUTES)))
}

/// The sessions of a record, for its patient; those of a practitioner, for them. Newest first.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, access: &Access) -> Result<Vec<VisitSession>, ConsentError> {
    let whose = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        _ if ctx.pass.app.is_some() => return Err(ConsentError::NotFound),
        Actor::Patient { patient, .. } => Whose::Patient(patient.get()),
        Actor::Practitioner { account, .. } => Whose::Author(account.get()),
        _ => return Err(ConsentError::NotFound),
    };
    let now = ctx.now();
    let mut visits = store::visits(tx, house, whose)?;
    if access.own_patient().is_none() {
        let reach = access.consented(tx)?;
        visits.retain(|visit| reach.iter().any(|reach| reach.patient == visit.patient));
    }
    Ok(visits.into_iter().map(|visit| shown(visit, now)).collect())
}

/// A request that nobody answered within a day is over.
pub(super) const WAITS_MINUTES: i64 = 24 * 60;

fn state(visit: &Visit, now: Timestamp) -> VisitState {
    match (visit.ended, visit.until) {
        (Some(_), _) => VisitState::Ended,
        (None, Some(until)) if until > now.0 => VisitState::Open,
        (None, None) if Timestamp(visit.created).plus_minutes(WAITS_MINUTES) > now => VisitState::Waiting,
        _ => VisitState::Ended,
    }
}

fn shown(visit: Visit, now: Timestamp) -> VisitSession {
    let state = state(&visit, now);
    VisitSession {
        id: visit.id,
        state,
        created: Timestamp(visit.created).to_rfc3339(),
        until: visit.ended.or(visit.until).map(|ms| Timestamp(ms).to_rfc3339()),
        code_until: visit.code_until.map(|ms| Timestamp(ms).to_rfc3339()),
        patient: visit.detail.patient,
        practitioner: visit.detail.author,
        organization: visit.detail.organization.map(|workplace| workplace.name),
    }
}

fn log(ctx: &Ctx, tx: &mut Tx<'_>, visit: &Visit, action: Action) {
    let ground = match ctx.actor {
        Actor::Patient { .. } => Ground::OwnRecord,
        _ => Ground::Grant,
    };
    let entry = Entry::new(ctx, Id::new(visit.patient), action).what("VisitSession", 1);
    let entry = entry.at(ctx.workplace(visit.detail.organization.as_ref().map(|place| place.rid)));
    ledger::append(tx, entry.ground(ground, ctx.purpose, None));
}

fn announce(tx: &mut Tx<'_>, visit: &Visit) {
    tx.announce(format!("account:{} edits", visit.account));
    tx.announce(format!("patient:{} edits ledger", visit.patient));
}
