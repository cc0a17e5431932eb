//! What a document says of itself: its date, who wrote it, what kind it is.

use crate::labs::Proposal;
use crate::labs::date::{self, Dates, Written};
use crate::page::{Page, Word};
use crate::reading::Order;
use serde::Serialize;

#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Suggestions {
    pub date: Option<String>,
    pub organization: Option<String>,
    pub kind: Option<Kind>,
    pub title: Option<String>,
}

/// A kind of document (LOINC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Kind {
    pub code: &'static str,
    pub display: &'static str,
}

pub const LABORATORY: Kind = Kind { code: "11502-2", display: "Laboratory report" };

/// Words of a heading, and the kind that they tell. The first that is found high on the first page counts.
const HEADINGS: [(&str, Kind); 22] = [
    ("discharge summary", Kind { code: "18842-5", display: "Discharge summary" }),
    ("discharge letter", Kind { code: "18842-5", display: "Discharge summary" }),
    ("histopatholog", Kind { code: "60568-3", display: "Pathology report" }),
    ("pathology report", Kind { code: "60568-3", display: "Pathology report" }),
    ("biopsy", Kind { code: "60568-3", display: "Pathology report" }),
    ("x-ray", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("ultrasound", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("sonograph", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("mri ", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("ct scan", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("radiology", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("bone density", Kind { code: "18748-4", display: "Diagnostic imaging study" }),
    ("prescription", Kind { code: "57833-6", display: "Prescription" }),
    ("referral", Kind { code: "57133-1", display: "Referral note" }),
    ("immunization", Kind { code: "11369-6", display: "Immunization history" }),
    ("immunisation", Kind { code: "11369-6", display: "Immunization history" }),
    ("vaccination", Kind { code: "11369-6", display: "Immunization history" }),
    ("progress note", Kind { code: "11506-3", display: "Progress note" }),
    ("insurance", Kind { code: "48768-6", display: "Payment sources" }),
    ("laboratory", LABORATORY),
    ("lab report", LABORATORY),
    ("test report", LABORATORY),
];

/// Words that make a line the name of somebody who writes reports.
const HOUSES: [&str; 20] = [
    "hospital",
    "clinic",
    "laborator",
    "diagnostic",
    "labs",
    "medical cent",
    "health cent",
    "pathology",
    "klinik",
    "labor ",
    "krankenhaus",
    "institute",
    "hôpital",
    "clinique",
    "laboratoire",
    "praxis",
    "healthcare",
    "polyclinic",
    "nursing home",
    "imaging",
];

/// What stands before the date that counts, the best first.
const BEFORE: [&[&str]; 4] = [
    &[
        "collected",
        "collection",
        "sample drawn",
        "drawn",
        "sampled",
        "entnahme",
        "abnahme",
        "prélèvement",
        "specimen date",
    ],
    &["received", "registered", "eingang", "reg. date", "booked"],
    &["reported", "report date", "date of report", "printed", "befund", "date of visit", "discharge", "study date"],
    &["date", "datum", "dated"],
];

/// Before a date that says nothing about the document.
const BIRTH: [&str; 4] = ["birth", "dob", "d.o.b", "geb"];
const NOT_THESE: [&str; 6] = ["birth", "dob", "d.o.b", "geb", "expiry", "valid"];

fn line_text(line: &[Word]) -> String {
    line.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

pub fn suggest(pages: &[Page], order: Order) -> Suggestions {
    let Some(first) = pages.iter().find(|page| page.words().next().is_some()) else { return Suggestions::default() };
    let lines: Vec<String> = first.lines.iter().map(|line| line_text(line)).collect();
    let head = &lines[..lines.len().min(25)];
    let found = head.iter().find_map(|line| {
        let line = format!("{} ", line.to_lowercase());
        HEADINGS.iter().find(|(words, _)| line.contains(words))
    });
    let kind = found.map(|(_, kind)| *kind);
    let date = sample_date(pages, &dates(pages, order)).map(|written| written.day.to_string());
    Suggestions { date, organization: organization(head), kind, title: title(head, kind) }
}

impl Suggestions {
    /// A paper with several laboratory values is a laboratory report, whatever else stands at its top.
    pub fn with_values(mut self, values: &[Proposal]) -> Self {
        if self.kind.is_none() && values.len() >= 3 {
            self.kind = Some(LABORATORY);
        }
        if self.title.is_none() {
            self.title = self.kind.map(|kind| kind.display.to_owned());
        }
        self
    }
}

fn all_lines(pages: &[Page]) -> Vec<String> {
    pages.iter().flat_map(|page| &page.lines).map(|line| line_text(line)).collect()
}

/// How the dates of these pages are read.
pub fn dates(pages: &[Page], order: Order) -> Dates {
    let lines = all_lines(pages);
    let dates = Dates::of(lines.iter().map(String::as_str), order, date::tomorrow());
    let birth = lines.iter().find_map(|line| {
        let lower = line.to_lowercase();
        let at = BIRTH.iter().filter_map(|word| lower.find(word)).min()?;
        dates.find(lower.get(at..)?)
    });
    dates.born(birth)
}

/// The date of the sample, else of the report.
pub fn sample_date(pages: &[Page], dates: &Dates) -> Option<Written> {
    let lines = all_lines(pages);
    for marks in BEFORE {
        for (n, line) in lines.iter().enumerate() {
            let lower = line.to_lowercase();
            let Some(at) = marks.iter().filter_map(|mark| lower.find(mark)).min() else { continue };
            let same = lower.get(at..).unwrap_or_default();
            if NOT_THESE.iter().any(|word| lower.get(..at).unwrap_or_default().ends_with(&format!("{word} "))) {
                continue;
            }
            let before = lower.get(at.saturating_sub(12)..at).unwrap_or_default();
            let next = lines.get(n + 1).filter(|_| !same.contains(|c: char| c.is_ascii_digit()));
            if NOT_THESE.iter().any(|word| same.contains(&format!("of {word}")) || before.contains(word)) {
                continue;
            }
            if let Some(written) = dates.find(same).or_else(|| next.and_then(|line| dates.find(line))) {
                return Some(written);
            }
        }
    }
    None
}

fn organization(head: &[String]) -> Option<String> {
    let named = |line: &&String| {
        let lower = format!("{} ", line.to_lowercase());
        HOUSES.iter().any(|word| lower.contains(word))
            && !lower.contains(':')
            && !lower.contains("report")
            && !is_navigation(line)
            && line.chars().filter(|c| c.is_ascii_digit()).count() < 4
    };
    let line = head.iter().take(10).find(named)?;
    Some(line.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|name| (4..=100).contains(&name.chars().count()))
}

/// Whether a line is the menu of a page of the web, or stands in brackets only.
fn is_navigation(line: &str) -> bool {
    let line = line.trim();
    line.contains(['|', '»', '›'])
        || line.contains("(/")
        || line.contains("](")
        || line.starts_with(['(', '[']) && line.ends_with([')', ']'])
}

/// A heading near the top that tells the kind, as it is printed.
fn title(head: &[String], kind: Option<Kind>) -> Option<String> {
    let kind = kind?;
    let telling = |line: &&String| {
        let lower = format!("{} ", line.to_lowercase());
        HEADINGS.iter().any(|(words, own)| *own == kind && lower.contains(words)) && line.chars().count() <= 60
    };
    let line = head.iter().find(telling).filter(|line| !line.contains(':'))?;
    Some(line.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_menu_of_a_page_and_words_in_brackets_are_no_house() {
        let of = |line: &str| organization(&[line.to_owned()]);
        for line in ["Home (/) | Centers Clinic", "(Riverside Clinic)", "Home › Clinics", "[Clinic](https)"] {
            assert_eq!(of(line), None, "{line}");
        }
        assert_eq!(of("Riverside Clinic (North)").as_deref(), Some("Riverside Clinic (North)"));
    }
}
