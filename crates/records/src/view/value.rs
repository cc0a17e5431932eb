//! What an Observation says: its value in words and as a number, and whether it is usual.

use super::{Flag, Value, words};
use fhir::Node;

/// LOINC codes of the blood pressure profile's components.
pub const SYSTOLIC: &str = "8480-6";
pub const DIASTOLIC: &str = "8462-4";

/// Parts of a panel that are told in one line.
const PARTS: usize = 3;
const TEXT_MAX: usize = 120;

/// The value of an Observation, or of the parts it is made of.
pub fn of_observation(observation: &Node<'_>) -> Option<Value> {
    let own = of_element(observation);
    let components = observation.array_of("component");
    if own.is_some() || components.is_empty() {
        return own;
    }
    let flag = components.iter().filter_map(flag).chain(flag(observation)).max_by_key(|flag| *flag == Flag::Critical);
    if let Some((text, unit)) = blood_pressure(components) {
        return Some(Value { text, number: None, unit: Some(unit), flag });
    }
    let mut parts: Vec<String> = components
        .iter()
        .filter_map(|part| Some(format!("{} {}", words::concept_of(part, "code")?, of_element(part)?.text)))
        .collect();
    if parts.is_empty() {
        return None;
    }
    let more = parts.len().saturating_sub(PARTS);
    parts.truncate(PARTS);
    let mut text = words::shorten(&parts.join(", "), TEXT_MAX);
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    Some(Value { text, number: None, unit: None, flag })
}

/// `120/80 mmHg`
fn blood_pressure(components: &[Node<'_>]) -> Option<(String, String)> {
    let part = |code| of_element(components.iter().find(|c| has_code(c, code))?);
    let (systolic, diastolic) = (part(SYSTOLIC)?, part(DIASTOLIC)?);
    let (unit, other) = (systolic.unit?, diastolic.unit?);
    let text = format!("{}/{} {unit}", shown(systolic.number?)?, shown(diastolic.number?)?);
    (unit == other).then_some((text, unit))
}

/// Whether an element's `code` is this one.
pub fn has_code(element: &Node<'_>, code: &str) -> bool {
    element.get("code").is_some_and(|c| c.array_of("coding").iter().any(|coding| coding.str_of("code") == Some(code)))
}

/// The `value[x]` of an Observation or of a component.
fn of_element(element: &Node<'_>) -> Option<Value> {
    let (name, value) = element.members().iter().find(|(name, _)| name.starts_with("value"))?;
    let plain = |text: String| Some(Value { text, ..Value::default() });
    let mut out = match name.as_ref() {
        "valueQuantity" => quantity(value),
        "valueCodeableConcept" => plain(words::concept(value)?),
        "valueString" => plain(words::shorten(value.as_str()?, TEXT_MAX)),
        "valueInteger" => {
            Some(Value { text: value.as_digits()?.to_owned(), number: value.as_f64(), ..Value::default() })
        }
        "valueBoolean" => plain(if value.as_bool()? { "Yes" } else { "No" }.to_owned()),
        "valueDateTime" | "valueTime" => plain(value.as_str()?.to_owned()),
        "valueRange" => plain(between(value.get("low"), value.get("high"))?),
        "valueRatio" => {
            let part = |name| value.get(name).and_then(quantity).map(|q| q.text);
            plain(format!("{} / {}", part("numerator")?, part("denominator")?))
        }
        "valuePeriod" => {
            let part = |name| value.str_of(name).map(words::day).unwrap_or("…");
            plain(format!("{} – {}", part("start"), part("end")))
        }
        _ => None,
    }?;
    out.flag = flag(element);
    (!out.text.is_empty()).then_some(out)
}

/// `5.4 mmol/L`
pub fn quantity(quantity: &Node<'_>) -> Option<Value> {
    let value = quantity.get("value")?;
    let number = value.as_f64()?;
    let unit = unit_of(quantity).filter(|unit| !unit.is_empty());
    let mut text = String::new();
    let comparator = quantity.str_of("comparator");
    if let Some(comparator) = comparator {
        text.push_str(comparator);
        text.push(' ');
    }
    text.push_str(&digits(value.as_digits()?, number));
    match unit.as_deref() {
        Some(unit @ "%") => text.push_str(unit),
        Some(unit) => text.push_str(&format!(" {unit}")),
        None => {}
    }
    // A limit is not the value.
    Some(Value { text, number: comparator.is_none().then_some(number), unit, flag: None })
}

fn between(low: Option<&Node<'_>>, high: Option<&Node<'_>>) -> Option<String> {
    let text = |node: Option<&Node<'_>>| node.and_then(quantity).map(|q| q.text);
    match (text(low), text(high)) {
        (Some(low), Some(high)) => Some(format!("{low} – {high}")),
        (Some(low), None) => Some(format!("from {low}")),
        (None, Some(high)) => Some(format!("up to {high}")),
        (None, None) => None,
    }
}

/// Digits as they were written; what only a computer writes is rounded to what somebody reads.
fn digits(written: &str, number: f64) -> String {
    let decimals = written.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    if decimals <= 3 && !written.contains(['e', 'E']) {
        return written.to_owned();
    }
    shown(number).unwrap_or_else(|| written.to_owned())
}

/// A number with three digits that say something behind or before the point: 27.37, 1.022, 0.00123.
fn shown(number: f64) -> Option<String> {
    if !number.is_finite() {
        return None;
    }
    let size = number.abs();
    let places = match size {
        _ if size == 0.0 || size >= 10.0 => 2,
        _ if size >= 1.0 => 3,
        _ => (2 - size.log10().floor() as i32).clamp(3, 12),
    };
    let text = format!("{number:.*}", places as usize);
    Some(if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text })
}

