//! Numbers as they are printed in several countries.

/// What the comma means in a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comma {
    /// 13,2 is thirteen and two tenths.
    Decimal,
    /// 2,50,000 is two hundred and fifty thousand.
    Grouping,
}

/// What most numbers of a text say about it. Three digits behind a comma may be either.
pub fn comma<'a>(words: impl Iterator<Item = &'a str>) -> Comma {
    let (mut decimal, mut grouping) = (0, 0);
    for word in words {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit());
        if !word.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.') {
            continue;
        }
        match (word.rsplit_once(','), word.rsplit_once('.')) {
            (Some((_, tail)), None) if tail.len() != 3 => decimal += 1,
            (None, Some((head, tail))) if !head.contains('.') && tail.len() <= 3 => grouping += 1,
            _ => {}
        }
    }
    if decimal > grouping { Comma::Decimal } else { Comma::Grouping }
}

/// The digits with `.` as decimal sign, if the whole text is one number.
pub fn plain(text: &str, comma: Comma) -> Option<String> {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !text.starts_with(|c: char| c.is_ascii_digit() || c == '.') || text.len() > 14 {
        return None;
    }
    let commas: Vec<&str> = text.split(',').collect();
    let dots: Vec<&str> = text.split('.').collect();
    let grouped = |parts: &[&str]| {
        let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
        parts.len() > 1
            && (1..=3).contains(&parts[0].len())
            && inner.iter().all(|part| matches!(part.len(), 2 | 3))
            && parts.last().is_some_and(|part| part.len() == 3)
            && parts.iter().all(|part| digits(part))
            && !parts[0].starts_with('0')
    };
    match (commas.len(), dots.len()) {
        (1, 1) => digits(text).then(|| text.to_owned()),
        (1, 2) => {
            let (whole, part) = (dots[0], dots[1]);
            if comma == Comma::Decimal && part.len() == 3 && grouped(&dots) {
                return Some(dots.concat());
            }
            (digits(part) && (whole.is_empty() || digits(whole)))
                .then(|| if whole.is_empty() { format!("0.{part}") } else { text.to_owned() })
        }
        (2, 1) if comma == Comma::Decimal || commas[1].len() != 3 || commas[0] == "0" => {
            (digits(commas[0]) && digits(commas[1])).then(|| format!("{}.{}", commas[0], commas[1]))
        }
        (2.., 1) => grouped(&commas).then(|| commas.concat()),
        (1, 3..) => grouped(&dots).then(|| dots.concat()),
        // Both: the last is the decimal sign.
        (_, 2) if text.rfind('.') > text.rfind(',') => {
            let (whole, part) = text.rsplit_once('.')?;
            (grouped(&whole.split(',').collect::<Vec<_>>()) && digits(part))
                .then(|| format!("{}.{part}", whole.replace(',', "")))
        }
        (2, _) => {
            let (whole, part) = text.rsplit_once(',')?;
            (grouped(&whole.split('.').collect::<Vec<_>>()) && digits(part))
                .then(|| format!("{}.{part}", whole.replace('.', "")))
        }
        _ => None,
    }
}

/// The number at the beginning of a text, and what follows it.
pub fn leading(text: &str, comma: Comma) -> Option<(String, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(text.len());
    let (number, rest) = text.split_at(end);
    let kept = number.trim_end_matches([',', '.']);
    plain(kept, comma).map(|number| (number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_printed() {
        for (printed, comma, read) in [
            ("13.2", Comma::Grouping, Some("13.2")),
            ("13,2", Comma::Decimal, Some("13.2")),
            ("13,2", Comma::Grouping, Some("13.2")),
            ("2,50,000", Comma::Grouping, Some("250000")),
            ("250,000", Comma::Grouping, Some("250000")),
            ("2,345", Comma::Decimal, Some("2.345")),
            ("2.345", Comma::Grouping, Some("2.345")),
            ("250.000", Comma::Decimal, Some("250000")),
            ("0.345", Comma::Decimal, Some("0.345")),
            ("0,345", Comma::Grouping, Some("0.345")),
            ("1,234.5", Comma::Grouping, Some("1234.5")),
            ("1.234,5", Comma::Decimal, Some("1234.5")),
            (".5", Comma::Grouping, Some("0.5")),
            ("5.", Comma::Grouping, None),
            ("1.2.3", Comma::Grouping, None),
            ("12:30", Comma::Grouping, None),
            ("", Comma::Grouping, None),
        ] {
            assert_eq!(plain(printed, comma).as_deref(), read, "{printed} {comma:?}");
        }
    }

    #[test]
    fn the_document_tells_what_its_commas_mean() {
        assert_eq!(comma(["13,2", "4,5", "250.000"].into_iter()), Comma::Decimal);
        assert_eq!(comma(["13.2", "4.5", "2,50,000"].into_iter()), Comma::Grouping);
    }
}
