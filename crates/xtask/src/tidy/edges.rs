//! Which crate may depend on which. The tree is the table of contents, and this is its grammar: a kernel of small
//! crates, three spine crates, then rooms that do not know each other.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::{Finding, finding};

/// What a room stands on: everything up to `records`.
const SPINE: &[&str] = &["kernel", "fhir", "db", "vault", "ledger", "jobs", "notify", "identity", "consent", "records"];

/// Every product crate; what the server puts together.
const ALL: &[&str] = &[
    "kernel",
    "fhir",
    "face",
    "paper",
    "population",
    "db",
    "vault",
    "ledger",
    "jobs",
    "notify",
    "identity",
    "consent",
    "records",
    "documents",
    "vitals",
    "scheduling",
    "messaging",
    "discovery",
    "insights",
    "exchange",
    "federation",
];

const TABLE: &[(&str, &[&[&str]])] = &[
    ("kernel", &[]),
    ("fhir", &[&["kernel"]]),
    ("face", &[&["kernel"]]),
    ("paper", &[]),
    ("population", &[&["kernel", "fhir"]]),
    ("db", &[&["kernel"]]),
    ("vault", &[&["kernel", "db"]]),
    ("ledger", &[&["kernel", "db", "vault"]]),
    // `ledger::House` is the open database with its keys and its log; whoever runs or tells anything is handed it.
    ("jobs", &[&["kernel", "db", "vault", "ledger"]]),
    ("notify", &[&["kernel", "db", "vault", "ledger", "jobs"]]),
    ("identity", &[&["kernel", "fhir", "db", "vault", "ledger", "jobs", "notify", "face"]]),
    ("consent", &[&["kernel", "fhir", "db", "vault", "ledger", "jobs", "notify"]]),
    ("records", &[&["kernel", "fhir", "db", "vault", "ledger", "jobs", "notify", "consent"]]),
    // The table of laboratory codes; a file is only ever read in a process of its own.
    ("documents", &[SPINE, &["paper"]]),
    ("vitals", &[SPINE]),
    ("scheduling", &[SPINE]),
    ("messaging", &[SPINE]),
    ("discovery", &[SPINE]),
    ("insights", &[SPINE]),
    ("exchange", &[SPINE]),
    ("federation", &[SPINE, &["insights"]]),
    ("server", &[ALL]),
    ("testkit", &[ALL, &["server"]]),
    ("tests", &[ALL, &["server"]]),
    // The load driver talks HTTP like any stranger, so it may make people up but never link the server.
    ("bench", &[&["kernel", "fhir", "population"]]),
    ("xtask", &[&["kernel", "fhir", "population", "vault"]]),
];

/// A test may bring the whole application up, and people to put in it.
const FOR_TESTS: &[&str] = &["testkit", "population"];

const DRIVERS: &[&str] = &[
    "rusqlite",
    "libsqlite3-sys",
    "postgres",
    "tokio-postgres",
    "sqlx",
    "diesel",
    "deadpool-postgres",
    "r2d2_sqlite",
    "r2d2_postgres",
];

const EMPTY_NAMES: &[&str] = &["common", "core", "utils", "shared"];

#[derive(Debug)]
pub(super) struct Package {
    name: String,
    manifest: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug)]
struct Dependency {
    name: String,
    dev: bool,
    /// A crate of this workspace, not of a registry.
    ours: bool,
    line: usize,
}

/// Whether the product has a crate of this name; migrations are named for one.
pub(super) fn is_crate(name: &str) -> bool {
    ALL.contains(&name)
}

/// The workspace as cargo sees it.
pub(super) fn packages(root: &Path) -> Result<Vec<Package>, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("tidy asks cargo for the crates, and cargo did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata is not JSON: {error}"))?;
    let packages = metadata["packages"].as_array().ok_or("cargo metadata lists no packages")?;
    packages.iter().map(|package| package_from(root, package)).collect()
}

fn package_from(root: &Path, package: &Value) -> Result<Package, String> {
    let path = package["manifest_path"].as_str().ok_or("a package has no manifest")?;
    let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let manifest = Path::new(path).strip_prefix(root).unwrap_or(Path::new(path)).to_string_lossy().replace('\\', "/");
    let dependencies = package["dependencies"].as_array().map_or(&[][..], Vec::as_slice);
    let dependencies = dependencies
        .iter()
        .filter_map(|dependency| {
            let name = dependency["name"].as_str()?;
            Some(Dependency {
                name: name.to_owned(),
                dev: dependency["kind"].as_str() == Some("dev"),
                ours: dependency["path"].is_string(),
                line: line_of(&text, name),
            })
        })
        .collect();
    Ok(Package { name: package["name"].as_str().unwrap_or_default().to_owned(), manifest, dependencies })
}

/// The line of the manifest that names the dependency, or the first when it is renamed there.
fn line_of(manifest: &str, name: &str) -> usize {
    let names = |line: &str| {
        line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '=', '.']))
            || line.starts_with('[') && line.trim_end_matches(']').ends_with(&format!(".{name}"))
    };
    manifest.lines().position(|line| names(line.trim())).map_or(1, |at| at + 1)
}

pub(super) fn check(packages: &[Package]) -> Vec<Finding> {
    packages.iter().flat_map(check_package).collect()
}

