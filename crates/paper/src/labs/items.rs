//! What can stand beside a name in a row: numbers, ranges, units, flags, words that are results.

use super::numbers::{Comma, leading, plain};
use super::rows::Token;
use super::units;

#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    Number(String),
    /// `13.0 - 17.0`
    Range(String, String),
    /// `< 200`, `up to 40`; where it stands in brackets it is a range for certain.
    Bound {
        sign: &'static str,
        number: String,
        bracketed: bool,
    },
    Unit(String),
    Flag(&'static str),
    Result(String),
    Other(String),
}

/// An item and the tokens it is made of.
#[derive(Clone, Debug)]
pub struct Found {
    pub item: Item,
    pub from: usize,
    pub to: usize,
}

const RESULTS: [&str; 36] = [
    "negative",
    "positive",
    "nil",
    "absent",
    "present",
    "trace",
    "traces",
    "normal",
    "not detected",
    "detected",
    "reactive",
    "non reactive",
    "nonreactive",
    "non-reactive",
    "clear",
    "turbid",
    "slightly turbid",
    "hazy",
    "slightly hazy",
    "cloudy",
    "pale yellow",
    "yellow",
    "dark yellow",
    "straw",
    "amber",
    "light yellow",
    "1+",
    "2+",
    "3+",
    "4+",
    "+",
    "++",
    "+++",
    "++++",
    "(+)",
    "colourless",
];

/// Everything in these tokens, from left to right.
pub fn items(tokens: &[Token], comma: Comma) -> Vec<Found> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        let (item, count) = next(&tokens[at..], comma);
        found.push(Found { item, from: at, to: at + count });
        at += count;
        // 45% and 13.2g/dL: the unit clings to the number.
        if let Some(Found { item: Item::Number(_), from, .. }) = found.last() {
            let (from, text) = (*from, bare(&tokens[*from].text).to_owned());
            if let Some((_, rest)) = leading(&text, comma).filter(|(_, rest)| !rest.is_empty()) {
                let item = clinging(rest);
                found.push(Found { item, from, to: from + 1 });
            }
        }
    }
    found
}

fn clinging(rest: &str) -> Item {
    match rest {
        "+" | "++" => return Item::Flag("H"),
        "-" | "--" => return Item::Flag("L"),
        _ => {}
    }
    if let Some(flag) = flag(rest) {
        return Item::Flag(flag);
    }
    Item::Unit(rest.to_owned())
}

fn next(tokens: &[Token], comma: Comma) -> (Item, usize) {
    if let Some(found) = range(tokens, comma).or_else(|| bound(tokens, comma)) {
        return found;
    }
    if let Some(found) = result(tokens) {
        return found;
    }
    if let Some(count) = unit(tokens) {
        return (Item::Unit(joined(&tokens[..count])), count);
    }
    let text = &tokens[0].text;
    if let Some(flag) = flag(text) {
        return (Item::Flag(flag), 1);
    }
    let text = bare(text);
    let text =
        text.strip_prefix(['H', 'L']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())).unwrap_or(text);
    if let Some((number, rest)) = leading(text, comma) {
        let marked = matches!(rest, "+" | "++" | "-" | "--");
        let clings = rest.is_empty() || marked || flag(rest).is_some() || units::is_unit(rest);
        if clings {
            return (Item::Number(number), 1);
        }
    }
    (Item::Other(tokens[0].text.clone()), 1)
}

/// A number's own text without stars, arrows and stops around it.
fn bare(text: &str) -> &str {
    text.trim_matches(['*', '↑', '↓', ',', ';', ':', '=', '\'', '"', '!', '#']).trim_end_matches('.')
}

fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ")
}

/// How many tokens make one unit: the most that do.
fn unit(tokens: &[Token]) -> Option<usize> {
    (1..=tokens.len().min(5)).rev().find(|count| {
        let same = tokens[1..*count].iter().all(|token| token.row == tokens[0].row && !token.cell);
        let text = tokens[..*count].iter().map(|token| token.text.as_str()).collect::<String>();
        // A single letter or word such as `s` or `ratio` is a unit only where nothing else is near.
        same && units::is_unit(&text) && (*count > 1 || !matches!(text.as_str(), "M" | "F"))
    })
}

fn flag(text: &str) -> Option<&'static str> {
    let text = text.trim_matches(['(', ')', '[', ']', '*', '.', ',']);
    match text {
        "H" | "HH" | "High" | "HIGH" | "↑" | "high" | "Hi" | "▲" => Some("H"),
        "L" | "LL" | "Low" | "LOW" | "↓" | "low" | "Lo" | "▼" => Some("L"),
        _ => None,
    }
}

fn result(tokens: &[Token]) -> Option<(Item, usize)> {
    let count = (1..=tokens.len().min(2)).rev().find(|count| {
        let text = joined(&tokens[..*count]).to_lowercase();
        let text = text.trim_end_matches([',', '.', ';']).trim_start_matches(':');
        RESULTS.contains(&text) && tokens[1..*count].iter().all(|token| !token.cell && token.row == tokens[0].row)
    })?;
    let text = joined(&tokens[..count]);
    Some((Item::Result(text.trim_end_matches([',', '.', ';']).to_owned()), count))
}

