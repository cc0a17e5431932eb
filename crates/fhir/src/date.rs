//! FHIR dates and times as spans of UTC milliseconds, with a real calendar.
//!
//! Our own few lines, because a FHIR date may stop at the year or month, seconds may be 60, and what is read is a span.
//! A time without an offset, which only a query may have, is taken as UTC.

const DAY_MS: i64 = 86_400_000;

/// From `lo` up to, but without, `hi`, in milliseconds since 1970 UTC.
pub type Span = (i64, i64);

/// How exact a date is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Precision {
    Year,
    Month,
    Day,
    Minute,
    Second,
}

pub(crate) struct Moment {
    pub span: Span,
    pub precision: Precision,
    pub offset: bool,
}

/// Days since 1970 of a day of the proleptic Gregorian calendar (the era method of Howard Hinnant's
/// <http://howardhinnant.github.io/date_algorithms.html>).
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let shifted = if month <= 2 { year - 1 } else { year };
    let era = shifted.div_euclid(400);
    let year_of_era = shifted.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn days_in_month(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// A number of exactly that many digits at the front, and what follows.
fn digits(text: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (front, rest) = text.split_at_checked(count)?;
    let number = front.iter().try_fold(0, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i64::from(b - b'0')))?;
    Some((number, rest))
}

fn after(text: &[u8], byte: u8) -> Option<&[u8]> {
    text.strip_prefix(&[byte])
}

/// Reads a date or time of any precision; `None` when it is not one or the calendar has no such day.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let (year, rest) = digits(text.as_bytes(), 4)?;
    if year == 0 {
        return None;
    }
    let dated = |from: i64, to: i64, precision| Moment { span: (from * DAY_MS, to * DAY_MS), precision, offset: false };
    if rest.is_empty() {
        return Some(dated(days_from_civil(year, 1, 1), days_from_civil(year + 1, 1, 1), Precision::Year));
    }
    let (month, rest) = digits(after(rest, b'-')?, 2)?;
    if !(1..=12).contains(&month) {
        return None;
    }
    let first = days_from_civil(year, month, 1);
    if rest.is_empty() {
        return Some(dated(first, first + days_in_month(year, month), Precision::Month));
    }
    let (day, rest) = digits(after(rest, b'-')?, 2)?;
    if !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let today = first + day - 1;
    if rest.is_empty() {
        return Some(dated(today, today + 1, Precision::Day));
    }
    let (of_day, length, precision, rest) = clock(after(rest, b'T')?)?;
    let offset = offset_ms(rest)?;
    let lo = today * DAY_MS + of_day - offset;
    Some(Moment { span: (lo, lo + length), precision, offset: !rest.is_empty() })
}

/// A time of day: its milliseconds, how long it lasts as written, its precision, and what follows.
fn clock(text: &[u8]) -> Option<(i64, i64, Precision, &[u8])> {
    let (hour, rest) = digits(text, 2)?;
    let (minute, rest) = digits(after(rest, b':')?, 2)?;
    if hour > 23 || minute > 59 {
        return None;
    }
    let whole = (hour * 60 + minute) * 60_000;
    let Some(rest) = after(rest, b':') else { return Some((whole, 60_000, Precision::Minute, rest)) };
    let (second, rest) = digits(rest, 2)?;
    // R4 allows :60 for leap seconds; it falls on the first second of the next minute.
    if second > 60 {
        return None;
    }
    let whole = whole + second * 1000;
    let Some(fraction) = after(rest, b'.') else { return Some((whole, 1000, Precision::Second, rest)) };
    let count = fraction.iter().take_while(|b| b.is_ascii_digit()).count();
    let (written, rest) = fraction.split_at(count);
    let thousandths = written.iter().chain(b"000").take(3).fold(0, |ms, b| ms * 10 + i64::from(b - b'0'));
    let length = [1000, 100, 10, 1][count.min(3)];
    (count > 0).then_some((whole + thousandths, length, Precision::Second, rest))
}

/// `Z`, `+02:00`, or nothing, in milliseconds east of UTC; R4 goes to 14:00.
fn offset_ms(text: &[u8]) -> Option<i64> {
    let sign = match text {
        b"" | b"Z" => return Some(0),
        [b'+', ..] => 1,
        [b'-', ..] => -1,
        _ => return None,
    };
    let (hours, rest) = digits(&text[1..], 2)?;
    let (minutes, rest) = digits(after(rest, b':')?, 2)?;
    let fits = minutes <= 59 && (hours < 14 || (hours == 14 && minutes == 0)) && rest.is_empty();
    fits.then_some(sign * (hours * 60 + minutes) * 60_000)
}

/// The span of a date, dateTime or instant as a resource writes it.
pub fn span(text: &str) -> Option<Span> {
    moment(text).map(|moment| moment.span)
}

/// Whether the text is a FHIR `time`: hours, minutes and seconds, no offset.
pub(crate) fn is_time(text: &str) -> bool {
    matches!(clock(text.as_bytes()), Some((_, _, Precision::Second, b"")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_date_is_the_whole_of_what_it_names() {
        assert_eq!(span("1970"), Some((0, 365 * DAY_MS)));
        assert_eq!(span("2020-02"), Some((1_580_515_200_000, 1_583_020_800_000)));
        assert_eq!(span("2020-02-29"), Some((1_582_934_400_000, 1_583_020_800_000)));
        assert_eq!(span("2023-11-14T22:13:20Z"), Some((1_700_000_000_000, 1_700_000_001_000)));
        assert_eq!(span("2023-11-14T23:13:20.1+01:00"), Some((1_700_000_000_100, 1_700_000_000_200)));
        assert_eq!(span("2023-11-14T22:13:20.12345Z"), Some((1_700_000_000_123, 1_700_000_000_124)));
        assert_eq!(span("2016-12-31T23:59:60Z"), span("2017-01-01T00:00:00Z"));
    }

    #[test]
    fn days_that_the_calendar_does_not_have_are_refused() {
        for text in [
            "2026-02-30",
            "2025-02-29",
            "1900-02-29",
            "2026-13",
            "2026-00",
            "2026-04-31",
            "0000",
            "26",
            "2026-1-1",
            "2026-01-01T24:00:00Z",
            "2026-01-01T10:60:00Z",
            "2026-01-01T10:00:61Z",
            "2026-01-01T10:00:00+14:01",
            "2026-01-01T10:00:00.Z",
            "2026-01-01 10:00:00Z",
            "2026-01-01T10:00:00z",
            "2026-01-01T10",
            "2026-01-01T",
            "+026",
            "2026-01-01T10:00:00+2:00",
            "٢٠٢٦",
        ] {
            assert_eq!(span(text), None, "{text}");
        }
        assert!(
            span("2000-02-29").is_some() && span("2024-02-29").is_some() && span("2026-01-01T00:00:00-14:00").is_some()
        );
    }

    proptest! {
        #[test]
        fn instants_agree_with_the_kernel_s_calendar(ms in -62_135_596_800_000_i64..253_402_300_799_999) {
            prop_assert_eq!(span(&kernel::Timestamp(ms).to_rfc3339()), Some((ms, ms + 1)));
        }

        #[test]
        fn no_text_makes_it_panic(text in "[0-9TZ:+. -]{0,30}|.{0,12}") {
            let _ = (moment(&text), is_time(&text));
        }
    }
}
