//! The formats of R4's primitive types (<https://hl7.org/fhir/R4/datatypes.html#primitive>), checked by hand, because
//! every value of every resource comes through here.

use crate::Node;
use crate::date::{Precision, is_time, moment};
use crate::reference::is_id;
use crate::spec::Primitive;

/// R4: a string is at most 1 MB long.
const STRING_MAX: usize = 1024 * 1024;

/// Says what was expected when the value does not fit the type.
pub(super) fn check(primitive: Primitive, value: &Node<'_>) -> Result<(), &'static str> {
    match primitive {
        Primitive::Boolean => {
            return if let Node::Bool(_) = value { Ok(()) } else { Err("A JSON true or false was expected.") };
        }
        Primitive::Decimal | Primitive::Integer | Primitive::PositiveInt | Primitive::UnsignedInt => {
            let Node::Number(digits) = value else { return Err("A JSON number was expected.") };
            return number(primitive, digits);
        }
        _ => {}
    }
    let Node::String(text) = value else { return Err("A JSON string was expected.") };
    if text.is_empty() {
        return Err("An empty string is left out.");
    }
    let (fits, expected) = match primitive {
        Primitive::Base64Binary => (is_base64(text), "Base64 was expected."),
        Primitive::Code => (is_code(text), "A code was expected: no white space but single blanks inside."),
        Primitive::Date => (is_date(text), "A real date was expected: YYYY, YYYY-MM or YYYY-MM-DD."),
        Primitive::DateTime => (
            is_date_time(text),
            "A real date was expected: YYYY, YYYY-MM, YYYY-MM-DD or YYYY-MM-DDThh:mm:ss with an offset such as Z.",
        ),
        Primitive::Instant => {
            (is_instant(text), "An instant was expected: YYYY-MM-DDThh:mm:ss with an offset such as Z.")
        }
        Primitive::Time => (is_time(text), "A time was expected: hh:mm:ss."),
        Primitive::Id => (is_id(text), "An id was expected: 1 to 64 letters, digits, - and dots."),
        Primitive::Oid => (is_oid(text), "An OID was expected: urn:oid:1.2.3."),
        Primitive::Uuid => {
            (is_uuid(text), "A UUID was expected: urn:uuid: and 32 lower-case hexadecimal digits in groups.")
        }
        Primitive::Uri | Primitive::Url | Primitive::Canonical => {
            (!text.bytes().any(|b| b <= b' ' || b == 0x7f), "A URI without white space was expected.")
        }
        Primitive::Xhtml => (is_narrative(text), "XHTML was expected: one div without scripts, forms or frames."),
        _ => (is_string(text), "Text of at most 1 MB without control characters was expected."),
    };
    if fits { Ok(()) } else { Err(expected) }
}

fn number(primitive: Primitive, digits: &str) -> Result<(), &'static str> {
    if primitive == Primitive::Decimal {
        let finite = digits.parse().is_ok_and(|value: f64| value.is_finite());
        return if finite { Ok(()) } else { Err("A decimal of a sensible size was expected.") };
    }
    // R4's integers are 32 bits wide; `-0`, fractions and exponents are not integers.
    let least = match primitive {
        Primitive::PositiveInt => 1,
        Primitive::UnsignedInt => 0,
        _ => i32::MIN,
    };
    match digits.parse::<i32>() {
        Ok(value) if value >= least && digits != "-0" => Ok(()),
        _ if least == 1 => Err("A whole number from 1 to 2147483647 was expected."),
        _ if least == 0 => Err("A whole number from 0 to 2147483647 was expected."),
        _ => Err("A whole number of 32 bits was expected."),
    }
}

fn is_string(text: &str) -> bool {
    text.len() <= STRING_MAX && !text.bytes().any(|b| b < b' ' && !matches!(b, b'\t' | b'\n' | b'\r'))
}

fn is_code(text: &str) -> bool {
    let spaced = text.starts_with(' ') || text.ends_with(' ') || text.contains("  ");
    !spaced && !text.chars().any(|c| c != ' ' && (c.is_whitespace() || c.is_control()))
}

fn is_date(text: &str) -> bool {
    moment(text).is_some_and(|moment| moment.precision <= Precision::Day)
}

fn is_date_time(text: &str) -> bool {
    let fits = |precision, offset| precision <= Precision::Day || (precision == Precision::Second && offset);
    moment(text).is_some_and(|moment| fits(moment.precision, moment.offset))
}

fn is_instant(text: &str) -> bool {
    moment(text).is_some_and(|moment| moment.precision == Precision::Second && moment.offset)
}

fn is_oid(text: &str) -> bool {
    let Some(oid) = text.strip_prefix("urn:oid:") else { return false };
    let plain = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()) && (part.len() == 1 || !part.starts_with('0'))
    };
    let first = matches!(oid.split('.').next(), Some("0" | "1" | "2"));
    first && oid.contains('.') && oid.split('.').all(plain)
}

fn is_uuid(text: &str) -> bool {
    let Some(uuid) = text.strip_prefix("urn:uuid:") else { return false };
    let fits = |(at, b): (usize, u8)| match at {
        8 | 13 | 18 | 23 => b == b'-',
        _ => b.is_ascii_digit() || (b'a'..=b'f').contains(&b),
    };
    uuid.len() == 36 && uuid.bytes().enumerate().all(fits)
}

/// Groups of four, white space anywhere, `=` only at the end.
fn is_base64(text: &str) -> bool {
    let (mut count, mut padding) = (0_usize, 0_usize);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => count += 1,
            b'=' => padding += 1,
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => return false,
        }
    }
    count > 0 && padding <= 2 && (count + padding).is_multiple_of(4)
}

