//! Passwords that everybody tries first. A short list is built in, the program brings a longer one, and the operator can name a
//! file with more. Beside them the words of the place: of this program and its trade, and the names in its own address.

use crate::rules::fold_password;
use kernel::Issue;
use ring::digest::{SHA256, digest};
use std::path::Path;
use std::sync::{OnceLock, PoisonError, RwLock};

const BUILT_IN: &str = include_str!("../data/common-passwords.txt");

/// What whoever knows this place tries, with a year or a sign behind.
const CONTEXT: [&str; 6] = ["healthsync", "hospital", "patient", "health", "clinic", "doctor"];

/// So many letters of one's own make a password another one.
const OWN_LETTERS: usize = 4;

/// Hashes of eight bytes, sorted: ten million entries take 80 MB. A false alarm in 10^12 asks for another password.
pub struct Common {
    hashed: RwLock<Vec<u64>>,
    /// What the program brings, where it lies: nothing is hashed when it starts.
    brought: OnceLock<Vec<&'static str>>,
    /// The names in the address of the pages.
    place: RwLock<Vec<String>>,
}

impl Default for Common {
    fn default() -> Self {
        Self { hashed: RwLock::new(sorted(BUILT_IN)), brought: OnceLock::new(), place: RwLock::default() }
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

/// The names in an address, without the one at the end: `https://care.hillside.example` gives `care` and `hillside`.
fn names_in(address: &str) -> Vec<String> {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = host.split(['/', ':']).next().unwrap_or_default();
    let mut names: Vec<String> = host.split('.').map(str::to_lowercase).collect();
    names.pop();
    // Numbers are no names, and what is short stands in many a word.
    names.retain(|name| name.len() >= OWN_LETTERS && name.chars().any(char::is_alphabetic));
    names
}

impl Common {
    /// Says under which address the pages are.
    pub fn stands_at(&self, address: Option<&str>) {
        let names = address.map(names_in).unwrap_or_default();
        *self.place.write().unwrap_or_else(PoisonError::into_inner) = names;
    }

    /// Whether hardly anything is left without the words of the place.
    fn of_the_place(&self, password: &str) -> bool {
        let place = self.place.read().unwrap_or_else(PoisonError::into_inner);
        let whole = plain(password);
        let words = CONTEXT.into_iter().chain(place.iter().map(String::as_str));
        let rest = words.fold(whole.clone(), |rest, word| rest.replace(word, ""));
        rest != whole && rest.chars().filter(|letter| letter.is_alphabetic()).count() < OWN_LETTERS
    }

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
        let place = "This password is little more than the name of this place, which is tried first. Take another: three words \
                     that do not belong together are good.";
        let said = if common { Some(text) } else { self.of_the_place(password).then_some(place) };
        said.map(|text| Issue::new("value", "password", text))
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
    fn words_of_the_place_with_a_year_behind_are_refused() {
        let common = Common::default();
        common.stands_at(Some("https://care.hillside.example:8443/"));
        for password in
            ["HealthSync2026!", "clinic-2026", "Hillside2026", "2026hillside.clinic", "careCARE99", "doctor xyz 1"]
        {
            assert!(common.issue(password).is_some(), "{password}");
        }
        for password in ["hillside lamp river", "correct horse battery", "2026-11-22-10"] {
            assert!(common.issue(password).is_none(), "{password}");
        }
        common.stands_at(None);
        assert!(common.issue("Hillside2026").is_none() && common.issue("HealthSync2026!").is_some());
        assert_eq!(names_in("http://127.0.0.1:8080"), [""; 0]);
        assert_eq!(names_in("http://localhost"), [""; 0]);
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
