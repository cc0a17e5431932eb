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
        let rows = find::Rows::of(&tokens);
        for entry in find::entries(&tokens, comma, page.source.is_guessed()) {
            if let Some(value) = judge::value(page, &rows, &entry).filter(|value| value.confidence >= LEAST) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::from_text;

    /// How sure it is of the value with this name in a line.
    fn sure(line: &str, code: &str) -> f32 {
        let found = propose(&[from_text(1, line)], Order::DayFirst);
        found.iter().find(|one| one.code == code).map_or(0.0, |one| one.confidence)
    }

    #[test]
    fn a_unit_that_was_misread_from_a_picture_is_left_to_a_person_and_one_that_is_printed_is_kept() {
        let unit = |line: &str, guessed: bool| {
            let mut page = from_text(1, line);
            page.source = if guessed { crate::page::Source::Ocr } else { page.source };
            let found = propose(&[page], Order::DayFirst);
            found.iter().find(|one| one.code == "6690-2").map(|one| (one.unit, one.unit_printed.clone().unwrap()))
        };
        for guessed in [true, false] {
            assert_eq!(unit("Leukozyten   6,8   /nl   4,0 - 10,0", guessed), Some((Some("10*3/uL"), "/nl".to_owned())));
        }
        assert_eq!(unit("Leukozyten   6,8   /ul   4,0 - 10,0", true), Some((None, "/ul".to_owned())));
        assert_eq!(unit("Leukozyten   6800   /ul   4000 - 10000", true), Some((Some("/uL"), "/ul".to_owned())));
        assert_eq!(unit("Leukozyten   6,8   /ul   4,0 - 10,0", false), Some((Some("/uL"), "/ul".to_owned())));
    }

    #[test]
    fn a_word_in_a_sentence_is_no_value_to_rely_on_and_what_a_laboratory_prints_is() {
        const TIME: &str = "5902-2";
        for stray in
            ["Seen by PT 164 times since the fall.", "Pt 64 years old, lives alone", "Sent to: PT 164 High Street"]
        {
            assert!(sure(stray, TIME) < 0.5, "{stray}: {}", sure(stray, TIME));
        }
        for printed in ["PT      12.9   s   11.0 - 13.5", "PT 12.9 s at the last visit", "His PT was 12.9 sec. then"] {
            assert!(sure(printed, TIME) > 0.7, "{printed}: {}", sure(printed, TIME));
        }
        let both = "Admission: hemoglobin was 13.4 g/dL and INR 2.3 under warfarin";
        assert!(sure(both, "718-7") > 0.8 && sure(both, "6301-6") > 0.8, "{both}");
        assert!(sure("Na 140, K 4.1", "2951-2") > 0.6, "a row of values is no sentence");
    }
}
