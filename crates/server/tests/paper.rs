//! The process that reads strangers' files: it answers through its pipes and can do nothing else.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn paper(arguments: &[&str], path: Option<&Path>, file: &[u8]) -> std::io::Result<Output> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_healthsync"));
    command.arg("paper").args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    if let Some(path) = path {
        command.env("PATH", path);
    }
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A child that was stopped does not read; its exit code tells.
        stdin.write_all(file).ok();
    }
    child.wait_with_output()
}

const REPORT: &[u8] = b"Collected: 04/03/2026\nHaemoglobin   13.2   g/dL   13.0 - 17.0\n";

#[test]
fn a_file_comes_in_and_json_goes_out() {
    let checked = paper(&["check", "--name", "report.txt"], None, REPORT).unwrap();
    assert!(checked.status.success());
    let told: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(told, serde_json::json!({"type": "text/plain", "pages": 1}));
    let read = paper(&["read", "--type", "text/plain"], None, REPORT).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&read.stdout).unwrap();
    let value = &told["values"][0];
    assert_eq!((&value["code"], &value["value"], &value["unit"]), (&"718-7".into(), &"13.2".into(), &"g/dL".into()));
    assert_eq!((&value["date"], &value["box"]), (&"2026-03-04".into(), &serde_json::Value::Null));
    assert_eq!(told["pages"][0]["lines"][0]["words"][0]["t"], "Collected:");
}

/// A page with words on it.
const PAGE: &[u8] = b"%PDF-1.4\n1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n\
2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n\
3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >> endobj\n\
4 0 obj << /Length 62 >>\nstream\nBT /F1 24 Tf 1 0 0 1 30 100 Tm (Erythrocyte sedimentation) Tj ET\nendstream endobj\n\
5 0 obj << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> endobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";

#[test]
fn a_photograph_of_a_telephone_is_looked_into_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let (jpeg, heic) = (folder.path().join("page.jpg"), folder.path().join("page.heic"));
    let page = paper(&["page", "--type", "application/pdf", "--width", "400"], None, PAGE).unwrap();
    std::fs::write(&jpeg, &page.stdout).unwrap();
    let Ok(made) = Command::new("heif-enc").arg(&jpeg).arg("-o").arg(&heic).output() else {
        println!("Left out: heif-enc is missing (libheif-examples), with which the photograph is made.");
        return;
    };
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let photograph = std::fs::read(heic).unwrap();
    let checked = paper(&["check", "--name", "IMG_0001.HEIC"], None, &photograph).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&checked.stdout).unwrap();
    assert_eq!(told, serde_json::json!({"type": "image/heic", "pages": 1}));
    let shown = paper(&["page", "--type", "image/heic", "--width", "320"], None, &photograph).unwrap();
    assert!(shown.stdout.starts_with(&[0xff, 0xd8]), "{}", String::from_utf8_lossy(&shown.stderr));
    // Cut off, it is damaged; without the program it is refused with what to do.
    let cut = paper(&["check"], None, &photograph[..photograph.len() / 2]).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&cut.stdout).unwrap();
    assert_eq!(told["refused"]["reason"], "damaged");
    let without = paper(&["check"], Some(folder.path()), &photograph).unwrap();
    let told: serde_json::Value = serde_json::from_slice(&without.stdout).unwrap();
    assert!(told["refused"]["detail"].as_str().is_some_and(|detail| detail.contains("JPEG")), "{told}");
    assert_eq!(
        paper(&["page", "--type", "image/heic"], Some(folder.path()), &photograph).unwrap().status.code(),
        Some(4)
    );
}

#[test]
fn a_refusal_is_an_answer() {
    let refused = paper(&["check"], None, b"").unwrap();
    assert!(refused.status.success());
    let told: serde_json::Value = serde_json::from_slice(&refused.stdout).unwrap();
    assert_eq!(told["refused"]["reason"], "empty");
    assert!(told["refused"]["detail"].as_str().is_some_and(|detail| !detail.is_empty()));
}

#[test]
fn exit_codes_tell_what_was_missing() {
    let empty = tempfile::tempdir().unwrap();
    assert_eq!(paper(&["page", "--type", "text/plain"], None, REPORT).unwrap().status.code(), Some(3));
    assert_eq!(paper(&["read", "--type", "image/gif"], None, REPORT).unwrap().status.code(), Some(2));
    assert_eq!(
        paper(&["read", "--type", "text/plain", "--languages", "../x"], None, REPORT).unwrap().status.code(),
        Some(2)
    );
    let missing = paper(&["read", "--type", "application/pdf"], Some(empty.path()), b"%PDF-1.4").unwrap();
    assert_eq!(missing.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&missing.stderr).contains("poppler-utils"));
}

/// Somebody's program in place of poppler's: what it does stands for what a hole in poppler could do.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_was_taken_over_writes_nothing() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("mark");
    let script = format!("#!/bin/sh\necho taken > {}\necho taken >> {0}\n", mark.display());
    let program = folder.path().join("pdftoppm");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Command::new(&program).status().unwrap().success());
    assert_eq!(std::fs::read_to_string(&mark).unwrap(), "taken\ntaken\n", "the program works when nothing holds it");
    std::fs::remove_file(&mark).unwrap();
    let shown = paper(&["page", "--type", "application/pdf"], Some(folder.path()), b"%PDF-1.4").unwrap();
    assert_eq!(shown.status.code(), Some(1));
    assert_eq!(std::fs::read(&mark).unwrap_or_default(), b"");
}
