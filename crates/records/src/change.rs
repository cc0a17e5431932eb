//! Changing single resources. Line 1 of each authorises; a change and its entry in the ledger are one transaction.

use crate::error::Error;
use crate::index::id_hash;
use crate::model::{Owner, Prepared, Stored};
use crate::place::{Ready, Written, commit, log_change, place};
use crate::prepare::{self, Stamp};
use crate::{own, resolve, store};
use consent::access::is_directory;
use consent::{Access, Marked, Writer};
use db::Tx;
use fhir::{Kind, Node, reference};
use kernel::app::Operation;
use kernel::{Ctx, Issue, Problem, rng};
use ledger::{Action, House};
use vault::FreshKey;

/// Marks what a patient entered themselves.
pub const PATIENT_TAG: (&str, &str) = ("https://healthsync.dev/fhir/tags", "patient-entered");

/// How often a write is prepared again when somebody else was faster.
const TRIES: usize = 4;

/// An app writes only what its scopes speak of: a condition on what it may change holds for what it makes of it too.
pub(crate) fn within_app(access: &Access, prepared: &Prepared) -> Result<(), Problem> {
    let patient = match prepared.owner {
        Owner::None => vault::DIRECTORY,
        Owner::Patient(rid) => rid,
        Owner::Entry(_) => -1, // Not there yet, and so nobody's that the app was opened for.
    };
    access.within_delegation(Marked { marks: prepared.marks, time: prepared.time })?;
    if access.app_covers(prepared.kind, patient, &prepared.rows.tok) {
        return Ok(());
    }
    let text = format!("The app was not allowed to write this {}.", prepared.kind.name());
    Err(Problem::new(403, "insufficient-scope", text))
}

/// The patient a resource is about: by R4's patient compartment, and for the types it leaves out although they name
/// their patient (Device, for one), by their `patient` or `subject`.
pub(crate) fn patient_ref<'n>(kind: Kind, node: &'n Node<'_>) -> Option<&'n str> {
    let named = || {
        let references = ["patient", "subject"].into_iter().filter_map(|name| node.get(name)?.str_of("reference"));
        references.into_iter().find(|text| text.starts_with("Patient/") || text.starts_with("urn:uuid:"))
    };
    fhir::search::patient_refs(kind, node).first().copied().or_else(named)
}

/// Who owns a new or changed resource, by the patients it names.
pub(crate) fn owner(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    kind: Kind,
    node: &Node<'_>,
) -> Result<Owner, Error> {
    if is_directory(kind) {
        return Ok(Owner::None);
    }
    let Some(first) = patient_ref(kind, node) else { return Ok(Owner::None) };
    let Some(reference::Target::Literal { kind: Kind::Patient, id, absolute: false }) = reference::target(first) else {
        return Ok(Owner::None);
    };
    let rid = store::target(tx, access, Kind::Patient, id_hash(house.vault.terms(), Kind::Patient, id))?;
    match rid {
        Some(rid) => Ok(Owner::Patient(rid)),
        None => Err(Problem::unprocessable(vec![Issue::new(
            "not-found",
            kind.name(),
            format!("The reference {first} leads to no patient that you can see."),
        )])
        .into()),
    }
}

/// Makes a resource with an id of the server's choice, or with the caller's where `id` is given.
pub async fn create(house: &House, ctx: &Ctx, kind: Kind, bytes: Vec<u8>) -> Result<Written, Problem> {
    let access = Access::open(ctx)?.to(Operation::Create, kind)?;
    access.writer(ctx)?;
    let bytes = std::sync::Arc::new(bytes);
    for _ in 0..TRIES {
        let (h, c, access, bytes) = (house.clone(), ctx.clone(), access.clone(), bytes.clone());
        let prepared = house
            .db
            .read(move |tx| {
                let (found, node) = prepare::parse(&bytes)?;
                expect_kind(kind, found)?;
                let id = rng::uuid(&*h.rng);
                prepare_new(tx, &h, &c, &access, kind, node, &id)
            })
            .await
            .map_err(|e: Error| Problem::from(e))?;
        match commit(house, ctx, prepared).await {
            Err(Error::Raced) => {}
            other => return other.map_err(Problem::from),
        }
    }
    Err(Error::Raced.into())
}

