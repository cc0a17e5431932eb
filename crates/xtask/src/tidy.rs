//! The house rules that a machine can check, so that no reviewer has to.
//!
//! Always holds: every message names the place, what is wrong there, and what to do about it; a rule reads text and
//! never changes it. Deliberately absent: what rustfmt, clippy, Biome and the web app's own edge check already say.

mod edges;
mod links;
mod migrations;
mod text;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use std::process::Command;

/// One broken rule, printed as `path:line: what, and what to do`.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Finding {
    path: String,
    line: usize,
    text: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

fn finding(path: &str, line: usize, text: impl Into<String>) -> Finding {
    Finding { path: path.to_owned(), line, text: text.into() }
}

/// A text file of the repository; the path is relative to its root and uses `/`.
struct File {
    path: String,
    text: String,
}

/// Checks the checkout at `root`, prints every finding, and fails if there is one.
pub fn run(root: &Path) -> Result<String, String> {
    let files = read_files(root)?;
    let found = check(root, &files, &edges::packages(root)?);
    for one in &found {
        println!("{one}");
    }
    match found.len() {
        0 => Ok(format!("tidy: {} files keep the house rules", files.len())),
        n => Err(format!("tidy: {n} to mend")),
    }
}

fn check(root: &Path, files: &[File], packages: &[edges::Package]) -> Vec<Finding> {
    let mut found = edges::check(packages);
    let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    found.extend(migrations::check(&names));
    for file in files {
        found.extend(text::check(file));
        if file.path.ends_with(".md") {
            found.extend(links::check(file, &|path| root.join(path).exists()));
        }
    }
    found.extend(readme(files));
    found.extend(data_map(files));
    found.sort();
    found
}

/// The two commands a newcomer needs stand in the README.
fn readme(files: &[File]) -> Vec<Finding> {
    let text = files.iter().find(|file| file.path == "README.md").map_or("", |file| file.text.as_str());
    ["make demo", "make test"]
        .iter()
        .filter(|command| !text.contains(*command))
        .map(|command| finding("README.md", 1, format!("does not mention `{command}`; a newcomer starts with it")))
        .collect()
}

const DATA_MAP: &str = "docs/data-map.md";

/// Whatever is kept about somebody stands in the data map: under which key, who reads it, for how long.
fn data_map(files: &[File]) -> Vec<Finding> {
    let map = files.iter().find(|file| file.path == DATA_MAP).map_or("", |file| file.text.as_str());
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("migrations/")) {
        for (number, line) in file.text.lines().enumerate() {
            let Some(rest) = line.strip_prefix("CREATE TABLE ") else { continue };
            let table = rest.split([' ', '(']).next().unwrap_or_default();
            if !map.contains(&format!("`{table}`")) {
                found.push(finding(
                    &file.path,
                    number + 1,
                    format!("`{table}` is not in {DATA_MAP}; say there what it keeps"),
                ));
            }
        }
    }
    found
}

/// Every text file that is tracked, or would be if it were added now: a rule that only saw tracked files would pass
/// before a commit and fail after it.
fn read_files(root: &Path) -> Result<Vec<File>, String> {
    let output = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("tidy asks git for the list of files, and git did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("tidy needs a git checkout: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let list = String::from_utf8(output.stdout).map_err(|error| format!("a file name is not UTF-8: {error}"))?;
    let names: BTreeSet<&str> = list.split('\0').filter(|name| !name.is_empty()).collect();
    let mut files = Vec::new();
    for name in names {
        // A file that was removed but not yet committed is still listed, and a picture has no lines to check.
        if let Ok(text) = std::fs::read_to_string(root.join(name)) {
            files.push(File { path: name.to_owned(), text });
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn a_table_that_the_data_map_does_not_know_is_found() {
        let tables = file("migrations/0001_a.sql", "-- Why.\nCREATE TABLE pulse (a INTEGER);\nCREATE TABLE rest(\n);");
        let found = data_map(&[tables, file(DATA_MAP, "| `pulse` |")]);
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["migrations/0001_a.sql:3: `rest` is not in docs/data-map.md; say there what it keeps"]
        );
    }

    #[test]
    fn a_readme_without_the_two_commands_is_found() {
        let found = readme(&[file("README.md", "Run `make demo`.")]);
        assert_eq!(
            found.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["README.md:1: does not mention `make test`; a newcomer starts with it"]
        );
        assert_eq!(readme(&[file("README.md", "make demo\nmake test\n")]), []);
        assert_eq!(readme(&[]).len(), 2);
    }

    #[test]
    fn every_rule_is_part_of_the_check() {
        let files = [
            file("README.md", "make demo, make test, [gone](gone.md)"),
            file("migrations/0002_ledger_entries.sql", ""),
            file("crates/ledger/src/lib.rs", "pub fn nothing() {}\n"),
        ];
        let packages = [edges::Package::for_test("utils", &[])];
        let found = check(Path::new("nowhere"), &files, &packages);
        let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
        assert_eq!(
            paths,
            ["README.md", "crates/ledger/src/lib.rs", "crates/utils/Cargo.toml", "migrations/0002_ledger_entries.sql"]
        );
    }
}
