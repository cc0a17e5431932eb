//! Use cases at the desk: show a code, meet by it, give access, end it. Line 1 of each authorises; the caller commits.

use super::model::{CodeForm, GiveForm, Meeting, MeetingState, Shown};
use super::store::{self, Row};
use crate::edit::code as codes;
use crate::error::ConsentError;
use crate::model::{GrantForm, GrantPurpose, Grantee, GranteeRef, GranteeType, State};
use crate::{rules, service};
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Timestamp};
use ledger::{Action, Entry, House};
use vault::DIRECTORY;

const MINUTES: i64 = 5;
const MOST_HOURS: i64 = 31 * 24;

/// Of a hundred million codes a few are on show at a time: at this pace nobody meets one by chance.
const MOST_MISSES: usize = 10;
const MISSES_MS: i64 = 900_000;

/// Who stands at the desk.
#[derive(Clone, Copy)]
enum Side {
    Patient(i64),
    Practitioner(i64),
}

fn side(ctx: &Ctx) -> Result<(i64, Side), ConsentError> {
    match &ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { account, patient } => Ok((account.get(), Side::Patient(patient.get()))),
        Actor::Practitioner { account, practitioner, .. } => {
            Ok((account.get(), Side::Practitioner(practitioner.get())))
        }
        _ => Err(ConsentError::Forbidden("Only patients and practitioners meet at the desk.")),
    }
}

