//! Whether a number can be the result of the test that it is said to be of. Slips of a finger are caught: a point left out, a
//! sign, another unit. What is rare is not refused.

use crate::model::{ConfirmForm, LabCodes};
use kernel::Issue;

/// So many times beyond what is plausible in a living person nothing is measured.
const FAR: f64 = 5.0;

pub fn check(form: &ConfirmForm, codes: &LabCodes) -> Vec<Issue> {
    let known = codes.items.iter().find(|item| Some(&item.code) == form.code.as_ref());
    let (Some(known), Some(unit)) = (known, &form.unit) else { return Vec::new() };
    let Some((_, low, high)) = known.limits.iter().find(|(of, ..)| of == unit) else {
        if known.units.is_empty() || fhir::ucum::is_unit(unit) {
            return Vec::new();
        }
        let text = format!("{} is measured in {}. Take one of these.", known.display, known.units.join(", "));
        return vec![Issue::new("value", "unit", text)];
    };
    let Some(number) = form.value.as_deref().and_then(|value| value.parse::<f64>().ok()) else { return Vec::new() };
    // What is only below a number may be as little as there is.
    let too_low = form.comparator.is_none() && number < low / FAR;
    if !too_low && number <= high * FAR && (number >= 0.0 || *low < 0.0) {
        return Vec::new();
    }
    let text = format!("{}: from {low} to {high} {unit} is plausible. Look at number and unit again.", known.display);
    vec![Issue::new("value", "value", text)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(value: &str, unit: &str, comparator: Option<&str>) -> Vec<String> {
        let codes = serde_json::from_value(serde_json::json!({ "items": [{
            "code": "2951-2", "display": "Sodium", "units": ["mmol/L"], "limits": [["mmol/L", 80.0, 200.0]] }] }));
        let form = serde_json::from_value(serde_json::json!({ "code": "2951-2", "label": "Sodium", "value": value,
            "comparator": comparator, "unit": unit, "low": null, "high": null, "date": "2026-03-04" }));
        let issues = check(&form.unwrap(), &codes.unwrap());
        issues.into_iter().map(|issue| issue.path).collect()
    }

    #[test]
    fn a_slip_is_caught_and_what_is_rare_is_not() {
        for (value, unit, comparator) in
            [("138", "mmol/L", None), ("70", "mmol/L", None), ("1", "mmol/L", Some("<")), ("138", "meq/L", None)]
        {
            assert_eq!(wrong(value, unit, comparator), [""; 0], "{value} {unit}");
        }
        assert_eq!(wrong("1380", "mmol/L", None), ["value"]);
        assert_eq!(wrong("1.38", "mmol/L", None), ["value"]);
        assert_eq!(wrong("-138", "mmol/L", Some("<")), ["value"]);
        assert_eq!(wrong("138", "banana", None), ["unit"]);
    }
}
