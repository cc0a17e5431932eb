//! Use cases of a verification: hand in, look at, find good, send back. The first line of each authorises.

use super::model::{Admitted, Check, Detail, Details, Paper, Return, Row, ShownCheck, State, Verification};
use super::{rules, store};
use crate::access::{administrator, still_administrator};
use crate::model::{Link, OrganizationRef};
use crate::store::{Stored, narrow, owner};
use crate::{IdentityError, Workplace};
use db::Tx;
use kernel::{Actor, Ctx, Id, Problem, Role, id};
use ledger::{Action, Entry, House, append};
use notify::{Kind, Letter, Mail, Notice, Way};

/// Verifications shown at once: more would be a queue nobody works on.
const SHOWN: i64 = 200;

/// The account that is or was to be verified: 401 for nobody, 404 for those it does not concern.
fn clinician(ctx: &Ctx) -> Result<i64, IdentityError> {
    match ctx.actor {
        Actor::Applicant { account } | Actor::Practitioner { account, .. } => Ok(account.get()),
        Actor::Nobody => Err(IdentityError::NotSignedIn),
        _ => Err(IdentityError::NotFound),
    }
}

fn found(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<(Row, Stored), IdentityError> {
    let row = store::find(tx, &house.vault, account)?.ok_or(IdentityError::NotFound)?;
    let stored = crate::store::find(tx, &house.vault, account)?.ok_or(IdentityError::NotFound)?;
    Ok((row, stored))
}

/// What an own change needs: what was verified is not changed any more.
fn open_to_change(ctx: &Ctx, tx: &mut Tx<'_>, house: &House) -> Result<Row, IdentityError> {
    let account = clinician(ctx)?;
    let (row, _) = found(tx, house, account)?;
    if row.state == State::Verified {
        return Err(Problem::conflict("You are verified. Ask an administrator if your registration changed.").into());
    }
    Ok(row)
}

fn keep(tx: &mut Tx<'_>, house: &House, row: &mut Row, state: State) -> Result<(), IdentityError> {
    (row.state, row.changed) = (state, house.clock.now());
    Ok(store::put(tx, &house.vault, &*house.rng, row)?)
}

fn note(tx: &mut Tx<'_>, ctx: &Ctx, action: Action, account: i64) {
    append(tx, Entry::system(ctx, action).what(format!("clinician of account {account}"), 1));
}

/// Begins the verification of an account that was just made.
pub(super) fn begin(
    tx: &mut Tx<'_>,
    house: &House,
    account: i64,
    workplaces: Vec<Workplace>,
    invited_by: Option<String>,
) -> Result<(), IdentityError> {
    let detail = Detail { workplaces, invited_by, ..Detail::default() };
    let mut row = Row { account, state: State::Draft, changed: house.clock.now(), version: 0, detail };
    Ok(store::put(tx, &house.vault, &*house.rng, &mut row)?)
}

/// An administrator who becomes a practitioner has to be verified like any other. What was handed in before stays there,
/// and is looked at anew.
pub(crate) fn begin_anew(tx: &mut Tx<'_>, house: &House, account: i64, by: &str) -> Result<(), IdentityError> {
    match store::find(tx, &house.vault, account)? {
        Some(_) => Ok(()),
        None => begin(tx, house, account, Vec::new(), Some(by.to_owned())),
    }
}

/// My own verification.
pub fn own(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<Verification, IdentityError> {
    let account = clinician(ctx)?;
    let (row, stored) = found(tx, house, account)?;
    shown(tx, house, ctx, row, stored)
}

/// Says who I am. It waits for nobody until it is handed in.
pub fn describe(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, form: Details) -> Result<Verification, IdentityError> {
    let mut row = open_to_change(ctx, tx, house)?;
    let details = rules::checked(form).map_err(IdentityError::invalid)?;
    if row.detail.details.as_ref() != Some(&details) {
        row.detail.details = Some(details);
        let state = rules::changed(&mut row.detail);
        keep(tx, house, &mut row, state)?;
    }
    own(tx, house, ctx)
}

/// Adds a paper.
pub fn add_paper(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    name: &str,
    body: Vec<u8>,
) -> Result<Verification, IdentityError> {
    let mut row = open_to_change(ctx, tx, house)?;
    let Some(media_type) = rules::media_type(&body) else {
        return Err(
            Problem::new(415, "invalid", "A document is a PDF, a JPG or a PNG. This file is none of them.").into()
        );
    };
    let Some(name) = rules::file_name(name) else {
        return Err(Problem::bad_request("Give the file a name of at most 120 characters.").into());
    };
    if store::credentials(tx, &house.vault, row.account)?.len() >= rules::MOST_CREDENTIALS {
        let text = format!("{} documents are enough. Remove one first.", rules::MOST_CREDENTIALS);
        return Err(Problem::conflict(text).into());
    }
    let paper = Paper { name, media_type, body };
    store::insert_credential(tx, &house.vault, &*house.rng, row.account, &paper, house.clock.now())?;
    let state = rules::changed(&mut row.detail);
    keep(tx, house, &mut row, state)?;
    own(tx, house, ctx)
}

pub fn remove_paper(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, paper: i64) -> Result<Verification, IdentityError> {
    let mut row = open_to_change(ctx, tx, house)?;
    if !store::delete_credential(tx, row.account, paper)? {
        return Err(IdentityError::NotFound);
    }
    let state = rules::changed(&mut row.detail);
    keep(tx, house, &mut row, state)?;
    own(tx, house, ctx)
}

/// A paper of mine.
pub fn own_paper(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, paper: i64) -> Result<Paper, IdentityError> {
    let account = clinician(ctx)?;
    store::credential(tx, &house.vault, account, paper)?.ok_or(IdentityError::NotFound)
}

/// Hands it in: from now on administrators look at it.
pub fn submit(tx: &mut Tx<'_>, house: &House, ctx: &Ctx) -> Result<Verification, IdentityError> {
    let mut row = open_to_change(ctx, tx, house)?;
    if matches!(row.state, State::Waiting | State::Checked) {
        return own(tx, house, ctx);
    }
    let papers = store::credentials(tx, &house.vault, row.account)?.len();
    let missing = rules::missing(&row.detail, papers);
    if !missing.is_empty() {
        let issue = |field| kernel::Issue::new("required", field, "This is needed before it can be handed in.");
        return Err(IdentityError::invalid(missing.into_iter().map(issue).collect()));
    }
    row.detail.returned = None;
    keep(tx, house, &mut row, State::Waiting)?;
    note(tx, ctx, Action::Apply, row.account);
    let body = format!("{} handed in what shows that they are a clinician. Two administrators look at it.", ctx.name);
    let notice = Notice::new(Kind::Security, "A clinician waits to be verified", body);
    notify::to_administrators(tx, house, &notice.link("/admin/verifications"))?;
    own(tx, house, ctx)
}

/// Those in a state, the longest waiting first, and how many wait for a check in all.
pub fn list(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    state: State,
) -> Result<(Vec<Verification>, i64), IdentityError> {
    administrator(ctx)?;
    let mut out = Vec::new();
    for row in store::in_state(tx, &house.vault, state, SHOWN)? {
        if let Some(stored) = crate::store::find(tx, &house.vault, row.account)? {
            out.push(shown(tx, house, ctx, row, stored)?);
        }
    }
    Ok((out, store::count(tx, State::Waiting)? + store::count(tx, State::Checked)?))
}

pub fn one(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: i64) -> Result<Verification, IdentityError> {
    administrator(ctx)?;
    let (row, stored) = found(tx, house, account)?;
    shown(tx, house, ctx, row, stored)
}

/// A paper of a clinician, for an administrator: that they looked at it is an entry.
pub fn paper(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: i64, paper: i64) -> Result<Paper, IdentityError> {
    administrator(ctx)?;
    let found = store::credential(tx, &house.vault, account, paper)?.ok_or(IdentityError::NotFound)?;
    append(tx, Entry::system(ctx, Action::Read).what(format!("document {paper} of account {account}"), 1));
    Ok(found)
}

/// What an administrator may answer: another's, and of somebody who is to be a clinician. An administrator reads no record, and
/// so is none, whatever they handed in before.
fn to_answer(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, account: i64) -> Result<(Row, Stored), IdentityError> {
    still_administrator(tx, house, ctx)?;
    ctx.confirmed()?;
    if ctx.actor.account() == Some(Id::new(account)) {
        let text = "This is your own verification. Two other administrators must look at it.";
        return Err(Problem::new(409, "same-person", text).into());
    }
    let (row, stored) = found(tx, house, account)?;
    if stored.profile.role != Role::Practitioner {
        let text = "This account is an administrator's now, and no clinician's. There is nothing to answer.";
        return Err(Problem::conflict(text).into());
    }
    Ok((row, stored))
}

/// Somebody stops being a clinician before they were verified: what waits leaves the queue, and nobody has found it good any more.
pub(crate) fn interrupt(tx: &mut Tx<'_>, house: &House, account: i64) -> Result<(), IdentityError> {
    if let Some(mut row) = store::find(tx, &house.vault, account)?
        && matches!(row.state, State::Waiting | State::Checked)
    {
        let state = rules::changed(&mut row.detail);
        keep(tx, house, &mut row, state)?;
    }
    Ok(())
}

/// Finds it good. The second administrator's check makes the clinician: `make` gives them their Practitioner.
pub fn approve(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (account, version): (i64, i64),
    make: impl FnOnce(&mut Tx<'_>, &House, &Admitted) -> Result<Link<id::Practitioner>, Problem>,
) -> Result<Verification, IdentityError> {
    let (mut row, stored) = to_answer(tx, house, ctx, account)?;
    if stored.locked {
        let text = "This account is locked. Unlock it first, on the page Users.";
        return Err(Problem::conflict(text).into());
    }
    // The first check changes nothing of what the second administrator looks at meanwhile.
    let looked_at = if row.state == State::Checked { row.version - 1 } else { row.version };
    if version != looked_at {
        same_version(&row, version)?;
    }
    let by = Check {
        account: ctx.actor.account().map_or(0, Id::get),
        name: ctx.name.as_ref().to_owned(),
        time: ctx.now().to_rfc3339(),
    };
    let state = rules::check(row.state, &mut row.detail, by)?;
    keep(tx, house, &mut row, state)?;
    note(tx, ctx, Action::Verify, account);
    tx.announce(format!("account:{account} session"));
    if state == State::Verified {
        let details = row.detail.details.clone().ok_or_else(Problem::internal)?;
        let (name, workplaces) = (stored.profile.name.clone(), row.detail.workplaces.clone());
        let admitted = Admitted { name, details, workplaces: workplaces.clone() };
        let practitioner = make(tx, house, &admitted)?;
        let stored = store::admit(tx, &house.vault, &*house.rng, stored, practitioner, workplaces)?;
        narrow(tx, account)?;
        tell(tx, house, &stored, "You are verified", "Patients can find you now and give you access.", "/patients")?;
    }
    one(tx, house, ctx, account)
}

/// Asks for more. Nobody has found it good any more.
pub fn send_back(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (account, version): (i64, i64),
    reason: &str,
) -> Result<Verification, IdentityError> {
    let (mut row, stored) = to_answer(tx, house, ctx, account)?;
    if let Some(issue) = rules::reason_issue(reason) {
        return Err(IdentityError::invalid(vec![issue]));
    }
    same_version(&row, version)?;
    if !matches!(row.state, State::Waiting | State::Checked) {
        return Err(Problem::conflict("Only what waits for a check can be sent back.").into());
    }
    let reason = reason.trim().to_owned();
    let (name, time) = (ctx.name.as_ref().to_owned(), ctx.now().to_rfc3339());
    row.detail.checks.clear();
    row.detail.returned = Some(Return { reason: reason.clone(), name, time });
    keep(tx, house, &mut row, State::Returned)?;
    note(tx, ctx, Action::Return, account);
    tell(tx, house, &stored, "Your verification needs something more", &reason, "/verification")?;
    one(tx, house, ctx, account)
}

/// What was looked at must be what is answered: somebody may have changed it meanwhile.
fn same_version(row: &Row, version: i64) -> Result<(), IdentityError> {
    if row.version == version {
        return Ok(());
    }
    let text = "This has changed since you opened it. Look at it again.";
    Err(Problem::new(409, "changed", text).into())
}

fn tell(
    tx: &mut Tx<'_>,
    house: &House,
    stored: &Stored,
    title: &str,
    body: &str,
    link: &str,
) -> Result<(), IdentityError> {
    let notice = Notice::new(Kind::Security, title, body).link(link).letter(Letter::Own);
    let way = notify::send(tx, house, Id::new(stored.id), &notice)?;
    tx.announce(format!("account:{} session", stored.id));
    let Some(to) = stored.profile.email.clone().filter(|_| way == Way::Mail) else { return Ok(()) };
    let text = format!("Hello {},\n\n{body}\n\nSign in to see more.\n\nHealthSync", stored.profile.name);
    let mail = Mail { to, subject: format!("HealthSync: {title}"), text, until: None };
    notify::post_to(tx, house, owner(&stored.profile), &mail)?;
    Ok(())
}

fn shown(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, row: Row, stored: Stored) -> Result<Verification, IdentityError> {
    let documents = store::credentials(tx, &house.vault, row.account)?;
    let me = ctx.actor.account().map(Id::get);
    let missing = rules::missing(&row.detail, documents.len());
    let checks = row.detail.checks.into_iter().map(|check| ShownCheck {
        mine: Some(check.account) == me,
        name: check.name,
        time: check.time,
    });
    Ok(Verification {
        account: row.account,
        name: stored.profile.name,
        username: stored.profile.username,
        email: stored.profile.email,
        locked: stored.locked,
        state: row.state,
        version: row.version,
        changed: row.changed.to_rfc3339(),
        details: row.detail.details,
        missing,
        documents,
        organizations: row.detail.workplaces.into_iter().map(OrganizationRef::from).collect(),
        invited_by: row.detail.invited_by,
        checks: checks.collect(),
        returned: row.detail.returned,
    })
}
