//! Tables with a column of results for each of several days.

use super::date::{Dates, Written, only_dates};
use super::find::Entry;
use super::items::Item;
use super::rows::Token;

/// A row of days side by side, with the edges of each.
pub struct Head {
    row: usize,
    columns: Vec<(f32, f32, Written)>,
}

/// More columns than a page has.
const MANY: usize = 40;

/// The rows of a page that give days to the columns below them.
pub fn heads(tokens: &[Token], dates: &Dates) -> Vec<Head> {
    let mut heads = Vec::<Head>::new();
    let mut from = 0;
    let mut adjoining = false;
    while from < tokens.len() {
        let row = tokens[from].row;
        let end = (from + 1..tokens.len()).find(|n| tokens[*n].cell || tokens[*n].row != row).unwrap_or(tokens.len());
        let day = day(&tokens[from..end], dates);
        if let Some(day) = day {
            let column = (tokens[from].word.x, tokens[end - 1].word.x + tokens[end - 1].word.w, day);
            match heads.last_mut().filter(|head| adjoining && head.row == row) {
                Some(head) if head.columns.len() < MANY => head.columns.push(column),
                Some(_) => {}
                None => heads.push(Head { row, columns: vec![column] }),
            }
        }
        adjoining = day.is_some();
        from = end;
    }
    heads.retain(|head| head.columns.len() > 1);
    heads
}

/// The day in a cell that holds nothing else.
fn day(cell: &[Token], dates: &Dates) -> Option<Written> {
    if cell.len() > 4 {
        return None;
    }
    let text = cell.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
    dates.find(&text).filter(|_| only_dates(&text))
}

/// Which result of a row is of the newest day.
pub struct Newest {
    /// Its first token.
    pub from: usize,
    pub day: Written,
    /// The results of other days.
    pub others: Vec<usize>,
}

/// The newest result of an entry, when its row stands below a row of days.
pub fn newest(entry: &Entry, tokens: &[Token], heads: &[Head]) -> Option<Newest> {
    let row = tokens.get(entry.name.start)?.row;
    let head = heads[..heads.partition_point(|head| head.row < row)].last()?;
    let mut results: Vec<(usize, Written)> = Vec::new();
    for found in entry.found.iter().take(MANY) {
        let Some(token) = tokens.get(found.from).filter(|token| token.row == row) else { continue };
        if !matches!(found.item, Item::Number(_) | Item::Bound { bracketed: false, .. }) {
            continue;
        }
        let (left, right) = (token.word.x - token.word.h, token.word.x + token.word.w + token.word.h);
        let column = head.columns.iter().find(|(from, to, _)| *from < right && left < *to);
        results.extend(column.map(|(.., day)| (found.from, *day)));
    }
    let (from, day) = *results.iter().max_by_key(|(_, written)| written.day)?;
    let others = results.iter().map(|(other, _)| *other).filter(|other| *other != from).collect();
    Some(Newest { from, day, others })
}
