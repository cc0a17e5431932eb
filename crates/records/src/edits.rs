//! Sealed edits, where they meet the record: a draft is checked like any write, and lands as the patient approved it.

mod ahead;
mod land;
mod model;
pub mod signature;
mod speaker;

pub use land::land;
pub(crate) use land::{no_code, wrong_code};
pub use model::{ChangeForm, EditForm, Line, RedraftForm, Shown, ShownChange};

use crate::change;
use crate::error::Error;
use crate::index::id_hash;
use crate::model::Owner;
use crate::{prepare, resolve, service, store};
use consent::edit::once::{self, Once};
use consent::edit::{self, Act, Change, Draft, EditState, HandedCode};
use consent::{Access, ConsentError, EDITED_KINDS, Marked, Party, marks};
use db::Tx;
use fhir::Kind;
use kernel::{Actor, Ctx, Id, Issue, Problem, Timestamp, id, rng};
use ledger::{Action, Disclosure, House};
use model::RawJson;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// A visit's worth; more is a slip of a program.
const MOST_CHANGES: usize = 50;

/// Drafts are clinical entries of one patient whom the author can see.
fn check(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: i64,
    forms: &[ChangeForm],
    by: (&Party, Timestamp),
) -> Result<Vec<Change>, Error> {
    if forms.len() > MOST_CHANGES {
        return Err(wrong("changes", "A draft has 1 to 50 changes."));
    }
    let mut changes: Vec<Change> = Vec::with_capacity(forms.len());
    for (i, form) in forms.iter().enumerate() {
        let checked = match form.act {
            Act::Remove => removal(tx, house, access, patient, form),
            act => written(tx, house, access, patient, (act, form), by),
        };
        match checked {
            Ok(change) if changes.iter().any(|other| (&other.kind, &other.id) == (&change.kind, &change.id)) => {
                return Err(wrong(&format!("changes[{i}]"), "This entry is changed twice in one draft."));
            }
            Ok(change) => changes.push(change),
            Err(Error::Problem(problem)) => return Err(inside(i, problem).into()),
            Err(other) => return Err(other),
        }
    }
    Ok(changes)
}

/// Says which of the changes an issue is about.
fn inside(i: usize, problem: Problem) -> Problem {
    let issues =
        problem.issues.iter().map(|issue| Issue { path: format!("changes[{i}].{}", issue.path), ..issue.clone() });
    let issues = issues.collect();
    problem.with_issues(issues)
}

fn wrong(path: &str, text: impl Into<String>) -> Error {
    Problem::unprocessable(vec![Issue::new("value", path, text.into())]).into()
}

fn clinical(kind: Kind) -> Result<(), Error> {
    if EDITED_KINDS.contains(&kind.name()) && kind != Kind::Provenance {
        return Ok(());
    }
    Err(wrong("resource.resourceType", format!("A draft changes clinical entries; {} is none.", kind.name())))
}

