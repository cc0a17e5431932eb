//! A confirmed value as an Observation, and where it came from as a Provenance.

use crate::model::{ConfirmForm, Reading};
use crate::rules;
use fhir::Node;
use kernel::{Actor, Ctx, Issue, Problem};
use serde_json::{Value, json};

const LOINC: &str = "http://loinc.org";
const UCUM: &str = "http://unitsofmeasure.org";
const COMPARATORS: [&str; 4] = ["<", "<=", ">=", ">"];

/// The largest count that laboratories report, of copies of a virus in a millilitre, lies a hundred times below.
const MOST: f64 = 1e12;

/// A decimal number as FHIR writes it: digits with one point, perhaps a sign.
fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && part.is_none_or(all) && text.len() <= 18
}

/// `007.50` is `7.50`: JSON has no leading zeros, and FHIR keeps those at the end.
fn decimal(text: &str) -> String {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let digits = digits.trim_start_matches('0');
    let digits = if digits.is_empty() || digits.starts_with('.') { format!("0{digits}") } else { digits.to_owned() };
    format!("{sign}{digits}")
}

/// Makes numbers of the digits in quantities, as they are.
fn with_digits(json: &Value) -> Vec<u8> {
    let bytes = json.to_string().into_bytes();
    let Ok(mut node) = fhir::json::parse(&bytes) else { return bytes };
    let number = |quantity: &mut Node<'_>| {
        if let Some(digits) = quantity.str_of("value").map(str::to_owned) {
            quantity.set("value", Node::Number(digits.into()));
        }
    };
    node.get_mut("valueQuantity").map(number);
    if let Some(Node::Array(ranges)) = node.get_mut("referenceRange") {
        for range in ranges {
            range.get_mut("low").map(number);
            range.get_mut("high").map(number);
        }
    }
    node.to_bytes()
}

/// `4548-4`: digits, a hyphen, a check digit.
fn is_loinc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(number, check)| {
        (1..=8).contains(&number.len())
            && check.len() == 1
            && number.bytes().chain(check.bytes()).all(|b| b.is_ascii_digit())
    })
}

/// Puts the form in order, or says what is wrong with it.
pub fn check(form: ConfirmForm, today: &str) -> Result<ConfirmForm, Problem> {
    let mut issues = Vec::new();
    let mut wrong = |field: &str, text: &str| issues.push(Issue::new("value", field, text));
    let trimmed = |text: Option<String>| text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
    let form = ConfirmForm {
        code: trimmed(form.code),
        // Paper hides hyphens in its words.
        label: kernel::text::shown(&form.label.split_whitespace().collect::<Vec<_>>().join(" ")),
        value: trimmed(form.value),
        comparator: trimmed(form.comparator),
        qualitative: trimmed(form.qualitative),
        unit: trimmed(form.unit),
        low: trimmed(form.low),
        high: trimmed(form.high),
        date: form.date.trim().to_owned(),
    };
    if form.code.as_deref().is_some_and(|code| !is_loinc(code)) {
        wrong("code", "Expected a LOINC code, such as 4548-4, or null.");
    }
    if form.label.is_empty() || form.label.chars().count() > 200 {
        wrong("label", "Say what was measured, in at most 200 letters.");
    }
    for (field, text) in [("value", &form.value), ("low", &form.low), ("high", &form.high)] {
        if text.as_deref().is_some_and(|text| !is_decimal(text)) {
            wrong(field, "Expected a number with a point, such as 13.4.");
        } else if text.as_deref().and_then(|text| text.parse::<f64>().ok()).is_some_and(|value| value.abs() > MOST) {
            wrong(field, "No measurement has so large a number. Look at it again.");
        }
    }
    match (&form.value, &form.qualitative) {
        (None, None) => wrong("value", "Say the value: a number, or words."),
        (Some(_), Some(_)) => wrong("qualitative", "Either a number or words."),
        (None, Some(words)) if words.chars().count() > 200 => wrong("qualitative", "At most 200 letters."),
        _ => {}
    }
    if form.comparator.as_deref().is_some_and(|sign| !COMPARATORS.contains(&sign)) {
        wrong("comparator", "Expected <, <=, >= or >.");
    }
    // UCUM's own letters: no white space.
    if form.unit.as_deref().is_some_and(|unit| unit.len() > 40 || !unit.bytes().all(|b| b.is_ascii_graphic())) {
        wrong("unit", "Expected a unit as UCUM writes it, such as g/dL.");
    }
    let number = |text: &Option<String>| text.as_deref().and_then(|text| text.parse::<f64>().ok());
    if let (Some(low), Some(high)) = (number(&form.low), number(&form.high))
        && low > high
    {
        wrong("low", "The lower end of the range lies above the upper.");
    }
    issues.extend(rules::day(&form.date, today));
    if issues.is_empty() { Ok(form) } else { Err(Problem::unprocessable(issues)) }
}

