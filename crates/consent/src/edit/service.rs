//! Drafts: made and changed by the practitioner, approved or declined by the patient, redeemed by the practitioner.

use super::code as codes;
use super::handed::{self, Table, Tried};
use super::model::{Change, CodeForm, EditState, HandedCode};
use super::part::reaches;
use super::parties::parties;
use super::session;
use super::store::{self, Detail, Edit, Whose};
use crate::Access;
use crate::error::ConsentError;
use crate::model::Party;
use crate::writer::Writer;
use db::Tx;
use kernel::{Actor, Ctx, Id, Issue, Timestamp, id};
use ledger::{Action, Entry, Ground, House};
use notify::{Kind, Notice};
use vault::DIRECTORY;

const REASON: usize = 1000;
/// A visit's worth; more is a slip of a program.
const MOST_CHANGES: usize = 50;
const MOST_WAITING: i64 = 20;
/// Each draft tells the patient: more are no care.
const MOST_PER_HOUR: i64 = 40;
/// All that a draft holds: what a person can look through.
const LONGEST: usize = 64 << 10;

const ONLY_PRACTITIONERS: &str = "Only a practitioner who is signed in themselves drafts changes.";
const ONLY_PATIENTS: &str = "Only the patient approves changes of their record.";

/// A draft as the room that shows it gets it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub id: i64,
    pub patient: i64,
    pub whose: Party,
    pub author: Party,
    pub organization: Option<String>,
    pub reason: String,
    pub created: Timestamp,
    pub version: i64,
    pub state: EditState,
    /// Until when a code for it is good, if one is.
    pub code_until: Option<Timestamp>,
    pub changes: Vec<Change>,
}

impl From<Edit> for Draft {
    fn from(edit: Edit) -> Self {
        let detail = edit.detail;
        Self {
            id: edit.id,
            patient: edit.patient,
            whose: detail.patient,
            author: detail.author,
            organization: detail.organization.map(|workplace| workplace.name),
            reason: detail.reason,
            created: Timestamp(edit.created),
            version: edit.version,
            state: EditState::of(edit.state).unwrap_or(EditState::Withdrawn),
            code_until: edit.code_until.map(Timestamp),
            changes: detail.changes,
        }
    }
}

/// The proof that a patient approved exactly these changes: only [`redeem`] makes one, and only with it a practitioner
/// writes.
#[derive(Debug)]
pub struct Approval {
    draft: Draft,
    writer: Writer,
    practitioner: Party,
    digest: [u8; 32],
}

impl Approval {
    pub const fn draft(&self) -> &Draft {
        &self.draft
    }

    pub const fn writer(&self) -> Writer {
        self.writer
    }

    /// What the patient approved, in one hash: for whoever signs that it was.
    pub const fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    pub const fn practitioner(&self) -> &Party {
        &self.practitioner
    }
}

/// What a try to land a draft came to. A wrong code counts, so it is no error of the transaction.
#[derive(Debug)]
pub enum Held {
    Approved(Box<Approval>),
    /// So many tries are left.
    Wrong(i64),
    /// There is no code, or none any more.
    NoCode,
}

/// The practitioner who asks, in a session of their own.
pub(super) fn practitioner(ctx: &Ctx) -> Result<(i64, i64), ConsentError> {
    match &ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Practitioner { account, practitioner, .. } if ctx.pass.app.is_none() => {
            Ok((account.get(), practitioner.get()))
        }
        _ => Err(ConsentError::Forbidden(ONLY_PRACTITIONERS)),
    }
}

/// The same, as the directory knows them.
pub fn author(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Party, ConsentError> {
    let (_, practitioner) = practitioner(ctx)?;
    crate::store::person(tx, house, practitioner, DIRECTORY)?.ok_or(ConsentError::NotFound)
}

/// The patient who asks, in a session of their own.
pub(super) fn patient(ctx: &Ctx) -> Result<i64, ConsentError> {
    match &ctx.actor {
        Actor::Nobody => Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } if ctx.pass.app.is_none() => Ok(patient.get()),
        _ => Err(ConsentError::Forbidden(ONLY_PATIENTS)),
    }
}

