//! RTF: words with a backslash, groups in braces.

use crate::plain::windows;
use crate::refusal::{Reason, Refusal, refuse};

/// Groups whose content is no text of the document.
const HIDDEN: [&str; 16] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "generator",
    "listtable",
    "listoverridetable",
    "rsidtbl",
    "themedata",
    "datastore",
    "xmlnstbl",
    "latentstyles",
    "filetbl",
    "fldinst",
];

/// Words that bring in a program or another file.
const DANGEROUS: [&str; 6] = ["objdata", "objocx", "objupdate", "objautlink", "objemb", "template"];

const DEPTH: usize = 500;

#[derive(Clone, Copy)]
struct Group {
    hidden: bool,
    /// How many letters after a `\u` stand for those who cannot read it.
    skipped: usize,
}

pub fn check(bytes: &[u8]) -> Result<u32, Refusal> {
    let mut instructions = String::new();
    walk(
        bytes,
        &mut |_| {},
        &mut |word| {
            if DANGEROUS.contains(&word) {
                return refuse(
                    Reason::Macros,
                    "This document contains an embedded object or fetches something from elsewhere.",
                );
            }
            Ok(())
        },
        &mut |letter| instructions.push(letter.to_ascii_uppercase()),
    )?;
    if instructions.contains("DDE") {
        return refuse(Reason::Macros, "This document starts another program when it is opened.");
    }
    Ok(1)
}

pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let mut out = String::new();
    walk(bytes, &mut |letter| out.push(letter), &mut |_| Ok(()), &mut |_| {})?;
    Ok(out)
}

/// Goes through the document; shows each letter of its text, each word, and each letter of the hidden groups.
fn walk(
    bytes: &[u8],
    letter: &mut dyn FnMut(char),
    word: &mut dyn FnMut(&str) -> Result<(), Refusal>,
    hidden: &mut dyn FnMut(char),
) -> Result<(), Refusal> {
    let damaged = || Refusal::new(Reason::Damaged, "This document is damaged or incomplete.");
    let mut groups = vec![Group { hidden: false, skipped: 1 }];
    let (mut at, mut skip) = (0, 0usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let group = *groups.last().ok_or_else(damaged)?;
        let mut say = |c: char, skip: &mut usize| match (*skip, group.hidden) {
            (1.., _) => *skip -= 1,
            (0, true) => hidden(c),
            (0, false) => letter(c),
        };
        match byte {
            b'{' if groups.len() >= DEPTH => return Err(damaged()),
            b'{' => groups.push(group),
            b'}' => {
                groups.pop();
                skip = 0;
                if groups.is_empty() {
                    break;
                }
            }
            b'\\' => match bytes.get(at) {
                Some(b'\'') => {
                    let hex = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
                    let value = hex.and_then(|two| u8::from_str_radix(two, 16).ok());
                    say(value.map_or('\u{FFFD}', windows), &mut skip);
                    at += 3;
                }
                Some(b'*') => {
                    at += 1;
                    if let Some(last) = groups.last_mut() {
                        last.hidden = true;
                    }
                }
                Some(first) if first.is_ascii_alphabetic() => {
                    let (name, number, next) = control(bytes, at);
                    at = next;
                    word(&name)?;
                    let Some(last) = groups.last_mut() else { return Err(damaged()) };
                    match (name.as_str(), number) {
                        ("par" | "line" | "row" | "sect", _) => say('\n', &mut skip),
                        ("tab" | "cell", _) => say('\t', &mut skip),
                        ("page", _) => say('\u{C}', &mut skip),
                        ("uc", Some(count)) => last.skipped = usize::try_from(count).unwrap_or(1).min(8),
                        ("u", Some(code)) => {
                            let code = u32::from(code as u16);
                            say(char::from_u32(code).unwrap_or('\u{FFFD}'), &mut skip);
                            skip = group.skipped;
                        }
                        ("bin", Some(count)) => at = at.saturating_add(usize::try_from(count).unwrap_or(0)),
                        (name, _) if HIDDEN.contains(&name) => last.hidden = true,
                        _ => {}
                    }
                }
                Some(b'~') => {
                    at += 1;
                    say(' ', &mut skip);
                }
                Some(b'_') => {
                    at += 1;
                    say('-', &mut skip);
                }
                Some(escaped @ (b'\\' | b'{' | b'}')) => {
                    at += 1;
                    say(char::from(*escaped), &mut skip);
                }
                _ => at += 1,
            },
            b'\r' | b'\n' => {}
            _ => say(windows(byte), &mut skip),
        }
    }
    Ok(())
}

/// A word, its number, and where the text goes on.
fn control(bytes: &[u8], from: usize) -> (String, Option<i32>, usize) {
    let rest = bytes.get(from..).unwrap_or_default();
    let name: String =
        rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).map(|byte| *byte as char).collect();
    let mut at = from + name.len();
    let tail = bytes.get(at..).unwrap_or_default();
    let sign = usize::from(tail.first() == Some(&b'-'));
    let digits = tail[sign.min(tail.len())..].iter().take(10).take_while(|byte| byte.is_ascii_digit()).count();
    let mut number = None;
    if digits > 0 {
        number = std::str::from_utf8(&tail[..sign + digits]).ok().and_then(|text| text.parse().ok());
        at += sign + digits;
    }
    if bytes.get(at) == Some(&b' ') {
        at += 1;
    }
    (name, number, at)
}
