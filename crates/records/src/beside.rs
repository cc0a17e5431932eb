//! For rooms that keep something beside an entry of a record, such as the file of a document: the entry found, opened,
//! written and deleted under an access, inside the room's own transaction.

use crate::change::{prepare_new_by, prepare_update_by};
use crate::error::Error;
use crate::index::id_hash;
use crate::model::{Changed, Stored};
use crate::place::{log_change, place};
use crate::{news, prepare, service, store};
use consent::{Access, Columns, Marked, Row, Writer};
use db::{Sql, Tx};
use fhir::Kind;
use kernel::app::Operation;
use kernel::{Ctx, Id, Problem, id};
use ledger::{Action, House};

/// An entry that the caller can see.
#[derive(Clone, Debug)]
pub struct Beside {
    /// As it is, or as it was before it was deleted.
    pub stored: Stored,
    /// What decides who may change it.
    pub row: Row,
    pub deleted: bool,
}

fn opened(tx: &mut Tx<'_>, house: &House, access: &Access, head: &store::Head, body: &[u8]) -> Result<Beside, Error> {
    let mut stored = store::open(tx, house, head, body)?;
    if head.deleted
        && let Some((old, sealed)) = store::old_version(tx, access, head, head.version - 1)?
    {
        stored = store::open(tx, house, &old, &sealed)?;
    }
    Ok(Beside { stored, row: head.row(), deleted: head.deleted })
}

/// The entry with this id. One that was deleted comes with what it was.
pub fn find(tx: &mut Tx<'_>, house: &House, access: &Access, kind: Kind, id: &str) -> Result<Option<Beside>, Error> {
    let idh = id_hash(house.vault.terms(), kind, id);
    let Some((head, sealed)) = store::find(tx, access, kind, idh)? else { return Ok(None) };
    Ok(Some(opened(tx, house, access, &head, &sealed)?).filter(|found| found.stored.id() == id))
}

/// Those of a patient's entries that a condition of the room's own picks, over `resource r`, and that the caller can see.
pub fn of_patient(
    tx: &mut Tx<'_>,
    house: &House,
    access: &Access,
    patient: i64,
    (join, condition): (&str, &str),
) -> Result<Vec<Beside>, Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(store::HEAD).push(", r.body FROM resource r ").push(join).push(" WHERE r.patient = ").int(patient);
    sql.push(condition).push(" AND ");
    access.restrict(&mut sql, &Columns::RESOURCE);
    let rows = tx.rows(&sql, |row| Ok::<_, Error>((store::head(row)?, row.blob(store::BODY)?.to_vec())))?;
    rows.iter().map(|(head, sealed)| opened(tx, house, access, head, sealed)).collect()
}

/// The patient of this id, if the caller may write of them: whom they see, and for a clinic's software also who gave it
/// access.
pub fn subject(tx: &mut Tx<'_>, house: &House, access: &Access, id: &str) -> Result<Option<Id<id::Patient>>, Error> {
    let idh = id_hash(house.vault.terms(), Kind::Patient, id);
    Ok(store::target(tx, access, Kind::Patient, idh)?.map(Id::new))
}

