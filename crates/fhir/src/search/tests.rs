use super::*;
use crate::json::parse;

/// Parameters that cannot be extracted, with the reason.
const NOT_EXTRACTED: [(&str, &str); 2] = [
    // The value is a whole resource inside the bundle, not a reference to one.
    ("Bundle", "composition"),
    ("Bundle", "message"),
];

const DAY: i64 = 86_400_000;

/// The terms of a resource, each as the name of its parameter and its value in a short form.
fn terms(text: &str) -> Vec<(&'static str, String)> {
    let node = parse(text.as_bytes()).unwrap();
    let kind = crate::validate(&node).unwrap();
    let mut terms = Vec::new();
    extract(kind, &node, &mut terms);
    let short = |value: Value<'_>| match value {
        Value::Token { system, code } => format!("{}|{code}", system.unwrap_or_default()),
        Value::Reference(text) | Value::Text(text) | Value::Uri(text) => text.into_owned(),
        Value::Date { lo, hi } => format!("{lo}..{hi}"),
        Value::Quantity { system, unit, value } => {
            format!("{value}|{}|{}", system.unwrap_or_default(), unit.unwrap_or_default())
        }
        Value::Number(value) => value.to_string(),
    };
    let mut terms: Vec<_> =
        terms.into_iter().map(|term| (param_of_code(term.param).unwrap().name, short(term.value))).collect();
    terms.sort();
    terms
}

/// What one parameter finds.
fn of_param(text: &str, name: &str) -> Vec<String> {
    assert!(param(kind_of(text), name).is_some(), "{name}");
    terms(text).into_iter().filter(|(found, _)| *found == name).map(|(_, value)| value).collect()
}

fn kind_of(text: &str) -> Kind {
    Kind::parse(parse(text.as_bytes()).unwrap().str_of("resourceType").unwrap()).unwrap()
}

#[test]
fn every_parameter_of_r4_compiles_but_for_a_known_few() {
    let mut failures = Vec::new();
    let mut count = 0;
    for &kind in Kind::all() {
        count += params(kind).len();
        failures.extend(of(kind).program.failures.iter().map(|(name, why)| (kind.name(), *name, why)));
        assert!(of(kind).compartment.failures.is_empty(), "{kind}");
    }
    assert_eq!(failures.len(), NOT_EXTRACTED.len());
    failures.retain(|(kind, name, _)| !NOT_EXTRACTED.contains(&(kind, name)));
    assert!(failures.is_empty(), "{failures:#?}");
    let lines = include_str!("../../spec/search.txt").lines().filter(|line| !line.starts_with(':')).count();
    assert_eq!(count, lines, "a line of the table was not understood");
}

#[test]
fn stored_codes_of_parameters_never_move() {
    for &kind in Kind::all() {
        let names: Vec<&str> = params(kind)[..6].iter().map(|param| param.name).collect();
        assert_eq!(names, ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"]);
        assert!(params(kind)[6..].is_sorted_by_key(|param| param.name) && params(kind).len() < 256, "{kind}");
        assert!(params(kind).iter().all(|p| std::ptr::eq(param_of_code(p.code).unwrap(), p)));
    }
    assert_eq!(param(Kind::Observation, "code").unwrap().code, 96 * 256 + 8);
    assert_eq!(param(Kind::Patient, "name").unwrap().code, 103 * 256 + 24);
    assert!(param_of_code(0).is_none() && param_of_code(i64::MAX).is_none());
}

#[test]
fn a_parameter_points_only_where_its_element_can() {
    assert_eq!(param(Kind::Observation, "patient").unwrap().targets, [Kind::Patient]);
    assert_eq!(param(Kind::Observation, "encounter").unwrap().targets, [Kind::Encounter]);
    assert_eq!(param(Kind::AllergyIntolerance, "patient").unwrap().targets, [Kind::Patient]);
    assert_eq!(param(Kind::Observation, "focus").unwrap().targets, []);
    assert_eq!(param(Kind::Observation, "code-value-quantity").unwrap().components, ["code", "value-quantity"]);
}

#[test]
fn an_observation_is_found_by_all_it_says() {
    let text = r#"{"resourceType":"Observation","id":"o","meta":{"tag":[{"system":"http://t","code":"x"}],"profile":["http://p"]},
        "status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"},{"code":"bp"}],"text":"BP"},
        "subject":{"reference":"Patient/1"},"effectiveDateTime":"1970-01-02",
        "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},
                      "valueQuantity":{"value":120.5,"unit":"mmHg","system":"http://unitsofmeasure.org","code":"mm[Hg]"}},
                     {"code":{"coding":[{"code":"d"}]},"valueQuantity":{"value":80,"unit":"mmHg"}}]}"#;
    let expected = [
        ("_profile", "http://p"),
        ("_tag", "http://t|x"),
        ("code", "http://loinc.org|85354-9"),
        ("code", "|bp"),
        ("combo-code", "http://loinc.org|8480-6"),
        ("combo-code", "http://loinc.org|85354-9"),
        ("combo-code", "|bp"),
        ("combo-code", "|d"),
        ("combo-value-quantity", "120.5|http://unitsofmeasure.org|mm[Hg]"),
        ("combo-value-quantity", "80||mmHg"),
        ("component-code", "http://loinc.org|8480-6"),
        ("component-code", "|d"),
        ("component-value-quantity", "120.5|http://unitsofmeasure.org|mm[Hg]"),
        ("component-value-quantity", "80||mmHg"),
        ("date", "86400000..172800000"),
        ("patient", "Patient/1"),
        ("status", "|final"),
        ("subject", "Patient/1"),
    ];
    assert_eq!(terms(text), expected.map(|(name, value)| (name, value.to_owned())));
}

