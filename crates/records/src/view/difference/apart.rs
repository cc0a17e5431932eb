//! Of two states of a part only what differs: whoever reads that two tablets become one need not read the rest twice.

use fhir::Node;

/// Members that make an object one value, which is read whole.
const WHOLE: [&str; 10] =
    ["coding", "value", "code", "system", "reference", "start", "end", "div", "contentType", "repeat"];

/// Both without what is the same in them; what has nothing more to say is empty.
pub fn differing<'n>(before: &Node<'n>, after: &Node<'n>) -> (Node<'n>, Node<'n>) {
    match (before, after) {
        (Node::Array(old), Node::Array(new)) if old.len() == new.len() => {
            let apart = old.iter().zip(new).filter(|(old, new)| old != new).map(|(old, new)| differing(old, new));
            let (old, new) = apart.unzip();
            (Node::Array(old), Node::Array(new))
        }
        (Node::Object(old), Node::Object(new)) if !is_whole(before) && !is_whole(after) => {
            let mut apart = (Vec::new(), Vec::new());
            for (name, value) in old {
                match after.get(name) {
                    Some(other) if other == value => {}
                    Some(other) => {
                        let (was, is) = differing(value, other);
                        apart.0.push((name.clone(), was));
                        apart.1.push((name.clone(), is));
                    }
                    None => apart.0.push((name.clone(), value.clone())),
                }
            }
            apart.1.extend(new.iter().filter(|(name, _)| before.get(name).is_none()).cloned());
            (Node::Object(apart.0), Node::Object(apart.1))
        }
        _ => (before.clone(), after.clone()),
    }
}

fn is_whole(node: &Node<'_>) -> bool {
    WHOLE.iter().any(|name| node.get(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_left_of_both_and_a_value_stays_whole() {
        let node = |text: &str| fhir::json::parse(text.as_bytes()).unwrap().into_owned();
        let apart = |before: &str, after: &str| {
            let (was, is) = differing(&node(before), &node(after));
            let text = |node: Node<'_>| String::from_utf8(node.to_bytes()).unwrap();
            (text(was), text(is))
        };
        let dosage = |text: &str| format!(r#"[{{"text":"{text}","route":{{"text":"Oral"}}}}]"#);
        let two = apart(&dosage("Take one"), &dosage("Take two"));
        assert_eq!(two, (r#"[{"text":"Take one"}]"#.into(), r#"[{"text":"Take two"}]"#.into()));
        let quantity = |value: u8| format!(r#"{{"value":{value},"unit":"mg"}}"#);
        assert_eq!(apart(&quantity(1), &quantity(2)), (quantity(1), quantity(2)));
        assert_eq!(apart(r#"["a"]"#, r#"["a","b"]"#), (r#"["a"]"#.into(), r#"["a","b"]"#.into()));
        assert_eq!(apart(r#"{"x":1,"y":2}"#, r#"{"x":1,"z":3}"#), (r#"{"y":2}"#.into(), r#"{"z":3}"#.into()));
    }
}
