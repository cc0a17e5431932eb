//! The file of a document, and its pages as pictures.

use crate::child::{self, Answer, Running, Task};
use crate::error::{DocumentError, records};
use crate::sealed::{Part, SealedReading, keep};
use crate::settings::settings;
use crate::shown::{self, Found};
use consent::Access;
use kernel::{Ctx, Problem};
use ledger::{Action, Disclosure, House};
use records::beside;
use std::sync::Arc;
use vault::DataKey;

/// A file that somebody may open.
#[derive(Clone)]
pub struct File {
    pub blob: i64,
    pub size: i64,
    pub pages: i64,
    pub name: String,
    pub media_type: String,
    /// How the pages must be turned to be read, as far as they were read.
    pub turned: Vec<(i64, i64)>,
    key: Arc<DataKey>,
}

fn file(tx: &mut db::Tx<'_>, house: &House, found: &Found) -> Result<File, DocumentError> {
    let row = &found.row;
    Ok(File {
        blob: row.blob,
        size: row.size,
        pages: row.pages,
        name: found.described().file_name.unwrap_or_else(|| "document".to_owned()),
        media_type: row.detail.media_type.clone(),
        turned: Vec::new(),
        key: house.vault.key(tx, row.patient)?,
    })
}

/// Looks at a document for its file.
pub async fn look(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<File>, Problem> {
    Access::open(ctx)?;
    shown::look(house, ctx, id, file).await
}

/// The same for pictures of its pages, which are shown as they are read.
pub async fn look_at(house: &House, ctx: &Ctx, id: &str) -> Result<Disclosure<File>, Problem> {
    Access::open(ctx)?;
    let take = |tx: &mut db::Tx<'_>, house: &House, found: &Found| {
        let turned =
            crate::reading::text::of(tx, house, &found.row)?.iter().map(|page| (page.n, page.turned)).collect();
        Ok(File { turned, ..file(tx, house, found)? })
    };
    shown::look(house, ctx, id, take).await
}

impl File {
    /// For the reading in the background, which shows it to nobody.
    pub const fn of_row(row: &crate::store::Row, key: Arc<DataKey>) -> Self {
        Self {
            blob: row.blob,
            size: row.size,
            pages: row.pages,
            name: String::new(),
            media_type: String::new(),
            turned: Vec::new(),
            key,
        }
    }

    pub async fn open(&self, house: &House) -> Result<SealedReading, DocumentError> {
        let settings = settings(house)?;
        let found = SealedReading::begin(&settings.blobs, &self.key, (Part::File, self.blob)).await?;
        found.ok_or_else(|| DocumentError::Blobs("the file of a document is not there".into()))
    }

    /// Hands the whole file to a child.
    pub async fn feed(&self, house: &House, child: &mut Running) -> Result<(), DocumentError> {
        let mut reading = self.open(house).await?;
        while let Some(piece) = reading.next().await? {
            child.feed(&piece).await;
        }
        Ok(())
    }
}

/// A picture of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shot {
    pub page: u32,
    pub width: u32,
    /// Degrees clockwise, as reading found that it must be turned.
    pub turned: i64,
}

/// A page as a JPEG picture, made once and kept sealed. `None` when there is no such page, or nothing to be seen.
pub async fn picture(
    house: &House,
    file: &File,
    media_type: &str,
    shot: Shot,
) -> Result<Option<Vec<u8>>, DocumentError> {
    let Shot { page, width, turned } = shot;
    if !crate::rules::has_pictures(media_type) || page == 0 || i64::from(page) > file.pages {
        return Ok(None);
    }
    let settings = settings(house)?;
    let place = (Part::Page(shot), file.blob);
    if let Some(kept) = SealedReading::begin(&settings.blobs, &file.key, place).await? {
        return Ok(Some(kept.whole().await?));
    }
    let (number, wide, turned) = (page.to_string(), width.to_string(), turned.to_string());
    let arguments = ["page", "--type", media_type, "--number", &number, "--width", &wide, "--turned", &turned];
    let mut child = child::start(house, Task::Page, &arguments).await?;
    file.feed(house, &mut child).await?;
    match child.end().await {
        // JPEG begins so, and nothing else leaves as a picture.
        Answer::Said(picture) if picture.starts_with(&[0xff, 0xd8]) => {
            keep(house, &settings.blobs, &file.key, place, &picture).await?;
            Ok(Some(picture))
        }
        _ => Ok(None),
    }
}

/// A file on its way out of the house with everything else of a record.
#[derive(Clone)]
pub struct Taken {
    /// A name that no other of them has.
    pub name: String,
    file: File,
}

impl Taken {
    /// The whole file: it is as large as files may be.
    pub async fn open(&self, house: &House) -> Result<Vec<u8>, Problem> {
        Ok(self.file.open(house).await?.whole().await?)
    }
}

/// All files of one's own record, or of a child's.
pub async fn taken(house: &House, ctx: &Ctx, patient: &str) -> Result<Disclosure<Vec<Taken>>, Problem> {
    let access = Access::open(ctx)?;
    let (inside, asker, named) = (house.clone(), ctx.clone(), patient.to_owned());
    let found = house.db.scan(move |tx| {
        let of = records::resolve::patient(tx, &inside, &access, &named).map_err(records)?;
        access.may_take(of)?;
        let mut all = shown::all(tx, &inside, &asker, &access, of.get())?;
        all.retain(|found| !found.deleted());
        all.sort_by_key(|found| found.row.rid);
        let seen: Vec<_> = all.iter().map(Found::marked).collect();
        let mut taken: Vec<Taken> = Vec::with_capacity(all.len());
        for found in &all {
            let file = file(tx, &inside, found)?;
            let name = distinct(&taken, &file.name);
            taken.push(Taken { name, file });
        }
        let shown = (of.get(), taken.len() as i64);
        // Where there are none, what the rest of the record's export says is all there is to say.
        let entry = beside::trace(tx, &asker, &access, Action::Export, shown, &seen).map_err(records)?;
        let entries = if taken.is_empty() { Vec::new() } else { vec![entry] };
        Ok::<_, DocumentError>(Disclosure::new(taken, entries))
    });
    Ok(found.await?)
}

/// `scan.pdf`, `scan (2).pdf`, …
fn distinct(taken: &[Taken], name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').map_or((name, String::new()), |(stem, e)| (stem, format!(".{e}")));
    let mut out = name.to_owned();
    let mut number = 2;
    while taken.iter().any(|other| other.name.eq_ignore_ascii_case(&out)) {
        out = format!("{stem} ({number}){ending}");
        number += 1;
    }
    out
}
