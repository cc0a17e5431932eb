//! Use cases of grants: give, extend, revoke, list, expire. Line 1 of each authorises; the caller commits.

use crate::error::ConsentError;
use crate::model::{Act, ExtendForm, Grant, GrantForm, GrantPurpose, Grantee, GranteeParty, GranteeType, Party, State};
use crate::rules::{self, NO_END};
use crate::store::{self, Detail, Row};
use db::{DbError, Tx};
use kernel::{Actor, Ctx, Id, Issue, Purpose, Timestamp, id};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Notice};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The job that takes an expired grant out of reach.
pub const EXPIRE: &str = "grant-expired";

/// Equal grants that come so close to each other are one that was sent twice.
pub(crate) const AT_ONCE_MS: i64 = 10_000;

const ONLY_PATIENTS: &str = "Only the patient gives access to their record.";

/// The patient who asks; anybody else gives nothing.
fn patient(ctx: &Ctx) -> Result<Id<id::Patient>, ConsentError> {
    match ctx.actor {
        Actor::Patient { patient, .. } => Ok(patient),
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        _ => Err(ConsentError::Forbidden(ONLY_PATIENTS)),
    }
}

/// Whether the caller can give access at all.
pub fn may_grant(ctx: &Ctx) -> Result<(), ConsentError> {
    patient(ctx).map(drop)
}

/// A grant of the patient who asks; for everybody else it does not exist.
pub(crate) fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64) -> Result<Row, ConsentError> {
    let patient = patient(ctx).map_err(|error| match error {
        ConsentError::Forbidden(_) => ConsentError::NotFound,
        other => other,
    })?;
    let theirs = |row: &Row| row.patient == patient.get() && crate::family::reaches(ctx, row.terms);
    store::grant(tx, house, grant)?.filter(theirs).ok_or(ConsentError::NotFound)
}

/// Gives access: from the commit on, the grantee sees what the form says.
pub fn grant(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    form: &GrantForm,
    grantee: Grantee,
) -> Result<Grant, ConsentError> {
    let patient = patient(ctx)?;
    let now = ctx.now();
    let mut issues = Vec::new();
    if form.purpose == GrantPurpose::Emergency {
        issues.push(Issue::new(
            "value",
            "purpose",
            "A practitioner declares an emergency; a patient gives no such access.",
        ));
    }
    let terms = rules::terms(form).map_err(|more| issues.extend(more)).ok();
    let until = rules::end(form.until.as_deref(), now).map_err(|issue| issues.push(issue)).ok();
    let note = rules::note(form).map_err(|issue| issues.push(issue)).ok();
    let (Some(terms), Some(until), Some(note), true) = (terms, until, note, issues.is_empty()) else {
        return Err(ConsentError::Invalid(issues));
    };
    crate::family::within(ctx, tx, terms, until)?;
    // A double tap, or a program that tries again, means one grant. Two would both have to be revoked.
    let same = |old: &Row| {
        let ends =
            old.until == until || ((old.until - until).abs() <= AT_ONCE_MS && until != NO_END && old.until != NO_END);
        let asked = (old.grantee, old.terms, old.purpose.as_str(), &old.detail.note);
        let recent = now.0 - old.created <= AT_ONCE_MS;
        recent && old.revoked.is_none() && ends && asked == (grantee.rid, terms, form.purpose.purpose().as_str(), &note)
    };
    if let Some(old) = store::given(tx, house, patient.get())?.into_iter().find(same) {
        // It answers what was asked meanwhile as well.
        if let Some(request) = form.request
            && crate::requests::waits(house, tx, patient, request)?
        {
            crate::requests::mark_granted(house, tx, patient, request, grantee.rid)?;
        }
        return shown(old, now);
    }
    let whose = store::person(tx, house, patient.get(), patient.get())?.ok_or(ConsentError::NotFound)?;
    let row = Row {
        id: tx.allocate("grant", 1)?,
        patient: patient.get(),
        grantee: grantee.rid,
        grantee_kind: grantee.kind.kind().code(),
        terms,
        purpose: form.purpose.purpose().as_str().to_owned(),
        created: now.0,
        until,
        revoked: None,
        last_read: None,
        detail: Detail { patient: whose, grantee: Party { id: grantee.id, name: grantee.name }, note },
    };
    store::insert(tx, house, &row)?;
    store::insert_reach(tx, &row)?;
    schedule(tx, &row, now)?;
    if let Some(request) = form.request {
        crate::requests::mark_granted(house, tx, patient, request, grantee.rid)?;
    }
    if grantee.kind == GranteeType::Practitioner {
        crate::desk::given(house, tx, (row.patient, row.grantee), row.id, now)?;
    }
    done(ctx, house, tx, &row, Act::Given, Action::Grant)?;
    tell_given(house, tx, &row)?;
    let title = format!("{} gave {} access to the record", ctx.name, row.detail.grantee.name);
    crate::family::tell_of_deed(ctx, house, tx, &Notice::new(Kind::Grant, title, ends(until)).link("/sharing"))?;
    announce(tx, &row);
    shown(row, now)
}