fn written(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: i64,
    (act, form): (Act, &ChangeForm),
    (author, now): (&Party, Timestamp),
) -> Result<Change, Error> {
    let Some(raw) = &form.resource else { return Err(wrong("resource", "Send the resource as it shall stand.")) };
    let (kind, mut node) = prepare::parse(raw.get().as_bytes())?;
    clinical(kind)?;
    resolve::check_references(tx, house, access, &mut node, &|_| false)?;
    if change::owner(tx, house, access, kind, &node)? != Owner::Patient(patient) {
        return Err(wrong("resource", "The resource must be about the patient of this draft."));
    }
    let (id, version, before) = match (act, node.str_of("id").map(str::to_owned)) {
        (Act::Add, None) => (rng::uuid(&*house.rng), 0, String::new()),
        (Act::Add, Some(_)) => return Err(wrong("resource.id", "What is added gets its id here: leave it out.")),
        (_, None) => return Err(wrong("resource.id", "Say by its id what is corrected.")),
        (_, Some(id)) => {
            let (head, stored) = current(tx, house, access, patient, kind, &id)?;
            (id, head.version, text(stored.json)?)
        }
    };
    let stood = fhir::json::parse(before.as_bytes()).ok().map(fhir::Node::into_owned);
    crate::labels::drafted(stood.as_ref(), &mut node).map_err(|fault| Problem::unprocessable(vec![fault]))?;
    if act == Act::Correct && prepare::same_content(before.as_bytes(), &node) {
        return Err(wrong("resource", "This changes nothing."));
    }
    // What the author could not see once it stands, they cannot point at: it would never land.
    let marked = Marked {
        marks: marks::marks(kind, &node),
        time: fhir::search::primary_date(kind, &node).map_or(consent::UNDATED, |(lo, _)| lo),
    };
    let reach = access.consented(tx)?;
    if !reach.iter().any(|reach| reach.patient == patient && reach.terms.cover(marked)) {
        let text =
            "Your access does not cover this entry, by its kind, date or sensitive area. Ask the patient for more.";
        return Err(wrong("resource", text));
    }
    if crate::own::says_own(&node) && !stood.as_ref().is_some_and(crate::own::says_own) {
        let text = "This tag says that the patient entered it themselves, and they did not: leave it out.";
        return Err(wrong("resource.meta.tag", text));
    }
    let mut faults = speaker::hidden(kind, &node, stood.as_ref());
    faults.extend(ahead::fault(kind, &node, stood.as_ref(), now));
    faults.extend(speaker::sign(kind, act, &mut node, stood.as_ref(), author));
    if !faults.is_empty() {
        return Err(Problem::unprocessable(faults).into());
    }
    let resource = text(node.to_bytes())?;
    Ok(Change { act, kind: kind.name().to_owned(), id, version, resource, before })
}

fn removal(tx: &mut Tx<'_>, house: &House, access: &Access, patient: i64, form: &ChangeForm) -> Result<Change, Error> {
    let named = form.reference.as_deref().and_then(|text| text.split_once('/'));
    let named = named.and_then(|(kind, id)| Some((Kind::parse(kind)?, id)));
    let Some((kind, id)) = named else {
        return Err(wrong("reference", "Name what to remove as type and id, such as Condition/abc."));
    };
    clinical(kind)?;
    let (head, stored) = current(tx, house, access, patient, kind, id)?;
    let (kind, id, before) = (kind.name().to_owned(), id.to_owned(), text(stored.json)?);
    Ok(Change { act: Act::Remove, kind, id, version: head.version, resource: String::new(), before })
}

fn text(bytes: Vec<u8>) -> Result<String, Error> {
    String::from_utf8(bytes).map_err(|_| db::DbError::Failed("a body is not UTF-8".into()).into())
}

/// An entry of this record as it stands, if the author can see it.
fn current(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: i64,
    kind: Kind,
    id: &str,
) -> Result<(store::Head, crate::model::Stored), Error> {
    let idh = id_hash(house.vault.terms(), kind, id);
    let found = store::find(tx, access, kind, idh)?.filter(|(head, _)| !head.deleted && head.patient == patient);
    let Some((head, sealed)) = found else {
        return Err(wrong("resource.id", format!("There is no {} with this id in the record.", kind.name())));
    };
    let stored = store::open(tx, house, &head, &sealed)?;
    Ok((head, stored))
}

fn consents(error: ConsentError) -> Error {
    Error::Problem(error.into())
}

/// The record of a draft, while a grant of its patient to the author lives.
fn reachable(tx: &mut Tx<'_>, house: &House, access: &Access, patient: &str) -> Result<Id<id::Patient>, Error> {
    let found = resolve::patient(tx, house, access, patient)?;
    match edit::may_see(access, tx, found.get()).map_err(consents)? {
        true => Ok(found),
        false => Err(Problem::not_found().into()),
    }
}

