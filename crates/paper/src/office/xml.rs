//! XML without definitions of its own: a document type is refused, whatever it says.

use crate::refusal::{Reason, Refusal, refuse};
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;
use std::borrow::Cow;

/// Attributes that tell whether something is harmless: of two in one element, each reader might take another one.
const TELLING: [&str; 6] = ["Type", "Target", "TargetMode", "ContentType", "instr", "fldCharType"];

/// One thing met while reading through.
pub enum Met<'a> {
    Open { name: &'a str, attributes: &'a dyn Fn(&str) -> Option<String>, empty: bool },
    Close { name: &'a str },
    Text(Cow<'a, str>),
}

/// Reads through the part and shows what it meets; names without their prefix.
pub fn through(part: &[u8], mut show: impl FnMut(Met<'_>) -> Result<(), Refusal>) -> Result<(), Refusal> {
    let damaged = || Refusal::new(Reason::Damaged, "This document is damaged or incomplete.");
    let text = crate::plain::text(part);
    let mut reader = Reader::from_str(&text);
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Eof => return Ok(()),
            Event::DocType(_) => {
                return refuse(Reason::Bomb, "This document declares entities, which no word processor writes.");
            }
            Event::Start(start) => open(&start, false, &mut show)?,
            Event::Empty(start) => open(&start, true, &mut show)?,
            Event::End(end) => show(Met::Close { name: local(end.name().0) })?,
            Event::Text(text) => show(Met::Text(text.into_inner()))?,
            Event::CData(text) => show(Met::Text(text.into_inner()))?,
            Event::GeneralRef(name) => {
                let letter = match name.resolve_char_ref() {
                    Ok(Some(letter)) => letter.to_string(),
                    _ => match &*name.into_inner() {
                        "amp" => "&",
                        "lt" => "<",
                        "gt" => ">",
                        "quot" => "\"",
                        "apos" => "'",
                        _ => {
                            return refuse(
                                Reason::Bomb,
                                "This document uses entities, which no word processor writes.",
                            );
                        }
                    }
                    .to_owned(),
                };
                show(Met::Text(Cow::Owned(letter)))?;
            }
            _ => {}
        }
    }
}

fn open(
    start: &quick_xml::events::BytesStart<'_>,
    empty: bool,
    show: &mut impl FnMut(Met<'_>) -> Result<(), Refusal>,
) -> Result<(), Refusal> {
    let attribute = |wanted: &str| {
        let mut all = start.attributes();
        let found = all.with_checks(false).flatten().find(|one| local(one.key.0) == wanted);
        // What cannot be unescaped is taken as it stands.
        found.map(|one| unescape(&one.value).map_or_else(|_| one.value.to_string(), Cow::into_owned))
    };
    let mut seen = [false; TELLING.len()];
    for one in start.attributes().with_checks(false).flatten() {
        let Some(place) = TELLING.iter().position(|name| *name == local(one.key.0)) else { continue };
        if std::mem::replace(&mut seen[place], true) {
            return refuse(Reason::Damaged, "This document says one thing twice, which no word processor writes.");
        }
    }
    show(Met::Open { name: local(start.name().0), attributes: &attribute, empty })
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}