/// Changes the end of a grant that was not revoked: later, sooner, or live again after it had expired.
pub fn extend(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64, form: &ExtendForm) -> Result<Grant, ConsentError> {
    let mut row = own(ctx, house, tx, grant)?;
    let now = ctx.now();
    if row.revoked.is_some() {
        return Err(ConsentError::Conflict("This access was revoked. Give access anew instead."));
    }
    if row.purpose == Purpose::Emergency.as_str() {
        return Err(ConsentError::Conflict("Emergency access ends by itself. Give access if it is needed longer."));
    }
    let until = rules::end(form.until.as_deref(), now)?;
    crate::family::within(ctx, tx, row.terms, until)?;
    if until == row.until && rules::state(row.until, row.revoked, now) == State::Active {
        return shown(row, now);
    }
    if until < row.until {
        store::raise_epoch(tx)?;
    }
    row.until = until;
    store::set_until(tx, row.id, until)?;
    store::insert_reach(tx, &row)?;
    schedule(tx, &row, now)?;
    done(ctx, house, tx, &row, Act::Changed, Action::Extend)?;
    let told = Notice::new(Kind::Grant, "A patient changed how long you have access", ends(until)).link(link(&row));
    let told = told.about(Id::new(row.patient));
    tell_grantee(house, tx, &row, &told)?;
    announce(tx, &row);
    shown(row, now)
}

/// From the commit on, nobody sees anything through it.
pub(crate) fn close(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, row: &mut Row) -> Result<(), ConsentError> {
    let now = ctx.now();
    row.revoked = Some(now.0);
    store::set_revoked(tx, row.id, now)?;
    store::delete_reach(tx, row)?;
    store::raise_epoch(tx)?;
    crate::edit::end_visits_without(tx, house, row.patient, now)?;
    store::keep_version(tx, house, row, Act::Revoked, Some(&ctx.name), now)?;
    announce(tx, row);
    Ok(())
}

/// Whether a grant of this record lets a practitioner treat, in person or wherever they work now. An emergency is none.
pub(crate) fn stands_for(
    house: &House,
    tx: &mut Tx<'_>,
    patient: i64,
    (account, author): (i64, &str),
    now: Timestamp,
) -> Result<bool, ConsentError> {
    let given = store::given(tx, house, patient)?;
    let places = store::workplaces(tx, account)?;
    Ok(given.iter().any(|row| {
        let theirs = row.detail.grantee.id == author || places.contains(&row.grantee);
        theirs
            && row.purpose == Purpose::Treatment.as_str()
            && rules::state(row.until, row.revoked, now) == State::Active
    }))
}

/// Ends a grant: from the commit on, nobody sees anything through it. Doing it twice is doing it once.
pub fn revoke(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64) -> Result<Grant, ConsentError> {
    let mut row = own(ctx, house, tx, grant)?;
    let now = ctx.now();
    if row.revoked.is_some() {
        return shown(row, now);
    }
    close(ctx, house, tx, &mut row)?;
    log(ctx, tx, &row, Action::Revoke);
    let body = "What you could see through it is no longer shown.";
    tell_grantee(house, tx, &row, &Notice::new(Kind::Revoked, "A patient ended your access", body).link("/patients"))?;
    shown(row, now)
}

/// A patient sees every grant they ever gave; a practitioner those that stand, to them and to where they work. What was
/// ended is not shown to its reader any more: whose record it was is part of what they may no longer see.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<Grant>, ConsentError> {
    let now = ctx.now();
    rows(ctx, house, tx)?.into_iter().map(|row| shown_to(ctx, row, now)).collect()
}

