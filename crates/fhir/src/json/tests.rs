use super::*;
use proptest::prelude::*;

fn refusal(text: &str) -> kernel::Issue {
    parse(text.as_bytes()).unwrap_err()
}

/// The same value as serde_json reads it, with its numbers compared as binary fractions.
fn agrees(node: &Node<'_>, other: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (node, other) {
        (Node::Null, Value::Null) => true,
        (Node::Bool(a), Value::Bool(b)) => a == b,
        (Node::Number(_), Value::Number(b)) => match (node.as_f64(), b.as_f64()) {
            // serde_json's default reader of fractions is allowed to be off by a last bit.
            (Some(a), Some(b)) => (a - b).abs() <= b.abs() * 1e-15,
            _ => false,
        },
        (Node::String(a), Value::String(b)) => a == b,
        (Node::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| agrees(a, b)),
        (Node::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key.as_ref()).is_some_and(|b| agrees(a, b)))
        }
        _ => false,
    }
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1e300..1e300).prop_map(Value::from),
        "[^\0]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 100, 30, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..30).prop_map(Value::from),
            prop::collection::vec(("[^\0]{0,6}", inner), 0..40).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_the_parser_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }

    #[test]
    fn nothing_near_json_is_accepted_that_serde_refuses(text in r#"[\[\]{},:"0-9a-u\\ .eE+-]{0,24}"#) {
        if let Ok(node) = parse(text.as_bytes()) {
            let other: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert!(agrees(&node, &other), "{text}");
        }
    }

    #[test]
    fn what_serde_writes_is_read_as_the_same_value(value in any_json()) {
        for text in [serde_json::to_string(&value).unwrap(), serde_json::to_string_pretty(&value).unwrap()] {
            prop_assert!(agrees(&parse(text.as_bytes()).unwrap(), &value), "{text}");
        }
    }

    #[test]
    fn what_is_written_is_read_back_unchanged(value in any_json()) {
        let text = value.to_string();
        let node = parse(text.as_bytes()).unwrap();
        let bytes = node.to_bytes();
        prop_assert_eq!(&parse(&bytes).unwrap(), &node);
        prop_assert!(agrees(&node, &serde_json::from_slice(&bytes).unwrap()));
    }

    #[test]
    fn skipping_accepts_exactly_what_reading_accepts_but_for_names_given_twice(text in r#"[\[\]{},:"0-9a-u\\ .]{0,16}"#) {
        let mut reader = Reader::new(text.as_bytes()).unwrap();
        let skipped = reader.skip().and_then(|_| reader.end()).is_ok();
        let read = parse(text.as_bytes());
        prop_assert!(skipped == read.is_ok() || read.unwrap_err().text.contains("before"), "{text}");
    }
}

#[test]
fn digits_are_kept_as_written() {
    for digits in ["1.50", "0.10", "-0", "1E+5", "123456789012345678901234567890.000"] {
        assert_eq!(parse(digits.as_bytes()).unwrap().as_digits(), Some(digits));
    }
}

#[test]
fn text_is_borrowed_unless_it_is_escaped() {
    let node = parse(br#"["plain","a\"b","\"","\ud83d\ude00\u00e9"]"#).unwrap();
    let texts: Vec<_> = node.as_array().iter().map(|n| n.as_str().unwrap()).collect();
    assert_eq!(texts, ["plain", "a\"b", "\"", "😀é"]);
    assert!(matches!(&node.as_array()[0], Node::String(Cow::Borrowed(_))));
}

#[test]
fn every_breach_of_the_grammar_is_refused() {
    for text in [
        "",
        " ",
        "{",
        "[1,",
        "\"abc",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1]]",
        "1 2",
        "{}x",
        "01",
        "-",
        "+1",
        ".5",
        "1.",
        "1e",
        "0x1",
        "NaN",
        "Infinity",
        "tru",
        "nul",
        "[1,]",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "\"\t\"",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u0000\"",
        "\"a\0b\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "// no\n1",
        "[1 2]",
        "{\"a\" 1}",
        "\u{feff}{}",
    ] {
        assert_eq!(refusal(text).code, "structure", "{text:?}");
    }
    assert!(parse(b"\"\xff\"").unwrap_err().text.contains("UTF-8"));
}

#[test]
fn a_name_given_twice_is_refused_in_small_and_in_large_objects() {
    assert!(refusal(r#"{"a":1,"b":2,"a":3}"#).text.contains("given before"));
    assert!(refusal(r#"{"a":1,"\u0061":3}"#).text.contains("given before"));
    let many: Vec<String> = (0..100).map(|n| format!("\"k{n}\":{n}")).collect();
    assert!(parse(format!("{{{}}}", many.join(",")).as_bytes()).is_ok());
    assert!(refusal(&format!("{{{},\"k50\":1}}", many.join(","))).text.contains("\"k50\" was given twice"));
}

#[test]
fn depth_is_limited_before_the_stack_is() {
    let nest = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parse(nest(DEPTH_MAX).as_bytes()).is_ok());
    assert!(refusal(&nest(DEPTH_MAX + 1)).text.contains("deep"));
    assert!(refusal(&"[".repeat(10_000)).text.contains("deep"));
    assert!(refusal(&"{\"a\":".repeat(10_000)).text.contains("deep"));
}

#[test]
fn an_error_names_line_column_and_path() {
    let issue = refusal("{\"resourceType\":\"Patient\",\n \"name\":[{},{\"given\":[\"é\", x]}]}");
    assert_eq!(issue.path, "Patient.name[1].given[1]");
    assert!(issue.text.contains("line 2, column 28"), "{}", issue.text);
}

#[test]
fn members_are_set_in_place_and_removed() {
    let mut node = parse(br#"{"a":1,"b":[{"c":"x"}]}"#).unwrap();
    assert_eq!(node.at(&["b", "c"]).and_then(Node::as_str), Some("x"));
    node.set("a", Node::from(true));
    node.set("d", Node::from(-5));
    assert_eq!(node.remove("b").unwrap().as_array().len(), 1);
    assert_eq!(node.remove("b"), None);
    assert_eq!(node.to_bytes(), br#"{"a":true,"d":-5}"#);
    assert_eq!(node.get("d").unwrap().as_i64(), Some(-5));
}
