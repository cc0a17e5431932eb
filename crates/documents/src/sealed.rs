//! Files sealed on their way into the store and opened on their way out, a piece at a time: none is ever held whole.

use crate::blobs::{Blobs, Reading, Writing};
use crate::content::Shot;
use crate::error::DocumentError;
use bytes::Bytes;
use futures_util::{Stream, stream};
use ledger::House;
use std::sync::Arc;
use vault::stream::{HEADER, Opener, PIECE, Sealer, TAG};
use vault::{Aad, DataKey};

/// What is kept under one random number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A piece of a file on its way in.
    Upload,
    /// The file of a document.
    File,
    /// A page of a document as a picture.
    Page(Shot),
}

/// The folder of everything of a document.
pub fn folder(blob: i64) -> String {
    format!("documents/{blob:016x}")
}

impl Part {
    fn name(self, blob: i64) -> String {
        match self {
            Self::Upload => format!("uploads/{blob:016x}"),
            Self::File => format!("{}/file", folder(blob)),
            Self::Page(Shot { page, width, turned }) => format!("{}/page-{page}-{width}-{turned}", folder(blob)),
        }
    }

    const fn place(self, blob: i64) -> Aad {
        match self {
            Self::Upload => Aad::new("upload", blob, 0, 0),
            Self::File => Aad::new("document", blob, 0, 0),
            Self::Page(Shot { page, width, turned }) => {
                Aad::new("document", blob, page as i64, (width as i64) * 1000 + turned)
            }
        }
    }
}

/// Removes a piece of an upload.
pub async fn remove_upload(blobs: &Blobs, blob: i64) -> Result<(), DocumentError> {
    blobs.remove(&Part::Upload.name(blob)).await
}

/// A number that nobody guesses and nothing else has.
pub fn random(house: &House) -> i64 {
    i64::from_le_bytes(kernel::rng::bytes(&*house.rng)) & i64::MAX
}

pub struct SealedWriting {
    writing: Writing,
    sealer: Sealer,
    piece: Vec<u8>,
}

impl SealedWriting {
    pub async fn begin(
        house: &House,
        blobs: &Blobs,
        key: &DataKey,
        (part, blob): (Part, i64),
    ) -> Result<Self, DocumentError> {
        let mut writing = blobs.put(&part.name(blob)).await?;
        let (sealer, header) = Sealer::new(&*house.rng, key, &part.place(blob))?;
        writing.write(&header).await?;
        Ok(Self { writing, sealer, piece: Vec::with_capacity(PIECE + TAG) })
    }

    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), DocumentError> {
        while !bytes.is_empty() {
            // A full piece waits until it is known whether it is the last.
            if self.piece.len() == PIECE {
                self.sealer.seal(&mut self.piece, false)?;
                self.writing.write(&self.piece).await?;
                self.piece.clear();
            }
            let (now, rest) = bytes.split_at(bytes.len().min(PIECE - self.piece.len()));
            self.piece.extend_from_slice(now);
            bytes = rest;
        }
        Ok(())
    }

    pub async fn finish(mut self) -> Result<(), DocumentError> {
        self.sealer.seal(&mut self.piece, true)?;
        self.writing.write(&self.piece).await?;
        self.writing.finish().await
    }
}

pub struct SealedReading {
    reading: Reading,
    opener: Opener,
    /// What was read ahead: a piece is the last when nothing follows it.
    ahead: Vec<u8>,
    over: bool,
}

impl SealedReading {
    /// `None` when there is no such file.
    pub async fn begin(blobs: &Blobs, key: &DataKey, (part, blob): (Part, i64)) -> Result<Option<Self>, DocumentError> {
        let Some(mut reading) = blobs.get(&part.name(blob)).await? else { return Ok(None) };
        let mut header = Vec::with_capacity(HEADER);
        reading.fill(&mut header, HEADER).await?;
        let opener = Opener::new(key, &part.place(blob), &header)?;
        let mut ahead = Vec::with_capacity(PIECE + TAG);
        reading.fill(&mut ahead, PIECE + TAG).await?;
        Ok(Some(Self { reading, opener, ahead, over: false }))
    }

    /// The next piece; nothing after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, DocumentError> {
        if self.over {
            return Ok(None);
        }
        let mut piece = std::mem::replace(&mut self.ahead, Vec::with_capacity(PIECE + TAG));
        self.reading.fill(&mut self.ahead, PIECE + TAG).await?;
        self.over = self.ahead.is_empty();
        self.opener.open(&mut piece, self.over)?;
        Ok(Some(piece))
    }

    /// All of it: for what is known to be small.
    pub async fn whole(mut self) -> Result<Vec<u8>, DocumentError> {
        let mut out = Vec::new();
        while let Some(piece) = self.next().await? {
            out.extend_from_slice(&piece);
        }
        Ok(out)
    }

    /// As the body of an answer. A file that is damaged ends the answer in its middle, and never as if it were whole.
    pub fn stream(self) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
        stream::try_unfold(self, |mut reading| async move {
            match reading.next().await {
                Ok(Some(piece)) => Ok(Some((Bytes::from(piece), reading))),
                Ok(None) => Ok(None),
                Err(error) => {
                    tracing::error!(%error, "a file broke off while it was sent");
                    Err(std::io::Error::other("the file is damaged"))
                }
            }
        })
    }
}

/// Seals something small whole.
pub async fn keep(
    house: &House,
    blobs: &Blobs,
    key: &Arc<DataKey>,
    place: (Part, i64),
    content: &[u8],
) -> Result<(), DocumentError> {
    let mut writing = SealedWriting::begin(house, blobs, key, place).await?;
    writing.write(content).await?;
    writing.finish().await
}
