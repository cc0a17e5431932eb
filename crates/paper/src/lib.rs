//! Reads papers: what a file is, whether it is harmless, its words with their places, and the laboratory values in it.
//!
//! Always holds: the content decides what a file is, not its name; sizes are judged before anything is unpacked, and
//! what is unpacked is counted; a value is proposed as it is printed, never converted; nothing of a file is written
//! anywhere. It is made to run in a process of its own with limits (`healthsync paper`), because the programs it calls
//! (poppler, Tesseract) and the decoders of pictures read what strangers made.
//!
//! Deliberately absent: any trust in a file's own tables, passwords, uploads and what becomes of the values
//! (`documents`), and handwriting.

#[cfg(fuzzing)]
pub mod fuzz;
pub mod heic;
mod kind;
pub mod labs;
mod ocr;
mod office;
pub mod page;
mod pdf;
mod picture;
mod plain;
pub mod programs;
mod reading;
mod refusal;
mod sniff;
pub mod suggest;

pub use kind::Kind;
pub use reading::{Order, PATIENCE, Reading, Unreadable, Wishes, read};
pub use refusal::{Reason, Refusal};

use programs::ProgramError;
use serde::Serialize;

/// What a file is that was found harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    #[serde(rename = "type")]
    pub media_type: &'static str,
    pub pages: u32,
}

/// What the file is and how many pages it has, or why it is not taken in.
pub fn check(bytes: &[u8], name: Option<&str>, max_pages: u32) -> Result<Checked, Refusal> {
    let kind = sniff::sniff(bytes, name)?;
    let pages = match kind {
        Kind::Pdf => pdf::check::check(bytes, max_pages)?,
        Kind::Jpeg | Kind::Png | Kind::Tiff => picture::check(bytes, kind, max_pages)?,
        // It is unpacked from memory that a caller must give: see `heic`.
        Kind::Heic => return refusal::refuse(Reason::UnknownType, "HEIC photographs cannot be looked into here."),
        Kind::Doc => office::doc::check(bytes)?,
        Kind::Docx => office::docx::check(bytes)?,
        Kind::Rtf => office::rtf::check(bytes)?,
        Kind::Text => u32::try_from(plain::text(bytes).matches('\u{C}').count()).unwrap_or(u32::MAX).saturating_add(1),
    };
    if pages > max_pages {
        let detail = format!("This file has {pages} pages; at most {max_pages} are taken in.");
        return Err(Refusal::new(Reason::TooManyPages, detail));
    }
    Ok(Checked { media_type: kind.media_type(), pages })
}

/// A page as a JPEG of at most this width, turned clockwise by `turned` degrees beyond how it stands in the file.
/// `None` for files that have no pages to show.
pub fn show(bytes: &[u8], kind: Kind, page: u32, width: u32, turned: u16) -> Option<Result<Vec<u8>, ProgramError>> {
    if kind == Kind::Pdf {
        let shown = pdf::render::jpeg(bytes, page, width);
        return Some(match (shown, turned) {
            (Ok(jpeg), 90 | 180 | 270) => {
                let picture = picture::decode(&jpeg, Kind::Jpeg, 1).and_then(|picture| picture.turned(turned).jpeg());
                picture.ok_or(ProgramError::Failed("pdftoppm"))
            }
            (shown, _) => shown,
        });
    }
    if !kind.is_picture() {
        return None;
    }
    let width = usize::try_from(width).unwrap_or(usize::MAX);
    let decoded = picture::decode(bytes, kind, page).map(|picture| {
        // What is turned on its side becomes as wide as it was high. Few points are turned faster than many.
        let narrow = match turned {
            90 | 270 => width.saturating_mul(picture.width).div_ceil(picture.height.max(1)),
            _ => width,
        };
        picture.narrowed(narrow).turned(turned).jpeg()
    });
    Some(decoded.flatten().ok_or(ProgramError::Failed("the picture's decoder")))
}
