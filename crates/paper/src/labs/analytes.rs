//! The one table of what can be measured: codes, names, units, and what a living body can have.
//!
//! `analytes.tsv`: LOINC code, its long common name, B for blood or U for urine, `w` where the result is a word, names as
//! printed, units (UCUM) each with the lowest and highest value that is plausible. `units.tsv`: UCUM code and how it is
//! printed, folded. Where both come from is in docs/reading.md.

use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Specimen {
    Blood,
    Urine,
}

/// A unit in which something is measured, and what is plausible in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measure {
    pub ucum: &'static str,
    pub low: f64,
    pub high: f64,
}

#[derive(Debug)]
pub struct Analyte {
    pub code: &'static str,
    pub display: &'static str,
    pub specimen: Specimen,
    /// Whether its result is a word, such as `Trace`.
    pub in_words: bool,
    pub names: Vec<&'static str>,
    pub measures: Vec<Measure>,
}

pub struct Table {
    pub analytes: Vec<Analyte>,
    /// From the folded name to the places in `analytes`, the more usual first.
    pub names: HashMap<String, Vec<usize>>,
    /// All words of those names.
    pub words: HashSet<String>,
    /// Each name with letters that look alike made one, and its folded form.
    pub skeletons: Vec<(String, String)>,
    /// From the folded print to the UCUM codes it can mean.
    pub units: HashMap<&'static str, Vec<&'static str>>,
}

/// What the correcting field of a page needs of the table.
#[derive(Debug, Serialize)]
pub struct LabCode {
    pub code: &'static str,
    pub display: &'static str,
    pub synonyms: Vec<&'static str>,
    pub unit: Option<&'static str>,
    pub units: Vec<&'static str>,
    /// What is plausible in each unit.
    pub limits: Vec<(&'static str, f64, f64)>,
}

pub fn codes() -> Vec<LabCode> {
    let code = |analyte: &Analyte| {
        let units: Vec<&str> = analyte.measures.iter().map(|measure| measure.ucum).collect();
        LabCode {
            code: analyte.code,
            display: analyte.display,
            synonyms: analyte.names.clone(),
            unit: units.first().copied(),
            units,
            limits: analyte.measures.iter().map(|measure| (measure.ucum, measure.low, measure.high)).collect(),
        }
    };
    table().analytes.iter().map(code).collect()
}

pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let analytes: Vec<Analyte> = include_str!("analytes.tsv").lines().filter_map(analyte).collect();
        let mut names = HashMap::<String, Vec<usize>>::new();
        for (place, analyte) in analytes.iter().enumerate() {
            for name in &analyte.names {
                let places = names.entry(super::names::key(name)).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        let mut units = HashMap::<&'static str, Vec<&'static str>>::new();
        for line in include_str!("units.tsv").lines() {
            let Some((ucum, printed)) = line.split_once('\t') else { continue };
            for print in printed.split(' ') {
                units.entry(print).or_default().push(ucum);
            }
        }
        let all = analytes.iter().flat_map(|analyte| &analyte.names);
        let skeletons = all.map(|name| (super::names::skeleton(name), super::names::key(name))).collect();
        let words = names.keys().flat_map(|name| name.split(' ')).map(str::to_owned).collect();
        Table { analytes, names, words, skeletons, units }
    })
}

fn analyte(line: &'static str) -> Option<Analyte> {
    let [code, display, specimen, words, names, measures] = line.split('\t').collect::<Vec<_>>()[..] else {
        return None;
    };
    let measure = |text: &'static str| {
        let [ucum, low, high] = text.split(' ').collect::<Vec<_>>()[..] else { return None };
        Some(Measure { ucum, low: low.parse().ok()?, high: high.parse().ok()? })
    };
    Some(Analyte {
        code,
        display,
        specimen: if specimen == "U" { Specimen::Urine } else { Specimen::Blood },
        in_words: words == "w",
        names: names.split(';').collect(),
        measures: measures.split(';').filter_map(measure).collect(),
    })
}

impl Measure {
    /// Whether a living body can have this.
    pub fn holds(&self, number: f64) -> bool {
        (self.low..=self.high).contains(&number)
    }
}

impl Analyte {
    pub fn measure(&self, ucum: &str) -> Option<Measure> {
        self.measures.iter().copied().find(|measure| measure.ucum == ucum)
    }

    /// Whether its numbers are printed without a unit.
    pub fn is_bare(&self) -> bool {
        self.measures.iter().any(|measure| matches!(measure.ucum, "1" | "{INR}" | "[pH]"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_of_the_tables_is_understood_and_every_unit_can_be_printed() {
        let table = table();
        assert_eq!(table.analytes.len(), include_str!("analytes.tsv").lines().count());
        for analyte in &table.analytes {
            assert!(!analyte.measures.is_empty() || analyte.in_words, "{}", analyte.display);
            for measure in &analyte.measures {
                let printed = table.units.values().any(|all| all.contains(&measure.ucum));
                assert!(printed && measure.low < measure.high, "{} {measure:?}", analyte.display);
            }
        }
    }

    #[test]
    fn every_code_has_the_check_digit_of_loinc_and_stands_once() {
        let mut seen = std::collections::BTreeSet::new();
        for analyte in &table().analytes {
            assert!(seen.insert(analyte.code), "{} twice", analyte.code);
            let (number, check) = analyte.code.split_once('-').unwrap();
            // Mod 10: every second digit from the right is doubled.
            let sum: u32 = number.bytes().rev().enumerate().fold(0, |sum, (n, digit)| {
                let digit = u32::from(digit - b'0') * if n % 2 == 0 { 2 } else { 1 };
                sum + digit / 10 + digit % 10
            });
            assert_eq!(check.parse::<u32>().unwrap(), (10 - sum % 10) % 10, "{}", analyte.code);
        }
    }
}
