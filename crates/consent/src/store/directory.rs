//! Who is meant: grantees by logical id, patients by e-mail address or share code. Names are read from the resources.

use crate::body;
use crate::error::ConsentError;
use crate::model::{Grantee, GranteeType, Party};
use crate::rules;
use db::{DbError, Row, Tx};
use fhir::Kind;
use ledger::House;
use vault::{DIRECTORY, VaultError};

struct Body {
    rid: i64,
    kind: i64,
    idh: i64,
    version: i64,
    sealed: Vec<u8>,
}

fn read(row: &Row<'_, '_>) -> Result<Body, ConsentError> {
    let sealed = row.blob(4)?.to_vec();
    Ok(Body { rid: row.int(0)?, kind: row.int(1)?, idh: row.int(2)?, version: row.int(3)?, sealed })
}

/// The text of a resource; the owner is whose key seals it.
fn json(tx: &mut Tx<'_>, house: &House, owner: i64, body: &Body) -> Result<Vec<u8>, ConsentError> {
    let defect = || DbError::Failed(format!("resource {}: an unknown kind", body.rid));
    let kind = Kind::from_code(body.kind).ok_or_else(defect)?;
    Ok(body::open(&*house.vault.key(tx, owner)?, kind, body.idh, body.version, &body.sealed)?)
}

/// Id and name of a resource.
fn party(tx: &mut Tx<'_>, house: &House, owner: i64, body: &Body) -> Result<Party, ConsentError> {
    let defect = |what: &str| DbError::Failed(format!("resource {}: {what}", body.rid));
    let json = json(tx, house, owner, body)?;
    let node = fhir::json::parse(&json).map_err(|_| defect("not JSON"))?;
    let id = node.str_of("id").ok_or_else(|| defect("no id"))?.to_owned();
    let name = Some(body::display_name(&node)).filter(|name| !name.is_empty());
    Ok(Party {
        name: name.unwrap_or_else(|| format!("{} {id}", Kind::from_code(body.kind).map_or("Resource", Kind::name))),
        id,
    })
}

/// The grantee that a form names, if the directory has it.
pub fn resolve(tx: &mut Tx<'_>, house: &House, kind: GranteeType, id: &str) -> Result<Option<Grantee>, ConsentError> {
    let fhir_kind = kind.kind();
    let idh = house.vault.terms().hash(b"id", &[fhir_kind.name().as_bytes(), id.as_bytes()]);
    let found = tx.query_opt(
        "SELECT rid, kind, idh, version, body FROM resource WHERE kind = ?1 AND idh = ?2 AND patient = 0 AND state = 0",
        &[fhir_kind.code().into(), idh.into()],
        read,
    )?;
    let Some(body) = found else { return Ok(None) };
    let Party { id, name } = party(tx, house, DIRECTORY, &body)?;
    Ok(Some(Grantee { kind, rid: body.rid, id, name }))
}

/// Id and name of the resource with this number; the owner is a patient's own number, or 0 for the directory.
pub fn person(tx: &mut Tx<'_>, house: &House, rid: i64, owner: i64) -> Result<Option<Party>, ConsentError> {
    let found = tx.query_opt(
        "SELECT rid, kind, idh, version, body FROM resource WHERE rid = ?1 AND patient = ?2 AND state = 0",
        &[rid.into(), owner.into()],
        read,
    )?;
    found.map(|body| party(tx, house, owner, &body)).transpose()
}

/// The body of a patient's own entry.
pub fn person_json(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<Option<Vec<u8>>, ConsentError> {
    let found = tx.query_opt(
        "SELECT rid, kind, idh, version, body FROM resource WHERE rid = ?1 AND patient = ?1 AND state = 0",
        &[patient.into()],
        read,
    )?;
    found.map(|body| json(tx, house, patient, &body)).transpose()
}

/// Where the owner of an account works.
pub fn workplaces(tx: &mut Tx<'_>, account: i64) -> Result<Vec<i64>, DbError> {
    tx.query("SELECT organization FROM membership WHERE account = ?1", &[account.into()], |row| row.int(0))
}

/// The patient whose account has this e-mail address, however it is written.
pub fn patient_of_email(tx: &mut Tx<'_>, house: &House, typed: &str) -> Result<Option<i64>, DbError> {
    let h = house.vault.terms().hash(b"email", &[rules::fold_email(typed).as_bytes()]);
    let found = tx.query_opt(
        "SELECT patient FROM account WHERE email = ?1 AND role = 'patient' AND state = 0",
        &[h.into()],
        |row| row.opt_int(0),
    )?;
    Ok(found.flatten())
}

fn code_hash(house: &House, code: &str) -> i64 {
    house.vault.terms().hash(b"share-code", &[code.as_bytes()])
}

fn code_of(house: &House, patient: i64, attempt: i64) -> String {
    let parts: [&[u8]; 2] = [&patient.to_le_bytes(), &attempt.to_le_bytes()];
    rules::share_code(house.vault.terms().hash(b"share-code of", &parts))
}

/// The patient with this share code.
pub fn patient_of_share_code(tx: &mut Tx<'_>, house: &House, code: &str) -> Result<Option<i64>, DbError> {
    let h = code_hash(house, code);
    let found = tx.query_opt("SELECT patient FROM share_code WHERE h = ?1", &[h.into()], |row| row.int(0))?;
    // The code of an erased patient leads nowhere.
    match found {
        Some(patient) => match house.vault.key(tx, patient) {
            Ok(_) => Ok(Some(patient)),
            Err(VaultError::Db(error)) => Err(error),
            Err(_) => Ok(None),
        },
        None => Ok(None),
    }
}

/// A patient's share code, made when it is first asked for.
pub fn share_code(tx: &mut Tx<'_>, house: &House, patient: i64) -> Result<String, DbError> {
    let kept =
        tx.query_opt("SELECT attempt FROM share_code WHERE patient = ?1", &[patient.into()], |row| row.int(0))?;
    if let Some(attempt) = kept {
        return Ok(code_of(house, patient, attempt));
    }
    let mut attempt = 0;
    loop {
        let code = code_of(house, patient, attempt);
        let h = code_hash(house, &code);
        if tx.count("SELECT COUNT(*) FROM share_code WHERE h = ?1", &[h.into()])? == 0 {
            tx.execute(
                "INSERT INTO share_code (patient, attempt, h) VALUES (?1, ?2, ?3)",
                &[patient.into(), attempt.into(), h.into()],
            )?;
            return Ok(code);
        }
        attempt += 1;
    }
}
