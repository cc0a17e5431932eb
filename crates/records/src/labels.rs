//! Sensitivity labels set by hand: what a person says of an entry beside what its codes say.
//!
//! Always holds: a label that the patient set is removed by the patient only, whoever else changes the entry; the entry stays
//! its author's; the index follows in the same transaction. Labels from codes or from a sender stand as they are.

use crate::error::Error;
use crate::index::id_hash;
use crate::model::Owner;
use crate::place::{Ready, place};
use crate::prepare::{self, Stamp};
use crate::service::trace_one;
use crate::store;
use consent::{Access, Label, marks};
use db::Tx;
use fhir::{Kind, Node};
use kernel::{Actor, Ctx, Issue, Problem};
use ledger::{Action, Disclosure, House};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use utoipa::ToSchema;

/// The extension on a security label that says who set it by hand.
const SET_BY: &str = "https://healthsync.dev/fhir/label-set-by";
const SYSTEM: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const TRIES: usize = 4;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = LabelSource)]
pub enum Source {
    Patient,
    Practitioner,
    /// What the entry's codes say, or whoever sent it.
    Entry,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Labelled {
    pub label: Label,
    pub by: Source,
}

/// The labels that are to stand by hand on an entry, all of them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelsForm {
    pub labels: Vec<Label>,
}

fn security<'n, 'j>(node: &'n Node<'j>) -> &'n [Node<'j>] {
    node.get("meta").map_or(&[], |meta| meta.array_of("security"))
}

/// Who set this coding by hand, if somebody did.
fn setter(coding: &Node<'_>) -> Option<Source> {
    let found = coding.array_of("extension").iter().find(|each| each.str_of("url") == Some(SET_BY))?;
    match found.str_of("valueCode") {
        Some("patient") => Some(Source::Patient),
        Some("practitioner") => Some(Source::Practitioner),
        _ => None,
    }
}

fn by_hand(node: &Node<'_>) -> Vec<Labelled> {
    let one = |coding: &Node<'_>| {
        let label = Label::of_code(coding.str_of("code")?)?;
        Some(Labelled { label, by: setter(coding)? })
    };
    security(node).iter().filter_map(one).collect()
}

/// Every label of an entry, each with where it comes from.
fn all(kind: Kind, node: &Node<'_>) -> Vec<Labelled> {
    let mut out = by_hand(node);
    let mut bare = node.clone();
    put(&mut bare, &[]);
    let said = marks::marks(kind, &bare);
    out.extend(
        Label::ALL
            .into_iter()
            .filter(|label| said & label.bit() != 0)
            .map(|label| Labelled { label, by: Source::Entry }),
    );
    out
}

/// Replaces the labels set by hand; those of a sender stay.
fn put(node: &mut Node<'_>, labels: &[Labelled]) {
    let mut codings: Vec<Node<'_>> = security(node).iter().filter(|each| setter(each).is_none()).cloned().collect();
    let text = |text: &'static str| Node::String(Cow::Borrowed(text));
    for Labelled { label, by } in labels {
        let who = if *by == Source::Patient { "patient" } else { "practitioner" };
        let extension = Node::object([("url", text(SET_BY)), ("valueCode", text(who))]);
        codings.push(Node::object([
            ("extension", Node::Array(vec![extension])),
            ("system", text(SYSTEM)),
            ("code", text(label.code())),
        ]));
    }
    secure(node, codings);
}

/// Puts these codings in place of the security labels.
fn secure<'j>(node: &mut Node<'j>, codings: Vec<Node<'j>>) {
    let mut meta = match node.remove("meta") {
        Some(Node::Object(members)) => Node::Object(members),
        _ => Node::Object(Vec::new()),
    };
    meta.remove("security");
    if !codings.is_empty() {
        meta.set("security", Node::Array(codings));
    }
    if !meta.members().is_empty() {
        node.set("meta", meta);
    }
}

/// Whoever changes an entry leaves the labels that people set on it as they are. Answers whether nothing changes at all.
pub(crate) fn carried_same(old: &[u8], new: &mut Node<'_>) -> bool {
    if let Ok(before) = fhir::json::parse(old) {
        let kept = by_hand(&before);
        if !kept.is_empty() || !by_hand(new).is_empty() {
            put(new, &kept);
        }
    }
    prepare::same_content(old, new)
}

/// What a draft leaves of an entry's labels: all that stand, since only the labels' own address takes one away, and what
/// the draft adds. Nobody says in a draft that a person set one by hand.
pub(crate) fn drafted(stood: Option<&Node<'static>>, node: &mut Node<'_>) -> Result<(), Issue> {
    let same =
        |a: &Node<'_>, b: &Node<'_>| ["system", "code"].iter().all(|element| a.str_of(element) == b.str_of(element));
    let mut codings: Vec<Node<'_>> = stood.map(|stood| security(stood).to_vec()).unwrap_or_default();
    for coding in security(node) {
        if codings.iter().any(|stands| same(stands, coding)) {
            continue;
        }
        if coding.array_of("extension").iter().any(|each| each.str_of("url") == Some(SET_BY)) {
            let text = "Labels that a person sets by hand are set at the labels of the entry, not in a draft.";
            return Err(Issue::new("business-rule", "resource.meta.security", text));
        }
        codings.push(coding.clone());
    }
    if codings.as_slice() != security(node) {
        secure(node, codings);
    }
    Ok(())
}

