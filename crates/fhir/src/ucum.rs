//! Whether a text is a unit as UCUM writes it, <https://ucum.org/ucum> (version 2.2, case sensitive): its grammar, and the atoms
//! that are met in medicine. What stands in square brackets is taken for an atom without a list of them.

/// Atoms that take a prefix such as `m` or `u`.
const METRIC: [&str; 40] = [
    "m", "s", "g", "rad", "K", "C", "cd", "mol", "sr", "Hz", "N", "Pa", "J", "W", "A", "V", "F", "Ohm", "S", "Wb",
    "Cel", "T", "H", "lm", "lx", "Bq", "Gy", "Sv", "l", "L", "ar", "t", "bar", "u", "eV", "eq", "osm", "kat", "U", "B",
];
const OTHERS: [&str; 17] =
    ["%", "10*", "10^", "'", "''", "deg", "gon", "min", "h", "d", "wk", "mo", "a", "mo_j", "a_j", "cal", "kcal"];
const PREFIXES: [&str; 20] =
    ["da", "Y", "Z", "E", "P", "T", "G", "M", "k", "h", "d", "c", "m", "u", "n", "p", "f", "a", "z", "y"];

/// The longest that is looked at.
const MOST: usize = 100;

pub fn is_unit(text: &str) -> bool {
    !text.is_empty() && text.len() <= MOST && text.bytes().all(|b| b.is_ascii_graphic()) && term(text)
}

/// Parts with `.` or `/` between them; the first may lack what is divided.
fn term(text: &str) -> bool {
    let (mut depth, mut from) = (0u32, usize::from(text.starts_with('/')));
    let first = from;
    for (at, sign) in text.bytes().enumerate().skip(first) {
        match sign {
            b'(' | b'{' | b'[' => depth += 1,
            b')' | b'}' | b']' if depth == 0 => return false,
            b')' | b'}' | b']' => depth -= 1,
            b'.' | b'/' if depth == 0 => {
                if !component(&text[from..at]) {
                    return false;
                }
                from = at + 1;
            }
            _ => {}
        }
    }
    depth == 0 && component(&text[from..])
}

fn component(text: &str) -> bool {
    if let Some(inside) = text.strip_prefix('(').and_then(|text| text.strip_suffix(')')) {
        return term(inside);
    }
    // What stands in braces says something to people, and stands for itself or behind a unit.
    let (unit, said) = match text.split_once('{') {
        Some((unit, rest)) => match rest.strip_suffix('}') {
            Some(said) if !said.contains(['{', '}']) => (unit, true),
            _ => return false,
        },
        None => (text, false),
    };
    if unit.is_empty() {
        return said;
    }
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let stem = unit.trim_end_matches(|c: char| c.is_ascii_digit());
    let stem = if stem.len() < unit.len() { stem.strip_suffix(['+', '-']).unwrap_or(stem) } else { stem };
    number(unit) || atom(unit) || stem.len() < unit.len() && atom(stem)
}

fn atom(text: &str) -> bool {
    // Pressure is measured in columns of metres.
    let metric = |text: &str| METRIC.contains(&text) || bracketed(text) || matches!(text, "m[Hg]" | "m[H2O]");
    let prefixed = || PREFIXES.iter().any(|prefix| text.strip_prefix(prefix).is_some_and(metric));
    OTHERS.contains(&text) || metric(text) || text.strip_prefix("B").is_some_and(bracketed) || prefixed()
}

/// `[IU]`, `[pH]`, `[lb_av]`, `[arb'U]`.
fn bracketed(text: &str) -> bool {
    let inside = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    inside.is_some_and(|text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_'.:/%-".contains(&b))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_medicine_are_units_and_words_are_none() {
        for unit in [
            "g/dL",
            "mg/dL",
            "umol/L",
            "10*3/uL",
            "10*9/L",
            "/uL",
            "/min",
            "{beats}/min",
            "mm[Hg]",
            "cm[H2O]",
            "m[IU]/L",
            "u[IU]/mL",
            "mL/min/{1.73_m2}",
            "ng/mL{FEU}",
            "%",
            "1",
            "{INR}",
            "[pH]",
            "mm/h",
            "kg/m2",
            "Cel",
            "[degF]",
            "[lb_av]",
            "meq/L",
            "mosm/kg",
            "ukat/L",
            "U/L",
            "fL",
            "pg",
            "10*6/uL",
            "mg/(24.h)",
            "umol/s/kg",
            "m.s-2",
            "{score}",
            "dB",
            "kcal/d",
            "ug/kg/h",
            "B[SPL]",
            "[arb'U]/mL",
            "mmol/mol",
            "10*5/uL",
        ] {
            assert!(is_unit(unit), "{unit}");
        }
        for other in [
            "parsec",
            "mg/dl/",
            "cells/uL",
            "lakhs/cumm",
            "gm%",
            "",
            "g dL",
            "(g",
            "g)",
            "{a",
            "a}",
            "g//L",
            "mg..L",
            "µg/L",
            "U/1L{",
            "thou/uL",
            "mmHg",
            "[]",
            "mcg/L",
        ] {
            assert!(!is_unit(other), "{other}");
        }
    }
}
