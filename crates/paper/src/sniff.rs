//! What a file is, by its content alone. A name only tells that somebody calls it a program.

use crate::kind::Kind;
use crate::refusal::{Reason, Refusal, refuse};

/// Names under which a file is run, or opened by something that runs what it holds, when somebody opens it.
const RUN: [&str; 40] = [
    "apk", "app", "bat", "chm", "cmd", "com", "cpl", "deb", "dll", "dmg", "dotm", "docm", "exe", "gadget", "hta",
    "htm", "html", "iso", "jar", "js", "jse", "lnk", "msc", "msi", "pif", "pl", "ps1", "py", "reg", "rpm", "scr", "sh",
    "svg", "swf", "url", "vb", "vbe", "vbs", "wsf", "xhtml",
];

const OLE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// Readers of PDF look this far for the beginning.
const PDF_WINDOW: usize = 1024;

pub fn sniff(bytes: &[u8], name: Option<&str>) -> Result<Kind, Refusal> {
    if bytes.is_empty() {
        return refuse(Reason::Empty, "This file is empty.");
    }
    if let Some(ending) = name.and_then(ending).filter(|ending| RUN.contains(&ending.as_str())) {
        return refuse(Reason::UnknownType, format!("Files ending in .{ending} are programs and are not taken in."));
    }
    let kind = by_content(bytes)?;
    no_second_kind(bytes, kind)?;
    Ok(kind)
}

fn ending(name: &str) -> Option<String> {
    name.trim().rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase())
}

/// Whether a name ends like a program's.
pub fn is_run(name: &str) -> bool {
    ending(name).is_some_and(|ending| RUN.contains(&ending.as_str()))
}

fn by_content(bytes: &[u8]) -> Result<Kind, Refusal> {
    let kind = match bytes {
        [0xFF, 0xD8, 0xFF, ..] => Kind::Jpeg,
        [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Kind::Png,
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Kind::Tiff,
        [b'P', b'K', 3, 4, ..] => Kind::Docx,
        [b'{', b'\\', b'r', b't', b'f', ..] => Kind::Rtf,
        _ if bytes.starts_with(OLE) => Kind::Doc,
        _ if crate::heic::begins(bytes) => Kind::Heic,
        _ if pdf_at(bytes).is_some() => Kind::Pdf,
        _ if is_text(bytes) => Kind::Text,
        _ => return refuse(Reason::UnknownType, "This is none of PDF, JPEG, PNG, TIFF, HEIC, text, Word or RTF."),
    };
    Ok(kind)
}

/// Where a PDF begins, as far as readers look.
fn pdf_at(bytes: &[u8]) -> Option<usize> {
    bytes[..bytes.len().min(PDF_WINDOW)].windows(5).position(|five| five == b"%PDF-")
}

/// Text without control characters that is no page of HTML, script or the like for the programs that open such.
fn is_text(bytes: &[u8]) -> bool {
    if crate::plain::is_utf16(bytes) {
        return true;
    }
    let control = |byte: &u8| *byte < 32 && !matches!(byte, 9 | 10 | 12 | 13);
    if bytes.iter().any(control) || bytes.starts_with(b"MZ") || bytes.starts_with(b"#!") {
        return false;
    }
    let head: Vec<u8> = bytes.iter().take(512).map(u8::to_ascii_lowercase).collect();
    let head = String::from_utf8_lossy(&head).into_owned();
    !["<html", "<!doctype", "<script", "<?php", "<?xml", "<svg", "<hta"].iter().any(|start| head.contains(start))
}

/// A file that another program would take for another kind is refused, whichever kind is meant.
fn no_second_kind(bytes: &[u8], kind: Kind) -> Result<(), Refusal> {
    if kind != Kind::Pdf && kind != Kind::Text && pdf_at(bytes).is_some() {
        return refuse(Reason::Polyglot, "This file is a PDF and something else at once.");
    }
    if kind != Kind::Docx && zip_at_end(bytes) {
        return refuse(Reason::Polyglot, "This file has an archive hidden at its end.");
    }
    if kind == Kind::Pdf && behind_pdf(bytes) {
        return refuse(Reason::Polyglot, "A program or a page of HTML is hidden behind the PDF in this file.");
    }
    let tail = match kind {
        Kind::Jpeg => after_jpeg(bytes),
        Kind::Png => after_png(bytes),
        _ => None,
    };
    let starts = |tail: &&[u8]| {
        let tail: Vec<u8> = tail.iter().take(4096).map(u8::to_ascii_lowercase).collect();
        let tail = tail.trim_ascii_start();
        let marks: [&[u8]; 8] = [b"pk\x03\x04", b"rar!", b"7z\xbc\xaf", b"mz", b"\x7felf", b"%pdf-", b"#!", b"<?php"];
        let scripts: [&[u8]; 3] = [b"<script", b"<html", b"<?php"];
        marks.iter().any(|mark| tail.starts_with(mark))
            || scripts.iter().any(|mark| tail.windows(mark.len()).any(|here| here == *mark))
    };
    if tail.filter(|tail| !tail.is_empty()).as_ref().is_some_and(starts) {
        return refuse(Reason::Polyglot, "Something else is hidden behind the picture in this file.");
    }
    Ok(())
}

/// How programs and what runs them begin, in small letters.
const BEGINNINGS: [&[u8]; 8] = [b"#!", b"mz", b"\x7felf", b"<?php", b"<html", b"<script", b"<!doctype html", b"<hta:"];
const INSIDE: [&[u8]; 6] = [b"\x7felf", b"<?php", b"<html", b"<script", b"\n#!/", b"\r#!/"];

/// Whether a script, a program or a page of HTML stands behind an end mark of a PDF. What changed later stands there too,
/// but never begins so; other bytes behind the last one do no harm.
fn behind_pdf(bytes: &[u8]) -> bool {
    const END: &[u8] = b"%%EOF";
    const LONGEST: usize = 64;
    let mut last = None;
    for (at, _) in bytes.windows(END.len()).enumerate().filter(|(_, here)| *here == END) {
        let tail = bytes.get(at + END.len()..).unwrap_or_default();
        if begins(tail.get(..tail.len().min(LONGEST)).unwrap_or_default()) {
            return true;
        }
        last = Some(tail);
    }
    let whole = |bytes: &[u8]| bytes.windows(6).rposition(|here| here == b"endobj").map(|at| at + 6);
    let Some(tail) = last.or_else(|| bytes.get(whole(bytes)?..)) else { return false };
    begins(tail) || inside(tail)
}

/// Whether the first bytes that are neither spaces nor zeros are those of a program.
fn begins(tail: &[u8]) -> bool {
    const MOST: usize = 16;
    let start = tail.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0).unwrap_or(tail.len());
    let head: Vec<u8> = tail.iter().skip(start).take(MOST).map(u8::to_ascii_lowercase).collect();
    BEGINNINGS.iter().any(|mark| head.starts_with(mark))
}

