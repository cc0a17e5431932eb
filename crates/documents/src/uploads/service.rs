//! Use cases of an upload. Line 1 of each authorises.

use super::arrival::{Arriving, finish};
use super::incoming::Incoming;
use super::metadata::{self, Wishes};
use super::store::{self, Upload};
use crate::error::{DocumentError, records};
use crate::jobs;
use crate::model::{Unfinished, UnfinishedUpload};
use crate::sealed::{Part, SealedWriting, random, remove_upload};
use crate::sealing::{arrival as sealing, rules};
use crate::settings::settings;
use ::records::beside;
use axum::body::Body;
use consent::Access;
use db::Tx;
use fhir::Kind;
use http_body_util::BodyExt;
use kernel::{Ctx, Problem, Timestamp};
use ledger::{Action, Disclosure, House};

/// How long an upload that nobody goes on with is kept.
const KEPT_MS: i64 = 24 * 3_600_000;
/// Uploads of one record that are under way.
const MOST: i64 = 100;

/// How an upload stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: i64,
    pub offset: i64,
    pub size: i64,
    pub expires: Timestamp,
    /// The address of the document it became.
    pub document: Option<String>,
}

pub fn too_large(most: u64) -> Problem {
    let detail = format!("This file is larger than the {most} bytes that are taken here.");
    Problem::new(413, "too-large", detail)
}

pub fn empty() -> Problem {
    Problem::new(422, "empty", "This file is empty.")
}

/// Whose record a file is for, if the caller may put one there.
pub fn subject(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, patient: &str) -> Result<i64, DocumentError> {
    let access = Access::open(ctx)?;
    let writer = access.writer(ctx)?;
    let found = records::beside::subject(tx, house, &access, patient).map_err(records)?;
    let found = found.ok_or_else(Problem::not_found)?.get();
    writer.may_create(Kind::DocumentReference, found)?;
    Ok(found)
}

/// Begins an upload.
pub async fn create(house: &House, ctx: &Ctx, size: u64, described: &str) -> Result<Standing, DocumentError> {
    Access::open(ctx)?.writer(ctx)?;
    let settings = settings(house)?;
    let (wishes, patient) = metadata::read(described)?;
    // A sealed file is full pieces, each with its tag.
    let most = if wishes.sealed.is_some() { rules::room(settings.max_bytes) } else { settings.max_bytes };
    if size > most {
        return Err(too_large(most).into());
    }
    if size == 0 {
        return Err(empty().into());
    }
    let wishes = wishes.checked(&ctx.now().to_rfc3339()[..10])?;
    let (inside, asker) = (house.clone(), ctx.clone());
    house
        .db
        .write(move |tx| {
            let patient = subject(tx, &inside, &asker, &patient)?;
            let now = asker.now();
            if let Some(wish) = &wishes.sealed {
                sealing::ready(tx, &inside, &asker, (patient, i64::try_from(size).unwrap_or(0)), wish)?;
            }
            if store::under_way(tx, patient, now)? >= MOST {
                let detail = "Very many files are on their way already. Finish some, or end them.";
                return Err(Problem::new(429, "rate-limited", detail).retry_after(60).into());
            }
            let upload = Upload {
                id: tx.allocate("upload", 1)?,
                account: asker.actor.account().map_or(0, kernel::Id::get),
                patient,
                size: i64::try_from(size).map_err(|_| Problem::not_found())?,
                received: 0,
                expires: now.plus_ms(KEPT_MS),
                document: None,
                wishes,
            };
            store::insert(tx, &inside, &upload)?;
            Ok(Standing { id: upload.id, offset: 0, size: upload.size, expires: upload.expires, document: None })
        })
        .await
}

