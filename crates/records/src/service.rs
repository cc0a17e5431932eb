//! Reading resources. Line 1 of each authorises; what is read comes with its trace.

use crate::error::Error;
use crate::index::{Rows, id_hash};
use crate::model::Stored;
use crate::search::{self, Page, Query};
use crate::store;
use consent::{Access, Marked};
use db::Tx;
use fhir::Kind;
use kernel::app::Operation;
use kernel::{Actor, Ctx, Problem};
use ledger::{Action, Disclosure, Entry, House, append};
use std::collections::BTreeMap;
use vault::VaultError;

/// The entry that tells of a look at one record.
pub fn trace_one(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    access: &Access,
    action: Action,
    (what, count): (&str, i64),
    (patient, seen): (i64, &[Marked]),
) -> Result<Entry, Error> {
    let basis = access.ground(tx, patient, seen)?;
    let entry = Entry::new(ctx, kernel::Id::new(patient), action).what(what, count);
    let entry = entry.at(ctx.workplace(basis.grantee));
    Ok(entry.ground(basis.ground, basis.purpose, basis.grant))
}

/// The entries that tell of reading these resources: one per patient.
fn trace<'s>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    access: &Access,
    action: Action,
    what: &str,
    seen: impl IntoIterator<Item = &'s Stored>,
) -> Result<Vec<Entry>, Error> {
    let mut of_each: BTreeMap<i64, Vec<Marked>> = BTreeMap::new();
    for stored in seen.into_iter().filter(|stored| stored.patient != vault::DIRECTORY) {
        of_each.entry(stored.patient).or_default().push(stored.marked());
    }
    let one = |(patient, seen): (i64, Vec<Marked>)| {
        trace_one(tx, ctx, access, action, (what, seen.len() as i64), (patient, &seen))
    };
    of_each.into_iter().map(one).collect()
}

/// Lets what was read out, after its trace is durable and whose record it is were told, and notes on the grants that it
/// was read under that they are used.
pub async fn out<T>(house: &House, found: Disclosure<T>) -> Result<T, Problem> {
    let grants = found.grants();
    let readings = notify::readings::untold(house, found.entries());
    let content = if readings.is_empty() {
        found.release(house).await?
    } else {
        let (inside, told) = (house.clone(), readings.clone());
        let content = found.release_with(house, move |tx| notify::readings::tell(tx, &inside, &told)).await?;
        notify::readings::remember(house, &readings);
        content
    };
    for grant in grants {
        if let Err(error) = consent::mark_read(house, grant).await {
            tracing::warn!(%error, "the last use of a grant could not be noted");
        }
    }
    Ok(content)
}

/// Somebody asked for a record they may not see. Their answer does not wait for this: it must take as long as the
/// answer for what does not exist.
fn refused(house: &House, ctx: &Ctx, patient: Option<i64>, what: &str) {
    let Some(patient) = patient.filter(|p| *p != vault::DIRECTORY) else { return };
    if matches!(ctx.actor, Actor::Nobody) {
        return;
    }
    let entry = Entry::new(ctx, kernel::Id::new(patient), Action::Refused).what(what, 0);
    let house = house.clone();
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(async move {
            let written = house.db.write(move |tx| {
                append(tx, entry);
                Ok::<_, Error>(())
            });
            if let Err(error) = written.await {
                tracing::error!(?error, "a refusal could not be logged");
            }
        });
    }
}

/// The current version of a resource.
pub async fn read(house: &House, ctx: &Ctx, kind: Kind, id: &str) -> Result<Disclosure<Stored>, Problem> {
    let access = Access::open(ctx)?.to(Operation::Read, kind)?;
    let (h, c, id) = (house.clone(), ctx.clone(), id.to_owned());
    let found = house
        .db
        .read(move |tx| {
            let idh = id_hash(h.vault.terms(), kind, &id);
            let Some((head, sealed)) = store::find(tx, &access, kind, idh)? else {
                return Ok(Err(store::exists(tx, kind, idh)?));
            };
            let stored = store::open(tx, &h, &head, &sealed)?;
            if stored.json.is_empty() || stored.id() != id {
                return Err(if head.deleted { Problem::gone() } else { Problem::not_found() }.into());
            }
            let entries = trace(tx, &c, &access, Action::Read, kind.name(), [&stored])?;
            Ok(Ok(Disclosure::new(stored, entries)))
        })
        .await
        .map_err(|e: Error| erased_is_gone(e))?;
    found.map_err(|hidden| unseen(house, ctx, hidden, kind))
}

/// What the caller may not see is answered like what is not there, and the patient whose it is reads that somebody asked.
fn unseen(house: &House, ctx: &Ctx, hidden: Option<i64>, kind: Kind) -> Problem {
    refused(house, ctx, hidden, kind.name());
    Problem::not_found()
}

