//! Asking, answering, objecting, ending; and reminding those who owe an answer.

use super::model::{Case, CaseEntry, CaseForm, CaseKind, CaseReader, CaseState, May, Message, MessageForm, Side};
use super::opened::opened;
use super::store::{self as cases, Detail, Of, Row};
use crate::error::ConsentError;
use crate::store;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Role, Timestamp, id};
use ledger::{Action, Disclosure, Entry, Ground, House, LedgerError};
use notify::{Kind, Notice};
use std::collections::BTreeMap;

/// The job that reminds those who owe an answer, and the one that says that its time is over.
pub const REMIND: &str = "case-reminder";
pub const OVERDUE: &str = "case-overdue";

pub(super) const DAY_MS: i64 = 24 * 3_600_000;
/// Two days are left then.
const LEFT_MS: i64 = 2 * DAY_MS;
pub(super) const QUESTION: std::ops::RangeInclusive<usize> = 5..=2000;
const LONGEST: usize = 2000;
/// A patient opens so many cases a day at most: each asks people for their time.
pub(super) const MOST_A_DAY: i64 = 20;

/// Who the caller is in a case, if they have anything to do with it. Whoever looks after a record has nothing to do with the
/// questions about themselves: those are between the patient and the administrators. Nor has an administrator with those
/// about themselves, while there is another.
fn side(ctx: &Ctx, row: &Row, alone: bool) -> Option<Side> {
    match &ctx.actor {
        _ if about_caller(ctx, row, alone) => None,
        Actor::Patient { patient, .. } if patient.get() == row.patient => Some(Side::Patient),
        Actor::Practitioner { account, organizations, .. }
            if row.reader == Some(account.get())
                || organizations.iter().any(|place| row.organization == Some(place.get())) =>
        {
            Some(Side::Reader)
        }
        Actor::Administrator { .. } => Some(Side::Administrator),
        _ => None,
    }
}

fn about_caller(ctx: &Ctx, row: &Row, alone: bool) -> bool {
    match &ctx.actor {
        Actor::Administrator { account } => !alone && row.reader == Some(account.get()),
        _ => ctx.behalf().is_some_and(|behalf| row.reader == Some(behalf.account.get())),
    }
}

/// Whether the caller is an administrator, and the only one.
fn alone(ctx: &Ctx, tx: &mut Tx<'_>) -> Result<bool, ConsentError> {
    let Actor::Administrator { account } = &ctx.actor else { return Ok(false) };
    Ok(!cases::other_administrator(tx, account.get())?)
}

pub(super) fn found(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    id: i64,
) -> Result<(Row, Side, CaseState), ConsentError> {
    if ctx.actor.account().is_none() {
        return Err(ConsentError::NotSignedIn);
    }
    let row = cases::find(tx, house, id)?.ok_or(ConsentError::NotFound)?;
    let side = side(ctx, &row, alone(ctx, tx)?).ok_or(ConsentError::NotFound)?;
    let state = CaseState::of(row.state).ok_or(ConsentError::NotFound)?;
    Ok((row, side, state))
}

fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(Row, CaseState), ConsentError> {
    match found(ctx, house, tx, id)? {
        (row, Side::Patient, state) => Ok((row, state)),
        _ => Err(ConsentError::NotFound),
    }
}

pub(super) fn text(said: &str, field: &str, least: usize) -> Result<String, Issue> {
    let said = said.trim();
    match (least..=LONGEST).contains(&said.chars().count()) {
        true => Ok(said.to_owned()),
        false => Err(Issue::new("value", field, format!("Write {least} to {LONGEST} characters."))),
    }
}

pub(super) fn message(ctx: &Ctx, from: Side, text: String) -> Message {
    Message { from, name: ctx.name.to_string(), time: ctx.now().to_rfc3339(), text }
}

/// The account and the record of whoever opens a case.
pub(super) fn of_patient(ctx: &Ctx) -> Result<(i64, Id<id::Patient>), ConsentError> {
    match ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { account, patient } => Ok((account.get(), patient)),
        _ => Err(ConsentError::NotFound),
    }
}

/// A record that was erased while its patient wrote the question has no log of its own any more.
fn of_ledger(error: LedgerError) -> ConsentError {
    match error {
        LedgerError::Vault(error) => error.into(),
        LedgerError::Db(error) => error.into(),
        other => db::DbError::Failed(other.to_string()).into(),
    }
}

