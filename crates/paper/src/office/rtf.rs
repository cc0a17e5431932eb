//! RTF: words with a backslash, groups in braces.

use super::fields::Fields;
use crate::plain::windows;
use crate::refusal::{Reason, Refusal, refuse};

/// Groups whose content is no text of the document.
const HIDDEN: [&str; 15] = [
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
];

/// Words that bring in a program or another file.
const DANGEROUS: [&str; 6] = ["objdata", "objocx", "objupdate", "objautlink", "objemb", "template"];

const DEPTH: usize = 500;

#[derive(Clone, Copy)]
struct Group {
    hidden: bool,
    /// In how many instructions of fields it stands.
    fields: usize,
    /// How many letters after a `\u` stand for those who cannot read it.
    skipped: usize,
}

pub fn check(bytes: &[u8]) -> Result<u32, Refusal> {
    let mut fields = Fields::default();
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
        &mut |met| match met {
            Instruction::Begins => fields.begin(),
            Instruction::Ends => fields.end(),
            Instruction::Letter(letter) => {
                fields.letters(letter.encode_utf8(&mut [0; 4]));
                Ok(())
            }
        },
    )?;
    fields.finish()?;
    Ok(1)
}

pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let mut out = String::new();
    walk(bytes, &mut |letter| out.push(letter), &mut |_| Ok(()), &mut |_| Ok(()))?;
    Ok(out)
}

/// What is met of the instructions of fields.
enum Instruction {
    Begins,
    Letter(char),
    Ends,
}

/// Goes through the document; shows each letter of its text, each word, and the instructions of its fields.
fn walk(
    bytes: &[u8],
    letter: &mut dyn FnMut(char),
    word: &mut dyn FnMut(&str) -> Result<(), Refusal>,
    instruction: &mut dyn FnMut(Instruction) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let damaged = || Refusal::new(Reason::Damaged, "This document is damaged or incomplete.");
    let mut groups = vec![Group { hidden: false, fields: 0, skipped: 1 }];
    let (mut at, mut skip) = (0, 0usize);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let group = *groups.last().ok_or_else(damaged)?;
        let mut say = |c: char, skip: &mut usize| {
            match (*skip, group.hidden) {
                (1.., _) => *skip -= 1,
                (0, true) if group.fields > 0 => instruction(Instruction::Letter(c))?,
                (0, true) => {}
                (0, false) => letter(c),
            }
            Ok::<_, Refusal>(())
        };
        match byte {
            b'{' if groups.len() >= DEPTH => return Err(damaged()),
            b'{' => groups.push(group),
            b'}' => {
                groups.pop();
                for _ in groups.last().map_or(0, |outer| outer.fields)..group.fields {
                    instruction(Instruction::Ends)?;
                }
                skip = 0;
                if groups.is_empty() {
                    break;
                }
            }
            b'\\' => match bytes.get(at) {
                Some(b'\'') => {
                    let hex = bytes.get(at + 1..at + 3).and_then(|two| std::str::from_utf8(two).ok());
                    let value = hex.and_then(|two| u8::from_str_radix(two, 16).ok());
                    say(value.map_or('\u{FFFD}', windows), &mut skip)?;
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
                        ("par" | "line" | "row" | "sect", _) => say('\n', &mut skip)?,
                        ("tab" | "cell", _) => say('\t', &mut skip)?,
                        ("page", _) => say('\u{C}', &mut skip)?,
                        ("uc", Some(count)) => last.skipped = usize::try_from(count).unwrap_or(1).min(8),
                        ("u", Some(code)) => {
                            let code = u32::from(code as u16);
                            say(char::from_u32(code).unwrap_or('\u{FFFD}'), &mut skip)?;
                            skip = group.skipped;
                        }
                        ("bin", Some(count)) => at = at.saturating_add(usize::try_from(count).unwrap_or(0)),
                        ("fldinst", _) => {
                            (last.hidden, last.fields) = (true, last.fields + 1);
                            instruction(Instruction::Begins)?;
                        }
                        (name, _) if HIDDEN.contains(&name) => last.hidden = true,
                        _ => {}
                    }
                }
                Some(b'~') => {
                    at += 1;
                    say(' ', &mut skip)?;
                }
                Some(b'_') => {
                    at += 1;
                    say('-', &mut skip)?;
                }
                Some(escaped @ (b'\\' | b'{' | b'}')) => {
                    at += 1;
                    say(char::from(*escaped), &mut skip)?;
                }
                _ => at += 1,
            },
            b'\r' | b'\n' => {}
            _ => say(windows(byte), &mut skip)?,
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