fn check(reason: &str, changes: &[Change]) -> Result<String, ConsentError> {
    let mut issues = Vec::new();
    let reason = reason.trim();
    if kernel::text::hides_in_lines(reason) {
        issues.push(Issue::new("value", "reason", kernel::text::IN_SIGHT));
    }
    if reason.is_empty() || reason.chars().count() > REASON {
        issues.push(Issue::new("value", "reason", "Say in 1 to 1000 characters why: the patient reads it."));
    }
    if changes.is_empty() || changes.len() > MOST_CHANGES {
        issues.push(Issue::new("value", "changes", "A draft has 1 to 50 changes."));
    }
    if changes.iter().map(|change| change.resource.len() + change.before.len()).sum::<usize>() > LONGEST {
        issues.push(Issue::new("too-long", "changes", "A draft holds at most 64 KiB. Make several of it."));
    }
    if issues.is_empty() { Ok(reason.to_owned()) } else { Err(ConsentError::Invalid(issues)) }
}

/// Keeps a draft, which the caller found valid and of a record that the author can see, and tells the patient.
pub fn draft(
    ctx: &Ctx,
    access: &Access,
    house: &House,
    tx: &mut Tx<'_>,
    patient: Id<id::Patient>,
    reason: &str,
    changes: Vec<Change>,
) -> Result<Draft, ConsentError> {
    let (account, practitioner) = practitioner(ctx)?;
    let reason = check(reason, &changes)?;
    if store::waiting(tx, (account, patient.get()), ctx.now())? >= MOST_WAITING {
        return Err(ConsentError::Conflict("Twenty drafts of yours wait for this patient. Withdraw some first."));
    }
    let hour_ago = ctx.now().plus_minutes(-60);
    if store::drafted(tx, account, patient.get(), hour_ago)? >= MOST_PER_HOUR {
        return Err(ConsentError::TooMany(60));
    }
    let (whose, author, organization) = parties(access, house, tx, practitioner, patient)?;
    let edit = Edit {
        id: tx.allocate("edit", 1)?,
        patient: patient.get(),
        account,
        state: EditState::Waiting.code(),
        created: ctx.now().0,
        version: 1,
        code_until: None,
        detail: Detail { patient: whose, author, organization, reason, changes },
    };
    store::insert(tx, house, &edit)?;
    log(ctx, tx, &edit, Action::Draft);
    let title = format!("{} proposes a change of your record", edit.detail.author.name);
    let told = Notice::new(Kind::Edit, title, edit.detail.reason.clone()).link(format!("/changes/{}", edit.id));
    notify::to_patient(tx, house, patient, &told)?;
    announce(tx, &edit);
    Ok(edit.into())
}

/// An own draft that still waits.
fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Edit, ConsentError> {
    let (account, _) = practitioner(ctx)?;
    let edit = store::find(tx, house, id)?.filter(|edit| edit.account == account).ok_or(ConsentError::NotFound)?;
    still_waiting(edit)
}