/// A unit as people write it. UCUM (<https://ucum.org/ucum>) is what machines write.
pub fn unit_of(quantity: &Node<'_>) -> Option<String> {
    let unit = quantity.str_of("unit").or_else(|| quantity.str_of("code"))?;
    Some(match unit {
        "mm[Hg]" => "mmHg".to_owned(),
        "Cel" => "°C".to_owned(),
        "[degF]" => "°F".to_owned(),
        "kg/m2" => "kg/m²".to_owned(),
        "10*3/uL" => "×10³/µL".to_owned(),
        "10*6/uL" => "×10⁶/µL".to_owned(),
        "1" | "{nominal}" => String::new(),
        "{score}" | "{Score}" => "points".to_owned(),
        "[iU]" => "IU".to_owned(),
        "[lb_av]" => "lb".to_owned(),
        "[in_i]" => "in".to_owned(),
        _ => unit.replace("{1.73_m2}", "1.73 m²").replace("[iU]", "IU").replace(['{', '}'], ""),
    })
}

/// What makes two readings comparable: the unit's code.
pub fn unit_key<'n>(quantity: &'n Node<'_>) -> &'n str {
    quantity.str_of("code").or_else(|| quantity.str_of("unit")).unwrap_or_default()
}

/// Whether the value is out of the ordinary: as its sender interpreted it, else by the range its sender gave with it.
/// Codes of <http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation>.
pub fn flag(element: &Node<'_>) -> Option<Flag> {
    let interpretations = element.array_of("interpretation");
    let codes = interpretations.iter().flat_map(|i| i.array_of("coding")).filter_map(|c| c.str_of("code"));
    let mut said = false;
    for code in codes {
        said = true;
        match code {
            "HH" | "LL" | "AA" | "HU" | "LU" => return Some(Flag::Critical),
            "H" | "HX" | ">" => return Some(Flag::High),
            "L" | "LX" | "<" => return Some(Flag::Low),
            "A" => return Some(Flag::Abnormal),
            _ => {}
        }
    }
    if said {
        return None;
    }
    let number = element.at(&["valueQuantity", "value"]).and_then(Node::as_f64)?;
    let (low, high) = reference(element)?;
    match (low, high) {
        (Some(low), _) if number < low => Some(Flag::Low),
        (_, Some(high)) if number > high => Some(Flag::High),
        _ => None,
    }
}

