//! The SQL of single resources: finding, opening, inserting, superseding. Never decides: conditions come from `Access`.

use crate::error::Error;
use crate::index::{Batch, Rows};
use crate::model::{Changed, Owner, Prepared, Stored};
use crate::prepare::place;
use consent::{Access, Columns, Marked, Writer};
use db::{Column, DbError, Sql, Tx};
use fhir::Kind;
use kernel::Timestamp;
use ledger::House;
use vault::{DataKey, FreshKey};

/// What is known of a row without opening it.
#[derive(Clone, Debug)]
pub struct Head {
    pub rid: i64,
    pub kind: Kind,
    pub idh: i64,
    pub patient: i64,
    pub org: i64,
    pub author: i64,
    pub version: i64,
    pub updated: Timestamp,
    pub time: i64,
    pub marks: i64,
    pub deleted: bool,
}

impl Head {
    /// What decides who may change it.
    pub const fn row(&self) -> consent::Row {
        consent::Row { rid: self.rid, patient: self.patient, organization: self.org, author: self.author }
    }
}

/// What the ledger calls a whole record.
pub const RECORD: &str = "Record";

pub const HEAD: &str =
    "r.rid, r.kind, r.idh, r.patient, r.org, r.author, r.version, r.updated, r.time, r.state, r.marks";
/// The place of the body in `SELECT <HEAD>, r.body`.
pub const BODY: usize = 11;

pub fn head(row: &db::Row<'_, '_>) -> Result<Head, Error> {
    Ok(Head {
        rid: row.int(0)?,
        kind: Kind::from_code(row.int(1)?).ok_or_else(|| DbError::Failed("an unknown type is stored".into()))?,
        idh: row.int(2)?,
        patient: row.int(3)?,
        org: row.int(4)?,
        author: row.int(5)?,
        version: row.int(6)?,
        updated: Timestamp(row.int(7)?),
        time: row.int(8)?,
        deleted: row.int(9)? != 0,
        marks: row.int(10)?,
    })
}

/// Finds a row by its logical id, if the caller can see it.
pub fn find(tx: &mut Tx<'_>, access: &Access, kind: Kind, idh: i64) -> Result<Option<(Head, Vec<u8>)>, Error> {
    let mut sql = Sql::new("SELECT ");
    sql.push(HEAD).push(", r.body FROM resource r WHERE r.kind = ").int(kind.code()).push(" AND r.idh = ").int(idh);
    sql.push(" AND ");
    access.restrict(&mut sql, &Columns::RESOURCE);
    Ok(tx.rows(&sql, |row| Ok::<_, Error>((head(row)?, row.blob(BODY)?.to_vec())))?.pop())
}

/// Whether a row exists at all, and in whose record: for the trace of a refusal, never for an answer.
pub fn exists(tx: &mut Tx<'_>, kind: Kind, idh: i64) -> Result<Option<i64>, Error> {
    tx.query_opt(
        "SELECT patient FROM resource WHERE kind = ?1 AND idh = ?2",
        &[kind.code().into(), idh.into()],
        |row| Ok(row.int(0)?),
    )
}

/// The target of a reference, if the caller may point at it.
pub fn target(tx: &mut Tx<'_>, access: &Access, kind: Kind, idh: i64) -> Result<Option<i64>, Error> {
    let mut sql = Sql::new("SELECT r.rid FROM resource r WHERE r.state = 0 AND r.kind = ");
    sql.int(kind.code()).push(" AND r.idh = ").int(idh).push(" AND ");
    access.restrict_target(&mut sql, &Columns::RESOURCE);
    Ok(tx.rows(&sql, |row| row.int(0))?.pop())
}

/// Opens a sealed body.
pub fn open(tx: &mut Tx<'_>, house: &House, head: &Head, sealed: &[u8]) -> Result<Stored, Error> {
    if sealed.is_empty() {
        return Ok(stored(head, Vec::new()));
    }
    open_with(&*house.vault.key(tx, head.patient)?, head, sealed)
}

/// The same with the patient's key at hand, where there is no transaction to ask for it.
pub fn open_with(key: &DataKey, head: &Head, sealed: &[u8]) -> Result<Stored, Error> {
    let json = vault::unpack(&key.open(&place(head.kind, head.idh, head.version), sealed)?)?;
    Ok(stored(head, json))
}

fn stored(head: &Head, json: Vec<u8>) -> Stored {
    Stored {
        rid: head.rid,
        kind: head.kind,
        patient: head.patient,
        version: head.version,
        updated: head.updated,
        time: head.time,
        marks: head.marks,
        json,
    }
}