/// The logical id of a patient, as the rest of the world names them.
pub fn name_of(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Option<String>, Error> {
    news::patient_id(tx, house, patient)
}

/// Whom a caller means who names nobody: themselves.
pub fn own_name(tx: &mut Tx<'_>, house: &House, access: &Access) -> Result<Option<String>, Error> {
    match access.own_patient() {
        Some(patient) => name_of(tx, house, patient.get()),
        None => Ok(None),
    }
}

/// Makes an entry under an id of the room's choice, with its trace.
pub fn create(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (kind, id): (Kind, &str),
    bytes: &[u8],
) -> Result<Stored, Error> {
    let writer = Access::open(ctx)?.to(Operation::Create, kind)?.writer(ctx)?;
    create_as(tx, house, ctx, writer, (kind, id), bytes)
}

/// The same as a writer whom the access named for just this.
pub fn create_as(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    writer: Writer,
    (kind, id): (Kind, &str),
    bytes: &[u8],
) -> Result<Stored, Error> {
    let access = Access::open(ctx)?.to(Operation::Create, kind)?;
    let (_, node) = prepare::parse(bytes)?;
    let ready = prepare_new_by(tx, house, ctx, &access, writer, kind, node, id)?;
    Ok(place(tx, house, ctx, &access, ready)?.stored)
}

/// Writes a new version as a writer whom the access named for just this.
pub fn update_as(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    writer: Writer,
    (kind, id): (Kind, &str),
    bytes: &[u8],
) -> Result<Stored, Error> {
    let access = Access::open(ctx)?.to(Operation::Update, kind)?;
    let (_, node) = prepare::parse(bytes)?;
    let ready = prepare_update_by(tx, house, ctx, &access, writer, kind, id, None, node)?;
    Ok(place(tx, house, ctx, &access, ready)?.stored)
}

/// Writes a new version of an entry, also of one that was deleted, with its trace.
pub fn update(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (kind, id): (Kind, &str),
    bytes: &[u8],
) -> Result<Stored, Error> {
    let writer = Access::open(ctx)?.to(Operation::Update, kind)?.writer(ctx)?;
    update_as(tx, house, ctx, writer, (kind, id), bytes)
}

/// Deletes an entry; its history stays. Whether the caller may is said here.
pub fn delete(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, (kind, id): (Kind, &str)) -> Result<(), Error> {
    let access = Access::open(ctx)?.to(Operation::Delete, kind)?;
    let writer = access.writer(ctx)?;
    let idh = id_hash(house.vault.terms(), kind, id);
    let (head, _) = store::find(tx, &access, kind, idh)?.ok_or_else(Problem::not_found)?;
    if head.deleted {
        return Ok(());
    }
    writer.may_change(kind, head.row())?;
    store::delete(tx, writer, &head, ctx.now())?;
    log_change(tx, house, ctx, &access, Action::Delete, kind.name(), &[store::gone(&head)])
}

/// Removes what an entry was, once it is deleted: what stays is that there was one.
pub fn purge(tx: &mut Tx<'_>, rid: i64) -> Result<(), Error> {
    tx.execute(
        "DELETE FROM version WHERE rid = ?1 AND EXISTS (SELECT 1 FROM resource r WHERE r.rid = ?1 AND r.state = 1)",
        &[rid.into()],
    )?;
    Ok(())
}

/// The entry of the ledger that tells of a look at these.
pub fn trace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    access: &Access,
    action: Action,
    (patient, shown): (i64, i64),
    seen: &[Marked],
) -> Result<ledger::Entry, Error> {
    service::trace_one(tx, ctx, access, action, (Kind::DocumentReference.name(), shown), (patient, seen))
}

/// Tells open pages that something of this entry changed which is not in the entry itself.
pub fn announce(tx: &mut Tx<'_>, house: &House, rid: i64) -> Result<(), Error> {
    let found = tx.query_opt("SELECT patient, marks, time FROM resource WHERE rid = ?1", &[rid.into()], |row| {
        Ok::<_, Error>(Changed {
            patient: row.int(0)?,
            now: Marked { marks: row.int(1)?, time: row.int(2)? },
            before: None,
            replaced: None,
            corrected: false,
        })
    })?;
    match found {
        Some(changed) => news::record(tx, house, changed.patient, &[changed.now]),
        None => Ok(()),
    }
}

/// Somebody asked for what they may not see, or what is not there: the same answer, and for what is there a trace.
pub async fn refused(house: &House, ctx: &Ctx, kind: Kind, id: &str) -> Problem {
    service::read(house, ctx, kind, id).await.err().unwrap_or_else(Problem::not_found)
}
