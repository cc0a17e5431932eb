//! A small ordered JSON value. Members keep the order they are written in, so the bytes of a bundle do not depend on
//! how another crate of the workspace configures a JSON library.

use std::borrow::Cow;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// Left out of the object or list it stands in: FHIR forbids nulls and empty members.
    Absent,
    Text(Cow<'static, str>),
    /// The digits as they are written, so that `37.0` stays `37.0`.
    Number(String),
    Bool(bool),
    List(Vec<Json>),
    Object(Vec<(&'static str, Json)>),
}

/// `object! { resourceType: "Patient", active: true }`, in this order.
macro_rules! object {
    ($($key:ident : $value:expr),* $(,)?) => {
        $crate::json::Json::Object(vec![$((stringify!($key), $crate::json::Json::from($value))),*])
    };
}
pub(crate) use object;

impl Json {
    /// A decimal with exactly `digits` digits after the point.
    pub fn decimal(value: f64, digits: usize) -> Self {
        let text = format!("{value:.digits$}");
        // "-0.0" is a number, but nobody writes it on a chart.
        Self::Number(if text.starts_with('-') && text.bytes().all(|b| matches!(b, b'-' | b'0' | b'.')) {
            text.trim_start_matches('-').to_owned()
        } else {
            text
        })
    }

    pub fn integer(value: i64) -> Self {
        Self::Number(value.to_string())
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Absent => true,
            Self::Text(text) => text.is_empty(),
            Self::List(items) => items.iter().all(Self::is_empty),
            Self::Object(members) => members.iter().all(|(_, value)| value.is_empty()),
            Self::Number(_) | Self::Bool(_) => false,
        }
    }

    /// Appends the value, leaving out everything that is empty.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Absent => out.push_str("null"),
            Self::Text(text) => write_text(text, out),
            Self::Number(digits) => out.push_str(digits),
            Self::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Self::List(items) => {
                out.push('[');
                for (i, item) in items.iter().filter(|item| !item.is_empty()).enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (i, (key, value)) in members.iter().filter(|(_, value)| !value.is_empty()).enumerate() {
                    if i > 0 {
                        out.push(',');
                    }
                    write_text(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }

    /// Adds a member to an object.
    #[must_use]
    pub fn with(mut self, key: &'static str, value: impl Into<Self>) -> Self {
        if let Self::Object(members) = &mut self {
            members.push((key, value.into()));
        }
        self
    }
}

fn write_text(text: &str, out: &mut String) {
    use std::fmt::Write;
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

impl From<&'static str> for Json {
    fn from(text: &'static str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<Vec<Json>> for Json {
    fn from(items: Vec<Json>) -> Self {
        Self::List(items)
    }
}

impl<const N: usize> From<[Json; N]> for Json {
    fn from(items: [Json; N]) -> Self {
        Self::List(items.into())
    }
}

impl<T: Into<Json>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Absent, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &Json) -> String {
        let mut out = String::new();
        value.write(&mut out);
        out
    }

    #[test]
    fn members_keep_their_order_and_empty_ones_are_left_out() {
        let value =
            object! { b: 1 > 0, a: "x", none: None::<String>, list: Vec::new(), inner: object! { n: Json::Absent } };
        assert_eq!(written(&value), r#"{"b":true,"a":"x"}"#);
    }

    #[test]
    fn text_is_escaped_so_that_any_parser_reads_it_back() {
        let text = "a \"quote\", a \\, a\nline and a \u{1} bell";
        let read: String = serde_json::from_str(&written(&Json::from(text))).unwrap();
        assert_eq!(read, text);
    }

    #[test]
    fn a_decimal_says_as_many_digits_as_were_measured() {
        assert_eq!(written(&Json::decimal(37.199_99, 1)), "37.2");
        assert_eq!(written(&Json::decimal(72.4, 0)), "72");
        assert_eq!(written(&Json::decimal(-0.01, 1)), "0.0");
    }
}
