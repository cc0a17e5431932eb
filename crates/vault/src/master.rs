//! The master key: 32 bytes in a file only its owner reads, or in a setting.

use crate::VaultError;
use kernel::{Rng, rng::bytes};
use ring::hmac;
use std::io::Write;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Where the master key comes from.
#[derive(Clone, Debug)]
pub enum KeySource {
    /// A file, made on first start.
    File(PathBuf),
    /// 64 hexadecimal digits, from a setting or a secret store.
    Hex(String),
}

#[derive(Clone)]
pub struct MasterKey([u8; 32]);

impl MasterKey {
    pub fn generate(rng: &dyn Rng) -> Self {
        Self(bytes(rng))
    }

    pub fn from_hex(text: &str) -> Result<Self, VaultError> {
        let bad = || VaultError::Master("expected 64 hexadecimal digits".into());
        let text = text.trim();
        if text.len() != 64 || !text.is_ascii() {
            return Err(bad());
        }
        let mut key = [0; 32];
        for (i, byte) in key.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).map_err(|_| bad())?;
        }
        Ok(Self(key))
    }

    pub fn to_hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The key that wraps all others, derived so that the master key itself encrypts nothing.
    pub(crate) fn key_encryption_key(&self) -> [u8; 32] {
        let key = hmac::Key::new(hmac::HMAC_SHA256, &self.0);
        let tag = hmac::sign(&key, b"healthsync key-encryption key v1");
        let mut out = [0; 32];
        out.copy_from_slice(tag.as_ref());
        out
    }
}

impl KeySource {
    /// Reads the key. A missing file is made, unless `fresh` is false because a database exists that needs the old one.
    pub fn load(&self, rng: &dyn Rng, fresh: bool) -> Result<MasterKey, VaultError> {
        match self {
            Self::Hex(text) => MasterKey::from_hex(text),
            Self::File(path) if path.exists() => read_file(path),
            Self::File(path) if fresh => {
                let key = MasterKey::generate(rng);
                write_file(path, &key)?;
                Ok(key)
            }
            Self::File(path) => Err(VaultError::Master(format!(
                "{} is missing, and without it this database cannot be opened: put the file back",
                path.display()
            ))),
        }
    }
}

fn read_file(path: &Path) -> Result<MasterKey, VaultError> {
    let fail = |e: std::io::Error| VaultError::Master(format!("{}: {e}", path.display()));
    let mode = std::fs::metadata(path).map_err(fail)?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(VaultError::Master(format!(
            "{} can be read by others (mode {:o}): run chmod 600 on it",
            path.display(),
            mode & 0o777
        )));
    }
    MasterKey::from_hex(&std::fs::read_to_string(path).map_err(fail)?)
}

/// Writes the key beside the old file and renames it, so that a crash leaves one whole key.
pub fn write_file(path: &Path, key: &MasterKey) -> Result<(), VaultError> {
    let fail = |e: std::io::Error| VaultError::Master(format!("{}: {e}", path.display()));
    let temporary = path.with_extension("tmp");
    let _ = std::fs::remove_file(&temporary);
    let mut file =
        std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&temporary).map_err(fail)?;
    writeln!(file, "{}", key.to_hex()).and_then(|()| file.sync_all()).map_err(fail)?;
    std::fs::rename(&temporary, path).map_err(fail)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(fail)?;
    }
    Ok(())
}
