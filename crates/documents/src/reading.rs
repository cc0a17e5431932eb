//! Reading a document in the background, once it is there and its sender has their answer.

pub mod index;
pub mod text;

use crate::child::{self, Answer, Task};
use crate::content::{self, File, Shot};
use crate::error::{DocumentError, records};
use crate::model::{Read, State};
use crate::settings::settings;
use crate::store::{self, Row};
use crate::values;
use ledger::House;
use records::beside;

/// A document whose reading fails this often for reasons that are not its own is given up.
const TRIES: i64 = 5;
const THUMBNAIL: Shot = Shot { page: 1, width: 320, turned: 0 };

/// Reads a document. What is gone meanwhile is no error.
pub async fn run(house: &House, rid: i64, tries: i64) -> Result<(), DocumentError> {
    let Some((row, file)) = begin(house, rid).await? else { return Ok(()) };
    // What stopped it from outside, again and again, stops it once more: it must not be read for ever.
    if tries > TRIES {
        return unreadable(house, row, "The server could not read this file. Try again later.").await;
    }
    match said(house, &row, &file).await {
        Ok(Some(said)) => keep(house, row, &file, said).await,
        Ok(None) => {
            unreadable(house, row, "This file could not be read. It can be viewed and downloaded all the same.").await
        }
        Err(error) if tries >= TRIES => {
            tracing::error!(%error, "a document was not read");
            unreadable(house, row, "The server could not read this file. Try again later.").await
        }
        Err(error) => Err(error),
    }
}

/// Made beforehand, so that a list of many is there at once; what it lacks is made when it is asked for.
async fn thumbnail(house: &House, row: &Row, file: &File, read: &Read) {
    let turned = read.pages.first().map_or(0, |page| page.turned);
    let shot = Shot { turned, ..THUMBNAIL };
    if let Err(error) = content::picture(house, file, &row.detail.media_type, shot).await {
        tracing::warn!(%error, "a thumbnail could not be made");
    }
}

async fn begin(house: &House, rid: i64) -> Result<Option<(Row, File)>, DocumentError> {
    let inside = house.clone();
    house
        .db
        .write(move |tx| {
            let found = match store::by_rid(tx, &inside, rid) {
                // The record was erased.
                Err(DocumentError::Vault(vault::VaultError::NoKey)) => None,
                found => found?.filter(|row| row.deleted.is_none()),
            };
            let Some(mut row) = found else { return Ok(None) };
            if row.state != State::Reading {
                row.state = State::Reading;
                store::update(tx, &inside, &row)?;
                beside::announce(tx, &inside, rid).map_err(records)?;
            }
            let key = inside.vault.key(tx, row.patient)?;
            let file = File::of_row(&row, key);
            Ok::<_, DocumentError>(Some((row, file)))
        })
        .await
}

/// What the child says of it; `None` when it cannot say anything.
async fn said(house: &House, row: &Row, file: &File) -> Result<Option<Vec<u8>>, DocumentError> {
    let settings = settings(house)?;
    let arguments = ["read", "--type", &row.detail.media_type, "--languages", &settings.languages];
    let mut child = child::start(house, Task::Read, &arguments).await?;
    file.feed(house, &mut child).await?;
    match child.end().await {
        Answer::Said(said) => Ok(Some(said)),
        Answer::Nothing | Answer::Broke => Ok(None),
    }
}

/// Keeps what was read.
async fn keep(house: &House, mut row: Row, file: &File, said: Vec<u8>) -> Result<(), DocumentError> {
    let parsed = tokio::task::spawn_blocking(move || child::parsed::<Read>(&said)).await;
    let Some(read) = parsed.ok().flatten() else {
        return unreadable(house, row, "This file could not be read.").await;
    };
    thumbnail(house, &row, file, &read).await;
    // Long scans are read as far as the time goes.
    let unread = (read.unread > 0).then(|| {
        let pages = row.pages;
        format!("{} of {pages} pages without a text of their own were not looked at for letters: search does not find what stands there.", read.unread)
    });
    let inside = house.clone();
    house
        .db
        .write(move |tx| {
            // Another run, or a deletion, may have been faster.
            let Some(now) = store::by_rid(tx, &inside, row.rid)? else { return Ok(()) };
            if now.state != State::Reading {
                return Ok(());
            }
            index::forget_text(tx, row.rid)?;
            values::forget_proposed(tx, row.rid)?;
            text::insert(tx, &inside, &row, &read.pages)?;
            for page in &read.pages {
                index::page(tx, &inside, &row, page)?;
            }
            values::propose(tx, &inside, &row, read.values)?;
            row.detail.suggestions = Some(read.suggestions);
            row.state = State::Read;
            row.detail.reason = unread;
            store::update(tx, &inside, &row)?;
            beside::announce(tx, &inside, row.rid).map_err(records)
        })
        .await
}

async fn unreadable(house: &House, mut row: Row, why: &str) -> Result<(), DocumentError> {
    row.state = State::Unreadable;
    row.detail.reason = Some(why.to_owned());
    let inside = house.clone();
    house
        .db
        .write(move |tx| {
            if store::by_rid(tx, &inside, row.rid)?.is_some() {
                store::update(tx, &inside, &row)?;
                beside::announce(tx, &inside, row.rid).map_err(records)?;
            }
            Ok::<_, DocumentError>(())
        })
        .await
}
