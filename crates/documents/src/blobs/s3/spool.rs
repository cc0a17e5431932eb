//! What waits to be sent: sealed already, so all but its end lies in a file without a name instead of in memory.

use crate::error::DocumentError;
use axum::body::Body;
use bytes::Bytes;
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::sync::Arc;

/// So much is held in memory.
const HELD: usize = 128 << 10;
/// A part is read on its way out in pieces of this size.
const PIECE: usize = 64 << 10;

/// What was written and not sent yet.
#[derive(Default)]
pub struct Spool {
    file: Option<Arc<File>>,
    /// How much lies in the file.
    written: usize,
    buffer: Vec<u8>,
}

/// What is sent, as often as it takes.
#[derive(Clone)]
pub enum Payload {
    Held(Bytes),
    Lying(Arc<File>, usize),
}

fn failed(error: &io::Error) -> DocumentError {
    DocumentError::Blobs(format!("a part of a file cannot wait in {}: {error}", std::env::temp_dir().display()))
}

async fn apart<T: Send + 'static>(act: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(act).await?
}

impl Spool {
    pub const fn len(&self) -> usize {
        self.written + self.buffer.len()
    }

    pub async fn add(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= HELD { self.lay().await } else { Ok(()) }
    }

    async fn lay(&mut self) -> Result<(), DocumentError> {
        let (file, at, buffer) = (self.file.take(), self.written as u64, std::mem::take(&mut self.buffer));
        let laid = apart(move || {
            let file = file.map_or_else(|| tempfile::tempfile().map(Arc::new), Ok)?;
            file.write_all_at(&buffer, at)?;
            Ok((file, buffer))
        });
        let (file, mut buffer) = laid.await.map_err(|e| failed(&e))?;
        self.written += buffer.len();
        buffer.clear();
        (self.file, self.buffer) = (Some(file), buffer);
        Ok(())
    }

    /// All of it; what comes after waits in another file, for what was not heard is sent again from this one.
    pub async fn take(&mut self) -> Result<Payload, DocumentError> {
        if self.file.is_some() && !self.buffer.is_empty() {
            self.lay().await?;
        }
        Ok(match self.file.take() {
            Some(file) => Payload::Lying(file, std::mem::take(&mut self.written)),
            None => Payload::Held(std::mem::take(&mut self.buffer).into()),
        })
    }
}

impl Payload {
    pub const fn len(&self) -> usize {
        match self {
            Self::Held(bytes) => bytes.len(),
            Self::Lying(_, len) => *len,
        }
    }

    pub fn body(&self) -> Body {
        match self {
            Self::Held(bytes) => Body::from(bytes.clone()),
            Self::Lying(file, len) => {
                let (file, len) = (Arc::clone(file), *len);
                Body::from_stream(futures_util::stream::unfold(0, move |at| piece(Arc::clone(&file), at, len)))
            }
        }
    }
}

/// The piece of a file that begins here, and where the next one does; `None` at its end.
async fn piece(file: Arc<File>, at: usize, len: usize) -> Option<(io::Result<Bytes>, usize)> {
    let size = PIECE.min(len - at);
    if size == 0 {
        return None;
    }
    let read = apart(move || {
        let mut piece = vec![0; size];
        file.read_exact_at(&mut piece, at as u64)?;
        Ok(Bytes::from(piece))
    });
    Some((read.await, at + size))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(payload: &Payload) -> Vec<u8> {
        axum::body::to_bytes(payload.body(), usize::MAX).await.unwrap().to_vec()
    }

    #[tokio::test]
    async fn what_waits_is_sent_whole_and_as_often_as_it_takes_and_little_of_it_is_in_memory() {
        let mut spool = Spool::default();
        let mut all = Vec::new();
        for i in 0..1000_u32 {
            let bytes = vec![(i % 251) as u8; 1 + i as usize % 2000];
            spool.add(&bytes).await.unwrap();
            all.extend(bytes);
            assert_eq!(spool.len(), all.len());
            assert!(spool.buffer.capacity() < 2 * HELD + 4000, "{}", spool.buffer.capacity());
        }
        let payload = spool.take().await.unwrap();
        assert!(matches!(payload, Payload::Lying(..)));
        // What follows does not touch what is still on its way.
        let next = vec![9; 3 * HELD];
        spool.add(&next).await.unwrap();
        assert_eq!((payload.len(), sent(&payload).await == all, sent(&payload).await == all), (all.len(), true, true));
        assert!(sent(&spool.take().await.unwrap()).await == next);
        spool.add(b"short").await.unwrap();
        let short = spool.take().await.unwrap();
        assert!(matches!(short, Payload::Held(_)));
        assert_eq!((sent(&short).await, spool.len()), (b"short".to_vec(), 0));
    }
}