/// Opens a case about an entry of the patient's own ledger.
pub fn open(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &CaseForm) -> Result<Case, ConsentError> {
    let (account, patient) = of_patient(ctx)?;
    let question = text(&form.question, "question", *QUESTION.start())?;
    let absent = || Issue::new("not-found", "entry", "Your ledger has no such entry.");
    let entry = ledger::entry(tx, &house.vault, patient, form.entry).map_err(of_ledger)?.ok_or_else(absent)?;
    if entry.who.account == Some(account) && entry.who.app.is_none() {
        return Err(Issue::new("value", "entry", "This is what you did yourself.").into());
    }
    if cases::is_open(tx, patient.get(), entry.seq)? {
        return Err(ConsentError::Conflict("You have asked about this already, and the case is open."));
    }
    let now = ctx.now();
    if cases::opened_since(tx, patient.get(), now.0 - DAY_MS)? >= MOST_A_DAY {
        return Err(ConsentError::Conflict("You have opened many cases today. Open more tomorrow."));
    }
    let whose = store::person(tx, house, patient.get(), patient.get())?.ok_or_else(absent)?;
    let row = Row {
        id: tx.allocate("case", 1)?,
        kind: CaseKind::Question,
        patient: patient.get(),
        seq: entry.seq,
        rid: None,
        organization: None,
        // What an app of the patient's own read is for an administrator to answer.
        reader: entry.who.account.filter(|reader| *reader != account),
        opened: now.0,
        due: now.0 + CaseKind::Question.due_ms(),
        state: CaseState::Waiting.code(),
        detail: Detail {
            patient: whose.name,
            record: Some(whose.id),
            reader: CaseReader {
                name: entry.who.app.unwrap_or(entry.who.name),
                role: entry.who.role,
                organization: entry.who.organization,
            },
            entry: Some(CaseEntry {
                seq: entry.seq,
                time: entry.time,
                action: entry.action,
                what: entry.what,
                count: entry.count,
            }),
            about: None,
            proposal: None,
            outcome: None,
            messages: vec![message(ctx, Side::Patient, question)],
        },
    };
    cases::insert(tx, house, &row)?;
    log(ctx, tx, &row, Action::Question);
    owe(tx, &row)?;
    let told = Notice::new(Kind::Case, "A patient asks why you read their record", "Answer within seven days.");
    to_reader(tx, house, &row, &told)?;
    let title = format!("A patient asks why {} read their record", row.detail.reader.name);
    to_administrators(tx, house, &row, &Notice::new(Kind::Case, title, "An answer is owed within seven days."))?;
    Ok(shown(ctx, row, Side::Patient, false))
}

/// The two moments at which those who owe an answer hear of it again.
pub(super) fn owe(tx: &mut Tx<'_>, row: &Row) -> Result<(), ConsentError> {
    jobs::enqueue(tx, REMIND, Timestamp(row.due - LEFT_MS), &row.id.to_le_bytes())?;
    jobs::enqueue(tx, OVERDUE, Timestamp(row.due), &row.id.to_le_bytes())?;
    Ok(())
}

pub(super) fn log(ctx: &Ctx, tx: &mut Tx<'_>, row: &Row, action: Action) {
    ledger::append(tx, Entry::new(ctx, Id::new(row.patient), action).what(row.kind.what(), 1));
    announce(tx, row);
}

pub(super) fn announce(tx: &mut Tx<'_>, row: &Row) {
    tx.announce(format!("patient:{} cases ledger", row.patient));
    tx.announce("administrators cases");
    if let Some(reader) = row.reader {
        tx.announce(format!("account:{reader} cases"));
    }
    if let Some(organization) = row.organization {
        tx.announce(format!("reader:{organization} cases"));
    }
}

/// Whoever read or wrote it; where that is nobody with an account, or somebody who does not work where it was written,
/// everybody who does.
pub(super) fn to_reader(tx: &mut Tx<'_>, house: &House, row: &Row, notice: &Notice) -> Result<(), ConsentError> {
    let notice = notice.clone().about(Id::new(row.patient)).link("/cases");
    // Whoever looks after the record has no page of cases about themselves: the administrators answer.
    if let Some(reader) = row.reader.filter(|_| row.detail.reader.role != Role::Patient.as_str()) {
        notify::send(tx, house, Id::new(reader), &notice)?;
    }
    if let Some(organization) = row.organization {
        let known = row.reader.map(|reader| cases::works_in(tx, reader, organization)).transpose()?;
        if !known.unwrap_or(false) {
            notify::to_members(tx, house, Id::new(organization), &notice)?;
        }
    }
    Ok(())
}