/// A superseded version is compared with a grant by its own date and marks, not by those of its correction.
const OLD: Columns<'static> = Columns { marks: "v.marks", time: "v.time", ..Columns::RESOURCE };

fn old_sql(access: &Access, rid: i64) -> Sql {
    let mut sql = Sql::new(
        "SELECT v.version, v.updated, v.author, v.state, v.time, v.marks, v.body FROM version v JOIN resource r ON r.rid = v.rid
         WHERE v.rid = ",
    );
    sql.int(rid).push(" AND ");
    access.restrict(&mut sql, &OLD);
    sql
}

/// One superseded version, if the caller can see it.
pub fn old_version(
    tx: &mut Tx<'_>,
    access: &Access,
    head: &Head,
    version: i64,
) -> Result<Option<(Head, Vec<u8>)>, Error> {
    let mut sql = old_sql(access, head.rid);
    sql.push(" AND v.version = ").int(version);
    Ok(tx.rows(&sql, |row| old(row, head))?.pop())
}

/// All superseded versions that the caller can see, newest first.
pub fn old_versions(tx: &mut Tx<'_>, access: &Access, head: &Head, limit: i64) -> Result<Vec<(Head, Vec<u8>)>, Error> {
    let mut sql = old_sql(access, head.rid);
    sql.push(" ORDER BY v.version DESC LIMIT ").int(limit);
    tx.rows(&sql, |row| old(row, head))
}

fn old(row: &db::Row<'_, '_>, head: &Head) -> Result<(Head, Vec<u8>), Error> {
    let head = Head {
        version: row.int(0)?,
        updated: Timestamp(row.int(1)?),
        author: row.int(2)?,
        deleted: row.int(3)? != 0,
        time: row.int(4)?,
        marks: row.int(5)?,
        ..head.clone()
    };
    Ok((head, row.blob(6)?.to_vec()))
}

/// Stores prepared resources: new ones get numbers, others supersede their old version. Returns their row numbers.
pub fn insert(
    tx: &mut Tx<'_>,
    house: &House,
    writer: Writer,
    organization: i64,
    prepared: &[Prepared],
    keys: &[(usize, FreshKey)],
) -> Result<Vec<(i64, i64)>, Error> {
    let fresh = prepared.iter().filter(|p| p.replaces.is_none()).count() as i64;
    let mut next = if fresh > 0 { tx.allocate("rid", fresh)? } else { 0 };
    let mut rids = Vec::with_capacity(prepared.len());
    for p in prepared {
        rids.push(p.replaces.map_or_else(
            || {
                next += 1;
                next - 1
            },
            |(rid, _)| rid,
        ));
    }
    let owners: Vec<i64> = prepared
        .iter()
        .map(|p| match p.owner {
            Owner::None => 0,
            Owner::Patient(rid) => rid,
            Owner::Entry(i) => rids.get(i).copied().unwrap_or(0),
        })
        .collect();
    for (i, key) in keys {
        house.vault.store_key(tx, &*house.rng, owners[*i], key, prepared[*i].updated)?;
    }
    let mut batch = Batch::default();
    for ((p, rid), owner) in prepared.iter().zip(&rids).zip(&owners) {
        if let Some((rid, version)) = p.replaces {
            supersede(tx, rid, version)?;
            replace(tx, writer, rid, p)?;
        }
        batch.add(&p.rows, *rid, *owner, p.time, p.marks);
    }
    insert_new(tx, writer, organization, prepared, &rids, &owners)?;
    batch.insert(tx)?;
    Ok(rids.into_iter().zip(owners).collect())
}

/// What a stored resource was compared with grants by before it was replaced, and what it is now.
pub fn changed(tx: &mut Tx<'_>, prepared: &Prepared, (rid, patient): (i64, i64)) -> Result<Changed, Error> {
    let now = Marked { marks: prepared.marks, time: prepared.time };
    let before = match prepared.replaces {
        None => None,
        Some((_, version)) => tx.query_opt(
            "SELECT marks, time FROM version WHERE rid = ?1 AND version = ?2",
            &[rid.into(), version.into()],
            |row| Ok::<_, Error>(Marked { marks: row.int(0)?, time: row.int(1)? }),
        )?,
    };
    let replaced = prepared.replaces.map(|_| (rid, prepared.version));
    Ok(Changed { patient, now, before, replaced, corrected: prepared.kind == Kind::Patient && replaced.is_some() })
}

