//! Use cases: begin, ask, answer and list. Line 1 of each authorises; the caller commits.

use super::birth::{is_child, of_age};
use super::letters;
use super::model::{DelegateForm, Delegation, Kind, State, Who};
use super::rules::{self, of_age_at};
use super::store::{self, ACTIVE, Detail, ENDED, Row, WAITING};
use crate::access::Terms;
use crate::error::ConsentError;
use crate::marks::{Category, LABEL_BITS};
use crate::rules::NO_END;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Timestamp, id};
use ledger::{Action, Entry, House};
use notify::{Kind as Told, Notice};

/// A question that nobody answered in this time is over.
pub(crate) const WAITS_MS: i64 = 14 * 24 * HOUR_MS;
const HOUR_MS: i64 = 3_600_000;
const MOST_PER_HOUR: i64 = 20;
const MOST_CHILDREN: i64 = 20;

const ONLY_PATIENTS: &str = "Only a patient's own account looks after others.";
const ONLY_ADULTS: &str =
    "From the eighteenth birthday on you choose who looks after your record; until then your guardians do.";
const ONLY_THEMSELVES: &str = "Only the patient themselves asks somebody to look after their record. For a child, ask \
                               somebody to be a guardian too.";
const OVER: &str = "This question is over. Ask the other person to send it again.";
const ONLY_GUARDIANS: &str = "Only a guardian asks somebody to be a guardian too.";

/// The account and own record of whoever asks, in a session of their own; whoever's record is open does not matter.
pub(super) fn own(ctx: &Ctx) -> Result<(i64, i64), ConsentError> {
    match ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { account, patient } if ctx.pass.app.is_none() && ctx.pass.behalf.is_none() => {
            Ok((account.get(), patient.get()))
        }
        _ => Err(ConsentError::Forbidden(ONLY_PATIENTS)),
    }
}

/// Whether the caller's account can look after others at all.
pub fn may_add(ctx: &Ctx) -> Result<(), ConsentError> {
    own(ctx).map(drop)
}

/// Checks a child's name and date of birth, for the form that adds one.
pub fn check_child(given: &str, family: &str, birth: &str, gender: &str, now: Timestamp) -> Vec<Issue> {
    let mut issues = Vec::new();
    for (path, text) in [("given", given), ("family", family)] {
        if !(1..=100).contains(&text.trim().chars().count()) || kernel::text::hides(text) {
            issues.push(Issue::new("value", path, "A name has 1 to 100 characters, all of which can be seen."));
        }
    }
    let born = rules::is_day(birth).then(|| fhir::date::span(birth)).flatten();
    let young = of_age_at(birth).is_some_and(|end| end > now);
    if born.is_none_or(|(day, _)| day > now.0) || !young {
        let text = "A child's date of birth is a day of the last 18 years, written YYYY-MM-DD.";
        issues.push(Issue::new("value", "birthDate", text));
    }
    if !["female", "male", "other", "unknown"].contains(&gender) {
        issues.push(Issue::new("value", "gender", "Choose female, male, other or unknown."));
    }
    issues
}

/// The guardianship of whoever adds a child, for the record that was just made.
pub fn begin(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    child: Id<id::Patient>,
    birth: &str,
) -> Result<Delegation, ConsentError> {
    let (account, _) = own(ctx)?;
    of_age(ctx, house, tx)?;
    if store::children(tx, account)? >= MOST_CHILDREN {
        return Err(ConsentError::Conflict("One account looks after at most twenty children."));
    }
    let row = guardianship(ctx, house, tx, child.get(), (account, ctx.name.as_ref()), birth, ACTIVE)?;
    tell_pages(tx, &row);
    Ok(shown(row, account, ctx.now()))
}

/// Keeps a guardianship that stands or waits.
pub(super) fn guardianship(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    child: i64,
    (account, person): (i64, &str),
    birth: &str,
    state: i64,
) -> Result<Row, ConsentError> {
    let grown = || Issue::new("value", "patient", "A guardian is for a child whose day of birth is known.");
    let now = ctx.now();
    let until = of_age_at(birth).filter(|until| rules::is_day(birth) && *until > now).ok_or_else(grown)?;
    let detail = Detail { person: person.to_owned(), birth: Some(birth.to_owned()), ..Detail::default() };
    let terms = Terms { labels: LABEL_BITS, ..Terms::all() };
    keep(ctx, house, tx, (child, account), (true, true, terms, until.0), state, detail)
}

