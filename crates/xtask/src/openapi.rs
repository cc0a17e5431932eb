//! `openapi.json`: what the server says of its own HTTP interface.
//!
//! The binary prints it, so this crate need not depend on the server and everything else. Whether the committed file is
//! fresh is checked by a test of the whole application, where the server is built anyway.

use std::path::Path;
use std::process::Command;

pub fn write(root: &Path) -> Result<String, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["run", "--quiet", "--locked", "--package", "server", "--", "openapi"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("openapi.json: cargo did not start: {error}"))?;
    if !output.status.success() {
        return Err(format!("openapi.json: {}", String::from_utf8_lossy(&output.stderr).trim()));
    }
    let path = root.join("openapi.json");
    if std::fs::read(&path).is_ok_and(|old| old == output.stdout) {
        return Ok("gen: openapi.json is fresh.".to_owned());
    }
    std::fs::write(&path, &output.stdout).map_err(|error| format!("openapi.json: {error}"))?;
    Ok(format!("gen: wrote openapi.json, {} kB.", output.stdout.len() / 1000))
}