/// The labels of an entry that the caller sees.
pub async fn read(house: &House, ctx: &Ctx, kind: Kind, id: &str) -> Result<Disclosure<Vec<Labelled>>, Problem> {
    let found = crate::service::read(house, ctx, kind, id).await?;
    Ok(found.map(|stored| fhir::json::parse(&stored.json).map_or_else(|_| Vec::new(), |node| all(kind, &node))))
}

/// Sets the labels of an entry by hand: the patient all of them, a practitioner in a visit those that are not the patient's.
pub async fn set(
    house: &House,
    ctx: &Ctx,
    kind: Kind,
    id: &str,
    form: &LabelsForm,
) -> Result<Disclosure<Vec<Labelled>>, Problem> {
    let access = Access::open(ctx)?;
    if access.by_app() {
        return Err(Problem::forbidden("People set labels themselves, not through an app."));
    }
    let by = match ctx.actor {
        Actor::Patient { .. } => Source::Patient,
        Actor::Practitioner { .. } => Source::Practitioner,
        _ => return Err(Problem::forbidden("The patient sets labels, or a doctor in a visit.")),
    };
    for _ in 0..TRIES {
        let (h, c, a, id, form) = (house.clone(), ctx.clone(), access.clone(), id.to_owned(), form.clone());
        let written = house.db.write(move |tx| change(tx, &h, &c, &a, (kind, &id), by, &form)).await;
        match written {
            Err(Error::Raced) => {}
            other => return other.map_err(Problem::from),
        }
    }
    Err(Error::Raced.into())
}

fn change(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    (kind, id): (Kind, &str),
    by: Source,
    form: &LabelsForm,
) -> Result<Disclosure<Vec<Labelled>>, Error> {
    let idh = id_hash(house.vault.terms(), kind, id);
    let (head, sealed) = store::find(tx, access, kind, idh)?.ok_or_else(Problem::not_found)?;
    if head.deleted || head.patient == vault::DIRECTORY {
        return Err(Problem::not_found().into());
    }
    if kind == Kind::Patient {
        return Err(Problem::forbidden("Who you are is part of every access that you give.").into());
    }
    let writer = access.labeller(ctx, house, tx, head.row())?;
    let old = store::open(tx, house, &head, &sealed)?;
    let Ok(mut node) = fhir::json::parse(&old.json) else { return Err(Problem::internal().into()) };
    let labels = wanted(&by_hand(&node), by, &form.labels)?;
    if labels == by_hand(&node) {
        let marked = [old.marked()];
        let seen = (head.patient, &marked[..]);
        let entry = trace_one(tx, ctx, access, Action::Read, (kind.name(), 1), seen)?;
        return Ok(Disclosure::new(all(kind, &node), vec![entry]));
    }
    put(&mut node, &labels);
    let now = all(kind, &node);
    let stamp = Stamp { id, version: head.version + 1, updated: ctx.now(), tag: None };
    let key = house.vault.key(tx, head.patient)?;
    let replaces = Some((head.rid, head.version));
    let owner = Owner::Patient(head.patient);
    let (prepared, json) = prepare::prepare(house, &key, kind, node, owner, replaces, &stamp)?;
    let organization = writer.organization();
    let epoch = consent::epoch(tx)?;
    let ready = Ready::Write { prepared: Box::new(prepared), json, key: None, organization, writer, epoch };
    place(tx, house, ctx, access, ready)?;
    // The entry of the change tells of it.
    Ok(Disclosure::new(now, Vec::new()))
}

/// What stands by hand afterwards.
fn wanted(before: &[Labelled], by: Source, labels: &[Label]) -> Result<Vec<Labelled>, Problem> {
    let own: Vec<Label> = before.iter().filter(|each| each.by == Source::Patient).map(|each| each.label).collect();
    if by == Source::Practitioner && own.iter().any(|label| !labels.contains(label)) {
        let text = "The patient set a label that is missing here: only they remove it.";
        return Err(Problem::unprocessable(vec![Issue::new("value", "labels", text)]));
    }
    let of = |label: Label| {
        let kept = before.iter().find(|each| each.label == label).map(|each| each.by);
        Labelled { label, by: if by == Source::Patient { Source::Patient } else { kept.unwrap_or(by) } }
    };
    Ok(Label::ALL.into_iter().filter(|label| labels.contains(label)).map(of).collect())
}
