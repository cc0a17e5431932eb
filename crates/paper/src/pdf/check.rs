//! Whether a PDF is harmless.

use super::actions;
use super::filters::{Stop, names, unpack};
use super::objects::{Object, Reader, is_space};
use crate::programs;
use crate::refusal::{Reason, Refusal, refuse};
use std::collections::{BTreeMap, BTreeSet};

/// What all streams of a file may unpack to. A page scanned at 600 dpi in colour is 100 MB.
const UNPACKED: usize = 512 << 20;

/// How often every byte of a file may be looked at.
const LOOKS: usize = 24;

/// Pictures wider or higher than this are no pages.
const LARGEST_SIDE: i64 = 30_000;
const LARGEST_AREA: i64 = 400_000_000;

/// What was found while going through every object.
#[derive(Default)]
pub(super) struct Seen {
    /// Every version of every numbered object that is a dictionary.
    pub(super) dicts: BTreeMap<u32, Vec<Object>>,
    /// Every version of every numbered object that is a name.
    pub(super) names: BTreeMap<u32, Vec<Vec<u8>>>,
    /// What happens by itself: values of OpenAction and AA.
    automatic: Vec<Object>,
    pages: BTreeSet<u32>,
    unpacked_left: usize,
}

/// The pages that stand in the file, or what in it is refused.
pub fn look_at_all(bytes: &[u8]) -> Result<u32, Refusal> {
    let start = bytes.iter().take_while(|byte| is_space(**byte) || matches!(byte, 0xEF | 0xBB | 0xBF)).count();
    if !bytes.get(start..).unwrap_or_default().starts_with(b"%PDF-") {
        return refuse(Reason::Polyglot, "Something else stands in front of the PDF in this file.");
    }
    let mut seen = Seen { unpacked_left: UNPACKED, ..Seen::default() };
    go_through(bytes, &mut seen)?;
    let mut known = BTreeSet::new();
    if seen.automatic.iter().any(|object| actions::leaves(object, &seen, 0, &mut known)) {
        return refuse(Reason::PdfLaunch, "This PDF opens an address or sends something as soon as it is opened.");
    }
    Ok(u32::try_from(seen.pages.len()).unwrap_or(u32::MAX))
}

/// The number of pages, or why the file is refused.
pub fn check(bytes: &[u8], max_pages: u32) -> Result<u32, Refusal> {
    let found = look_at_all(bytes)?;
    let told = told_pages(bytes)?.unwrap_or(found);
    let pages = told.max(found);
    if pages == 0 {
        return refuse(Reason::Damaged, "This PDF has no pages that can be read.");
    }
    if pages > max_pages {
        return refuse(Reason::TooManyPages, format!("This PDF has {pages} pages; at most {max_pages} are taken in."));
    }
    Ok(pages)
}

/// Every object in the file, wherever it stands and whatever the tables say of it.
fn go_through(bytes: &[u8], seen: &mut Seen) -> Result<(), Refusal> {
    let mut budget = bytes.len().saturating_mul(LOOKS).saturating_add(1 << 20);
    let mut at = 0;
    while let Some(found) = next_mark(bytes, at) {
        let (after, number) = found;
        let mut reader = Reader::new(bytes, after, budget);
        let object = reader.object();
        budget = reader.budget;
        if budget == 0 {
            return refuse(Reason::Damaged, "This PDF is built so that it cannot be looked through.");
        }
        at = after;
        let Some(object) = object else { continue };
        if let Object::Dict(_) = object {
            let stream = stream_start(bytes, reader.at);
            look(&object, number, number.is_none(), seen)?;
            if let Some(start) = stream {
                actions::look_outside(&object)?;
                look_into(&object, &bytes[start..], &mut budget, seen)?;
            }
        } else {
            look(&object, number, false, seen)?;
        }
    }
    Ok(())
}

