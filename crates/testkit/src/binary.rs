//! The real binary, for what only a process of its own can show.

use std::path::PathBuf;

/// Where `healthsync` was built, beside the test that asks; HEALTHSYNC_BIN names another.
///
/// # Panics
/// When it was not built: `cargo build -p server` does.
pub fn binary() -> PathBuf {
    let path = path().unwrap();
    assert!(path.is_file(), "{} is not there: run cargo build -p server", path.display());
    path
}

/// The same, whether it was built or not.
pub(crate) fn path() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("HEALTHSYNC_BIN") {
        return Some(PathBuf::from(path));
    }
    // The test itself is target/<profile>/deps/it-….
    let test = std::env::current_exe().ok()?;
    Some(test.ancestors().nth(2)?.join("healthsync"))
}
