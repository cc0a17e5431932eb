//! Files in a folder that only its owner enters.

use crate::error::DocumentError;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::fs::{self, File};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// A store in a folder.
#[derive(Clone, Debug)]
pub struct Folder(PathBuf);

pub struct Writing {
    file: File,
    temporary: PathBuf,
    path: PathBuf,
    finished: bool,
}

pub struct Reading(File);

/// Where a file is before it has its name: in one place, so that what a crash left is found.
const UNFINISHED: &str = "unfinished";

fn failed(path: &Path, error: &std::io::Error) -> DocumentError {
    DocumentError::Blobs(format!("{}: {error}", path.display()))
}

impl Folder {
    pub const fn new(root: PathBuf) -> Self {
        Self(root)
    }

    async fn make(&self, folder: &Path) -> Result<(), DocumentError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).await.map_err(|e| failed(folder, &e))
    }

    pub async fn put(&self, name: &str) -> Result<Writing, DocumentError> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let unfinished = self.0.join(UNFINISHED);
        self.make(&unfinished).await?;
        let path = self.0.join(name);
        if let Some(folder) = path.parent() {
            self.make(folder).await?;
        }
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let temporary = unfinished.join(format!("{}-{number}", std::process::id()));
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        let file = options.open(&temporary).await.map_err(|e| failed(&temporary, &e))?;
        Ok(Writing { file, temporary, path, finished: false })
    }

    pub async fn get(&self, name: &str) -> Result<Option<Reading>, DocumentError> {
        let path = self.0.join(name);
        match File::open(&path).await {
            Ok(file) => Ok(Some(Reading(file))),
            Err(e) if e.kind() == ErrorKind::NotFound => Ok(None),
            Err(e) => Err(failed(&path, &e)),
        }
    }

    pub async fn remove(&self, name: &str) -> Result<(), DocumentError> {
        let path = self.0.join(name);
        let removed = match fs::metadata(&path).await {
            Ok(found) if found.is_dir() => fs::remove_dir_all(&path).await,
            Ok(_) => fs::remove_file(&path).await,
            Err(e) => Err(e),
        };
        match removed {
            Err(e) if e.kind() != ErrorKind::NotFound => Err(failed(&path, &e)),
            _ => Ok(()),
        }
    }

    pub async fn older(&self, folder: &str, before: i64) -> Result<Vec<String>, DocumentError> {
        let path = self.0.join(folder);
        let before = UNIX_EPOCH + Duration::from_millis(u64::try_from(before).unwrap_or(0));
        let mut found = match fs::read_dir(&path).await {
            Ok(found) => found,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(failed(&path, &e)),
        };
        let mut out = Vec::new();
        while let Some(entry) = found.next_entry().await.map_err(|e| failed(&path, &e))? {
            // What another removed meanwhile has no time any more.
            let Ok(metadata) = entry.metadata().await else { continue };
            let touched = metadata.modified().unwrap_or_else(|_| SystemTime::now());
            if touched < before {
                out.push(entry.file_name().to_string_lossy().into_owned());
            }
        }
        Ok(out)
    }

    pub async fn sweep(&self, before: i64) -> Result<(), DocumentError> {
        for name in self.older(UNFINISHED, before).await? {
            self.remove(&format!("{UNFINISHED}/{name}")).await?;
        }
        Ok(())
    }
}

impl Writing {
    pub async fn write(&mut self, bytes: &[u8]) -> Result<(), DocumentError> {
        self.file.write_all(bytes).await.map_err(|e| failed(&self.temporary, &e))
    }

    pub async fn finish(mut self) -> Result<(), DocumentError> {
        self.file.flush().await.map_err(|e| failed(&self.temporary, &e))?;
        self.file.sync_all().await.map_err(|e| failed(&self.temporary, &e))?;
        fs::rename(&self.temporary, &self.path).await.map_err(|e| failed(&self.path, &e))?;
        self.finished = true;
        // The name is durable when its folder is, and so is that of a folder which may be new.
        for folder in self.path.ancestors().skip(1).take(2) {
            let opened = File::open(folder).await.map_err(|e| failed(folder, &e))?;
            opened.sync_all().await.map_err(|e| failed(folder, &e))?;
        }
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if !self.finished {
            let _ = std::fs::remove_file(&self.temporary);
        }
    }
}

impl Reading {
    pub async fn fill(&mut self, out: &mut Vec<u8>, want: usize) -> Result<(), DocumentError> {
        let missing = want.saturating_sub(out.len()) as u64;
        let mut rest = (&mut self.0).take(missing);
        while rest.limit() > 0 {
            let read = rest.read_buf(out).await.map_err(|e| DocumentError::Blobs(e.to_string()))?;
            if read == 0 {
                break;
            }
        }
        Ok(())
    }
}
