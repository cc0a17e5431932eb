//! Renewing a grant, being told in time that it ends, and what it said before.

use crate::error::ConsentError;
use crate::model::{Act, Grant, GrantPurpose, GrantVersion, Spoken, State};
use crate::rules::{self, NO_END};
use crate::service::{announce, done, ends, link, own, schedule, shown, shown_to, tell_grantee};
use crate::store::{self, Row};
use db::{DbError, Tx};
use kernel::{Actor, Ctx, Id, Purpose, Timestamp};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Notice};

/// The job that says that a grant will end.
pub const ENDING: &str = "grant-ending";

const DAY_MS: i64 = 86_400_000;

/// What is renewed again within so long was renewed: a tap that was repeated says nothing new.
const TAP_MS: i64 = 60_000;

/// Gives the same access for as long as it was given last, from now on. Doing it twice is doing it once.
pub fn renew(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64) -> Result<Grant, ConsentError> {
    let mut row = own(ctx, house, tx, grant)?;
    let now = ctx.now();
    if row.revoked.is_some() {
        return Err(ConsentError::Conflict("This access was revoked. Give access anew instead."));
    }
    if row.purpose == Purpose::Emergency.as_str() {
        return Err(ConsentError::Conflict("Emergency access ends by itself. Give access if it is needed longer."));
    }
    if row.until == NO_END {
        return Err(ConsentError::Conflict("This access does not end by itself: there is nothing to renew."));
    }
    let (length, tapped) = last_said(tx, house, &row, now)?;
    let until = now.plus_ms(length).0;
    crate::family::within(ctx, tx, row.terms, until)?;
    if until <= row.until || tapped {
        return shown(row, now);
    }
    row.until = until;
    store::set_until(tx, row.id, until)?;
    store::insert_reach(tx, &row)?;
    schedule(tx, &row, now)?;
    done(ctx, house, tx, &row, Act::Renewed, Action::Extend)?;
    let told = Notice::new(Kind::Grant, "A patient renewed your access", ends(until)).link(link(&row));
    tell_grantee(house, tx, &row, &told.about(Id::new(row.patient)))?;
    announce(tx, &row);
    shown(row, now)
}

/// For how long a grant was given the last time that its end was said, and whether it was renewed a moment ago.
fn last_said(tx: &mut Tx<'_>, house: &House, row: &Row, now: Timestamp) -> Result<(i64, bool), ConsentError> {
    let versions = store::versions(tx, house, row)?;
    let last = versions.iter().find(|version| matches!(version.said.act, Act::Given | Act::Changed | Act::Renewed));
    // Grants from before versions were kept say only when they were given.
    let Some(last) = last else { return Ok((row.until - row.created, false)) };
    let tapped = last.said.act == Act::Renewed && now.0 - last.time < TAP_MS;
    Ok((last.said.until - last.time, tapped))
}

/// Has both sides told, some time before a grant ends. What lasts a few hours needs no warning.
pub(crate) fn warn(tx: &mut Tx<'_>, row: &Row, now: Timestamp) -> Result<(), DbError> {
    let Some(at) = rules::warning(now, row.until).filter(|_| row.purpose != Purpose::Emergency.as_str()) else {
        return Ok(());
    };
    let mut payload = row.id.to_le_bytes().to_vec();
    payload.extend_from_slice(&row.until.to_le_bytes());
    jobs::enqueue(tx, ENDING, at, &payload).map(drop)
}

/// Says that a grant will end, unless its end was moved since, or it was revoked.
pub fn ending(house: &House, tx: &mut Tx<'_>, (grant, until): (i64, i64), now: Timestamp) -> Result<(), ConsentError> {
    let Some(row) = store::grant(tx, house, grant)? else { return Ok(()) };
    if row.until != until || rules::state(row.until, row.revoked, now) != State::Active {
        return Ok(());
    }
    let name = &row.detail.grantee.name;
    let body = format!("{name} can see your record {} You can renew it for the same time.", until_when(until));
    let told = Notice::new(Kind::Grant, "Access you gave ends soon", body).link(renew_link(&row));
    notify::to_patient(tx, house, Id::new(row.patient), &told)?;
    let told = Notice::new(Kind::Grant, "Your access to a record ends soon", ends(until));
    let told = told.link(format!("{}?ask={}", link(&row), row.id));
    tell_grantee(house, tx, &row, &told.about(Id::new(row.patient)))
}

