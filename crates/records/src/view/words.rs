//! Words for people out of FHIR's data types.

use fhir::Node;
use kernel::Timestamp;

/// The semantic tag at the end of a SNOMED CT fully specified name
/// (<https://confluence.ihtsdotools.org/display/DOCEG/Semantic+Tag>): a reader sees from the place what it is.
const TAGS: [&str; 26] = [
    "body structure",
    "clinical drug",
    "cell",
    "disorder",
    "environment",
    "event",
    "finding",
    "medicinal product",
    "medicinal product form",
    "morphologic abnormality",
    "navigational concept",
    "observable entity",
    "occupation",
    "organism",
    "person",
    "physical force",
    "physical object",
    "procedure",
    "product",
    "qualifier value",
    "record artifact",
    "regime/therapy",
    "situation",
    "social concept",
    "specimen",
    "substance",
];

/// A CodeableConcept, or the first of a list of them: as it was written, else as its code system says it.
pub fn concept(node: &Node<'_>) -> Option<String> {
    if let Node::Array(items) = node {
        return items.iter().find_map(concept);
    }
    let codings = node.array_of("coding");
    let display = || codings.iter().find_map(|coding| coding.str_of("display"));
    let code = || codings.iter().find_map(|coding| coding.str_of("code"));
    let text = node.str_of("text").or_else(display).or_else(code)?.trim();
    (!text.is_empty()).then(|| plain(text))
}

/// The concept that is the member of that name.
pub fn concept_of(resource: &Node<'_>, name: &str) -> Option<String> {
    resource.get(name).and_then(concept)
}

/// A text member that says something.
pub fn text_of<'n>(node: &'n Node<'_>, name: &str) -> Option<&'n str> {
    node.str_of(name).map(str::trim).filter(|text| !text.is_empty())
}

/// The code of a status: a code, or the first code of a CodeableConcept.
pub fn code_of<'n>(resource: &'n Node<'_>, name: &str) -> Option<&'n str> {
    let node = resource.get(name)?;
    node.as_str().or_else(|| node.at(&["coding", "code"]).and_then(Node::as_str))
}

