//! DOCX: an archive of XML.

use super::packed::parts;
use super::xml::{Met, through};
use crate::refusal::{Reason, Refusal, refuse};
use std::collections::BTreeMap;

const MAIN: &str = "word/document.xml";

/// Relationships that bring something in by themselves, when their target lies outside.
const HARMLESS_OUTSIDE: [&str; 2] = ["/hyperlink", "/image"];

/// Refuses what is no Word document, and what runs or fetches anything.
pub fn check(bytes: &[u8]) -> Result<u32, Refusal> {
    let all = parts(bytes, |name| {
        let name = name.to_ascii_lowercase();
        name.ends_with(".xml") || name.ends_with(".rels") || name.ends_with(".bin") || name.contains("vba")
    })?;
    let Some(types) = all.get("[Content_Types].xml") else {
        return refuse(Reason::UnknownType, "This archive is no Word document.");
    };
    let types = crate::plain::text(types);
    for name in all.keys() {
        let name = name.to_ascii_lowercase();
        if name.contains("vbaproject")
            || name.contains("vbadata")
            || name.contains("activex")
            || name.contains("embeddings/ole")
        {
            return refuse(Reason::Macros, "This document contains a program (macros) or an embedded object.");
        }
    }
    if ["macroEnabled", "vbaProject", "activeX"].iter().any(|word| types.contains(word)) {
        return refuse(Reason::Macros, "This document contains a program (macros).");
    }
    if !types.contains("wordprocessingml.document.main+xml") || !all.contains_key(MAIN) {
        return refuse(Reason::UnknownType, "This archive is no Word document.");
    }
    for (name, part) in &all {
        if name.ends_with(".rels") {
            through(part, |met| relationship(&met))?;
        } else if name.ends_with(".xml") {
            let mut instruction = false;
            through(part, |met| field(&met, &mut instruction))?;
        }
    }
    Ok(1)
}

fn relationship(met: &Met<'_>) -> Result<(), Refusal> {
    let Met::Open { attributes, .. } = met else { return Ok(()) };
    let kind = attributes("Type").unwrap_or_default();
    let outside = attributes("TargetMode").is_some_and(|mode| mode == "External");
    if outside && !HARMLESS_OUTSIDE.iter().any(|end| kind.ends_with(end)) {
        return refuse(Reason::Macros, "This document fetches something from elsewhere when it is opened.");
    }
    if kind.ends_with("/aFChunk") || kind.ends_with("/vbaProject") || kind.ends_with("/oleObject") && outside {
        return refuse(Reason::Macros, "This document contains a program or another document.");
    }
    Ok(())
}

/// Fields that start a program (DDE).
fn field(met: &Met<'_>, instruction: &mut bool) -> Result<(), Refusal> {
    let starts = |text: &str| text.trim_start().to_ascii_uppercase().starts_with("DDE");
    let found = match met {
        Met::Open { name: "instrText", empty, .. } => {
            *instruction = !empty;
            false
        }
        Met::Open { name: "fldSimple", attributes, .. } => attributes("instr").is_some_and(|text| starts(&text)),
        Met::Close { name: "instrText" } => {
            *instruction = false;
            false
        }
        Met::Text(text) => *instruction && starts(text),
        _ => false,
    };
    if found { refuse(Reason::Macros, "This document starts another program when it is opened.") } else { Ok(()) }
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
