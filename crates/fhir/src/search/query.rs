//! The values of a search: prefixes, dates, tokens, quantities, and names folded for comparing.

use crate::date::{Span, moment};
use kernel::Issue;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How a date, number or quantity is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    /// Starts after.
    Sa,
    /// Ends before.
    Eb,
    /// Approximately.
    Ap,
}

impl Prefix {
    const ALL: [(&'static str, Self); 9] = [
        ("eq", Self::Eq),
        ("ne", Self::Ne),
        ("gt", Self::Gt),
        ("lt", Self::Lt),
        ("ge", Self::Ge),
        ("le", Self::Le),
        ("sa", Self::Sa),
        ("eb", Self::Eb),
        ("ap", Self::Ap),
    ];

    /// The prefix of a value, `Eq` where none is written, and the value.
    fn take(text: &str) -> (Self, &str) {
        let found = Self::ALL.iter().find_map(|(name, prefix)| Some((*prefix, text.strip_prefix(name)?)));
        found.unwrap_or((Self::Eq, text))
    }
}

/// The system a token query asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SystemQuery {
    /// `code`: whatever the system.
    Any,
    /// `|code`: without a system.
    Absent,
    /// `system|…`
    Is(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenQuery {
    pub system: SystemQuery,
    /// Absent in `system|`: any code of that system.
    pub code: Option<String>,
}

/// A number with the range its digits stand for: `5.4` is from 5.35 up to 5.45, `100` from 99.5 up to 100.5.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberQuery {
    pub prefix: Prefix,
    pub value: f64,
    pub lo: f64,
    pub hi: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct QuantityQuery {
    pub number: NumberQuery,
    pub system: Option<String>,
    /// Code or printed unit.
    pub unit: Option<String>,
}

fn refused(text: &str) -> Issue {
    Issue::new("value", "", text)
}

/// The values between commas that no backslash escapes, still escaped.
pub fn split_values(text: &str) -> Vec<&str> {
    split_unescaped(text, ',')
}

/// The parts between separators that no backslash escapes, still escaped.
pub fn split_unescaped(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !escaped {
            parts.push(&text[from..at]);
            from = at + c.len_utf8();
        }
        escaped = c == '\\' && !escaped;
    }
    parts.push(&text[from..]);
    parts
}

/// Takes the backslashes away that escape `,`, `|`, `$` and `\`.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match chars.peek() {
            Some(&next @ (',' | '|' | '$' | '\\')) if c == '\\' => {
                out.push(next);
                chars.next();
            }
            _ => out.push(c),
        }
    }
    out
}

/// `ge2020-01-01`: how to compare, and the span of UTC milliseconds the date stands for. A query may stop at the minute and
/// leave the offset out, which then is UTC.
pub fn parse_date_query(text: &str) -> Result<(Prefix, Span), Issue> {
    let (prefix, date) = Prefix::take(text);
    let moment = moment(date).ok_or_else(|| {
        refused("A date was expected: YYYY, YYYY-MM, YYYY-MM-DD or with a time such as T10:00:00Z, after an optional prefix like ge.")
    })?;
    Ok((prefix, moment.span))
}

/// `code`, `system|code`, `|code` or `system|`.
pub fn parse_token_query(text: &str) -> Result<TokenQuery, Issue> {
    let parts = split_unescaped(text, '|');
    let wrong = || refused("A token was expected: code, system|code, |code or system|.");
    let (system, code) = match parts[..] {
        [code] => (SystemQuery::Any, code),
        ["", code] => (SystemQuery::Absent, code),
        [system, code] => (SystemQuery::Is(unescape(system)), code),
        _ => return Err(wrong()),
    };
    if code.is_empty() && !matches!(system, SystemQuery::Is(_)) {
        return Err(wrong());
    }
    Ok(TokenQuery { system, code: (!code.is_empty()).then(|| unescape(code)) })
}

pub fn parse_number_query(text: &str) -> Result<NumberQuery, Issue> {
    let (prefix, digits) = Prefix::take(text);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    let value = digits.parse().ok().filter(|value: &f64| plain && value.is_finite());
    let value = value.ok_or_else(|| refused("A number was expected, after an optional prefix like gt."))?;
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let decimals = mantissa.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    let places = exponent.parse::<i32>().unwrap_or(0).saturating_sub(i32::try_from(decimals).unwrap_or(i32::MAX));
    let half = 0.5 * 10_f64.powi(places);
    Ok(NumberQuery { prefix, value, lo: value - half, hi: value + half })
}