/// A term without what is for machines: SNOMED CT's semantic tag and LOINC's property in brackets.
pub fn plain(term: &str) -> String {
    let mut text = term;
    if let Some((front, tag)) = term.strip_suffix(')').and_then(|rest| rest.rsplit_once(" ("))
        && TAGS.contains(&tag)
    {
        text = front;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, inside, after)) = bracketed(rest) {
        out.push_str(before);
        // `[Mass/volume]`, `[Ratio]`; what holds digits or small words belongs to the name: `[iU]`, `[2]`.
        if !inside.starts_with(|c: char| c.is_ascii_uppercase() || c == '#') {
            out.push_str(&rest[before.len()..rest.len() - after.len()]);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// What stands before, inside and after the first ` […]`.
fn bracketed(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once(" [")?;
    let (inside, after) = rest.split_once(']')?;
    Some((before, inside, after))
}

/// `ExplanationOfBenefit` as `Explanation of benefit`.
pub fn spaced(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for (i, c) in name.chars().enumerate() {
        if c.is_ascii_uppercase() && i > 0 {
            out.push(' ');
            out.push(c.to_ascii_lowercase());
        } else {
            out.push(c);
        }
    }
    out
}

/// The date of a resource as exact as it was written, given its clinical date: the element that it was taken from says
/// how much is known. A year is shown as a year, never as its first day.
pub fn date(resource: &Node<'_>, time: i64) -> Option<String> {
    if time == consent::UNDATED {
        return None;
    }
    let texts = resource.members().iter().filter_map(|(_, value)| match value {
        Node::String(text) => Some(text.as_ref()),
        Node::Object(_) => value.str_of("start"),
        _ => None,
    });
    let written = texts
        .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|text| fhir::date::span(text).is_some_and(|(lo, _)| lo == time))
        .min_by_key(|text| text.len());
    Some(match written {
        Some(text) if text.len() <= 10 => text.to_owned(),
        Some(_) => Timestamp(time).to_rfc3339(),
        None => instant_or_day(time),
    })
}

/// An instant, or the day when it is the very beginning of one.
fn instant_or_day(time: i64) -> String {
    let text = Timestamp(time).to_rfc3339();
    if time.rem_euclid(86_400_000) == 0 { day(&text).to_owned() } else { text }
}

/// The day of a date, or the month or year where nothing more is known.
pub fn day(date: &str) -> &str {
    date.get(..10).unwrap_or(date)
}

/// A day, or the month or year where nothing more is known, as it is said within words.
pub fn said(date: &str) -> String {
    const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let date = day(date);
    let mut parts = date.splitn(3, '-');
    let (year, month, of_month) = (parts.next().unwrap_or(date), parts.next(), parts.next());
    let number = |text: &str| text.parse::<usize>().ok();
    let name = month.and_then(number).and_then(|month| MONTHS.get(month.checked_sub(1)?));
    match (name, of_month.map(number)) {
        (Some(name), Some(Some(of_month))) => format!("{name} {of_month}, {year}"),
        (Some(name), None) => format!("{name} {year}"),
        _ => date.to_owned(),
    }
}

/// A date or dateTime of FHIR as it goes out: times in UTC with milliseconds.
pub fn moment(text: &str) -> Option<String> {
    let (lo, _) = fhir::date::span(text)?;
    Some(if text.len() <= 10 { text.to_owned() } else { Timestamp(lo).to_rfc3339() })
}

/// At most that many letters, cut between words.
pub fn shorten(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    let cut: String = text.chars().take(most).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", &cut[..end])
}

/// The parts that there are, between middle dots.
pub fn join(parts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| parts.join(" · "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_loses_what_is_for_machines_and_nothing_else() {
        for (term, expected) in [
            ("Acute bronchitis (disorder)", "Acute bronchitis"),
            ("Sleep apnea (regime/therapy)", "Sleep apnea"),
            ("Influenza vaccine (trivalent)", "Influenza vaccine (trivalent)"),
            ("Glucose [Mass/volume] in Blood", "Glucose in Blood"),
            ("Leukocytes [#/volume] in Blood", "Leukocytes in Blood"),
            ("Insulin 100 [iU]/mL", "Insulin 100 [iU]/mL"),
            ("Ends with [", "Ends with ["),
            ("(finding)", "(finding)"),
        ] {
            assert_eq!(plain(term), expected);
        }
    }

    #[test]
    fn a_date_is_as_exact_as_it_was_written() {
        let date_of = |json: &str, written: &str| {
            date(&fhir::json::parse(json.as_bytes()).unwrap(), fhir::date::span(written).unwrap().0)
        };
        assert_eq!(date_of(r#"{"onsetDateTime":"1998"}"#, "1998").as_deref(), Some("1998"));
        let both = r#"{"onsetDateTime":"1998","recordedDate":"2010-03-04"}"#;
        assert_eq!(date_of(both, "1998").as_deref(), Some("1998"));
        assert_eq!(
            date_of(r#"{"effectiveDateTime":"2020-03-01T23:30:00-05:00"}"#, "2020-03-01T23:30:00-05:00").as_deref(),
            Some("2020-03-02T04:30:00.000Z")
        );
        assert_eq!(date_of(r#"{"period":{"start":"2020-03-01"}}"#, "2020-03-01").as_deref(), Some("2020-03-01"));
        assert_eq!(date_of(r#"{"a":[{"b":"2020-03-01"}]}"#, "2020-03-01").as_deref(), Some("2020-03-01"));
        assert_eq!(date(&fhir::json::parse(b"{}").unwrap(), consent::UNDATED), None);
    }

    #[test]
    fn a_day_is_said_as_far_as_it_is_known() {
        let all = ["2023-05-02T08:00:00Z", "2023-05-20", "2023-12", "2023", "2023-13-01", "soon"].map(said);
        assert_eq!(all, ["May 2, 2023", "May 20, 2023", "Dec 2023", "2023", "2023-13-01", "soon"]);
    }

    #[test]
    fn long_text_is_cut_between_words() {
        assert_eq!(shorten("one  two\nthree", 20), "one two three");
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("onetwothree", 5), "onetw…");
        assert_eq!(spaced("ExplanationOfBenefit"), "Explanation of benefit");
    }
}