/// A new code to show; the caller's former one is good no longer.
pub fn show(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Shown, ConsentError> {
    let (account, side) = side(ctx)?;
    let now = ctx.now();
    store::clear(tx, account, now)?;
    let (patient, practitioner) = match side {
        Side::Patient(patient) => (Some(patient), None),
        Side::Practitioner(practitioner) => (None, Some(practitioner)),
    };
    let (code, h) = loop {
        let code = codes::draw(&*house.rng);
        let h = term(house, &code);
        if !store::is_taken(tx, h, now)? {
            break (code, h);
        }
    };
    let until = now.plus_minutes(MINUTES);
    let row = Row {
        id: tx.allocate("desk", 1)?,
        account,
        other: None,
        patient,
        practitioner,
        state: MeetingState::Shown.code(),
        until: until.0,
        grant: None,
        organization: practitioner.and(ctx.organization.as_deref()).map(str::to_owned),
    };
    store::insert(tx, house, &row, h)?;
    Ok(Shown { id: row.id, code, until: until.to_rfc3339() })
}

fn term(house: &House, code: &str) -> i64 {
    house.vault.terms().hash(b"desk code", &[code.as_bytes()])
}

/// What came of a code. That it was wrong is kept, so it is no error of the transaction.
pub enum Tried {
    Met(Meeting),
    Wrong,
}

impl Tried {
    /// What the caller is told: the same, whether the code is wrong, spent, too old or of the caller's own side.
    pub fn met(self) -> Result<Meeting, ConsentError> {
        let text = "This code is not good, or not any more. Ask for a new one.";
        match self {
            Self::Met(meeting) => Ok(meeting),
            Self::Wrong => Err(Issue::new("value", "code", text).into()),
        }
    }
}

/// The other one uses the code: from now on both are there, and the patient decides.
pub fn meet(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &CodeForm) -> Result<Tried, ConsentError> {
    let (account, side) = side(ctx)?;
    let now = ctx.now();
    let misses = store::misses(tx, account, now.plus_ms(-MISSES_MS))?;
    if let Some(oldest) = misses.len().checked_sub(MOST_MISSES).and_then(|at| misses.get(at)) {
        let wait = (oldest + MISSES_MS - now.0 + 999) / 1000;
        return Err(ConsentError::TooMany(u32::try_from(wait).unwrap_or(1).max(1)));
    }
    let found = match codes::read(&form.code) {
        Ok(code) => store::by_code(tx, house, term(house, &code))?,
        Err(_) => None,
    };
    let row = found.filter(|row| row.until > now.0 && row.state == MeetingState::Shown.code());
    let met = row.and_then(|row| joined(row, side));
    let Some(mut row) = met else {
        store::miss(tx, account, now)?;
        return Ok(Tried::Wrong);
    };
    row.other = Some(account);
    row.state = MeetingState::Met.code();
    row.until = now.plus_minutes(MINUTES).0;
    if let (Side::Practitioner(_), Some(patient)) = (side, row.patient) {
        row.organization = ctx.organization.as_deref().map(str::to_owned);
        let entry = Entry::new(ctx, Id::new(patient), Action::Request).what("AccessRequest", 1);
        ledger::append(tx, entry);
        tx.announce(format!("patient:{patient} ledger"));
    }
    store::update(tx, house, &row)?;
    announce(tx, &row);
    seen(house, tx, row, now).map(Tried::Met)
}

/// The meeting with the other one in it; a patient and a practitioner meet, nobody else.
fn joined(row: Row, side: Side) -> Option<Row> {
    match side {
        Side::Practitioner(practitioner) if row.practitioner.is_none() => {
            Some(Row { practitioner: Some(practitioner), ..row })
        }
        Side::Patient(patient) if row.patient.is_none() => Some(Row { patient: Some(patient), ..row }),
        _ => None,
    }
}

/// A meeting of the caller's.
pub fn find(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Meeting, ConsentError> {
    let (account, side) = hidden(side(ctx))?;
    let row = own(house, tx, id, account, side)?;
    seen(house, tx, row, ctx.now())
}

/// The meeting as it is for this side. What met in one record of the family is not there in another.
fn own(house: &House, tx: &mut Tx<'_>, id: i64, account: i64, side: Side) -> Result<Row, ConsentError> {
    let found = store::find(tx, house, id, account)?.filter(|row| match side {
        Side::Patient(patient) => row.patient.is_none_or(|of| of == patient),
        Side::Practitioner(_) => true,
    });
    found.ok_or(ConsentError::NotFound)
}

/// To whom the desk is closed, no meeting exists.
fn hidden<T>(found: Result<T, ConsentError>) -> Result<T, ConsentError> {
    found.map_err(|error| match error {
        ConsentError::Forbidden(_) => ConsentError::NotFound,
        other => other,
    })
}

/// The patient gives what they see on their page: a grant like any other, to the practitioner who is there.
pub fn give(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, form: &GiveForm) -> Result<Meeting, ConsentError> {
    let (account, side) = hidden(side(ctx))?;
    let Side::Patient(_) = side else { return Err(ConsentError::NotFound) };
    let now = ctx.now();
    // Whoever looks after somebody gives from the record that met, not from the one that is open by now.
    let mut row = own(house, tx, id, account, side)?;
    let (MeetingState::Met, Some(practitioner)) = (state(&row, now), row.practitioner) else {
        return Err(ConsentError::Conflict(match state(&row, now) {
            MeetingState::Shown => "Nobody has used the code yet. Let the doctor scan or type it first.",
            _ => "This meeting is over. Show a new code.",
        }));
    };
    if !(1..=MOST_HOURS).contains(&form.hours) {
        return Err(Issue::new("value", "hours", "Give access for 1 to 744 hours.").into());
    }
    let who = crate::store::person(tx, house, practitioner, DIRECTORY)?.ok_or(ConsentError::NotFound)?;
    let until = now.plus_minutes(form.hours * 60);
    let grant = GrantForm {
        grantee: GranteeRef { r#type: GranteeType::Practitioner, id: who.id.clone() },
        categories: form.categories.clone(),
        from: None,
        to: None,
        labels: form.labels.clone(),
        sealed: Vec::new(),
        purpose: GrantPurpose::Treatment,
        until: Some(until.to_rfc3339()),
        note: None,
        request: None,
    };
    let grantee = Grantee { kind: GranteeType::Practitioner, rid: practitioner, id: who.id, name: who.name };
    row.grant = Some(service::grant(ctx, house, tx, &grant, grantee)?.id);
    row.state = MeetingState::Given.code();
    store::update(tx, house, &row)?;
    announce(tx, &row);
    seen(house, tx, row, now)
}

/// A patient gave access on another page than the desk's, by choosing in detail: the meeting with whoever got it, if one is
/// open, came to its end by that.
pub(crate) fn given(
    house: &House,
    tx: &mut Tx<'_>,
    (patient, practitioner): (i64, i64),
    grant: i64,
    now: Timestamp,
) -> Result<(), ConsentError> {
    for mut row in store::met(tx, house, patient, practitioner)? {
        if state(&row, now) == MeetingState::Met {
            row.grant = Some(grant);
            row.state = MeetingState::Given.code();
            store::update(tx, house, &row)?;
            announce(tx, &row);
        }
    }
    Ok(())
}

/// Either of the two ends it before anything was given. Doing it twice is doing it once.
pub fn end(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let (account, side) = hidden(side(ctx))?;
    let mut row = own(house, tx, id, account, side)?;
    match MeetingState::of(row.state) {
        Some(MeetingState::Given) => {
            return Err(ConsentError::Conflict(
                "Access was given. The patient ends it on the page of what they share.",
            ));
        }
        Some(MeetingState::Ended) => return Ok(()),
        _ => {}
    }
    row.state = MeetingState::Ended.code();
    store::update(tx, house, &row)?;
    announce(tx, &row);
    Ok(())
}

fn announce(tx: &mut Tx<'_>, row: &Row) {
    for account in [Some(row.account), row.other].into_iter().flatten() {
        tx.announce(format!("account:{account} desk"));
    }
}

fn state(row: &Row, now: Timestamp) -> MeetingState {
    match MeetingState::of(row.state) {
        Some(MeetingState::Given) => MeetingState::Given,
        Some(open @ (MeetingState::Shown | MeetingState::Met)) if row.until > now.0 => open,
        _ => MeetingState::Ended,
    }
}

fn seen(house: &House, tx: &mut Tx<'_>, row: Row, now: Timestamp) -> Result<Meeting, ConsentError> {
    let practitioner = match row.practitioner {
        Some(practitioner) => crate::store::person(tx, house, practitioner, DIRECTORY)?,
        None => None,
    };
    let grant = match row.grant {
        Some(grant) => crate::store::grant(tx, house, grant)?,
        None => None,
    };
    // What was given here may have been ended since; then its reader is not told any more whose record it was.
    let given = grant.filter(|grant| rules::state(grant.until, grant.revoked, now) == State::Active);
    let ended = row.grant.is_some() && given.is_none();
    Ok(Meeting {
        id: row.id,
        state: if ended { MeetingState::Ended } else { state(&row, now) },
        until: Timestamp(row.until).to_rfc3339(),
        practitioner,
        organization: row.organization,
        patient: given.map(|grant| grant.detail.patient),
    })
}