/// A narrative is one div. R4 forbids in it what runs or reaches out (<https://hl7.org/fhir/R4/narrative.html#Narrative>):
/// scripts, forms, frames, objects, base, link and event attributes.
fn is_narrative(text: &str) -> bool {
    const FORBIDDEN: [&str; 13] = [
        "script", "form", "frame", "frameset", "iframe", "object", "embed", "applet", "base", "link", "head", "body",
        "style",
    ];
    let text = text.trim();
    let opened = text
        .strip_prefix("<div")
        .is_some_and(|rest| rest.starts_with(['>', '/']) || rest.starts_with(char::is_whitespace));
    if !opened || !(text.ends_with("</div>") || text.ends_with("/>")) {
        return false;
    }
    text.split('<').skip(1).all(|tag| {
        let name_end = tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len());
        let inside = tag.split('>').next().unwrap_or(tag);
        !FORBIDDEN.iter().any(|name| name.eq_ignore_ascii_case(&tag[..name_end])) && !acts(inside)
    })
}

/// Whether the inside of a tag has an event attribute or a link that runs.
fn acts(tag: &str) -> bool {
    let event = |word: &str| {
        let name = word.split('=').next().unwrap_or_default();
        name.len() > 2 && word.contains('=') && name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"))
    };
    tag.contains('=')
        && (tag.split([' ', '\t', '\n', '\r', '/', '"', '\'']).any(event)
            || tag.to_ascii_lowercase().contains("javascript:"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(primitive: Primitive, text: &str) -> bool {
        check(primitive, &Node::from(text)).is_ok()
    }

    fn number_fits(primitive: Primitive, digits: &str) -> bool {
        check(primitive, &Node::Number(digits.into())).is_ok()
    }

    #[test]
    fn each_format_takes_its_own_and_refuses_the_near_miss() {
        use Primitive::{
            Base64Binary, Canonical, Code, Date, DateTime, Id, Instant, Markdown, Oid, String, Time, Url, Uuid,
        };
        let good = [
            (Base64Binary, "QUJD"),
            (Base64Binary, "QU JD\nQQ=="),
            (Code, "a b"),
            (Date, "2026"),
            (DateTime, "2026-11-21T10:00:00.5+05:30"),
            (DateTime, "2026-11"),
            (Instant, "2016-12-31T23:59:60Z"),
            (Id, "A-1.b"),
            (Oid, "urn:oid:2.16.840.1"),
            (Uuid, "urn:uuid:c757873d-ec9a-4326-a141-556f43239520"),
            (Time, "10:00:00.25"),
            (Url, "http://a/b?c#d"),
            (Markdown, "# a\n\tb"),
            (String, "é😀"),
            (Canonical, "#x"),
        ];
        for (primitive, text) in good {
            assert!(fits(primitive, text), "{primitive:?} {text}");
        }
        let bad = [
            (Base64Binary, "QUJ"),
            (Base64Binary, "QQ==QQ=="),
            (Base64Binary, "===="),
            (Base64Binary, "QU-D"),
            (Code, " a"),
            (Code, "a  b"),
            (Code, "a\tb"),
            (Date, "2026-02-30"),
            (Date, "2026-01-01T10:00:00Z"),
            (DateTime, "2026-01-01T10:00:00"),
            (DateTime, "2026-01-01T10:00Z"),
            (DateTime, "2026-01-01T10:00:00+15:00"),
            (Instant, "2026-01-01"),
            (Id, "a_b"),
            (Id, "12345678901234567890123456789012345678901234567890123456789012345"),
            (Oid, "urn:oid:3.1"),
            (Oid, "urn:oid:1.02"),
            (Oid, "urn:oid:1"),
            (Uuid, "urn:uuid:C757873D-EC9A-4326-A141-556F43239520"),
            (Uuid, "c757873d-ec9a-4326-a141-556f43239520"),
            (Time, "24:00:00"),
            (Time, "10:00"),
            (Time, "10:00:00Z"),
            (Url, "http://a b"),
            (String, "a\u{1}"),
            (String, ""),
        ];
        for (primitive, text) in bad {
            assert!(!fits(primitive, text), "{primitive:?} {text}");
        }
        assert!(!fits(String, &"x".repeat(STRING_MAX + 1)));
    }

    #[test]
    fn whole_numbers_have_their_range() {
        use Primitive::{Decimal, Integer, PositiveInt, UnsignedInt};
        assert!(
            number_fits(Integer, "-2147483648")
                && number_fits(UnsignedInt, "0")
                && number_fits(PositiveInt, "2147483647")
        );
        assert!(number_fits(Decimal, "1.0E-5") && !number_fits(Decimal, "1e999"));
        for (primitive, digits) in [
            (Integer, "2147483648"),
            (Integer, "1.0"),
            (Integer, "1e2"),
            (UnsignedInt, "-1"),
            (UnsignedInt, "-0"),
            (PositiveInt, "0"),
        ] {
            assert!(!number_fits(primitive, digits), "{primitive:?} {digits}");
        }
        assert!(!fits(Integer, "1"), "a number in quotes is no number");
    }

    #[test]
    fn a_narrative_is_a_div_that_does_nothing() {
        let narrative = |inside: &str| {
            fits(Primitive::Xhtml, &format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inside}</div>"))
        };
        assert!(narrative("<p style=\"color: red\">on = off <a href=\"http://a\">x</a></p>"));
        for inside in [
            "<script>x</script>",
            "<IFRAME src='x'/>",
            "<p onclick=\"x\">",
            "<a href=\"JavaScript:x\">y</a>",
            "<form/>",
            "<img/onerror=x src=y>",
        ] {
            assert!(!narrative(inside), "{inside}");
        }
        assert!(!fits(Primitive::Xhtml, "plain") && !fits(Primitive::Xhtml, "<divx></div>"));
    }
}
