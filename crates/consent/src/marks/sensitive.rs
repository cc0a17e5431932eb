//! Which codes belong to an area that many people want to keep to themselves.
//!
//! Compact on purpose: the codes that records actually carry, not whole terminologies. A code that is missing here
//! is not hidden, so a sender who knows better says it in `meta.security`, which counts as well. Each list names its
//! source; the check digits of SNOMED CT and LOINC are tested, so that a mistyped code does not pass.

use super::codes::{ATC, ICD, LOINC, Lists, MEDICINES, SNOMED};
use fhir::Node;
use std::sync::OnceLock;

/// Labels of everything coded in a resource, wherever it is: in an Observation's value, in a claim's items, in what is
/// contained. Narrative is not read: its words are not codes.
pub fn of_resource(resource: &Node<'_>) -> i64 {
    let medication = resource.str_of("resourceType") == Some("Medication");
    resource.members().iter().fold(0, |bits, (name, value)| match name.as_ref() {
        "meta" | "text" | "identifier" => bits,
        "contained" => value.as_array().iter().fold(bits, |bits, inner| bits | of_resource(inner)),
        "medicationCodeableConcept" => bits | walk(value) | medicine(value),
        "code" if medication => bits | walk(value) | medicine(value),
        _ => bits | walk(value),
    })
}

/// Everything below one element.
fn walk(node: &Node<'_>) -> i64 {
    match node {
        Node::Array(items) => items.iter().fold(0, |bits, item| bits | walk(item)),
        Node::Object(members) => members.iter().fold(0, |bits, (name, value)| match value {
            Node::String(code) if name == "code" => bits | of_coding(node, code),
            Node::Array(_) | Node::Object(_) => bits | walk(value),
            _ => bits,
        }),
        _ => 0,
    }
}

/// One Coding. What has no system is compared with every list its form fits: too much hidden harms less than too little.
fn of_coding(coding: &Node<'_>, code: &str) -> i64 {
    match coding.str_of("system") {
        Some("http://snomed.info/sct" | "urn:oid:2.16.840.1.113883.6.96") => snomed(code),
        Some("http://loinc.org" | "urn:oid:2.16.840.1.113883.6.1") => loinc(code),
        Some("http://www.nlm.nih.gov/research/umls/rxnorm" | "urn:oid:2.16.840.1.113883.6.88") => {
            coding.str_of("display").map_or(0, words)
        }
        Some("http://www.whocc.no/atc" | "urn:oid:2.16.840.1.113883.6.73") => prefixes(ATC, code),
        Some("urn:oid:2.16.840.1.113883.6.90" | "urn:oid:2.16.840.1.113883.6.3") => icd(code),
        Some(system) if system.contains("icd-10") => icd(code),
        Some(_) => 0,
        None => snomed(code) | loinc(code) | icd(code),
    }
}

/// A medicine is known by its ingredients' names: product codes are too many to list, and every product names them.
fn medicine(concept: &Node<'_>) -> i64 {
    let displays = concept.array_of("coding").iter().filter_map(|coding| coding.str_of("display"));
    displays.chain(concept.str_of("text")).fold(0, |bits, text| bits | words(text))
}

fn words(text: &str) -> i64 {
    static NAMES: OnceLock<Vec<(&str, i64)>> = OnceLock::new();
    let names = NAMES.get_or_init(|| sorted(MEDICINES, Some));
    let mut lower = [0_u8; 32];
    let mut bits = 0;
    for word in text.split(|c: char| !c.is_ascii_alphanumeric()) {
        let Some(space) = lower.get_mut(..word.len()) else { continue };
        space.copy_from_slice(word.as_bytes());
        space.make_ascii_lowercase();
        bits |= find(names, |name| name.as_bytes().cmp(space));
    }
    bits
}

fn snomed(code: &str) -> i64 {
    static CODES: OnceLock<Vec<(u64, i64)>> = OnceLock::new();
    let codes = CODES.get_or_init(|| sorted(SNOMED, |code| code.parse().ok()));
    code.parse::<u64>().map_or(0, |code| find(codes, |known| known.cmp(&code)))
}

fn loinc(code: &str) -> i64 {
    static CODES: OnceLock<Vec<(u64, i64)>> = OnceLock::new();
    let codes = CODES.get_or_init(|| sorted(LOINC, loinc_number));
    loinc_number(code).map_or(0, |code| find(codes, |known| known.cmp(&code)))
}

/// `44261-6` as 442616.
fn loinc_number(code: &str) -> Option<u64> {
    let (number, check) = code.split_once('-')?;
    let (number, check): (u64, u64) = (number.parse().ok()?, check.parse().ok()?);
    (check < 10).then(|| number.checked_mul(10)?.checked_add(check)).flatten()
}

