//! All or nothing.

use super::links::{Asked, Links};
use super::walk::{self, Walk, condition_text, link};
use super::{Want, unreadable, wants, without_own_consent};
use crate::change::{tag_of, within_app};
use crate::error::Error;
use crate::index::id_hash;
use crate::model::{Owner, Prepared};
use crate::place::{log_change, still_may};
use crate::prepare::{self, Stamp};
use crate::store;
use consent::{Access, Writer};
use db::Tx;
use fhir::Kind;
use fhir::bundle::Bundle;
use kernel::app::Operation;
use kernel::{Ctx, Issue, Problem, Timestamp, rng};
use ledger::{Action, House};
use std::collections::HashMap;
use std::sync::Arc;
use vault::FreshKey;

#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The organization that contributes it, when the operator imports on its behalf.
    pub organization: Option<i64>,
    /// Keep the ids that created resources bring along, where they are free: for moving records between servers.
    pub keep_ids: bool,
    /// Remember the content, and take the same content in only once.
    pub once: bool,
}

/// What became of each entry, in order.
#[derive(Clone, Debug)]
pub struct Outcome {
    pub status: &'static str,
    /// `Type/id`
    pub location: String,
    pub version: i64,
    pub updated: Timestamp,
}

#[derive(Clone, Debug, Default)]
pub struct Summary {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
    pub deleted: u64,
    pub outcomes: Vec<Outcome>,
}

const TRIES: usize = 4;

/// Issues told at once: a bundle that is wrong is mostly wrong in the same way everywhere.
const ISSUES_MAX: usize = 50;

/// Everything that is ready to be written.
struct Batch {
    prepared: Vec<Prepared>,
    keys: Vec<(usize, FreshKey)>,
    deletes: Vec<store::Head>,
    asked: Vec<Asked>,
    summary: Summary,
    writer: Writer,
    organization: i64,
    /// Of the snapshot on which it was decided that the caller may.
    epoch: i64,
}

/// Takes a transaction in; blocks the thread. Nothing is stored unless everything is.
pub fn process(house: &House, ctx: &Ctx, content: Vec<u8>, options: &Options) -> Result<Summary, Problem> {
    let access = Access::open(ctx)?;
    let writer = access.writer(ctx)?;
    let digest = options.once.then(|| house.vault.terms().digest(b"import", &content));
    let content = Arc::new(content);
    for _ in 0..TRIES {
        let job = Job {
            house: house.clone(),
            ctx: ctx.clone(),
            access: access.clone(),
            writer,
            organization: options.organization.unwrap_or_else(|| writer.organization()),
            keep_ids: options.keep_ids && writer == Writer::Operator,
        };
        let bytes = Arc::clone(&content);
        let batch = house.db.read_blocking(move |tx| job.run(tx, &bytes)).map_err(|e: Error| Problem::from(e))?;
        match write(house, ctx, &access, batch, digest) {
            Err(Error::Raced) => {}
            other => return other.map_err(Problem::from),
        }
    }
    Err(Error::Raced.into())
}

/// The preparation of a whole bundle, self-contained so that it can run on a database thread.
struct Job {
    house: House,
    ctx: Ctx,
    access: Access,
    writer: Writer,
    organization: i64,
    keep_ids: bool,
}

/// Where an entry ends up.
pub(super) enum Place {
    /// A new resource, or a change of row and version.
    Write {
        id: String,
        replaces: Option<(i64, i64)>,
        old: Option<Vec<u8>>,
        patient: i64,
    },
    /// Found by its condition: nothing to write.
    Exists {
        location: String,
    },
    Delete(store::Head),
    Nothing,
}

impl Job {
    fn run(self, tx: &mut Tx<'_>, content: &[u8]) -> Result<Batch, Error> {
        let bundle = fhir::bundle::parse(content).map_err(unreadable)?;
        let wants = without_own_consent(&self.ctx, wants(&bundle)?)?;
        let mut walk = Walk {
            house: &self.house,
            access: &self.access,
            links: Links::default(),
            inside: HashMap::new(),
            fresh: HashMap::new(),
            issues: Vec::new(),
        };
        let places = self.places(tx, &mut walk, &bundle, &wants)?;
        let mut batch = Batch {
            prepared: Vec::with_capacity(places.len()),
            keys: Vec::new(),
            deletes: Vec::new(),
            asked: Vec::new(),
            summary: Summary::default(),
            writer: self.writer,
            organization: self.organization,
            epoch: consent::epoch(tx)?,
        };
        self.patients_first(&wants, &places, &mut walk, &mut batch)?;
        let mut position = HashMap::new();
        for (index, place) in places.into_iter().enumerate() {
            position.insert(index, batch.prepared.len());
            let bytes = bundle.entries[index].resource.unwrap_or_default();
            self.entry(tx, &mut walk, &mut batch, &wants[index], (index, bytes), place)?;
            if walk.issues.len() >= ISSUES_MAX {
                break;
            }
        }
        if !walk.issues.is_empty() {
            walk.issues.truncate(ISSUES_MAX);
            return Err(Problem::unprocessable(walk.issues).into());
        }
        batch.asked = walk.links.asked;
        walk::place_patients(&mut batch.prepared, &mut batch.keys, &position);
        Ok(batch)
    }

