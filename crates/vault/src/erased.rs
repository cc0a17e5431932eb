//! Marks of keys that were destroyed, in a file beside the master key: a database that is put back from an old copy brings
//! their wrapped keys along, and the marks say which.
//!
//! A mark is made by the key itself, so it names nobody and tells nothing to whoever does not have the key. The file only
//! grows. It is written after the commit of an erasure; what a crash in between left out is added at the next start, from the
//! rows of `erased_key` that the same commit wrote.

use crate::VaultError;
use ring::hmac;
use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// The mark of a key.
pub fn mark(raw: &[u8]) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, raw), b"healthsync erased key v1").as_ref().to_vec()
}

fn hex(mark: &[u8]) -> String {
    mark.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn failed(path: &Path, e: &std::io::Error) -> VaultError {
    VaultError::Master(format!("{}: {e}", path.display()))
}

/// The marks in the file, as they are written there.
fn read(path: &Path) -> Result<BTreeSet<String>, VaultError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(text.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(e) => Err(failed(path, &e)),
    }
}

/// Adds what is not in the file yet, and is done when it is on the disk.
pub fn add(path: &Path, marks: &[Vec<u8>]) -> Result<(), VaultError> {
    let known = read(path)?;
    let fresh: Vec<String> = marks.iter().map(|mark| hex(mark)).filter(|mark| !known.contains(mark)).collect();
    if fresh.is_empty() {
        return Ok(());
    }
    let opened = std::fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path);
    let mut file = opened.map_err(|e| failed(path, &e))?;
    // A line that a crash cut off must not swallow the next.
    let lines: String = fresh.iter().map(|mark| format!("\n{mark}\n")).collect();
    file.write_all(lines.as_bytes()).and_then(|()| file.sync_all()).map_err(|e| failed(path, &e))?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| failed(path, &e))?;
    }
    Ok(())
}

/// Which of these keys were destroyed once. `raw` opens one only when there is any mark at all.
pub fn returned<T>(
    path: &Path,
    keys: impl IntoIterator<Item = T>,
    mut raw: impl FnMut(&T) -> Result<Vec<u8>, VaultError>,
) -> Result<Vec<T>, VaultError> {
    let known = read(path)?;
    let mut out = Vec::new();
    if known.is_empty() {
        return Ok(out);
    }
    for key in keys {
        if known.contains(&hex(&mark(&raw(&key)?))) {
            out.push(key);
        }
    }
    Ok(out)
}