fn keep(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    (patient, account): (i64, i64),
    (guardian, acts, terms, until): (bool, bool, Terms, i64),
    state: i64,
    mut detail: Detail,
) -> Result<Row, ConsentError> {
    detail.asker = (state == WAITING).then(|| ctx.name.as_ref().to_owned());
    let whose = crate::store::person(tx, house, patient, patient)?.ok_or(ConsentError::NotFound)?;
    let row = Row {
        id: tx.allocate("delegation", 1)?,
        patient,
        account,
        author: ctx.actor.account().map_or(0, Id::get),
        guardian,
        acts,
        categories: terms.categories,
        labels: terms.labels,
        until,
        state,
        created: ctx.now().0,
        whose,
        detail,
    };
    store::insert(tx, house, &row)?;
    if state == ACTIVE {
        super::doors::schedule(tx, &row)?;
    }
    log(ctx, tx, &row, if state == ACTIVE { Action::Grant } else { Action::Invite });
    Ok(row)
}

/// Trying names is not worth it at this pace.
fn pace(ctx: &Ctx, tx: &mut Tx<'_>, account: i64) -> Result<(), ConsentError> {
    match store::begun_since(tx, account, ctx.now().plus_ms(-HOUR_MS))? {
        begun if begun >= MOST_PER_HOUR => Err(ConsentError::TooMany(600)),
        _ => Ok(()),
    }
}

/// A guardian asks somebody to be one too. Whether the name is anybody's is not said.
pub fn invite(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, child: &str, who: &Who) -> Result<(), ConsentError> {
    let (account, _) = own(ctx)?;
    let child = crate::emergency::patient_of_record(tx, house, child.trim())?.ok_or(ConsentError::NotFound)?;
    let held = store::live(tx, house, (account, child), ctx.now())?.ok_or(ConsentError::NotFound)?;
    if !held.guardian {
        return Err(ConsentError::Forbidden(ONLY_GUARDIANS));
    }
    let typed = rules::check_person(&who.typed)?;
    let asked = free(ctx, house, tx, child, who)?;
    let birth = held.detail.birth.unwrap_or_default();
    let row = guardianship(ctx, house, tx, child, (asked, &typed), &birth, WAITING)?;
    ask(ctx, house, tx, &row, who)
}

/// The account that is asked; 0 when there is none, or none that looks after others: a child's does not.
fn free(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, patient: i64, who: &Who) -> Result<i64, ConsentError> {
    let (account, _) = own(ctx)?;
    pace(ctx, tx, account)?;
    let asked = who.account.unwrap_or_default();
    if asked == account || store::own_accounts(tx, patient)?.contains(&asked) {
        return Err(Issue::new("value", "person", "This is the patient's own account, or yours.").into());
    }
    if asked != 0 && store::any_live(tx, house, (asked, patient), ctx.now())?.is_some() {
        return Err(ConsentError::Conflict("This person looks after the record already. End that first."));
    }
    // Nothing that waits ends by this: asking twice would tell whose a name is. So would the refusal of a child.
    let child = store::whose(tx, asked)?.map(|own| is_child(tx, house, own, ctx.now())).transpose()?;
    Ok(if child == Some(true) { 0 } else { asked })
}

/// Tells whoever is asked: in the app, or where nobody here has this name by a letter to what was typed.
pub(super) fn ask(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, row: &Row, who: &Who) -> Result<(), ConsentError> {
    if row.account == 0 {
        letters::write(ctx, house, tx, row, (&who.typed, who.pages.as_deref()))?;
    } else {
        notify::send(tx, house, Id::new(row.account), &letters::notice(ctx, row))?;
    }
    tell_pages(tx, row);
    Ok(())
}

