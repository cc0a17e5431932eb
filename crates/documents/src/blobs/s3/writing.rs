//! A file on its way into a bucket: whole when it is small, else in parts that become an object together.

use super::S3;
use super::spool::Spool;
use crate::error::DocumentError;

/// No part but the last may be smaller in S3, and some stores want all of them equal.
const PART: usize = 5 << 20;

pub struct Writing {
    store: S3,
    key: String,
    /// A part at most.
    waits: Spool,
    /// The name of the attempt, once there are parts.
    upload: Option<String>,
    tags: Vec<String>,
}

impl Writing {
    pub fn new(store: S3, key: String) -> Self {
        Self { store, key, waits: Spool::default(), upload: None, tags: Vec::new() }
    }

    pub async fn write(&mut self, mut bytes: &[u8]) -> Result<(), DocumentError> {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(PART - self.waits.len()));
            self.waits.add(now).await?;
            bytes = later;
            if self.waits.len() == PART {
                self.send().await?;
            }
        }
        Ok(())
    }

    async fn send(&mut self) -> Result<(), DocumentError> {
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
        let part = self.waits.take().await?;
        let tag = self.store.part(&self.key, &upload, number, part).await?;
        self.tags.push(tag);
        Ok(())
    }

    pub async fn finish(mut self) -> Result<(), DocumentError> {
        if self.upload.is_none() {
            let whole = self.waits.take().await?;
            return self.store.put_whole(&self.key, whole).await;
        }
        if self.waits.len() > 0 {
            self.send().await?;
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