/// The place after the next `obj` or `trailer`, and the object's number.
fn next_mark(bytes: &[u8], from: usize) -> Option<(usize, Option<u32>)> {
    let mut at = from;
    loop {
        let rest = bytes.get(at..)?;
        let next = rest.iter().position(|byte| matches!(byte, b'o' | b't'))?;
        let here = at + next;
        let tail = &bytes[here..];
        if tail.starts_with(b"trailer") {
            return Some((here + 7, None));
        }
        if tail.starts_with(b"obj") && !bytes[..here].last().is_some_and(u8::is_ascii_alphabetic) {
            return Some((here + 3, Some(number_before(&bytes[..here]).unwrap_or(u32::MAX))));
        }
        at = here + 1;
    }
}

/// `12 0 obj`: the number, read backwards from `obj`.
fn number_before(bytes: &[u8]) -> Option<u32> {
    let digits = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let spaces = |bytes: &[u8]| bytes.iter().rev().take_while(|byte| is_space(**byte)).count();
    let mut rest = &bytes[bytes.len().saturating_sub(64)..];
    rest = &rest[..rest.len() - spaces(rest)];
    rest = &rest[..rest.len() - digits(rest)];
    rest = &rest[..rest.len() - spaces(rest)];
    let count = digits(rest);
    std::str::from_utf8(&rest[rest.len() - count..]).ok()?.parse().ok()
}

/// Where the data of a stream begins, if the word after a dictionary is `stream`.
fn stream_start(bytes: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let skipped = rest.iter().take_while(|byte| is_space(**byte)).count();
    let rest = rest.get(skipped..)?.strip_prefix(b"stream")?;
    let line = match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\r' | b'\n', ..] => 1,
        _ => 0,
    };
    Some(bytes.len() - rest.len() + line)
}

/// A stream: objects inside are looked at like all others; everything packed must stay within the limit.
fn look_into(dict: &Object, data: &[u8], budget: &mut usize, seen: &mut Seen) -> Result<(), Refusal> {
    let filters = names(dict);
    // Readers find object streams by these two entries, whatever the type says.
    let objects = dict.get(b"N").is_some() && dict.get(b"First").is_some();
    let packed = filters.iter().any(|name| matches!(name.as_slice(), b"FlateDecode" | b"Fl" | b"LZWDecode" | b"LZW"));
    if !objects && !packed {
        return Ok(());
    }
    if objects
        && dict.get(b"DecodeParms").is_some_and(|parms| matches!(parms.get(b"Predictor"), Some(Object::Number(2..))))
    {
        return refuse(Reason::Damaged, "This PDF hides its objects in a way that is not read here.");
    }
    let unpacked = match unpack(data, &filters, &mut seen.unpacked_left) {
        Ok(unpacked) => unpacked,
        Err(Stop::TooMuch) => {
            return refuse(Reason::Bomb, "This PDF unpacks to far more than a document does.");
        }
        Err(Stop::Unknown) if objects => {
            return refuse(Reason::Damaged, "This PDF hides its objects in a way that is not read here.");
        }
        Err(Stop::Unknown) => return Ok(()),
    };
    if objects {
        let first = dict.get(b"First").and_then(Object::number).and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        *budget = budget.saturating_add(unpacked.len().saturating_mul(4));
        look_through(&unpacked, first, budget, seen)?;
    }
    Ok(())
}

/// The objects of an object stream: those its head names, and all that stand one after another.
fn look_through(unpacked: &[u8], first: usize, budget: &mut usize, seen: &mut Seen) -> Result<(), Refusal> {
    let mut places = Vec::new();
    let mut head = Reader::new(unpacked, 0, *budget);
    while head.at < first {
        let (Some(Object::Number(number)), Some(Object::Number(offset))) = (head.object(), head.object()) else {
            break;
        };
        let offset = usize::try_from(offset).unwrap_or(usize::MAX);
        places.push((u32::try_from(number).unwrap_or(u32::MAX), first.saturating_add(offset)));
    }
    *budget = head.budget;
    for (number, place) in places {
        let mut reader = Reader::new(unpacked, place, *budget);
        let object = reader.object();
        *budget = reader.budget;
        if *budget == 0 {
            return refuse(Reason::Damaged, "This PDF is built so that it cannot be looked through.");
        }
        if let Some(object) = object {
            look(&object, Some(number), false, seen)?;
        }
    }
    let mut reader = Reader::new(unpacked, first.min(unpacked.len()), *budget);
    while reader.at < unpacked.len() && reader.budget > 0 {
        let before = reader.at;
        match reader.object() {
            Some(object) => look(&object, None, false, seen)?,
            None if reader.at == before => break,
            None => {}
        }
    }
    *budget = reader.budget;
    Ok(())
}

