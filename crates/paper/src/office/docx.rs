//! DOCX: an archive of XML.

use super::fields::{Fields, judged};
use super::inner;
use super::packed::{Left, parts, parts_within};
use super::xml::{Met, through};
use crate::refusal::{Reason, Refusal, refuse};
use std::collections::BTreeMap;

const MAIN: &str = "word/document.xml";

/// A relationship that leads outside only when somebody presses it.
const PRESSED: &str = "/hyperlink";

/// Relationships to programs, objects and other documents, wherever they lie.
const CARRYING: [&str; 6] =
    ["/afchunk", "/vbaproject", "/wordvbadata", "/oleobject", "/control", "/activexcontrolbinary"];

/// Refuses what is no Word document, and what runs or fetches anything.
pub fn check(bytes: &[u8]) -> Result<u32, Refusal> {
    let mut left = Left::default();
    let all = parts_within(bytes, &mut left, |name, head| {
        inner::part(name, head)?;
        let name = name.to_ascii_lowercase();
        Ok(name.ends_with(".xml") || name.ends_with(".rels") || inner::is_archive(head))
    })?;
    let Some(types) = all.get("[Content_Types].xml") else {
        return refuse(Reason::UnknownType, "This archive is no Word document.");
    };
    let types = content_types(types)?;
    inner::types(&types)?;
    if !types.contains("wordprocessingml.document.main+xml") || !all.contains_key(MAIN) {
        return refuse(Reason::UnknownType, "This archive is no Word document.");
    }
    for (name, part) in &all {
        let name = name.to_ascii_lowercase();
        if inner::is_archive(part) {
            inner::package(part, &mut left)?;
        } else if name.ends_with(".rels") {
            through(part, |met| relationship(&met))?;
        } else {
            fields(part)?;
        }
    }
    Ok(1)
}

/// The list of types, as it stands and as it is meant.
pub fn content_types(part: &[u8]) -> Result<String, Refusal> {
    let mut said = crate::plain::text(part);
    through(part, |met| {
        if let Met::Open { attributes, .. } = met {
            said.push('\n');
            said.push_str(&attributes("ContentType").unwrap_or_default());
        }
        Ok(())
    })?;
    Ok(said)
}

fn relationship(met: &Met<'_>) -> Result<(), Refusal> {
    let Met::Open { attributes, .. } = met else { return Ok(()) };
    let kind = attributes("Type").unwrap_or_default().trim().to_ascii_lowercase();
    let target = attributes("Target").unwrap_or_default();
    let outside = attributes("TargetMode").is_some_and(|mode| mode.trim().eq_ignore_ascii_case("external"))
        || target.contains("://")
        || target.trim_start().starts_with("\\\\");
    if outside && !kind.ends_with(PRESSED) {
        return refuse(Reason::Macros, "This document fetches something from elsewhere when it is opened.");
    }
    if CARRYING.iter().any(|end| kind.ends_with(end)) {
        return refuse(Reason::Macros, "This document contains a program or another document.");
    }
    Ok(())
}

/// Fields that start a program (DDE) or bring something in.
fn fields(part: &[u8]) -> Result<(), Refusal> {
    let (mut open, mut alone) = (Fields::default(), String::new());
    let mut reading = Letters::Other;
    through(part, |met| {
        match met {
            Met::Open { name: "fldSimple", attributes, .. } => judged(&attributes("instr").unwrap_or_default())?,
            Met::Open { name: "fldChar", attributes, .. } => {
                match attributes("fldCharType").as_deref().map(str::trim) {
                    Some("begin") => open.begin()?,
                    Some("separate") => open.separate()?,
                    Some("end") => open.end()?,
                    _ => {}
                }
            }
            Met::Open { name: "instrText" | "delInstrText", empty: false, .. } => {
                reading = Letters::Instruction;
                alone.clear();
            }
            Met::Open { name: "t", empty: false, .. } => reading = Letters::Shown,
            Met::Close { name: "instrText" | "delInstrText" } => {
                reading = Letters::Other;
                judged(&alone)?;
            }
            Met::Close { name: "t" } => reading = Letters::Other,
            Met::Text(text) if reading != Letters::Other => {
                open.letters(&text);
                // A part of an instruction may begin with any word.
                if reading == Letters::Instruction && !open.is_open() {
                    alone.push_str(&text);
                }
            }
            _ => {}
        }
        Ok(())
    })?;
    open.finish()
}

#[derive(Clone, Copy, PartialEq)]
enum Letters {
    Instruction,
    Shown,
    Other,
}

/// The text: headers, body, footers.
pub fn text(bytes: &[u8]) -> Result<String, Refusal> {
    let shown = |name: &str| {
        name == MAIN
            || ["word/header", "word/footer"].iter().any(|start| name.starts_with(start)) && name.ends_with(".xml")
    };
    let all: BTreeMap<String, Vec<u8>> = parts(bytes, shown)?;
    let mut out = String::new();
    for start in ["word/header", MAIN, "word/footer"] {
        for (_, part) in all.iter().filter(|(name, _)| name.starts_with(start)) {
            body(part, &mut out)?;
        }
    }
    Ok(out)
}

fn body(part: &[u8], out: &mut String) -> Result<(), Refusal> {
    let (mut in_text, mut cells) = (false, 0u32);
    through(part, |met| {
        match met {
            Met::Open { name: "t", empty, .. } => in_text = !empty,
            Met::Close { name: "t" } => in_text = false,
            Met::Text(text) if in_text => out.push_str(&text),
            Met::Open { name: "tab", .. } => out.push('\t'),
            Met::Open { name: "br", attributes, .. } => {
                let page = attributes("type").is_some_and(|kind| kind == "page");
                out.push(if page { '\x0c' } else { '\n' });
            }
            Met::Open { name: "tc", .. } => cells += 1,
            Met::Close { name: "tc" } => {
                cells = cells.saturating_sub(1);
                trim_end(out, '\n');
                out.push('\t');
            }
            Met::Close { name: "tr" } => {
                trim_end(out, '\t');
                out.push('\n');
            }
            // Several paragraphs of one cell stay in its row.
            Met::Close { name: "p" } => out.push(if cells > 0 { ' ' } else { '\n' }),
            _ => {}
        }
        Ok(())
    })
}

fn trim_end(out: &mut String, letter: char) {
    while out.ends_with(letter) || out.ends_with(' ') {
        out.pop();
    }
}