pub(crate) fn rows(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<Row>, ConsentError> {
    match &ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => {
            // While sharing is paused, whatever acts for the patient sees nothing, the grants as little as the entries.
            let others = ctx.pass.app.is_some() || ctx.behalf().is_some_and(|behalf| !behalf.guardian);
            if others && crate::restriction::is_on(tx, patient.get())? {
                return Ok(Vec::new());
            }
            crate::family::still(tx, house, ctx)?;
            let mut given = store::given(tx, house, patient.get())?;
            given.retain(|row| crate::family::reaches(ctx, row.terms));
            Ok(given)
        }
        Actor::Practitioner { practitioner, organizations, .. } => {
            let mut grantees = vec![practitioner.get()];
            grantees.extend(organizations.iter().map(|organization| organization.get()));
            store::received(tx, house, &grantees, ctx.now())
        }
        _ => Err(ConsentError::NotFound),
    }
}

/// Takes a grant that has expired out of reach, and says so to both sides. Running it twice, or on a grant that was
/// extended or revoked meanwhile, changes nothing. The predicate knows the end by itself: this only tidies and tells.
pub fn expire(house: &House, tx: &mut Tx<'_>, grant: i64, now: Timestamp) -> Result<(), ConsentError> {
    let Some(row) = store::grant(tx, house, grant)? else { return Ok(()) };
    if rules::state(row.until, row.revoked, now) != State::Expired || !store::delete_reach(tx, &row)? {
        return Ok(());
    }
    store::raise_epoch(tx)?;
    store::keep_version(tx, house, &row, Act::Expired, None, now)?;
    crate::edit::end_visits_without(tx, house, row.patient, now)?;
    let (title, body, more) = if row.purpose == Purpose::Emergency.as_str() {
        ("An emergency access has ended", "can no longer see your record.", "Emergency access lasts two hours.")
    } else {
        let more = "It was given until now. Ask the patient if you need it longer.";
        ("Access you gave has ended", "can no longer see your record. You can renew it.", more)
    };
    let place = match row.purpose == Purpose::Emergency.as_str() {
        true => "/sharing".to_owned(),
        false => crate::renewal::renew_link(&row),
    };
    let told = Notice::new(Kind::Grant, title, format!("{} {body}", row.detail.grantee.name)).link(place);
    notify::to_patient(tx, house, Id::new(row.patient), &told)?;
    let body = more;
    tell_grantee(house, tx, &row, &Notice::new(Kind::Revoked, "Your access has ended", body).link("/patients"))?;
    announce(tx, &row);
    Ok(())
}

/// When each grant was last noted as used, by this process.
#[derive(Default)]
struct LastReads(Mutex<HashMap<i64, i64>>);

const REMEMBERED: usize = 10_000;

/// Notes that somebody reads under a grant, once a minute at most: whoever releases what was read calls it at the same
/// time, so that both land in one commit. It writes nothing when the minute's note is made already.
pub async fn mark_read(house: &House, grant: i64) -> Result<(), DbError> {
    let now = house.clock.now();
    {
        let memory = house.memory::<LastReads>();
        let mut noted = memory.0.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.get(&grant).is_some_and(|last| now < Timestamp(*last).plus_minutes(1)) {
            return Ok(());
        }
        if noted.len() >= REMEMBERED {
            noted.clear();
        }
        noted.insert(grant, now.0);
    }
    house.db.write(move |tx| store::mark_read(tx, grant, now)).await
}