    /// Gives every entry its id, so that references between entries can be written.
    fn places(
        &self,
        tx: &mut Tx<'_>,
        walk: &mut Walk<'_>,
        bundle: &Bundle<'_>,
        wants: &[Want],
    ) -> Result<Vec<Place>, Error> {
        let mut places = Vec::with_capacity(wants.len());
        for (index, want) in wants.iter().enumerate() {
            let place = match want {
                Want::Create { kind, unless } => {
                    self.access.to(Operation::Create, *kind)?;
                    let existing = match unless {
                        Some(condition) => self.existing(tx, walk, index, *kind, condition)?,
                        None => None,
                    };
                    match existing {
                        Some(location) => Place::Exists { location },
                        None => Place::Write {
                            id: self.new_id(tx, walk, *kind, bundle.entries[index].resource)?,
                            replaces: None,
                            old: None,
                            patient: 0,
                        },
                    }
                }
                Want::Put { kind, id, if_match } => self.put(tx, walk, index, *kind, id, *if_match)?,
                Want::Delete { kind, id } => {
                    let idh = id_hash(self.house.vault.terms(), *kind, id);
                    match store::find(tx, &self.access.to(Operation::Delete, *kind)?, *kind, idh)? {
                        Some((head, _)) if !head.deleted => {
                            self.writer.may_change(*kind, head.row())?;
                            Place::Delete(head)
                        }
                        _ => Place::Nothing,
                    }
                }
                Want::Get { .. } => {
                    walk.issues.push(Issue::new(
                        "not-supported",
                        format!("Bundle.entry[{index}].request.method"),
                        "Reading inside a transaction is not offered: use a batch.",
                    ));
                    Place::Nothing
                }
            };
            link(walk, index, bundle.entries[index].full_url.as_deref(), want, &place);
            places.push(place);
        }
        Ok(places)
    }

    /// A new id: the server's own, or the one the resource brings along if that is wanted and free.
    fn new_id(&self, tx: &mut Tx<'_>, walk: &Walk<'_>, kind: Kind, resource: Option<&[u8]>) -> Result<String, Error> {
        let brought = resource.filter(|_| self.keep_ids).and_then(|bytes| {
            let node = fhir::json::parse(bytes).ok()?;
            node.str_of("id").map(str::to_owned)
        });
        if let Some(id) = brought
            && !walk.inside.contains_key(&format!("{}/{id}", kind.name()))
            && store::exists(tx, kind, id_hash(self.house.vault.terms(), kind, &id))?.is_none()
        {
            return Ok(id);
        }
        Ok(rng::uuid(&*self.house.rng))
    }

    /// What a conditional create finds, in the database or earlier in this bundle.
    fn existing(
        &self,
        tx: &mut Tx<'_>,
        walk: &mut Walk<'_>,
        index: usize,
        kind: Kind,
        condition: &str,
    ) -> Result<Option<String>, Error> {
        if let Some(location) = walk.links.get(&condition_text(kind, condition)) {
            return Ok(Some(location.clone()));
        }
        match walk.links.ask(tx, &self.house, &self.access, kind, condition) {
            Ok(found) => Ok(found),
            Err(error @ (Error::Db(_) | Error::Vault(_))) => Err(error),
            Err(error) => {
                walk.fault(index, "request.ifNoneExist", error);
                Ok(None)
            }
        }
    }

    fn put(
        &self,
        tx: &mut Tx<'_>,
        walk: &mut Walk<'_>,
        index: usize,
        kind: Kind,
        id: &str,
        if_match: Option<i64>,
    ) -> Result<Place, Error> {
        let idh = id_hash(self.house.vault.terms(), kind, id);
        let Some((head, sealed)) = store::find(tx, &self.access.to(Operation::Update, kind)?, kind, idh)? else {
            self.access.to(Operation::Create, kind)?;
            return Ok(Place::Write { id: id.to_owned(), replaces: None, old: None, patient: 0 });
        };
        if if_match.is_some_and(|version| version != head.version) {
            let text = "This was changed since you read it: read it again.";
            walk.issues.push(Issue::new("conflict", format!("Bundle.entry[{index}].request.ifMatch"), text));
        }
        if let Err(problem) = self.writer.may_change(kind, head.row()) {
            walk.fault(index, "request.url", problem.into());
        }
        let old = store::open(tx, &self.house, &head, &sealed)?.json;
        Ok(Place::Write {
            id: id.to_owned(),
            replaces: Some((head.rid, head.version)),
            old: (!head.deleted).then_some(old),
            patient: head.patient,
        })
    }

