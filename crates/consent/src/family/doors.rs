//! The way in and the ways out: opening a record as whoever looks after it, and the ends of that.

use super::birth::is_child;
use super::model::{Delegation, LinkForm, Reason, State, Who};
use super::rules::{self, of_age_at};
use super::service::{guardianship, log, own_birth, shown, tell_others, tell_pages};
use super::store::{self, ACTIVE, ENDED, Row, WAITING};
use crate::error::ConsentError;
use crate::rules::NO_END;
use db::{DbError, Tx};
use kernel::{Actor, Behalf, Ctx, Id, Issue, Problem, Purpose, Timestamp};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind as Told, Notice};
use std::sync::Arc;

/// The job that ends what has come to its time, and tells.
pub const EXPIRE: &str = "delegation-expired";

const ONLY_ADMINISTRATORS: &str = "Only an administrator does this.";

/// The first moment at which this no longer stands. A guardianship ends when the child comes of age, by what the record
/// says now as well as by what it said when it began: the earlier counts, so no correction prolongs it.
fn end_of(tx: &mut Tx<'_>, house: &House, row: &Row) -> Result<i64, ConsentError> {
    if !row.guardian {
        return Ok(row.until);
    }
    let now_said = own_birth(tx, house, row.patient)?.as_deref().and_then(of_age_at);
    Ok(now_said.map_or(row.until, |end| end.0.min(row.until)))
}

/// Whether it stands at this time.
pub(super) fn stands(tx: &mut Tx<'_>, house: &House, row: &Row, now: Timestamp) -> Result<bool, ConsentError> {
    Ok(row.state == ACTIVE && now.0 < end_of(tx, house, row)?)
}

/// The job that ends what somebody made for others to open, who looks after the record no more. Its payload is the record
/// and their account.
pub const LEFT: &str = "helper-left";

