//! The rows of a page, and what kind of text stands in them.

use super::find::{JOINING, flowing};
use super::names;
use super::rows::Token;
use std::cell::OnceCell;
use std::ops::Range;

/// Words in a sentence that say that a value is of another time, of somebody else, or only wished for.
const OTHERS: [&str; 17] = [
    "ago",
    "previous",
    "previously",
    "earlier",
    "formerly",
    "last",
    "today",
    "baseline",
    "goal",
    "target",
    "father's",
    "mother's",
    "brother's",
    "sister's",
    "father",
    "mother",
    "aim",
];

/// As many words before and behind a name are looked at for them.
const NEAR: usize = 12;

/// The rows of a page, of which each is looked through once, however many names stand in it.
pub struct Rows<'t> {
    pub tokens: &'t [Token],
    flowing: Vec<bool>,
    /// Of a row that was asked for the first and the last word that belongs to no value, if there is one.
    strange: Vec<OnceCell<Option<(usize, usize)>>>,
    /// Whether the page speaks of the area of a body to which rates are related.
    pub per_area: bool,
}

impl<'t> Rows<'t> {
    pub fn of(tokens: &'t [Token]) -> Self {
        let flowing = flowing(tokens);
        let per_area = tokens.iter().any(|token| token.text.contains("1.73") || token.text.contains("1,73"));
        Self { per_area, tokens, strange: vec![OnceCell::new(); flowing.len()], flowing }
    }

    /// Whether the row of this name is one of running text: no columns, and words that belong to no value.
    pub fn in_sentence(&self, name: &Range<usize>) -> bool {
        let Some(row) = self.tokens.get(name.start).map(|token| token.row) else { return false };
        let strange = || {
            let begin = self.tokens.partition_point(|token| token.row < row);
            let end = self.tokens.partition_point(|token| token.row <= row);
            let first = (begin..end).find(|at| strange(&self.tokens[*at]))?;
            Some((first, (first..end).rfind(|at| strange(&self.tokens[*at]))?))
        };
        let found = self.strange.get(row).and_then(|row| *row.get_or_init(strange));
        self.flowing[row] && found.is_some_and(|(first, last)| first < name.start || last >= name.end)
    }

    /// Whether the sentence with this name tells of another time, or of somebody else.
    pub fn of_another(&self, name: &Range<usize>) -> bool {
        if !self.in_sentence(name) {
            return false;
        }
        let near = self.tokens.get(name.start.saturating_sub(NEAR)..(name.end + NEAR).min(self.tokens.len()));
        let row = self.tokens.get(name.start).map(|token| token.row);
        near.unwrap_or_default().iter().filter(|token| Some(token.row) == row).any(|token| {
            let word = token.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
            let year = word.len() == 4 && (word.starts_with("19") || word.starts_with("20"));
            year && word.bytes().all(|byte| byte.is_ascii_digit()) || OTHERS.contains(&word.as_str())
        })
    }
}

fn strange(token: &Token) -> bool {
    let word = token.text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.chars().count() > 1
        && word.chars().all(char::is_alphabetic)
        && !JOINING.contains(&word.as_str())
        && !super::units::is_unit(&word)
        && names::exactly(&word).is_none()
}