#[test]
fn a_patient_is_found_by_every_part_of_names_addresses_and_contacts() {
    let text = r#"{"resourceType":"Patient","identifier":[{"system":"http://mrn","value":"7"},{"value":"8"},{"system":"http://none"}],
        "active":true,"name":[{"family":"Müller","given":["Ana","Eva"],"use":"official"}],"gender":"female","birthDate":"1970-01-02",
        "telecom":[{"system":"phone","value":"555"},{"system":"email","value":"a@b"}],
        "address":[{"line":["Road 1"],"city":"Bonn","use":"home"}],
        "generalPractitioner":[{"reference":"Practitioner/3"}]}"#;
    assert_eq!(of_param(text, "identifier"), ["http://mrn|7", "|8"]);
    assert_eq!(of_param(text, "name"), ["Ana", "Eva", "Müller"]);
    assert_eq!(of_param(text, "given"), ["Ana", "Eva"]);
    assert_eq!(of_param(text, "phone"), ["|555"]);
    assert_eq!(of_param(text, "email"), ["|a@b"]);
    assert_eq!(of_param(text, "telecom"), ["|555", "|a@b"]);
    assert_eq!(of_param(text, "address"), ["Bonn", "Road 1"]);
    assert_eq!(of_param(text, "active"), ["|true"]);
    assert_eq!(of_param(text, "birthdate"), ["86400000..172800000"]);
    assert_eq!(of_param(text, "general-practitioner"), ["Practitioner/3"]);
}