/// Whether the guardianship or delegation of this number stands at this time.
pub(crate) fn stands_now(house: &House, tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<bool, ConsentError> {
    match store::find(tx, house, id)? {
        Some(row) => stands(tx, house, &row, now),
        None => Ok(false),
    }
}

/// The context in which the caller acts for the patient with this logical id: nobody's unless a guardianship or
/// delegation to the caller stands, in the words of a record that is not there.
pub async fn enter(house: &House, ctx: Ctx, patient: &str) -> Result<Ctx, Problem> {
    let account = ctx.actor.account().ok_or_else(Problem::unauthorized)?;
    ctx.full()?;
    let Actor::Patient { patient: own, .. } = ctx.actor else { return Err(Problem::not_found()) };
    if ctx.pass.app.is_some() || patient.len() > 64 {
        return Err(Problem::not_found());
    }
    let (h, id, now) = (house.clone(), patient.to_owned(), ctx.now());
    let found = house.db.read(move |tx| {
        let Some(patient) = crate::emergency::patient_of_record(tx, &h, &id)? else { return Ok(None) };
        if patient == own.get() {
            return Ok(Some(None));
        }
        let Some(row) = store::live(tx, &h, (account.get(), patient), now)? else { return Ok(None) };
        let end = end_of(tx, &h, &row)?;
        Ok::<_, ConsentError>((now.0 < end).then_some(Some((row, end))))
    });
    let Some(found) = found.await.map_err(Problem::from)? else { return Err(Problem::not_found()) };
    // One's own record is no other's.
    let Some((row, end)) = found else { return Ok(ctx) };
    let patient = Id::new(row.patient);
    let behalf = Behalf {
        delegation: row.id,
        account,
        patient,
        guardian: row.guardian,
        acts: row.acts,
        categories: row.categories,
        labels: row.labels,
        whole: rules::is_whole(row.categories, row.labels),
        until: Timestamp(end),
    };
    let pass = kernel::Pass { behalf: Some(Arc::new(behalf)), ..ctx.pass.clone() };
    Ok(Ctx { actor: Actor::Patient { account, patient }, purpose: Purpose::Patient, pass, ..ctx })
}

/// Whether the caller, who acts in another's record, may still do so: asked where something is written that was prepared
/// before. One's own record needs no asking.
pub fn still(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<(), ConsentError> {
    let Some(behalf) = &ctx.pass.behalf else { return Ok(()) };
    let whose = (behalf.account.get(), behalf.patient.get());
    let row = store::live(tx, house, whose, ctx.now())?.filter(|row| row.id == behalf.delegation);
    match row {
        Some(row) if stands(tx, house, &row, ctx.now())? => Ok(()),
        _ => Err(ConsentError::NotFound),
    }
}

/// Refuses what somebody who looks after a record may not do, by the address alone: who only looks changes nothing, and
/// who sees a part reaches only what compares each row with that part.
pub fn deputies(ctx: &Ctx, reads: bool, path: &str) -> Result<(), Problem> {
    // Of the log, what says nothing of anybody: the log itself tells of the whole record.
    const COMPARED: [&str; 12] = [
        "/fhir",
        "/api/patients/",
        "/api/directory",
        "/api/organizations",
        "/api/documents",
        "/api/uploads",
        "/api/document-kinds",
        "/api/lab-codes",
        "/api/health-metrics/",
        "/api/ledger/checkpoint",
        "/api/ledger/proof",
        "/api/ledger/consistency",
    ];
    // Where what is given, or answered, is compared with their part.
    const SHARED: [&str; 2] = ["/api/grants", "/api/edits"];
    let Some(behalf) = ctx.behalf() else { return Ok(()) };
    let within = |roots: &[&str]| roots.iter().any(|root| path.starts_with(root));
    if !behalf.acts && (!reads || path == "/api/share-code") {
        return Err(Problem::forbidden(rules::ONLY_LOOKS));
    }
    // What they did themselves they may read of the log; the rest tells of the whole record.
    let own_deeds = reads && path == "/api/ledger/entries";
    if behalf.whole || own_deeds || within(&COMPARED) || (behalf.acts && within(&SHARED)) {
        return Ok(());
    }
    Err(Problem::forbidden("You look after a part of this record only, and this is about all of it."))
}

pub(super) fn schedule(tx: &mut Tx<'_>, row: &Row) -> Result<(), DbError> {
    if row.until == NO_END {
        return Ok(());
    }
    jobs::enqueue(tx, EXPIRE, Timestamp(row.until), &row.id.to_le_bytes()).map(drop)
}

/// Ends it, for either side, at once. A guardian who is the only one stays until there is another.
pub fn end(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, why: Option<&Reason>) -> Result<(), ConsentError> {
    let mut row = store::find(tx, house, id)?.ok_or(ConsentError::NotFound)?;
    let account = ctx.actor.account().map_or(0, Id::get);
    match ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Administrator { .. } if row.guardian => {
            let given = why.ok_or(ConsentError::Forbidden(ONLY_ADMINISTRATORS))?;
            row.detail.reason = Some(rules::check_reason(&given.reason)?);
        }
        _ if ctx.pass.app.is_some() || ctx.pass.behalf.is_some() => return Err(ConsentError::NotFound),
        Actor::Patient { patient, .. } => {
            let mine = row.account == account || (row.author == account && row.state != ACTIVE);
            if !mine && (row.guardian || patient.get() != row.patient) {
                return Err(ConsentError::NotFound);
            }
        }
        _ => return Err(ConsentError::NotFound),
    }
    if row.state == ENDED {
        return Ok(());
    }
    let now = ctx.now();
    let leaves = row.guardian && row.account == account && stands(tx, house, &row, now)?;
    if leaves && store::guardians(tx, row.patient, now)? < 2 {
        let text = "You are this child's only guardian. Ask somebody to be a guardian too before you leave.";
        return Err(ConsentError::Conflict(text));
    }
    if row.state == WAITING {
        return withdraw(ctx, house, tx, row);
    }
    log(ctx, tx, &row, Action::Revoke);
    close(house, tx, &mut row, now)?;
    left(tx, &row, now)?;
    let person = &row.detail.person;
    let body = row.detail.reason.clone().unwrap_or_else(|| "It holds at once.".to_owned());
    let told = Notice::new(Told::Revoked, format!("{person} no longer looks after the record"), body).link("/family");
    tell_others(house, tx, &row, &told)?;
    if row.account != 0 && row.account != account {
        tell_deputy(house, tx, &row, "You no longer look after a record")?;
    }
    Ok(())
}

/// A parent whose record ends leaves no child's record behind that nobody opens any more.
pub fn may_leave(tx: &mut Tx<'_>, patient: Id<kernel::id::Patient>, now: Timestamp) -> Result<(), ConsentError> {
    let text = "A child has no other guardian than you, and nobody would open their record any more. On the page Family, ask \
                somebody to be their guardian too, then erase your record.";
    if store::alone(tx, patient.get(), now)? == 0 { Ok(()) } else { Err(ConsentError::Conflict(text)) }
}

/// Ends what an erased patient held, which each log says and those who go on looking after the record hear, and removes what
/// was arranged for them.
pub(crate) fn forget_patient(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, patient: i64) -> Result<(), ConsentError> {
    let now = ctx.now();
    for account in store::accounts_of(tx, patient)? {
        tx.announce(format!("account:{account} family"));
    }
    for mut row in store::held_by_patient(tx, house, patient)? {
        let person = row.detail.person.clone();
        // Whoever leaves has no name in their own log any more; this one is another's, and has named them all along.
        let leaves = matches!(ctx.actor, Actor::Patient { .. });
        let name = if leaves { Arc::from(person.as_str()) } else { ctx.name.clone() };
        log(&Ctx { name, ..ctx.clone() }, tx, &row, Action::Revoke);
        close(house, tx, &mut row, now)?;
        left(tx, &row, now)?;
        let title = format!("{person} no longer looks after the record");
        let told = Notice::new(Told::Revoked, title, "Their account was closed.").link("/family");
        tell_others(house, tx, &row, &told)?;
        if row.guardian && store::guardians(tx, row.patient, now)? == 0 {
            let title = "A child's record has no guardian any more";
            let told =
                Notice::new(Told::Security, title, "The last one closed their account.").link("/admin/guardians");
            notify::to_administrators(tx, house, &told.about(Id::new(row.patient)))?;
        }
    }
    store::forget_patient(tx, patient, now)?;
    Ok(())
}

/// Takes back what was only asked: nothing was opened by it, so nothing ends.
fn withdraw(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, mut row: Row) -> Result<(), ConsentError> {
    let account = ctx.actor.account().map_or(0, Id::get);
    if row.account == account {
        return super::service::decline(ctx, house, tx, row.id);
    }
    log(ctx, tx, &row, Action::Withdraw);
    let stood = shown(row.clone(), row.account, ctx.now()).state == State::Waiting;
    close(house, tx, &mut row, ctx.now())?;
    let body = row.detail.reason.clone().unwrap_or_else(|| "Nothing had been opened to them.".to_owned());
    let title = format!("The question to {} was taken back", row.detail.person);
    let told = Notice::new(Told::Grant, title, body).link("/family");
    notify::to_patient_but(tx, house, Id::new(row.patient), account, &told)?;
    if row.account != 0 && stood {
        let told = Notice::new(Told::Grant, "A question to you was taken back", "There is nothing left to answer.");
        notify::send(tx, house, Id::new(row.account), &told.link("/family").about(Id::new(row.patient)))?;
    }
    Ok(())
}

/// Not whose: what is over is not theirs to know any more.
fn tell_deputy(house: &House, tx: &mut Tx<'_>, row: &Row, title: &str) -> Result<(), ConsentError> {
    let body = row.detail.reason.clone().unwrap_or_else(|| "What you could see there is no longer shown.".to_owned());
    let told = Notice::new(Told::Revoked, title, body).link("/family").about(Id::new(row.patient));
    Ok(notify::send(tx, house, Id::new(row.account), &told).map(drop)?)
}

fn close(house: &House, tx: &mut Tx<'_>, row: &mut Row, now: Timestamp) -> Result<(), ConsentError> {
    row.state = ENDED;
    store::set_state(tx, house, row, now)?;
    crate::edit::end_visits_by(tx, row.patient, row.id, now)?;
    crate::store::raise_epoch(tx)?;
    tell_pages(tx, row);
    Ok(())
}

fn left(tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<(), DbError> {
    let payload = [row.patient.to_le_bytes(), row.account.to_le_bytes()].concat();
    jobs::enqueue(tx, LEFT, now, &payload).map(drop)
}

/// Tidies what has come to its time, and tells both sides. The way in knows the end by itself.
pub fn expire(house: &House, tx: &mut Tx<'_>, id: i64, now: Timestamp) -> Result<(), ConsentError> {
    let Some(mut row) = store::find(tx, house, id)? else { return Ok(()) };
    if row.state != ACTIVE || stands(tx, house, &row, now)? {
        return Ok(());
    }
    let ctx = Ctx { name: Arc::from("HealthSync"), ..Ctx::operator(house.clock.clone(), house.rng.clone()) };
    log(&ctx, tx, &row, Action::Revoke);
    row.detail.came_of_age = row.guardian;
    close(house, tx, &mut row, now)?;
    // What a parent made for the child, such as the code of the emergency card, is the child's from now on.
    if !row.guardian {
        left(tx, &row, now)?;
    }
    let body = match row.guardian {
        true => "A guardianship ends by itself when the child comes of age.",
        false => "It was arranged until now.",
    };
    let told = Notice::new(Told::Revoked, format!("{} no longer looks after the record", row.detail.person), body);
    tell_others(house, tx, &row, &told.link("/family"))?;
    tell_deputy(house, tx, &row, "You no longer look after a record")
}

/// Who is or was a guardian of one child, for an administrator who was told the id of the record. The log says that they asked.
pub fn of_child(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, child: &str) -> Result<Vec<Delegation>, ConsentError> {
    if !matches!(ctx.actor, Actor::Administrator { .. }) {
        return Err(ConsentError::Forbidden(ONLY_ADMINISTRATORS));
    }
    let child = crate::emergency::patient_of_record(tx, house, child.trim())?.ok_or(ConsentError::NotFound)?;
    let mut found = Vec::new();
    for row in store::of_patient(tx, house, child)?.into_iter().filter(|row| row.guardian) {
        let over = row.state == ACTIVE && !stands(tx, house, &row, ctx.now())?;
        let one = shown(row, 0, ctx.now());
        found.push(if over { Delegation { state: State::Ended, ..one } } else { one });
    }
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let entry = Entry::new(ctx, Id::new(child), Action::Search).what("Guardianship", count);
    ledger::append(tx, entry.ground(Ground::Administration, ctx.purpose, None));
    Ok(found)
}

/// An administrator makes somebody the guardian of a child whose record is there already; everybody concerned is told.
pub fn link(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, form: &LinkForm, who: &Who) -> Result<Delegation, ConsentError> {
    if !matches!(ctx.actor, Actor::Administrator { .. }) {
        return Err(ConsentError::Forbidden(ONLY_ADMINISTRATORS));
    }
    let unknown = |path: &str, text: &str| Issue::new("not-found", path, text);
    let reason = rules::check_reason(&form.reason)?;
    let person = who.account.ok_or_else(|| unknown("person", "No patient's account has this name."))?;
    let child = crate::emergency::patient_of_record(tx, house, form.patient.trim())?
        .ok_or_else(|| unknown("patient", "There is no patient with this id."))?;
    if store::own_accounts(tx, child)?.contains(&person) {
        return Err(unknown("person", "This is the patient's own account.").into());
    }
    if store::any_live(tx, house, (person, child), ctx.now())?.is_some() {
        return Err(ConsentError::Conflict("This person looks after the record already."));
    }
    let own = store::whose(tx, person)?;
    if own.map(|own| is_child(tx, house, own, ctx.now())).transpose()? == Some(true) {
        return Err(Issue::new("value", "person", "This person is a child still: a guardian is of age.").into());
    }
    let birth = own_birth(tx, house, child)?.unwrap_or_default();
    let name = who.name.clone().unwrap_or_else(|| who.typed.clone());
    let mut row = guardianship(ctx, house, tx, child, (person, &name), &birth, ACTIVE)?;
    row.detail.reason = Some(reason.clone());
    store::set_state(tx, house, &row, ctx.now())?;
    // Of the kind that nobody can turn off.
    let title = format!("An administrator made {name} a guardian");
    tell_others(house, tx, &row, &Notice::new(Told::Security, title, reason.clone()).link("/family"))?;
    let title = format!("You are a guardian of {} now", row.whose.name);
    let told = Notice::new(Told::Security, title, reason.clone()).link("/family").about(Id::new(child));
    notify::send(tx, house, Id::new(person), &told)?;
    let told = Notice::new(Told::Security, format!("{} linked a guardian to a record", ctx.name), reason);
    notify::to_administrators(tx, house, &told.about(Id::new(child)))?;
    tell_pages(tx, &row);
    Ok(shown(row, 0, ctx.now()))
}