/// The date of birth in a patient's own entry.
pub fn own_birth(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Option<String>, ConsentError> {
    let Some(json) = crate::store::person_json(tx, house, patient)? else { return Ok(None) };
    let node = fhir::json::parse(&json).map_err(|_| db::DbError::Failed("a patient's entry is not JSON".into()))?;
    Ok(node.str_of("birthDate").map(str::to_owned))
}

/// Whether it is the caller's own record that they ask somebody to look after.
pub fn may_delegate(ctx: &Ctx) -> Result<(), ConsentError> {
    match ctx.behalf() {
        Some(_) => Err(ConsentError::Forbidden(ONLY_THEMSELVES)),
        None => may_add(ctx),
    }
}

/// An adult asks somebody to look after their record. Whether the name is anybody's is not said.
pub fn delegate(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &DelegateForm, who: &Who) -> Result<(), ConsentError> {
    let (_, patient) = own(ctx)?;
    let now = ctx.now();
    if is_child(tx, house, patient, now)? {
        return Err(ConsentError::Forbidden(ONLY_ADULTS));
    }
    let mut issues = Vec::new();
    let typed = rules::check_person(&form.person).map_err(|issue| issues.push(issue)).ok();
    let categories = crate::rules::categories(form.categories.as_deref()).map_err(|issue| issues.push(issue)).ok();
    let until = crate::rules::end(form.until.as_deref(), now).map_err(|issue| issues.push(issue)).ok();
    let (Some(typed), Some(categories), Some(until)) = (typed, categories, until) else {
        return Err(ConsentError::Invalid(issues));
    };
    let asked = free(ctx, house, tx, patient, who)?;
    let mut labels = form.labels.iter().fold(0, |bits, label| bits | label.bit());
    if crate::marks::Label::ALL.iter().all(|label| labels & label.bit() != 0) {
        // All that there are, and those that come to be.
        labels = LABEL_BITS;
    }
    let terms = Terms { categories: categories | Category::Person.bit(), labels, ..Terms::all() };
    let detail = Detail { person: typed, ..Detail::default() };
    let row = keep(ctx, house, tx, (patient, asked), (false, form.acts, terms, until), WAITING, detail)?;
    ask(ctx, house, tx, &row, who)
}

/// One that waits for the caller's answer.
fn asked(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Row, ConsentError> {
    let (account, _) = own(ctx)?;
    let row = store::find(tx, house, id)?.filter(|row| row.account == account).ok_or(ConsentError::NotFound)?;
    match state(&row, ctx.now()) {
        State::Waiting => Ok(row),
        State::Active => Err(ConsentError::Conflict("You accepted this already. End it instead.")),
        State::Ended => Err(ConsentError::Conflict(OVER)),
    }
}

/// Whether whoever asked somebody to be a guardian too is one still.
fn still_asks(house: &House, tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<bool, ConsentError> {
    match store::live(tx, house, (row.author, row.patient), now)? {
        Some(held) => Ok(held.guardian && super::doors::stands(tx, house, &held, now)?),
        None => Ok(false),
    }
}

/// Whoever was asked says yes: from the commit on, the record is open to them.
pub fn accept(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Delegation, ConsentError> {
    let mut row = asked(ctx, house, tx, id)?;
    of_age(ctx, house, tx)?;
    let now = ctx.now();
    if store::any_live(tx, house, (row.account, row.patient), now)?.is_some() {
        return Err(ConsentError::Conflict("You look after this record already."));
    }
    // What a guardian asked falls with the guardian.
    if row.guardian && !still_asks(house, tx, &row, now)? {
        return Err(ConsentError::Conflict(OVER));
    }
    row.state = ACTIVE;
    row.detail.person = ctx.name.as_ref().to_owned();
    store::set_state(tx, house, &row, now)?;
    store::end_waiting(tx, (row.account, row.patient), now)?;
    super::doors::schedule(tx, &row)?;
    log(ctx, tx, &row, Action::Grant);
    let what = if row.guardian { "is a guardian now" } else { "looks after your record now" };
    let told = Notice::new(Told::Grant, format!("{} {what}", ctx.name), "You see it on the page Family.");
    tell_others(house, tx, &row, &told.link("/family"))?;
    tell_pages(tx, &row);
    Ok(shown(row, ctx.actor.account().map_or(0, Id::get), ctx.now()))
}

/// Whoever was asked says no.
pub fn decline(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let mut row = asked(ctx, house, tx, id)?;
    row.state = ENDED;
    store::set_state(tx, house, &row, ctx.now())?;
    log(ctx, tx, &row, Action::Decline);
    let told = Notice::new(Told::Revoked, format!("{} declined", row.detail.person), "Nothing was opened to them.");
    tell_others(house, tx, &row, &told.link("/family"))?;
    tell_pages(tx, &row);
    Ok(())
}

/// The patient and the other guardians; not whoever it is about.
pub(super) fn tell_others(house: &House, tx: &mut Tx<'_>, row: &Row, told: &Notice) -> Result<(), ConsentError> {
    Ok(notify::to_patient_but(tx, house, Id::new(row.patient), row.account, told)?)
}

/// Tells the patient, and who else looks after the record, what somebody who looks after it opened to others.
pub fn tell_of_deed(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, told: &Notice) -> Result<(), ConsentError> {
    let Some(behalf) = ctx.behalf() else { return Ok(()) };
    Ok(notify::to_patient_but(tx, house, behalf.patient, behalf.account.get(), told)?)
}

/// Open pages of everybody concerned read again. What somebody may see changed: whoever looks after a record gets a
/// stream anew.
pub(super) fn tell_pages(tx: &mut Tx<'_>, row: &Row) {
    tx.announce(format!("patient:{} family ledger", row.patient));
    tx.announce(format!("account:{} family", row.account));
    tx.announce(format!("account:{} family", row.author));
}

pub(super) fn log(ctx: &Ctx, tx: &mut Tx<'_>, row: &Row, action: Action) {
    let what = if row.guardian { "Guardianship" } else { "Delegation" };
    let mut entry = Entry::new(ctx, Id::new(row.patient), action).what(what, 1);
    let own = matches!(ctx.actor, Actor::Patient { patient, .. } if patient.get() == row.patient);
    let ground = match ctx.actor {
        Actor::Administrator { .. } => ledger::Ground::Administration,
        Actor::Operator => ledger::Ground::Operator,
        _ if own => ledger::Ground::OwnRecord,
        _ => ledger::Ground::of(row.guardian),
    };
    entry = entry.ground(ground, ctx.purpose, None);
    ledger::append(tx, entry);
}

/// Everything that concerns the caller: whom they look after or are asked to, and who looks after them and theirs.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<Delegation>, ConsentError> {
    let (account, patient) = own(ctx)?;
    let now = ctx.now();
    let held = store::held_by(tx, house, account)?;
    let mut out: Vec<Row> = store::of_patient(tx, house, patient)?;
    for row in &held {
        if row.guardian && super::doors::stands(tx, house, row, now)? {
            let others = store::of_patient(tx, house, row.patient)?;
            out.extend(others.into_iter().filter(|other| other.account != account && other.state != ENDED));
        }
    }
    out.extend(held);
    let mut shown: Vec<Delegation> = Vec::with_capacity(out.len());
    for row in out {
        let over = row.state == ACTIVE && !super::doors::stands(tx, house, &row, now)?;
        let mut one = self::shown(row, account, now);
        if over {
            one.state = State::Ended;
        }
        // What is over is history of the patient's; whoever looked after them does not go on knowing whose record it was.
        if !(one.mine && one.state == State::Ended) {
            shown.push(one);
        }
    }
    Ok(shown)
}

fn state(row: &Row, now: Timestamp) -> State {
    match row.state {
        WAITING if now.0 < row.created + WAITS_MS && now.0 < row.until => State::Waiting,
        ACTIVE if now.0 < row.until => State::Active,
        _ => State::Ended,
    }
}

pub(super) fn shown(row: Row, viewer: i64, now: Timestamp) -> Delegation {
    let (mine, terms, state) = (row.account == viewer && viewer != 0, row.terms(), state(&row, now));
    Delegation {
        id: row.id,
        kind: if row.guardian { Kind::Guardianship } else { Kind::Delegation },
        categories: crate::rules::chosen(&terms),
        labels: crate::rules::labels(&terms),
        person: (!mine).then_some(row.detail.person),
        mine,
        asker: row.detail.asker.filter(|_| mine && state == State::Waiting),
        acts: row.acts,
        created: Timestamp(row.created).to_rfc3339(),
        until: (row.until != NO_END).then(|| Timestamp(row.until).to_rfc3339()),
        state,
        reason: row.detail.reason,
        patient: row.whose,
    }
}

/// Whether a grant lies within what the caller looks after: who sees a part does not learn what else was given.
pub(crate) fn reaches(ctx: &Ctx, terms: Terms) -> bool {
    ctx.behalf().is_none_or(|behalf| behalf.whole || rules::beyond(behalf, terms, 0).is_empty())
}

/// Whoever acts for another gives nothing away that they do not have, and nothing after it ended: asked inside the
/// transaction that gives.
pub fn within(ctx: &Ctx, tx: &mut Tx<'_>, terms: Terms, until: i64) -> Result<(), ConsentError> {
    let Some(behalf) = ctx.behalf() else { return Ok(()) };
    if !store::stands(tx, behalf.delegation, behalf.account.get(), ctx.now())? {
        return Err(ConsentError::NotFound);
    }
    if !behalf.acts {
        return Err(ConsentError::Forbidden(rules::ONLY_LOOKS));
    }
    match rules::beyond(behalf, terms, until) {
        issues if issues.is_empty() => Ok(()),
        issues => Err(ConsentError::Invalid(issues)),
    }
}
