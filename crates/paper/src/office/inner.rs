//! Files inside a DOCX: what no document carries, and workbooks behind its charts.

use super::packed::{Left, parts_within};
use crate::refusal::{Reason, Refusal, refuse};

/// Documents that may lie inside another: the middle of their content type.
const PLAIN: [&str; 3] =
    ["spreadsheetml.sheet.main+xml", "wordprocessingml.document.main+xml", "presentationml.presentation.main+xml"];

/// How programs of several systems begin, and files of the old kind, which hold objects and programs of their own.
const PROGRAMS: [&[u8]; 8] = [
    b"MZ",
    b"\x7fELF",
    b"#!",
    b"\xFE\xED\xFA",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"\xCA\xFE\xBA\xBE",
    b"\xD0\xCF\x11\xE0",
];

const WITH_MACROS: [&str; 9] = [".docm", ".dotm", ".xlsm", ".xltm", ".xlam", ".xlsb", ".pptm", ".potm", ".ppsm"];

/// How many bytes at the beginning of a part tell what it is.
pub const HEAD: usize = 8;

pub fn is_archive(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04")
}

/// Refuses a part by its name or by how it begins.
pub fn part(name: &str, head: &[u8]) -> Result<(), Refusal> {
    let name = name.to_ascii_lowercase();
    let named = ["vbaproject", "vbadata", "activex", "embeddings/ole"].iter().any(|word| name.contains(word))
        || WITH_MACROS.iter().any(|ending| name.ends_with(ending));
    if named {
        return refuse(Reason::Macros, "This document contains a program (macros) or an embedded object.");
    }
    // Drawings in SVG are pictures here.
    let runs = crate::sniff::is_run(&name) && !name.ends_with(".svg");
    if runs || PROGRAMS.iter().any(|start| head.starts_with(start)) {
        return refuse(Reason::Macros, "This document contains a program.");
    }
    if name.contains("/embeddings/") && !name.ends_with('/') && !name.ends_with(".rels") && !is_archive(head) {
        return refuse(Reason::Macros, "This document contains an embedded object.");
    }
    Ok(())
}

/// Refuses list of types that names a program.
pub fn types(said: &str) -> Result<(), Refusal> {
    let said = said.to_ascii_lowercase();
    if ["macroenabled", "vbaproject", "activex"].iter().any(|word| said.contains(word)) {
        return refuse(Reason::Macros, "This document contains a program (macros).");
    }
    Ok(())
}

/// Refuses an archive inside that is anything but a plain document or workbook without a program, or holds a further one.
pub fn package(bytes: &[u8], left: &mut Left) -> Result<(), Refusal> {
    let kept = parts_within(bytes, left, |name, head| {
        part(name, head)?;
        if is_archive(head) {
            return refuse(Reason::Macros, "This document contains an archive inside another.");
        }
        Ok(name == "[Content_Types].xml")
    })?;
    let said = super::docx::content_types(kept.get("[Content_Types].xml").map_or(&[], Vec::as_slice))?;
    types(&said)?;
    if !PLAIN.iter().any(|kind| said.contains(kind)) {
        return refuse(Reason::Macros, "This document contains an embedded object.");
    }
    Ok(())
}
