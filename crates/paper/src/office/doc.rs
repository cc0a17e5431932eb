//! DOC, Word 97 to 2003: a file system in a file, and a text in pieces ([MS-DOC], sections 2.4.1 and 2.8.35).

use super::fields::judged;
use crate::refusal::{Reason, Refusal, refuse};
use cfb::CompoundFile;
use std::io::{Cursor, Read};

type File<'a> = CompoundFile<Cursor<&'a [u8]>>;

/// More text than any report has.
const MANY_LETTERS: usize = 20_000_000;

fn damaged() -> Refusal {
    Refusal::new(Reason::Damaged, "This document is damaged or incomplete.")
}

fn open(bytes: &[u8]) -> Result<File<'_>, Refusal> {
    CompoundFile::open(Cursor::new(bytes)).map_err(|_| damaged())
}

/// Refuses what is no Word document, what is protected, and what holds programs or other files.
pub fn check(bytes: &[u8]) -> Result<u32, Refusal> {
    let mut file = open(bytes)?;
    let names: Vec<String> = file.walk().map(|entry| entry.name().to_ascii_lowercase()).collect();
    let has = |name: &str| names.iter().any(|own| own == name);
    if has("encryptedpackage") {
        return refuse(Reason::Protected, "This document is protected with a password; save it without one first.");
    }
    if ["macros", "_vba_project_cur", "vba", "_vba_project"].iter().any(|name| has(name)) {
        return refuse(Reason::Macros, "This document contains a program (macros).");
    }
    if names
        .iter()
        .any(|name| name.ends_with("ole10native") || name == "package" || name == "objectpool" && has("\u{1}ole"))
    {
        return refuse(Reason::Macros, "This document contains an embedded object.");
    }
    if !has("worddocument") {
        return refuse(Reason::UnknownType, "This file is no Word document.");
    }
    let head = stream(&mut file, "/WordDocument")?;
    let flags = short(&head, 0x0A).ok_or_else(damaged)?;
    if short(&head, 0) != Some(0xA5EC) {
        return refuse(Reason::Damaged, "This document is damaged, or older than Word 97.");
    }
    if flags & 0x0100 != 0 {
        return refuse(Reason::Protected, "This document is protected with a password; save it without one first.");
    }
    fields(&head)?;
    Ok(1)
}

/// Instructions of fields begin with a mark, in letters of one byte or of two, wherever the pieces of the text lie.
fn fields(head: &[u8]) -> Result<(), Refusal> {
    /// Letters behind the mark that tell which field it is.
    const TELLING: usize = 48;
    const MARK: u8 = 0x13;
    for (at, _) in head.iter().enumerate().filter(|(_, byte)| **byte == MARK) {
        let rest = head.get(at + 1..).unwrap_or_default();
        let narrow = rest.iter().take(TELLING).copied().skip_while(|byte| *byte == b' ');
        let wide = rest.get(1..).unwrap_or_default().iter().step_by(2).take(TELLING).copied();
        let letters = |bytes: &mut dyn Iterator<Item = u8>| {
            bytes.take_while(|byte| (b' '..0x7F).contains(byte)).map(char::from).collect::<String>()
        };
        judged(&letters(&mut { narrow }))?;
        if rest.first() == Some(&0) {
            judged(&letters(&mut { wide }))?;
        }
    }
    Ok(())
}

fn stream(file: &mut File<'_>, name: &str) -> Result<Vec<u8>, Refusal> {
    let mut content = Vec::new();
    let opened = file.open_stream(name).map_err(|_| damaged())?;
    opened.take(64 << 20).read_to_end(&mut content).map_err(|_| damaged())?;
    Ok(content)
}

fn short(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn long(bytes: &[u8], at: usize) -> Option<usize> {
    let four: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
    usize::try_from(u32::from_le_bytes(four)).ok()
}

pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let mut file = open(bytes)?;
    let head = stream(&mut file, "/WordDocument")?;
    let table = if short(&head, 0x0A).ok_or_else(damaged)? & 0x0200 != 0 { "/1Table" } else { "/0Table" };
    let table = stream(&mut file, table)?;
    pieces(&head, &table).map(|raw| readable(&raw)).ok_or_else(damaged)
}

/// The letters of every piece, in the order in which they are shown.
fn pieces(head: &[u8], table: &[u8]) -> Option<String> {
    let (at, length) = (long(head, 0x01A2)?, long(head, 0x01A6)?);
    let mut clx = table.get(at..at.checked_add(length)?)?;
    // Formats come first, each with its length; the list of pieces ends them.
    while let [1, low, high, rest @ ..] = clx {
        clx = rest.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    let [2, rest @ ..] = clx else { return None };
    let list = rest.get(4..4usize.checked_add(long(rest, 0)?)?)?;
    let count = list.len().checked_sub(4)? / 12;
    let mut out = String::new();
    for n in 0..count {
        let letters = long(list, (n + 1) * 4)?.checked_sub(long(list, n * 4)?)?;
        let place = long(list, (count + 1) * 4 + n * 8 + 2)?;
        if out.len() + letters > MANY_LETTERS {
            return None;
        }
        let narrow = place & 0x4000_0000 != 0;
        let place = place & 0x3FFF_FFFF;
        if narrow {
            let from = place / 2;
            out.extend(head.get(from..from.checked_add(letters)?)?.iter().map(|byte| crate::plain::windows(*byte)));
        } else {
            let wide = head.get(place..place.checked_add(letters.checked_mul(2)?)?)?;
            let units = wide.chunks_exact(2).map(|two| u16::from_le_bytes([two[0], two[1]]));
            out.extend(char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{FFFD}')));
        }
    }
    Some(out)
}

/// Word's own marks become lines, tabs and pages; what a field computes from is left out.
fn readable(raw: &str) -> String {
    let (mut out, mut hidden, mut cell) = (String::new(), 0u32, false);
    for letter in raw.chars() {
        let was_cell = std::mem::replace(&mut cell, letter == '\u{7}');
        match letter {
            '\u{13}' => hidden += 1,
            '\u{14}' | '\u{15}' => hidden = hidden.saturating_sub(1),
            _ if hidden > 0 => {}
            // The mark of a row's end comes right after that of its last cell.
            '\u{7}' if was_cell => {
                out.pop();
                out.push('\n');
            }
            '\u{7}' => out.push('\t'),
            '\r' | '\u{B}' => out.push('\n'),
            '\u{C}' => out.push('\u{C}'),
            '\t' => out.push('\t'),
            '\u{1E}' => out.push('-'),
            '\u{A0}' => out.push(' '),
            _ if letter.is_control() => {}
            _ => out.push(letter),
        }
    }
    out
}