/// Whether a script or a program stands anywhere in these bytes.
fn inside(tail: &[u8]) -> bool {
    let small: Vec<u8> = tail.iter().map(u8::to_ascii_lowercase).collect();
    let program = || {
        let starts = small.windows(2).any(|two| two == b"mz");
        starts && small.windows(4).any(|four| four == b"pe\0\0")
    };
    INSIDE.iter().any(|mark| small.windows(mark.len()).any(|here| here == *mark)) || program()
}

/// Whether programs for archives would find one that ends where the file ends.
fn zip_at_end(bytes: &[u8]) -> bool {
    let window = &bytes[bytes.len().saturating_sub(22 + 65_535)..];
    let record = |at: usize| window.get(at..at + 22);
    (0..window.len().saturating_sub(21)).any(|at| {
        record(at).is_some_and(|record| {
            let entries = u16::from_le_bytes([record[10], record[11]]);
            let directory = u32::from_le_bytes([record[12], record[13], record[14], record[15]]);
            record.starts_with(b"PK\x05\x06") && entries > 0 && directory as usize <= bytes.len()
        })
    })
}

/// What stands behind the last end mark of a JPEG. Telephones put a second picture or a film there, which is harmless.
fn after_jpeg(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.windows(2).rposition(|two| two == [0xFF, 0xD9])?;
    bytes.get(end + 2..)
}

fn after_png(bytes: &[u8]) -> Option<&[u8]> {
    let mut at = 8usize;
    loop {
        let head = bytes.get(at..at.checked_add(8)?)?;
        let length = u32::from_be_bytes([head[0], head[1], head[2], head[3]]) as usize;
        at = at.checked_add(length)?.checked_add(12)?;
        if head[4..] == *b"IEND" {
            return bytes.get(at..);
        }
    }
}
