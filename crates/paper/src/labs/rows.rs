//! Rows of a page as the eye sees them, from the places of the words alone: what a program for layouts took for columns
//! is put back side by side.

use crate::page::{Page, Word};

/// A word in its row.
#[derive(Clone, Debug)]
pub struct Token {
    pub word: Word,
    /// The text without rules and frames of a table.
    pub text: String,
    /// A wide space stands before it, or it begins a row.
    pub cell: bool,
    /// The space before it, in heights of a letter; 0 where a row begins.
    pub gap: f32,
    pub row: usize,
}

/// All tokens of a page, row by row. Rows without wide spaces that stand close below each other are one flowing text:
/// they are told apart by `row` only.
pub fn tokens(page: &Page) -> Vec<Token> {
    let mut words: Vec<&Word> = page.words().filter(|word| word.h > 0.0).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let height = median(words.iter().map(|word| word.h));
    words.retain(|word| word.h < height * 4.0);
    words.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    let mut rows: Vec<Vec<&Word>> = Vec::new();
    let (mut line, mut count) = (f32::MIN, 0.0);
    for word in words {
        if middle(word) - line > height * 0.55 {
            rows.push(Vec::new());
            (line, count) = (middle(word), 0.0);
        }
        count += 1.0;
        line += (middle(word) - line) / count;
        if let Some(row) = rows.last_mut() {
            row.push(word);
        }
    }
    let mut out = Vec::new();
    for (row, words) in rows.iter_mut().enumerate() {
        words.sort_by(|a, b| a.x.total_cmp(&b.x));
        let mut end = f32::MIN;
        for word in words.iter() {
            let frame = is_frame(&word.text);
            let gap = if end == f32::MIN { 0.0 } else { (word.x - end) / height };
            let cell = end == f32::MIN || word.x - end > height * 0.85 || frame;
            end = word.x + word.w;
            let text = word.text.trim_matches(['|', '¦', '‖', '[', ']', '_', '«', '»', '“', '”', '‘']);
            let bracketed = word.text.contains('[') && word.text.contains(']');
            let text = if bracketed { word.text.trim_matches('|') } else { text };
            if frame || text.is_empty() {
                end = f32::MIN.max(end - height);
                continue;
            }
            out.push(Token { word: (*word).clone(), text: text.to_owned(), cell, gap, row });
        }
    }
    out
}

fn middle(word: &Word) -> f32 {
    word.y + word.h / 2.0
}

fn median(values: impl Iterator<Item = f32>) -> f32 {
    let mut values: Vec<f32> = values.collect();
    values.sort_by(f32::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(1.0)
}

/// Lines of a table, as a reader of pictures sees them.
fn is_frame(text: &str) -> bool {
    text.chars().all(|letter| {
        matches!(letter, '|' | '_' | '—' | '=' | '¦' | '~' | '[' | ']' | '.' | ':' | '{' | '}' | '“' | '”')
    })
}
