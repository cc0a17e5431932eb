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

/// What a date says of the order of day and month.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Telling {
    /// Nothing: a month by its name, the year first, or one number for both.
    Nothing,
    DayFirst,
    MonthFirst,
    /// Dots are written by those who begin with the day.
    Dots,
    /// It may be either.
    Open,
}

type Run = (String, bool, String);

/// The date that these three runs are.
fn one(three: &[Run], order: Order) -> Option<(Day, Telling)> {
    let [a, b, c] = three else { return None };
    let number = |run: &Run| if run.1 && run.0.len() <= 4 { run.0.parse::<u32>().ok() } else { None };
    // Between the parts of one date stands one sign, or a space and a comma.
    let one_sign = |run: &Run| matches!(run.2.trim(), "/" | "-" | "." | "\u{2013}") && run.2.len() <= 3;
    let loose = |run: &Run| run.2.chars().count() <= 2 && !run.2.contains([':', '(', ')']);
    let year = |run: &Run| number(run).filter(|_| matches!(run.0.len(), 2 | 4));
    let plain = |day: Day| (day, Telling::Nothing);
    if let (Some(month), true, true) = (month(&b.0).filter(|_| !b.1), loose(b), loose(c)) {
        return Day::new(year(c)?, month, number(a)?).map(plain);
    }
    if let (Some(month), true, true) = (month(&a.0).filter(|_| !a.1), loose(b), loose(c)) {
        return Day::new(number(c).filter(|_| c.0.len() == 4)?, month, number(b)?).map(plain);
    }
    if !one_sign(b) || !one_sign(c) || b.2.trim() != c.2.trim() {
        return None;
    }
    let (first, second, third) = (number(a)?, number(b)?, number(c)?);
    if a.0.len() == 4 {
        return Day::new(first, second, third).map(plain);
    }
    let third = year(c).filter(|_| a.0.len() <= 2 && b.0.len() <= 2 && third > 0)?;
    // A part above twelve is the day wherever it stands; other numbers with dashes and a short year may be no date.
    let telling = match (first > 12, second > 12) {
        _ if first == second => Telling::Nothing,
        (true, _) | (_, true) if c.0.len() == 2 && b.2.trim() != "/" => Telling::Nothing,
        (true, _) => Telling::DayFirst,
        (_, true) => Telling::MonthFirst,
        _ if b.2.trim() == "." => Telling::Dots,
        _ => Telling::Open,
    };
    let day_first = second <= 12 && (first > 12 || order == Order::DayFirst || telling == Telling::Dots);
    let day = if day_first { Day::new(third, second, first) } else { Day::new(third, first, second) };
    day.map(|day| (day, telling))
}

/// Whether a text is made of numbers and names of months alone.
pub fn only_dates(text: &str) -> bool {
    runs(text).iter().all(|(run, digits, _)| *digits || month(run).is_some())
}

/// A date that was read, and whether nothing else can be meant by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub day: Day,
    pub sure: bool,
}

/// How the dates of one paper are read: those that can be meant in one way only decide on the others.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    order: Order,
    decided: bool,
    /// No sample is taken later.
    latest: Option<Day>,
    /// Nor before the patient was born.
    earliest: Option<Day>,
}

impl Dates {
    pub fn of<'a>(lines: impl Iterator<Item = &'a str>, usual: Order, today: Option<Day>) -> Self {
        let (mut day_first, mut month_first) = (false, false);
        for line in lines {
            for (_, telling) in runs(line).windows(3).filter_map(|three| one(three, usual)) {
                day_first |= telling == Telling::DayFirst;
                month_first |= telling == Telling::MonthFirst;
            }
        }
        let order = match (day_first, month_first) {
            (true, false) => Order::DayFirst,
            (false, true) => Order::MonthFirst,
            _ => usual,
        };
        Self { order, decided: day_first != month_first, latest: today, earliest: None }
    }

    /// With the day on which the patient was born.
    pub fn born(self, day: Option<Written>) -> Self {
        Self { earliest: day.filter(|written| written.sure).map(|written| written.day), ..self }
    }

    /// The first date in a line of text.
    pub fn find(&self, text: &str) -> Option<Written> {
        let (day, telling) = runs(text).windows(3).find_map(|three| one(three, self.order))?;
        let meant = match telling {
            Telling::Nothing | Telling::DayFirst | Telling::MonthFirst => true,
            Telling::Dots => !self.decided || self.order == Order::DayFirst,
            Telling::Open => self.decided,
        };
        let possible =
            self.latest.is_none_or(|latest| day <= latest) && self.earliest.is_none_or(|earliest| day >= earliest);
        Some(Written { day, sure: meant && possible })
    }
}

/// Tomorrow by the clock: somewhere it is that day already.
pub fn tomorrow() -> Option<Day> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    of_number(since.as_secs() / 86_400 + 1)
}

/// The day that comes so many days after the first of 1970, by counting years that begin in March.
fn of_number(days: u64) -> Option<Day> {
    let days = days + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, later) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let number = |n: u64| u32::try_from(n).ok();
    Day::new(number(era * 400 + year + later)?, number(month)?, number(day)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(text: &str, order: Order) -> Option<Day> {
        Dates::of(std::iter::empty(), order, None).find(text).map(|written| written.day)
    }

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

    #[test]
    fn the_dates_of_a_paper_that_can_be_meant_in_one_way_decide_on_the_others() {
        let today = Day::new(2026, 11, 23);
        let read = |paper: &[&str], text: &str| {
            let written = Dates::of(paper.iter().copied(), Order::DayFirst, today).find(text).unwrap();
            (written.day.to_string(), written.sure)
        };
        let sure = |day: &str| (day.to_owned(), true);
        let unsure = |day: &str| (day.to_owned(), false);
        assert_eq!(read(&["DOB: 07/25/1978"], "03/04/2026"), sure("2026-03-04"));
        assert_eq!(read(&["Reported: 15/04/2026"], "03/04/2026"), sure("2026-04-03"));
        assert_eq!(read(&[], "03/04/2026"), unsure("2026-04-03"));
        assert_eq!(read(&["25/07/1978", "Reported 03/14/2026"], "03/04/2026"), unsure("2026-04-03"));
        assert_eq!(read(&["Phone 05-25-20"], "03/04/2026"), unsure("2026-04-03"));
        assert_eq!(read(&[], "04/04/2026"), sure("2026-04-04"));
        assert_eq!(read(&[], "3 Apr 2026"), sure("2026-04-03"));
        assert_eq!(read(&[], "2026-04-03"), sure("2026-04-03"));
        assert_eq!(read(&[], "03.04.2026"), sure("2026-04-03"));
        assert_eq!(read(&["03/14/2026"], "03.04.2026"), unsure("2026-04-03"));
        assert_eq!(read(&[], "2026-11-24"), unsure("2026-11-24"));
        let dates = Dates::of(std::iter::empty(), Order::DayFirst, today);
        let born = dates.born(dates.find("25/07/1978"));
        assert!(!born.find("24/07/1978").unwrap().sure && born.find("25/07/1978").unwrap().sure);
    }

    #[test]
    fn days_are_counted_by_the_calendar() {
        for (number, day) in [(0, "1970-01-01"), (11_016, "2000-02-29"), (20_780, "2026-11-23")] {
            assert_eq!(of_number(number).unwrap().to_string(), day);
        }
        assert!(tomorrow().is_some());
    }
}
