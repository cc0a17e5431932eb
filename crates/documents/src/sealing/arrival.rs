//! A sealed file that has come whole. Nobody looks into it: there is nothing to be seen.

use super::store::{self, SealedRow, Which};
use super::{files, readers, rules, vaults};
use crate::error::{DocumentError, records};
use crate::sealed::{Part, SealedReading, SealedWriting, folder, random, remove_upload};
use crate::settings::settings;
use crate::shown::{self, KIND};
use crate::uploads::arrival::Arriving;
use crate::uploads::metadata::SealedWish;
use crate::uploads::store as uploads;
use crate::{jobs, store as documents};
use ::records::beside;
use consent::{Access, Compartment};
use db::Tx;
use kernel::{Ctx, Id, Issue, Problem};
use ledger::{Action, House};

/// Sealed documents of one record.
const MOST: i64 = 10_000;

fn wrong(name: &str, text: &str) -> DocumentError {
    Problem::unprocessable(vec![Issue::new("value", format!("Upload-Metadata.sealed.{name}"), text)]).into()
}

/// Whether such a document may come now, and into which compartment: asked when it begins and again when it is whole.
pub fn ready(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    (patient, size): (i64, i64),
    wish: &SealedWish,
) -> Result<Compartment, DocumentError> {
    let access = Access::open(ctx)?;
    if access.is_own(Id::new(patient)).is_err() {
        return Err(Problem::forbidden("Only the patient seals documents, in their own record.").into());
    }
    vaults::own(ctx, house, tx)?;
    let compartment = wish.compartment;
    if !rules::is_id(&wish.id) {
        return Err(wrong("id", "An id is 32 hexadecimal digits that the browser drew."));
    }
    if !rules::is_full(size) {
        return Err(wrong("id", "A sealed file is one byte and full pieces."));
    }
    rules::bytes("", &wish.detail, |length| (17..=rules::DETAIL_MOST).contains(&length))
        .map_err(|issue| wrong("detail", &issue.text))?;
    if store::patient_of(tx, &wish.id)?.is_some() {
        return Err(Problem::conflict("This id is taken. Draw another.").into());
    }
    // What comes after somebody lost their access must not be readable with a key that they hold.
    if store::epoch(tx, patient, compartment)? != wish.epoch || readers::is_due(tx, patient, compartment, ctx.now())? {
        return Err(Problem::conflict("The key of this compartment changed. Fetch it again, and seal anew.").into());
    }
    if store::count(tx, patient)? >= MOST {
        return Err(Problem::conflict("There are very many sealed documents. Delete some that nobody needs.").into());
    }
    if let Some(id) = &wish.replaces {
        replaced(tx, house, ctx, &access, id)?;
    }
    Ok(compartment)
}

/// The readable document that is to be removed once the sealed one is there.
fn replaced(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    access: &Access,
    id: &str,
) -> Result<shown::Found, DocumentError> {
    let found = shown::find(tx, house, ctx, access, id)?.ok_or_else(|| wrong("replaces", "It is not there."))?;
    match found.may_change {
        true => Ok(found),
        false => Err(wrong("replaces", "Only what you added yourself can be replaced by a sealed document.")),
    }
}

/// Puts the pieces together and makes the document; returns its id.
pub async fn finish(house: &House, ctx: &Ctx, arriving: Arriving, wish: SealedWish) -> Result<String, DocumentError> {
    let settings = settings(house)?;
    let patient = arriving.patient;
    let inside = house.clone();
    let key = house.db.read(move |tx| Ok::<_, DocumentError>(inside.vault.key(tx, patient)?)).await?;
    let blob = random(house);
    let mut writing = SealedWriting::begin(house, &settings.blobs, &key, (Part::File, blob)).await?;
    for part in &arriving.parts {
        let found = SealedReading::begin(&settings.blobs, &key, (Part::Upload, *part)).await?;
        let mut reading = found.ok_or_else(|| DocumentError::Blobs("a piece of an upload is not there".into()))?;
        while let Some(piece) = reading.next().await? {
            writing.write(&piece).await?;
        }
    }
    writing.finish().await?;
    let (inside, asker, of) = (house.clone(), ctx.clone(), arriving.clone());
    let made = house.db.write(move |tx| make(tx, &inside, &asker, &of, (blob, &wish))).await;
    if made.is_err() {
        settings.blobs.remove(&folder(blob)).await?;
        return made;
    }
    for part in &arriving.parts {
        remove_upload(&settings.blobs, *part).await?;
    }
    made
}

/// The row, the end of the upload, and the end of the readable copy: all or nothing.
fn make(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    arriving: &Arriving,
    (blob, wish): (i64, &SealedWish),
) -> Result<String, DocumentError> {
    let compartment = ready(tx, house, ctx, (arriving.patient, arriving.size), wish)?;
    let row = SealedRow {
        number: tx.allocate("sealed-document", 1)?,
        id: wish.id.clone(),
        patient: arriving.patient,
        compartment,
        epoch: wish.epoch,
        blob,
        size: arriving.size,
        added: ctx.now(),
        detail: wish.detail.clone(),
    };
    store::insert_document(tx, house, &row)?;
    files::log(ctx, house, tx, &row, Action::Create)?;
    if let Some(id) = &wish.replaces {
        let access = Access::open(ctx)?;
        let found = replaced(tx, house, ctx, &access, id)?;
        beside::delete(tx, house, ctx, (KIND, id)).map_err(records)?;
        beside::purge(tx, found.row.rid).map_err(records)?;
        documents::remove(tx, found.row.rid)?;
        jobs::remove_files(tx, &[found.row.blob], &[], ctx.now())?;
    }
    // A sealed document stands there with its number negated.
    if let Some(upload) = arriving.upload
        && !uploads::finished(tx, upload, -row.number)?
    {
        return Err(Problem::conflict("This upload was changed meanwhile. Ask how far it is, and go on there.").into());
    }
    Ok(row.id)
}

/// The id of what an upload became, if the caller can still see it.
pub fn id_of(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, number: i64) -> Result<Option<String>, DocumentError> {
    let access = Access::open(ctx)?;
    let Some(id) = store::id_of(tx, number)? else { return Ok(None) };
    Ok(store::documents(tx, house, &access, Which::Named(&id))?.into_iter().next().map(|row| row.id))
}
