//! What may be said of a document, and what its words are.

use fhir::search::query::fold;
use kernel::{Issue, Problem, text};
use std::collections::HashSet;

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

/// One line, without what cannot be seen: a mark that turns the direction makes `exe.png` of a name that ends in `.exe`.
fn line(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text::shown(&spaced).split_whitespace().collect::<Vec<_>>().join(" ")
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

const NAME_MOST: usize = 150;
const ENDING_MOST: usize = 8;

/// The last part of a path, as a name that is safe in a header and a folder.
pub fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = line(last).chars().filter(|c| !"\"<>|:*?".contains(*c)).collect();
    let name = visible.trim_matches([' ', '.']);
    // Without its ending nothing opens a file.
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= ENDING_MOST && !ending.contains(' ') => {
            (stem, format!(".{ending}"))
        }
        _ => (name, String::new()),
    };
    let room = NAME_MOST - ending.chars().count();
    let name: String = stem.chars().take(room).chain(ending.chars()).collect();
    if name.is_empty() { "document".to_owned() } else { name }
}

/// Endings that files which are taken in have; what else stands behind a stop is part of a title (`Dr. Rao`).
const ENDINGS: [&str; 13] =
    ["pdf", "jpg", "jpeg", "png", "tif", "tiff", "heic", "heif", "txt", "text", "doc", "docx", "rtf"];

/// A file's name as a title: without its ending.
pub fn title_of(file_name: &str) -> String {
    let known = |ending: &str| ENDINGS.iter().any(|own| own.eq_ignore_ascii_case(ending));
    let stem = file_name.rsplit_once('.').filter(|(_, ending)| known(ending)).map_or(file_name, |(stem, _)| stem);
    let title = line(&stem.replace(['_', '-'], " "));
    if title.is_empty() { file_name.to_owned() } else { title }
}

/// Words longer than this are no words.
const WORD_MOST: usize = 40;
/// The first letters by which a word of a title is found, while it is being typed.
const PREFIX: std::ops::RangeInclusive<usize> = 2..=16;

/// Scripts whose sentences have no spaces between words: Thai, Lao, Myanmar, Khmer, kana and ideographs.
const fn unspaced(c: char) -> bool {
    matches!(c, '\u{E00}'..='\u{EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{3005}'..='\u{3007}'
        | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Letters that are one with two others, or with another one and a stroke, which folding leaves alone.
fn plain(folded: &str) -> String {
    let mut out = String::with_capacity(folded.len());
    for c in folded.chars() {
        match c {
            'œ' => out.push_str("oe"),
            'æ' => out.push_str("ae"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            c => out.push(c),
        }
    }
    out
}

/// The words of a text, each once and in their order, folded: small letters without marks. Where no space parts words, each
/// two letters that stand together are one, and where `alone`, each letter too.
fn split(text: &str, alone: bool) -> Vec<String> {
    let folded = plain(&fold(text));
    let mut words: Vec<&str> = Vec::new();
    for part in folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()) {
        let ends: Vec<(usize, bool)> = part.char_indices().map(|(at, c)| (at + c.len_utf8(), unspaced(c))).collect();
        let mut from = 0;
        for run in ends.chunk_by(|a, b| a.1 == b.1) {
            let to = run.last().map_or(from, |end| end.0);
            if run[0].1 {
                let starts = std::iter::once(from).chain(run.iter().map(|end| end.0));
                words.extend(starts.zip(&run[1..]).map(|(at, end)| &part[at..end.0]));
                if alone || run.len() == 1 {
                    words.extend(part[from..to].split_inclusive(|_| true));
                }
            } else if run.len() <= WORD_MOST {
                words.push(&part[from..to]);
            }
            from = to;
        }
    }
    let mut seen = HashSet::new();
    words.into_iter().filter(|word| seen.insert(*word)).map(str::to_owned).collect()
}

/// The words of a text, by which it is found.
pub fn words(text: &str) -> Vec<String> {
    split(text, true)
}

/// The words of a question: what is found has all of them.
pub fn asked(question: &str) -> Vec<String> {
    split(question, false)
}

/// The words and their beginnings: for the little that is said of a document.
pub fn beginnings(text: &str) -> Vec<String> {
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
            ("\u{202E}gnp.exe.txt", "gnp.exe.txt"),
            ("lab\u{200B}\u{2066}\u{FEFF} 1\u{200D}.pdf", "lab 1.pdf"),
            ("نامه\u{200C}ها.pdf", "نامه\u{200C}ها.pdf"),
        ] {
            assert_eq!(file_name(given), name, "{given:?}");
        }
        let long = file_name(&format!("{}.pdf", "x".repeat(300)));
        assert_eq!((long.chars().count(), long.ends_with("xx.pdf")), (150, true));
        assert_eq!(file_name(&"x".repeat(300)).len(), 150);
        assert_eq!(title_of("CBC_2026-03-04.pdf"), "CBC 2026 03 04");
        assert_eq!(title_of("Letter from Dr. Rao"), "Letter from Dr. Rao");
        assert_eq!(title_of("Letter from Dr. Rao.PDF"), "Letter from Dr. Rao");
        assert_eq!(file_name("Letter from Dr. Rao"), "Letter from Dr. Rao");
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
        assert_eq!(found, ["hamoglobin", "13", "4", "g", "dl"]);
        assert!(beginnings("Discharge").iter().any(|word| word == "disch"));
        assert!(!words("Discharge").iter().any(|word| word == "disch"));
    }

    #[test]
    fn a_word_is_found_inside_a_sentence_that_has_no_spaces_and_however_its_double_letters_are_written() {
        let found = |text: &str, question: &str| {
            let (words, asked) = (words(text), asked(question));
            !asked.is_empty() && asked.iter().all(|word| words.contains(word))
        };
        for (text, question) in [
            ("血小板の数値も正常範囲内でした。", "血小板"),
            ("血小板の数値も正常範囲内でした。", "板"),
            ("HbA1cは正常", "hba1c"),
            ("患者の父は高血圧", "高血圧"),
            ("ผู้ป่วยมีอาการปวดศีรษะ", "ปวด"),
            ("Œdème des membres inférieurs", "oedeme"),
            ("oedeme", "œdème"),
        ] {
            assert!(found(text, question), "{question} in {text}");
        }
        assert!(!found("血小板の数値も正常範囲内でした。", "血圧"));
        assert_eq!(asked("高血圧"), ["高血", "血圧"]);
    }
}
