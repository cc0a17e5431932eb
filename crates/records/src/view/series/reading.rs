//! One reading, and what many of them together are called and measured in.

use super::alike;
use crate::view::{Flag, value};
use fhir::Node;
use std::collections::HashMap;

/// A reading within an Observation.
pub(super) struct Reading {
    pub number: f64,
    /// What makes the number a limit.
    pub comparator: Option<String>,
    pub unit: Option<String>,
    /// The code of the unit: readings of different units are no one line.
    pub key: String,
    pub flag: Option<Flag>,
}

impl Reading {
    /// The number in another unit, where it is exactly so many of it.
    pub fn within(&self, key: &str) -> Option<f64> {
        alike::converted(self.number, &self.key, key)
    }

    /// How well its unit says what the number is: as UCUM writes it, in other words, not at all. One number without a unit, or in
    /// one that nobody knows, must not take all others out of the picture.
    pub fn said(&self) -> u8 {
        match self.key.as_str() {
            "" => 0,
            key if fhir::ucum::is_unit(key) => 2,
            _ => 1,
        }
    }
}

/// The reading whose unit a line is drawn in: of these, oldest first, the newest in the unit that most of those have that say
/// their unit best. One reading in pounds among many in kilograms does not turn them all into pounds.
pub(super) fn leading<T>(readings: &[(T, Reading)]) -> Option<&(T, Reading)> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for (_, reading) in readings {
        *counts.entry(&reading.key).or_default() += 1;
    }
    readings.iter().max_by_key(|(_, reading)| (reading.said(), counts.get(reading.key.as_str())))
}

/// What a line is called: as the newest of these readings, oldest first, that was not named by the patient.
pub(super) fn called<T>(readings: &[T], name: impl Fn(&T) -> (bool, Option<&String>)) -> Option<String> {
    let named = |own: bool| readings.iter().rev().map(&name).find(|(by, text)| *by == own && text.is_some());
    named(false).or_else(|| named(true))?.1.cloned()
}

/// The number of an element, if it is one.
pub(super) fn reading(element: &Node<'_>) -> Option<Reading> {
    let flag = value::flag(element);
    if let Some(quantity) = element.get("valueQuantity") {
        let number = quantity.get("value").and_then(Node::as_f64)?;
        let unit = value::unit_of(quantity).filter(|unit| !unit.is_empty());
        let comparator = quantity.str_of("comparator").map(str::to_owned);
        return Some(Reading { number, comparator, unit, key: value::unit_key(quantity).to_owned(), flag });
    }
    let number = element.get("valueInteger").and_then(Node::as_f64)?;
    Some(Reading { number, comparator: None, unit: None, key: String::new(), flag })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_is_a_reading_without_a_unit() {
        let node = fhir::json::parse(br#"{"valueInteger":7}"#).unwrap();
        let reading = reading(&node).unwrap();
        assert_eq!((reading.number, reading.unit), (7.0, None));
        assert!(super::reading(&fhir::json::parse(br#"{"valueString":"7"}"#).unwrap()).is_none());
    }
}
