//! From what stands beside a name to one value, and how sure it is.

use super::analytes::{Analyte, table};
use super::columns::Newest;
use super::find::Entry;
use super::items::{Found, Item};
use super::rows::Token;
use super::sentences::Rows;
use super::units::{self, Unit};
use crate::page::Page;

/// What makes a value one that a person has to look at: below 0.9, from which on it is called high.
pub const DOUBT: f32 = 0.85;

/// A value before it is shown.
pub struct Value {
    pub analyte: &'static Analyte,
    pub number: Option<String>,
    pub comparator: Option<&'static str>,
    pub result: Option<String>,
    pub unit: Option<Unit>,
    pub printed: Option<String>,
    pub low: Option<String>,
    pub high: Option<String>,
    pub flag: Option<&'static str>,
    pub confidence: f32,
    /// Tokens from the name to the last of what was used.
    pub tokens: std::ops::Range<usize>,
}

/// What was picked out of the items of an entry.
#[derive(Default)]
struct Picked<'a> {
    number: Option<(&'a str, Option<&'static str>, &'a Found)>,
    result: Option<(&'a str, &'a Found)>,
    range: Option<(Option<&'a str>, Option<&'a str>)>,
    unit: Option<String>,
    flag: Option<&'static str>,
    /// Words that stand between the name and the value, in the name's own cell.
    between: u32,
    last: usize,
}