/// The usual range that the sender gave; none when several could be meant.
pub fn reference(element: &Node<'_>) -> Option<(Option<f64>, Option<f64>)> {
    let normal = |range: &&Node<'_>| match words::code_of(range, "type") {
        None | Some("normal") => range.get("low").is_some() || range.get("high").is_some(),
        Some(_) => false,
    };
    let mut ranges = element.array_of("referenceRange").iter().filter(normal);
    let (Some(range), None) = (ranges.next(), ranges.next()) else { return None };
    let quantity = element.get("valueQuantity");
    let limit = |name: &str| {
        let limit = range.get(name)?;
        // A limit in another unit says nothing about this number.
        let same = quantity.is_none_or(|q| unit_key(limit).is_empty() || unit_key(limit) == unit_key(q));
        if same { limit.get("value").and_then(Node::as_f64) } else { None }
    };
    let found = (limit("low"), limit("high"));
    (found != (None, None)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(json: &str) -> Option<Value> {
        of_observation(&fhir::json::parse(json.as_bytes()).unwrap())
    }

    fn text(json: &str) -> String {
        value(json).map_or(String::new(), |v| v.text)
    }

    #[test]
    fn quantities_are_written_as_people_read_them() {
        let quantity = |value: &str, unit: &str| {
            text(&format!(r#"{{"valueQuantity":{{"value":{value},"unit":"{unit}","code":"{unit}"}}}}"#))
        };
        assert_eq!(quantity("5.40", "mmol/L"), "5.40 mmol/L");
        assert_eq!(quantity("97", "%"), "97%");
        assert_eq!(quantity("37.25719364", "Cel"), "37.26 °C");
        assert_eq!(quantity("0.00123456", "g"), "0.00123 g");
        assert_eq!(quantity("1.0224", "1"), "1.022");
        assert_eq!(quantity("80", "mL/min/{1.73_m2}"), "80 mL/min/1.73 m²");
        assert_eq!(text(r#"{"valueQuantity":{"value":3,"comparator":"<","unit":"mg"}}"#), "< 3 mg");
        assert_eq!(text(r#"{"valueQuantity":{"unit":"mg"}}"#), "");
    }

    #[test]
    fn blood_pressure_is_one_value() {
        let part = |code: &str, n: i64| {
            format!(r#"{{"code":{{"coding":[{{"code":"{code}"}}]}},"valueQuantity":{{"value":{n},"unit":"mm[Hg]"}}}}"#)
        };
        let both = format!(r#"{{"component":[{},{}]}}"#, part(DIASTOLIC, 80), part(SYSTOLIC, 120));
        let value = value(&both).unwrap();
        assert_eq!((value.text.as_str(), value.unit.as_deref(), value.number), ("120/80 mmHg", Some("mmHg"), None));
        assert_eq!(text(&format!(r#"{{"component":[{}]}}"#, part(SYSTOLIC, 120))), "8480-6 120 mmHg");
    }

    #[test]
    fn other_values_have_words_too() {
        assert_eq!(text(r#"{"valueCodeableConcept":{"text":"Never smoker (finding)"}}"#), "Never smoker");
        assert_eq!(text(r#"{"valueBoolean":true}"#), "Yes");
        assert_eq!(text(r#"{"valueRange":{"low":{"value":1,"unit":"mg"}}}"#), "from 1 mg");
        assert_eq!(text(r#"{"valueRatio":{"numerator":{"value":1},"denominator":{"value":128}}}"#), "1 / 128");
        assert_eq!(text(r#"{"dataAbsentReason":{"text":"Unknown"}}"#), "");
    }

    /// The pages have the same rule for the entries that they get as they came, and the same examples.
    #[test]
    fn the_sender_s_word_counts_before_the_range() {
        let examples: Vec<serde_json::Value> = serde_json::from_str(include_str!("flags.json")).unwrap();
        for example in &examples {
            let text = example["element"].to_string();
            let found = flag(&fhir::json::parse(text.as_bytes()).unwrap());
            assert_eq!(serde_json::to_value(found).unwrap(), example["flag"], "{}", example["says"]);
        }
        assert_eq!(examples.len(), 12);
    }
}