fn until_when(until: i64) -> String {
    let mut text = ends(until);
    text.replace_range(..1, "u");
    text
}

/// The page of what is shared, with this grant to renew.
pub(crate) fn renew_link(row: &Row) -> String {
    format!("/sharing?renew={}", row.id)
}

/// Whoever reads under a grant asks the patient to renew it, once a day at most: asking again changes nothing.
pub fn ask(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64) -> Result<(), ConsentError> {
    let grantees = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Practitioner { practitioner, organizations, .. } => {
            let mut grantees = vec![practitioner.get()];
            grantees.extend(organizations.iter().map(|organization| organization.get()));
            grantees
        }
        _ => return Err(ConsentError::NotFound),
    };
    let now = ctx.now();
    let stands = |row: &Row| {
        grantees.contains(&row.grantee)
            && row.purpose != Purpose::Emergency.as_str()
            && rules::state(row.until, row.revoked, now) == State::Active
    };
    let row = store::grant(tx, house, grant)?.filter(stands).ok_or(ConsentError::NotFound)?;
    if crate::restriction::is_on(tx, row.patient)? {
        return Err(ConsentError::NotFound);
    }
    if row.until == NO_END {
        return Err(ConsentError::Conflict("This access does not end by itself: there is nothing to renew."));
    }
    let versions = store::versions(tx, house, &row)?;
    if versions.iter().any(|version| version.said.act == Act::Asked && version.time > now.0 - DAY_MS) {
        return Ok(());
    }
    store::keep_version(tx, house, &row, Act::Asked, Some(&ctx.name), now)?;
    let entry = Entry::new(ctx, Id::new(row.patient), Action::Request).what("Grant", 1);
    ledger::append(tx, entry.ground(Ground::Grant, ctx.purpose, Some(row.id)));
    let title = format!("{} asks you to renew access", ctx.name);
    let body = format!("It lasts {}", until_when(row.until));
    let told = Notice::new(Kind::AccessRequest, title, body).link(renew_link(&row));
    notify::to_patient(tx, house, Id::new(row.patient), &told)?;
    tx.announce(format!("patient:{} grants ledger", row.patient));
    Ok(())
}

/// Everything a grant of the caller's ever said, newest first.
pub fn history(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, grant: i64) -> Result<Vec<GrantVersion>, ConsentError> {
    let row = own(ctx, house, tx, grant)?;
    let versions = store::versions(tx, house, &row)?;
    versions.into_iter().map(|version| spoken(&row, version)).collect()
}

fn spoken(row: &Row, version: store::Version) -> Result<GrantVersion, ConsentError> {
    let store::Version { version, time, said } = version;
    let terms = crate::access::Terms { categories: said.categories, labels: said.labels, lo: said.lo, hi: said.hi };
    let defect = || DbError::Failed(format!("grant {}, version {version}: an unknown purpose", row.id));
    let (from, to) = rules::period(&terms);
    let says = Spoken {
        categories: rules::chosen(&terms),
        from,
        to,
        labels: rules::labels(&terms),
        sealed: crate::Compartment::of_terms(&terms),
        purpose: GrantPurpose::of(&said.purpose).ok_or_else(defect)?,
        until: (said.until != NO_END).then(|| Timestamp(said.until).to_rfc3339()),
        note: said.note,
    };
    Ok(GrantVersion { version, time: Timestamp(time).to_rfc3339(), act: said.act, by: said.by, text: said.text, says })
}

/// A grant with the number of its version, and when that was said.
pub struct Current {
    pub grant: Grant,
    /// The number of the record.
    pub patient: i64,
    pub version: i64,
    pub updated: Timestamp,
}

/// The grants that the caller gave, or that let them read, newest first.
pub fn current(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<Current>, ConsentError> {
    let mut out = Vec::new();
    for row in crate::service::rows(ctx, house, tx)? {
        let (patient, (version, updated)) = (row.patient, store::last_version(tx, &row)?);
        out.push(Current { grant: shown_to(ctx, row, ctx.now())?, patient, version, updated: Timestamp(updated) });
    }
    Ok(out)
}

/// The logical id of a record.
pub fn id_of(house: &House, tx: &mut Tx<'_>, patient: i64) -> Result<String, ConsentError> {
    Ok(store::person(tx, house, patient, patient)?.ok_or(ConsentError::NotFound)?.id)
}