/// A record whose key was destroyed does not exist.
fn erased_is_gone(error: Error) -> Problem {
    match error {
        Error::Vault(VaultError::NoKey) => Problem::not_found(),
        other => other.into(),
    }
}

/// Whether an app may see a superseded version. The index knows the current one only, and what a correction left out
/// may be just what the app was not let in for; so the old content itself is asked.
fn covers_old(house: &House, access: &Access, old: &Stored) -> bool {
    if !access.by_app() {
        return true;
    }
    let Ok(node) = fhir::json::parse(&old.json) else {
        // A deletion says nothing but that there was one.
        return old.json.is_empty() && access.app_covers(old.kind, old.patient, &[]);
    };
    let rows = Rows::of(house.vault.terms(), old.kind, &node);
    access.app_covers(old.kind, old.patient, &rows.tok)
}

/// All versions of a resource, newest first; deletions have no content.
pub async fn history(house: &House, ctx: &Ctx, kind: Kind, id: &str) -> Result<Disclosure<Vec<Stored>>, Problem> {
    const LIMIT: i64 = 200;
    let access = Access::open(ctx)?.to(Operation::Read, kind)?;
    let (h, c, id) = (house.clone(), ctx.clone(), id.to_owned());
    let found = house
        .db
        .read(move |tx| {
            let idh = id_hash(h.vault.terms(), kind, &id);
            let Some((head, sealed)) = store::find(tx, &access, kind, idh)? else {
                return Ok(Err(store::exists(tx, kind, idh)?));
            };
            let mut versions = vec![store::open(tx, &h, &head, &sealed)?];
            for (head, sealed) in store::old_versions(tx, &access, &head, LIMIT)? {
                let version = store::open(tx, &h, &head, &sealed)?;
                if covers_old(&h, &access, &version) {
                    versions.push(version);
                }
            }
            let entries = trace(tx, &c, &access, Action::History, kind.name(), &versions)?;
            Ok(Ok(Disclosure::new(versions, entries)))
        })
        .await
        .map_err(|e: Error| erased_is_gone(e))?;
    found.map_err(|hidden| unseen(house, ctx, hidden, kind))
}

/// One version of a resource.
pub async fn vread(
    house: &House,
    ctx: &Ctx,
    kind: Kind,
    id: &str,
    version: i64,
) -> Result<Disclosure<Stored>, Problem> {
    let access = Access::open(ctx)?.to(Operation::Read, kind)?;
    let (h, c, id) = (house.clone(), ctx.clone(), id.to_owned());
    let found = house
        .db
        .read(move |tx| {
            let idh = id_hash(h.vault.terms(), kind, &id);
            let Some((head, sealed)) = store::find(tx, &access, kind, idh)? else {
                return Ok(Err(store::exists(tx, kind, idh)?));
            };
            let current = head.version;
            let (head, sealed) = if version == current {
                (head, sealed)
            } else {
                store::old_version(tx, &access, &head, version)?.ok_or_else(Problem::not_found)?
            };
            let stored = store::open(tx, &h, &head, &sealed)?;
            if version != current && !covers_old(&h, &access, &stored) {
                return Err(Problem::not_found().into());
            }
            if stored.json.is_empty() {
                return Err(Problem::gone().into());
            }
            let entries = trace(tx, &c, &access, Action::Read, kind.name(), [&stored])?;
            Ok(Ok(Disclosure::new(stored, entries)))
        })
        .await
        .map_err(|e: Error| erased_is_gone(e))?;
    found.map_err(|hidden| unseen(house, ctx, hidden, kind))
}

/// A search for resources of one type.
pub async fn search(house: &House, ctx: &Ctx, query: Query) -> Result<Disclosure<Page>, Problem> {
    let access = Access::open(ctx)?.to(Operation::Search, query.kind)?;
    let (h, c) = (house.clone(), ctx.clone());
    house
        .db
        .read(move |tx| {
            let page = search::run(tx, &h, &access, &query)?;
            let mut entries = trace(tx, &c, &access, Action::Search, query.kind.name(), &page.matches)?;
            // A total tells of a record as well, even when no row of it is shown.
            for patient in page.counted.iter().filter(|p| **p != vault::DIRECTORY) {
                if entries.iter().all(|entry| entry.patient != *patient) {
                    let what = (query.kind.name(), 1);
                    entries.push(trace_one(tx, &c, &access, Action::Search, what, (*patient, &[]))?);
                }
            }
            Ok(Disclosure::new(page, entries))
        })
        .await
        .map_err(|e: Error| erased_is_gone(e))
}