#[test]
fn deceased_is_said_also_of_the_living() {
    let with = |members: &str| of_param(&format!(r#"{{"resourceType":"Patient"{members}}}"#), "deceased");
    assert_eq!(with(""), ["|false"]);
    assert_eq!(with(r#","deceasedBoolean":false"#), ["|false"]);
    assert_eq!(with(r#","deceasedBoolean":true"#), ["|true"]);
    assert_eq!(with(r#","deceasedDateTime":"2020""#), ["|true"]);
}

#[test]
fn a_typed_choice_goes_to_the_parameter_of_its_type() {
    let value =
        |members: &str| format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},{members}}}"#);
    assert_eq!(of_param(&value(r#""valueString":"red""#), "value-string"), ["red"]);
    assert_eq!(of_param(&value(r#""valueCodeableConcept":{"text":"red"}"#), "value-string"), ["red"]);
    assert_eq!(of_param(&value(r#""valueCodeableConcept":{"coding":[{"code":"r"}]}"#), "value-concept"), ["|r"]);
    let condition =
        |onset: &str| format!(r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/1"}},{onset}}}"#);
    let age = condition(r#""onsetAge":{"value":52,"unit":"years","system":"http://unitsofmeasure.org","code":"a"}"#);
    assert_eq!(of_param(&age, "onset-age"), ["52|http://unitsofmeasure.org|a"]);
    assert_eq!(of_param(&age, "onset-date"), Vec::<String>::new());
    let range = condition(r#""onsetRange":{"low":{"value":3,"unit":"y"},"high":{"value":5,"unit":"y"}}"#);
    assert_eq!(of_param(&range, "onset-age"), ["3||y", "5||y"]);
}

#[test]
fn periods_are_open_where_they_are_and_timings_have_outer_limits() {
    let encounter = |period: &str| {
        format!(r#"{{"resourceType":"Encounter","status":"finished","class":{{"code":"AMB"}},"period":{period}}}"#)
    };
    assert_eq!(of_param(&encounter(r#"{"start":"1970-01-02"}"#), "date"), [format!("{DAY}..{}", i64::MAX)]);
    assert_eq!(of_param(&encounter(r#"{"end":"1970"}"#), "date"), [format!("{}..{}", i64::MIN, 365 * DAY)]);
    let timing = r#"{"resourceType":"Observation","status":"final","code":{"text":"x"},
        "effectiveTiming":{"event":["1970-01-03","1970-01-02"]}}"#;
    assert_eq!(of_param(timing, "date"), [format!("{DAY}..{}", 3 * DAY)]);
}

#[test]
fn a_reference_param_that_asks_for_a_type_takes_only_that_type() {
    let appointment = r#"{"resourceType":"Appointment","status":"booked","participant":[
        {"actor":{"reference":"Patient/1"},"status":"accepted"},{"actor":{"reference":"Location/2"},"status":"accepted"},
        {"actor":{"reference":"http://a/fhir/Practitioner/3"},"status":"accepted"}]}"#;
    assert_eq!(of_param(appointment, "patient"), ["Patient/1"]);
    assert_eq!(of_param(appointment, "location"), ["Location/2"]);
    assert_eq!(of_param(appointment, "practitioner"), ["http://a/fhir/Practitioner/3"]);
    assert_eq!(of_param(appointment, "actor").len(), 3);
}

#[test]
fn money_numbers_and_uris_keep_what_they_are() {
    let claim = r#"{"resourceType":"Invoice","status":"issued","totalGross":{"value":12.5,"currency":"EUR"}}"#;
    assert_eq!(of_param(claim, "totalgross"), ["12.5|urn:iso:std:iso:4217|EUR"]);
    let risk = r#"{"resourceType":"RiskAssessment","status":"final","subject":{"reference":"Patient/1"},"prediction":[{"probabilityDecimal":0.25}]}"#;
    assert_eq!(of_param(risk, "probability"), ["0.25"]);
    let set = r#"{"resourceType":"ValueSet","status":"active","url":"http://v"}"#;
    assert_eq!(of_param(set, "url"), ["http://v"]);
    let plan = r#"{"resourceType":"PlanDefinition","status":"active","relatedArtifact":[{"type":"successor","resource":"http://s"},{"type":"predecessor","resource":"http://p"}]}"#;
    assert_eq!(of_param(plan, "successor"), ["http://s"]);
}

#[test]
fn the_clinical_date_is_the_best_there_is() {
    let date = |text: &str| primary_date(kind_of(text), &parse(text.as_bytes()).unwrap());
    let issued = r#"{"resourceType":"Observation","issued":"1970-01-01T00:00:01Z"}"#;
    assert_eq!(date(issued), Some((1000, 2000)));
    assert_eq!(
        date(
            r#"{"resourceType":"Observation","issued":"1970-01-01T00:00:01Z","effectivePeriod":{"start":"1970-01-02"}}"#
        ),
        Some((DAY, i64::MAX))
    );
    assert_eq!(
        date(r#"{"resourceType":"Condition","onsetString":"young","recordedDate":"1970-01-02"}"#),
        Some((DAY, 2 * DAY))
    );
    assert_eq!(
        date(r#"{"resourceType":"Claim","billablePeriod":{"start":"1970-01-02","end":"1970-01-02"}}"#),
        Some((DAY, 2 * DAY))
    );
    assert_eq!(date(r#"{"resourceType":"Patient","birthDate":"1970-01-02"}"#), Some((DAY, 2 * DAY)));
    assert_eq!(date(r#"{"resourceType":"Organization"}"#), None);
}

#[test]
fn a_resource_belongs_to_the_patients_its_compartment_names() {
    let patients = |text: &str| {
        let node = parse(text.as_bytes()).unwrap();
        patient_refs(kind_of(text), &node).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    let observation = r#"{"resourceType":"Observation","performer":[{"reference":"Patient/2"},{"reference":"Practitioner/9"}],"subject":{"reference":"Patient/1"}}"#;
    assert_eq!(patients(observation), ["Patient/1", "Patient/2"]);
    assert_eq!(patients(r#"{"resourceType":"Observation","subject":{"reference":"Group/1"}}"#), Vec::<String>::new());
    assert_eq!(patients(r#"{"resourceType":"Observation","subject":{"reference":"urn:uuid:1"}}"#), ["urn:uuid:1"]);
    assert_eq!(
        patients(r#"{"resourceType":"Claim","patient":{"reference":"http://a/fhir/Patient/1"}}"#),
        ["http://a/fhir/Patient/1"]
    );
    assert_eq!(patients(r#"{"resourceType":"Medication","code":{"text":"x"}}"#), Vec::<String>::new());
    assert_eq!(
        patients(r#"{"resourceType":"Appointment","participant":[{"actor":{"reference":"Patient/5"}}]}"#),
        ["Patient/5"]
    );
}