fn check_package(package: &Package) -> Vec<Finding> {
    let mut found = Vec::new();
    if EMPTY_NAMES.contains(&package.name.as_str()) {
        let text = format!("a crate called `{}` says nothing; name it for what the product does", package.name);
        found.push(finding(&package.manifest, 1, text));
    } else if !TABLE.iter().any(|(name, _)| *name == package.name) {
        let text = format!(
            "crate `{}` is not in the table of edges; say in crates/xtask/src/tidy/edges.rs what it may depend on",
            package.name
        );
        found.push(finding(&package.manifest, 1, text));
    }
    let allowed = TABLE.iter().find(|(name, _)| *name == package.name).map(|(_, allowed)| *allowed);
    for dependency in &package.dependencies {
        if let Some(text) = edge(package, allowed, dependency) {
            found.push(finding(&package.manifest, dependency.line, text));
        }
    }
    found
}

fn edge(package: &Package, allowed: Option<&[&[&str]]>, dependency: &Dependency) -> Option<String> {
    let to = dependency.name.as_str();
    if DRIVERS.contains(&to) && package.name != "db" {
        return Some(format!("names the database driver `{to}`; only `db` may, ask it for what is missing"));
    }
    let allowed = allowed?;
    if !dependency.ours || dependency.dev && FOR_TESTS.contains(&to) {
        return None;
    }
    if to == "testkit" {
        return (package.name != "tests").then(|| "`testkit` is for tests; move it to [dev-dependencies]".to_owned());
    }
    if allowed.iter().any(|group| group.contains(&to)) {
        return None;
    }
    Some(format!(
        "`{}` may not depend on `{to}`; move what both need below them, or let `server` bring them together",
        package.name
    ))
}

#[cfg(test)]
impl Package {
    /// A crate with dependencies written `name` (ours), `dev:name` (ours, for tests) or `registry:name`.
    pub(super) fn for_test(name: &str, dependencies: &[&str]) -> Self {
        let dependency = |text: &&str| {
            let (kind, name) = text.split_once(':').unwrap_or(("", text));
            Dependency { name: name.to_owned(), dev: kind == "dev", ours: kind != "registry", line: 3 }
        };
        Self {
            name: name.to_owned(),
            manifest: format!("crates/{name}/Cargo.toml"),
            dependencies: dependencies.iter().map(dependency).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(name: &str, dependencies: &[&str]) -> Vec<String> {
        check(&[Package::for_test(name, dependencies)]).into_iter().map(|one| one.to_string()).collect()
    }

    #[test]
    fn the_edges_of_the_table_are_allowed() {
        assert_eq!(texts("ledger", &["kernel", "db", "vault", "registry:sha2"]), [""; 0]);
        assert_eq!(texts("federation", &["records", "insights"]), [""; 0]);
        assert_eq!(texts("server", &["records", "federation", "dev:testkit"]), [""; 0]);
        assert_eq!(texts("testkit", &["server", "records"]), [""; 0]);
        assert_eq!(texts("tests", &["testkit", "server"]), [""; 0]);
        assert_eq!(texts("db", &["registry:rusqlite", "registry:postgres"]), [""; 0]);
    }

    #[test]
    fn an_edge_that_is_not_in_the_table_is_found() {
        assert_eq!(
            texts("vitals", &["messaging"]),
            ["crates/vitals/Cargo.toml:3: `vitals` may not depend on `messaging`; move what both need below them, or \
                 let `server` bring them together"]
        );
        assert_eq!(texts("kernel", &["db"]).len(), 1);
        assert_eq!(texts("consent", &["records"]).len(), 1);
        assert_eq!(texts("ledger", &["dev:records"]).len(), 1);
        assert_eq!(texts("bench", &["server"]).len(), 1);
        assert_eq!(texts("server", &["xtask"]).len(), 1);
    }

    #[test]
    fn testkit_outside_tests_is_found() {
        assert_eq!(
            texts("records", &["testkit"]),
            ["crates/records/Cargo.toml:3: `testkit` is for tests; move it to [dev-dependencies]"]
        );
        assert_eq!(texts("records", &["dev:testkit", "dev:population"]), [""; 0]);
    }

    #[test]
    fn a_database_driver_outside_db_is_found_even_for_tests() {
        let found = texts("records", &["registry:rusqlite"]);
        assert_eq!(
            found,
            ["crates/records/Cargo.toml:3: names the database driver `rusqlite`; only `db` may, ask it for what is \
                 missing"]
        );
        assert_eq!(texts("testkit", &["registry:tokio-postgres"]).len(), 1);
    }

    #[test]
    fn a_crate_name_that_says_nothing_is_found() {
        for name in EMPTY_NAMES {
            assert_eq!(texts(name, &[]).len(), 1, "{name}");
        }
    }

    #[test]
    fn a_crate_the_table_does_not_know_is_found() {
        assert!(texts("billing", &[])[0].contains("not in the table of edges"));
    }

    #[test]
    fn the_table_names_only_crates_of_the_product_and_has_no_circle() {
        for (at, (name, groups)) in TABLE.iter().enumerate() {
            for to in groups.iter().copied().flatten() {
                let below = TABLE.iter().position(|(other, _)| other == to);
                assert!(below.is_some(), "{name} → {to}, which is no crate");
                // Every line names earlier lines only, and that is the proof.
                assert!(below < Some(at), "{name} → {to} goes up");
            }
        }
    }

    #[test]
    fn the_line_of_a_dependency_is_the_one_that_names_it() {
        let manifest =
            "[dependencies]\ndb-tools = \"1\"\ndb = { workspace = true }\n\n[dependencies.vault]\npath = \"\"\n";
        assert_eq!(line_of(manifest, "db"), 3);
        assert_eq!(line_of(manifest, "vault"), 5);
        assert_eq!(line_of(manifest, "absent"), 1);
    }
}