pub(crate) fn schedule(tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<(), DbError> {
    if row.until == NO_END {
        return Ok(());
    }
    crate::renewal::warn(tx, row, now)?;
    jobs::enqueue(tx, EXPIRE, Timestamp(row.until), &row.id.to_le_bytes()).map(drop)
}

/// Keeps what a grant says now, and its entry in the ledger.
pub(crate) fn done(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    row: &Row,
    act: Act,
    action: Action,
) -> Result<(), ConsentError> {
    store::keep_version(tx, house, row, act, Some(&ctx.name), ctx.now())?;
    log(ctx, tx, row, action);
    Ok(())
}

fn log(ctx: &Ctx, tx: &mut Tx<'_>, row: &Row, action: Action) {
    let entry = Entry::new(ctx, Id::new(row.patient), action).what("Grant", 1);
    ledger::append(tx, entry.ground(Ground::OwnRecord, Purpose::Patient, Some(row.id)));
}

/// Whoever was given access hears of it, and until when.
pub(crate) fn tell_given(house: &House, tx: &mut Tx<'_>, row: &Row) -> Result<(), ConsentError> {
    let told = Notice::new(Kind::Grant, "A patient gave you access", ends(row.until)).link(link(row));
    tell_grantee(house, tx, row, &told.about(Id::new(row.patient)))
}

/// The patient is not named: a notice to a practitioner outlives the grant, and must not outlive the patient's erasure.
pub(crate) fn tell_grantee(house: &House, tx: &mut Tx<'_>, row: &Row, notice: &Notice) -> Result<(), ConsentError> {
    // While sharing is paused there is nothing for them, and nothing to hear of.
    if row.purpose != Purpose::Emergency.as_str() && crate::restriction::is_on(tx, row.patient)? {
        return Ok(());
    }
    match GranteeType::of_kind(row.grantee_kind) {
        Some(GranteeType::Practitioner) => notify::to_practitioner(tx, house, Id::new(row.grantee), notice)?,
        Some(GranteeType::Organization) => notify::to_members(tx, house, Id::new(row.grantee), notice)?,
        None => {}
    }
    Ok(())
}

pub(crate) fn announce(tx: &mut Tx<'_>, row: &Row) {
    tx.announce(format!("patient:{} grants requests ledger", row.patient));
    tx.announce(format!("reader:{} grants requests patients record:{}", row.grantee, row.detail.patient.id));
    if row.purpose == Purpose::Emergency.as_str() {
        tx.announce("administrators emergencies");
    }
}

pub(crate) fn link(row: &Row) -> String {
    format!("/record/{}", row.detail.patient.id)
}

pub(crate) fn ends(until: i64) -> String {
    match until {
        NO_END => "Until the patient ends it.".to_owned(),
        until => format!(
            "Until {} (UTC).",
            Timestamp(until).to_rfc3339().replace('T', " ").chars().take(16).collect::<String>()
        ),
    }
}

/// What the patient noted is for themselves; what a practitioner declared an emergency with is theirs too.
pub(crate) fn shown_to(ctx: &Ctx, row: Row, now: Timestamp) -> Result<Grant, ConsentError> {
    let mut grant = shown(row, now)?;
    if !matches!(ctx.actor, Actor::Patient { .. }) && grant.purpose != GrantPurpose::Emergency {
        grant.note = None;
    }
    Ok(grant)
}

/// A row as both sides see it.
pub(crate) fn shown(row: Row, now: Timestamp) -> Result<Grant, ConsentError> {
    let defect = || DbError::Failed(format!("grant {} has an unknown grantee or purpose", row.id));
    let kind = GranteeType::of_kind(row.grantee_kind).ok_or_else(defect)?;
    let purpose = GrantPurpose::of(&row.purpose).ok_or_else(defect)?;
    let (from, to) = rules::period(&row.terms);
    let instant = |ms: i64| Timestamp(ms).to_rfc3339();
    Ok(Grant {
        id: row.id,
        categories: rules::chosen(&row.terms),
        from,
        to,
        labels: rules::labels(&row.terms),
        sealed: crate::Compartment::of_terms(&row.terms),
        purpose,
        created: instant(row.created),
        until: (row.until != NO_END).then(|| instant(row.until)),
        revoked: row.revoked.map(instant),
        state: rules::state(row.until, row.revoked, now),
        last_read: row.last_read.map(instant),
        patient: row.detail.patient,
        grantee: GranteeParty { r#type: kind, id: row.detail.grantee.id, name: row.detail.grantee.name },
        note: row.detail.note,
    })
}

/// Ends and removes every consent, request and code of a patient who is being erased, in that transaction.
pub fn forget_patient(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, patient: Id<id::Patient>) -> Result<(), ConsentError> {
    crate::family::forget_patient(ctx, house, tx, patient.get())?;
    store::forget_patient(tx, patient.get())?;
    crate::emergency::forget_patient(tx, patient.get())?;
    crate::edit::forget_patient(tx, patient.get())?;
    crate::cases::forget_patient(tx, patient.get())?;
    crate::desk::forget_patient(tx, patient.get())?;
    Ok(())
}