/// Signs that lie between the ends of a range, one way of writing for all.
fn dashed(text: &str) -> String {
    text.replace(['–', '—', '−', '‐', '‑', '~', '¬'], "-")
}

/// `13.0 - 17.0`, `13.0-17.0`, `(13.0 to 17.0)`, over as many tokens as it takes.
fn range(tokens: &[Token], comma: Comma) -> Option<(Item, usize)> {
    (1..=tokens.len().min(5)).rev().find_map(|count| {
        let close = |two: &[Token]| two[1].row == two[0].row && (!two[1].cell || count <= 3);
        if !tokens[..count].windows(2).all(close) {
            return None;
        }
        let text = dashed(&joined(&tokens[..count]));
        let text = text.trim_matches(['(', ')', '[', ']', ' ', ',', ';', ':', '.']).replace(" to ", "-");
        let (low, high) = text.split_once('-')?;
        let (low, high) = (plain(low.trim(), comma)?, plain(high.trim(), comma)?);
        let rising = low.parse::<f64>().ok()? <= high.parse::<f64>().ok()?;
        rising.then_some((Item::Range(low, high), count))
    })
}

const SIGNS: [(&str, &str); 20] = [
    ("<=", "<="),
    (">=", ">="),
    ("≤", "<="),
    ("≥", ">="),
    ("<", "<"),
    (">", ">"),
    ("up to", "<="),
    ("upto", "<="),
    ("less than", "<"),
    ("greater than", ">"),
    ("more than", ">"),
    ("below", "<"),
    ("above", ">"),
    ("under", "<"),
    ("bis", "<="),
    ("max", "<="),
    ("min", ">="),
    ("over", ">"),
    ("jusqu'à", "<="),
    ("hasta", "<="),
];

/// `< 200`, `Up to 40`, `(>60)`.
fn bound(tokens: &[Token], comma: Comma) -> Option<(Item, usize)> {
    (1..=tokens.len().min(4)).rev().find_map(|count| {
        if tokens[1..count].iter().any(|token| token.row != tokens[0].row || token.cell) {
            return None;
        }
        let text = joined(&tokens[..count]);
        let bracketed = text.starts_with(['(', '[']);
        let text = text.trim_matches(['(', ')', '[', ']', ' ', ',', ';', ':']).to_lowercase();
        let (sign, rest) = SIGNS.iter().find_map(|(print, sign)| Some((*sign, text.strip_prefix(print)?)))?;
        let rest = rest.trim_start_matches([' ', '=', ':']);
        let rest = rest.trim_end_matches(['.', ',', ')']);
        let number = plain(rest, comma)?;
        Some((Item::Bound { sign, number, bracketed }, count))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::rows;
    use crate::page::from_text;

    fn read(line: &str, comma: Comma) -> Vec<Item> {
        items(&rows::tokens(&from_text(1, line)), comma).into_iter().map(|found| found.item).collect()
    }

    #[test]
    fn what_stands_beside_a_name_is_told_apart() {
        let range = |a: &str, b: &str| Item::Range(a.to_owned(), b.to_owned());
        let number = |a: &str| Item::Number(a.to_owned());
        let unit = |a: &str| Item::Unit(a.to_owned());
        let bound = |sign, a: &str, bracketed| Item::Bound { sign, number: a.to_owned(), bracketed };
        for (line, wanted) in [
            ("13.2   g/dL   13.0 - 17.0", vec![number("13.2"), unit("g/dL"), range("13.0", "17.0")]),
            ("13.2 g/dL (13.0-17.0)", vec![number("13.2"), unit("g/dL"), range("13.0", "17.0")]),
            ("H 14.2    g/dL", vec![Item::Flag("H"), number("14.2"), unit("g/dL")]),
            ("14.2H", vec![number("14.2"), Item::Flag("H")]),
            ("45%   40-80", vec![number("45"), unit("%"), range("40", "80")]),
            ("7.2 x 10^3 / µL", vec![number("7.2"), unit("x 10^3 / µL")]),
            ("< 0.5   mg/L   Up to 5", vec![bound("<", "0.5", false), unit("mg/L"), bound("<=", "5", false)]),
            ("185  mg/dL (< 200)", vec![number("185"), unit("mg/dL"), bound("<", "200", true)]),
            ("2,50,000 /cumm 1,50,000 - 4,50,000", vec![number("250000"), unit("/cumm"), range("150000", "450000")]),
            ("Trace", vec![Item::Result("Trace".to_owned())]),
        ] {
            assert_eq!(read(line, Comma::Grouping), wanted, "{line}");
        }
        assert_eq!(read("13,2 g/dL 13,0–17,0", Comma::Decimal)[2], range("13.0", "17.0"));
    }
}