/// The caller's own upload, in the record that is open.
fn own(tx: &mut Tx<'_>, house: &House, ctx: &Ctx, id: i64) -> Result<Upload, DocumentError> {
    let access = Access::open(ctx)?;
    let writer = access.writer(ctx)?;
    let account = ctx.actor.account().map_or(0, kernel::Id::get);
    let found = store::find(tx, house, id)?.filter(|upload| upload.account == account && upload.expires > ctx.now());
    let upload = found.ok_or_else(Problem::not_found)?;
    // Somebody who looks after another record began it there: here it is nothing.
    writer.may_create(Kind::DocumentReference, upload.patient).map_err(|_| Problem::not_found())?;
    Ok(upload)
}

/// The caller's own uploads into a record that are not finished.
pub async fn unfinished(house: &House, ctx: &Ctx, patient: &str) -> Result<Disclosure<Unfinished>, DocumentError> {
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), patient.to_owned());
    house
        .db
        .read(move |tx| {
            let of = subject(tx, &inside, &asker, &named)?;
            let account = asker.actor.account().map_or(0, kernel::Id::get);
            let found = store::unfinished(tx, &inside, (account, of), asker.now())?;
            let mut entries = Vec::new();
            // That nothing is there tells nothing of the record.
            if !found.is_empty() {
                let count = (of, found.len() as i64);
                entries.push(beside::trace(tx, &asker, &access, Action::Search, count, &[]).map_err(records)?);
            }
            let items = found.into_iter().map(|upload| UnfinishedUpload {
                address: format!("/api/uploads/{}", upload.id),
                name: upload.wishes.file_name,
                size: upload.size,
                received: upload.received,
                fingerprint: upload.wishes.fingerprint,
                expires: upload.expires.to_rfc3339(),
            });
            Ok(Disclosure::new(Unfinished { items: items.collect() }, entries))
        })
        .await
}

/// How far it is.
pub async fn standing(house: &House, ctx: &Ctx, id: i64) -> Result<Standing, DocumentError> {
    Access::open(ctx)?;
    let (inside, asker) = (house.clone(), ctx.clone());
    house
        .db
        .read(move |tx| {
            let upload = own(tx, &inside, &asker, id)?;
            let document = match upload.document {
                Some(rid) if rid < 0 => {
                    sealing::id_of(tx, &inside, &asker, -rid)?.map(|id| format!("/api/sealed/{id}"))
                }
                Some(rid) => crate::shown::id_of(tx, &inside, &asker, rid)?.map(|id| format!("/api/documents/{id}")),
                None => None,
            };
            let Upload { id, received, size, expires, .. } = upload;
            Ok(Standing { id, offset: received, size, expires, document })
        })
        .await
}

/// Takes the next bytes. What came is kept also when the sender hangs up; the last byte makes the document.
pub async fn append(house: &House, ctx: &Ctx, id: i64, offset: i64, body: Body) -> Result<Standing, DocumentError> {
    Access::open(ctx)?;
    let settings = settings(house)?;
    let (inside, asker) = (house.clone(), ctx.clone());
    let (upload, key) = house
        .db
        .read(move |tx| {
            let upload = own(tx, &inside, &asker, id)?;
            let key = inside.vault.key(tx, upload.patient)?;
            Ok::<_, DocumentError>((upload, key))
        })
        .await?;
    if upload.document.is_some() || upload.received != offset {
        let detail = format!("The upload stands at {}. Ask with HEAD, and go on there.", upload.received);
        return Err(Problem::conflict(detail).into());
    }
    let blob = random(house);
    let writing = SealedWriting::begin(house, &settings.blobs, &key, (Part::Upload, blob)).await?;
    let room = u64::try_from(upload.size - offset).unwrap_or(0);
    let came = receive(writing, body, room).await?;
    let received = offset + came.bytes;
    let ended = if received == upload.size && came.whole {
        complete(house, ctx, &upload, blob).await.map(Some)
    } else if came.bytes > 0 && received < upload.size {
        count(house, ctx, &upload, (blob, came.bytes)).await.map(|()| None)
    } else {
        remove_upload(&settings.blobs, blob).await?;
        Ok(None)
    };
    let document = match ended {
        Ok(document) => document,
        Err(error) => {
            remove_upload(&settings.blobs, blob).await?;
            return Err(error);
        }
    };
    if !came.whole {
        return Err(Problem::bad_request("The piece did not arrive whole. Ask with HEAD how far it came.").into());
    }
    Ok(Standing { id, offset: received, size: upload.size, expires: ctx.now().plus_ms(KEPT_MS), document })
}

