//! Laboratory values in what was read.

mod analytes;
pub mod date;
mod find;
mod items;
mod judge;
mod names;
mod numbers;
mod rows;
mod units;

use crate::page::{Page, Place, Word};
use crate::reading::Order;
use serde::Serialize;

pub use analytes::{LabCode, codes};

/// A value as it stands in the document, for a person to confirm.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Proposal {
    pub page: u32,
    #[serde(rename = "box")]
    pub place: Option<Place>,
    pub label: String,
    /// LOINC
    pub code: &'static str,
    pub display: &'static str,
    /// Its digits as printed, with `.` as the decimal sign.
    pub value: Option<String>,
    pub comparator: Option<&'static str>,
    pub qualitative: Option<String>,
    /// UCUM
    pub unit: Option<&'static str>,
    pub unit_printed: Option<String>,
    pub low: Option<String>,
    pub high: Option<String>,
    pub flag: Option<&'static str>,
    pub date: Option<String>,
    pub confidence: f32,
}

/// The values found on the pages, in the order in which they stand there.
pub fn propose(pages: &[Page], order: Order) -> Vec<Proposal> {
    let date = crate::suggest::sample_date(pages, order);
    let comma = numbers::comma(pages.iter().flat_map(Page::words).map(|word| word.text.as_str()));
    let mut proposals = Vec::new();
    for page in pages {
        let tokens = rows::tokens(page);
        for entry in find::entries(&tokens, comma, page.source.is_guessed()) {
            if let Some(value) = judge::value(page, &tokens, &entry).filter(|value| value.confidence >= LEAST) {
                let words = || tokens[value.tokens.clone()].iter().map(|token| &token.word);
                let label =
                    tokens[entry.name.clone()].iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
                proposals.push(Proposal {
                    page: page.number,
                    place: around(page, words()),
                    label: label.trim_end_matches([':', ',', '-']).trim().to_owned(),
                    code: value.analyte.code,
                    display: value.analyte.display,
                    value: value.number,
                    comparator: value.comparator,
                    qualitative: value.result,
                    unit: value.unit.map(|unit| unit.ucum),
                    unit_printed: value.printed,
                    low: value.low,
                    high: value.high,
                    flag: value.flag,
                    date: date.clone(),
                    confidence: (value.confidence * 100.0).round() / 100.0,
                });
            }
        }
    }
    proposals
}

/// What is less likely than this helps nobody.
const LEAST: f32 = 0.2;

/// The smallest box around the words.
fn around<'a>(page: &Page, words: impl Iterator<Item = &'a Word>) -> Option<Place> {
    words.filter_map(|word| page.place(word)).reduce(|a, b| {
        let (x, y) = (a.x.min(b.x), a.y.min(b.y));
        Place { x, y, w: (a.x + a.w).max(b.x + b.w) - x, h: (a.y + a.h).max(b.y + b.h) - y }
    })
}
