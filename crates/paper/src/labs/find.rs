//! From rows to values: a name that is known, and what stands beside it.

use super::analytes::{Specimen, table};
use super::items::{Found, Item, items};
use super::names::{self, Meant, Part};
use super::numbers::Comma;
use super::rows::Token;
use std::ops::Range;

/// A name and everything that belongs to it.
pub struct Entry {
    pub meant: Meant,
    pub name: Range<usize>,
    pub found: Vec<Found>,
    pub specimen: Specimen,
}

/// Spaces of columns are wider than this many heights of a letter; those of sentences are not.
const WIDE: f32 = 1.6;

/// The longest name in words.
const LONGEST: usize = 9;

/// How far a cell, and the headings above a name, are looked through. No page has more; what pretends to be one must not take
/// a step for each pair of its words.
const FARTHEST: usize = 200;

/// Words that may stand between a name and its value, or before a name, in a sentence.
pub const JOINING: [&str; 46] = [
    "was",
    "is",
    "of",
    "at",
    "were",
    "are",
    "measured",
    "level",
    "levels",
    "count",
    "result",
    "and",
    "with",
    "the",
    "showed",
    "shows",
    "his",
    "her",
    "a",
    "an",
    "value",
    "found",
    "to",
    "be",
    "came",
    "back",
    "as",
    "serum",
    "plasma",
    "in",
    "on",
    "but",
    "while",
    "revealed",
    "stood",
    "including",
    "include",
    "your",
    "their",
    "today",
    "blood",
    "reading",
    "read",
    "estimated",
    "reported",
    "calculated",
];

/// Every known name on the page with what follows it, up to the next name.
pub fn entries(tokens: &[Token], comma: Comma, from_picture: bool) -> Vec<Entry> {
    let mut starts = Vec::new();
    let parts: Vec<Part> = tokens.iter().map(|token| names::part(&token.text)).collect();
    let mut at = 0;
    while at < tokens.len() {
        match name_at(tokens, &parts, at, from_picture) {
            Some((meant, end)) => {
                starts.push((at, end, meant));
                at = end;
            }
            None => at += 1,
        }
    }
    let mut entries = Vec::new();
    let sections = sections(tokens);
    let flowing = flowing(tokens);
    for (n, (from, end, meant)) in starts.iter().enumerate() {
        let next = starts.get(n + 1).map_or(tokens.len(), |next| next.0);
        let next = reach(tokens, &flowing, *end, next);
        let next = (*end..next).find(|n| ends_sentence(tokens, &flowing, *n)).map_or(next, |last| last + 1);
        let found = items(&tokens[*end..next], comma);
        let found = found.into_iter().map(|one| Found { from: one.from + end, to: one.to + end, ..one }).collect();
        let specimen = specimen(tokens, *from, &sections);
        entries.push(Entry { meant: meant.clone(), name: *from..*end, found, specimen });
    }
    entries
}

/// Of each row whether it is a sentence: no space in it is as wide as one between columns.
pub fn flowing(tokens: &[Token]) -> Vec<bool> {
    let mut flowing = vec![true; tokens.last().map_or(0, |token| token.row + 1)];
    for token in tokens {
        flowing[token.row] &= token.gap < WIDE;
    }
    flowing
}

/// Shortened words after which a sentence goes on.
const SHORTENED: [&str; 9] = ["ref", "reg", "dr", "prof", "st", "approx", "incl", "biol", "int"];

/// Whether a sentence ends with this word of a flowing row: a stop, and what follows begins with a capital.
fn ends_sentence(tokens: &[Token], flowing: &[bool], at: usize) -> bool {
    let token = &tokens[at];
    let text = token.text.trim_end_matches([')', '"', '\'']);
    let shortened = || SHORTENED.contains(&text.trim_end_matches('.').trim_start_matches('(').to_lowercase().as_str());
    let capital = || tokens.get(at + 1).is_none_or(|next| next.text.starts_with(char::is_uppercase));
    flowing[token.row] && text.ends_with(['.', '!', '?']) && capital() && !shortened()
}

/// How far the tokens after a name belong to it: to the end of its row; over into the next row where text flows or where
/// nothing stands beside the name.
fn reach(tokens: &[Token], flowing: &[bool], from: usize, limit: usize) -> usize {
    let Some(first) = tokens.get(from.saturating_sub(1)) else { return limit };
    let in_row = (from..limit).find(|n| tokens[*n].row != first.row).unwrap_or(limit);
    if !flowing[first.row] && in_row > from {
        return in_row;
    }
    // A row of its own begins at the same edge; flowing text goes on wherever it likes, but not far below.
    let next_row = tokens.get(in_row).map(|token| token.row);
    let close = tokens.get(in_row).is_some_and(|token| token.word.y - first.word.y < first.word.h * 2.6);
    if !close || next_row.is_none() {
        return in_row;
    }
    (in_row..limit).find(|n| Some(tokens[*n].row) != next_row).unwrap_or(limit)
}

