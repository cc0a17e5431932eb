//! A file on its way out of a bucket. Where the connection breaks off, the rest is asked for, of the same object only.

use super::ask::{Answered, Asked};
use super::{GOOD, S3};
use crate::error::DocumentError;
use axum::http::{HeaderValue, header};
use bytes::{Buf, Bytes};
use rusty_s3::{Method, S3Action};

/// How often in a row the rest is asked for without a byte having come.
const TRIES: usize = 3;

pub struct Reading {
    store: S3,
    key: String,
    answered: Answered,
    /// What came and was not taken yet.
    rest: Bytes,
    /// How much came.
    at: u64,
    size: u64,
    /// What the store calls this content.
    tag: Option<HeaderValue>,
}

impl Reading {
    pub async fn open(store: S3, key: String) -> Result<Option<Self>, DocumentError> {
        let url = store.0.bucket.get_object(Some(&store.0.credentials), &key).sign(GOOD);
        let Some(answered) = store.ask_or_nothing(Asked::new(Method::Get, &url, "read")).await? else {
            return Ok(None);
        };
        let size = answered.header("content-length").and_then(|text| text.parse().ok());
        let size = size.ok_or_else(|| super::strange("a file", &"it does not say its length"))?;
        let tag = answered.0.headers.get(header::ETAG).cloned();
        Ok(Some(Self { store, key, answered, rest: Bytes::new(), at: 0, size, tag }))
    }

    /// Asks for what is missing.
    async fn again(&mut self) -> Result<(), DocumentError> {
        let url = self.store.0.bucket.get_object(Some(&self.store.0.credentials), &self.key).sign(GOOD);
        let range = HeaderValue::try_from(format!("bytes={}-", self.at)).map_err(|e| super::strange("a file", &e))?;
        let mut asked = Asked::new(Method::Get, &url, "read").header(header::RANGE, range);
        if let Some(tag) = &self.tag {
            asked = asked.header(header::IF_MATCH, tag.clone());
        }
        let answered = self.store.ask(asked).await?;
        // A store that does not know ranges begins anew, and that would be another piece in this place.
        if answered.0.status.as_u16() != 206 {
            return Err(super::strange("the rest of a file", &"it begins anew"));
        }
        self.answered = answered;
        Ok(())
    }

    /// The next bytes; none at the end.
    async fn next(&mut self) -> Result<Bytes, DocumentError> {
        let mut tries = 0;
        while self.at < self.size {
            let why = match self.answered.0.piece().await {
                Some(Ok(piece)) if piece.is_empty() => continue,
                Some(Ok(piece)) => {
                    self.at += piece.len() as u64;
                    return Ok(piece);
                }
                Some(Err(why)) => why,
                None => "it ends too early".to_owned(),
            };
            if tries == TRIES {
                return Err(DocumentError::Blobs(format!("the object store does not hand over a file: {why}")));
            }
            tries += 1;
            self.again().await?;
        }
        // Whoever reads the end gives the connection back.
        let _ = self.answered.0.piece().await;
        Ok(Bytes::new())
    }

    pub async fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> Result<(), DocumentError> {
        while out.len() < want {
            if self.rest.is_empty() {
                self.rest = self.next().await?;
                if self.rest.is_empty() {
                    return Ok(());
                }
            }
            let taken = self.rest.len().min(want - out.len());
            out.extend_from_slice(&self.rest[..taken]);
            self.rest.advance(taken);
        }
        Ok(())
    }
}
