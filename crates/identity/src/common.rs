//! Passwords that everybody tries first. A short list is built in, the program brings a longer one, and the operator can name a
//! file with more.

use crate::rules::fold_password;
use kernel::Issue;
use ring::digest::{SHA256, digest};
use std::path::Path;
use std::sync::{OnceLock, PoisonError, RwLock};

const BUILT_IN: &str = include_str!("../data/common-passwords.txt");

/// Hashes of eight bytes, sorted: ten million entries take 80 MB. A false alarm in 10^12 asks for another password.
pub struct Common {
    hashed: RwLock<Vec<u64>>,
    /// What the program brings, where it lies: nothing is hashed when it starts.
    brought: OnceLock<Vec<&'static str>>,
}

impl Default for Common {
    fn default() -> Self {
        Self { hashed: RwLock::new(sorted(BUILT_IN)), brought: OnceLock::new() }
    }
}

/// Capitals are the first thing guessers vary.
fn plain(password: &str) -> String {
    fold_password(password).to_lowercase()
}

fn short(password: &str) -> u64 {
    let hashed = digest(&SHA256, plain(password).as_bytes());
    hashed.as_ref().first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

fn sorted(text: &str) -> Vec<u64> {
    let mut all: Vec<u64> = text.lines().map(str::trim).filter(|line| !line.is_empty()).map(short).collect();
    all.sort_unstable();
    all.dedup();
    all
}

impl Common {
    /// Takes a list of lower-case passwords, one per line and sorted. The first one counts.
    pub fn bring(&self, text: &'static str) {
        self.brought.get_or_init(|| text.lines().collect());
    }

    /// Adds a file with one password per line.
    pub fn add(&self, file: &Path) -> std::io::Result<()> {
        let text = std::fs::read(file)?;
        let more = sorted(&String::from_utf8_lossy(&text));
        let mut known = self.hashed.write().unwrap_or_else(PoisonError::into_inner);
        known.extend(more);
        known.sort_unstable();
        known.dedup();
        Ok(())
    }

    pub fn issue(&self, password: &str) -> Option<Issue> {
        let known = self.hashed.read().unwrap_or_else(PoisonError::into_inner);
        let text = "This password is among the most common ones, which are tried first. Take another: three words that do \
                    not belong together are good.";
        let brought = self.brought.get().is_some_and(|all| all.binary_search(&plain(password).as_str()).is_ok());
        let common = brought || known.binary_search(&short(password)).is_ok();
        common.then(|| Issue::new("value", "password", text))
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
    fn what_the_program_brings_is_refused_in_any_case() {
        let common = Common::default();
        common.bring("lamp river\nother words");
        assert!(common.issue("Lamp River").is_some() && common.issue("other words").is_some());
        assert!(common.issue("lamp river other").is_none() && common.issue("password123").is_some());
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