/// Drafts a change for the patient to approve, and says whether it is new: sent again under the same key it is the draft that
/// was made.
pub async fn draft(
    house: &House,
    ctx: &Ctx,
    form: EditForm,
    key: Option<String>,
) -> Result<Disclosure<(Shown, bool)>, Problem> {
    let access = Access::open(ctx)?;
    let once = match key {
        Some(key) => {
            let sent = serde_json::to_vec(&form).map_err(|_| Problem::internal())?;
            Some(Once::of(ctx, house, &key, &sent)?)
        }
        None => None,
    };
    let (h, c) = (house.clone(), ctx.clone());
    let made = house.db.write(move |tx| {
        if let Some(once) = &once
            && let Some(draft) = once::made(tx, &h, once).map_err(consents)?
        {
            return Ok((disclose(tx, &h, &c, &access, vec![draft])?, false));
        }
        let patient = reachable(tx, &h, &access, &form.patient)?;
        let author = edit::author(&c, &h, tx).map_err(consents)?;
        let changes = check(tx, &h, &access, patient.get(), &form.changes, (&author, c.now()))?;
        let draft = edit::draft(&c, &access, &h, tx, patient, &form.reason, changes).map_err(consents)?;
        if let Some(once) = &once {
            once::keep(tx, &draft, once).map_err(consents)?;
        }
        Ok::<_, Error>((disclose(tx, &h, &c, &access, vec![draft])?, true))
    });
    let (shown, new) = made.await.map_err(Problem::from)?;
    Ok(one(shown)?.map(|shown| (shown, new)))
}

/// Replaces what an own draft says.
pub async fn redraft(house: &House, ctx: &Ctx, id: i64, form: RedraftForm) -> Result<Disclosure<Shown>, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let made = house.db.write(move |tx| {
        let held = edit::held(&c, &h, tx, id).map_err(consents)?;
        let patient = reachable(tx, &h, &access, &held.whose.id)?;
        let author = edit::author(&c, &h, tx).map_err(consents)?;
        let changes = check(tx, &h, &access, patient.get(), &form.changes, (&author, c.now()))?;
        let draft = edit::redraft(&c, &h, tx, id, &form.reason, changes).map_err(consents)?;
        disclose(tx, &h, &c, &access, vec![draft])
    });
    one(made.await.map_err(Problem::from)?)
}

/// One draft, for its author and its patient.
pub async fn read(house: &House, ctx: &Ctx, id: i64) -> Result<Disclosure<Shown>, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let found = house.db.scan(move |tx| {
        let draft = edit::held(&c, &h, tx, id).map_err(consents)?;
        disclose(tx, &h, &c, &access, vec![draft])
    });
    one(found.await.map_err(|error: Error| Problem::from(error))?)
}

/// The drafts of the patient who asks, or by the practitioner who asks, newest first.
pub async fn list(house: &House, ctx: &Ctx) -> Result<Disclosure<Vec<Shown>>, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let found = house.db.scan(move |tx| {
        let drafts = edit::list(&c, &h, tx).map_err(consents)?;
        disclose(tx, &h, &c, &access, drafts)
    });
    found.await.map_err(|error: Error| error.into())
}

fn one(found: Disclosure<Vec<Shown>>) -> Result<Disclosure<Shown>, Problem> {
    found.try_map(|mut all| all.pop().ok_or_else(Problem::not_found))
}

/// A draft holds what stands in the record: showing it is a reading, and its author sees it only while they can see the
/// entries that it is about.
fn disclose(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    drafts: Vec<Draft>,
) -> Result<Disclosure<Vec<Shown>>, Error> {
    let mut counts: BTreeMap<i64, i64> = BTreeMap::new();
    let mut shown = Vec::with_capacity(drafts.len());
    for draft in drafts {
        if shows(tx, house, ctx, access, &draft)? {
            *counts.entry(draft.patient).or_default() += 1;
            shown.push(show(draft)?);
        }
    }
    let mut entries = Vec::with_capacity(counts.len());
    for (patient, count) in counts {
        entries.push(service::trace_one(tx, ctx, access, Action::Read, ("Edit", count), (patient, &[]))?);
    }
    Ok(Disclosure::new(shown, entries))
}