pub fn value(page: &Page, rows: &Rows<'_>, entry: &Entry, newest: Option<&Newest>) -> Option<Value> {
    let (guess, tokens) = (page.source.is_guessed(), rows.tokens);
    let candidates = entry.candidates();
    let analytes = &table().analytes;
    let in_words = candidates.iter().find(|place| analytes[**place].in_words).map(|place| &analytes[*place]);
    let picked = pick(entry, tokens, newest);
    // A word counts where no number stands before it.
    let first = |found: &Found| picked.number.is_none_or(|(_, _, number)| number.from > found.from);
    if let (Some(analyte), Some((text, _))) = (in_words, picked.result.filter(|(_, found)| first(found))) {
        return Some(word_value(tokens, entry, analyte, text, &picked, guess));
    }
    let (read, comparator, _) = picked.number?;
    let mended = if guess { mended(read, &picked) } else { None };
    let number = mended.as_deref().unwrap_or(read);
    let exact: f64 = number.parse().ok()?;
    // The analyte in whose unit it is given; without a unit the one in which the number is plausible.
    let mut best: Option<(f32, &'static Analyte, Option<Unit>)> = None;
    for place in candidates.into_iter().filter(|place| !analytes[*place].measures.is_empty()) {
        let analyte = &analytes[place];
        let unit = picked.unit.as_deref().and_then(|text| units::of(analyte, text, guess.then_some(exact)));
        let score = match &unit {
            Some(unit) => {
                let plausible = analyte.measure(unit.ucum).is_some_and(|measure| measure.holds(exact));
                (if unit.guessed { 0.86 } else { 1.0 }) * if plausible { 1.0 } else { 0.35 }
            }
            None => unitless(analyte, exact, picked.unit.as_deref()),
        };
        if best.as_ref().is_none_or(|(least, ..)| score > *least) {
            best = Some((score, analyte, unit));
        }
    }
    let (score, analyte, unit) = best?;
    let unit = unit.filter(|unit| !guess || !misread(analyte, unit, exact));
    let mut confidence = score * letters(tokens, entry, &picked, guess) * sense(&picked, number, exact, guess);
    if entry.meant.guessed {
        confidence *= 0.9;
    }
    if picked.between > 0 {
        confidence *= 0.9;
    }
    if mended.is_some() {
        confidence *= 0.55;
    }
    if unit.is_none() && !analyte.is_bare() && stray(rows, entry, &picked) {
        confidence *= 0.5;
    }
    if unit.is_none() && is_part(tokens, entry) {
        return None;
    }
    let for_area = |unit: &Unit| unit.ucum.contains("1.73") && !rows.per_area;
    if unit.as_ref().is_some_and(for_area)
        || newest.is_some_and(|newest| !newest.others.is_empty())
        || several(rows, entry, &picked)
        || rows.of_another(&entry.name)
    {
        confidence *= DOUBT;
    }
    let unit = unit.filter(|unit| !for_area(unit));
    let (low, high) = picked.range.unwrap_or_default();
    Some(Value {
        analyte,
        number: Some(number.to_owned()),
        comparator,
        result: None,
        unit,
        printed: picked.unit.clone(),
        low: low.map(str::to_owned),
        high: high.map(str::to_owned),
        flag: picked.flag,
        confidence,
        tokens: entry.name.start..picked.last.max(entry.name.end),
    })
}

/// Whether letters that were guessed make a unit in which nobody has this number, though in another unit of the same test people
/// do: then the unit is the reader's, and a person has to say it.
fn misread(analyte: &Analyte, unit: &Unit, exact: f64) -> bool {
    analyte.measure(unit.ucum).is_some_and(|measure| !measure.holds(exact))
        && analyte.measures.iter().any(|measure| measure.holds(exact))
}

/// The longest abbreviation, in letters, that means much else beside.
const SHORT: usize = 3;

/// Two or three letters in a sentence are mostly no test (`Pt` is the patient, `pt 164` a number of theirs): beside them must
/// stand what a laboratory prints.
fn stray(rows: &Rows<'_>, entry: &Entry, picked: &Picked<'_>) -> bool {
    let name = rows.tokens.get(entry.name.clone()).unwrap_or_default();
    let letters = name.iter().flat_map(|token| token.text.chars()).filter(|letter| letter.is_alphanumeric()).count();
    letters <= SHORT && picked.range.is_none() && rows.in_sentence(&entry.name)
}

/// Whether the row, or the sentence, has another number that could as well be the value.
fn several(rows: &Rows<'_>, entry: &Entry, picked: &Picked<'_>) -> bool {
    let Some((.., own)) = picked.number else { return false };
    let row = |at: usize| rows.tokens.get(at).map(|token| token.row);
    let others = entry.found.iter().filter(|found| matches!(found.item, Item::Number(_)) && found.from != own.from);
    let (mut others, sentence) = (others, rows.in_sentence(&entry.name));
    others.any(|found| sentence || row(found.from) == row(own.from))
}

/// `45 C.F.R. Pt. 164`: a part of a law, and no test.
fn is_part(tokens: &[Token], entry: &Entry) -> bool {
    let name = tokens.get(entry.name.clone()).unwrap_or_default();
    let short = matches!(name, [one] if one.text.eq_ignore_ascii_case("pt."));
    let before = entry.name.start.checked_sub(1).and_then(|at| tokens.get(at)).map_or("", |token| token.text.as_str());
    short || ["C.F.R", "CFR", "U.S.C", "§"].iter().any(|law| before.contains(law))
}

fn word_value(
    tokens: &[Token],
    entry: &Entry,
    analyte: &'static Analyte,
    text: &str,
    picked: &Picked<'_>,
    guess: bool,
) -> Value {
    let first = picked.result.map_or(0, |(_, found)| found.from);
    // What stands before the word and was not understood may have been the result, and the word what is usual.
    let passed = entry.found.iter().any(|found| found.from < first);
    let named = if entry.meant.guessed { 0.85 } else { 1.0 };
    let doubt = if passed { named * 0.5 } else { named };
    Value {
        analyte,
        number: None,
        comparator: None,
        result: Some(text.to_owned()),
        unit: None,
        printed: None,
        low: None,
        high: None,
        flag: picked.flag,
        confidence: letters(tokens, entry, picked, guess) * doubt,
        tokens: entry.name.start..picked.result.map_or(entry.name.end, |(_, found)| found.to),
    }
}

/// How good a number without a known unit is for an analyte.
fn unitless(analyte: &Analyte, exact: f64, printed: Option<&str>) -> f32 {
    let Some(first) = analyte.measures.first() else { return 0.0 };
    let plausible = first.holds(exact);
    match (analyte.is_bare(), printed.is_some(), plausible) {
        (true, false, true) => 1.0,
        (true, true, true) => 0.8,
        (false, false, true) => 0.75,
        (false, true, true) => 0.55,
        _ => 0.2,
    }
}

fn pick<'a>(entry: &'a Entry, tokens: &[Token], newest: Option<&Newest>) -> Picked<'a> {
    let mut picked = Picked::default();
    let numbers = entry.found.iter().any(|found| matches!(found.item, Item::Number(_)));
    let bounds = entry.found.iter().filter(|found| matches!(found.item, Item::Bound { bracketed: false, .. })).count();
    let has_range = entry.found.iter().any(|found| matches!(found.item, Item::Range(..)));
    for found in &entry.found {
        if newest.is_some_and(|newest| newest.others.contains(&found.from)) {
            continue;
        }
        match &found.item {
            Item::Bound { sign, number, .. } if newest.is_some_and(|newest| newest.from == found.from) => {
                picked.number = Some((number, Some(sign), found));
            }
            Item::Number(number) if picked.number.is_none() => picked.number = Some((number, None, found)),
            // A bound is the value when no number is, and either another bound or a range follows or nothing at all.
            Item::Bound { sign, number, bracketed: false }
                if picked.number.is_none()
                    && !numbers
                    && picked.unit.is_none()
                    && (has_range || bounds != 1 || alone(entry)) =>
            {
                picked.number = Some((number, Some(sign), found));
            }
            Item::Range(low, high) if picked.range.is_none() => picked.range = Some((Some(low), Some(high))),
            Item::Bound { sign, number, .. } if picked.range.is_none() => {
                picked.range = Some(if sign.starts_with('<') { (None, Some(number)) } else { (Some(number), None) });
            }
            Item::Unit(text) if picked.unit.is_none() => picked.unit = Some(text.clone()),
            Item::Flag(flag) if picked.flag.is_none() => picked.flag = Some(flag),
            Item::Result(text) if picked.result.is_none() => picked.result = Some((text, found)),
            Item::Other(text) => {
                let own = found.from == entry.name.end || tokens.get(found.from).is_some_and(|token| !token.cell);
                if picked.number.is_none() && own {
                    picked.between += 1;
                } else if picked.number.is_some() && picked.unit.is_none() && text.contains(['/', '%', 'L', 'l']) {
                    // A unit that was misread is recognised only among those of its analyte.
                    picked.unit = Some(text.clone());
                } else {
                    continue;
                }
            }
            _ => continue,
        }
        picked.last = picked.last.max(found.to);
    }
    picked
}

