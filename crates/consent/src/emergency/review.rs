//! The second pair of eyes: each emergency is looked at by an administrator within 72 hours.

use super::model::{Declared, Finding, Review, ReviewForm};
use super::service::named;
use super::store::{self as emergencies, Emergency};
use crate::error::ConsentError;
use crate::model::State;
use crate::rules;
use crate::store::Row;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Purpose, Timestamp};
use ledger::{Action, Disclosure, Entry, Ground, House};
use notify::{Kind, Notice};
use std::collections::BTreeMap;

/// The job that reminds the administrators.
pub const REMIND: &str = "emergency-review";

const HOUR_MINUTES: i64 = 60;
const DUE_HOURS: i64 = 72;
/// A day before it is due.
const REMIND_HOURS: i64 = 48;
const LONGEST_NOTE: usize = 1000;

pub(super) fn remind_at(now: Timestamp) -> Timestamp {
    now.plus_minutes(REMIND_HOURS * HOUR_MINUTES)
}

fn administrator(ctx: &Ctx) -> Result<(), ConsentError> {
    match ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Administrator { .. } => Ok(()),
        _ => Err(ConsentError::Forbidden("Only an administrator reviews emergencies.")),
    }
}

/// The emergencies, those that wait first. They name patients: each of them finds in their ledger who looked.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Disclosure<Vec<Declared>>, ConsentError> {
    administrator(ctx)?;
    let all = emergencies::all(tx, house)?;
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    all.iter().for_each(|(emergency, _)| *counts.entry(emergency.patient).or_default() += 1);
    let entry = |(patient, count): (i64, i64)| {
        let entry = Entry::new(ctx, Id::new(patient), Action::Read).what("Emergency", count);
        entry.ground(Ground::Administration, Purpose::Operations, None)
    };
    let entries = counts.into_iter().map(entry).collect();
    Ok(Disclosure::new(all.into_iter().map(|(emergency, row)| shown(emergency, row)).collect(), entries))
}

fn checked(form: &ReviewForm) -> Result<Option<String>, Issue> {
    let note = form.note.as_deref().map(str::trim).filter(|note| !note.is_empty());
    match (form.finding, note) {
        (Finding::Open, _) => Err(Issue::new("value", "finding", "Say whether it was justified or unjustified.")),
        (Finding::Unjustified, None) => {
            Err(Issue::new("required", "note", "Say why it was not justified: both sides read it."))
        }
        (_, Some(note)) if note.chars().count() > LONGEST_NOTE => {
            Err(Issue::new("value", "note", "A note has at most 1000 characters."))
        }
        (_, note) => Ok(note.map(str::to_owned)),
    }
}

/// Says what was found, once; both sides are told.
pub fn review(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, form: &ReviewForm) -> Result<Declared, ConsentError> {
    administrator(ctx)?;
    let note = checked(form)?;
    let (mut emergency, mut row) = emergencies::find(tx, house, id)?.ok_or(ConsentError::NotFound)?;
    if emergency.state != Finding::Open.code() {
        return Err(ConsentError::Conflict("This emergency has been reviewed already."));
    }
    emergency.state = form.finding.code();
    emergency.reviewed = Some(ctx.now().0);
    emergency.detail.reviewer = Some(ctx.name.to_string());
    emergency.detail.note = note;
    emergencies::set_reviewed(tx, house, &emergency)?;
    let entry = Entry::new(ctx, Id::new(row.patient), Action::Review).what("Emergency", 1);
    ledger::append(tx, entry.ground(Ground::Administration, Purpose::Operations, Some(row.id)));
    // What is not justified goes on no longer.
    if form.finding == Finding::Unjustified && rules::state(row.until, row.revoked, ctx.now()) == State::Active {
        crate::service::close(ctx, house, tx, &mut row)?;
        let entry = Entry::new(ctx, Id::new(row.patient), Action::Revoke).what("Emergency", 1);
        ledger::append(tx, entry.ground(Ground::Administration, Purpose::Operations, Some(row.id)));
    }
    let found = match form.finding {
        Finding::Unjustified => "not justified",
        _ => "justified",
    };
    let note = emergency.detail.note.as_deref().unwrap_or("No more was said.");
    let title = format!("The emergency access by {} was found {found}", named(&row, &emergency));
    notify::to_patient(tx, house, Id::new(row.patient), &Notice::new(Kind::Emergency, title, note).link("/ledger"))?;
    let told = Notice::new(Kind::Emergency, format!("Your emergency access was found {found}"), note);
    notify::send(tx, house, Id::new(emergency.account), &told.about(Id::new(row.patient)))?;
    tx.announce(format!("patient:{} ledger", row.patient));
    tx.announce("administrators emergencies");
    Ok(shown(emergency, row))
}

/// Reminds the administrators of one that still waits.
pub fn remind(house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let Some((emergency, row)) = emergencies::find(tx, house, id)? else { return Ok(()) };
    if emergency.state != Finding::Open.code() {
        return Ok(());
    }
    let body = format!("{} declared it. It is to be reviewed within a day.", named(&row, &emergency));
    let told = Notice::new(Kind::Emergency, "An emergency access waits for review", body).link("/admin/emergencies");
    notify::to_administrators(tx, house, &told.about(Id::new(row.patient)))?;
    Ok(())
}

fn shown(emergency: Emergency, row: Row) -> Declared {
    let instant = |ms: i64| Timestamp(ms).to_rfc3339();
    let review = emergency.reviewed.map(|time| Review {
        by: emergency.detail.reviewer.unwrap_or_default(),
        time: instant(time),
        note: emergency.detail.note,
    });
    Declared {
        id: row.id,
        patient: row.detail.patient,
        practitioner: row.detail.grantee,
        organization: emergency.detail.organization,
        reason: row.detail.note.unwrap_or_default(),
        opened: instant(emergency.opened),
        whole: emergency.whole.map(instant),
        until: instant(row.until),
        ended: row.revoked.map(instant),
        last_read: row.last_read.map(instant),
        finding: Finding::of(emergency.state).unwrap_or(Finding::Open),
        due: Timestamp(emergency.opened).plus_minutes(DUE_HOURS * HOUR_MINUTES).to_rfc3339(),
        review,
    }
}
