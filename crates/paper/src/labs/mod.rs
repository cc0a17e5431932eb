//! Laboratory values in what was read.

mod analytes;
mod columns;
pub mod date;
mod find;
mod items;
mod judge;
mod names;
mod numbers;
mod rows;
mod sentences;
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
    let dates = crate::suggest::dates(pages, order);
    let date = crate::suggest::sample_date(pages, &dates);
    let comma = numbers::comma(pages.iter().flat_map(Page::words).map(|word| word.text.as_str()));
    let mut proposals = Vec::new();
    for page in pages {
        let tokens = rows::tokens(page);
        let rows = sentences::Rows::of(&tokens);
        let heads = columns::heads(&tokens, &dates);
        for entry in find::entries(&tokens, comma, page.source.is_guessed()) {
            let newest = columns::newest(&entry, &tokens, &heads);
            if let Some(value) =
                judge::value(page, &rows, &entry, newest.as_ref()).filter(|value| value.confidence >= LEAST)
            {
                let words = || tokens[value.tokens.clone()].iter().map(|token| &token.word);
                // A result of another day than its own is a wrong one.
                let written = newest.map(|newest| newest.day).or(date);
                let dated = if written.is_none_or(|written| written.sure) { 1.0 } else { judge::DOUBT };
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
                    date: written.map(|written| written.day.to_string()),
                    confidence: (value.confidence * dated * 100.0).round() / 100.0,
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

    fn all(text: &str) -> Vec<Proposal> {
        propose(&[from_text(1, text)], Order::DayFirst)
    }

    const HIGH: f32 = 0.9;

    #[test]
    fn a_value_of_a_day_that_may_be_another_is_not_certain() {
        let of = |head: &str| {
            let found = all(&format!("{head}\nHemoglobin         13.4   g/dL     12.0 - 16.0\n"));
            (found[0].date.clone().unwrap(), found[0].confidence >= HIGH)
        };
        assert_eq!(of("DOB: 07/25/1978\nCollected: 03/04/2026"), ("2026-03-04".to_owned(), true));
        assert_eq!(of("Collected: 03/04/2026   Reported: 15/04/2026"), ("2026-04-03".to_owned(), true));
        assert_eq!(of("Collected: 03/04/2026"), ("2026-04-03".to_owned(), false));
        assert_eq!(of("Collected: 3 April 2026"), ("2026-04-03".to_owned(), true));
        assert_eq!(of("Collected: 2089-04-03"), ("2089-04-03".to_owned(), false));
    }

    #[test]
    fn of_several_results_in_a_row_none_is_taken_silently() {
        let head = "Abnahme:           01.02.2025   01.03.2026\n";
        let found = all(&format!(
            "{head}Hemoglobin         12.1         13.4         g/dL\n\
             Creatinine         0.8          1.9          mg/dL   0.6 - 1.2\n\
             Potassium          4.1                       mmol/L\n\
             CRP                12.0         <0.5         mg/L\n"
        ));
        let told: Vec<_> =
            found.iter().map(|one| (one.value.as_deref().unwrap(), one.date.as_deref().unwrap())).collect();
        let (old, new) = ("2025-02-01", "2026-03-01");
        assert_eq!(told, [("13.4", new), ("1.9", new), ("4.1", old), ("0.5", new)]);
        assert_eq!((found[3].comparator, found[3].high.as_deref()), (Some("<"), None));
        assert_eq!((found[1].low.as_deref(), found[1].high.as_deref()), (Some("0.6"), Some("1.2")));
        assert!([0, 1, 3].iter().all(|n| found[*n].confidence < HIGH));
        let found = all("Sodium             138  140  142  mmol/L");
        assert_eq!((found[0].value.as_deref(), found[0].low.as_deref()), (Some("138"), None));
        assert!(found[0].confidence < HIGH);
        let found = all("Sodium             138    mmol/L   136 - 145");
        assert!(found[0].confidence >= HIGH);
    }

    #[test]
    fn a_sentence_ends_where_it_ends_and_may_tell_of_another_time() {
        let text = "Her hemoglobin was 7.2 g/dL in 2019 and is 13.5 g/dL today. Target LDL below 70 mg/dL.\n\
                    Father's cholesterol was 320 mg/dL. Creatinine was normal.\n\
                    Blood pressure 150/90 mmHg, pulse 88.\n";
        let found = all(text);
        let hemoglobin = found.iter().find(|one| one.code == "718-7").unwrap();
        assert!(hemoglobin.confidence < HIGH && hemoglobin.high.is_none(), "{hemoglobin:?}");
        assert!(found.iter().all(|one| one.value.as_deref() != Some("88") && one.confidence < HIGH), "{found:?}");
        assert!(all("See 45 C.F.R. Pt. 164 for it.").is_empty() && all("45 C.F.R. Pt. 164").is_empty());
    }

    #[test]
    fn a_rate_for_no_area_is_not_given_one() {
        let of = |line: &str| all(line).remove(0);
        let bare = of("eGFR      72   mL/min   > 60");
        assert_eq!((bare.unit, bare.unit_printed.as_deref()), (None, Some("mL/min")));
        assert!(bare.confidence < HIGH);
        let whole = of("eGFR (per 1.73 m2)      72   mL/min   > 60");
        assert_eq!(whole.unit, Some("mL/min/{1.73_m2}"));
    }
}