/// The patient sees every draft, and so does whoever looks after all of the record; others while they see what it is about.
fn shows(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, access: &Access, draft: &Draft) -> Result<bool, Error> {
    if access.own_patient().is_some() {
        return Ok(ctx.behalf().is_none_or(|behalf| behalf.whole) || covers(tx, house, access, draft)?);
    }
    Ok(edit::may_see(access, tx, draft.patient).map_err(consents)? && covers(tx, house, access, draft)?)
}

/// Whether the entries that it is about can be seen as they stand now: they may have been marked since.
fn covers(tx: &mut Tx<'_>, house: &House, access: &Access, draft: &Draft) -> Result<bool, Error> {
    for change in &draft.changes {
        // What is only proposed stands nowhere yet, and is the author's own.
        if change.act == Act::Add && draft.state != EditState::Landed {
            continue;
        }
        let Some(kind) = Kind::parse(&change.kind) else { return Ok(false) };
        if store::find(tx, access, kind, id_hash(house.vault.terms(), kind, &change.id))?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn show(draft: Draft) -> Result<Shown, Error> {
    let changes = draft.changes.iter().map(show_change).collect::<Result<_, _>>()?;
    Ok(Shown {
        id: draft.id,
        patient: draft.whose,
        author: draft.author,
        organization: draft.organization,
        reason: draft.reason,
        created: draft.created.to_rfc3339(),
        version: draft.version,
        state: draft.state,
        code_until: draft.code_until.map(Timestamp::to_rfc3339),
        changes,
    })
}

fn show_change(change: &Change) -> Result<ShownChange, Error> {
    let broken = || db::DbError::Failed("a draft holds what is no JSON".into());
    let parse = |text: &'_ str| -> Result<fhir::Node<'static>, Error> {
        match text.is_empty() {
            true => Ok(fhir::Node::Object(Vec::new())),
            false => Ok(fhir::json::parse(text.as_bytes()).map_err(|_| broken())?.into_owned()),
        }
    };
    let (before, after) = (parse(&change.before)?, parse(&change.resource)?);
    let lines = crate::view::difference::lines(&before, &after);
    let titled = if change.resource.is_empty() { &before } else { &after };
    let title = crate::view::difference::title(titled).unwrap_or_else(|| change.kind.clone());
    let resource = match change.resource.is_empty() {
        true => None,
        false => {
            let raw = RawValue::from_string(change.resource.clone()).map_err(|_| broken())?;
            Some(Box::new(RawJson(raw)))
        }
    };
    let (r#type, id) = (change.kind.clone(), change.id.clone());
    Ok(ShownChange { act: change.act, r#type, id, title, lines, resource })
}

/// A draft that the caller answers is one that they see.
fn seen(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, access: &Access, id: i64) -> Result<(), Error> {
    if !matches!(ctx.actor, Actor::Patient { .. }) {
        return Ok(());
    }
    let draft = edit::held(ctx, house, tx, id).map_err(consents)?;
    if shows(tx, house, ctx, access, &draft)? { Ok(()) } else { Err(Problem::not_found().into()) }
}

/// A code for exactly what a draft says.
pub async fn code(house: &House, ctx: &Ctx, id: i64, version: i64) -> Result<HandedCode, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let made = house.db.write(move |tx| {
        seen(tx, &h, &c, &access, id)?;
        edit::code(&c, &h, tx, id, version).map_err(consents)
    });
    made.await.map_err(Problem::from)
}

/// The patient says no.
pub async fn decline(house: &House, ctx: &Ctx, id: i64) -> Result<(), Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let declined = house.db.write(move |tx| {
        seen(tx, &h, &c, &access, id)?;
        edit::decline(&c, &h, tx, id).map_err(consents)
    });
    declined.await.map_err(Problem::from)
}

/// Asks for a visit's session with a patient whom the caller can see.
pub async fn request_visit(house: &House, ctx: &Ctx, patient: String) -> Result<edit::VisitSession, Problem> {
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    let asked = house.db.write(move |tx| {
        let patient = reachable(tx, &h, &access, &patient)?;
        edit::visit_request(&c, &access, &h, tx, patient).map_err(consents)
    });
    asked.await.map_err(Problem::from)
}
