//! Which index to walk: the patient's own range where a patient is named, else the most telling parameter, else all.

use super::criteria;
use super::cursor::{self, After};
use super::params::{Criterion, Query, Sort, What};
use crate::error::Error;
use crate::index::{self, id_hash, whole_kind};
use crate::store::HEAD;
use consent::{Access, Columns};
use db::{Sql, Tx};
use fhir::Kind;
use fhir::search::ParamKind;
use kernel::app::Operation;
use ledger::House;

pub struct Plan {
    pub page: Sql,
    pub count: Sql,
    pub snapshot: i64,
}

/// What the statement walks.
enum Driver {
    /// A range of the patient-first index: patient, parameter, hash.
    Patient { patient: i64, p: i64, h: i64, used: Option<usize> },
    /// A range of the token or text index.
    Index { table: &'static str, p: i64, hashes: Vec<i64>, used: usize },
    /// Every row of the type.
    Kind,
}

pub fn plan(tx: &mut Tx<'_>, house: &House, access: &Access, query: &Query) -> Result<Plan, Error> {
    // An app that may read may not for that reason search.
    let access = &access.to(Operation::Search, query.kind)?;
    let after = cursor::read(house, query)?;
    let snapshot = match after {
        Some(after) => after.snapshot,
        None => tx.count("SELECT value FROM counter WHERE name = 'rid'", &[])?,
    };
    let driver = driver(tx, house, access, query)?;
    let mut page = Sql::new("SELECT ");
    page.push(HEAD).push(", r.body");
    body(&mut page, house, access, query, &driver, snapshot)?;
    order(&mut page, query, &driver, after);
    page.push(" LIMIT ").int(query.count.saturating_add(1));
    // By patient: a number tells of each record it counts, and each of them gets its entry in the ledger.
    let mut count = Sql::new("SELECT r.patient, COUNT(*)");
    body(&mut count, house, access, query, &driver, snapshot)?;
    count.push(" GROUP BY r.patient");
    Ok(Plan { page, count, snapshot })
}

/// The patient a criterion names, if it names exactly one and the type has its patient by that parameter.
fn patient_of(tx: &mut Tx<'_>, house: &House, criterion: &Criterion) -> Result<Option<i64>, Error> {
    let What::Param(param) = criterion.what else { return Ok(None) };
    let named =
        matches!(param.name, "patient" | "subject") && matches!(criterion.modifier.as_deref(), None | Some("Patient"));
    let ([value], true) = (criterion.values.as_slice(), named) else { return Ok(None) };
    let id = value.strip_prefix("Patient/").unwrap_or(value);
    if id.contains(['/', ':', '\\']) || !param.targets.contains(&Kind::Patient) {
        return Ok(None);
    }
    let idh = id_hash(house.vault.terms(), Kind::Patient, id);
    let found = tx.query_opt(
        "SELECT rid FROM resource WHERE kind = ?1 AND idh = ?2",
        &[Kind::Patient.code().into(), idh.into()],
        |row| row.int(0),
    )?;
    // Of nobody: no row has this number, so the answer is empty, as it is for a patient that may not be seen.
    Ok(Some(found.unwrap_or(-1)))
}

fn driver(tx: &mut Tx<'_>, house: &House, access: &Access, query: &Query) -> Result<Driver, Error> {
    let terms = house.vault.terms();
    let mut patient = None;
    for criterion in &query.criteria {
        if patient.is_none() {
            patient = patient_of(tx, house, criterion)?;
        }
    }
    if patient.is_none() && !consent::access::is_directory(query.kind) {
        patient = access.own_patient().map(kernel::Id::get);
    }
    let single = |criterion: &Criterion| -> Option<(i64, Vec<i64>, &'static str)> {
        let What::Param(param) = criterion.what else { return None };
        let modifier = criterion.modifier.as_deref();
        match param.kind {
            ParamKind::Token | ParamKind::Reference | ParamKind::Uri if modifier.is_none() => {
                criteria::hashes(terms, param, None, &criterion.values).ok().map(|h| (param.code, h, param.name))
            }
            _ => None,
        }
    };
    if let Some(patient) = patient {
        for (i, criterion) in query.criteria.iter().enumerate() {
            let Some((p, hashes, name)) = single(criterion) else { continue };
            if hashes.len() == 1 && index::PATIENT_PARAMS.contains(&name) {
                // The patient-first rows are kept by code alone; with a system the token index confirms it.
                let plain = criterion.values.first().is_some_and(|v| !v.contains('|'));
                let h = if plain || name == "encounter" {
                    hashes[0]
                } else {
                    let code = criterion.values[0].rsplit('|').next().unwrap_or_default();
                    index::code_hash(terms, p, &fhir::search::query::unescape(code))
                };
                return Ok(Driver::Patient { patient, p, h, used: plain.then_some(i) });
            }
        }
        return Ok(Driver::Patient { patient, p: whole_kind(query.kind), h: 0, used: None });
    }
    let rank = |name: &str| match name {
        "identifier" | "_profile" => 0,
        "code" => 1,
        _ => 2,
    };
    let candidates = query.criteria.iter().enumerate().filter_map(|(i, c)| single(c).map(|found| (i, found)));
    if let Some((used, (p, hashes, _))) = candidates.min_by_key(|(_, (_, _, name))| rank(name)) {
        return Ok(Driver::Index { table: "tok", p, hashes, used });
    }
    Ok(Driver::Kind)
}

/// FROM and WHERE.
fn body(
    sql: &mut Sql,
    house: &House,
    access: &Access,
    query: &Query,
    driver: &Driver,
    snapshot: i64,
) -> Result<(), Error> {
    let mut used = None;
    match driver {
        Driver::Patient { patient, p, h, used: by } => {
            sql.push(" FROM pt JOIN resource r ON r.rid = pt.rid WHERE pt.patient = ").int(*patient);
            sql.push(" AND pt.p = ").int(*p).push(" AND pt.h = ").int(*h);
            used = *by;
        }
        Driver::Index { table, p, hashes, used: by } => {
            // A resource with two of the values must count once.
            let distinct = hashes.len() > 1;
            sql.push(" FROM ");
            if distinct {
                sql.push("(SELECT DISTINCT t.rid FROM ").push(table).push(" t WHERE t.p = ").int(*p);
                sql.push(" AND t.h IN (").ints(hashes).push(")) t JOIN resource r ON r.rid = t.rid WHERE 1 = 1");
            } else {
                sql.push(table).push(" t JOIN resource r ON r.rid = t.rid WHERE t.p = ").int(*p);
                sql.push(" AND t.h = ").int(hashes.first().copied().unwrap_or(0));
            }
            used = Some(*by);
        }
        Driver::Kind => {
            sql.push(" FROM resource r WHERE 1 = 1");
        }
    }
    sql.push(" AND r.kind = ").int(query.kind.code()).push(" AND r.state = 0 AND r.rid <= ").int(snapshot);
    sql.push(" AND ");
    access.restrict(sql, &Columns::RESOURCE);
    for (i, criterion) in query.criteria.iter().enumerate() {
        if Some(i) != used {
            sql.push(" AND ");
            criteria::condition(sql, house.vault.terms(), query.kind, criterion)?;
        }
    }
    Ok(())
}

/// ORDER BY, and the rows after the previous page.
fn order(sql: &mut Sql, query: &Query, driver: &Driver, after: Option<After>) {
    let patient = matches!(driver, Driver::Patient { .. });
    let (column, rid, descending) = match query.sort {
        Sort::Date { descending } if patient => ("pt.lo", "pt.rid", descending),
        Sort::Date { descending } => ("r.time", "r.rid", descending),
        Sort::Updated { descending } => ("r.updated", "r.rid", descending),
        Sort::Stored { descending } => ("r.rid", "r.rid", descending),
    };
    let (compare, direction) = if descending { ("<", "DESC") } else { (">", "ASC") };
    if let Some(after) = after {
        sql.push(&format!(" AND ({column} {compare} ")).int(after.key);
        sql.push(&format!(" OR ({column} = ")).int(after.key);
        sql.push(&format!(" AND {rid} {compare} ")).int(after.rid).push("))");
    }
    if column == rid {
        sql.push(&format!(" ORDER BY {rid} {direction}"));
    } else {
        sql.push(&format!(" ORDER BY {column} {direction}, {rid} {direction}"));
    }
}
