//! From a printed unit to its UCUM code, for what is measured.

use super::analytes::{Analyte, table};
use super::names::distance;

/// A unit as printed and as it is coded; `guessed` when letters had to be put right.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    pub ucum: &'static str,
    pub guessed: bool,
}

/// Lower case without spaces, dots, signs of multiplication and powers.
pub fn folded(text: &str) -> String {
    let mut out = String::new();
    for letter in text.trim_matches(|c: char| matches!(c, '(' | ')' | '[' | ']' | ',' | ';' | ':')).chars() {
        match letter {
            'µ' | 'μ' => out.push('u'),
            '⁰'..='⁹' => out.push(char::from(b'0' + (letter as u32 - 0x2070) as u8)),
            '¹' => out.push('1'),
            '²' => out.push('2'),
            '³' => out.push('3'),
            '×' | '^' | '*' | '.' | '·' | '\'' | '’' | '~' | '°' | '(' | ')' | '[' | ']' | '{' | '}' | '_' => {}
            letter if letter.is_whitespace() => {}
            letter => out.extend(letter.to_lowercase()),
        }
    }
    let factor = out.strip_prefix('x').filter(|rest| rest.starts_with("10"));
    factor.map_or(out.clone(), str::to_owned)
}

/// Whether a text is how any unit is printed.
pub fn is_unit(text: &str) -> bool {
    table().units.contains_key(folded(text).as_str())
}

/// The unit of this analyte that a text means. Among the few units of one analyte, letters that were taken for others
/// can be put right, where `guess` has the number: never to a unit in which no living body has it. `/nl` and `/µl` are a
/// letter apart, and a thousand times.
pub fn of(analyte: &Analyte, text: &str, guess: Option<f64>) -> Option<Unit> {
    let printed = folded(text);
    let measured = |ucum: &&&'static str| analyte.measure(ucum).is_some();
    let exact = table().units.get(printed.as_str()).and_then(|all| all.iter().find(measured));
    if let Some(ucum) = exact {
        return Some(Unit { ucum, guessed: false });
    }
    let number = guess?;
    // The Greek letter is no letter of English, and Tesseract writes another one.
    for (wrong, right) in [
        ("p", "u"),
        ("y", "u"),
        ("h", "u"),
        ("j", "u"),
        ("w", "u"),
        ("4", "u"),
        ("jt", "u"),
        ("/p", "/u"),
        ("/j", "/u"),
    ] {
        let greek = printed.replacen(wrong, right, 1);
        let fits = |ucum: &&&'static str| analyte.measure(ucum).is_some_and(|measure| measure.holds(number));
        let found = table().units.get(greek.as_str()).and_then(|all| all.iter().find(fits));
        if let Some(ucum) = found.filter(|_| greek != printed) {
            return Some(Unit { ucum, guessed: true });
        }
    }
    let known = is_unit(text);
    let allowed = match printed.chars().count() {
        _ if known => return None,
        0 | 1 => return None,
        2..=4 => 1,
        5..=9 => 2,
        _ => 3,
    };
    // Of two that are as near the more usual, which stands first.
    let mut best: Option<(usize, &'static str)> = None;
    for measure in analyte.measures.iter().filter(|measure| measure.holds(number)) {
        for (print, _) in table().units.iter().filter(|(_, all)| all.contains(&measure.ucum)) {
            let found = distance(print, &printed, allowed);
            if let Some(distance) = found.filter(|found| best.is_none_or(|(least, _)| *found < least)) {
                best = Some((distance, measure.ucum));
            }
        }
    }
    best.map(|(_, ucum)| Unit { ucum, guessed: true })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn analyte(code: &str) -> &'static Analyte {
        table().analytes.iter().find(|analyte| analyte.code == code).unwrap()
    }

    #[test]
    fn units_are_known_however_they_are_printed() {
        for (code, printed, ucum) in [
            ("6690-2", "x10^3/µL", "10*3/uL"),
            ("6690-2", "10³/μl", "10*3/uL"),
            ("6690-2", "x 10^9 / L", "10*9/L"),
            ("6690-2", "G/l", "10*9/L"),
            ("777-3", "lakhs/cumm", "10*5/uL"),
            ("718-7", "gm%", "g/dL"),
            ("718-7", "g/L", "g/L"),
            ("1742-6", "IU/L", "U/L"),
            ("3016-3", "µIU/mL", "u[IU]/mL"),
            ("98979-8", "mL/min/1.73 m²", "mL/min/{1.73_m2}"),
            ("4537-7", "mm/1st hr.", "mm/h"),
            ("6690-2", "/nl", "10*3/uL"),
            ("777-3", "/nL", "10*3/uL"),
            ("777-3", "Tsd./µl", "10*3/uL"),
            ("789-8", "/pl", "10*6/uL"),
            ("789-8", "Mio./µl", "10*6/uL"),
        ] {
            assert_eq!(of(analyte(code), printed, None), Some(Unit { ucum, guessed: false }), "{printed}");
        }
    }

    #[test]
    fn a_misread_unit_is_put_right_only_to_one_of_the_same_analyte_and_only_when_read_from_a_picture() {
        let creatinine = analyte("14682-9");
        assert_eq!(of(creatinine, "pmol/L", None), None);
        assert_eq!(of(creatinine, "pmol/L", Some(88.0)), Some(Unit { ucum: "umol/L", guessed: true }));
        assert_eq!(of(analyte("2160-0"), "mmol/L", Some(88.0)), None);
    }

    #[test]
    fn a_misread_unit_is_not_put_right_to_one_in_which_nobody_has_the_number() {
        let leukocytes = analyte("6690-2");
        for (printed, number, ucum) in [("/nI", 6.8, "10*3/uL"), ("/pl", 6800.0, "/uL"), ("/ml", 6800.0, "/uL")] {
            assert_eq!(of(leukocytes, printed, Some(number)), Some(Unit { ucum, guessed: true }), "{number} {printed}");
        }
        // It is a unit, of other cells: whether it is one here a person says.
        assert_eq!(of(leukocytes, "/pl", Some(6.8)), None);
        assert_eq!(of(leukocytes, "/ml", Some(0.01)), None);
    }
}