pub(super) fn to_administrators(
    tx: &mut Tx<'_>,
    house: &House,
    row: &Row,
    notice: &Notice,
) -> Result<(), ConsentError> {
    let notice = notice.clone().about(Id::<id::Patient>::new(row.patient)).link("/cases");
    Ok(notify::to_administrators_but(tx, house, row.reader, &notice)?)
}

pub(super) fn to_patient(tx: &mut Tx<'_>, house: &House, row: &Row, notice: &Notice) -> Result<(), ConsentError> {
    Ok(notify::to_patient(tx, house, Id::new(row.patient), &notice.clone().link("/cases"))?)
}

/// The cases of the caller: a patient's own, those about a practitioner, all for an administrator. They name patients:
/// each of them finds in their ledger who looked.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Disclosure<Vec<Case>>, ConsentError> {
    let (of, side, ground) = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => (Of::Patient(patient.get()), Side::Patient, None),
        Actor::Practitioner { account, organizations, .. } => {
            let places = organizations.iter().map(|place| place.get()).collect();
            (Of::Reader(account.get(), places), Side::Reader, None)
        }
        Actor::Administrator { .. } => (Of::Everybody, Side::Administrator, Some(Ground::Administration)),
        _ => return Err(ConsentError::NotFound),
    };
    let mut rows = cases::all(tx, house, of)?;
    let alone = alone(ctx, tx)?;
    rows.retain(|row| !about_caller(ctx, row, alone));
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    if side != Side::Patient {
        rows.iter().for_each(|row| *counts.entry(row.patient).or_default() += 1);
    }
    let entry = |(patient, count): (i64, i64)| {
        let mut entry = Entry::new(ctx, Id::new(patient), Action::Read).what("Case", count);
        entry.ground = ground;
        entry
    };
    let entries = counts.into_iter().map(entry).collect();
    let open = opened(ctx, tx, &rows)?;
    let one = |row: Row| {
        let opens = open.contains(&row.id);
        shown(ctx, row, side, opens)
    };
    Ok(Disclosure::new(rows.into_iter().map(one).collect(), entries))
}

/// Adds a message: an answer, or what the patient has to add.
pub fn say(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, form: &MessageForm) -> Result<Case, ConsentError> {
    let (mut row, side, state) = found(ctx, house, tx, id)?;
    let said = text(&form.text, "text", 1)?;
    match (side, state) {
        (_, CaseState::Closed) => return Err(ConsentError::Conflict("This case is closed.")),
        (Side::Reader, CaseState::Dissatisfied) => {
            return Err(ConsentError::Conflict("The patient was not satisfied: an administrator answers now."));
        }
        _ if row.is_full() => {
            return Err(ConsentError::Conflict("This case has as many messages as one can have."));
        }
        _ => {}
    }
    row.detail.messages.push(message(ctx, side, said));
    if side == Side::Patient {
        let told = Notice::new(Kind::Case, "A patient wrote more about a case", "It is on the page Cases.");
        match state {
            CaseState::Dissatisfied => to_administrators(tx, house, &row, &told)?,
            _ => to_reader(tx, house, &row, &told)?,
        }
        log(ctx, tx, &row, Action::Question);
    } else {
        // Whoever is to correct an entry may ask back: that decides nothing.
        let asks = row.kind == CaseKind::Correction && state != CaseState::Dissatisfied;
        let title = match asks {
            true => format!("{} wrote about the entry that you say is wrong", ctx.name),
            false => format!("{} answered your question", ctx.name),
        };
        if !asks {
            row.state = CaseState::Answered.code();
        }
        let told = Notice::new(Kind::Case, title, "Read it on the page Cases.");
        to_patient(tx, house, &row, &told)?;
        log(ctx, tx, &row, Action::Answer);
    }
    cases::update(tx, house, &row)?;
    let opens = opened(ctx, tx, std::slice::from_ref(&row))?.contains(&row.id);
    Ok(shown(ctx, row, side, opens))
}

