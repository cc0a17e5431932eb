//! A file on its way into a bucket: whole when it is small, else in parts that become an object together.

use super::S3;
use crate::error::DocumentError;
use bytes::Bytes;

/// No part but the last may be smaller in S3, and some stores want all of them equal.
const PART: usize = 5 << 20;

/// What is in memory of a file is less than two parts.
pub struct Writing {
    store: S3,
    key: String,
    buffer: Vec<u8>,
    /// The name of the attempt, once there are parts.
    upload: Option<String>,
    tags: Vec<String>,
}

impl Writing {
    pub const fn new(store: S3, key: String) -> Self {
        Self { store, key, buffer: Vec::new(), upload: None, tags: Vec::new() }
    }

    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        self.buffer.extend_from_slice(bytes);
        while self.buffer.len() >= PART {
            let rest = self.buffer.split_off(PART);
            let part = std::mem::replace(&mut self.buffer, rest);
            self.send(part).await?;
        }
        Ok(())
    }

    async fn send(&mut self, part: Vec<u8>) -> Result<(), DocumentError> {
        let upload = match &self.upload {
            Some(upload) => upload.clone(),
            None => {
                let begun = self.store.begin(&self.key).await?;
                self.upload = Some(begun.clone());
                begun
            }
        };
        // Files end far below the ten thousand parts that there may be.
        let number = u16::try_from(self.tags.len() + 1).map_err(|e| DocumentError::Blobs(e.to_string()))?;
        let tag = self.store.part(&self.key, &upload, number, Bytes::from(part)).await?;
        self.tags.push(tag);
        Ok(())
    }

    pub async fn finish(mut self) -> Result<(), DocumentError> {
        let rest = std::mem::take(&mut self.buffer);
        if self.upload.is_none() {
            return self.store.put_whole(&self.key, Bytes::from(rest)).await;
        }
        if !rest.is_empty() {
            self.send(rest).await?;
        }
        if let Some(upload) = &self.upload {
            self.store.complete(&self.key, upload, &self.tags).await?;
        }
        self.upload = None;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(upload) = self.upload.take() else { return };
        // What cannot be given up now is found by the sweep.
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        let (store, key) = (self.store.clone(), std::mem::take(&mut self.key));
        runtime.spawn(async move {
            if let Err(error) = store.abort(&key, &upload).await {
                tracing::warn!(%error, "parts of a file that nobody finished are still in the object store");
            }
        });
    }
}
