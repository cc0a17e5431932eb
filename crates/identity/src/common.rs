//! Passwords that everybody tries first. A short list is built in; the operator can name a file with a longer one.

use crate::rules::fold_password;
use kernel::Issue;
use ring::digest::{SHA256, digest};
use std::path::Path;
use std::sync::{PoisonError, RwLock};

const BUILT_IN: &str = include_str!("../data/common-passwords.txt");

/// Hashes of eight bytes, sorted: ten million entries take 80 MB. A false alarm in 10^12 asks for another password.
pub struct Common(RwLock<Vec<u64>>);

impl Default for Common {
    fn default() -> Self {
        Self(RwLock::new(sorted(BUILT_IN)))
    }
}

/// Capitals are the first thing guessers vary.
fn short(password: &str) -> u64 {
    let hashed = digest(&SHA256, fold_password(password).to_lowercase().as_bytes());
    hashed.as_ref().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn sorted(text: &str) -> Vec<u64> {
    let mut all: Vec<u64> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(short).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Common {
    /// Adds a file with one password per line.
    pub fn add(&self, file: &Path) -> std::io::Result<()> {
        let text = std::fs::read(file)?;
        let more = sorted(&String::from_utf8_lossy(&text));
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(more);
        known.sort_unstable();
        known.dedup();
        Ok(())
    }

    pub fn issue(&self, password: &str) -> Option<Issue> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let text = "This password is among the most common ones, which are tried first. Take another: three words that do \
                    not belong together are good.";
        known.binary_search(&short(password)).is_ok().then(|| Issue::new("value", "password", text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_everybody_tries_first_is_refused_and_what_nobody_thinks_of_is_not() {
        let common = Common::default();
        for password in ["password123", "Password123", "12345678", "QWERTYUIOP", "iloveyou1", "changeme"] {
            assert!(common.issue(password).is_some(), "{password}");
        }
        for password in ["lamp river Tuesday", "correct horse", "p9x-Jul-pad"] {
            assert!(common.issue(password).is_none(), "{password}");
        }
    }

    #[test]
    fn a_longer_list_adds_to_the_short_one() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.txt");
        std::fs::write(&file, "lamp river Tuesday\r\n\nother words here\n").unwrap();
        let common = Common::default();
        common.add(&file).unwrap();
        assert!(common.issue("LAMP river tuesday").is_some() && common.issue("password123").is_some());
        assert!(common.add(&folder.path().join("missing")).is_err());
    }
}