/// A draft about the record of the patient who asks, or that whoever looks after all that it is about sees.
fn theirs(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Edit, ConsentError> {
    let patient = patient(ctx)?;
    crate::family::still(tx, house, ctx)?;
    let found = store::find(tx, house, id)?.filter(|edit| edit.patient == patient);
    found.filter(|edit| reaches(ctx, &edit.detail.changes)).ok_or(ConsentError::NotFound)
}

fn still_waiting(edit: Edit) -> Result<Edit, ConsentError> {
    match EditState::of(edit.state) {
        Some(EditState::Waiting) => Ok(edit),
        Some(EditState::Landed) => Err(ConsentError::Conflict("This change has landed already.")),
        Some(EditState::Declined) => Err(ConsentError::Conflict("The patient declined this change.")),
        _ => Err(ConsentError::Conflict("This draft was withdrawn, or nobody answered it in 90 days.")),
    }
}

/// Replaces what a draft says. Whatever code was handed over is void.
pub fn redraft(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    id: i64,
    reason: &str,
    changes: Vec<Change>,
) -> Result<Draft, ConsentError> {
    let mut edit = own(ctx, house, tx, id)?;
    edit.detail.reason = check(reason, &changes)?;
    edit.detail.changes = changes;
    edit.version += 1;
    edit.code_until = None;
    store::rewrite(tx, house, &edit)?;
    log(ctx, tx, &edit, Action::Draft);
    announce(tx, &edit);
    Ok(edit.into())
}

pub fn withdraw(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let edit = own(ctx, house, tx, id)?;
    store::set_state(tx, id, EditState::Withdrawn.code(), ctx.now())?;
    log(ctx, tx, &edit, Action::Withdraw);
    announce(tx, &edit);
    Ok(())
}

/// The patient says no.
pub fn decline(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<(), ConsentError> {
    let edit = theirs(ctx, house, tx, id)?;
    if EditState::of(edit.state) == Some(EditState::Declined) {
        return Ok(());
    }
    let edit = still_waiting(edit)?;
    store::set_state(tx, id, EditState::Declined.code(), ctx.now())?;
    log(ctx, tx, &edit, Action::Decline);
    let told = Notice::new(Kind::Edit, "A patient declined your change", edit.detail.reason.clone());
    let told = told.link(format!("/changes/{id}")).about(Id::new(edit.patient));
    notify::send(tx, house, Id::new(edit.account), &told)?;
    announce(tx, &edit);
    Ok(())
}

/// A draft, for its author and its patient; for everybody else it does not exist.
pub fn held(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64) -> Result<Draft, ConsentError> {
    crate::family::still(tx, house, ctx)?;
    let edit = store::find(tx, house, id)?.ok_or(ConsentError::NotFound)?;
    let mine = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        Actor::Patient { patient, .. } => patient.get() == edit.patient && reaches(ctx, &edit.detail.changes),
        Actor::Practitioner { account, .. } => account.get() == edit.account,
        _ => false,
    };
    if mine && ctx.pass.app.is_none() { Ok(edit.into()) } else { Err(ConsentError::NotFound) }
}

/// The drafts of a record, for its patient and, of their part, whoever looks after it; those by a practitioner, for them.
/// Newest first.
pub fn list(ctx: &Ctx, house: &House, tx: &mut Tx<'_>) -> Result<Vec<Draft>, ConsentError> {
    let whose = match &ctx.actor {
        Actor::Nobody => return Err(ConsentError::NotSignedIn),
        _ if ctx.pass.app.is_some() => return Err(ConsentError::NotFound),
        Actor::Patient { patient, .. } => Whose::Patient(patient.get()),
        Actor::Practitioner { account, .. } => Whose::Author(account.get()),
        _ => return Err(ConsentError::NotFound),
    };
    crate::family::still(tx, house, ctx)?;
    let found = store::edits(tx, house, whose)?.into_iter();
    Ok(found.filter(|edit| reaches(ctx, &edit.detail.changes)).map(Draft::from).collect())
}

fn content(edit: &Edit) -> Vec<u8> {
    codes::content([edit.patient, edit.account, edit.id, edit.version], &edit.detail.reason, &edit.detail.changes)
}

/// A code for exactly what the draft says now. The version is the one the patient has seen: a draft that changed under
/// their eyes is not approved.
pub fn code(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: i64, version: i64) -> Result<HandedCode, ConsentError> {
    let edit = still_waiting(theirs(ctx, house, tx, id)?)?;
    if edit.version != version {
        return Err(ConsentError::Conflict("The draft was changed meanwhile. Look at it again."));
    }
    // A code that nobody could use would only be a riddle.
    let author = (edit.account, edit.detail.author.id.as_str());
    if !crate::service::stands_for(house, tx, edit.patient, author, ctx.now())? {
        let text = "Whoever drafted this has no access to the record any more, and could not use a code. Decline it, or \
                    give them access again.";
        return Err(ConsentError::Conflict(text));
    }
    let (code, until) = (codes::draw(&*house.rng), codes::until(ctx.now()));
    handed::keep(ctx, tx, (Table::Edit, id), &codes::term(&house.vault, &content(&edit), &code), until)?;
    log(ctx, tx, &edit, Action::Approve);
    // Whoever shows another code for it shows one that is good no more.
    announce(tx, &edit);
    Ok(HandedCode { code, until: until.to_rfc3339() })
}

/// Redeems a draft, by its code or inside a visit's open session. The caller lands what the approval holds in the same
/// transaction, and then says so with [`settle`].
pub fn redeem(
    ctx: &Ctx,
    access: &Access,
    house: &House,
    tx: &mut Tx<'_>,
    id: i64,
    form: Option<&CodeForm>,
) -> Result<Held, ConsentError> {
    let (account, _) = practitioner(ctx)?;
    let edit = own(ctx, house, tx, id)?;
    match form {
        Some(form) => {
            let code = codes::read(&form.code)?;
            let term = codes::term(&house.vault, &content(&edit), &code);
            match handed::spend(house, tx, (Table::Edit, id), &term, (codes::TRIES, ctx.now()))? {
                Tried::Right => {}
                Tried::Wrong(left) => {
                    log(ctx, tx, &edit, Action::Refused);
                    if left == 0 {
                        announce(tx, &edit);
                    }
                    return Ok(Held::Wrong(left));
                }
                Tried::None => return Ok(Held::NoCode),
            }
        }
        // A session lets the doctor write, not remove; and what the patient was asked before it began still waits for them.
        None => {
            let writes = !edit.detail.changes.iter().any(Change::removes);
            let since = session::live(ctx, house, tx, edit.patient)?;
            if !writes || since.is_none_or(|since| edit.created < since.0) {
                return Ok(Held::NoCode);
            }
        }
    }
    let author = author(ctx, house, tx)?;
    let begun = edit.detail.organization.as_ref().map(|workplace| workplace.rid);
    let organization = access.writes_for(tx, edit.patient, begun)?.unwrap_or(0);
    let writer = Writer::Approved { account, patient: edit.patient, organization };
    let digest = codes::digest(&content(&edit));
    Ok(Held::Approved(Box::new(Approval { draft: edit.into(), writer, practitioner: author, digest })))
}

/// The approved changes have landed in this transaction.
pub fn settle(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, approval: &Approval) -> Result<(), ConsentError> {
    let draft = &approval.draft;
    store::set_state(tx, draft.id, EditState::Landed.code(), ctx.now())?;
    let title = format!("{} changed your record, as you allowed", draft.author.name);
    let told = Notice::new(Kind::Edit, title, draft.reason.clone()).link(format!("/changes/{}", draft.id));
    notify::to_patient(tx, house, Id::new(draft.patient), &told)?;
    let account = ctx.actor.account().map_or(0, |account| account.get());
    tx.announce(format!("account:{account} edits"));
    tx.announce(format!("patient:{} edits ledger", draft.patient));
    Ok(())
}

fn log(ctx: &Ctx, tx: &mut Tx<'_>, edit: &Edit, action: Action) {
    let ground = match ctx.actor {
        Actor::Patient { .. } => Ground::OwnRecord,
        _ => Ground::Grant,
    };
    let entry = Entry::new(ctx, Id::new(edit.patient), action).what("Edit", edit.detail.changes.len() as i64);
    let entry = entry.at(ctx.workplace(edit.detail.organization.as_ref().map(|workplace| workplace.rid)));
    ledger::append(tx, entry.ground(ground, ctx.purpose, None));
}

fn announce(tx: &mut Tx<'_>, edit: &Edit) {
    tx.announce(format!("account:{} edits", edit.account));
    tx.announce(format!("patient:{} edits ledger", edit.patient));
}

/// Whether the patient lets the author see the record: a draft lands only while a grant lives, and an emergency is none.
pub fn may_see(access: &Access, tx: &mut Tx<'_>, patient: i64) -> Result<bool, ConsentError> {
    Ok(access.consented(tx)?.iter().any(|reach| reach.patient == patient))
}
