//! A file that has come whole: looked into and sealed in one pass over its pieces, then made a document.

use super::metadata::Wishes;
use super::store as uploads;
use crate::child::{self, Answer, Task};
use crate::error::{DocumentError, records};
use crate::model::{AddedBy, State};
use crate::resource::{self, FileOf};
use crate::sealed::{Part, SealedReading, SealedWriting, folder, random, remove_upload};
use crate::settings::{Settings, settings};
use crate::store::{self, Detail, Row};
use crate::{jobs, reading, rules};
use consent::Access;
use db::Tx;
use fhir::Kind;
use kernel::{Actor, Ctx, Problem, rng};
use ledger::House;
use ring::digest::{Context, SHA256};
use serde::Deserialize;
use vault::DataKey;

/// A file whose pieces are all durable.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// The upload it came by, and where that stands in the database.
    pub upload: Option<(i64, i64)>,
    /// The id that the document is to have, where its sender must be able to say it again.
    pub id: Option<String>,
    pub patient: i64,
    pub parts: Vec<i64>,
    pub size: i64,
    pub wishes: Wishes,
}

/// What the child says.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Checked {
    Fine { r#type: String, pages: i64 },
    Refused { refused: Refusal },
}

#[derive(Debug, Deserialize)]
struct Refusal {
    reason: String,
    detail: String,
}

/// A file that lies sealed in the store and is no document yet.
struct Looked {
    blob: i64,
    media_type: &'static str,
    pages: i64,
    sha256: Vec<u8>,
}

/// Documents of one record.
const MOST: i64 = 10_000;

fn damaged() -> DocumentError {
    let detail =
        "This file cannot be read safely: it may be damaged. Save it anew, or take a picture of it.".to_owned();
    DocumentError::File { reason: "damaged", detail }
}

/// Looks into the file and makes a document of it; returns the id. The pieces are removed when it was taken or refused.
pub async fn finish(house: &House, ctx: &Ctx, arriving: Arriving) -> Result<String, DocumentError> {
    let settings = settings(house)?;
    let patient = arriving.patient;
    let inside = house.clone();
    let key = house.db.read(move |tx| Ok::<_, DocumentError>(inside.vault.key(tx, patient)?)).await?;
    let looked = look(house, &settings, &key, &arriving).await;
    let made = match looked {
        Ok(looked) => {
            let (inside, asker, of) = (house.clone(), ctx.clone(), arriving.clone());
            let blob = looked.blob;
            let made = house.db.write(move |tx| make(tx, &inside, &asker, &of, &looked)).await;
            if made.is_err() {
                settings.blobs.remove(&folder(blob)).await?;
            }
            made
        }
        Err(error) => Err(error),
    };
    // The row goes first: one whose pieces were gone could never be finished, and pieces that no row knows are swept.
    if let (Err(DocumentError::File { .. }), Some((upload, _))) = (&made, arriving.upload) {
        house.db.write(move |tx| uploads::remove(tx, upload).map_err(DocumentError::from)).await?;
    }
    // Whoever may try again with the last piece finds the others.
    if matches!(made, Ok(_) | Err(DocumentError::File { .. })) {
        for part in &arriving.parts {
            remove_upload(&settings.blobs, *part).await?;
        }
    }
    made
}

/// One pass: opened, shown to the child, digested, sealed as a whole. What is refused leaves nothing.
async fn look(house: &House, settings: &Settings, key: &DataKey, arriving: &Arriving) -> Result<Looked, DocumentError> {
    let blob = random(house);
    // In one word, so that a name which looks like an option is none.
    let name = format!("--name={}", arriving.wishes.file_name);
    let mut child = child::start(house, Task::Check, &["check", &name]).await?;
    let mut writing = SealedWriting::begin(house, &settings.blobs, key, (Part::File, blob)).await?;
    let mut digest = Context::new(&SHA256);
    let mut size = 0;
    for part in &arriving.parts {
        let found = SealedReading::begin(&settings.blobs, key, (Part::Upload, *part)).await?;
        let mut reading = found.ok_or_else(|| DocumentError::Blobs("a piece of an upload is not there".into()))?;
        while let Some(piece) = reading.next().await? {
            child.feed(&piece).await;
            digest.update(&piece);
            size += piece.len() as i64;
            writing.write(&piece).await?;
        }
    }
    if size != arriving.size {
        return Err(DocumentError::Blobs("the pieces of an upload do not make up the file".into()));
    }
    let Answer::Said(said) = child.end().await else { return Err(damaged()) };
    match child::parsed(&said) {
        Some(Checked::Fine { r#type, pages }) => {
            let media_type = rules::media_type(&r#type).ok_or_else(damaged)?;
            writing.finish().await?;
            Ok(Looked { blob, media_type, pages: pages.max(1), sha256: digest.finish().as_ref().to_vec() })
        }
        Some(Checked::Refused { refused: Refusal { reason, detail } }) => {
            Err(DocumentError::File { reason: rules::reason(&reason), detail })
        }
        None => Err(damaged()),
    }
}

/// The DocumentReference, the row beside it and the wish to have it read: all or nothing.
fn make(
    tx: &mut Tx<'_>,
    house: &House,
    ctx: &Ctx,
    arriving: &Arriving,
    looked: &Looked,
) -> Result<String, DocumentError> {
    Access::open(ctx)?.writer(ctx)?.may_create(Kind::DocumentReference, arriving.patient)?;
    if store::count(tx, arriving.patient)? >= MOST {
        return Err(Problem::conflict("This record has very many documents. Delete some that nobody needs.").into());
    }
    let id = arriving.id.clone().unwrap_or_else(|| rng::uuid(&*house.rng));
    let patient = records::beside::name_of(tx, house, arriving.patient).map_err(records)?;
    let patient = patient.ok_or_else(Problem::not_found)?;
    let file = FileOf {
        id: &id,
        patient: &patient,
        name: &arriving.wishes.file_name,
        media_type: looked.media_type,
        size: arriving.size,
    };
    let now = ctx.now();
    let said = arriving.wishes.said();
    let bytes = resource::new(file, &said, now);
    let made = records::beside::create(tx, house, ctx, (Kind::DocumentReference, &id), &bytes).map_err(records)?;
    let added_by = match ctx.actor {
        Actor::Patient { .. } => AddedBy::Patient,
        Actor::Practitioner { .. } => AddedBy::Practitioner,
        _ => AddedBy::Organization,
    };
    let name = Some(ctx.name.to_string()).filter(|name| !name.is_empty());
    let row = Row {
        rid: made.rid,
        patient: made.patient,
        blob: looked.blob,
        hash: store::content_hash(house, made.patient, &looked.sha256),
        size: arriving.size,
        pages: looked.pages,
        state: State::Waiting,
        added: now,
        added_by,
        deleted: None,
        detail: Detail { media_type: looked.media_type.to_owned(), author: name, ..Detail::default() },
    };
    store::insert(tx, house, &row)?;
    reading::index::say(tx, house, &row, &said, &arriving.wishes.file_name)?;
    jobs::read(tx, made.rid, now)?;
    if let Some(upload) = arriving.upload
        && !uploads::finished(tx, upload, made.rid)?
    {
        return Err(Problem::conflict("This upload was changed meanwhile. Ask how far it is, and go on there.").into());
    }
    Ok(id)
}