/// The rules stand under three-character categories and under longer codes below them; a point in the code is optional.
fn icd(code: &str) -> i64 {
    let mut plain = [0_u8; 8];
    let mut n = 0;
    for byte in code.bytes().filter(|b| *b != b'.').take(plain.len()) {
        plain[n] = byte.to_ascii_uppercase();
        n += 1;
    }
    let Some(category) = plain.get(..3).filter(|c| n >= 3 && c[0].is_ascii_uppercase() && c[1].is_ascii_digit()) else {
        return 0;
    };
    ICD.iter()
        .filter(|rule| rule.from.len() == 3 && rule.from.as_bytes() <= category && category <= rule.to.as_bytes())
        .chain(ICD.iter().filter(|rule| rule.from.len() > 3 && plain[..n].starts_with(rule.from.as_bytes())))
        .fold(0, |bits, rule| bits | rule.label.bit())
}

fn prefixes(list: Lists, code: &str) -> i64 {
    list.iter()
        .filter(|(_, starts)| starts.split(' ').any(|start| code.starts_with(start)))
        .fold(0, |bits, (label, _)| bits | label.bit())
}

/// The lists of all labels as one table that can be searched by halves.
fn sorted<T: Ord + Copy>(lists: Lists, read: impl Fn(&'static str) -> Option<T>) -> Vec<(T, i64)> {
    let mut out: Vec<(T, i64)> = lists
        .iter()
        .flat_map(|(label, codes)| codes.split(' ').filter_map(|code| Some((read(code)?, label.bit()))))
        .collect();
    out.sort_unstable();
    out.dedup_by(|later, earlier| {
        let same = later.0 == earlier.0;
        if same {
            earlier.1 |= later.1;
        }
        same
    });
    out
}

fn find<T>(table: &[(T, i64)], compare: impl Fn(&T) -> std::cmp::Ordering) -> i64 {
    table.binary_search_by(|(key, _)| compare(key)).map_or(0, |at| table[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marks::Label::{self, Genetics, Hiv, MentalHealth, SexualHealth, SubstanceUse, Violence};
    use std::collections::HashSet;

    fn labels(json: &str) -> Vec<Label> {
        let bits = of_resource(&fhir::json::parse(json.as_bytes()).unwrap());
        Label::ALL.into_iter().filter(|label| bits & label.bit() != 0).collect()
    }

    fn condition(system: &str, code: &str) -> Vec<Label> {
        let coding = format!(r#"{{"coding":[{{"system":"{system}","code":"{code}"}}]}}"#);
        labels(&format!(r#"{{"resourceType":"Condition","code":{coding}}}"#))
    }

    #[test]
    fn codes_of_each_area_are_known() {
        let sct = "http://snomed.info/sct";
        assert_eq!(condition(sct, "370143000"), [MentalHealth]);
        assert_eq!(condition(sct, "72892002"), [SexualHealth]);
        assert_eq!(condition(sct, "86406008"), [Hiv]);
        assert_eq!(condition(sct, "5602001"), [SubstanceUse]);
        assert_eq!(condition(sct, "706893006"), [Violence]);
        assert_eq!(condition(sct, "443529005"), [SexualHealth, Genetics]);
        assert_eq!(condition(sct, "44054006"), [], "diabetes is in no sensitive area");
        assert_eq!(condition("http://loinc.org", "51969-4"), [Genetics]);
        assert_eq!(condition("http://loinc.org", "4548-4"), []);
    }

    #[test]
    fn icd_10_is_known_by_chapter_with_or_without_the_point() {
        let cm = "http://hl7.org/fhir/sid/icd-10-cm";
        for (code, expected) in [
            ("F32.9", vec![MentalHealth]),
            ("f329", vec![MentalHealth]),
            ("F10.20", vec![SubstanceUse]),
            ("F17.210", vec![]),
            ("F03.90", vec![]),
            ("B20", vec![Hiv]),
            ("Z21", vec![Hiv]),
            ("O80", vec![SexualHealth]),
            ("Z33.1", vec![SexualHealth]),
            ("T74.11XA", vec![Violence]),
            ("Z15.01", vec![Genetics]),
            ("Z15", vec![Genetics]),
            ("T14.91XA", vec![MentalHealth]),
            ("T14.8", vec![]),
            ("I10", vec![]),
            ("E11.9", vec![]),
            ("F", vec![]),
        ] {
            assert_eq!(condition(cm, code), expected, "{code}");
        }
        assert_eq!(condition("http://hl7.org/fhir/sid/icd-10", "F32"), [MentalHealth]);
    }

    #[test]
    fn a_code_counts_only_in_its_own_system_unless_none_is_named() {
        assert_eq!(condition("http://example.org/local", "370143000"), []);
        let bare = r#"{"resourceType":"Condition","code":{"coding":[{"code":"370143000"},{"code":"55758-7"}]}}"#;
        assert_eq!(labels(bare), [MentalHealth]);
    }

    #[test]
    fn codes_are_found_wherever_they_lie() {
        let coding = r#"{"coding":[{"system":"http://snomed.info/sct","code":"86406008"}]}"#;
        for json in [
            format!(r#"{{"resourceType":"Encounter","reasonCode":[{coding}]}}"#),
            format!(r#"{{"resourceType":"Encounter","type":[{coding}]}}"#),
            format!(r#"{{"resourceType":"Observation","valueCodeableConcept":{coding}}}"#),
            format!(r#"{{"resourceType":"Observation","component":[{{"code":{coding}}}]}}"#),
            format!(r#"{{"resourceType":"Claim","item":[{{"productOrService":{coding}}}]}}"#),
            format!(r#"{{"resourceType":"CarePlan","activity":[{{"detail":{{"reasonCode":[{coding}]}}}}]}}"#),
            format!(r#"{{"resourceType":"Procedure","contained":[{{"resourceType":"Condition","code":{coding}}}]}}"#),
        ] {
            assert_eq!(labels(&json), [Hiv], "{json}");
        }
    }

    #[test]
    fn medicines_are_known_by_ingredient_and_by_class() {
        let rxnorm = |display: &str| {
            labels(&format!(
                r#"{{"resourceType":"MedicationRequest","medicationCodeableConcept":{{"coding":[
                {{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1","display":"{display}"}}]}}}}"#
            ))
        };
        assert_eq!(rxnorm("buprenorphine 2 MG / naloxone 0.5 MG Sublingual Tablet"), [SubstanceUse]);
        assert_eq!(rxnorm("Sertraline 50 MG Oral Tablet"), [MentalHealth]);
        assert_eq!(rxnorm("Etonogestrel 68 MG Drug Implant"), [SexualHealth]);
        assert_eq!(rxnorm("lisinopril 10 MG Oral Tablet"), []);
        let text =
            r#"{"resourceType":"MedicationStatement","medicationCodeableConcept":{"text":"Dolutegravir 50 mg"}}"#;
        assert_eq!(labels(text), [Hiv]);
        assert_eq!(condition("http://www.whocc.no/atc", "N06AB06"), [MentalHealth]);
        let said = r#"{"resourceType":"Observation","code":{"text":"asked about lithium batteries"}}"#;
        assert_eq!(labels(said), [], "words count for medicines only");
    }

    /// SNOMED CT identifiers end in a Verhoeff check digit (SNOMED CT Technical Implementation Guide, section 5.5).
    #[test]
    fn every_snomed_code_has_the_right_check_digit() {
        const SHIFT: [usize; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
        // Multiplication in the dihedral group of the pentagon.
        let times = |a: usize, b: usize| match (a < 5, b < 5) {
            (true, true) => (a + b) % 5,
            (true, false) => 5 + (a + b - 5) % 5,
            (false, true) => 5 + (a - 5 + 5 - b) % 5,
            (false, false) => (a + 5 - b) % 5,
        };
        for code in SNOMED.iter().flat_map(|(_, codes)| codes.split(' ')) {
            let sum = code.bytes().rev().enumerate().fold(0, |sum, (place, digit)| {
                let digit = (0..place % 8).fold(usize::from(digit - b'0'), |d, _| SHIFT[d]);
                times(sum, digit)
            });
            assert_eq!(sum, 0, "{code}");
        }
    }

    /// LOINC numbers end in a mod 10 check digit (LOINC Users' Guide, appendix C).
    #[test]
    fn every_loinc_code_has_the_right_check_digit() {
        for code in LOINC.iter().flat_map(|(_, codes)| codes.split(' ')) {
            let (number, check) = code.split_once('-').unwrap();
            let sum: u32 = number
                .bytes()
                .rev()
                .enumerate()
                .map(|(place, digit)| {
                    let n = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
                    n / 10 + n % 10
                })
                .sum();
            assert_eq!((10 - sum % 10) % 10, check.parse::<u32>().unwrap(), "{code}");
        }
    }

    #[test]
    fn no_code_is_listed_twice_under_one_label() {
        for list in [SNOMED, LOINC, ATC, MEDICINES] {
            let mut known = HashSet::new();
            for (label, codes) in list {
                assert!(codes.split(' ').all(|code| !code.is_empty() && known.insert((label, code))), "{codes}");
            }
        }
        for (_, names) in MEDICINES {
            let plain = |name: &str| name.len() <= 32 && name.bytes().all(|b| b.is_ascii_lowercase());
            assert!(names.split(' ').all(plain), "{names}");
        }
    }
}
