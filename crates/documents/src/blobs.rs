//! Where files lie: a folder, and nowhere else yet. What is written here is sealed already; names are random numbers.
//!
//! Always holds: what was finished survives a power cut; what was not finished is nowhere to be found under its name.

mod folder;

pub use folder::Folder;

use crate::error::DocumentError;

/// The store of files.
#[derive(Clone, Debug)]
pub enum Blobs {
    Folder(Folder),
}

/// A file that is being written. Dropping it leaves nothing behind.
pub enum Writing {
    Folder(folder::Writing),
}

/// A file that is being read, from its beginning.
pub enum Reading {
    Folder(folder::Reading),
}

impl Blobs {
    pub async fn put(&self, name: &str) -> Result<Writing, DocumentError> {
        match self {
            Self::Folder(folder) => folder.put(name).await.map(Writing::Folder),
        }
    }

    /// `None` when there is no such file.
    pub async fn get(&self, name: &str) -> Result<Option<Reading>, DocumentError> {
        match self {
            Self::Folder(folder) => Ok(folder.get(name).await?.map(Reading::Folder)),
        }
    }

    /// Removes everything whose name begins with this folder or is this name. What is not there is no error.
    pub async fn remove(&self, name: &str) -> Result<(), DocumentError> {
        match self {
            Self::Folder(folder) => folder.remove(name).await,
        }
    }

    /// The entries right below a folder that nobody touched since an instant (milliseconds since 1970).
    pub async fn older(&self, folder: &str, before: i64) -> Result<Vec<String>, DocumentError> {
        match self {
            Self::Folder(store) => store.older(folder, before).await,
        }
    }
}

impl Writing {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        match self {
            Self::Folder(writing) => writing.write(bytes).await,
        }
    }

    /// Makes it durable under its name.
    pub async fn finish(self) -> Result<(), DocumentError> {
        match self {
            Self::Folder(writing) => writing.finish().await,
        }
    }
}

impl Reading {
    /// Reads on until `out` has this many bytes, or the file ends.
    pub async fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> Result<(), DocumentError> {
        match self {
            Self::Folder(reading) => reading.fill(out, want).await,
        }
    }
}