struct Came {
    bytes: i64,
    /// Whether the sender said all they wanted to.
    whole: bool,
}

/// Seals what comes. More than there is room for is refused whole.
async fn receive(mut writing: SealedWriting, mut body: Body, room: u64) -> Result<Came, DocumentError> {
    let mut bytes = 0;
    let whole = loop {
        match body.frame().await {
            None => break true,
            Some(Err(_)) => break false,
            Some(Ok(frame)) => {
                let Ok(data) = frame.into_data() else { continue };
                bytes += data.len() as u64;
                if bytes > room {
                    let detail = format!("The upload lacks {room} bytes, and this piece is longer.");
                    return Err(Problem::new(413, "too-large", detail).into());
                }
                writing.write(&data).await?;
            }
        }
    };
    writing.finish().await?;
    Ok(Came { bytes: i64::try_from(bytes).unwrap_or(i64::MAX), whole })
}

async fn count(house: &House, ctx: &Ctx, upload: &Upload, part: (i64, i64)) -> Result<(), DocumentError> {
    let (at, expires) = ((upload.id, upload.received), ctx.now().plus_ms(KEPT_MS));
    let counted = house.db.write(move |tx| store::add_part(tx, at, part, expires).map_err(DocumentError::from)).await?;
    if counted {
        return Ok(());
    }
    Err(Problem::conflict("Another piece came meanwhile. Ask with HEAD how far it is, and go on there.").into())
}

async fn complete(house: &House, ctx: &Ctx, upload: &Upload, last: i64) -> Result<String, DocumentError> {
    let id = upload.id;
    let mut parts = house.db.read(move |tx| store::parts(tx, id).map_err(DocumentError::from)).await?;
    parts.push(last);
    let Upload { patient, size, received, wishes, .. } = upload.clone();
    let sealed = wishes.sealed.clone();
    let arriving = Arriving { upload: Some((id, received)), id: None, patient, parts, size, wishes };
    Ok(match sealed {
        Some(wish) => format!("/api/sealed/{}", sealing::finish(house, ctx, arriving, wish).await?),
        None => format!("/api/documents/{}", finish(house, ctx, arriving).await?),
    })
}

/// Ends an upload. One that became a document is over; the document stays.
pub async fn end(house: &House, ctx: &Ctx, id: i64) -> Result<(), DocumentError> {
    Access::open(ctx)?;
    let (inside, asker) = (house.clone(), ctx.clone());
    house
        .db
        .write(move |tx| {
            let upload = own(tx, &inside, &asker, id)?;
            let parts = store::parts(tx, upload.id)?;
            store::remove(tx, upload.id)?;
            Ok::<_, DocumentError>(jobs::remove_files(tx, &[], &parts, asker.now())?)
        })
        .await
}

/// The whole in one step, for programs; returns the id of the document.
pub async fn whole(
    house: &House,
    ctx: &Ctx,
    patient: &str,
    wishes: Wishes,
    mut body: Body,
) -> Result<String, DocumentError> {
    Access::open(ctx)?.writer(ctx)?;
    let wishes = wishes.checked(&ctx.now().to_rfc3339()[..10])?;
    let mut incoming = Incoming::begin(house, ctx, Some(patient.to_owned())).await?;
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Problem::bad_request("The file did not arrive whole."))?;
        if let Ok(data) = frame.into_data() {
            incoming.write(&data).await?;
        }
    }
    incoming.whole().await?.take(house, ctx, wishes, None).await
}
