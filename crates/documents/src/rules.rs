//! What may be said of a document, and what its words are.

use fhir::search::query::fold;
use kernel::{Issue, Problem};
use std::collections::BTreeSet;

/// LOINC codes for kinds of documents (LOINC 2.77, <https://loinc.org>; the names are its long common names, shortened as its
/// consumer names are).
pub const KINDS: [(&str, &str); 12] = [
    ("11502-2", "Laboratory report"),
    ("18842-5", "Discharge summary"),
    ("57133-1", "Referral note"),
    ("57833-6", "Prescription"),
    ("18748-4", "Diagnostic imaging study"),
    ("11506-3", "Progress note"),
    ("60568-3", "Pathology report"),
    ("11369-6", "Immunization history"),
    ("34133-9", "Summary of episode"),
    ("48768-6", "Insurance"),
    ("51851-4", "Administrative note"),
    ("34109-9", "Note"),
];

pub fn kind_display(code: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == code).map(|(_, display)| *display)
}

/// Media types that are taken, and whether a page of one can be shown as a picture.
const TYPES: [(&str, bool); 9] = [
    ("application/pdf", true),
    ("image/jpeg", true),
    ("image/png", true),
    ("image/tiff", true),
    ("image/heic", true),
    ("text/plain", false),
    ("application/msword", false),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", false),
    ("text/rtf", false),
];

/// The type as it is written here, when it is one that is taken.
pub fn media_type(text: &str) -> Option<&'static str> {
    TYPES.iter().find(|(known, _)| *known == text).map(|(known, _)| *known)
}

pub fn has_pictures(media_type: &str) -> bool {
    TYPES.iter().any(|(known, pictures)| *known == media_type && *pictures)
}

/// What the child may say of a file that will not be taken.
const REASONS: [&str; 12] = [
    "unknown-type",
    "empty",
    "macros",
    "pdf-script",
    "pdf-launch",
    "pdf-embedded",
    "polyglot",
    "bomb",
    "too-many-pages",
    "too-large-picture",
    "damaged",
    "protected",
];

pub fn reason(text: &str) -> &'static str {
    REASONS.into_iter().find(|known| *known == text).unwrap_or("damaged")
}

pub const TITLE_MOST: usize = 200;
const ORGANIZATION_MOST: usize = 200;
const TAGS_MOST: usize = 20;
const TAG_MOST: usize = 40;

/// What a person says of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    pub title: Option<String>,
    pub kind: Option<String>,
    pub date: Option<String>,
    pub organization: Option<String>,
    pub tags: Vec<String>,
}

/// One line, without what cannot be seen.
fn line(text: &str) -> String {
    let visible: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Puts it in order, or says what is wrong with it. `today` is the last day a document can have.
pub fn check(said: Said, today: &str) -> Result<Said, Problem> {
    let mut issues = Vec::new();
    let mut short = |field: &'static str, text: Option<String>, most: usize| {
        let text = text.map(|text| line(&text)).filter(|text| !text.is_empty());
        if text.as_ref().is_some_and(|text| text.chars().count() > most) {
            issues.push(Issue::new("too-long", field, format!("At most {most} letters.")));
        }
        text
    };
    let title = short("title", said.title, TITLE_MOST);
    let organization = short("organization", said.organization, ORGANIZATION_MOST);
    if said.kind.as_deref().is_some_and(|code| kind_display(code).is_none()) {
        issues.push(Issue::new("value", "kind", "This is none of the kinds in /api/document-kinds."));
    }
    if let Some(date) = said.date.as_deref()
        && let Some(issue) = day(date, today)
    {
        issues.push(issue);
    }
    let mut tags: Vec<String> = Vec::new();
    for tag in said.tags.iter().map(|tag| line(tag)).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| fold(known) == fold(&tag)) {
            tags.push(tag);
        }
    }
    if tags.len() > TAGS_MOST || tags.iter().any(|tag| tag.chars().count() > TAG_MOST) {
        issues.push(Issue::new("too-long", "tags", format!("At most {TAGS_MOST} tags of {TAG_MOST} letters.")));
    }
    match issues.is_empty() {
        true => Ok(Said { title, kind: said.kind, date: said.date, organization, tags }),
        false => Err(Problem::unprocessable(issues)),
    }
}

