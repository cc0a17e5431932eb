//! Units that are the same but for a number which their definitions fix, so that one reading in pounds or Fahrenheit does not take
//! all others out of a picture. What is kept stays as it was written.

/// Unit, the unit that its kind is counted in, how many of these one is, and where its zero lies.
///
/// The pound and the inch: NIST Special Publication 811 (2008), appendix B.8; Fahrenheit: the same, appendix B.9.
const ALIKE: [(&str, &str, f64, f64); 13] = [
    ("kg", "kg", 1.0, 0.0),
    ("g", "kg", 0.001, 0.0),
    ("[lb_av]", "kg", 0.453_592_37, 0.0),
    ("cm", "cm", 1.0, 0.0),
    ("m", "cm", 100.0, 0.0),
    ("[in_i]", "cm", 2.54, 0.0),
    ("Cel", "Cel", 1.0, 0.0),
    ("[degF]", "Cel", 5.0 / 9.0, 32.0),
    ("10*9/L", "10*9/L", 1.0, 0.0),
    ("10*3/uL", "10*9/L", 1.0, 0.0),
    ("/uL", "10*9/L", 0.001, 0.0),
    ("10*12/L", "10*12/L", 1.0, 0.0),
    ("10*6/uL", "10*12/L", 1.0, 0.0),
];

/// Digits behind the point: more than any scale shows.
const FINE: f64 = 10_000.0;

pub fn converted(number: f64, from: &str, to: &str) -> Option<f64> {
    if from == to {
        return Some(number);
    }
    let unit = |key: &str| ALIKE.iter().find(|(unit, ..)| *unit == key);
    let ((_, kind, many, zero), (_, other, each, begins)) = (unit(from)?, unit(to)?);
    (kind == other).then(|| (((number - zero) * many / each + begins) * FINE).round() / FINE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pounds_fahrenheit_and_cells_are_counted_as_their_definitions_say_and_nothing_else_is() {
        for (number, from, to, wanted) in [
            (150.0, "[lb_av]", "kg", Some(68.0389)),
            (68.0, "kg", "[lb_av]", Some(149.9143)),
            (98.6, "[degF]", "Cel", Some(37.0)),
            (37.0, "Cel", "[degF]", Some(98.6)),
            (70.0, "[in_i]", "cm", Some(177.8)),
            (245.0, "10*3/uL", "10*9/L", Some(245.0)),
            (6800.0, "/uL", "10*3/uL", Some(6.8)),
            (61.123_456, "kg", "kg", Some(61.123_456)),
            (5.4, "mmol/L", "mg/dL", None),
            (5.4, "", "kg", None),
            (5.4, "cm", "kg", None),
        ] {
            assert_eq!(converted(number, from, to), wanted, "{number} {from} in {to}");
        }
    }
}