/// The patient says that the answer is none: the administrators owe one now.
pub fn dissatisfied(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    id: i64,
    form: &MessageForm,
) -> Result<Case, ConsentError> {
    let (mut row, state) = own(ctx, house, tx, id)?;
    let said = text(&form.text, "text", 1)?;
    if state != CaseState::Answered || row.is_full() {
        return Err(ConsentError::Conflict("Only an answer can be objected to, and there is none that waits for you."));
    }
    row.detail.messages.push(message(ctx, Side::Patient, said));
    row.state = CaseState::Dissatisfied.code();
    row.due = ctx.now().0 + row.kind.due_ms();
    row.detail.outcome = None;
    cases::update(tx, house, &row)?;
    log(ctx, tx, &row, Action::Question);
    owe(tx, &row)?;
    let title = format!("A patient is not satisfied with an answer about {}", row.detail.reader.name);
    to_administrators(tx, house, &row, &Notice::new(Kind::Case, title, "They wait for your answer."))?;
    Ok(shown(ctx, row, Side::Patient, false))
}

/// The patient ends the case. Doing it twice is doing it once.
pub fn close(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Case, ConsentError> {
    let (mut row, state) = own(ctx, house, tx, id)?;
    if state != CaseState::Closed {
        row.state = CaseState::Closed.code();
        cases::update(tx, house, &row)?;
        cases::closed(tx, row.id, ctx.now())?;
        log(ctx, tx, &row, Action::Settle);
    }
    Ok(shown(ctx, row, Side::Patient, false))
}

/// A case whose answer is owed, if `before` its due time has come: a job of an earlier round finds a later time and rests.
fn owed(house: &House, tx: &mut Tx<'_>, id: i64, before: i64) -> Result<Option<(Row, CaseState)>, ConsentError> {
    let Some(row) = cases::find(tx, house, id)? else { return Ok(None) };
    let due = house.clock.now().0 >= row.due - before;
    Ok(CaseState::of(row.state).filter(|state| state.owed() && due).map(|state| (row, state)))
}

/// Reminds those who owe an answer.
pub fn remind(house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let Some((row, state)) = owed(house, tx, id, LEFT_MS)? else { return Ok(()) };
    let told = Notice::new(Kind::Case, "A patient still waits for an answer", "It is owed within two days.");
    if state == CaseState::Waiting {
        to_reader(tx, house, &row, &told)?;
    }
    to_administrators(tx, house, &row, &told)
}

/// Tells both sides that the time for an answer is over.
pub fn overdue(house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let Some((row, _)) = owed(house, tx, id, 0)? else { return Ok(()) };
    let told = Notice::new(Kind::Case, "A patient's question is overdue", "It should have been answered by now.");
    to_administrators(tx, house, &row, &told)?;
    let text = "The administrators have been told again.";
    to_patient(tx, house, &row, &Notice::new(Kind::Case, "Your question was not answered in time", text))?;
    announce(tx, &row);
    Ok(())
}

fn may(kind: CaseKind, state: CaseState, side: Side) -> Vec<May> {
    match (state, side) {
        (CaseState::Closed, _) | (CaseState::Dissatisfied, Side::Reader) => Vec::new(),
        (CaseState::Answered, Side::Patient) => vec![May::Say, May::Object, May::Close],
        (_, Side::Patient) => vec![May::Say, May::Close],
        _ if kind == CaseKind::Correction && state.owed() => vec![May::Say, May::Decline],
        _ => vec![May::Say],
    }
}

/// `opens`: whether it leads the caller into the record.
pub(super) fn shown(ctx: &Ctx, row: Row, side: Side, opens: bool) -> Case {
    let state = CaseState::of(row.state).unwrap_or(CaseState::Closed);
    let Detail { patient, record, reader, entry, about, proposal, outcome, messages } = row.detail;
    Case {
        id: row.id,
        kind: row.kind,
        patient,
        record: record.filter(|_| opens || side == Side::Patient),
        reader,
        entry,
        about,
        proposal,
        outcome,
        state,
        opened: Timestamp(row.opened).to_rfc3339(),
        due: state.owed().then(|| Timestamp(row.due).to_rfc3339()),
        overdue: state.owed() && ctx.now().0 >= row.due,
        may: may(row.kind, state, side),
        messages,
    }
}
