//! Sealed documents of a record: the list, the bytes of one, a new description, the end.

use super::model::{SealedChange, SealedDocument, SealedRecord};
use super::store::{self, SealedRow, Which};
use super::{readers, rules};
use crate::error::{DocumentError, records};
use crate::sealed::{Part, SealedReading};
use crate::settings::settings;
use ::records::beside;
use consent::{Access, compartment};
use db::Tx;
use kernel::{Ctx, Id, Problem, Timestamp};
use ledger::{Action, Disclosure, Entry, House};
use std::sync::Arc;
use vault::DataKey;

/// What the ledger calls one.
pub const WHAT: &str = "SealedDocument";

/// The entry that tells of a look at these, which are of one compartment.
fn trace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    access: &Access,
    action: Action,
    rows: &[&SealedRow],
) -> Result<Option<Entry>, DocumentError> {
    let Some(first) = rows.first() else { return Ok(None) };
    let basis = access.sealed_ground(tx, first.patient, first.compartment)?;
    let entry = Entry::new(ctx, Id::new(first.patient), action).what(WHAT, rows.len() as i64);
    Ok(Some(entry.ground(basis.ground, basis.purpose, basis.grant)))
}

/// Open pages of the patient, and of those who may open something sealed, ask again.
pub fn announce(tx: &mut Tx<'_>, house: &House, patient: i64, now: Timestamp) -> Result<(), DocumentError> {
    let Some(id) = beside::name_of(tx, house, patient).map_err(records)? else { return Ok(()) };
    tx.announce(format!("patient:{patient} record:{id}"));
    for reader in compartment::readers(tx, patient, now)? {
        tx.announce(format!("reader:{} record:{id}", reader.practitioner));
    }
    Ok(())
}

/// What of a record is sealed and may be opened by the caller, and the keys that were wrapped for them.
pub async fn list(house: &House, ctx: &Ctx, patient: &str) -> Result<Disclosure<SealedRecord>, Problem> {
    let access = Access::open(ctx)?;
    let max_bytes = settings(house)?.max_bytes;
    let (inside, asker, named) = (house.clone(), ctx.clone(), patient.to_owned());
    let found = house.db.read(move |tx| {
        let of = ::records::resolve::patient(tx, &inside, &access, &named).map_err(records)?;
        let may_change = access.is_own(of).is_ok();
        let rows = store::documents(tx, &inside, &access, Which::Of(of.get()))?;
        let reader = access.practitioner().unwrap_or(0);
        let keys = store::wraps(tx, &inside, &access, of.get(), Some(reader))?;
        let vault = store::vault_of_patient(tx, &inside, of.get())?;
        let mut entries = Vec::new();
        // Of several compartments each may be open by another grant.
        for compartment in consent::Compartment::ALL {
            let some: Vec<&SealedRow> = rows.iter().filter(|row| row.compartment == compartment).collect();
            entries.extend(trace(tx, &asker, &access, Action::Search, &some)?);
        }
        let shown = SealedRecord {
            documents: rows.iter().map(document).collect(),
            sign_key: vault.filter(|_| may_change || !keys.is_empty()).map(|row| row.detail.sign_key),
            keys: keys.iter().map(readers::wrap).collect(),
            may_change,
            max_bytes,
        };
        Ok::<_, DocumentError>(Disclosure::new(shown, entries))
    });
    match found.await.map_err(Problem::from) {
        Err(problem) if problem.status == 404 => Err(beside::refused(house, ctx, fhir::Kind::Patient, patient).await),
        found => found,
    }
}

fn document(row: &SealedRow) -> SealedDocument {
    SealedDocument {
        id: row.id.clone(),
        compartment: row.compartment,
        epoch: row.epoch,
        size: row.size,
        added: row.added.to_rfc3339(),
        detail: row.detail.clone(),
    }
}

/// A file as it was sealed in the browser.
pub struct SealedFile {
    pub size: i64,
    blob: i64,
    key: Arc<DataKey>,
}

impl SealedFile {
    pub async fn open(&self, house: &House) -> Result<SealedReading, DocumentError> {
        let settings = settings(house)?;
        let found = SealedReading::begin(&settings.blobs, &self.key, (Part::File, self.blob)).await?;
        found.ok_or_else(|| DocumentError::Blobs("the file of a sealed document is not there".into()))
    }
}

/// Looks at a sealed document for its bytes.
pub async fn content(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<SealedFile>, Problem> {
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), id.to_owned());
    let found = house.db.read(move |tx| {
        let rows = store::documents(tx, &inside, &access, Which::Named(&named))?;
        let Some(row) = rows.first() else { return Ok(Err(store::patient_of(tx, &named)?)) };
        let entry = trace(tx, &asker, &access, Action::Read, &[row])?;
        let file = SealedFile { size: row.size, blob: row.blob, key: inside.vault.key(tx, row.patient)? };
        Ok::<_, DocumentError>(Ok(Disclosure::new(file, entry.into_iter().collect())))
    });
    found.await.map_err(Problem::from)?.map_err(|hidden| {
        refused(house, ctx, hidden);
        Problem::not_found()
    })
}

/// Somebody asked for what they may not open. Their answer does not wait for this.
fn refused(house: &House, ctx: &Ctx, patient: Option<i64>) {
    let Some(patient) = patient else { return };
    let entry = Entry::new(ctx, Id::new(patient), Action::Refused).what(WHAT, 0);
    let house = house.clone();
    tokio::spawn(async move {
        let written = house.db.write(move |tx| {
            ledger::append(tx, entry);
            Ok::<_, DocumentError>(())
        });
        if let Err(error) = written.await {
            tracing::error!(%error, "a refusal could not be logged");
        }
    });
}

/// The caller's own sealed document.
fn own(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: &str) -> Result<SealedRow, DocumentError> {
    let access = Access::open(ctx)?;
    let found = store::documents(tx, house, &access, Which::Named(id))?.into_iter().next();
    let row = found.ok_or_else(Problem::not_found)?;
    if access.is_own(Id::new(row.patient)).is_err() {
        return Err(Problem::forbidden("Only the patient changes or deletes their sealed documents.").into());
    }
    Ok(row)
}

/// Describes a sealed document anew.
pub fn change(
    ctx: &Ctx,
    house: &House,
    tx: &mut Tx<'_>,
    id: &str,
    form: &SealedChange,
) -> Result<SealedDocument, DocumentError> {
    let row = own(ctx, house, tx, id)?;
    rules::bytes("detail", &form.detail, |length| (17..=rules::DETAIL_MOST).contains(&length))
        .map_err(|issue| Problem::unprocessable(vec![issue]))?;
    let row = SealedRow { detail: form.detail.clone(), ..row };
    store::update_document(tx, house, &row)?;
    log(ctx, house, tx, &row, Action::Update)?;
    Ok(document(&row))
}

/// Deletes a sealed document for good.
pub fn delete(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, id: &str) -> Result<(), DocumentError> {
    let row = own(ctx, house, tx, id)?;
    store::remove_document(tx, row.number)?;
    crate::jobs::remove_files(tx, &[row.blob], &[], ctx.now())?;
    log(ctx, house, tx, &row, Action::Delete)
}

/// Tells of a change, in the transaction that makes it.
pub fn log(ctx: &Ctx, house: &House, tx: &mut Tx<'_>, row: &SealedRow, action: Action) -> Result<(), DocumentError> {
    let access = Access::open(ctx)?;
    if let Some(entry) = trace(tx, ctx, &access, action, &[row])? {
        ledger::append(tx, entry);
    }
    announce(tx, house, row.patient, ctx.now())
}
