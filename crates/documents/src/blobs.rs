//! Where files lie: in a folder, or in a bucket of an S3-compatible store. What is written here is sealed already; names are
//! random numbers.
//!
//! Always holds: what was finished survives a power cut; what was not finished is nowhere to be found under its name.

mod folder;
mod s3;
#[cfg(test)]
mod tests;

pub use folder::Folder;
pub use s3::{Objects, S3};

use crate::error::DocumentError;

/// The store of files.
#[derive(Clone, Debug)]
pub enum Blobs {
    Folder(Folder),
    S3(S3),
}

/// A file that is being written. Dropping it leaves nothing behind.
pub enum Writing {
    Folder(folder::Writing),
    S3(s3::Writing),
}

/// A file that is being read, from its beginning.
pub enum Reading {
    Folder(folder::Reading),
    S3(Box<s3::Reading>),
}

impl Blobs {
    pub async fn put(&self, name: &str) -> Result<Writing, DocumentError> {
        match self {
            Self::Folder(folder) => folder.put(name).await.map(Writing::Folder),
            Self::S3(store) => Ok(Writing::S3(store.put(name))),
        }
    }

    /// `None` when there is no such file.
    pub async fn get(&self, name: &str) -> Result<Option<Reading>, DocumentError> {
        match self {
            Self::Folder(folder) => Ok(folder.get(name).await?.map(Reading::Folder)),
            Self::S3(store) => Ok(store.get(name).await?.map(|reading| Reading::S3(Box::new(reading)))),
        }
    }

    /// Removes everything whose name begins with this folder or is this name. What is not there is no error.
    pub async fn remove(&self, name: &str) -> Result<(), DocumentError> {
        match self {
            Self::Folder(folder) => folder.remove(name).await,
            Self::S3(store) => store.remove(name).await,
        }
    }

    /// The entries right below a folder that nobody touched since an instant (milliseconds since 1970).
    pub async fn older(&self, folder: &str, before: i64) -> Result<Vec<String>, DocumentError> {
        match self {
            Self::Folder(store) => store.older(folder, before).await,
            Self::S3(store) => store.older(folder, before).await,
        }
    }

    /// Removes what was begun before an instant and never finished.
    pub async fn sweep(&self, before: i64) -> Result<(), DocumentError> {
        match self {
            Self::Folder(store) => store.sweep(before).await,
            Self::S3(store) => store.sweep(before).await,
        }
    }

    /// Whether files can be kept: says what is wrong with a bucket, by using it. A folder is made when it is needed.
    pub async fn reach(&self, rng: &dyn kernel::Rng) -> Result<(), DocumentError> {
        match self {
            Self::Folder(_) => Ok(()),
            Self::S3(store) => store.reach(&format!("{:016x}", u64::from_le_bytes(kernel::rng::bytes(rng)))).await,
        }
    }
}

impl Writing {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        match self {
            Self::Folder(writing) => writing.write(bytes).await,
            Self::S3(writing) => writing.write(bytes).await,
        }
    }

    /// Makes it durable under its name.
    pub async fn finish(self) -> Result<(), DocumentError> {
        match self {
            Self::Folder(writing) => writing.finish().await,
            Self::S3(writing) => writing.finish().await,
        }
    }
}

impl Reading {
    /// Reads on until `out` has this many bytes, or the file ends.
    pub async fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> Result<(), DocumentError> {
        match self {
            Self::Folder(reading) => reading.fill(out, want).await,
            Self::S3(reading) => reading.fill(out, want).await,
        }
    }
}
