//! What an app sends: names and values, each at most once (RFC 6749 section 3.1).

use super::error::Refusal;

/// The parameters of one request.
#[derive(Clone, Debug, Default)]
pub struct Form(Vec<(String, String)>);

/// Parameters in one request, and bytes in all of them.
const MOST: usize = 60;
const LONGEST: usize = 64 << 10;

impl Form {
    pub fn read(text: &str) -> Result<Self, Refusal> {
        if text.len() > LONGEST {
            return Err(Refusal::request("The request is too long."));
        }
        let mut out: Vec<(String, String)> = Vec::new();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (Some(name), Some(value)) = (plain(name), plain(value)) else {
                return Err(Refusal::request("The request is not written as a form."));
            };
            if out.iter().any(|(known, _)| *known == name) {
                return Err(Refusal::request("A parameter is given twice."));
            }
            // Before the next one is compared with all of them.
            if out.len() == MOST {
                return Err(Refusal::request("There are too many parameters."));
            }
            out.push((name, value));
        }
        Ok(Self(out))
    }

    /// A parameter without a value counts as left out.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(own, value)| own == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub fn need(&self, name: &'static str) -> Result<&str, Refusal> {
        self.get(name).ok_or_else(|| Refusal::request(format!("The parameter {name} is missing.")))
    }
}

fn plain(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(b) = bytes.next() {
        match b {
            b'+' => out.push(b' '),
            b'%' => {
                let pair = [bytes.next()?, bytes.next()?];
                out.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
            }
            _ => out.push(b),
        }
    }
    String::from_utf8(out).ok().filter(|text| !text.contains('\0'))
}

/// A value as it stands in an address.
pub fn percent(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(b));
        } else {
            let _ = write!(out, "%{b:02X}");
        }
    }
    out
}

/// An address with more parameters.
pub fn with(address: &str, pairs: &[(&str, Option<&str>)]) -> String {
    let mut out = address.to_owned();
    let mut mark = if address.contains('?') { '&' } else { '?' };
    for (name, value) in pairs.iter().filter_map(|(name, value)| value.map(|value| (name, value))) {
        out.push(mark);
        out.push_str(name);
        out.push('=');
        out.push_str(&percent(value));
        mark = '&';
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_says_each_thing_once() {
        let form = Form::read("a=1+2&b=%C3%A9&c=&d").unwrap();
        assert_eq!((form.get("a"), form.get("b"), form.get("c"), form.get("d")), (Some("1 2"), Some("é"), None, None));
        for bad in ["a=1&a=2", "a=1&a=1", "a=%", "a=%zz", "a=%ff", "a=%00"] {
            assert!(Form::read(bad).is_err(), "{bad}");
        }
        assert!(Form::read(&"a=".repeat(40_000)).is_err());
        let many = |count: usize| (0..count).map(|n| format!("a{n}=1&")).collect::<String>();
        assert!(Form::read(&many(60)).is_ok() && Form::read(&many(61)).is_err());
        // What follows the sixtieth is not even looked at.
        let refused = Form::read(&(many(61) + "a0=1&a=%")).unwrap_err();
        assert!(refused.text.contains("too many"), "{}", refused.text);
    }

    #[test]
    fn what_comes_back_is_added_to_the_address() {
        assert_eq!(
            with("https://a/b?c=d", &[("state", Some("x y&z")), ("n", None)]),
            "https://a/b?c=d&state=x%20y%26z"
        );
        assert_eq!(with("https://a/b", &[("e", Some("1"))]), "https://a/b?e=1");
    }
}