/// A number far above a range whose ends both have a stop, and without one itself: the stop was not seen. Laboratories
/// print a value with as many decimals as its range.
fn mended(number: &str, picked: &Picked<'_>) -> Option<String> {
    let (low, high) = picked.range?;
    let decimals = |text: &str| text.split_once('.').map_or(0, |(_, part)| part.len());
    let places = decimals(high.or(low)?);
    let same = low.is_none_or(|low| decimals(low) == places);
    let (exact, top): (f64, f64) = (number.parse().ok()?, high.or(low)?.parse().ok()?);
    let split = number.len().checked_sub(places).filter(|at| *at > 0)?;
    (places > 0 && same && !number.contains('.') && exact > top * 3.0)
        .then(|| format!("{}.{}", &number[..split], &number[split..]))
}

/// Nothing but the bound itself and its unit.
fn alone(entry: &Entry) -> bool {
    entry.found.iter().all(|found| !matches!(found.item, Item::Number(_) | Item::Range(..)))
}

/// How well the letters of name and value were read.
fn letters(tokens: &[Token], entry: &Entry, picked: &Picked<'_>, guess: bool) -> f32 {
    if !guess {
        return 0.99;
    }
    let of = |range: std::ops::Range<usize>| {
        tokens.get(range).unwrap_or_default().iter().map(|token| token.word.confidence).fold(1.0, f32::min)
    };
    let found = picked.number.map(|(_, _, found)| found).or(picked.result.map(|(_, found)| found));
    let value = found.map_or(0.0, |found| of(found.from..found.to));
    // A name that is known to the letter was read well, whatever the reader says of itself.
    let name = if entry.meant.guessed { of(entry.name.clone()) } else { of(entry.name.clone()).max(0.8) };
    let sure = |confidence: f32| (0.35 + confidence * 0.7).min(1.0);
    sure(value) * sure(name).max(0.9) * 0.98
}

/// Whether number, range and flag agree with each other.
fn sense(picked: &Picked<'_>, number: &str, exact: f64, guess: bool) -> f32 {
    let (low, high) = picked.range.unwrap_or_default();
    let parse = |text: Option<&str>| text.and_then(|text| text.parse::<f64>().ok());
    let (low_exact, high_exact) = (parse(low), parse(high));
    let outside = match (low_exact, high_exact) {
        (Some(low), _) if exact < low => Some("L"),
        (_, Some(high)) if exact > high => Some("H"),
        (None, None) => None,
        _ => Some(""),
    };
    let mut sense = match (outside, picked.flag) {
        (Some("H" | "L"), Some(flag)) if outside == Some(flag) => 1.0,
        (Some("H" | "L"), None) => 0.95,
        (Some(""), None) | (None, None) => 1.0,
        (None, Some(_)) => 0.97,
        _ => 0.6,
    };
    if low.is_none() && high.is_none() {
        sense *= if guess { 0.9 } else { 0.97 };
    }
    // A stop that was not seen makes a number ten times as large as it is.
    let stop = |text: Option<&str>| text.is_some_and(|text| text.contains('.'));
    let lost = !number.contains('.') && (stop(low) && stop(high) || stop(high) && low.is_none());
    let far = high_exact.is_some_and(|high| high > 0.0 && exact > high * 3.0)
        || low_exact.is_some_and(|low| low > 0.0 && exact < low / 3.0);
    if guess && lost {
        sense *= if far { 0.4 } else { 0.8 };
    } else if guess && far && picked.flag.is_none() {
        sense *= 0.75;
    }
    sense
}