/// What is wrong with a day, `YYYY-MM-DD`.
pub fn day(date: &str, today: &str) -> Option<Issue> {
    if date.len() != 10 || fhir::date::span(date).is_none() {
        return Some(Issue::new("value", "date", "Expected a day, such as 2026-03-04."));
    }
    // Somewhere it is tomorrow already.
    let latest = fhir::date::span(today).map_or(i64::MAX, |(_, end)| end + 24 * 3_600_000);
    let begins = fhir::date::span(date).map_or(0, |(begins, _)| begins);
    if begins >= latest || date < "1880-01-01" {
        return Some(Issue::new("value", "date", "This day lies in the future, or too far back."));
    }
    None
}

/// The last part of a path, as a name that is safe in a header and a folder.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = line(last).chars().filter(|c| !"\"<>|:*?".contains(*c)).collect();
    let name: String = visible.trim_matches([' ', '.']).chars().take(150).collect();
    if name.is_empty() { "document".to_owned() } else { name }
}

/// A file's name as a title: without its ending.
pub fn title_of(file_name: &str) -> String {
    let stem =
        file_name.rsplit_once('.').map_or(file_name, |(stem, ending)| if ending.len() <= 5 { stem } else { file_name });
    let title = line(&stem.replace(['_', '-'], " "));
    if title.is_empty() { file_name.to_owned() } else { title }
}

/// Words longer than this are no words.
const WORD_MOST: usize = 40;
/// The first letters by which a word of a title is found, while it is being typed.
const PREFIX: std::ops::RangeInclusive<usize> = 2..=16;

/// The words of a text, each once, folded: small letters without marks.
pub fn words(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let parts = folded.split(|c: char| !c.is_alphanumeric());
    let long = |word: &&str| (1..=WORD_MOST).contains(&word.chars().count());
    parts.filter(long).map(str::to_owned).collect()
}

/// The words and their beginnings: for the little that is said of a document.
pub fn beginnings(text: &str) -> BTreeSet<String> {
    let mut out = words(text);
    for word in words(text) {
        let letters: Vec<char> = word.chars().collect();
        out.extend(PREFIX.take_while(|n| *n < letters.len()).map(|n| letters[..n].iter().collect::<String>()));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_outside_becomes_a_plain_one() {
        for (given, name) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"C:\Users\me\scan 1.jpg", "scan 1.jpg"),
            ("a\u{0}b\"c\r\nd.pdf", "a bc d.pdf"),
            ("..", "document"),
            ("", "document"),
        ] {
            assert_eq!(file_name(given), name, "{given:?}");
        }
        assert_eq!(title_of("CBC_2026-03-04.pdf"), "CBC 2026 03 04");
        assert_eq!(title_of("Dr. Rao"), "Dr. Rao".rsplit_once('.').unwrap().0);
    }

    #[test]
    fn what_is_said_is_put_in_order_or_refused_with_the_place() {
        let said = Said {
            title: Some("  Blood\n count ".into()),
            tags: vec!["Heart".into(), " heart".into(), String::new()],
            kind: Some("11502-2".into()),
            date: Some("2026-03-04".into()),
            organization: Some(" ".into()),
        };
        let said = check(said, "2026-03-04").unwrap();
        assert_eq!(said.title.as_deref(), Some("Blood count"));
        assert_eq!((said.tags, said.organization), (vec!["Heart".to_owned()], None));
        let wrong = Said {
            kind: Some("1".into()),
            date: Some("2027-01-01".into()),
            title: Some("x".repeat(201)),
            tags: vec!["y".repeat(41)],
            ..Said::default()
        };
        let problem = check(wrong, "2026-03-04").unwrap_err();
        let places: Vec<&str> = problem.issues.iter().map(|issue| issue.path.as_str()).collect();
        assert_eq!(places, ["title", "kind", "date", "tags"]);
        for date in ["2026-02-30", "2026-3-4", "yesterday", "1700-01-01", "2026"] {
            assert!(day(date, "2026-03-04").is_some(), "{date}");
        }
        assert!(day("2026-03-05", "2026-03-04").is_none(), "it may be tomorrow where they are");
    }

    #[test]
    fn a_word_is_found_however_it_is_written_and_a_title_while_it_is_typed() {
        let found = words("Hämoglobin, HÄMOGLOBIN 13.4 g/dL");
        assert_eq!(found.into_iter().collect::<Vec<_>>(), ["13", "4", "dl", "g", "hamoglobin"]);
        assert!(beginnings("Discharge").contains("disch"));
        assert!(!words("Discharge").contains("disch"));
    }
}