/// `5.4|http://unitsofmeasure.org|mg`, `5.4||mg` or `5.4`.
pub fn parse_quantity_query(text: &str) -> Result<QuantityQuery, Issue> {
    let parts = split_unescaped(text, '|');
    let some = |part: &str| (!part.is_empty()).then(|| unescape(part));
    let (number, system, unit) = match parts[..] {
        [number] => (number, None, None),
        [number, system, unit] if !unit.is_empty() || system.is_empty() => (number, some(system), some(unit)),
        _ => return Err(refused("A quantity was expected: number, number|system|code or number||unit.")),
    };
    Ok(QuantityQuery { number: parse_number_query(number)?, system, unit })
}

/// Text as it is compared in searches for names: compatibility forms opened, case and accents gone, white space single.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_whitespace() {
            gap = !out.is_empty();
            return;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.push(c);
    };
    if text.is_ascii() {
        text.chars().for_each(|c| push(c.to_ascii_lowercase()));
    } else {
        // Lower case of upper case is the folding of Unicode for all but a few letters: it makes ß and SS equal, and σ and ς.
        let upper = text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_uppercase);
        let lower = upper.flat_map(char::to_lowercase);
        lower.nfkd().filter(|c| !is_combining_mark(*c)).for_each(push);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_query_has_a_prefix_and_a_span() {
        assert_eq!(parse_date_query("ge1970-01-02"), Ok((Prefix::Ge, (86_400_000, 172_800_000))));
        assert_eq!(parse_date_query("1970-01-01T00:01"), Ok((Prefix::Eq, (60_000, 120_000))));
        for text in ["", "ge", "yesterday", "xx2020", "2020-02-30", "ge ge2020"] {
            assert_eq!(parse_date_query(text).unwrap_err().code, "value", "{text}");
        }
    }

    #[test]
    fn the_four_forms_of_a_token_are_told_apart() {
        let token = |text| parse_token_query(text).map(|t| (t.system, t.code.unwrap_or_default()));
        assert_eq!(token("a"), Ok((SystemQuery::Any, "a".into())));
        assert_eq!(token("|a"), Ok((SystemQuery::Absent, "a".into())));
        assert_eq!(token("http://s|a"), Ok((SystemQuery::Is("http://s".into()), "a".into())));
        assert_eq!(token("http://s|"), Ok((SystemQuery::Is("http://s".into()), String::new())));
        assert_eq!(token(r"a\|b\,c\\"), Ok((SystemQuery::Any, r"a|b,c\".into())));
        assert!(token("").is_err() && token("|").is_err() && token("a|b|c").is_err());
    }

    #[test]
    fn commas_split_unless_escaped() {
        assert_eq!(split_values(r"a,b\,c,\\,d"), ["a", r"b\,c", r"\\", "d"]);
        assert_eq!(split_values(""), [""]);
    }

    #[test]
    fn a_number_stands_for_what_its_digits_round_to() {
        let number = parse_number_query("gt100").unwrap();
        assert_eq!((number.prefix, number.lo, number.hi), (Prefix::Gt, 99.5, 100.5));
        let number = parse_number_query("1e2").unwrap();
        assert_eq!((number.lo, number.hi), (50.0, 150.0));
        assert!(["", "gt", "NaN", "inf", "1e999", "1,5", "--1"].iter().all(|text| parse_number_query(text).is_err()));
    }

    #[test]
    fn a_quantity_has_number_system_and_unit() {
        let quantity = parse_quantity_query("le5.4|http://unitsofmeasure.org|mg").unwrap();
        assert_eq!((quantity.number.prefix, quantity.number.value), (Prefix::Le, 5.4));
        assert!((quantity.number.lo - 5.35).abs() < 1e-12 && (quantity.number.hi - 5.45).abs() < 1e-12);
        assert_eq!(
            (quantity.system.as_deref(), quantity.unit.as_deref()),
            (Some("http://unitsofmeasure.org"), Some("mg"))
        );
        assert_eq!(parse_quantity_query("5||mg").unwrap().system, None);
        assert!(parse_quantity_query("5|mg").is_err() && parse_quantity_query("mg").is_err());
    }

    #[test]
    fn names_are_compared_without_case_accents_and_spacing() {
        for (a, b) in [
            ("  José   Müller ", "jose muller"),
            ("Straße", "STRASSE"),
            ("Ｆｕｌｌ", "full"),
            ("ﬁn", "FIN"),
            ("Σίσυφος", "σισυφοσ"),
            ("O'Brien", "o'brien"),
        ] {
            assert_eq!(fold(a), fold(b));
        }
        assert_eq!(fold("\u{a0}A\tB "), "a b");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".{0,30}") {
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }

        #[test]
        fn no_query_makes_a_parser_panic(text in ".{0,20}") {
            let _ = (parse_date_query(&text), parse_token_query(&text), parse_quantity_query(&text), unescape(&text));
        }
    }
}
