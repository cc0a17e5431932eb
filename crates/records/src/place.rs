//! The moment in which a change is written: what was prepared on an earlier snapshot is asked again, and the entry of the ledger
//! goes into the same transaction.

use crate::error::Error;
use crate::model::{Changed, Prepared, Stored};
use crate::{news, store};
use consent::{Access, Marked, Writer};
use db::Tx;
use kernel::Ctx;
use ledger::{Action, Entry, House, append};
use std::collections::BTreeMap;
use vault::FreshKey;

/// What a write did.
#[derive(Clone, Debug)]
pub struct Written {
    pub stored: Stored,
    pub created: bool,
    /// The content was the same already: nothing was written.
    pub unchanged: bool,
}

/// A write that is ready, or nothing to do.
pub(crate) enum Ready {
    Write {
        prepared: Box<Prepared>,
        json: Vec<u8>,
        key: Option<FreshKey>,
        organization: i64,
        writer: Writer,
        /// Of the snapshot on which it was decided that the caller may.
        epoch: i64,
    },
    Unchanged(Stored),
}

/// Writes what was prepared, with its entry in the ledger, and waits until it is durable.
pub(crate) async fn commit(house: &House, ctx: &Ctx, ready: Ready) -> Result<Written, Error> {
    if let Ready::Unchanged(stored) = ready {
        return Ok(Written { stored, created: false, unchanged: true });
    }
    let access = Access::open(ctx)?;
    let (h, c) = (house.clone(), ctx.clone());
    house.db.write(move |tx| place(tx, &h, &c, &access, ready)).await
}

/// Whether what was decided while preparing still holds where it is written: nobody's access narrowed since, and no record was
/// erased. If any did, it is prepared anew, by what holds now; whoever acts for another is asked by name. An app always is: what
/// it was allowed may have ended before anything was prepared.
pub(crate) fn still_may(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, epoch: i64) -> Result<(), Error> {
    let same = consent::epoch(tx)? == epoch;
    if !same || ctx.pass.app.is_some() {
        consent::still(tx, house, ctx)?;
    }
    if same { Ok(()) } else { Err(Error::Raced) }
}

/// Writes what was prepared, with its entry in the ledger.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    ready: Ready,
) -> Result<Written, Error> {
    let (prepared, json, key, organization, writer, epoch) = match ready {
        Ready::Unchanged(stored) => return Ok(Written { stored, created: false, unchanged: true }),
        Ready::Write { prepared, json, key, organization, writer, epoch } => {
            (*prepared, json, key, organization, writer, epoch)
        }
    };
    still_may(tx, house, ctx, epoch)?;
    let keys: Vec<(usize, FreshKey)> = key.into_iter().map(|key| (0, key)).collect();
    let prepared = [prepared];
    let placed = store::insert(tx, house, writer, organization, &prepared, &keys)?;
    let [p] = prepared;
    let (rid, patient) = placed.first().copied().unwrap_or_default();
    let created = p.replaces.is_none();
    let action = if created { Action::Create } else { Action::Update };
    let changed = store::changed(tx, &p, (rid, patient))?;
    log_change(tx, house, ctx, access, action, p.kind.name(), &[changed])?;
    let (kind, version, updated, time, marks) = (p.kind, p.version, p.updated, p.time, p.marks);
    let stored = Stored { rid, kind, patient, version, updated, time, marks, json };
    Ok(Written { stored, created, unchanged: false })
}

/// The entries of a change, and the news of it.
pub(crate) fn log_change(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    action: Action,
    what: &str,
    changes: &[Changed],
) -> Result<(), Error> {
    let mut of_each: BTreeMap<i64, (i64, Vec<Marked>)> = BTreeMap::new();
    for changed in changes {
        let (count, rows) = of_each.entry(changed.patient).or_default();
        *count += 1;
        rows.push(changed.now);
        rows.extend(changed.before);
    }
    for (patient, (count, rows)) in of_each {
        let entry = if patient == vault::DIRECTORY {
            Entry::system(ctx, action)
        } else {
            news::changed(tx, house, ctx, (patient, &rows), changes)?;
            Entry::new(ctx, kernel::Id::new(patient), action)
        };
        let basis = access.ground(tx, patient, &rows)?;
        let entry = entry.what(what, count).at(ctx.workplace(basis.grantee));
        append(tx, entry.ground(basis.ground, basis.purpose, basis.grant));
    }
    Ok(())
}