fn quantity(value: &str, comparator: Option<&str>, unit: Option<&str>) -> Value {
    let mut out = json!({ "value": decimal(value) });
    if let Some(comparator) = comparator {
        out["comparator"] = comparator.into();
    }
    if let Some(unit) = unit {
        out["unit"] = unit.into();
        // A word that is no unit is kept as it was written, and no program takes it for one.
        if fhir::ucum::is_unit(unit) {
            out["system"] = UCUM.into();
            out["code"] = unit.into();
        }
    }
    out
}

/// The Observation; `display` is what the code is called.
pub fn of(form: &ConfirmForm, display: Option<&str>, (patient, document): (&str, &str)) -> Vec<u8> {
    let mut code = json!({ "text": form.label });
    if let Some(loinc) = &form.code {
        let mut coding = json!({ "system": LOINC, "code": loinc });
        if let Some(display) = display {
            coding["display"] = display.into();
        }
        code["coding"] = json!([coding]);
    }
    let laboratory = "http://terminology.hl7.org/CodeSystem/observation-category";
    let mut out = json!({
        "resourceType": "Observation",
        "status": "final",
        "category": [{ "coding": [{ "system": laboratory, "code": "laboratory", "display": "Laboratory" }] }],
        "code": code,
        "subject": { "reference": format!("Patient/{patient}") },
        "effectiveDateTime": form.date,
        "derivedFrom": [{ "reference": format!("DocumentReference/{document}") }],
    });
    let unit = form.unit.as_deref();
    match (&form.value, &form.qualitative) {
        (Some(value), _) => out["valueQuantity"] = quantity(value, form.comparator.as_deref(), unit),
        (None, words) => out["valueString"] = words.clone().unwrap_or_default().into(),
    }
    let mut range = json!({});
    for (end, value) in [("low", &form.low), ("high", &form.high)] {
        if let Some(value) = value {
            range[end] = quantity(value, None, unit);
        }
    }
    if range.as_object().is_some_and(|range| !range.is_empty()) {
        out["referenceRange"] = json!([range]);
    }
    with_digits(&out)
}

/// Who confirmed it, and the document that it was read from.
pub fn provenance(ctx: &Ctx, (patient, document): (&str, &str), observation: &str) -> Vec<u8> {
    let role = |code: &str| {
        let system = "http://terminology.hl7.org/CodeSystem/provenance-participant-type";
        json!({ "coding": [{ "system": system, "code": code }] })
    };
    let mut who = json!({ "display": &*ctx.name });
    // In the hands of somebody who looks after the record, it is they who confirmed it.
    if matches!(ctx.actor, Actor::Patient { .. }) && ctx.behalf().is_none() {
        who["reference"] = format!("Patient/{patient}").into();
    }
    json!({
        "resourceType": "Provenance",
        // The record itself is a target too: it says whose Provenance this is.
        "target": [
            { "reference": format!("Observation/{observation}") }, { "reference": format!("Patient/{patient}") },
        ],
        "recorded": ctx.now().to_rfc3339(),
        "agent": [
            { "type": role("assembler"), "who": { "display": "HealthSync, reading the document" } },
            { "type": role("verifier"), "who": who },
        ],
        "entity": [{ "role": "source", "what": { "reference": format!("DocumentReference/{document}") } }],
    })
    .to_string()
    .into_bytes()
}