    /// Makes the keys of new patients before anything of theirs is sealed.
    fn patients_first(
        &self,
        wants: &[Want],
        places: &[Place],
        walk: &mut Walk<'_>,
        batch: &mut Batch,
    ) -> Result<(), Error> {
        for (index, (want, place)) in wants.iter().zip(places).enumerate() {
            let (Want::Create { kind, .. } | Want::Put { kind, .. }, Place::Write { id, replaces: None, .. }) =
                (want, place)
            else {
                continue;
            };
            if *kind == Kind::Patient {
                let fresh = FreshKey::generate(&*self.house.rng);
                walk.fresh.insert(format!("Patient/{id}"), (index, Arc::new(fresh.data_key()?)));
                batch.keys.push((index, fresh));
            }
        }
        Ok(())
    }

    fn entry(
        &self,
        tx: &mut Tx<'_>,
        walk: &mut Walk<'_>,
        batch: &mut Batch,
        want: &Want,
        (index, bytes): (usize, &[u8]),
        place: Place,
    ) -> Result<(), Error> {
        let now = self.ctx.now();
        let outcome = |status, location: String, version| Outcome { status, location, version, updated: now };
        match place {
            Place::Nothing => batch.summary.outcomes.push(outcome("204", String::new(), 0)),
            Place::Exists { location } => {
                batch.summary.unchanged += 1;
                batch.summary.outcomes.push(outcome("200", location, 1));
            }
            Place::Delete(head) => {
                batch.summary.deleted += 1;
                batch.deletes.push(head);
                batch.summary.outcomes.push(outcome("204", String::new(), 0));
            }
            Place::Write { id, replaces, old, patient } => {
                let (Want::Create { kind, .. } | Want::Put { kind, .. }) = want else { return Ok(()) };
                let Some(mut node) = walk.read(tx, index, *kind, bytes)? else { return Ok(()) };
                let location = format!("{}/{id}", kind.name());
                if old.as_deref().is_some_and(|old| crate::labels::carried_same(old, &mut node)) {
                    batch.summary.unchanged += 1;
                    let version = replaces.map_or(1, |(_, version)| version);
                    batch.summary.outcomes.push(outcome("200", location, version));
                    return Ok(());
                }
                let (owner, key) = match walk.owner(tx, *kind, &node, &location, replaces.map(|_| patient)) {
                    Ok(found) => found,
                    Err(error) => {
                        walk.fault(index, "resource", error);
                        return Ok(());
                    }
                };
                let record = if let Owner::Patient(rid) = owner { rid } else { 0 };
                self.writer.may_create(*kind, record)?;
                crate::own::speaks_for_itself(self.writer, *kind, &mut node, old.as_deref())?;
                let version = replaces.map_or(1, |(_, version)| version + 1);
                let stamp = Stamp { id: &id, version, updated: now, tag: tag_of(self.writer) };
                let (prepared, _) = prepare::prepare(&self.house, &key, *kind, node, owner, replaces, &stamp)?;
                let operation = if replaces.is_some() { Operation::Update } else { Operation::Create };
                within_app(&self.access.to(operation, *kind)?, &prepared)?;
                batch.prepared.push(prepared);
                let (count, status) = match replaces {
                    Some(_) => (&mut batch.summary.updated, "200"),
                    None => (&mut batch.summary.created, "201"),
                };
                *count += 1;
                batch.summary.outcomes.push(outcome(status, location, version));
            }
        }
        Ok(())
    }
}

/// Writes the batch in one job, after checking that what it was prepared on still holds.
fn write(house: &House, ctx: &Ctx, access: &Access, batch: Batch, digest: Option<[u8; 32]>) -> Result<Summary, Error> {
    let (h, c, access) = (house.clone(), ctx.clone(), access.clone());
    house.db.write_blocking(move |tx| {
        still_may(tx, &h, &c, batch.epoch)?;
        if !Links::hold(&batch.asked, tx, &h, &access)? {
            return Err(Error::Raced);
        }
        if let Some(digest) = digest {
            let entries = batch.summary.outcomes.len() as i64;
            let new = tx.execute(
                "INSERT INTO import (digest, time, entries) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                &[(&digest).into(), c.now().into(), entries.into()],
            )?;
            if new == 0 {
                let unchanged = entries as u64;
                return Ok(Summary { unchanged, ..Summary::default() });
            }
        }
        let placed = store::insert(tx, &h, batch.writer, batch.organization, &batch.prepared, &batch.keys)?;
        for head in &batch.deletes {
            store::delete(tx, batch.writer, head, c.now())?;
        }
        let written = batch.prepared.iter().zip(placed).map(|(prepared, place)| store::changed(tx, prepared, place));
        let mut changed = written.collect::<Result<Vec<_>, _>>()?;
        changed.extend(batch.deletes.iter().map(store::gone));
        log_change(tx, &h, &c, &access, Action::Import, "Bundle", &changed)?;
        Ok(batch.summary)
    })
}
