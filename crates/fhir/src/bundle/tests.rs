use super::*;
use proptest::prelude::*;

#[track_caller]
fn refuses(text: &str, code: &str, path: &str) {
    let issues = parse(text.as_bytes()).unwrap_err();
    let found: Vec<_> = issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect();
    assert_eq!(found, [(code, path)], "{issues:?}");
}

fn bundle(entries: &str) -> String {
    format!(r#"{{"resourceType":"Bundle","type":"transaction","entry":[{entries}]}}"#)
}

#[test]
fn entries_keep_their_resources_as_text() {
    let resource = r#"{ "resourceType" : "Patient", "active":1.50 }"#;
    let text = bundle(&format!(
        r#"{{"fullUrl":"urn:uuid:\u0031","resource":{resource},"request":{{"method":"PUT","url":"Patient?a=b","ifMatch":"W/\"1\"","ifNoneExist":"x=y"}}}},
           {{"request":{{"method":"DELETE","url":"Patient/1"}}}}"#
    ));
    let bundle = parse(text.as_bytes()).unwrap();
    assert_eq!(bundle.kind, BundleType::Transaction);
    let [put, delete] = &bundle.entries[..] else { panic!("two entries were sent") };
    assert_eq!(put.resource, Some(resource.as_bytes()));
    assert_eq!(
        (put.full_url.as_deref(), put.method, put.url.as_deref()),
        (Some("urn:uuid:1"), Some(Method::Put), Some("Patient?a=b"))
    );
    assert_eq!((put.if_match.as_deref(), put.if_none_exist.as_deref()), (Some("W/\"1\""), Some("x=y")));
    assert_eq!((delete.resource, delete.method), (None, Some(Method::Delete)));
}

#[test]
fn the_frame_is_checked_like_a_resource() {
    refuses(r#"{"resourceType":"Patient","type":"batch"}"#, "value", "Bundle.resourceType");
    refuses(r#"{"resourceType":"Bundle"}"#, "required", "Bundle.type");
    refuses(r#"{"resourceType":"Bundle","type":"heap"}"#, "code-invalid", "Bundle.type");
    refuses(r#"{"resourceType":"Bundle","type":"batch","x":1}"#, "structure", "Bundle.x");
    refuses(r#"{"resourceType":"Bundle","type":"batch","entry":[]}"#, "required", "Bundle.entry");
    refuses(&bundle(r#"{"fullUrl":"a"},{}"#), "required", "Bundle.entry[1]");
    refuses(&bundle(r#"{"x":1}"#), "structure", "Bundle.entry[0].x");
    refuses(&bundle(r#"{"resource":[]}"#), "structure", "Bundle.entry[0].resource");
    refuses(&bundle(r#"{"request":{"method":"FETCH","url":"x"}}"#), "code-invalid", "Bundle.entry[0].request.method");
    refuses(&bundle(r#"{"request":{"method":"GET"}}"#), "required", "Bundle.entry[0].request.url");
}

#[test]
fn an_entry_may_have_nothing_but_its_resource_and_an_id() {
    assert!(parse(bundle(r#"{"id":"1","resource":{"resourceType":"Patient"}},{"resource":{}}"#).as_bytes()).is_ok());
    refuses(&bundle(r#"{"id":"1"}"#), "required", "Bundle.entry[0]");
}

#[test]
fn more_names_than_there_are_end_the_reading() {
    let names = |count: usize| (0..count).map(|n| format!(r#","x{n}":1"#)).collect::<String>();
    let frame = |count| format!(r#"{{"resourceType":"Bundle"{}}}"#, names(count));
    let texts =
        |text: &str| parse(text.as_bytes()).unwrap_err().into_iter().map(|issue| issue.text).collect::<Vec<_>>();
    assert!(!texts(&frame(63)).iter().any(|text| text.contains(CROWDED)));
    assert!(texts(&frame(64))[0].contains(CROWDED));
    assert!(texts(&bundle(&format!(r#"{{"fullUrl":"a"{}}}"#, names(64))))[0].contains(CROWDED));
}

#[test]
fn broken_text_is_named_by_its_entry() {
    refuses(
        &bundle(r#"{"fullUrl":"a"},{"fullUrl":"b","resource":{"name":[tru]}}"#),
        "structure",
        "Bundle.entry[1].resource.name[0]",
    );
    refuses(&bundle(r#"{"fullUrl":"a","fullUrl":"b"}"#), "structure", "Bundle.entry[0].fullUrl");
    refuses(&bundle(r#"{"resource":{},"resource":{}}"#), "structure", "Bundle.entry[0].resource");
    refuses(r#"{"resourceType":"Bundle","type":"batch","type":"batch"}"#, "structure", "Bundle.type");
    refuses(
        r#"{"resourceType":"Bundle","entry":[{"fullUrl":"a"}],"entry":[{"fullUrl":"a"}]}"#,
        "structure",
        "Bundle.entry",
    );
    refuses(r#"{"resourceType":"Bundle","type":"batch"} x"#, "structure", "Bundle");
    refuses("[]", "structure", "Bundle");
    let deep = bundle(&format!(r#"{{"resource":{}}}"#, "[".repeat(10_000)));
    assert!(parse(deep.as_bytes()).unwrap_err()[0].text.contains("deep"));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in r#"\{("resourceType":"Bundle",)?"(type|entry)":[\[\]{}",:a-z]{0,30}"#) {
        let _ = parse(text.as_bytes());
    }
}