/// Changes a resource, or makes it under this id. `if_match` is the version the caller has seen.
pub async fn update(
    house: &House,
    ctx: &Ctx,
    kind: Kind,
    id: &str,
    if_match: Option<i64>,
    bytes: Vec<u8>,
) -> Result<Written, Problem> {
    let access = Access::open(ctx)?.to(Operation::Update, kind)?;
    access.writer(ctx)?;
    let bytes = std::sync::Arc::new(bytes);
    for _ in 0..TRIES {
        let (h, c, a, id, bytes) = (house.clone(), ctx.clone(), access.clone(), id.to_owned(), bytes.clone());
        let prepared = house
            .db
            .read(move |tx| {
                let (found, node) = prepare::parse(&bytes)?;
                expect_kind(kind, found)?;
                prepare_update(tx, &h, &c, &a, kind, &id, if_match, node)
            })
            .await
            .map_err(|e: Error| Problem::from(e))?;
        match commit(house, ctx, prepared).await {
            Err(Error::Raced) => {}
            other => return other.map_err(Problem::from),
        }
    }
    Err(Error::Raced.into())
}

/// Deletes a resource; its history stays. Deleting what is deleted is no error.
pub async fn delete(house: &House, ctx: &Ctx, kind: Kind, id: &str) -> Result<(), Problem> {
    let access = Access::open(ctx)?.to(Operation::Delete, kind)?;
    let writer = access.writer(ctx)?;
    let (h, c, id) = (house.clone(), ctx.clone(), id.to_owned());
    house
        .db
        .write(move |tx| {
            consent::still(tx, &h, &c)?;
            let idh = id_hash(h.vault.terms(), kind, &id);
            let (head, _) = store::find(tx, &access, kind, idh)?.ok_or_else(Problem::not_found)?;
            if head.deleted {
                return Ok(());
            }
            writer.may_change(kind, head.row())?;
            if kind == Kind::Patient {
                return Err(Problem::forbidden("A record is not deleted but erased, by the patient.").into());
            }
            store::delete(tx, writer, &head, c.now())?;
            log_change(tx, &h, &c, &access, Action::Delete, kind.name(), &[store::gone(&head)])
        })
        .await
        .map_err(|e: Error| Problem::from(e))
}

fn expect_kind(expected: Kind, found: Kind) -> Result<(), Problem> {
    if expected == found {
        return Ok(());
    }
    let a = |kind: Kind| {
        let article = if kind.name().starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" };
        format!("{article} {}", kind.name())
    };
    let text = format!("This address takes {}; the body is {}.", a(expected), a(found));
    Err(Problem::bad_request(text.clone()).with_issues(vec![Issue::new(
        "invalid",
        format!("{}.resourceType", found.name()),
        text,
    )]))
}

