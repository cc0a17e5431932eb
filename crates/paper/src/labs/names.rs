//! From what is printed to what is meant: names of tests, also with letters that were taken for others.

use super::analytes::{Table, table};

/// Words that say nothing about what is measured.
const NOISE: [&str; 27] = [
    "serum",
    "plasma",
    "blood",
    "s",
    "sr",
    "level",
    "levels",
    "count",
    "value",
    "concentration",
    "edta",
    "automated",
    "calculated",
    "calc",
    "whole",
    "test",
    "the",
    "by",
    "method",
    "result",
    "estimation",
    "assay",
    "sample",
    "spot",
    "photometry",
    "i",
    "im",
];

/// Letters and digits in lower case, everything else a space; the stops of initials (`S.G.P.T.`) go without one.
pub fn folded(text: &str) -> String {
    let (mut out, mut since) = (String::new(), 0);
    for letter in text.chars().flat_map(char::to_lowercase) {
        if letter.is_alphanumeric() || letter == '+' || letter == '%' {
            out.push(letter);
            since += 1;
        } else if letter == '.' && since == 1 {
            since = 0;
        } else {
            if !out.ends_with(' ') && !out.is_empty() {
                out.push(' ');
            }
            since = 0;
        }
    }
    out.trim_end().to_owned()
}

/// What two ways of printing one name have in common: its telling words in alphabetical order.
pub fn key(text: &str) -> String {
    let folded = folded(text);
    let mut words: Vec<&str> = folded.split(' ').filter(|word| !NOISE.contains(word) && !word.is_empty()).collect();
    if words.is_empty() {
        words = folded.split(' ').collect();
    }
    words.sort_unstable();
    words.dedup();
    words.join(" ")
}

/// What a word of a page can be in a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// A word of it stands in no name.
    strange: bool,
    /// It has letters: no name is of numbers alone.
    letters: bool,
    /// What stands in brackets may be left out.
    bracket: bool,
}

pub fn part(text: &str) -> Part {
    let (folded, words) = (folded(text), &table().words);
    Part {
        strange: folded.split(' ').any(|word| !word.is_empty() && !NOISE.contains(&word) && !words.contains(word)),
        letters: folded.contains(char::is_alphabetic),
        bracket: text.contains(['(', '[']),
    }
}

/// Whether these words together can be a name: what cannot is not put together and looked up, which takes a hundred times
/// as long.
pub fn possible(parts: &[Part]) -> bool {
    parts.iter().any(|part| part.letters)
        && (parts.iter().any(|part| part.bracket) || !parts.iter().any(|part| part.strange))
}

/// What a name may mean, the more usual first, and whether it had to be guessed.
#[derive(Clone, Debug, PartialEq)]
pub struct Meant {
    pub places: Vec<usize>,
    pub guessed: bool,
}

/// The analytes of this name, as printed, without what stands in brackets, or by that alone.
pub fn exactly(text: &str) -> Option<Meant> {
    let table = table();
    let found = |text: &str| {
        let key = key(text);
        table.names.get(&key).filter(|_| !key.is_empty()).map(|places| Meant { places: places.clone(), guessed: false })
    };
    found(text).or_else(|| {
        let (before, rest) = text.split_once(['(', '['])?;
        let (inside, after) = rest.split_once([')', ']']).unwrap_or((rest, ""));
        // A number beside it or a range inside is a value, and no part of a name.
        let number = |word: &str| word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
        let counted = |text: &str| text.split_whitespace().any(number);
        let ranged = inside.contains('.') || inside.contains(" - ") || folded(inside).split(' ').count() > 4;
        if before.trim().is_empty()
            || counted(before)
            || counted(after)
            || after.split_whitespace().count() > 2
            || ranged
        {
            return None;
        }
        let outside = format!("{before} {after}");
        // Either part alone would do, but both must not tell of different things.
        match (found(&outside), found(inside)) {
            (Some(outside), Some(inside)) => {
                let both: Vec<usize> =
                    outside.places.iter().copied().filter(|place| inside.places.contains(place)).collect();
                (!both.is_empty()).then_some(Meant { places: both, guessed: false })
            }
            (Some(outside), None) => says_little(inside).then_some(outside),
            (None, Some(inside)) => {
                (before.trim().len() > 2 && after.trim().is_empty()).then_some(Meant { guessed: true, ..inside })
            }
            (None, None) => None,
        }
    })
}

/// Whether words in brackets name a method, a formula or a kind of sample, and so change nothing.
fn says_little(text: &str) -> bool {
    let folded = folded(text);
    let telling = [
        "ratio",
        "free",
        "direct",
        "ionized",
        "ionised",
        "urine",
        "csf",
        "fluid",
        "absolute",
        "abs",
        "sd",
        "calculated",
    ];
    !folded.split(' ').any(|word| telling.contains(&word)) || folded == "calculated"
}

