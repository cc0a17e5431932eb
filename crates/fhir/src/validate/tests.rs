use super::*;
use crate::json;
use proptest::prelude::*;

/// Code and path of every finding.
fn found(text: &str) -> Vec<(String, String)> {
    let node = json::parse(text.as_bytes()).unwrap();
    let issues = validate(&node).err().unwrap_or_default();
    issues.into_iter().map(|issue| (issue.code.to_owned(), issue.path)).collect()
}

/// An Observation with these members beside the required ones.
fn observation(members: &str) -> String {
    format!(r#"{{"resourceType":"Observation","status":"final","code":{{"text":"x"}},{members}}}"#)
}

fn patient(members: &str) -> String {
    format!(r#"{{"resourceType":"Patient",{members}}}"#)
}

#[track_caller]
fn refuses(text: &str, code: &str, path: &str) {
    assert_eq!(found(text), [(code.to_owned(), path.to_owned())], "{text}");
}

#[track_caller]
fn accepts(text: &str) {
    assert_eq!(found(text), [], "{text}");
}

#[test]
fn the_type_must_be_said_and_known() {
    refuses("{}", "structure", "resourceType");
    refuses("[]", "structure", "resourceType");
    refuses(r#"{"resourceType":"Robot"}"#, "value", "resourceType");
    refuses(r#"{"resourceType":"DomainResource"}"#, "value", "resourceType");
    accepts(r#"{"resourceType":"Patient"}"#);
}

#[test]
fn unknown_elements_are_refused_wherever_they_are() {
    refuses(&patient(r#""nickname":"x""#), "structure", "Patient.nickname");
    refuses(&patient(r#""name":[{"family":"a"},{"first":"b"}]"#), "structure", "Patient.name[1].first");
    refuses(
        &patient(r#""contact":[{"name":{"text":"a"},"resourceType":"b"}]"#),
        "structure",
        "Patient.contact[0].resourceType",
    );
    refuses(&observation(r#""valueMoney":{"value":1}"#), "structure", "Observation.valueMoney");
    refuses(&observation(r#""value":"1""#), "structure", "Observation.value");
}

#[test]
fn values_have_the_json_type_of_their_element() {
    refuses(&patient(r#""active":"true""#), "structure", "Patient.active");
    refuses(&patient(r#""birthDate":1970"#), "structure", "Patient.birthDate");
    refuses(&patient(r#""birthDate":null"#), "structure", "Patient.birthDate");
    refuses(&patient(r#""maritalStatus":"M""#), "structure", "Patient.maritalStatus");
    refuses(&observation(r#""valueQuantity":{"value":"5"}"#), "structure", "Observation.valueQuantity.value");
    refuses(&patient(r#""multipleBirthInteger":1.5"#), "value", "Patient.multipleBirthInteger");
}

#[test]
fn an_array_stands_exactly_where_an_element_repeats() {
    refuses(&patient(r#""name":{"family":"a"}"#), "structure", "Patient.name");
    refuses(&patient(r#""gender":["male"]"#), "structure", "Patient.gender");
    refuses(&patient(r#""name":[]"#), "structure", "Patient.name");
    refuses(&patient(r#""name":[{}]"#), "required", "Patient.name[0]");
    refuses(&patient(r#""name":[{"id":"only"}]"#), "required", "Patient.name[0]");
    refuses(&patient(r#""name":[{"family":""}]"#), "value", "Patient.name[0].family");
    refuses(&patient(r#""name":[null]"#), "structure", "Patient.name[0]");
}

#[test]
fn required_elements_are_missed_by_name() {
    let text = r#"{"resourceType":"Observation","component":[{"valueString":"x"}]}"#;
    let expected = ["Observation.component[0].code", "Observation.status", "Observation.code"];
    assert_eq!(found(text), expected.map(|path| ("required".to_owned(), path.to_owned())));
    let text = r#"{"resourceType":"Immunization","status":"completed","vaccineCode":{"text":"x"},"patient":{"reference":"Patient/1"}}"#;
    refuses(text, "required", "Immunization.occurrence[x]");
}

#[test]
fn codes_of_required_bindings_are_checked() {
    refuses(&patient(r#""gender":"man""#), "code-invalid", "Patient.gender");
    refuses(
        &patient(r#""telecom":[{"system":"phone"},{"system":"pigeon"}]"#),
        "code-invalid",
        "Patient.telecom[1].system",
    );
    let condition = |status: &str| {
        format!(r#"{{"resourceType":"Condition","subject":{{"reference":"Patient/1"}},"clinicalStatus":{status}}}"#)
    };
    let system = "http://terminology.hl7.org/CodeSystem/condition-clinical";
    accepts(&condition(&format!(
        r#"{{"coding":[{{"system":"http://x","code":"y"}},{{"system":"{system}","code":"active"}}]}}"#
    )));
    let path = "Condition.clinicalStatus";
    refuses(&condition(&format!(r#"{{"coding":[{{"system":"{system}","code":"lively"}}]}}"#)), "code-invalid", path);
    refuses(&condition(r#"{"coding":[{"system":"http://x","code":"active"}]}"#), "code-invalid", path);
    refuses(&condition(r#"{"text":"active"}"#), "code-invalid", path);
}

#[test]
fn of_a_choice_one_type_is_taken() {
    let both = observation(r#""valueString":"x","valueInteger":1"#);
    refuses(&both, "structure", "Observation.valueInteger");
    refuses(
        &observation(r#""valueString":"x","_valueInteger":{"extension":[{"url":"u","valueCode":"x"}]}"#),
        "structure",
        "Observation.valueInteger",
    );
    accepts(&observation(r#""valueString":"x","_valueString":{"id":"a"}"#));
}

#[test]
fn references_have_a_form_and_a_target() {
    let subject = |reference: &str| observation(&format!(r#""subject":{{"reference":"{reference}"}}"#));
    for good in [
        "Patient/1",
        "Patient/1/_history/2",
        "http://a.org/fhir/Patient/1",
        "urn:uuid:c757873d-ec9a-4326-a141-556f43239520",
        "urn:oid:1.2.3",
        "Patient?identifier=http://s|1",
        "https://example.org/who",
        "#",
    ] {
        accepts(&subject(good));
    }
    for bad in [
        "Patient",
        "1",
        "patient/1",
        "Patient/",
        "Patient/a b",
        "Robot/1",
        "Patient?",
        "urn:isbn:1",
        "/Patient/1",
        "x/Patient/1",
        "Practitioner/1",
        "Practitioner?a=b",
        "#gone",
    ] {
        refuses(&subject(bad), "value", "Observation.subject.reference");
    }
    refuses(
        &observation(r#""subject":{"reference":"Patient/1","type":"Group"}"#),
        "value",
        "Observation.subject.reference",
    );
    accepts(&observation(r#""subject":{"identifier":{"value":"1"}},"performer":[{"display":"x"}]"#));
}

#[test]
fn contained_resources_are_checked_by_their_own_type() {
    let with = |contained: &str, reference: &str| {
        observation(&format!(r#""contained":[{contained}],"subject":{{"reference":"{reference}"}}"#))
    };
    accepts(&with(
        r##"{"resourceType":"Patient","id":"p","link":[{"other":{"reference":"#p"},"type":"seealso"}]}"##,
        "#p",
    ));
    refuses(&with(r#"{"resourceType":"Patient","id":"p","x":1}"#, "#p"), "structure", "Observation.contained[0].x");
    refuses(
        &with(r#"{"resourceType":"Organization","id":"p","name":"x"}"#, "#p"),
        "value",
        "Observation.subject.reference",
    );
    refuses(&with(r#"{"resourceType":"Patient"}"#, "Patient/1"), "required", "Observation.contained[0].id");
    let nested = r#"{"resourceType":"Patient","id":"p","contained":[{"resourceType":"Patient","id":"q"}]}"#;
    refuses(&with(nested, "#p"), "structure", "Observation.contained[0].contained");
    let twice =
        r#"{"resourceType":"Patient","id":"p"},{"resourceType":"Group","id":"p","type":"person","actual":true}"#;
    refuses(&with(twice, "#p"), "value", "Observation.contained");
}

#[test]
fn the_other_half_of_a_primitive_is_aligned_with_it() {
    let extension = r#"{"extension":[{"url":"http://x","valueCode":"unknown"}]}"#;
    accepts(&patient(&format!(r#""_birthDate":{extension}"#)));
    accepts(&patient(&format!(r#""name":[{{"given":["a",null],"_given":[null,{extension}]}}]"#)));
    accepts(
        r#"{"resourceType":"Observation","code":{"text":"x"},"_status":{"extension":[{"url":"http://x","valueCode":"y"}]}}"#,
    );
    refuses(&patient(r#""_birthDate":{"id":"a"}"#), "required", "Patient._birthDate");
    refuses(&patient(r#""_maritalStatus":{"id":"a"}"#), "structure", "Patient._maritalStatus");
    refuses(&patient(r#""birthDate":"1970","_birthDate":{"value":"a"}"#), "structure", "Patient._birthDate.value");
    refuses(&patient(r#""name":[{"given":["a",null]}]"#), "structure", "Patient.name[0].given[1]");
    refuses(&patient(r#""name":[{"given":["a"],"_given":[null,null]}]"#), "structure", "Patient.name[0]._given");
    refuses(
        &patient(r#""name":[{"given":[null],"_given":[null]}]"#)
            .replace("[null],\"_", "[\"a\"],\"_")
            .replace("[null]}", "{}}"),
        "structure",
        "Patient.name[0]._given",
    );
}

#[test]
fn an_extension_has_a_url_and_a_value_or_extensions() {
    let with = |extension: &str| patient(&format!(r#""extension":[{extension}]"#));
    accepts(&with(r#"{"url":"http://x","valueAddress":{"city":"a"}}"#));
    accepts(&with(r#"{"url":"http://x","extension":[{"url":"a","valueDecimal":1.50}]}"#));
    refuses(&with(r#"{"valueCode":"a"}"#), "required", "Patient.extension[0].url");
    refuses(&with(r#"{"url":"http://x"}"#), "invariant", "Patient.extension[0]");
    refuses(
        &with(r#"{"url":"http://x","valueCode":"a","extension":[{"url":"a","valueCode":"b"}]}"#),
        "invariant",
        "Patient.extension[0]",
    );
    refuses(
        &with(r#"{"url":"http://x","valueHtml":"a"}"#).replace("\"valueHtml\"", "\"valueCode\":\"b\",\"valueHtml\""),
        "structure",
        "Patient.extension[0].valueHtml",
    );
}

#[test]
fn formats_are_told_with_their_place() {
    refuses(&patient(r#""birthDate":"2026-02-30""#), "value", "Patient.birthDate");
    refuses(&patient(r#""id":"a/b""#), "value", "Patient.id");
    refuses(&patient(r#""photo":[{"data":"a-b"}]"#), "value", "Patient.photo[0].data");
    let component = r#""component":[{"code":{"text":"a"}},{"code":{"text":"b"},"valueQuantity":{"value":1e999}}]"#;
    refuses(&observation(component), "value", "Observation.component[1].valueQuantity.value");
    refuses(&patient(r#""text":{"status":"generated","div":"x"}"#), "value", "Patient.text.div");
}

#[test]
fn resources_inside_bundles_and_parameters_are_checked_with_their_own_contained() {
    let bundle = |resource: &str| {
        format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{resource}}}]}}"#)
    };
    accepts(&bundle(&observation(
        r##""contained":[{"resourceType":"Patient","id":"p"}],"subject":{"reference":"#p"}"##,
    )));
    refuses(&bundle(&patient(r#""x":1"#)), "structure", "Bundle.entry[0].resource.x");
    refuses(&bundle(r#"{"resourceType":"Robot"}"#), "value", "Bundle.entry[0].resource");
    let parameters =
        r#"{"resourceType":"Parameters","parameter":[{"name":"a","resource":{"resourceType":"Patient","x":1}}]}"#;
    refuses(parameters, "structure", "Parameters.parameter[0].resource.x");
}

#[test]
fn findings_stop_at_fifty_and_never_repeat_a_value() {
    let names: Vec<String> = (0..80).map(|n| format!(r#"{{"secret{n}":"hush"}}"#)).collect();
    let node = patient(&format!(r#""gender":"hush","birthDate":"hush","name":[{}]"#, names.join(",")));
    let issues = validate(&json::parse(node.as_bytes()).unwrap()).unwrap_err();
    assert_eq!(issues.len(), 50);
    assert!(issues.iter().all(|issue| !issue.text.contains("hush")));
}

proptest! {
    #[test]
    fn no_json_makes_validation_or_extraction_panic(
        kind in 0..Kind::COUNT,
        members in prop::collection::vec(("[a-z]{2,10}|_?(code|value[A-Z][a-z]+|subject|status|extension|contained|id)", leaf()), 0..8),
    ) {
        let kind = Kind::all()[kind];
        let mut node = Node::object([("resourceType", Node::from(kind.name()))]);
        members.into_iter().for_each(|(name, value)| node.set(name, value));
        let _ = validate(&node);
        crate::search::extract(kind, &node, &mut Vec::new());
        let _ = (crate::search::primary_date(kind, &node), crate::search::patient_refs(kind, &node).len());
        crate::reference::rewrite_references(&mut node, &mut |text| Some(text.to_uppercase()));
    }
}

fn leaf() -> impl Strategy<Value = Node<'static>> {
    let leaf = prop_oneof![
        Just(Node::Null),
        any::<bool>().prop_map(Node::from),
        any::<i64>().prop_map(Node::from),
        ".{0,8}|#[a-z]?|[A-Z][a-z]+/[0-9]".prop_map(Node::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::from),
            prop::collection::vec(("coding|code|system|reference|value|extension|url|start|resourceType", inner), 0..4)
                .prop_map(|members| {
                    let mut node = Node::Object(Vec::new());
                    members.into_iter().for_each(|(name, value)| node.set(name, value));
                    node
                }),
        ]
    })
}

#[test]
fn of_an_object_with_more_names_than_its_type_only_the_unknown_ones_are_named() {
    let names = |count: usize| (0..count).map(|n| format!(r#","x{n}":1"#)).collect::<String>();
    let crowded = found(&patient(&format!(r#""gender":"loud","birthDate":"soon"{}"#, names(300))));
    let paths: Vec<&str> = crowded.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!((paths.len(), paths[0], paths[49]), (ISSUES_MAX, "Patient.x0", "Patient.x49"));
    let few = found(&patient(&format!(r#""gender":"loud"{}"#, names(2))));
    assert_eq!(few.len(), 3, "{few:?}");
}