fn prepare_new(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    kind: Kind,
    node: Node<'_>,
    id: &str,
) -> Result<Ready, Error> {
    let writer = access.writer(ctx)?;
    prepare_new_by(tx, house, ctx, access, writer, kind, node, id)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one request")]
pub(crate) fn prepare_new_by(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    writer: Writer,
    kind: Kind,
    mut node: Node<'_>,
    id: &str,
) -> Result<Ready, Error> {
    resolve::check_references(tx, house, access, &mut node, &|_| false)?;
    let owner = if kind == Kind::Patient { Owner::Entry(0) } else { owner(tx, house, access, kind, &node)? };
    let record = if let Owner::Patient(rid) = owner { rid } else { 0 };
    writer.may_create(kind, record)?;
    own::speaks_for_itself(writer, kind, &mut node, None)?;
    let stamp = Stamp { id, version: 1, updated: ctx.now(), tag: tag_of(writer) };
    let ((prepared, json), key) = if owner == Owner::Entry(0) {
        let fresh = FreshKey::generate(&*house.rng);
        (prepare::prepare(house, &fresh.data_key()?, kind, node, owner, None, &stamp)?, Some(fresh))
    } else {
        let key = house.vault.key(tx, record)?;
        (prepare::prepare(house, &key, kind, node, owner, None, &stamp)?, None)
    };
    within_app(access, &prepared)?;
    let (epoch, organization) = (consent::epoch(tx)?, writer.organization());
    Ok(Ready::Write { prepared: Box::new(prepared), json, key, organization, writer, epoch })
}

pub(crate) const fn tag_of(writer: Writer) -> Option<(&'static str, &'static str)> {
    match writer {
        Writer::Patient { .. } => Some(PATIENT_TAG),
        _ => None,
    }
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one HTTP request")]
fn prepare_update(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    kind: Kind,
    id: &str,
    if_match: Option<i64>,
    node: Node<'_>,
) -> Result<Ready, Error> {
    let writer = access.writer(ctx)?;
    prepare_update_by(tx, house, ctx, access, writer, kind, id, if_match, node)
}

#[expect(clippy::too_many_arguments, reason = "each is a part of one request")]
pub(crate) fn prepare_update_by(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    writer: Writer,
    kind: Kind,
    id: &str,
    if_match: Option<i64>,
    mut node: Node<'_>,
) -> Result<Ready, Error> {
    if node.str_of("id") != Some(id) {
        let text = "The id in the body must be the id in the address.";
        let issue = Issue::new("value", format!("{}.id", kind.name()), text);
        return Err(Problem::bad_request(text).with_issues(vec![issue]).into());
    }
    let idh = id_hash(house.vault.terms(), kind, id);
    let found = store::find(tx, access, kind, idh)?;
    let Some((head, sealed)) = found else { return create_with_id(tx, house, ctx, access, kind, id, if_match, node) };
    if if_match.is_some_and(|version| version != head.version) {
        return Err(Problem::precondition("This was changed since you read it: read it again.").into());
    }
    writer.may_change(kind, head.row())?;
    let old = store::open(tx, house, &head, &sealed)?;
    if kind == Kind::Patient && !old.json.is_empty() {
        stays_itself(ctx, writer, &old.json, &node)?;
    }
    resolve::check_references(tx, house, access, &mut node, &|_| false)?;
    let owner = if kind == Kind::Patient { Owner::Patient(head.rid) } else { owner(tx, house, access, kind, &node)? };
    let record = if let Owner::Patient(rid) = owner { rid } else { 0 };
    if record != head.patient {
        return Err(Problem::unprocessable(vec![Issue::new(
            "value",
            kind.name(),
            "An entry cannot be moved to another record.",
        )])
        .into());
    }
    if crate::labels::carried_same(&old.json, &mut node) && !head.deleted {
        return Ok(Ready::Unchanged(old));
    }
    own::speaks_for_itself(writer, kind, &mut node, Some(&old.json))?;
    let stamp = Stamp { id, version: head.version + 1, updated: ctx.now(), tag: tag_of(writer) };
    let key = house.vault.key(tx, record)?;
    let replaces = Some((head.rid, head.version));
    let (prepared, json) = prepare::prepare(house, &key, kind, node, owner, replaces, &stamp)?;
    within_app(access, &prepared)?;
    let (epoch, organization) = (consent::epoch(tx)?, writer.organization());
    Ok(Ready::Write { prepared: Box::new(prepared), json, key: None, organization, writer, epoch })
}

/// Somewhere it is tomorrow already: the calendar is at most 14 hours ahead of UTC.
const DAY_AHEAD_MS: i64 = 14 * 3_600_000;

/// What patients, and whoever looks after them, leave as it is when they change the Patient itself.
///
/// Clinics and operators find a record by its identifiers: somebody who wrote another person's number into their own would
/// get what is meant for that person. And a guardian whose slip makes the child grown up would lock everybody out.
fn stays_itself(ctx: &Ctx, writer: Writer, old: &[u8], node: &Node<'_>) -> Result<(), Problem> {
    if !matches!(writer, Writer::Patient { .. }) {
        return Ok(());
    }
    let refuse = |path: &str, text: &str| {
        Err(Problem::unprocessable(vec![Issue::new("business-rule", format!("Patient.{path}"), text)]))
    };
    let before = fhir::json::parse(old).map_err(|_| Problem::internal())?;
    if before.get("identifier") != node.get("identifier") {
        return refuse(
            "identifier",
            "The numbers under which clinics know you are kept by them: leave this part as it is.",
        );
    }
    let born = node.str_of("birthDate");
    let guardian = ctx.pass.behalf.as_ref().is_some_and(|behalf| behalf.guardian);
    if guardian && before.str_of("birthDate") != born {
        let ahead = |(begins, _)| begins > ctx.now().0.saturating_add(DAY_AHEAD_MS);
        match born.map(fhir::date::span) {
            None => {
                return refuse("birthDate", "Without a date of birth nobody could say until when you are a guardian.");
            }
            Some(Some(span)) if ahead(span) => return refuse("birthDate", "This day lies in the future."),
            Some(_) => {}
        }
    }
    let child = || born.and_then(consent::family::of_age_at).is_some_and(|of_age| of_age > ctx.now());
    if guardian && before.str_of("birthDate") != born && !child() {
        return refuse(
            "birthDate",
            "By this date the child would be of age, and nobody could open the record as a guardian. If it is right, ask the clinic.",
        );
    }
    Ok(())
}

/// PUT to an id that the caller cannot see: if it exists in another record the answer must not tell, so the caller
/// gets a conflict of ids in both cases that the database refuses.
#[expect(clippy::too_many_arguments, reason = "each is a part of one HTTP request")]
fn create_with_id(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    kind: Kind,
    id: &str,
    if_match: Option<i64>,
    node: Node<'_>,
) -> Result<Ready, Error> {
    if if_match.is_some() {
        return Err(Problem::precondition("There is no such version here.").into());
    }
    if !matches!(access.writer(ctx)?, Writer::Operator | Writer::Service { .. }) {
        return Err(Problem::not_found().into());
    }
    prepare_new(tx, house, ctx, &access.to(Operation::Create, kind)?, kind, node, id)
}

/// Makes a resource in the caller's transaction, with its entry in the ledger: for what must come into being together
/// with it, such as the account of a new patient.
pub fn create_in(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, kind: Kind, bytes: &[u8]) -> Result<Stored, Problem> {
    let access = Access::open(ctx)?.to(Operation::Create, kind)?;
    access.writer(ctx)?;
    let (found, node) = prepare::parse(bytes)?;
    expect_kind(kind, found)?;
    let id = rng::uuid(&*house.rng);
    let ready = prepare_new(tx, house, ctx, &access, kind, node, &id).map_err(Problem::from)?;
    Ok(place(tx, house, ctx, &access, ready).map_err(Problem::from)?.stored)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_belongs_to_the_patient_it_names_although_the_compartment_leaves_it_out() {
        let device = |patient: &str| format!(r#"{{"resourceType":"Device","patient":{{"reference":"{patient}"}}}}"#);
        let named = |text: &str| {
            let json = device(text);
            let node = fhir::json::parse(json.as_bytes()).unwrap();
            patient_ref(Kind::Device, &node).map(str::to_owned)
        };
        assert_eq!(named("Patient/p1").as_deref(), Some("Patient/p1"));
        assert_eq!(named("Organization/o1"), None);
    }
}