/// The longest known name that begins here, when it may begin here and nothing else belongs to it.
fn name_at(tokens: &[Token], parts: &[Part], at: usize, from_picture: bool) -> Option<(Meant, usize)> {
    let token = &tokens[at];
    if !token.text.chars().any(char::is_alphanumeric) || !may_begin(tokens, at) {
        return None;
    }
    let end = tokens.len().min(at + FARTHEST);
    let whole = (at + 1..end).find(|n| tokens[*n].cell || tokens[*n].row != token.row).unwrap_or(end);
    let longest = whole.min(at + LONGEST);
    for end in (at + 1..=longest).rev() {
        if !names::possible(&parts[at..end]) {
            continue;
        }
        let text = text(&tokens[at..end]);
        if let Some(meant) = names::exactly(&text).filter(|_| may_end(tokens, end, whole)) {
            return Some((meant, end));
        }
    }
    if !from_picture || !token.cell {
        return None;
    }
    // A cell read wrongly: all of it up to the first number is the name.
    let numeric = |token: &Token| token.text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '<' | '>'));
    let end = (at + 1..longest).find(|n| numeric(&tokens[*n])).unwrap_or(longest);
    names::nearly(&text(&tokens[at..end])).map(|meant| (meant, end))
}

fn text(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// A name begins a cell, or follows the end of something else in a sentence.
fn may_begin(tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let Some(before) = at.checked_sub(1).and_then(|n| tokens.get(n)).filter(|before| before.row == token.row) else {
        return true;
    };
    let word = before.text.trim_matches(|c: char| !c.is_alphanumeric() && c != '%').to_lowercase();
    token.cell
        || before.text.ends_with([',', ';', ':', '.', ')', '-', '•', '/'])
        || JOINING.contains(&word.as_str())
        || word.is_empty()
        || word.starts_with(|c: char| c.is_ascii_digit())
        || super::units::is_unit(&before.text)
        || matches!(before.text.as_str(), "H" | "L" | "High" | "Low")
}

/// After a name in its own cell stand only numbers, units, results and joining words; another word would make it
/// another name.
fn may_end(tokens: &[Token], end: usize, whole: usize) -> bool {
    let mut in_brackets = false;
    for token in &tokens[end..whole.max(end)] {
        let text = token.text.as_str();
        let opens = text.starts_with(['(', '[']);
        if in_brackets || opens && !text.ends_with([')', ']']) {
            in_brackets = !text.ends_with([')', ']']);
            continue;
        }
        let word = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        if word.is_empty() || opens || JOINING.contains(&word.as_str()) {
            continue;
        }
        let value = text.starts_with(|c: char| {
            c.is_ascii_digit() || matches!(c, '<' | '>' | '≤' | '≥' | '+' | '*' | '↑' | '↓' | '.')
        });
        let one = std::slice::from_ref(token);
        let item = items(one, Comma::Grouping).into_iter().next().map(|found| found.item);
        return value
            || matches!(item, Some(Item::Unit(_) | Item::Flag(_) | Item::Result(_)))
            || matches!(word.as_str(), "up" | "upto" | "not" | "non" | "pale" | "slightly");
    }
    true
}

/// Rows that say which sample the values below are of: row, edge, specimen.
fn sections(tokens: &[Token]) -> Vec<(usize, f32, Specimen)> {
    let mut sections = Vec::new();
    let mut from = 0;
    while from < tokens.len() {
        let row = tokens[from].row;
        let end = (from..tokens.len()).find(|n| tokens[*n].row != row).unwrap_or(tokens.len());
        let mut cell = from;
        let numbers = tokens[from..end].iter().any(|token| token.text.starts_with(|c: char| c.is_ascii_digit()));
        while cell < end {
            let stop = (cell + 1..end).find(|n| tokens[*n].cell).unwrap_or(end);
            if !numbers
                && stop - cell <= 7
                && let Some(specimen) = heading(&names::folded(&text(&tokens[cell..stop])))
            {
                sections.push((row, tokens[cell].word.x, specimen));
            }
            cell = stop;
        }
        from = end;
    }
    sections
}

fn heading(words: &str) -> Option<Specimen> {
    let has = |all: &[&str]| all.iter().any(|one| words.contains(one));
    if has(&["urine", "urinalysis", "urin ", "urinstatus", "dipstick"]) {
        return Some(Specimen::Urine);
    }
    let blood = [
        "haematology",
        "hematology",
        "biochemistry",
        "blood count",
        "liver function",
        "lipid profile",
        "thyroid",
        "renal function",
        "kidney function",
        "electrolytes",
        "chemistry",
        "serology",
        "coagulation",
        "iron studies",
        "iron profile",
        "hämatologie",
        "klinische chemie",
        "gerinnung",
        "schilddrüse",
        "lipid panel",
        "metabolic panel",
        "vitamins",
        "diabetes",
        "immunology",
        "inflammation",
        "hormone",
        "hemogram",
        "haemogram",
        "cardiac",
        "lipide",
        "leber",
        "niere",
        "blutbild",
    ];
    has(&blood).then_some(Specimen::Blood)
}

/// The heading that stands above: the last one at or left of the name.
fn specimen(tokens: &[Token], at: usize, sections: &[(usize, f32, Specimen)]) -> Specimen {
    let (row, x) = (tokens[at].row, tokens[at].word.x);
    let reach = tokens[at].word.h * 3.0;
    let above = &sections[..sections.partition_point(|section| section.0 < row)];
    // In two columns the heading that begins where the name begins counts before one of the other column.
    let same = above.iter().rev().take(FARTHEST).find(|section| (section.1 - x).abs() <= reach * 2.0);
    same.or(above.last()).map_or(Specimen::Blood, |section| section.2)
}

impl Entry {
    /// The analytes it can mean in its section, those of the other kind of sample last.
    pub fn candidates(&self) -> Vec<usize> {
        let analytes = &table().analytes;
        let fits = |place: &&usize| analytes[**place].specimen == self.specimen;
        let fitting: Vec<usize> = self.meant.places.iter().filter(fits).copied().collect();
        if fitting.is_empty() { self.meant.places.clone() } else { fitting }
    }
}