/// A row that was deleted.
pub const fn gone(head: &Head) -> Changed {
    let now = Marked { marks: head.marks, time: head.time };
    Changed { patient: head.patient, now, before: None, replaced: Some((head.rid, head.version + 1)), corrected: false }
}

fn insert_new(
    tx: &mut Tx<'_>,
    writer: Writer,
    organization: i64,
    prepared: &[Prepared],
    rids: &[i64],
    owners: &[i64],
) -> Result<(), Error> {
    let new: Vec<usize> = (0..prepared.len()).filter(|i| prepared[*i].replaces.is_none()).collect();
    let ints = |of: &dyn Fn(usize) -> i64| new.iter().map(|i| of(*i)).collect::<Vec<i64>>();
    let rid = ints(&|i| rids[i]);
    let kind = ints(&|i| prepared[i].kind.code());
    let idh = ints(&|i| prepared[i].idh);
    let patient = ints(&|i| owners[i]);
    let version = ints(&|i| prepared[i].version);
    let updated = ints(&|i| prepared[i].updated.0);
    let time = ints(&|i| prepared[i].time);
    let marks = ints(&|i| prepared[i].marks);
    let keys: Vec<Vec<u8>> = new.iter().map(|i| prepared[*i].rows.to_keys()).collect();
    let keys: Vec<&[u8]> = keys.iter().map(Vec::as_slice).collect();
    let body: Vec<&[u8]> = new.iter().map(|i| prepared[*i].sealed.as_slice()).collect();
    let inserted = tx.insert_many(
        "resource",
        &[
            ("rid", Column::Int(&rid)),
            ("kind", Column::Int(&kind)),
            ("idh", Column::Int(&idh)),
            ("patient", Column::Int(&patient)),
            ("org", Column::Const(organization)),
            ("author", Column::Const(writer.account())),
            ("version", Column::Int(&version)),
            ("updated", Column::Int(&updated)),
            ("time", Column::Int(&time)),
            ("marks", Column::Int(&marks)),
            ("state", Column::Const(0)),
            ("keys", Column::Blob(&keys)),
            ("body", Column::Blob(&body)),
        ],
    );
    match inserted {
        // Somebody made the same id meanwhile: prepare again, and this becomes an update.
        Err(DbError::Exists(_)) => Err(Error::Raced),
        other => Ok(other?),
    }
}

/// Moves the current version into the history and takes it out of the index.
fn supersede(tx: &mut Tx<'_>, rid: i64, version: i64) -> Result<(), Error> {
    let moved = tx.execute(
        "INSERT INTO version (rid, version, updated, author, state, time, marks, body)
         SELECT rid, version, updated, author, state, time, marks, body FROM resource WHERE rid = ?1 AND version = ?2",
        &[rid.into(), version.into()],
    )?;
    if moved == 0 {
        return Err(Error::Raced);
    }
    let old = tx.query_opt("SELECT keys, patient, time FROM resource WHERE rid = ?1", &[rid.into()], |row| {
        Ok::<_, Error>((row.blob(0)?.to_vec(), row.int(1)?, row.int(2)?))
    })?;
    if let Some((keys, patient, time)) = old
        && !keys.is_empty()
    {
        let rows = Rows::from_keys(&keys).ok_or_else(|| DbError::Failed("damaged index keys".into()))?;
        rows.delete(tx, rid, patient, time)?;
    }
    Ok(())
}

fn replace(tx: &mut Tx<'_>, writer: Writer, rid: i64, p: &Prepared) -> Result<(), Error> {
    tx.execute(
        "UPDATE resource SET version = ?2, updated = ?3, author = ?4, time = ?5, marks = ?6, state = 0, keys = ?7,
         body = ?8 WHERE rid = ?1",
        &[
            rid.into(),
            p.version.into(),
            p.updated.into(),
            writer.account().into(),
            p.time.into(),
            p.marks.into(),
            (&p.rows.to_keys()).into(),
            (&p.sealed).into(),
        ],
    )?;
    Ok(())
}

/// Deletes: the old version stays in the history, the current one is an empty body.
pub fn delete(tx: &mut Tx<'_>, writer: Writer, head: &Head, now: Timestamp) -> Result<(), Error> {
    supersede(tx, head.rid, head.version)?;
    tx.execute(
        "UPDATE resource SET version = ?2, updated = ?3, author = ?4, state = 1, keys = ?5, body = ?5 WHERE rid = ?1",
        &[head.rid.into(), (head.version + 1).into(), now.into(), writer.account().into(), (&[][..]).into()],
    )?;
    Ok(())
}