/// The same Observation, taken back.
pub fn in_error(json: &[u8]) -> Option<Vec<u8>> {
    let mut observation: Value = serde_json::from_slice(json).ok()?;
    observation["status"] = "entered-in-error".into();
    Some(observation.to_string().into_bytes())
}

/// What a person said in place of what was read.
pub fn correct(reading: &mut Reading, form: ConfirmForm) {
    let ConfirmForm { code, label, value, comparator, qualitative, unit, low, high, date } = form;
    if reading.code != code {
        reading.display = None;
    }
    let known = reading.clone();
    let printed = known.printed.clone().or_else(|| (known.label != label).then(|| known.label.clone()));
    let date = Some(date);
    *reading = Reading { code, label, printed, value, comparator, qualitative, unit, low, high, date, ..known };
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ConfirmForm {
        ConfirmForm {
            code: Some("718-7".into()),
            label: "Hb".into(),
            value: Some("013.40".into()),
            comparator: None,
            qualitative: None,
            unit: Some("g/dL".into()),
            low: Some("12".into()),
            high: Some("15.5".into()),
            date: "2026-03-04".into(),
        }
    }

    #[test]
    fn a_confirmed_value_is_a_valid_observation_with_the_digits_as_printed() {
        let form = check(form(), "2026-03-05").unwrap();
        let json = of(&form, Some("Hemoglobin"), ("p1", "d1"));
        fhir::validate(&fhir::json::parse(&json).unwrap()).unwrap();
        let text = String::from_utf8(json).unwrap();
        assert!(text.contains(r#""value":13.40}"#) && text.contains(r#""value":15.5}"#), "{text}");
        let words = ConfirmForm { value: None, qualitative: Some("Trace".into()), code: None, ..self::form() };
        let json = of(&check(words, "2026-03-05").unwrap(), None, ("p1", "d1"));
        fhir::validate(&fhir::json::parse(&json).unwrap()).unwrap();
        assert!(String::from_utf8(json).unwrap().contains(r#""valueString":"Trace""#));
    }

    #[test]
    fn only_a_unit_as_ucum_writes_it_is_called_one() {
        let quantity = |unit: &str| quantity("13.4", None, Some(unit));
        assert_eq!(quantity("g/dL")["code"], "g/dL");
        assert_eq!(quantity("parsec"), json!({ "value": decimal("13.4"), "unit": "parsec" }));
    }

    #[test]
    fn what_is_wrong_is_named_by_its_field() {
        let wrong = |change: fn(&mut ConfirmForm)| {
            let mut form = form();
            change(&mut form);
            check(form, "2026-03-05").unwrap_err().issues[0].path.clone()
        };
        assert_eq!(wrong(|f| f.code = Some("HB".into())), "code");
        assert_eq!(wrong(|f| f.label = " ".into()), "label");
        assert_eq!(wrong(|f| f.value = Some("13,4".into())), "value");
        assert_eq!(wrong(|f| f.value = Some("-99999999999999999".into())), "value");
        assert_eq!(wrong(|f| f.value = None), "value");
        assert_eq!(wrong(|f| f.qualitative = Some("high".into())), "qualitative");
        assert_eq!(wrong(|f| f.comparator = Some("~".into())), "comparator");
        assert_eq!(wrong(|f| f.unit = Some("g per dL".into())), "unit");
        assert_eq!(wrong(|f| f.low = Some("99".into())), "low");
        assert_eq!(wrong(|f| f.date = "2027-01-01".into()), "date");
    }
}
