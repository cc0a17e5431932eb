//! Dates as they are written on papers.

use crate::reading::Order;

const MONTHS: [(&str, u32); 40] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("january", 1),
    ("february", 2),
    ("march", 3),
    ("april", 4),
    ("june", 6),
    ("july", 7),
    ("august", 8),
    ("sept", 9),
    ("september", 9),
    ("october", 10),
    ("november", 11),
    ("december", 12),
    ("januar", 1),
    ("februar", 2),
    ("märz", 3),
    ("mai", 5),
    ("juni", 6),
    ("juli", 7),
    ("oktober", 10),
    ("dezember", 12),
    ("dez", 12),
    ("janvier", 1),
    ("février", 2),
    ("mars", 3),
    ("avril", 4),
    ("enero", 1),
    ("marzo", 3),
    ("abril", 4),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl Day {
    fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let year = if year < 100 { year + if year > 69 { 1900 } else { 2000 } } else { year };
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let days = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        ((1900..2100).contains(&year) && (1..=days).contains(&day)).then_some(Self { year, month, day })
    }
}

impl std::fmt::Display for Day {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

fn month(word: &str) -> Option<u32> {
    let word = word.to_lowercase();
    MONTHS.iter().find(|(name, _)| *name == word).map(|(_, number)| *number)
}

/// Letters and digits in runs: `04-Mar-2026,` becomes `04`, `Mar`, `2026`, with what stands between.
fn runs(text: &str) -> Vec<(String, bool, String)> {
    let mut runs = Vec::<(String, bool, String)>::new();
    let mut between = String::new();
    for letter in text.chars() {
        if !letter.is_alphanumeric() {
            between.push(letter);
            continue;
        }
        let digit = letter.is_ascii_digit();
        match runs.last_mut() {
            Some((run, digits, _)) if between.is_empty() && *digits == digit => run.push(letter),
            _ => runs.push((letter.to_string(), digit, std::mem::take(&mut between))),
        }
    }
    runs
}

/// The first date in a line of text.
pub fn find(text: &str, order: Order) -> Option<Day> {
    let runs = runs(text);
    runs.windows(3).find_map(|three| {
        let [a, b, c] = three else { return None };
        let number =
            |run: &(String, bool, String)| if run.1 && run.0.len() <= 4 { run.0.parse::<u32>().ok() } else { None };
        // Between the parts of one date stands one sign, or a space and a comma.
        let one_sign =
            |run: &(String, bool, String)| matches!(run.2.trim(), "/" | "-" | "." | "\u{2013}") && run.2.len() <= 3;
        let loose = |run: &(String, bool, String)| run.2.chars().count() <= 2 && !run.2.contains([':', '(', ')']);
        let year = |run: &(String, bool, String)| number(run).filter(|_| matches!(run.0.len(), 2 | 4));
        if let (Some(month), true, true) = (month(&b.0).filter(|_| !b.1), loose(b), loose(c)) {
            return Day::new(year(c)?, month, number(a)?);
        }
        if let (Some(month), true, true) = (month(&a.0).filter(|_| !a.1), loose(b), loose(c)) {
            return Day::new(number(c).filter(|_| c.0.len() == 4)?, month, number(b)?);
        }
        if !one_sign(b) || !one_sign(c) || b.2.trim() != c.2.trim() {
            return None;
        }
        let (first, second, third) = (number(a)?, number(b)?, number(c)?);
        if a.0.len() == 4 {
            return Day::new(first, second, third);
        }
        let third = year(c).filter(|_| a.0.len() <= 2 && b.0.len() <= 2 && third > 0)?;
        // Dots are written by those who begin with the day; a part above twelve is the day wherever it stands.
        let day_first = second <= 12 && (first > 12 || order == Order::DayFirst || b.2.trim() == ".");
        if day_first { Day::new(third, second, first) } else { Day::new(third, first, second) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_as_they_are_written_in_several_countries() {
        for (text, order, read) in [
            ("Collected: 04/03/2026 10:15", Order::DayFirst, "2026-03-04"),
            ("Collected: 04/03/2026", Order::MonthFirst, "2026-04-03"),
            ("Entnahme 4.3.26", Order::MonthFirst, "2026-03-04"),
            ("25/03/2026", Order::MonthFirst, "2026-03-25"),
            ("Date 2026-03-04T10:00", Order::DayFirst, "2026-03-04"),
            ("04-Mar-2026", Order::DayFirst, "2026-03-04"),
            ("04 Mar 2026", Order::DayFirst, "2026-03-04"),
            ("March 4, 2026", Order::DayFirst, "2026-03-04"),
            ("4. März 2026", Order::DayFirst, "2026-03-04"),
        ] {
            assert_eq!(find(text, order).map(|day| day.to_string()).as_deref(), Some(read), "{text}");
        }
    }

    #[test]
    fn what_only_looks_like_a_date_is_none() {
        for text in ["13.0 - 17.0", "31/02/2026", "10:15:30", "1.2.3.4.5", "SID 120 45 88", "4-11", "12/80"] {
            assert_eq!(find(text, Order::DayFirst), None, "{text}");
        }
    }
}
