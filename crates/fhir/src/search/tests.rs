use super::*;
use crate::json::parse;

/// Parameters that cannot be extracted, with the reason.
const NOT_EXTRACTED: [(&str, &str); 2] = [
    // The value is a whole resource inside the bundle, not a reference to one.
    ("Bundle", "composition"),
    ("Bundle", "message"),
];

#[test]
fn every_parameter_of_r4_compiles_but_for_a_known_few() {
    let mut failures = Vec::new();
    let mut count = 0;
    for &kind in Kind::all() {
        count += params(kind).len();
        failures.extend(of(kind).program.failures.iter().map(|(name, why)| (kind.name(), *name, why)));
        assert!(of(kind).compartment.failures.is_empty(), "{kind}");
    }
    failures.retain(|(kind, name, _)| !NOT_EXTRACTED.contains(&(kind, name)));
    assert!(failures.is_empty(), "{failures:#?}");
    let lines = include_str!("../../spec/search.txt").lines().filter(|line| !line.starts_with(':')).count();
    assert_eq!(count, lines, "a line of the table was not understood");
}