/// Looks at one object and everything in it.
fn look(object: &Object, number: Option<u32>, trailer: bool, seen: &mut Seen) -> Result<(), Refusal> {
    match object {
        Object::Array(items) => items.iter().try_for_each(|item| look(item, None, false, seen)),
        Object::Name(name) => {
            if let Some(number) = number {
                seen.names.entry(number).or_default().push(name.clone());
            }
            look_name(name)
        }
        Object::Dict(members) => {
            if (trailer || object.get(b"Type").is_some_and(|t| t.is_name(b"XRef"))) && object.get(b"Encrypt").is_some()
            {
                return refuse(Reason::Protected, "This PDF is protected with a password; save it without one first.");
            }
            look_picture(object)?;
            actions::look_form(object)?;
            if object.get(b"Type").is_some_and(|kind| kind.is_name(b"Page")) {
                seen.pages.insert(number.unwrap_or(u32::MAX));
            }
            for (key, value) in members {
                look_key(key)?;
                if matches!(key.as_slice(), b"OpenAction" | b"AA") {
                    seen.automatic.push(value.clone());
                }
                look(value, None, false, seen)?;
            }
            if let Some(number) = number {
                seen.dicts.entry(number).or_default().push(object.clone());
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn look_key(key: &[u8]) -> Result<(), Refusal> {
    match key {
        b"JS" | b"JavaScript" | b"XFA" => refuse(Reason::PdfScript, "This PDF contains a program (JavaScript)."),
        b"EF" | b"EmbeddedFiles" | b"RichMedia" | b"RichMediaContent" => {
            refuse(Reason::PdfEmbedded, "This PDF carries other files inside.")
        }
        _ => Ok(()),
    }
}

fn look_name(name: &[u8]) -> Result<(), Refusal> {
    match name {
        b"JavaScript" => refuse(Reason::PdfScript, "This PDF contains a program (JavaScript)."),
        b"Launch" => refuse(Reason::PdfLaunch, "This PDF starts a program on the reader's machine."),
        b"EmbeddedFile" | b"FileAttachment" | b"RichMedia" | b"GoToE" => {
            refuse(Reason::PdfEmbedded, "This PDF carries other files inside.")
        }
        _ => Ok(()),
    }
}

fn look_picture(object: &Object) -> Result<(), Refusal> {
    let picture = object.get(b"Subtype").is_some_and(|kind| kind.is_name(b"Image"));
    let side = |name: &[u8]| object.get(name).and_then(Object::number).unwrap_or(0);
    let (width, height) = (side(b"Width"), side(b"Height"));
    if picture && (width.max(height) > LARGEST_SIDE || width.saturating_mul(height) > LARGEST_AREA) {
        return refuse(Reason::TooLargePicture, format!("This PDF contains a picture of {width} x {height} points."));
    }
    Ok(())
}

/// What poppler counts: `None` when it is not installed.
fn told_pages(bytes: &[u8]) -> Result<Option<u32>, Refusal> {
    match programs::run("pdfinfo", &["-"], bytes) {
        Ok(said) => {
            let said = String::from_utf8_lossy(&said);
            let line = said.lines().find_map(|line| line.strip_prefix("Pages:"));
            Ok(Some(line.and_then(|count| count.trim().parse().ok()).unwrap_or(0)))
        }
        Err(programs::ProgramError::Missing { .. }) => Ok(None),
        Err(_) => refuse(Reason::Damaged, "This PDF is damaged or incomplete."),
    }
}
