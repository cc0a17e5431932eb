//! One history for both databases: `NNNN_<room>_<what>.sql`, without gap or twin, so that the order of two migrations
//! never depends on who merged first.

use super::edges::is_crate;
use super::{Finding, finding};

const FOLDER: &str = "migrations/";

pub(super) fn check(paths: &[&str]) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut numbered = Vec::new();
    for path in paths {
        let Some(name) = path.strip_prefix(FOLDER) else { continue };
        match parse(name) {
            Ok(number) => numbered.push((number, *path)),
            Err(text) => found.push(finding(path, 1, text)),
        }
    }
    numbered.sort_unstable();
    let mut last = 0;
    for (number, path) in numbered {
        if number == last {
            found.push(finding(path, 1, format!("number {number:04} is taken; take the next free one")));
        } else if number != last + 1 {
            let text = format!("number {number:04} follows {last:04}; take {:04}, there are no gaps", last + 1);
            found.push(finding(path, 1, text));
        }
        last = number;
    }
    found
}

fn parse(name: &str) -> Result<u32, String> {
    let wrong = || "is not called NNNN_<room>_<what>.sql, as 0007_consent_grants.sql is".to_owned();
    let stem = name.strip_suffix(".sql").ok_or_else(wrong)?;
    let mut parts = stem.splitn(3, '_');
    let (Some(number), Some(room), Some(what)) = (parts.next(), parts.next(), parts.next()) else {
        return Err(wrong());
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if number.len() != 4 || !number.chars().all(|c| c.is_ascii_digit()) || what.is_empty() || !what.chars().all(plain) {
        return Err(wrong());
    }
    if !is_crate(room) {
        return Err(format!("`{room}` is no crate; name the migration for the crate whose tables it changes"));
    }
    number.parse().map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(paths: &[&str]) -> Vec<String> {
        check(paths).into_iter().map(|one| one.to_string()).collect()
    }

    #[test]
    fn a_history_without_gaps_is_fine() {
        assert_eq!(
            texts(&["migrations/0001_vault_keys.sql", "migrations/0002_ledger_entries.sql", "README.md"]),
            [""; 0]
        );
    }

    #[test]
    fn a_gap_is_found() {
        assert_eq!(
            texts(&["migrations/0001_vault_keys.sql", "migrations/0003_ledger_entries.sql"]),
            ["migrations/0003_ledger_entries.sql:1: number 0003 follows 0001; take 0002, there are no gaps"]
        );
        assert_eq!(texts(&["migrations/0002_vault_keys.sql"]).len(), 1);
        assert_eq!(texts(&["migrations/0000_vault_keys.sql"]).len(), 1);
    }

    #[test]
    fn a_number_taken_twice_is_found() {
        assert_eq!(
            texts(&["migrations/0001_ledger_entries.sql", "migrations/0001_vault_keys.sql"]),
            ["migrations/0001_vault_keys.sql:1: number 0001 is taken; take the next free one"]
        );
    }

    #[test]
    fn a_name_of_another_shape_is_found() {
        for name in
            ["1_vault_keys.sql", "0001_vault.sql", "0001-vault-keys.sql", "0001_vault_Keys.sql", "0001_vault_keys.txt"]
        {
            let path = format!("migrations/{name}");
            assert_eq!(texts(&[&path]).len(), 1, "{name}");
        }
        assert!(texts(&["migrations/0001_keys_table.sql"])[0].contains("`keys` is no crate"));
    }
}
