//! A file read: pages, text, proposed values, suggestions.

use crate::kind::Kind;
use crate::labs::{self, Proposal};
use crate::page::{Page, Source, from_text};
use crate::pdf::{layer, render};
use crate::programs::ProgramError;
use crate::refusal::Refusal;
use crate::suggest::{self, Suggestions};
use crate::{ocr, office, picture, plain};
use serde::Serialize;
use std::time::{Duration, Instant};

/// How dates like 03/04/2026 are meant where the document does not tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
}

#[derive(Clone, Debug)]
pub struct Wishes {
    /// As Tesseract names them, joined by `+`.
    pub languages: String,
    pub order: Order,
    pub max_pages: u32,
    /// Reading letters takes a second a page: what goes beyond this is left unread.
    pub max_pictures: u32,
    /// No letters of a further page are begun with after this: what was read until then is worth more than nothing.
    pub patience: Duration,
}

pub const PATIENCE: Duration = Duration::from_secs(75);

impl Default for Wishes {
    fn default() -> Self {
        Self {
            languages: "eng".to_owned(),
            order: Order::DayFirst,
            max_pages: 500,
            max_pictures: 40,
            patience: PATIENCE,
        }
    }
}

#[derive(Debug, Serialize)]
pub struct Reading {
    pub pages: Vec<Page>,
    /// Pages whose letters were left unread.
    pub unread: u32,
    pub text: String,
    pub values: Vec<Proposal>,
    pub suggestions: Suggestions,
}

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    #[error(transparent)]
    Program(#[from] ProgramError),
    #[error("{}", .0.detail)]
    File(Refusal),
}

pub fn read(bytes: &[u8], kind: Kind, wishes: &Wishes) -> Result<Reading, Unreadable> {
    let (pages, unread) = match kind {
        Kind::Pdf => pdf(bytes, wishes)?,
        Kind::Jpeg | Kind::Png | Kind::Tiff | Kind::Heic => pictures(bytes, kind, wishes)?,
        Kind::Text => (typed(&plain::text(bytes)), 0),
        Kind::Doc => (typed(&office::doc::text(bytes).map_err(Unreadable::File)?), 0),
        Kind::Docx => (typed(&office::docx::text(bytes).map_err(Unreadable::File)?), 0),
        Kind::Rtf => (typed(&office::rtf::text(bytes).map_err(Unreadable::File)?), 0),
    };
    let text = pages.iter().map(Page::text).collect::<Vec<_>>().join("\u{C}");
    let suggestions = suggest::suggest(&pages, wishes.order);
    let values = labs::propose(&pages, wishes.order);
    let suggestions = suggestions.with_values(&values);
    Ok(Reading { pages, unread, text, values, suggestions })
}

fn typed(text: &str) -> Vec<Page> {
    let parts = text.trim_end().split('\u{C}').enumerate();
    parts.map(|(n, part)| from_text(u32::try_from(n + 1).unwrap_or(u32::MAX), part)).collect()
}

/// How many pages with letters may still be read.
struct Left {
    pictures: u32,
    until: Instant,
    unread: u32,
}

impl Left {
    fn of(wishes: &Wishes, begun: Instant) -> Self {
        Self { pictures: wishes.max_pictures, until: begun + wishes.patience, unread: 0 }
    }

    /// Whether there is room for one more. The first always has.
    fn take(&mut self, first: bool) -> bool {
        let room = self.pictures > 0 && (first || Instant::now() < self.until);
        if room {
            self.pictures -= 1;
        } else {
            self.unread += 1;
        }
        room
    }
}

fn pdf(bytes: &[u8], wishes: &Wishes) -> Result<(Vec<Page>, u32), Unreadable> {
    let begun = Instant::now();
    let mut pages = layer::pages(bytes, wishes.max_pages)?;
    let mut left = Left::of(wishes, begun);
    let mut first = true;
    for page in &mut pages {
        if layer::is_readable(page) || !left.take(first) {
            continue;
        }
        first = false;
        let seen = render::gray(bytes, page.number, ocr::LONGEST)?;
        let read = ocr::read(page.number, &seen, &wishes.languages)?;
        // A page with next to nothing on it has a short layer and nothing else to read.
        if page.words().count() == 0 || read.words().count() > page.words().count() {
            *page = read;
        }
    }
    Ok((pages, left.unread))
}

fn pictures(bytes: &[u8], kind: Kind, wishes: &Wishes) -> Result<(Vec<Page>, u32), Unreadable> {
    let count = picture::pages(bytes, kind).min(wishes.max_pages);
    let mut pages = Vec::new();
    let mut left = Left::of(wishes, Instant::now());
    for number in 1..=count {
        if !left.take(number == 1) {
            continue;
        }
        let damaged = || Refusal::new(crate::Reason::Damaged, "This picture is damaged or incomplete.");
        let seen = picture::decode(bytes, kind, number).ok_or_else(|| Unreadable::File(damaged()))?;
        pages.push(ocr::read(number, &seen.gray(), &wishes.languages)?);
    }
    Ok((pages, left.unread))
}

impl Source {
    /// Whether the letters may have been taken for others.
    pub fn is_guessed(self) -> bool {
        self == Self::Ocr
    }
}