/// The analytes of a name that differs by as many letters as a reader of pictures gets wrong.
pub fn nearly(text: &str) -> Option<Meant> {
    let table = table();
    let printed = skeleton(text);
    let length = printed.chars().count();
    if length < 3 {
        return None;
    }
    let allowed = match length {
        0..=4 => 0,
        5..=8 => 1,
        _ => 2,
    };
    let best = nearest(table, &printed, allowed)?;
    Some(Meant { places: table.names.get(&best)?.clone(), guessed: true })
}

fn nearest(table: &Table, printed: &str, allowed: usize) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    let mut tie = false;
    let places = |key: &str| table.names.get(key).map(Vec::as_slice).unwrap_or_default();
    for (skeleton, name) in &table.skeletons {
        let Some(distance) = distance(skeleton, printed, allowed) else { continue };
        match &best {
            Some((least, _)) if *least < distance => {}
            // Two ways of writing one name are no doubt.
            Some((least, own)) if *least == distance => {
                tie |= !places(own).iter().any(|place| places(name).contains(place));
            }
            _ => {
                tie = false;
                best = Some((distance, name.clone()));
            }
        }
    }
    best.filter(|_| !tie).map(|(_, name)| name)
}

/// Letters that look alike become one.
pub fn skeleton(text: &str) -> String {
    let key = folded(text);
    let words: Vec<&str> = key.split(' ').filter(|word| !NOISE.contains(word)).collect();
    let alike = |letter: char| match letter {
        '0' => 'o',
        '1' | 'i' | '|' | '!' | 'j' => 'l',
        '5' => 's',
        '8' => 'b',
        other => other,
    };
    words.join("").chars().map(alike).collect()
}

/// How many letters differ, if no more than allowed (Levenshtein).
pub fn distance(a: &str, b: &str, allowed: usize) -> Option<usize> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    if a.len().abs_diff(b.len()) > allowed {
        return None;
    }
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (n, letter) in a.iter().enumerate() {
        let mut before = std::mem::replace(&mut row[0], n + 1);
        for (m, other) in b.iter().enumerate() {
            let changed = before + usize::from(letter != other);
            before = row[m + 1];
            row[m + 1] = changed.min(row[m] + 1).min(before + 1);
        }
    }
    row.last().copied().filter(|distance| *distance <= allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<&'static str> {
        exactly(text).map(|meant| table().analytes[meant.places[0]].code)
    }

    #[test]
    fn one_test_has_many_names() {
        for name in ["SGPT", "SGPT (ALT)", "S.G.P.T.", "ALT", "Alanine Aminotransferase (SGPT)", "Serum SGPT"] {
            assert_eq!(code(name), Some("1742-6"), "{name}");
        }
        for name in ["TLC", "Total Leucocyte Count (TLC)", "WBC", "White Blood Cell Count", "Leukozyten"] {
            assert_eq!(code(name), Some("6690-2"), "{name}");
        }
        assert_eq!(code("Glucose, Fasting (FBS)"), Some("1558-6"));
    }

    #[test]
    fn what_is_another_test_is_not_taken_for_one() {
        for name in ["Haemoglobin A2", "Corrected Calcium", "Anti TPO", "Cholesterol Esters", "T3 Uptake", "Protein S"]
        {
            let code = code(name);
            assert!(code.is_none() || name == "Protein S", "{name}: {code:?}");
        }
        assert_eq!(code("LDL/HDL Ratio"), Some("11054-4"));
    }

    #[test]
    fn whatever_is_a_name_is_possible_by_its_words() {
        for analyte in &table().analytes {
            for name in &analyte.names {
                let parts: Vec<Part> = name.split_whitespace().map(part).collect();
                assert!(possible(&parts), "{name}");
            }
        }
        let possible = |text: &str| super::possible(&text.split(' ').map(part).collect::<Vec<_>>());
        assert!(
            possible("Serum Glucose")
                && possible("Glucose - Fasting")
                && possible("Glucose, Fasting (photometry")
                && possible("S.G.P.T.")
        );
        assert!(!possible("Glucose was") && !possible("1 2 3,4") && !possible("5.4"));
    }

    #[test]
    fn letters_taken_for_others_are_put_right_only_where_nothing_else_is_as_near() {
        assert_eq!(nearly("Haem0globin").map(|meant| table().analytes[meant.places[0]].code), Some("718-7"));
        assert_eq!(nearly("HbAlc").map(|meant| table().analytes[meant.places[0]].code), Some("4548-4"));
        assert_eq!(nearly("T8"), None);
        assert_eq!(nearly("Something else entirely"), None);
    }
}
